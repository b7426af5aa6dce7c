from __future__ import annotations

import pytest

from conway.boundaries.dialects.places import dialect_for
from conway.boundaries.owners import owners_of
from conway.boundaries.team_sources import in_repositories
from conway.config import TeamsTable
from tests.boundaries.histories import histories_of, history_of

TEXT = "[A] @acme/a\n*.py\n[B] @acme/b\n*.py\n"


@pytest.mark.parametrize(
    ("paths", "named", "dialect"),
    [
        (["CODEOWNERS"], None, "github"),
        (["CODEOWNERS"], "gitlab", "gitlab"),
        (["CODEOWNERS", ".gitlab/CODEOWNERS"], None, "gitlab"),
        ([".github/CODEOWNERS", ".gitlab/CODEOWNERS"], None, "github"),
        ([".bitbucket/CODEOWNERS"], None, "bitbucket"),
        ([".bitbucket/teams.yaml"], None, "github"),
    ],
)
def test_the_folder_tells_the_dialect(paths: list[str], named: str | None, dialect: str) -> None:
    """Unless the configuration does."""
    assert dialect_for("CODEOWNERS", paths, named=named).name == dialect


def test_each_repository_has_its_own_dialect() -> None:
    """One on GitLab, one on GitHub, where the same text has no valid line."""
    history = histories_of(
        {"hub": [{".github/CODEOWNERS": TEXT}], "lab": [{".gitlab/CODEOWNERS": TEXT}]}
    )
    ownership = in_repositories(history, TeamsTable(), source="CODEOWNERS")

    assert [
        [(sorted(one.teams), one.rule) for one in ownership.requirements(name, 1, "x.py", None)]
        for name in ("hub", "lab")
    ] == [[], [(["a"], "lab:[A] *.py"), (["b"], "lab:[B] *.py")]]


def test_folders_files_hold_from_their_change_on() -> None:
    """OWNERS as of each commit: one appears, one changes, one goes."""
    history = history_of(
        {"OWNERS": "approvers: [x]\n", "OWNERS_ALIASES": "aliases:\n  x: []\n  y: []\n"},
        {"a/OWNERS": "approvers: [y]\noptions: {no_parent_owners: true}\n"},
        {"b": ""},
        {"a/OWNERS": None},
    )
    ownership = in_repositories(history, TeamsTable(), source="OWNERS")
    versions = [ownership.version("shop", parent_position=at, time=0) for at in range(-1, 4)]

    assert versions == [0, 1, 2, 2, 3]
    assert [
        sorted(team for one in ownership.requirements("shop", v, "a/f", None) for team in one.teams)
        for v in versions
    ] == [[], ["x"], ["y"], ["y"], ["x"]]


def test_owners_of_a_gitlab_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of each section; the caller sees all."""
    texts = {".gitlab/CODEOWNERS": TEXT}
    monkeypatch.setattr("conway.mining.ownership_files.read_at", lambda *_, **__: texts)

    assert owners_of("repo", ["x.py", "x"]) == {"x.py": ["@acme/a", "@acme/b"], "x": []}
