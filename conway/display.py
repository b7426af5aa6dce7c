"""How text from a repository is shown: escaped, and harmless everywhere.

In:  any string that came out of a repository, a team file or an imported table.
Out: text without control or direction characters; small escaped HTML tables.
"""

from __future__ import annotations

import html
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""Return ``text`` with every control, direction and unpaired character spelt out.

    Examples
    --------
    >>> print(visible("pay\x1b[31mments\u202e"))
    pay\u{1B}[31mments\u{202E}
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{{{ord(char):X}}}" if unicodedata.category(char) in _HIDDEN_CATEGORIES else char
        for char in text
    )


def escaped(text: object) -> str:
    """Return ``text`` as visible HTML text, safe in content and in quoted attributes."""
    return html.escape(visible(str(text)), quote=True)


def html_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, caption: str = ""
) -> str:
    """Return a small escaped HTML table.

    Parameters
    ----------
    columns
        The heads, in order.
    rows
        One sequence of cells per row, as long as ``columns``.
    caption
        What the table shows; left out when empty.
    """
    head = "".join(f"<th>{escaped(column)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escaped(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    title = f"<caption>{escaped(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
