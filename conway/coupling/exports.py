"""Graphs for other programs, as text: GraphML, GEXF, DOT and Mermaid.

In:  a graph of `conway.coupling.graph`.
Out: text; equal graphs give equal bytes.

Names come from repositories and may hold anything: control and direction characters are
spelt out as in every output, and each format's own special characters are escaped, so that
a name can neither break a file nor add to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from conway.coupling.graph import to_networkx
from conway.display import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    import igraph
    import networkx as nx

Format = Literal["graphml", "gexf", "dot", "mermaid"]

_SHAPES = {  # kind of node: DOT's shape, Mermaid's brackets
    "team": ("house", ("[/", "\\]")),
    "service": ("box", ("[", "]")),
    "file": ("note", ("(", ")")),
    "change set": ("ellipse", ("([", "])")),
}
_PLAIN = _SHAPES["service"]
_MERMAID = {character: f"#{ord(character)};" for character in "\"#<>&;`%\\{}[]()|'"}


def exported(graph: igraph.Graph, form: Format) -> str:
    """Return the graph as the text of a file.

    Parameters
    ----------
    graph
        Of services, or the socio-technical one.
    form
        ``"graphml"`` and ``"gexf"`` hold all attributes, ``"dot"`` and ``"mermaid"`` are
        drawings: labels, kinds and weights.
    """
    if form == "graphml":
        import networkx as nx

        return "\n".join(nx.generate_graphml(_plain(graph), named_key_ids=True)) + "\n"
    if form == "gexf":
        return _gexf(graph)
    return "\n".join(_dot(graph) if form == "dot" else _mermaid(graph)) + "\n"


def _plain(graph: igraph.Graph) -> nx.Graph:
    """Return a networkx graph of visible text and numbers alone."""
    full = to_networkx(graph)
    result = full.__class__()
    result.graph.update({key: graph[key] for key in sorted(graph.attributes())})
    names: dict[str, str] = {}
    for node, attributes in full.nodes(data=True):
        names[node] = _distinct(visible(node), taken=result)
        result.add_node(names[node], **_known(attributes))
    for source, target, attributes in full.edges(data=True):
        result.add_edge(names[source], names[target], **_known(attributes))
    plain: nx.Graph = result
    return plain


def _distinct(name: str, *, taken: nx.Graph) -> str:
    """Return a name that no node has: two hostile names may look alike."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _known(attributes: dict[str, object]) -> dict[str, object]:
    return {
        key: visible(value) if isinstance(value, str) else value
        for key, value in sorted(attributes.items())
        if value is not None
    }


def _gexf(graph: igraph.Graph) -> str:
    """Return GEXF 1.2 without the day on which it was written."""
    import networkx as nx

    text = "\n".join(nx.generate_gexf(_plain(graph)))
    return re.sub(r'<meta lastmodifieddate="[^"]*">', "<meta>", text, count=1) + "\n"


def _dot(graph: igraph.Graph) -> Iterator[str]:
    directed = graph.is_directed()
    yield "digraph conway {" if directed else "graph conway {"
    yield '  node [fontname="sans-serif"];'
    for number, (kind, label) in enumerate(_nodes(graph)):
        shape, _ = _SHAPES.get(kind, _PLAIN)
        yield f"  n{number} [label={_quoted(label)}, shape={shape}];"
    arrow = "->" if directed else "--"
    for edge in graph.es:
        kind, weight = _relation(edge)
        yield (
            f"  n{edge.source} {arrow} n{edge.target} "
            f"[label={_quoted(kind)}, weight={max(1, round(weight))}];"
        )
    yield "}"


def _quoted(text: str) -> str:
    """Return a DOT string; its backslashes start no escape of labels."""
    return '"' + visible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _mermaid(graph: igraph.Graph) -> Iterator[str]:
    yield "flowchart LR"
    for number, (kind, label) in enumerate(_nodes(graph)):
        _, (left, right) = _SHAPES.get(kind, _PLAIN)
        yield f'  n{number}{left}"{_entities(label)}"{right}'
    arrow = "-->" if graph.is_directed() else "---"
    for edge in graph.es:
        kind, weight = _relation(edge)
        yield f'  n{edge.source} {arrow}|"{_entities(kind)} {weight:g}"| n{edge.target}'


def _entities(text: str) -> str:
    return "".join(_MERMAID.get(character, character) for character in visible(text)) or " "


def _nodes(graph: igraph.Graph) -> Iterator[tuple[str, str]]:
    for vertex in graph.vs:
        given = vertex.attributes()
        yield str(given.get("kind", "service")), str(given.get("label", given["name"]))


def _relation(edge: igraph.Edge) -> tuple[str, float]:
    given = edge.attributes()
    return str(given.get("kind", given.get("layer", ""))), float(given["weight"])
