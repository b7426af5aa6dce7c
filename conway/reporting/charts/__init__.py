"""Charts: one module per family; each function returns a ``FigureBlock`` with its numbers.

In:  ``Evidence`` (text already visible).
Out: figures whose title states their finding, or ``None`` where there is nothing to show.
"""

from __future__ import annotations
