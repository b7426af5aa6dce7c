"""Reporting: the one stage that draws and writes documents.

In:  results of ``assess``, ``recommend``, ``backtest``, ``look_back`` and ``forecast``.
Out: Altair charts (``plot``) and documents (``reports``).

    quantities   how a figure is said in words
    evidence     the results as plain values, with every text made visible
    document     what a report is made of, whatever its format
    charts       one module per family of charts; ``plot`` shows them to users
    chapters     one module per question the report answers
    story        the chapters in their order
    svg, html    the document as one self-contained page
    pdf          the page on paper
    slides       the document as six slides; ``slide`` draws one
    markdown     the document for a wiki or a pull request
    images       a logo, checked
    packages     office files with the same bytes every time
    reports      ``report(...)`` and ``Report.save``
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conway.reporting import plot
    from conway.reporting.reports import Report, check_place, report

__all__ = ["Report", "check_place", "plot", "report"]


def __getattr__(name: str) -> object:
    """Load what draws only when it is asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'conway.reporting' has no attribute {name!r}")
    if name == "plot":
        return import_module("conway.reporting.plot")
    found: object = getattr(import_module("conway.reporting.reports"), name)
    return found
