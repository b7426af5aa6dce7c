"""What a report may be given beside results: a logo, an audience, the last review."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any, cast

import pytest

from conway.errors import ConwayError
from conway.reporting.images import fitted, read_logo
from conway.reporting.reports import report
from tests.reporting.advice_examples import plan, trial
from tests.reporting.examples import interval, shop

if TYPE_CHECKING:
    from pathlib import Path

    from conway.reporting.document import Audience


def png(width: int, height: int, *, fill: bytes = b"") -> bytes:
    """Return a small true PNG that says it has some size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x20\x60\xa0" * width) * height) if width < 500 else b""
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", rows + fill), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x0b\x08\x00\x28\x00\x50\x01\x01\x11\x00\xff\xd9"
)


def test_a_logo_is_embedded_and_keeps_its_shape(tmp_path: Path) -> None:
    """As data in the page; 80 by 40 pixels fit a box of 1.6 by 0.6 at 1.2 by 0.6."""
    image = tmp_path / "logo.png"
    image.write_bytes(png(80, 40))

    page = report(shop(), logo=image).save(tmp_path / "review.html").read_text(encoding="utf-8")

    assert 'src="data:image/png;base64,' in page
    assert fitted(read_logo(image), most=(1.6, 0.6)) == pytest.approx((1.2, 0.6))


def test_a_jpeg_says_its_size_in_its_frame(tmp_path: Path) -> None:
    """Height before width, after the segments that come first."""
    image = tmp_path / "logo.jpg"
    image.write_bytes(JPEG)

    assert (read_logo(image).width, read_logo(image).height) == (80, 40)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<svg onload=alert(1)>", "neither a PNG nor a JPEG"),
        (b"", "neither a PNG nor a JPEG"),
        (b"\x89PNG\r\n\x1a\n", "neither a PNG nor a JPEG"),
        (JPEG[:12], "neither a PNG nor a JPEG"),
        (png(4, 4, fill=b"\0" * 200_000), "larger than 200 kB"),
        (png(50_000, 50_000), "50000 × 50000 pixels"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """Before anything is made of it."""
    image = tmp_path / "logo.png"
    image.write_bytes(content)

    with pytest.raises(ConwayError, match=message):
        report(shop(), logo=image)


def test_a_logo_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(ConwayError, match="cannot be read"):
        read_logo(tmp_path / "absent.png")


def names(audience: Audience) -> list[str]:
    """Return the sections that an audience gets."""
    document = report(shop(), plan(), trial(), audience=audience).document
    return [section.name for section in document.sections]


def test_a_leadership_is_spared_the_diagnostics() -> None:
    """Everyone else gets them; nothing else differs."""
    assert set(names("everyone")) - set(names("leadership")) == {"coupling", "spread"}
    assert names("engineering") == names("everyone")


def test_an_unknown_audience_is_refused_with_the_choices() -> None:
    """The message names them."""
    with pytest.raises(ConwayError, match="everyone, leadership, engineering"):
        names(cast("Audience", "public"))


def last() -> dict[str, Any]:
    """Return the shop a year before: less autonomous, another owner, one finding more."""
    base = shop()
    finding = base["gaps"][0] | {
        "title": "an old finding",
        "services": ["gone"],
        "kind": "hot_lane",
    }
    return base | {
        "window": base["window"] | {"since": "2022-01-01", "until": "2022-12-31"},
        "autonomy": base["autonomy"] | {"autonomous_share": interval(0.3, 0.02)},
        "services": [s | {"owner": "platform"} if s["name"] == "cart" else s
                     for s in base["services"]],
        "gaps": [*base["gaps"], finding],
    }  # fmt: skip


def test_the_last_review_is_compared() -> None:
    """An established change, a finding gone, an owner changed."""
    (section,) = [
        one for one in report(shop(), earlier=last()).document.page_one if one.name == "since"
    ]
    lead, table, lines = section.blocks

    assert "autonomous share is better" in lead.text
    assert table.rows[0][3].text == "better"
    assert any("an old finding" in line for line in lines.items)
    assert any("cart from platform to checkout" in line for line in lines.items)


def test_overlapping_windows_establish_nothing() -> None:
    """The same review twice: the table shows both figures and no verdict."""
    (section,) = [
        one for one in report(shop(), earlier=shop()).document.page_one if one.name == "since"
    ]

    assert "no change is established" in section.blocks[0].text
