from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from conway.boundaries.dated_teams import fixed_teams, no_teams, read_dated_teams
from conway.boundaries.memberships import read_memberships
from conway.config import seconds
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from pathlib import Path

    from conway.boundaries.dated_teams import DatedTeams

TABLE = """\
valid_from,service,team
2024-01-01,cart,web
2024-06-01,cart,
2024-09-01,cart,ops
2024-03-01,mail,web
2024-03-01,mail,ops
2020-01-01,gone,old
"""


def read(folder: Path, text: str, *, services: tuple[str, ...] = ("cart", "mail")) -> DatedTeams:
    """Write the table and read it."""
    path = folder / "teams.csv"
    path.write_text(text, encoding="utf-8")
    return read_dated_teams(path, services=services, mapping={})


OWNED = [
    ("2023-12-31", "cart", set()),
    ("2024-01-01", "cart", {"web"}),
    ("2024-05-31", "cart", {"web"}),
    ("2024-06-01", "cart", set()),
    ("2025-01-01", "cart", {"ops"}),
    ("2024-02-28", "mail", set()),
    ("2024-03-01", "mail", {"ops"}),
    ("2025-01-01", None, set()),
    ("2025-01-01", "gone", set()),
]


@pytest.mark.parametrize(("day", "service", "owners"), OWNED)
def test_owners_as_of_a_day(
    tmp_path: Path, day: str, service: str | None, owners: set[str]
) -> None:
    """An empty team means no owner; of two rows of one day the later counts."""
    teams = read(tmp_path, TABLE)
    version = teams.version("shop", parent_position=3, time=seconds(day))

    asked = teams.requirements("shop", version, "any/path", service)
    assert [one.teams for one in asked] == ([owners] if owners else [])


def test_what_is_noted(tmp_path: Path) -> None:
    """Services of only one side are counted; their teams do not count."""
    teams = read(tmp_path, TABLE, services=("cart", "mail", "new"))

    assert teams.teams() == ("ops", "web")
    assert teams.notes == (
        "1 services of teams.csv are not in this history",
        "1 services of this history are not in teams.csv",
        "1 rows of teams.csv replace one of the same day and service",
    )


def test_spreadsheets_are_read(tmp_path: Path) -> None:
    """Byte order mark, CRLF, quotes, blank lines, another order of columns."""
    text = '\ufeffservice,team,valid_from\r\n\r\n"cart","a, b",2024-01-01\r\n'

    assert read(tmp_path, text).teams() == ("a, b",)


FAULTY = [
    ("", "is empty; its first line names service, team, valid_from"),
    ("valid_from,servce,team\n", "unknown column 'servce'; did you mean 'service'?"),
    ("service,team\n", "column 'valid_from' is missing"),
    ("valid_from,service,team\n2024-13-01,a,b\n", "line 2: valid_from is not a day"),
    ("valid_from,service,team\n2024-01-01,a\n", "line 2 has 2 cells, the header has 3"),
    ("valid_from,service,team\n,cart,b\n", "line 2 has no day"),
    ("valid_from,service,team\n2024-01-01,,b\n", "line 2 has no service"),
    ("valid_from,service,team\n2024-01-01,cart,\n", "names no team"),
    ("valid_from,service,team\n", "names no team"),
    ('valid_from,service,team\n2024-01-01,"cart,b\n', "is not CSV"),
    (
        "valid_from,service,team\n2024-01-01,kart,b\n",
        "names no service of the history (there: kart; services: cart, mail)",
    ),
]


