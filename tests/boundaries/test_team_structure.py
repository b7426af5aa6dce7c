from __future__ import annotations

import pytest

from conway.boundaries.team_structure import team_structure
from conway.config import TeamsTable, parse_config, seconds
from conway.errors import BoundariesError

KNOWN = ("cart", "mail", "infra")


def table(text: str) -> TeamsTable:
    """Return ``[teams]`` of a configuration."""
    return parse_config(f"[teams]\n{text}").teams


def test_teams_in_teams() -> None:
    """The configuration goes before another source; the nearest stands first."""
    parents = {"cart": "shop", "mail": "shop"}
    found = team_structure(
        table('parents = { mail = "infra", shop = "all" }'), known=KNOWN, parents=parents
    )

    assert found.parents == {"cart": "shop", "mail": "infra", "shop": "all"}
    assert (found.above("cart"), found.above("all")) == (("shop", "all"), ())


def test_circles_are_refused() -> None:
    """Each once, with its members."""
    with pytest.raises(BoundariesError) as raised:
        team_structure(
            table('parents = { cart = "mail", mail = "infra", infra = "mail" }'), known=KNOWN
        )

    assert str(raised.value) == (
        "[teams.parents] is a circle: 'mail' in 'infra' in 'mail'; a team cannot be in itself"
    )


INTERACTIONS = """
types = { infra = "platform" }
[[teams.interactions]]
teams = ["mail", "cart"]
mode = "collaboration"
since = "2024-01-01"
until = "2024-07-01"
[[teams.interactions]]
teams = ["cart", "infra"]
mode = "x-as-a-service"
[[teams.interactions]]
teams = ["infra", "cart"]
mode = "facilitating"
since = "2024-03-01"
until = "2024-04-01"
"""


@pytest.mark.parametrize(
    ("pair", "day", "mode"),
    [
        (("cart", "mail"), "2024-01-01", "collaboration"),
        (("mail", "cart"), "2024-06-30", "collaboration"),
        (("mail", "cart"), "2024-07-01", None),
        (("cart", "mail"), "2023-12-31", None),
        (("cart", "infra"), "2020-01-01", "x-as-a-service"),
        (("cart", "infra"), "2024-03-15", "facilitating"),
        (("mail", "infra"), "2024-03-15", None),
    ],
)
def test_intended_interactions(pair: tuple[str, str], day: str, mode: str | None) -> None:
    """Dated, half-open, the same in both directions; the one that began last counts."""
    found = team_structure(table(INTERACTIONS), known=KNOWN)

    assert found.intended(*pair, at=seconds(day)) == mode
    assert found.types == {"infra": "platform"}


def test_unknown_teams_are_said_at_once() -> None:
    """Each place, with what was perhaps meant."""
    text = 'parents = { crt = "shop" }\ntypes = { infr = "platform" }\n'
    text += '[[teams.interactions]]\nteams = ["cart", "mial"]\nmode = "collaboration"\n'
    with pytest.raises(BoundariesError) as raised:
        team_structure(table(text), known=KNOWN)

    assert str(raised.value).splitlines() == [
        "[teams.parents]: no team 'crt'; did you mean 'cart'?",
        "[teams.types]: no team 'infr'; did you mean 'infra'?",
        "[[teams.interactions]] 1: no team 'mial'; did you mean 'mail'?",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('types = { a = "platfrom" }', "did you mean 'platform'?"),
        ('interactions = [{ teams = ["a"], mode = "collaboration" }]', "teams"),
        ('interactions = [{ teams = ["a", "a"], mode = "collaboration" }]', "one team twice"),
        (
            """
            [[teams.interactions]]
            teams = ["a", "b"]
            mode = "collaboration"
            since = "2024-01-02"
            until = "2024-01-01"
            """,
            "since must come before until",
        ),
        ('dialect = "gitea"', "valid: github, gitlab, bitbucket"),
    ],
)
def test_wrong_values(text: str, message: str) -> None:
    """With the valid choices."""
    with pytest.raises(BoundariesError) as raised:
        table(text)

    assert message in str(raised.value)
