"""A logo for a report: read, checked, and never trusted.

In:  a file that a user names.
Out: a ``Logo``; its bytes are embedded as they are, once they look like a small PNG or JPEG.
"""

from __future__ import annotations

import struct
from pathlib import Path

from conway.display import visible
from conway.errors import ConwayError
from conway.reporting.document import Logo

MOST_BYTES = 200_000
MOST_PIXELS = 2_000
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_MARKER = 0xFF
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def read_logo(path: str | Path) -> Logo:
    """Return the image in a file.

    Parameters
    ----------
    path
        A PNG or JPEG of at most 200 kB and 2,000 pixels a side.

    Raises
    ------
    ConwayError
        If it cannot be read, is something else, or is larger.
    """
    where = visible(str(path))
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise ConwayError(f"{where}: the logo cannot be read ({fault.strerror})") from fault
    if len(content) > MOST_BYTES:
        raise ConwayError(f"{where}: the logo is larger than 200 kB; name a smaller image")
    media, size = _looked_at(content)
    if media is None or size is None:
        raise ConwayError(f"{where}: the logo is neither a PNG nor a JPEG; convert it to one")
    width, height = size
    if not 0 < width <= MOST_PIXELS or not 0 < height <= MOST_PIXELS:
        raise ConwayError(
            f"{where}: the logo has {width} × {height} pixels; name one of at most 2000 a side"
        )
    return Logo(content, "image/png" if media == "png" else "image/jpeg", width, height)


def _looked_at(content: bytes) -> tuple[str | None, tuple[int, int] | None]:
    """Return the kind of image and its size, None where it is not one."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and content[-8:-4] == b"IEND":
        return "png", struct.unpack(">II", content[16:24])
    if content.startswith(_JPEG) and content.rstrip(b"\0").endswith(b"\xff\xd9"):
        return "jpeg", _frame_size(content)
    return None, None


def _frame_size(content: bytes) -> tuple[int, int] | None:
    """Return the size in a JPEG's frame header."""
    place = 2
    while place + 9 <= len(content) and content[place] == _MARKER:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 + max(length, 2)
    return None


def fitted(logo: Logo, *, most: tuple[float, float]) -> tuple[float, float]:
    """Return the width and height at which a logo fits into a box, its shape kept.

    Examples
    --------
    >>> fitted(Logo(b"", "image/png", 400, 100), most=(2.0, 1.0))
    (2.0, 0.5)
    """
    scale = min(most[0] / logo.width, most[1] / logo.height)
    return logo.width * scale, logo.height * scale
