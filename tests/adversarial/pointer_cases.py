"""Repositories that point at somebody else's: pointers, common directories, alternates.

In:  a laboratory.
Out: ``CASES``. Plain git shows the secret of the other repository; conway refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.adversarial.cases import Case, as_clean, refused
from tests.mining.repositories import Story, git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.adversarial.lab import Lab


def _private(lab: Lab) -> Path:
    """Make somebody else's repository with a secret in it."""
    story = Story()
    story.commit({"secret.txt": "secret\n"})
    return lab.repository(story, "victim/private.git")


def _pointer(text: str) -> Callable[[Lab], Path]:
    """Plant a work tree whose ``.git`` is a file."""

    def plant(lab: Lab) -> Path:
        _private(lab)
        place = lab.folder / "hostile"
        place.mkdir()
        (place / ".git").write_text(text.format(private=lab.victim / "private.git"))
        return place

    return plant


def _git_is_link(lab: Lab) -> Path:
    place = lab.folder / "hostile"
    place.mkdir()
    (place / ".git").symlink_to(_private(lab))
    return place


def _common(text: str) -> Callable[[Lab], Path]:
    """Plant a git directory whose refs and objects are said to be elsewhere."""

    def plant(lab: Lab) -> Path:
        private = _private(lab)
        place = lab.bare()
        (place / "commondir").write_text(text.format(private=private))
        return place

    return plant


def _alternates(*lines: str, keep: bool = False) -> Callable[[Lab], Path]:
    """Plant a repository that borrows somebody else's objects and points HEAD at them."""

    def plant(lab: Lab) -> Path:
        private = _private(lab)
        place = lab.bare()
        named = place / "objects" / "info" / "alternates"
        named.parent.mkdir(exist_ok=True)
        text = "\n".join(lines).format(private=private, up="../../victim/private.git", place=place)
        named.write_bytes(text.encode() + b"\n")
        if not keep:
            (place / "HEAD").write_text(git(private, "rev-parse", "main") + "\n")
        return place

    return plant


def _chained(lab: Lab) -> Path:
    """A repository inside borrows from one outside."""
    place = _alternates("../inner", keep=True)(lab)
    inner = place / "inner" / "info"
    inner.mkdir(parents=True)
    (inner / "alternates").write_text(f"{lab.victim}/private.git/objects\n")
    (place / "HEAD").write_text(git(lab.victim / "private.git", "rev-parse", "main") + "\n")
    return place


def _shows_secret(lab: Lab, place: Path) -> bool:
    return "secret.txt" in lab.says(place, "ls-tree", "HEAD")


def _reads_all(lab: Lab, place: Path) -> bool:
    return lab.plain(place, "log", "-1").returncode == 0


def _fails(lab: Lab, place: Path) -> bool:
    return lab.plain(place, "log", "-1").returncode != 0


_QUOTED = '"{private}/\\157bjects"'

CASES: tuple[Case, ...] = (
    Case("L03a", ".git is a file that names another repository",
         _pointer("gitdir: {private}\n"), _shows_secret, refused("does not name this work tree")),
    Case("L03b", ".git is a file that names itself", _pointer("gitdir: .git\n"), _fails,
         refused("is not there")),
    Case("L03c", ".git is a file with a NUL in it", _pointer("gitdir: a\0b\n"), _fails,
         refused("is not there|not as git writes")),
    Case("L03d", ".git is a file with a name of 5,000 letters", _pointer("gitdir: " + "x" * 5000),
         _fails, refused("not as git writes|is not there")),
    Case("L03e", ".git is a link to another repository", _git_is_link, _shows_secret,
         refused("symbolic link")),
    Case("L04a", "commondir names another repository", _common("{private}\n"), _shows_secret,
         refused("leads out of the repository")),
    Case("L04b", "commondir with a NUL", _common("a\0b\n"),
         lambda _lab, place: b"\0" in (place / "commondir").read_bytes(),
         refused("not as git writes|leads out")),
    Case("L05a", "alternates: an absolute path", _alternates("{private}/objects"), _shows_secret,
         refused("borrows objects")),
    Case("L05b", "alternates: a relative path", _alternates("{up}/objects"), _shows_secret,
         refused("borrows objects")),
    Case("L05c", "alternates: a quoted path", _alternates(_QUOTED), _shows_secret,
         refused("borrows objects|quoted")),
    Case("L05d", "alternates: through a repository inside", _chained, _shows_secret,
         refused("borrows objects")),
    Case("L05e", "alternates: a loop", _alternates("../objects", ".", keep=True), _reads_all,
         as_clean),
    Case("L05f", "alternates: a comment before it",
         _alternates("# nothing to see", "", "{private}/objects"), _shows_secret,
         refused("borrows objects")),
    Case("L05g", "alternates: a quoted path, then another on the same line",
         _alternates('"x" {private}/objects'), _shows_secret, refused("borrows objects|quoted")),
)  # fmt: skip
