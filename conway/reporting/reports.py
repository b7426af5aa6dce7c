"""``report(...)``: the results as a document that a leadership reads.

In:  an ``Assessment`` and whatever else was computed from it.
Out: a frozen ``Report`` that shows itself in a notebook and saves itself.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from conway.display import visible
from conway.errors import ConwayError
from conway.reporting.document import Audience
from conway.reporting.evidence import gather
from conway.reporting.images import read_logo
from conway.reporting.story import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conway.reporting.document import Document


@dataclass(frozen=True, slots=True)
class Report:
    """A report, ready to be written in any supported format.

    Attributes
    ----------
    document
        What the report says, independent of its format.
    """

    document: Document

    def save(self, path: str | Path) -> Path:
        """Write the report; the suffix chooses the format.

        The file is written beside its place and then moved there, so that a reader never sees
        half of it.

        Parameters
        ----------
        path
            Where to write: ``.html``, ``.md``, and with the extra ``report`` ``.pdf`` and
            ``.pptx``.

        Returns
        -------
        Path
            Where it was written.

        Raises
        ------
        ConwayError
            If the suffix is not supported, what the format needs is not installed, or the
            folder cannot be written.
        """
        place = Path(path)
        _replace(place, _renderer(place)(self.document))
        return place

    def __repr__(self) -> str:
        """Say the title and how many sections there are."""
        return f"Report({self.document.title!r}, {len(self.document.sections)} sections)"

    def _repr_html_(self) -> str:
        """Show page one's statements and the sections, small enough for any notebook."""
        from conway.reporting.html import outline

        return outline(self.document)


def report(  # noqa: PLR0917 - the order is the order in which results are computed
    assessment: object,
    plan: object = None,
    trial: object = None,
    past: object = None,
    outlook: object = None,
    *,
    outcome: object = None,
    earlier: object = None,
    title: str | None = None,
    logo: str | Path | None = None,
    audience: Audience = "everyone",
) -> Report:
    """Compose a report from the results there are.

    Parameters
    ----------
    assessment
        What ``conway.assess`` returned.
    plan, trial, past, outlook
        What ``recommend``, ``backtest``, ``look_back`` and ``forecast`` returned, or ``None``;
        their sections are left out where they are missing.
    outcome
        What ``simulate`` or ``compare`` returned for a plan of one's own, or ``None``.
    earlier
        The assessment of the last review (or its JSON form): what changed since is told.
    title
        The title; by default it names the repositories.
    logo
        A PNG or JPEG for the head, of at most 200 kB.
    audience
        ``"everyone"``; ``"leadership"`` leaves diagnostics out that decide nothing alone;
        ``"engineering"`` has the evidence behind each finding unfolded.

    Returns
    -------
    Report
        With ``.save("review.html")``.
    """
    if audience not in (known := get_args(Audience)):
        raise ConwayError(f"audience is {audience!r}; choose one of {', '.join(known)}")
    evidence = gather(
        assessment,
        plan=plan,
        trial=trial,
        past=past,
        outlook=outlook,
        planned=outcome,
        earlier=earlier,
    )
    document = compose(
        evidence,
        title=None if title is None else visible(title),
        audience=audience,
        logo=None if logo is None else read_logo(logo),
    )
    return Report(document)


def _html(document: Document) -> bytes:
    from conway.reporting.html import page

    return page(document).encode("utf-8")


def _pdf(document: Document) -> bytes:
    from conway.reporting.pdf import pdf

    return pdf(document)


def _slides(document: Document) -> bytes:
    from conway.reporting.slides import slides

    return slides(document)


def _markdown(document: Document) -> bytes:
    from conway.reporting.markdown import markdown

    return markdown(document).encode("utf-8")


_RENDERERS: Mapping[str, Callable[[Document], bytes]] = {
    ".html": _html,
    ".md": _markdown,
    ".pdf": _pdf,
    ".pptx": _slides,
}


def check_place(place: Path, *, logo: Path | None = None) -> None:
    """Refuse a format or a logo that cannot be written, before hours of reading.

    Raises
    ------
    ConwayError
        As ``report`` and ``save`` would.
    """
    _renderer(place)
    if not place.parent.is_dir():
        raise ConwayError(f"{visible(str(place))}: its folder does not exist; make it first")
    if place.suffix.lower() == ".pdf":
        from conway.reporting.pdf import check_library

        check_library()
    if logo is not None:
        read_logo(logo)


def _renderer(place: Path) -> Callable[[Document], bytes]:
    """Return what writes the format that a suffix names."""
    render = _RENDERERS.get(place.suffix.lower())
    if render is None:
        known = ", ".join(sorted(_RENDERERS))
        raise ConwayError(
            f"{visible(str(place))}: a report cannot be written as "
            f"'{visible(place.suffix)}'; supported: {known}"
        )
    return render


def _replace(place: Path, content: bytes) -> None:
    """Write ``content`` to ``place`` in one step."""
    part = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(place)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise ConwayError(
            f"{visible(str(place))}: cannot be written ({fault.strerror}); "
            "choose a folder that exists and that you may write to"
        ) from fault
