"""One change before it is merged, from paths and from a repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conway.assessment.check_change import check_change, file_approvals
from conway.boundaries.requirements import Requirement
from conway.config import TeamsTable
from conway.errors import BoundariesError, RepositoryError
from conway.mining.changed_paths import Changed, changed_paths
from sample_repos import ANA, History
from tests.cli_runs import two_services

if TYPE_CHECKING:
    from pathlib import Path

    from conway.assessment.check_change import Approvals

ASKED = {"a": "1|2", "b": "2|3", "c": "3", "free": ""}


def approvals(asked: dict[str, str]) -> Approvals:
    """Return who may approve each path: alternatives by ``|``."""

    def needs(path: str) -> tuple[Requirement, ...]:
        teams = frozenset(team for team in asked[path].split("|") if team)
        return (Requirement(teams, f"/{path}"),) if teams else ()

    return needs


def change(*paths: str) -> Changed:
    """Return a change of these paths."""
    return Changed("repo", "b" * 40, "a" * 40, paths)


def test_files_add_up_and_owners_are_alternatives() -> None:
    """{1|2}, {2|3}, {3} need two teams: 3 and one of 1 and 2; a free path needs nobody."""
    found = check_change(change("a", "b", "c", "free"), approvals(ASKED))

    assert found.teams == 2
    assert found.needed == (("1", "3"), ("2", "3"))
    assert found.unowned == ("free",)
    assert [(rule.rule, rule.teams, rule.paths) for rule in found.rules] == [
        ("/a", ("1", "2"), ("a",)), ("/b", ("2", "3"), ("b",)), ("/c", ("3",), ("c",)),
    ]  # fmt: skip


def test_the_authors_team_is_in_the_set() -> None:
    """A team that owns nothing here adds itself; one that owns a file meets it."""
    needs = approvals(ASKED)

    assert check_change(change("a", "b", "c"), needs, team="9").teams == 3
    assert check_change(change("a", "b", "c"), needs, team="2").needed == (("2", "3"),)


@pytest.mark.parametrize(("most", "broken"), [(None, False), (2, False), (1, True)])
def test_the_limit_of_teams(most: int | None, broken: bool) -> None:  # noqa: FBT001
    """Two teams are too many for a limit of one."""
    found = check_change(change("a", "c"), approvals(ASKED), most=most)

    assert found.is_broken is broken
    assert ("broken: 2 teams, the limit is 1" in found.explain()) is broken


def test_nobody_owns_anything() -> None:
    """No team is needed."""
    found = check_change(change("free"), approvals(ASKED), most=0)

    assert (found.teams, found.is_broken) == (0, False)
    assert found.explain().startswith("1 files need 0 teams: nobody")


def test_the_json_of_a_change() -> None:
    """Under the same version as limits; plain values."""
    document = json.loads(json.dumps(check_change(change("c"), approvals(ASKED), most=0).to_json()))

    assert (document["schema"], document["broken"]) == ("conway.check/1", 1)
    assert document["needed"] == [["3"]]
    assert document["rules"] == [{"rule": "/c", "teams": ["3"], "paths": ["c"]}]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose last change adds, renames and gives itself an owner."""
    history: History = two_services(20)
    history.commit({"cart/x.py": "x = 1\n", "pay/y.py": "y\n"})
    history.commit(
        {
            "cart/x.py": None,
            "pay/x.py": "x = 1\n",
            "new/z.py": "z\n",
            "CODEOWNERS": "* @shop/new\n",
        },
        author=ANA,
    )
    return history.build(tmp_path_factory.mktemp("change") / "shop")


def test_both_sides_of_a_rename_count(shop: Path) -> None:
    """Paths that were deleted, added or changed, in order."""
    found = changed_paths(shop, base="HEAD~1", head="HEAD")

    assert found.repository == "shop"
    assert found.paths == ("CODEOWNERS", "cart/x.py", "new/z.py", "pay/x.py")


def test_a_change_cannot_approve_itself(shop: Path) -> None:
    """The rules are those before it: cart is web's, pay is money's, new is nobody's."""
    changed = changed_paths(shop, base="HEAD~1", head="HEAD")
    needs = file_approvals(shop, at=changed.base, teams=TeamsTable())

    found = check_change(changed, needs)

    assert found.needed == (("money", "web"),)
    assert found.unowned == ("new/z.py",)


def test_teams_are_mapped(shop: Path) -> None:
    """[teams.map] renames a team here too."""
    changed = changed_paths(shop, base="HEAD~1", head="HEAD")
    teams = TeamsTable(map={"@shop/money": "payments", "@gone/team": "x"})

    found = check_change(changed, file_approvals(shop, at=changed.base, teams=teams))

    assert found.needed == (("payments", "web"),)


def test_owners_by_service_cannot_be_asked(shop: Path) -> None:
    """A table says nothing of single files: the message says what can be read."""
    with pytest.raises(BoundariesError, match="owners by service"):
        file_approvals(shop, at="HEAD", teams=TeamsTable(owners={"cart": ("web",)}))


def test_an_unknown_revision_is_said(shop: Path) -> None:
    """With the branches that there are."""
    with pytest.raises(RepositoryError, match="no commit called 'gone'"):
        changed_paths(shop, base="gone", head="HEAD")
