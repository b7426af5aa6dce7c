"""A document as one self-contained page.

In:  a ``Document``.
Out: HTML that makes no request and needs no script to be read. Its policy allows only the style
     and the script whose hashes it names.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from conway.display import escaped
from conway.reporting.document import Callout, Document, FigureBlock, Logo
from conway.reporting.svg import svg_of

_TEMPLATES = Path(__file__).parent / "templates"


def page(document: Document) -> str:
    """Return the whole page.

    Parameters
    ----------
    document
        What the report says.
    """
    style, script = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        _templates()
        .get_template("report.html.j2")
        .render(
            document=document,
            policy=policy,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
        )
    )


def outline(document: Document) -> str:
    """Return a small escaped summary for a notebook: page one's answers and the sections."""
    answers = [
        block
        for part in document.page_one
        for block in part.blocks
        if isinstance(block, Callout) and block.tone == "answer"
    ]
    said = "".join(
        f"<p><strong>{escaped(block.title)}</strong></p>"
        + "".join(f"<p>{escaped(text)}</p>" for text in block.paragraphs)
        for block in answers
    )
    sections = "".join(f"<li>{escaped(section.title)}</li>" for section in document.sections)
    facts = escaped(" · ".join(document.facts))
    return (
        f"<section><h3>{escaped(document.title)}</h3><p>{facts}</p>{said}"
        f"<p>Sections:</p><ol>{sections}</ol></section>"
    )


def _figure_svg(figure: FigureBlock) -> Markup:
    drawn = svg_of(figure.chart, name=f"figure-{figure.name}", label=figure.alt)
    return Markup(drawn)  # noqa: S704 - rebuilt from known tags and attributes, text escaped


def _embedded(logo: Logo) -> str:
    """Return an image as an address that holds it."""
    return f"data:{logo.media};base64,{base64.b64encode(logo.content).decode('ascii')}"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["svg"] = _figure_svg
    environment.filters["embedded"] = _embedded
    return environment


@lru_cache(maxsize=4)
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