@pytest.mark.parametrize(("text", "message"), FAULTY)
def test_faulty_tables(tmp_path: Path, text: str, message: str) -> None:
    """What, in which line, what to do."""
    with pytest.raises(BoundariesError) as raised:
        read(tmp_path, text)

    assert message in str(raised.value)
    assert str(tmp_path / "teams.csv") in str(raised.value)


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Up to twenty lines."""
    rows = "".join(f"day {i},cart,web\n" for i in range(30))
    with pytest.raises(BoundariesError, match="21 problems") as raised:
        read(tmp_path, "valid_from,service,team\n" + rows)

    assert "line 21:" in str(raised.value)
    assert "and 10 more" in str(raised.value)


def test_a_missing_table(tmp_path: Path) -> None:
    """Names the path that was tried."""
    with pytest.raises(BoundariesError, match=r"none\.csv: cannot be read"):
        read_dated_teams(tmp_path / "none.csv", services=(), mapping={})


def test_mapped_teams(tmp_path: Path) -> None:
    """A renamed team stays one; a mapping of no team is a fault."""
    path = tmp_path / "teams.csv"
    path.write_text(TABLE, encoding="utf-8")

    assert read_dated_teams(path, services=["cart"], mapping={"ops": "web"}).teams() == ("web",)
    with pytest.raises(BoundariesError, match=r"names 'opps', which .* does not name"):
        read_dated_teams(path, services=["cart"], mapping={"opps": "web"})


def test_fixed_and_no_teams() -> None:
    """`[teams.owners]` holds for all time; unknown services are faults."""
    teams = fixed_teams({"cart": ["web", "ops"]}, services=["cart", "mail"])
    nobody = no_teams("because")

    (one,) = teams.requirements("r", teams.version("r", parent_position=-1, time=0), "x", "cart")
    assert one.teams == {"web", "ops"}
    version = nobody.version("r", parent_position=-1, time=0)
    assert nobody.requirements("r", version, "x", "a") == ()
    assert (nobody.teams(), nobody.notes) == ((), ("no teams: because",))
    with pytest.raises(BoundariesError, match="did you mean 'cart'"):
        fixed_teams({"kart": ["web"]}, services=["cart", "mail"])


PEOPLE = pd.DataFrame(
    [
        ("p1", "Ann Example", "ann@example.com"),
        ("p1", "Ann", "a@home.example"),
        ("p2", "Bo", "b@x"),
    ],
    columns=["person", "name", "email"],
)
MEMBERS = """\
person,team,valid_from,valid_to
ann@example.com,web,2024-01-01,2024-07-01
Ann,ops,2024-06-01,
bo,ops,,2024-01-01
Nobody,web,,
"""


def test_members(tmp_path: Path) -> None:
    """By name or e-mail address, whatever case; half-open; the team joined last counts."""
    path = tmp_path / "people.csv"
    path.write_text(MEMBERS, encoding="utf-8")
    members = read_memberships(path, people=PEOPLE, called=str.upper)

    at = [
        members.teams_of("p1", seconds(day))
        for day in ("2023-12-31", "2024-01-01", "2024-06-01", "2025-01-01")
    ]
    assert at == [(), ("WEB",), ("OPS", "WEB"), ("OPS",)]
    assert members.teams_of("p2", seconds("2023-12-31")) == ("OPS",)
    assert members.teams_of("p2", seconds("2024-01-01")) == ()
    assert (members.teams(), members.unknown) == (("OPS", "WEB"), 1)


def test_entries_of_the_table_stand_for_people(tmp_path: Path) -> None:
    """As they are written there, whatever case; other names stand for nobody."""
    path = tmp_path / "people.csv"
    path.write_text("person,team\nAnn,web\nbo@x.org,ops\n", encoding="utf-8")
    people = pd.DataFrame(
        {"person": ["p1", "p2"], "name": ["Ann", "Bo"], "email": ["ann@x.org", "bo@x.org"]}
    )
    members = read_memberships(path, people=people, called=str)

    assert members.pseudonyms(" ann ") == ("p1",)
    assert members.pseudonyms("BO@x.org") == ("p2",)
    assert members.pseudonyms("ann@x.org") == ()
    assert members.pseudonyms("Nobody") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("person,team\nNobody,web\n", "names nobody of the history"),
        ("person,team\nBo,\n", "line 2 has no person or no team"),
        ("person,team,valid_from,valid_to\nBo,x,2024-01-02,2024-01-01\n", "line 2: valid_from is"),
    ],
)
def test_faulty_members(tmp_path: Path, text: str, message: str) -> None:
    """Lines are numbered; no person is named in a message, a result or a repr."""
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BoundariesError) as raised:
        read_memberships(path, people=PEOPLE, called=str)

    assert message in str(raised.value)
    assert "Nobody" not in str(raised.value)


def test_members_do_not_show_people(tmp_path: Path) -> None:
    """Neither names nor pseudonyms."""
    path = tmp_path / "people.csv"
    path.write_text(MEMBERS, encoding="utf-8")

    shown = repr(read_memberships(path, people=PEOPLE, called=str))

    assert shown == "Memberships(2 people, 2 teams)"
