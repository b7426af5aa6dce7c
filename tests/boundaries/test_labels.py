"""Labelling: what counts, as of when, who owns it, whose team wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conway.boundaries.labels import label
from conway.boundaries.reading import read_boundaries
from conway.config import checked
from conway.delivery.footprints import find_footprints
from conway.errors import BoundariesError, HistoryError
from conway.history.sources import mine
from sample_repos import ANA, BEN, History, Person

if TYPE_CHECKING:
    from pathlib import Path

    from conway.boundaries.work import Work

START = 1_704_067_200
ROBOT = Person("dependabot[bot]", "bot@example.org")

SERVICES = {"services": {"{s}": "src/*/**"}, "teams": {"source": "CODEOWNERS"}}


def day(number: int) -> int:
    """Return a time, in days from the start."""
    return START + number * 24 * 3600


def labelled(history: History, folder: Path, **tables: Any) -> Work:  # noqa: ANN401 - TOML
    """Build, mine and label a small history."""
    facts = mine(history.build(folder / "repo"), key=b"test")
    return label(facts, read_boundaries(checked({**SERVICES, **tables}), facts))


def touched(work: Work, number: int) -> dict[str, tuple[str, str]]:
    """Return path -> (service, alternatives) of one change set."""
    rows = work.rows[work.rows["set"] == number]
    return {
        work.paths[path]: (
            work.services[service] if service >= 0 else "",
            "|".join(work.teams[t] for t in work.owners[owners]) if owners >= 0 else "",
        )
        for path, service, owners in rows[["path", "service", "owners"]].itertuples(index=False)
    }


def test_ownership_is_that_of_the_first_parent(tmp_path: Path) -> None:
    """A change that rewrites CODEOWNERS is still approved under the old rules."""
    history = History()
    owners = ".github/CODEOWNERS"
    history.commit({owners: "src/a/ @x/one\n", "src/a/f": "1"}, at=day(0))
    history.commit({owners: "src/a/ @x/two @x/one\n", "src/a/f": "2"}, at=day(1))
    history.commit({"src/a/f": "3"}, at=day(2))
    work = labelled(history, tmp_path)

    assert [touched(work, n)["src/a/f"] for n in range(3)] == [
        ("a", ""),
        ("a", "one"),
        ("a", "one|two"),
    ]


def test_a_rename_touches_both_sides(tmp_path: Path) -> None:
    """Old and new path count, each with its own service; today's path names the entity."""
    history = History()
    history.commit({".github/CODEOWNERS": "* @x/one\n", "src/a/f": "text\n" * 9}, at=day(0))
    history.commit({"src/a/f": None, "src/b/g": "text\n" * 9}, at=day(1))
    work = labelled(history, tmp_path)
    rows = work.rows[work.rows["set"] == 1]

    assert touched(work, 1) == {"src/a/f": ("a", "one"), "src/b/g": ("b", "one")}
    assert {work.paths[entity] for entity in rows["entity"]} == {"src/b/g"}


def test_robots_and_releases_are_left_out_and_counted(tmp_path: Path) -> None:
    """A robot's change, and one of changelogs only, stand in the coverage and nowhere else."""
    history = History()
    history.commit({".github/CODEOWNERS": "* @x/one\n", "src/a/f": "1"}, at=day(0))
    history.commit({"src/a/f": "2"}, author=ROBOT, at=day(1))
    history.commit({"src/a/CHANGELOG.md": "new"}, at=day(2))
    history.commit({"docs/x": "no service"}, at=day(3))
    work = labelled(history, tmp_path)
    counts = {row.what: row.count for row in work.coverage}

    assert len(work) == 1
    assert counts["changes on the mainline in the window"] == 4
    assert counts["robots' changes, left out"] == 1
    assert counts["changes of version manifests, changelogs and lock files only, left out"] == 1
    assert counts["change sets that touch no service"] == 1


def test_excluded_paths_vanish_before_footprints(tmp_path: Path) -> None:
    """With them gone the second change touches no service."""
    history = History()
    history.commit({".github/CODEOWNERS": "* @x/one\n", "src/a/f": "1"}, at=day(0))
    history.commit({"src/a/gen.txt": "1"}, at=day(1))
    work = labelled(history, tmp_path, changes={"exclude": ["**/gen.txt"]})

    assert work.sets["change_set"].tolist() == [work.sets["change_set"].iloc[0]]


def test_teams_are_inferred_from_earlier_work_only(tmp_path: Path) -> None:
    """The first change of a person tells nothing; 180 days later it is forgotten."""
    history = History()
    owners = "src/a/ @x/one\nsrc/b/ @x/two\n"
    history.commit({".github/CODEOWNERS": owners, "src/a/f": "0"}, author=BEN, at=day(0))
    for number, path in enumerate(["src/a/f", "src/a/f", "src/b/f", "src/b/g"], start=1):
        history.commit({path: f"{number}"}, author=ANA, at=day(number))
    history.commit({"src/b/f": "late"}, author=ANA, at=day(300))
    work = labelled(history, tmp_path)
    teams = [work.teams[team] if team >= 0 else "" for team in work.sets["author_team"]]

    assert teams == ["", "", "one", "one", "one", ""]


