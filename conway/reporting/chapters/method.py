"""What the numbers rest on: coverage, method and limits, provenance.

In:  ``coverage``, ``provenance``, ``repositories`` of the assessment.
Out: the last sections of a report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.chapters.choices import CAVEAT, GRADES
from conway.reporting.chapters.sensitivity import sensitivity
from conway.reporting.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
    Terms,
)
from conway.reporting.quantities import SHARE, listed, number, reading, shown, window

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

FORMULAS = (
    (
        "Change set",
        ("Changes in different repositories that belong together, by ticket, branch or an explicit "
        "link; else one step of the mainline."),
        "",
    ),
    (
        "Teams a change set needs",
        ("A smallest set that holds the author's team and one owner of every owned file. Owners on "
        "one line are alternatives. Equal sets each count their share."),
        "handoffs = |teams| − 1",
    ),
    ("Single-team share", ("Change sets that need one team, over those with known owners and "
     "author's team."), ""),
    ("Autonomous share", "Change sets that need one team and touch one release unit.", ""),
    ("Lockstep", "Release units that a change set touches beyond its first, per 100.", ""),
    (
        "Streams",
        ("One over the chance that two random change sets need a common team. Possible streams "
        "take the author's team only. Retained is the one over the other; it depends on how work "
        "is distributed, so it must not be compared between organisations."),
        "streams = 1 / q;  retained = q₀ / q",
    ),
    (
        "Degree of coupling",
        "Change sets that touch both services, over the average number that touch either.",
        "degree = 2·n(ab) / (n(a) + n(b))",
    ),
    (
        "False alarms (q)",
        ("Of the pairs at least this strong, the share that chance would bring about. From a null "
            "model that keeps how often each service changes and how large change sets "
        "are, corrected for the number of pairs (Benjamini–Hochberg)."),
        "",
    ),
    (
        "Expected next quarter",
        ("A count of joint changes that forgets half of its past every 180 days, scaled to 13 "
        "weeks."),
        "",
    ),
    (
        "Saved on unseen work",
        ("A plan is found on one stretch of history and replayed on the next. It counts only if it "
        "saves more than moving the same services to other teams, interval above zero."),
        "",
    ),
    ("Intervals", "95 %, from resampling whole weeks.", ""),
)  # fmt: skip

LIMITS = (
    CAVEAT,
    (
        "A handoff is counted from ownership rules. It says that a second team was needed, not "
        "that anyone waited."
    ),
    (
        "The history shows work that was merged. Work that was given up, or never begun because it "
        "was too hard, is not in it."
    ),
    (
        "Numbers describe one organisation over time. They are not comparable between "
        "organisations and say nothing about persons."
    ),
    (
        "What moves in the organisation may change how people work; a replay assumes they work as "
        "they did."
    ),
)


def coverage(evidence: Evidence) -> Section:
    """Return what was counted, what was left out and why."""
    rows: list[Json] = list(evidence.assessment.get("coverage") or [])
    columns = (Column("What"), Column("Count", number=True), Column("Share", number=True),
               Column("Note"))  # fmt: skip
    cells = tuple(
        (
            Cell(str(row["what"]), float(i)),
            Cell(number(row["count"]), float(row["count"])) if row["count"] is not None
            else Cell("unknown"),
            Cell("" if row.get("share") is None else shown(row["share"], SHARE),
                 reading(row.get("share")).value),
            Cell(str(row.get("note") or "")),
        )
        for i, row in enumerate(rows)
    )  # fmt: skip
    lead = Paragraph("Nothing is dropped without being counted here.", "lead")
    table = Table("coverage", "From the history to what was measured", columns, cells)
    notes = [str(note) for note in (evidence.assessment.get("provenance") or {}).get("notes") or []]
    blocks: list[Block] = [lead, table]
    if notes:
        blocks += [Heading("notes", "Notes on the boundaries"), Bullets(tuple(notes))]
    return Section("coverage", "Coverage", tuple(blocks))


def method(evidence: Evidence) -> Section:
    """Return formulas, grades and limits in words."""
    grades = tuple((f"Grade {grade}", f"{text[:1].upper()}{text[1:]}.", "")
                   for grade, text in GRADES.items())  # fmt: skip
    blocks: list[Block] = [Terms(FORMULAS), *sensitivity(evidence)]
    if evidence.plan is not None:
        blocks += [Heading("grades", "Grades of evidence"), Terms(grades)]
    blocks += [Heading("limits", "Limits"), Bullets(LIMITS)]
    return Section("method", "Method and limits", tuple(blocks))


def provenance(evidence: Evidence) -> Section:
    """Return where every number comes from, so that anyone can compute it again."""
    assessment = evidence.assessment
    source: Json = assessment.get("provenance") or {}
    since, until = assessment["window"]["since"], assessment["window"]["until"]
    facts = [("Window", f"{window(since, until)} (UTC)", "")]
    facts += [
        (label, _said(source[key]), "") for key, label in PROVENANCE if source.get(key) is not None
    ]
    facts.append(("conway", str(assessment.get("version", "")), ""))
    rows = tuple(
        (
            Cell(str(row["name"])),
            Cell(str(row["tip"])[:12], code=True),
            Cell(number(row["changes"]), float(row["changes"])),
        )
        for row in assessment.get("repositories") or []
    )
    columns = (Column("Repository"), Column("Tip"), Column("Changes", number=True))
    table = Table("repositories", "Repositories read", columns, rows)
    return Section("provenance", "Provenance", (Terms(tuple(facts)), table))


def _said(value: object) -> str:
    """Say a setting: a list in words, anything else as it is."""
    return (
        listed([str(item) for item in value], limit=40) if isinstance(value, list) else str(value)
    )


PROVENANCE = (
    ("services_source", "Services from"),
    ("teams_source", "Owners from"),
    ("authors", "Authors' teams"),
    ("unit", "A change is"),
    ("bots", "Robots"),
    ("releases", "Releases"),
    ("exclude", "Excluded paths"),
    ("seed", "Seed"),
    ("config_hash", "Configuration"),
    ("git", "git"),
    ("python", "Python"),
)
