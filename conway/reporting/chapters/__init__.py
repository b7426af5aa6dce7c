"""Chapters: one module per question; each function returns a ``Section`` or ``None``.

In:  ``Evidence`` (text already visible).
Out: sections made of ``document`` blocks, written in plain English.
"""

from __future__ import annotations
