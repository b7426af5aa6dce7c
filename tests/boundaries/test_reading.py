from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.boundaries.owners import owners_of
from conway.boundaries.reading import read_boundaries
from conway.boundaries.trains import trains_of
from conway.config import Config, parse_config
from conway.errors import BoundariesError
from tests.boundaries.histories import histories_of, history_of

if TYPE_CHECKING:
    from pathlib import Path

    from conway.boundaries.boundaries import Boundaries
    from conway.history.record import History

OWNERS = "* @acme/core\n/packages/cart/ @acme/web\n/packages/mail/ @octocat\n"
SHOP = history_of(
    {"CODEOWNERS": OWNERS},
    {"packages/cart/a.ts": "", "packages/mail/b.ts": "", "web/c.ts": "", "README.md": ""},
)


def read(folder: Path, text: str, *, history: History = SHOP) -> Boundaries:
    """Write ``conway.toml`` and read it."""
    path = folder / "conway.toml"
    path.write_text(text, encoding="utf-8")
    return read_boundaries(path, history)


def test_a_whole_configuration(tmp_path: Path) -> None:
    """Services, trains, teams, members, selection and limits arrive in one value."""
    (tmp_path / "people.csv").write_text("person,team\nAnn,acme/web\n", encoding="utf-8")
    history = histories_of(
        {
            "shop": [
                {"CODEOWNERS": OWNERS},
                {"packages/cart/a": "", "packages/mail/b": "", "web/c": ""},
            ]
        },
        people=[("p1", "Ann", "ann@example.com")],
    )
    boundaries = read(
        tmp_path,
        """
        [services]
        "{p}" = "packages/*/**"
        web = "web/**"
        [releases]
        trains = { core = "packages/*" }
        [teams]
        members = "people.csv"
        map = { octocat = "mailers" }
        [changes]
        bots = "include"
        exclude = ["**/*.lock"]
        [limits]
        pinned = ["web"]
        """,
        history=history,
    )

    assert list(boundaries.folders) == ["cart", "mail", "web"]
    assert [boundaries.unit_of(name) for name in boundaries.folders] == ["core", "core", "web"]
    assert boundaries.teams() == ("core", "mailers", "web")
    assert boundaries.members is not None
    assert boundaries.members.teams_of("p1", 0) == ("web",)
    assert (boundaries.selection.bots, boundaries.config.limits.pinned) == ("include", ("web",))
    assert boundaries.sources == {
        "services": "conway.toml",
        "teams": "CODEOWNERS",
        "members": "people.csv",
    }
    assert boundaries.notes == (
        "1 paths belong to no service",
        "[changes] exclude: '**/*.lock' names no path of the history",
    )


FAULTY = """
[services]
cart = "packages/kart/**"
[releases]
trains = { core = ["pakages"] }
[teams]
source = "teams.csv"
members = "people.csv"
[changes]
exclude = ["a//b"]
[limits]
pinned = ["crt"]
"""


def test_all_problems_in_one_message(tmp_path: Path) -> None:
    """Globs, trains, both tables, exclusions, pins."""
    with pytest.raises(BoundariesError) as raised:
        read(tmp_path, FAULTY)

    first, *lines = str(raised.value).splitlines()
    assert first == f"{tmp_path / 'conway.toml'}: 6 problems"
    starts = ["service 'cart'", "[releases] train", "[limits]", str(tmp_path), str(tmp_path), "[ch"]
    assert [line.strip().startswith(start) for line, start in zip(lines, starts, strict=True)] == [
        True
    ] * 6


def test_what_depends_on_services_waits_for_them() -> None:
    """No faults that only follow from rules which are not well formed."""
    config = parse_config('[services]\n"{a}" = "x/**"\n[limits]\npinned = ["cart"]\n')

    with pytest.raises(BoundariesError) as raised:
        read_boundaries(config, SHOP)

    assert "pinned" not in str(raised.value)


SOURCES = [
    ("", "CODEOWNERS", 3),
    ('source = "CODEOWNERS"', "CODEOWNERS", 3),
    ('source = ".github/CODEOWNERS"', "CODEOWNERS", 3),
    ('source = "none"', "none", 0),
    ('owners = { shop = ["a", "b"] }', "conway.toml", 2),
]


