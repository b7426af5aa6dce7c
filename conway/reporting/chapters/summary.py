"""Page one apart from the decision: the headline, the worst boundaries, what is unknown.

In:  ``autonomy``, ``parallelism``, ``handoff_pairs``, ``coverage`` of the assessment.
Out: three parts of page one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.chapters.steps import steps
from conway.reporting.charts.coupling import expected, significant
from conway.reporting.charts.trends import autonomy_trend, streams_trend
from conway.reporting.document import (
    Bullets,
    FigureBlock,
    Finding,
    Findings,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
)
from conway.reporting.quantities import (
    PER_100,
    RATIO,
    SHARE,
    STREAMS,
    Unit,
    bounds,
    level,
    listed,
    number,
    plural,
    reading,
    shown,
)

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

WORST = 3
UNKNOWN = "unknown"
LEAST_SHARE = 0.0005
COUNTED = "change sets that count for autonomy"


def headline(evidence: Evidence) -> Section:
    """Return the autonomous share and the streams, each with its trend."""
    if not evidence.has_teams:
        return Section("headline", "What can be said of services", (_services_only(evidence),))
    return Section(
        "headline",
        "How much can one team ship alone?",
        (
            KeyFigures((_autonomy(evidence), _streams(evidence))),
            *([moved] if (moved := steps(evidence.assessment["parallelism"]["teams"])) else []),
        ),
    )


def worst_boundaries(evidence: Evidence) -> Section | None:
    """Return the three boundaries that most change sets crossed lately, with their evidence.

    Those that teams mean to have, and those that nobody has crossed for half a year, are left
    to the chapter on who needs whom.
    """
    pairs = [pair for pair in evidence.pairs if 2 * pair.get("intended", 0) < pair["changes"]]
    current = [pair for pair in pairs if _lately(pair)["changes"]]
    current.sort(key=lambda pair: -_lately(pair)["per_100"])
    if evidence.has_teams and current:
        items = tuple(_boundary(pair) for pair in current[:WORST])
        rest = len(pairs) - len(items)
        weeks = plural(_lately(current[0])["weeks"], "week")
        note = f"In the last {weeks} of the window, beside the whole window. A handoff is a team "
        note += "that a change set needs beyond its author's."
        more = f" {plural(rest, 'smaller one')} under “Who needs whom”." if rest > 0 else ""
        title = f"The {_count(len(items))} most crossed"
        return Section("boundaries", title, (Findings(items), Paragraph(note + more, "note")))
    coupled = [pair for pair in evidence.assessment.get("coupling") or [] if significant(pair)]
    if not coupled:
        return None
    items = tuple(_coupled(pair) for pair in coupled[:WORST])
    return Section("boundaries", "Services that change together most", (Findings(items),))


def unknowns(evidence: Evidence) -> Section:
    """Return what the numbers rest on, and what is not known."""
    assessment = evidence.assessment
    items = [_covered(assessment), *_sources(evidence), *_assisted(assessment)]
    items += _unknown(assessment)
    return Section("unknowns", "What this rests on, and what is unknown", (Bullets(tuple(items)),))


def _autonomy(evidence: Evidence) -> KeyFigure:
    autonomy = evidence.assessment["autonomy"]
    return _key(
        autonomy["autonomous_share"],
        SHARE,
        label="autonomous change sets",
        meaning="One team could write, approve and release these alone. "
        f"One team could write and approve {shown(autonomy['single_team_share'], SHARE)}. "
        f"There are {shown(autonomy['handoffs_per_100'], PER_100)} handoffs per 100 change sets.",
        figure=autonomy_trend(evidence),
    )


def _streams(evidence: Evidence) -> KeyFigure:
    teams = evidence.assessment["parallelism"]["teams"]
    possible = shown(teams["streams_uncoupled"], STREAMS, interval=False)
    label = "independent streams of delivery"
    if reading(teams["streams_uncoupled"]).known:
        label += f", of {possible} possible"
    return _key(
        teams["streams"],
        STREAMS,
        label=label,
        meaning="How many streams of work go on without needing a common team. With the work "
        "distributed as it is, but nothing coupled, there would be "
        f"{possible}; {shown(teams['retained'], SHARE)} of it is left.{_across(teams)}",
        figure=streams_trend(evidence),
    )


def _across(teams: Json) -> str:
    """Explain a figure of the whole window that no single quarter reaches."""
    quarters = [reading(quarter["streams"]).value for quarter in teams.get("trend") or []]
    whole, known = reading(teams["streams"]).value, [one for one in quarters if one is not None]
    if whole is None or not known or whole <= max(known):
        return ""
    return (
        " Pairs of change sets from different quarters count too: where teams were reorganised "
        "in between they share less than within any one quarter."
    )


def _services_only(evidence: Evidence) -> KeyFigures:
    """Return the first two measures of services and release units that are known."""
    measures = _service_measures(evidence.assessment)
    known = [key for key in measures if key.value != UNKNOWN]
    return KeyFigures(tuple((known or measures)[:2]))


def _service_measures(assessment: Json) -> list[KeyFigure]:
    units = (assessment.get("parallelism") or {}).get("units") or {}
    lanes = (assessment.get("concentration") or {}).get("services") or {}
    possible = shown(units.get("streams_uncoupled"), STREAMS, interval=False)
    return [
        _key(
            units.get("streams"),
            STREAMS,
            label=f"independent release streams, of {possible} possible",
            meaning="How many streams of work go on without touching a common release unit.",
        ),
        _key(
            (assessment.get("autonomy") or {}).get("lockstep_per_100"),
            PER_100,
            label="lockstep releases per 100 change sets",
            meaning="Release units that a change set touches beyond its first.",
        ),
        _key(
            lanes.get("mean_footprint"),
            RATIO,
            label="services per change set",
            meaning="One would mean that every change stays within one service.",
        ),
        _key(
            lanes.get("conflict_probability"),
            SHARE,
            label="of pairs of change sets touch a common service",
            meaning="The chance that two change sets, taken at random, meet in one service.",
        ),
    ]


def _key(
    value: object, unit: Unit, *, label: str, meaning: str, figure: FigureBlock | None = None
) -> KeyFigure:
    read = reading(value)
    if read.value is None:
        return KeyFigure(label, UNKNOWN, read.reason, meaning="")
    certainty = f"{level(read)}: {bounds(read, unit)}" if read.has_interval else "no interval"
    text = number(read.value, unit) + unit.suffix
    return KeyFigure(label, text, certainty, meaning, figure)


def _lately(pair: Json) -> Json:
    """Return the pair's handoffs of the last half year."""
    return dict(pair["recent"])