def test_memberships_decide_where_given(tmp_path: Path) -> None:
    """A table of people is believed from its dates on, whatever they worked on."""
    table = tmp_path / "people.csv"
    table.write_text(
        f"person,team,valid_from,valid_to\n{ANA.email},two,2024-01-02,\n", encoding="utf-8"
    )
    history = History()
    owners = "src/a/ @x/one\nsrc/b/ @x/two\n"
    history.commit({".github/CODEOWNERS": owners, "src/a/f": "0"}, author=ANA, at=day(0))
    history.commit({"src/a/f": "1"}, author=ANA, at=day(2))
    teams = {"source": "CODEOWNERS", "members": str(table)}
    work = labelled(history, tmp_path, teams=teams)

    assert [work.teams[t] if t >= 0 else "" for t in work.sets["author_team"]] == ["", "two"]
    assert work.homes.source == "memberships"


def test_a_revert_counts_once_in_pair_graphs(tmp_path: Path) -> None:
    """The revert is marked; it still counts everywhere else."""
    history = History()
    history.commit({".github/CODEOWNERS": "* @x/one\n", "src/a/f": "1"}, at=day(0))
    history.commit({"src/a/f": "2"}, at=day(1))
    first = mine(history.build(tmp_path / "before"), key=b"test").changes["change"].iloc[1]
    message = f'Revert "x"\n\nThis reverts commit {first}.\n'
    history.commit({"src/a/f": "1"}, message=message, at=day(2))
    work = labelled(history, tmp_path)

    assert work.sets["repeat"].tolist() == [False, False, True]
    assert work.pairable.tolist() == [True, True, False]


def test_a_window_without_changes_says_what_there_is(tmp_path: Path) -> None:
    """The message names the dates of the history."""
    history = History.of("A")
    with pytest.raises(HistoryError, match="the history runs from"):
        labelled(history, tmp_path, services={"{s}": "*"}, window={"since": "2030-01-01"}, teams={})


def test_the_unit_commit_is_refused(tmp_path: Path) -> None:
    """Files of single merged commits are not mined; the message says what to choose."""
    history = History.of("A")
    with pytest.raises(BoundariesError, match="'mainline' or 'ticket'"):
        labelled(history, tmp_path, services={"{s}": "*"}, changes={"unit": "commit"}, teams={})


def test_each_approval_of_a_path_is_a_row(tmp_path: Path) -> None:
    """GitLab's sections add up; the path still counts once, and both teams are needed."""
    history = History()
    owners = "[Code] @x/one\n*.py\n[Data] @x/two\nsrc/b/\n^[Docs] @x/three\n*.py\n"
    history.commit({".gitlab/CODEOWNERS": owners, "src/a/f.py": "1"}, author=ANA, at=day(0))
    for number in range(1, 4):
        history.commit({"src/a/f.py": f"{number}+"}, author=ANA, at=day(number))
    history.commit({"src/b/g.py": "1"}, author=ANA, at=day(4))
    work = labelled(history, tmp_path)
    last = len(work) - 1
    rows = work.rows[work.rows["set"] == last]

    assert work.sets["paths"].tolist()[last] == 1
    assert [work.owners[code] for code in rows["owners"].tolist()] == [
        (work.teams.index("one"),),
        (work.teams.index("two"),),
    ]
    assert [work.rules[code] for code in rows["rule"].tolist()] == ["[Code] *.py", "[Data] src/b/"]
    assert find_footprints(work).handoffs[-1] == 1


def test_excluding_everything_is_said(tmp_path: Path) -> None:
    """No path is left: the message counts what was left out and names the keys."""
    history = History()
    history.commit({".github/CODEOWNERS": "* @x/one\n", "src/a/f": "1"}, at=day(0))
    with pytest.raises(HistoryError, match=r"touches any path.*\[changes\] exclude"):
        labelled(history, tmp_path, changes={"exclude": ["**"]})


def test_of_several_teams_the_work_decides(tmp_path: Path) -> None:
    """In two teams, the one whose services the person worked on counts; ties by name."""
    table = tmp_path / "people.csv"
    table.write_text(f"person,team\n{ANA.email},two\n{ANA.email},one\n", encoding="utf-8")
    history = History()
    owners = "src/a/ @x/one\nsrc/b/ @x/two\n"
    history.commit({".github/CODEOWNERS": owners, "src/a/f": "0"}, author=BEN, at=day(0))
    for number, path in enumerate(["src/b/f", "src/b/f", "src/a/f", "src/b/f"], start=1):
        history.commit({path: f"{number}"}, author=ANA, at=day(number))
    teams = {"source": "CODEOWNERS", "members": str(table)}
    work = labelled(history, tmp_path, teams=teams)
    found = [work.teams[t] if t >= 0 else "" for t in work.sets["author_team"]]

    assert found == ["", "one", "one", "two", "one"]