@pytest.mark.parametrize(("line", "source", "teams"), SOURCES)
def test_where_teams_come_from(tmp_path: Path, line: str, source: str, teams: int) -> None:
    """By default CODEOWNERS where it tells teams apart."""
    boundaries = read(tmp_path, f"[teams]\n{line}\n")

    assert (boundaries.sources["teams"], len(boundaries.teams())) == (source, teams)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('source = "teams.json"', "valid: 'CODEOWNERS', 'OWNERS'"),
        ('source = "CODEOWNERS"\nowners = { shop = "a" }', "both `source` and `owners`"),
        ('owners = { shopp = "a" }', "did you mean 'shop'?"),
        ('map = { nobody = "a" }', "which no ownership file names"),
    ],
)
def test_teams_that_cannot_be_read(tmp_path: Path, line: str, message: str) -> None:
    """What is valid instead."""
    with pytest.raises(BoundariesError) as raised:
        read(tmp_path, f"[teams]\n{line}\n")

    assert message in str(raised.value)


def test_a_catch_all_gives_no_teams_unless_it_is_asked_for() -> None:
    """One owner for everything cannot tell who waits for whom."""
    history = history_of({"CODEOWNERS": "* @acme/all\n", "a": ""})

    found = read_boundaries(Config(), history)
    asked = read_boundaries(parse_config('[teams]\nsource = "CODEOWNERS"'), history)

    assert (found.teams(), found.notes) == (
        (),
        ("no teams: CODEOWNERS names one owner for everything",),
    )
    assert asked.teams() == ("all",)


def test_members_of_teams_that_own_nothing(tmp_path: Path) -> None:
    """Two tables that cannot belong together."""
    (tmp_path / "people.csv").write_text("person,team\nAnn,elsewhere\n", encoding="utf-8")
    history = histories_of({"shop": [{"CODEOWNERS": OWNERS}]}, people=[("p", "Ann", "a@b.c")])

    with pytest.raises(BoundariesError, match=r"no team of it owns anything \(there: elsewhere"):
        read(tmp_path, '[teams]\nmembers = "people.csv"', history=history)


def test_the_hash_covers_the_tables(tmp_path: Path) -> None:
    """The same text with another table is another configuration."""
    hashes = []
    for team in ("a", "b", "a"):
        (tmp_path / "t.csv").write_text(f"valid_from,service,team\n2020-01-01,shop,{team}\n")
        hashes.append(read(tmp_path, '[teams]\nsource = "t.csv"').config_hash)

    assert hashes[0] == hashes[2] != hashes[1]


TRAINS = [
    ({"core": ["packages/*"]}, {"a": "core", "b": "core"}),
    ({"core": ["packages/*/**"]}, {"a": "core", "b": "core"}),
    ({"core": ["a"], "rest": ["web", "b"]}, {"a": "core", "b": "rest", "web": "rest"}),
    ({"core": ["shop:packages/a"]}, {"a": "core"}),
    ({"a": ["a", "b"]}, {"a": "a", "b": "a"}),
]
FOLDERS = {"a": ["shop:packages/a"], "b": ["shop:packages/b"], "web": ["shop:web"]}


@pytest.mark.parametrize(("trains", "units"), TRAINS)
def test_trains(trains: dict[str, list[str]], units: dict[str, str]) -> None:
    """By name of a service or by folder."""
    assert trains_of(trains, folders=FOLDERS) == units


def test_faulty_trains() -> None:
    """No service, two trains, the name of another service."""
    with pytest.raises(BoundariesError) as raised:
        trains_of({"x": ["a", "bb"], "y": ["a"], "web": ["b"]}, folders=FOLDERS)

    assert [message in str(raised.value) for message in (
        "'bb' names no service and no folder of one; did you mean 'b'?",
        "service 'a' stands in two trains, 'x' and 'y'",
        "train 'web' is also a service outside of it",
    )] == [True] * 3  # fmt: skip


def test_boundaries_show_themselves_harmlessly() -> None:
    """Escaped in HTML, spelt out in text; JSON of plain values."""
    history = history_of({"<b>/\x1b/x": ""})
    boundaries = read_boundaries(parse_config('[services]\n"{a}\\u001b" = "*/**"'), history)

    assert "\x1b" not in repr(boundaries) + boundaries._repr_html_()
    assert "<b>" not in boundaries._repr_html_()
    assert boundaries.to_json()["teams"] == []


def test_owners_of_paths_at_a_revision(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the file writes them; alternatives on one line; nobody is an empty list."""
    texts = {".github/CODEOWNERS": "/src/ @acme/web @octocat\n", "CODEOWNERS": "* @acme/old\n"}
    asked = []

    def read_at(repository: str, *, at: str) -> dict[str, str]:
        asked.append((repository, at))
        return texts

    monkeypatch.setattr("conway.mining.ownership_files.read_at", read_at)

    assert owners_of("repo", ["src/a", "./src/b", "x"], at="HEAD~1") == {
        "src/a": ["@acme/web", "@octocat"],
        "./src/b": ["@acme/web", "@octocat"],
        "x": [],
    }
    assert asked == [("repo", "HEAD~1")]
