"""Charts as SVG that a page can carry: clean, recolourable, the same bytes every time.

In:  an Altair chart.
Out: an ``<svg>`` element of known tags and attributes only. Its colours carry class names, so
     that a page may change them in the dark; what a mark says becomes its ``<title>``; ids are
     made from the figure's name, because the renderer counts them up through a process.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, fromstring

from conway.reporting.palette import NAMES

if TYPE_CHECKING:
    import altair as alt

_SVG = "{http://www.w3.org/2000/svg}"
_TAGS = frozenset({"svg", "g", "path", "rect", "line", "text", "tspan", "defs", "clipPath"})
_ATTRIBUTES = frozenset(
    {"clip-path", "d", "dx", "dy", "fill", "fill-opacity", "font-size", "font-weight", "height",
     "id", "opacity", "rx", "ry", "stroke", "stroke-dasharray", "stroke-linecap",
     "stroke-opacity", "stroke-width", "text-anchor", "transform", "viewBox", "width", "x", "x1",
     "x2", "y", "y1", "y2"}
)  # fmt: skip
_DEFAULTS = {("opacity", "1"), ("stroke-width", "1"), ("font-weight", "normal")}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")


def svg_of(chart: alt.LayerChart, *, name: str, label: str) -> str:
    """Return a chart as one ``<svg>`` element.

    Parameters
    ----------
    chart
        An Altair chart.
    name
        Prefix of every id inside.
    label
        The text alternative.
    """
    from vl_convert import vegalite_to_svg

    spec, pairs = _one_unit_each(json.dumps(chart.to_dict(), ensure_ascii=False))
    drawn = vegalite_to_svg(spec, allowed_base_urls=[]).translate(pairs)
    root = fromstring(drawn)  # noqa: S314 - written by our own renderer a line above
    width, height = root.get("width", "0"), root.get("height", "0")
    body = "".join(_element(child, ids=_ids(root, name)) for child in root)
    return (
        f'<svg role="img" aria-label="{html.escape(label)}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{body}</svg>'
    )


def _one_unit_each(spec: str) -> tuple[str, dict[int, str]]:
    """Return a text without characters of two UTF-16 units, and how to bring them back.

    The renderer shortens labels by units, and fails on half a character. Private characters
    stand in: no name holds one, since ``visible`` spells them out.
    """
    wide = sorted({char for char in spec if ord(char) > _LAST_NARROW})[:_PRIVATE]
    stand_ins = {ord(char): chr(_FIRST_PRIVATE + i) for i, char in enumerate(wide)}
    return spec.translate(stand_ins), {ord(new): chr(old) for old, new in stand_ins.items()}


_LAST_NARROW, _FIRST_PRIVATE, _PRIVATE = 0xFFFF, 0xE000, 6400


def _ids(root: Element, name: str) -> dict[str, str]:
    """Return a stable id for each id of the drawing, in order of appearance."""
    found = [node.get("id", "") for node in root.iter() if node.get("id")]
    return {old: f"{name}-{i}" for i, old in enumerate(found)}


def _element(node: Element, *, ids: dict[str, str]) -> str:
    tag = node.tag.removeprefix(_SVG)
    if tag not in _TAGS or node.get("display") == "none" or _is_empty(node, tag):
        return ""
    inside = _title(node, tag) + html.escape(node.text or "", quote=False)
    inside += "".join(_element(child, ids=ids) for child in node)
    if tag == "g" and not inside:
        return ""
    attributes = _attributes(node, ids=ids)
    if tag == "g" and not attributes:
        return inside
    return f"<{tag}{attributes}>{inside}</{tag}>" if inside else f"<{tag}{attributes}/>"


def _is_empty(node: Element, tag: str) -> bool:
    """Whether a path draws nothing: the renderer's invisible backgrounds."""
    drawn = node.get("d", "") not in {"", "M0,0h0v0h0Z"}
    invisible = node.get("class") in {"background", "foreground"}
    return tag == "path" and (not drawn or (invisible and not node.get("stroke")))


def _title(node: Element, tag: str) -> str:
    """Return what a mark says, as the text a pointer shows."""
    label = node.get("aria-label")
    if not label or tag in {"g", "svg"}:
        return ""
    return f"<title>{html.escape(label, quote=False)}</title>"


def _attributes(node: Element, *, ids: dict[str, str]) -> str:
    classes = [
        f"{prefix}-{NAMES[colour]}"
        for prefix, colour in (("f", node.get("fill")), ("k", node.get("stroke")))
        if colour in NAMES
    ]
    pairs = [("class", " ".join(classes))] if classes else []
    pairs += [
        (key, _value(value, ids=ids))
        for key, value in node.attrib.items()
        if key in _ATTRIBUTES and (key, value) not in _DEFAULTS
    ]
    return "".join(f' {key}="{html.escape(value)}"' for key, value in pairs)


def _value(value: str, *, ids: dict[str, str]) -> str:
    if value in ids:
        return ids[value]
    if value.startswith("url(#"):
        return f"url(#{ids[value[5:-1]]})"
    return _LONG_NUMBER.sub(lambda match: f"{float(match.group()):.2f}", value)
