"""The section on waits: what is established, medians only beside independent waits."""

from __future__ import annotations

from typing import Any

from conway.reporting.chapters.waits import waiting
from conway.reporting.document import Bullets, Evidenced, FigureBlock, Paragraph
from conway.reporting.evidence import gather
from tests.reporting.examples import interval, shop, unknown

FEW = unknown("fewer than 5 people")


def effect(boundary: str, clock: str, ratio: object, *, among: str = "all") -> dict[str, Any]:
    """Return one effect at the widest gap."""
    return {
        "boundary": boundary,
        "clock": clock,
        "gap_days": 14,
        "among": among,
        "changes": 900,
        "crossing": 80,
        "people": 30,
        "ratio": ratio,
    }


def delay(count: int, hours: object, null: object) -> dict[str, Any]:
    """Return one row of delays."""
    names = ("hours", "null_hours", "naive_hours", "naive_null_hours")
    values = dict(zip(names, (hours, null, hours, null), strict=True))
    return {"by": "repositories", "count": count, "clock": "author", "gap_days": 14,
            "sets": 40, "people": 12, "excess": interval(0.8, 0.1), **values}  # fmt: skip


def assessed(finding: str) -> dict[str, Any]:
    """Return the shop with waits."""
    text = "It is not established that changes in several repositories wait longer."
    waits = {
        "effects": [
            effect("repository", "author", interval(1.4, 0.3)),
            effect("repository", "committer", interval(1.3, 0.2)),
            effect("repository", "author", FEW, among="bulk"),
        ],
        "verdicts": [{"boundary": "repository", "finding": finding, "text": text}],
        "delays": [delay(1, 4.7, 4.7), delay(2, 18.9, 30.4), delay(4, FEW, FEW)],
        "releasing": {
            "services": [
                {"name": "cart", "changes": 20, "released": 19, "hours": 30.0, "at_least": True},
                {"name": "web", "changes": 3, "released": 3, "hours": FEW, "at_least": False},
            ]
        },
    }
    return shop() | {"waits": waits}


def test_the_figure_says_what_is_established() -> None:
    """Its title is the finding, its table has what could not be shown too."""
    section = waiting(gather(assessed("longer")))
    open_one = waiting(gather(assessed("not established")))

    assert section is not None
    assert open_one is not None
    (figure,) = [block for block in section.blocks if isinstance(block, FigureBlock)]
    assert figure.title == "Changes that need several repositories wait longer"
    assert [row[3].text for row in figure.table.rows] == [
        "1.40 (95\N{NO-BREAK SPACE}%: 1.10\N{EN DASH}1.70)",
        "1.30 (95\N{NO-BREAK SPACE}%: 1.10\N{EN DASH}1.50)",
        "unknown: fewer than 5 people",
    ]
    (other,) = [block for block in open_one.blocks if isinstance(block, FigureBlock)]
    assert other.title.startswith("It is not established")
    (said,) = [block for block in open_one.blocks if isinstance(block, Bullets)]
    assert said.items == (
        "It is not established that changes in several repositories wait longer.",
    )


def test_medians_stand_beside_independent_waits() -> None:
    """Each row has both; a group of few people has no row."""
    section = waiting(gather(assessed("longer")))

    assert section is not None
    delays, releases = [block for block in section.blocks if isinstance(block, Evidenced)]
    (table,) = delays.blocks
    assert [[cell.text for cell in row[3:5]] for row in table.rows] == [
        ["4.7", "4.7"],
        ["18.9", "30.4"],
    ]
    (waits,) = releases.blocks
    assert [row[3].text for row in waits.rows] == ["at least 30.0"]
    assert "1 service without tags" in waits.note


def test_waits_of_pull_requests_stand_with_what_crossing_does() -> None:
    """A row per event and boundary, where reviews were given."""
    result = assessed("longer")
    row = {"event": "first_review", "boundary": "team", "requests": 90, "crossing": 20,
           "people": 12, "hours": 5.0, "ratio": interval(1.2, 0.4)}  # fmt: skip
    section = waiting(gather(result | {"waits": result["waits"] | {"reviewing": [row]}}))

    assert section is not None
    (table,) = [
        block.blocks[0]
        for block in section.blocks
        if isinstance(block, Evidenced) and "pull requests" in block.summary
    ]
    assert [cell.text for cell in table.rows[0]] == [
        "first review",
        "5.0",
        "services of several teams",
        "1.20 (95\N{NO-BREAK SPACE}%: 0.80\N{EN DASH}1.60)",
        "20",
    ]


def test_unknown_waits_say_why_only_beside_what_is_known() -> None:
    """No section where nothing is known; releases alone come with the reason for the rest."""
    nothing = waiting(gather(shop()))
    squashed = shop() | {
        "waits": unknown("branches are squashed")
        | {"releasing": assessed("longer")["waits"]["releasing"]}
    }
    section = waiting(gather(squashed))

    assert nothing is None
    assert section is not None
    lead = section.blocks[0]
    assert isinstance(lead, Paragraph)
    assert lead.text.endswith("is unknown: branches are squashed.")
