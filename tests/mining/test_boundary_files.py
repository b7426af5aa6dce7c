"""Every version of ownership files and manifests, and what is not read of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.mining.boundary_files import LARGEST, is_boundary_file
from conway.mining.miner import mine_facts
from conway.mining.ownership_files import read_at
from tests.mining.repositories import Story

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "path",
    ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", "a/b/OWNERS", "web/package.json",
     "Dockerfile.dev", "x/compose.prod.yml", "docker-compose.yaml", "src/App.csproj", "x.gemspec",
     "build.gradle.kts", ".git-blame-ignore-revs"],
)  # fmt: skip
def test_paths_of_boundary_files(path: str) -> None:
    """Ownership files where forges look for them, manifests anywhere."""
    assert is_boundary_file(path)


@pytest.mark.parametrize("path", ["src/CODEOWNERS", "package.json.bak", "OWNERS.md", "a/go.sum"])
def test_paths_of_other_files(path: str) -> None:
    """A near miss is none."""
    assert not is_boundary_file(path)


def test_every_version_is_kept(tmp_path: Path) -> None:
    """Added, changed, renamed, merged and deleted; a link counts as absent."""
    text = "".join(f"/{number} @org/a\n" for number in range(9))
    story = Story()
    root = story.commit({"CODEOWNERS": text, "x": "1\n"})
    side = story.side({"CODEOWNERS": text + "/z @org/b\n"}, of=root)
    story.commit({"CODEOWNERS": text + "/z @org/b\n"}, parents=[root, side])
    story.commit(renames={"CODEOWNERS": "docs/CODEOWNERS"})
    story.commit({"docs/CODEOWNERS": ("120000", b"../x")})
    story.commit({"docs/CODEOWNERS": None})

    rows = mine_facts([story.build(tmp_path / "r.git")]).tables["boundary_files"]

    assert [(row.position, row.path, row.content if isinstance(row.content, str) else None)
            for row in rows.itertuples()] == [
        (0, "CODEOWNERS", text),
        (1, "CODEOWNERS", text + "/z @org/b\n"),
        (2, "CODEOWNERS", None),
        (2, "docs/CODEOWNERS", text + "/z @org/b\n"),
        (3, "docs/CODEOWNERS", None),
        (4, "docs/CODEOWNERS", None),
    ]  # fmt: skip


def test_a_file_that_is_too_large_is_noted(tmp_path: Path) -> None:
    """GitHub does not read it either."""
    story = Story()
    story.commit({"CODEOWNERS": "#" * (LARGEST + 1)})

    facts = mine_facts([story.build(tmp_path / "r.git")])

    assert facts.tables["boundary_files"]["content"].isna().all()
    assert "larger than" in facts.repositories[0].notes[0]


def test_text_that_is_not_utf8_is_kept(tmp_path: Path) -> None:
    r"""Bytes read ``\xNN``; a byte order mark goes."""
    story = Story()
    story.commit({"OWNERS": b"\xef\xbb\xbfapprovers:\n- \xe9\0\n"})

    rows = mine_facts([story.build(tmp_path / "r.git")]).tables["boundary_files"]

    assert rows["content"].tolist() == ["approvers:\n- \\xe9\0\n"]


def test_ownership_files_are_read_at_a_revision(tmp_path: Path) -> None:
    """At a tag, and now."""
    story = Story()
    story.tag("old", story.commit({"CODEOWNERS": "* @org/a\n", "package.json": "{}"}))
    story.commit({"CODEOWNERS": "* @org/b\n"})
    repository = story.build(tmp_path / "r.git")

    assert read_at(repository) == {"CODEOWNERS": "* @org/b\n"}
    assert read_at(repository, at="old") == {"CODEOWNERS": "* @org/a\n"}
