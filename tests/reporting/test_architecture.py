"""The chapter on how services hang together: what is said where it is known, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from conway.reporting.chapters.architecture import architecture
from conway.reporting.document import Bullets, Evidenced, Paragraph, Table

CYCLE = ["a", "b", "c"]
NEEDS: dict[str, Any] = {
    "pairs": 5,
    "propagation_cost": 0.13,
    "cycles": [CYCLE],
    "needed_by": [{"service": "core", "services": 12}],
}


def texts(**assessment: object) -> list[str]:
    """Return what the chapter says, tables by their summary."""
    section = architecture(cast("Any", SimpleNamespace(assessment=assessment)))
    said: list[str] = []
    for block in section.blocks if section else ():
        match block:
            case Bullets(items):
                said += items
            case Paragraph():
                said.append(block.text)
            case Evidenced():
                said.append(block.summary)
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in said]


def test_needs_with_their_reach_and_circles() -> None:
    """Propagation cost in words."""
    assert texts(dependencies=NEEDS) == [
        (
            "5 pairs of services are declared dependencies. Directly or through others, a service "
            "reaches 13 % of all services on average, itself included (propagation cost)."
        ),
        "Needed by most: core (by 12).",
        "These need each other in a circle: a, b and c.",
    ]
    assert texts(dependencies=NEEDS | {"cycles": []})[-1] == (
        "No services need each other in a circle."
    )


def test_unknown_needs_have_a_reason() -> None:
    """No manifest says anything."""
    unknown = {"value": None, "reason": "no manifest declares that one service needs another"}

    assert texts(dependencies={"pairs": 0, "propagation_cost": unknown, "cycles": []}) == [
        (
            "How far a change reaches through dependencies is unknown: "
            "no manifest declares that one service needs another."
        )
    ]


PAIR = {"leader": "a", "follower": "b", "lag_days": 3.0,
        "excess_per_100": {"value": 40.0, "low": 20.0, "high": 60.0, "level": 0.95}}  # fmt: skip


@pytest.mark.parametrize(
    ("finding", "said"), [("follows", ""), ("both ways", " and the other way round")]
)
def test_direction(finding: str, said: str) -> None:
    """With its interval; that none is established is said too."""
    found = {"pairs": 4, "established": [PAIR | {"finding": finding}]}

    assert texts(direction=found) == [
        (
            f"Work on b follows work on a{said}: 40.0 (95 %: 20.0–60.0) of 100 times more than "
            "chance, after 3.0 days. Order in time is no cause."
        )
    ]
    assert texts(direction={"pairs": 4, "established": []})[0].endswith("established for none.")


def test_congruence_against_chance() -> None:
    """With the pairs of teams that are not seen together."""
    chance = {"null_mean": 0.19, "required": [["x", "y"], ["y", "z"]], "seen": [["x", "y"]]}

    (text,) = texts(congruence=0.5, congruence_chance=chance)

    assert text == (
        "2 pairs of teams have services that change together; 50 % of them are seen at work "
        "together. With teams dealt out by chance it would be 19 %. Not seen at work together: "
        "y and z."
    )


def test_pairs_of_teams_and_releases_open_as_tables() -> None:
    """Chance pairs of teams are left out; a long list is cut and says so."""
    teams = [
        {"a": "x", "b": "y", "joint": 9, "degree": 0.2, "q_value": q_value}
        for q_value in (0.01, 0.2)
    ]
    releases = [
        {"a": f"s{n}", "b": "t", "joint": 3, "degree": 0.5, "q_value": 0} for n in range(25)
    ]
    section = architecture(
        cast(
            "Any",
            SimpleNamespace(assessment={"team_coupling": teams, "release_coupling": releases}),
        )
    )
    assert section is not None
    one, other = (block.blocks[0] for block in section.blocks if isinstance(block, Evidenced))

    assert isinstance(one, Table)
    assert isinstance(other, Table)
    assert (len(one.rows), len(other.rows), other.note) == (
        1,
        20,
        "And 5 more pairs, in assess.json.",
    )


MEANT = {"teams": ["core", "web"], "mode": "collaboration", "until": "2025-07-01", "quiets": True,
         "during": 4, "after": 0}  # fmt: skip


def test_what_is_intended() -> None:
    """Until the last day; what outlives it; what has no end."""
    assert texts(intended=[MEANT, MEANT | {"after": 1}, MEANT | {"quiets": False}]) == [
        (
            "core and web intend collaboration until 30 Jun 2025: 4 change sets that needed both "
            "meanwhile are no finding."
        ),
        (
            "core and web intend collaboration until 30 Jun 2025: 4 change sets that needed both "
            "meanwhile are no finding. 1 change set needed both since its end, which counts."
        ),
        "core and web intend collaboration without an end; it excuses no finding until it has one.",
    ]


LIKELY: dict[str, Any] = {
    "method": "ranker",
    "reason": "it was 1.1 times as precise over 4 earlier quarters",
    "pairs": [
        {"a": "x", "b": "y", "joint": 9,
         "forecast": {"value": 2.0, "low": 0, "high": 5, "level": 0.95}},
        {"a": "x", "b": "z", "joint": 0, "forecast": None},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("method", "said"),
    [("ranker", "In the order of a learnt ranker"), ("decayed count", "By decayed count")],
)
def test_likely_pairs_with_what_orders_them(method: str, said: str) -> None:
    """Also pairs that have not met; nothing where there are none."""
    section = architecture(
        cast("Any", SimpleNamespace(assessment={"likely_pairs": LIKELY | {"method": method}}))
    )
    assert section is not None
    (opened,) = section.blocks
    assert isinstance(opened, Evidenced)
    (table,) = opened.blocks
    assert isinstance(table, Table)

    assert table.note == f"{said}: it was 1.1 times as precise over 4 earlier quarters."
    assert [row[3].text for row in table.rows][1] == "have not met"
    assert texts(likely_pairs=LIKELY | {"pairs": []}) == []


def test_nothing_known_is_no_section() -> None:
    """An earlier assess.json has none of it."""
    assert texts() == []