def _boundary(pair: Json) -> Finding:
    services = [_counted(row["name"], row["changes"]) for row in (pair.get("services") or [])[:3]]
    files = [_counted(row["path"], row["changes"]) for row in (pair.get("files") or [])[:2]]
    evidence = [("Through", listed(services)), ("Mostly files", listed(files))]
    examples = list(pair.get("sets") or [])[:3]
    return Finding(
        title=f"{pair['from']} needs {pair['to']}",
        value=shown(_lately(pair)["per_100"], PER_100, interval=False),
        unit=f"handoffs per 100 change sets lately, in {number(_lately(pair)['changes'])} of them; "
        f"{shown(pair['per_100'], PER_100, interval=False)} over the whole window",
        evidence=tuple(
            (term, text)
            for term, text in [*evidence, ("For example", listed(examples))]
            if text != "none"
        ),
    )


def _coupled(pair: Json) -> Finding:
    return Finding(
        title=f"{pair['a']} and {pair['b']}",
        value=shown(expected(pair), PER_100, interval=False),
        unit="joint change sets expected next quarter",
        evidence=(
            ("Forecast", f"{shown(expected(pair), PER_100)} joint change sets"),
            ("So far", f"{plural(pair['joint'], 'change set')} touched both"),
            ("Degree", f"{shown(pair['degree'], SHARE)} of their change sets"),
        ),
    )


def _counted(name: str, count: float) -> str:
    return f"{name} ({number(count)})"


def _covered(assessment: Json) -> str:
    rows: list[Json] = list(assessment.get("coverage") or [])
    measured = f"{plural(assessment['changes'], 'change set')} are measured"
    if rows:
        measured += f", from {_read(rows[0])}"
    measured += f", over {plural(assessment['window']['weeks'], 'week')}"
    counted = [row for row in rows if row["what"] == COUNTED and assessment.get("teams")]
    if counted:
        share = shown(counted[0]["share"], SHARE)
        measured += f"; {share} of them count for autonomy, the others lack an owner or a team"
    return f"{measured}."


def _read(row: Json) -> str:
    """Say how much was read, of one repository without a plural."""
    return "one repository" if row["count"] == 1 else f"{number(row['count'])} {row['what']}"


def _sources(evidence: Evidence) -> list[str]:
    """Say where services, owners and authors' teams come from."""
    provenance = evidence.assessment.get("provenance") or {}
    services = f"Services: {provenance.get('services_source') or 'source not named'}"
    if not evidence.has_teams:
        return [f"{services}. No team is known."]
    owners = f"Owners: {provenance.get('teams_source') or 'source not named'}"
    authors = (
        "inferred from where they worked in the 180 days before"
        if evidence.inferred
        else "from a membership list"
    )
    return [f"{services}. {owners}. Authors' teams: {authors}."]


def _unknown(assessment: Json) -> list[str]:
    """Say each measure that could not be made, and why."""
    measures = [("waits", assessment.get("waits"))]
    measures += [("how the system absorbs change", assessment.get("absorption"))]
    unobserved = (assessment.get("largest_observed") or {}).get("unobserved") or []
    if unobserved:
        asked = f"how long changes wait for {listed(list(unobserved))}"
        measures += [(asked, {"value": None, "reason": "no table given measures it"})]
    return [
        f"Not known: {what}. {reason[:1].upper()}{reason[1:].rstrip('.')}."
        for what, figure in measures
        if figure is not None and not _is_table(figure) and (reason := reading(figure).reason)
    ]


def _assisted(assessment: Json) -> list[str]:
    share = reading((assessment.get("ai") or {}).get("share"))
    if not share.value or share.value < LEAST_SHARE:
        return []
    text = (
        f"{number(share.value, SHARE)}{SHARE.suffix} of the change sets are marked as AI-assisted"
    )
    return [f"At least {text}; not all are marked."]


def _is_table(value: object) -> bool:
    """Whether a result holds measures of its own rather than being one figure."""
    return isinstance(value, dict) and "value" not in value and "reason" not in value


def _count(count: int) -> str:
    return {1: "boundary that is", 2: "two boundaries that are"}.get(
        count, "three boundaries that are"
    )
