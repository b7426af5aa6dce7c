"""Charts for a notebook: ``conway.plot``.

Each takes an ``Assessment`` or a ``Plan``, or their JSON form, and returns an Altair chart whose
title states its finding. The numbers come from the same place as the report's.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from conway.errors import HistoryError
from conway.reporting.charts import coupling as _coupling
from conway.reporting.charts import explore as _explore
from conway.reporting.charts import handoffs as _handoffs
from conway.reporting.charts import loads as _loads
from conway.reporting.charts import ranges as _ranges
from conway.reporting.charts import trends as _trends
from conway.reporting.evidence import Evidence, gather, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt

    from conway.assessment import Assessment
    from conway.reporting.document import FigureBlock

__all__ = [
    "autonomy_trend",
    "before_after",
    "coupling",
    "explore",
    "handoffs",
    "loads",
    "options",
    "streams_trend",
    "team_by_service",
]


def team_by_service(assessment: object) -> alt.LayerChart:
    """Draw which team's authors change which service, the owner outlined.

    Parameters
    ----------
    assessment
        What ``conway.assess`` returns, or its JSON form.

    Returns
    -------
    altair.Chart
        Rows are services grouped by owner, columns teams; a cell is the share of the service's
        change sets.
    """
    return _drawn(_handoffs.team_by_service, gather(assessment), needs="teams")


def explore(assessment: Assessment) -> alt.HConcatChart:
    """Draw services beside their change sets; a click on a service shows its changes.

    Parameters
    ----------
    assessment
        What ``conway.assess`` returned: its change sets are drawn, so its JSON form will not do.

    Returns
    -------
    altair.HConcatChart
        Two linked parts. A point is a change set; those that touch several services are blue.
    """
    return _explore.explore(assessment.work)


def handoffs(assessment: object) -> alt.LayerChart:
    """Draw how often change sets of one team (rows) also need another (columns).

    Parameters
    ----------
    assessment
        What ``conway.assess`` returns, or its JSON form.
    """
    return _drawn(_handoffs.handoffs, gather(assessment), needs="teams")


def coupling(assessment: object) -> alt.LayerChart:
    """Draw the degree of coupling between services, in the order of their clusters.

    Parameters
    ----------
    assessment
        What ``conway.assess`` returns, or its JSON form.
    """
    return _drawn(_coupling.coupling, gather(assessment), needs="services that change together")


def autonomy_trend(assessment: object) -> alt.LayerChart:
    """Draw the autonomous share over time, with its interval.

    Parameters
    ----------
    assessment
        What ``conway.assess`` returns, or its JSON form.
    """
    return _drawn(_trends.autonomy_trend, gather(assessment), needs="two periods with teams")


def streams_trend(assessment: object) -> alt.LayerChart:
    """Draw the effective independent streams over time, with their interval.

    Parameters
    ----------
    assessment
        What ``conway.assess`` returns, or its JSON form.
    """
    return _drawn(_trends.streams_trend, gather(assessment), needs="two periods with teams")


def loads(assessment: object) -> alt.LayerChart:
    """Draw the share of change sets that touch each service. A diagnostic: busy is not bad.

    Parameters
    ----------
    assessment
        What ``conway.assess`` returns, or its JSON form.
    """
    return _drawn(_loads.loads, gather(assessment), needs="services")


def options(plan: object) -> alt.LayerChart:
    """Draw the handoffs each move saves on unseen work, with intervals.

    Parameters
    ----------
    plan
        What ``conway.recommend`` returns, or its JSON form.
    """
    return _drawn(_ranges.options, _advice(plan), needs="moves that survive")


def before_after(plan: object) -> alt.LayerChart:
    """Draw the plan's handoffs and lockstep releases before and after.

    Parameters
    ----------
    plan
        What ``conway.recommend`` returns, or its JSON form.
    """
    return _drawn(_ranges.before_after, _advice(plan), needs="moves that survive")


def _advice(plan: object) -> Evidence:
    return Evidence(assessment={}, plan=plain(plan, "recommend"))


def _drawn(
    draw: Callable[[Evidence], FigureBlock | None], evidence: Evidence, *, needs: str
) -> alt.LayerChart:
    """Return a figure's chart under its finding.

    Raises
    ------
    HistoryError
        If the result holds nothing to draw.
    """
    figure = draw(evidence)
    if figure is None:
        raise HistoryError(f"nothing to draw: this chart needs {needs}, and the result has none")
    title = textwrap.wrap(figure.title, width=70)
    subtitle = textwrap.wrap(figure.note, width=90)
    return figure.chart.properties(title={"text": title, "subtitle": subtitle})
