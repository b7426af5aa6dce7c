"""A document as PDF: the page as it prints, tagged, with a bookmark a section.

In:  a ``Document``.
Out: the bytes of a PDF/UA-1 file, the same for the same document. What a reader opens on the
     page, the evidence behind a finding, is left to the page, unless the report is for engineers.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conway.errors import ConwayError
from conway.reporting.html import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conway.reporting.document import Document

_STYLE = Path(__file__).parent / "templates" / "pdf.css"
_NEEDED = (
    "a PDF needs the extra `report` and the library Pango of the system "
    '(.venv/bin/pip install -c constraints.txt -e ".[report]"; '
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0, or brew install pango), "
    "or print the HTML report from a browser"
)


def pdf(document: Document) -> bytes:
    """Return the document as PDF.

    Raises
    ------
    ConwayError
        If WeasyPrint or the library it draws with is not installed.
    """
    library = check_library()
    fetcher = library.urls.URLFetcher(allowed_protocols={"data"})
    with _silent():
        source = library.HTML(string=_for_paper(page(document)), url_fetcher=fetcher)
        written: bytes = source.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"conway")
    return written


def _for_paper(html: str) -> str:
    """Return the page with the style of the paper edition after its own."""
    style = _STYLE.read_text(encoding="utf-8")
    return html.replace("</head>", f"<style>{style}</style>\n</head>", 1)


@contextmanager
def _silent() -> Iterator[None]:
    """Keep the library from writing which rules of the page's style it leaves out."""
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@lru_cache(maxsize=1)
def check_library() -> Any:  # noqa: ANN401  a module without types
    """Return WeasyPrint, or say what is missing."""
    try:
        import weasyprint
    except (ImportError, OSError) as fault:  # OSError: the module is there, Pango is not
        raise ConwayError(_NEEDED) from fault
    return weasyprint
