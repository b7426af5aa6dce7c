from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conway.boundaries.requirements import Requirement
from conway.boundaries.team_names import team_names
from conway.boundaries.team_sources import in_repositories, ownership_of
from conway.config import TeamsTable
from conway.errors import BoundariesError
from tests.boundaries.histories import histories_of, history_of

if TYPE_CHECKING:
    from conway.boundaries.ownership import FileOwnership
    from conway.history.record import History


def read(history: History, *, source: str = "CODEOWNERS", **teams: Any) -> FileOwnership:  # noqa: ANN401 - TOML
    """Read the ownership files of a history."""
    return in_repositories(history, TeamsTable(**teams), source=source)


HISTORY = history_of(
    {"a/x": "1"},
    {"CODEOWNERS": "/a/ @acme/web\n"},
    {"a/x": "2"},
    {".github/CODEOWNERS": "/a/ @acme/ops @acme/web\n"},
    {".github/CODEOWNERS": None},
    {"CODEOWNERS": None},
)


@pytest.mark.parametrize(
    ("position", "owners"),
    [
        (0, set()),
        (1, set()),
        (2, {"web"}),
        (3, {"web"}),
        (4, {"ops", "web"}),
        (5, {"web"}),
        (6, set()),
    ],
)
def test_a_change_is_judged_by_its_first_parent(position: int, owners: set[str]) -> None:
    """Version 0 before the first file; `.github/` goes before the root; a deletion ends it."""
    ownership = read(HISTORY)
    version = ownership.version("shop", parent_position=position - 1, time=0)

    asked = ownership.requirements("shop", version, "a/x", None)
    assert asked == ((Requirement(frozenset(owners), "/a/"),) if owners else ())
    assert ownership.requirements("shop", version, "b", None) == ()


def test_several_repositories() -> None:
    """Each has its own file; a rule is named with its repository; what is absent is said."""
    history = histories_of({"bank": [{"CODEOWNERS": "* @acme/b"}], "shop": [{"x": ""}]})
    ownership = read(history)

    assert [one.rule for one in ownership.requirements("bank", 1, "x", None)] == ["bank:*"]
    assert ownership.version("shop", parent_position=5, time=0) == 0
    assert ownership.notes == ("no CODEOWNERS in shop",)


def test_individuals_are_numbered_and_mapped() -> None:
    """No login and no e-mail address in any name; handles ignore case."""
    owners = ["@acme/web", "@Octocat", "dev@example.com", "@octocat", "@other", "@ACME/Web"]

    names = team_names(owners, mapping={"other": "ops"})

    assert [names.of(owner) for owner in owners] == [
        "web",
        "individual owner 1",
        "individual owner 2",
        "individual owner 1",
        "ops",
        "web",
    ]
    assert names.individuals == 2


def test_organisations_are_shown_where_there_are_two() -> None:
    """Teams of one organisation go by their own name."""
    names = team_names(["@acme/web", "@emca/web"], mapping={"@emca/web": "partners"})

    assert [names.of("@acme/web"), names.of("@emca/web")] == ["acme/web", "partners"]
    assert [names.called(text) for text in ("Acme/Web", "@acme/web", "else")] == [
        "acme/web",
        "acme/web",
        "else",
    ]


def test_a_mapping_of_nobody_is_a_fault() -> None:
    """It would silently do nothing."""
    with pytest.raises(BoundariesError, match="which no ownership file names"):
        team_names(["@acme/web"], mapping={"@acme/wbe": "x"})


def test_a_catch_all_tells_no_teams_apart() -> None:
    """One owner for everything, even if another one before; but two repositories do."""
    one = history_of({"CODEOWNERS": "* @acme/a"}, {"CODEOWNERS": "* @acme/b"})
    two = histories_of({"x": [{"CODEOWNERS": "* @acme/a"}], "y": [{"CODEOWNERS": "* @acme/b"}]})

    assert read(one).catch_all
    assert not read(two).catch_all
    assert not read(HISTORY).catch_all


def test_no_file_that_names_an_owner() -> None:
    """Says where it looked."""
    with pytest.raises(BoundariesError, match=r"\.github/CODEOWNERS, CODEOWNERS, docs/CODEOWN"):
        ownership_of(
            TeamsTable(source="CODEOWNERS"),
            history_of({"CODEOWNERS": "/a/\n"}),
            services=None,
            folder=Path(),
        )


def test_skipped_lines_are_noted_by_number() -> None:
    """Of the newest version; nobody is named."""
    history = history_of({"CODEOWNERS": "* @acme/a\n!x @octocat\n[b] @octocat\n"})

    (note,) = read(history).notes

    assert "CODEOWNERS of shop: line 2, line 3 skipped" in note
    assert "octocat" not in note
