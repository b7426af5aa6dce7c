"""Looks at a repository's files before git does, without following anything.

In:  the path of a directory that a user passed.
Out: its git directory and its common directory, both safe to borrow objects from; or a
     ``RepositoryError``. FIFOs and devices hang git for ever, and a symbolic link or an
     alternate may lead into somebody else's objects: all of these are refused.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import RepositoryError

if TYPE_CHECKING:
    from collections.abc import Iterator

_WATCHED = (
    "HEAD", "commondir", "config", "gitdir", "index", "objects", "packed-refs", "refs", "shallow",
)  # fmt: skip
_LARGEST = 64 << 20
_DEEPEST = 5
_MOST_BORROWED = 100


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a checked repository are.

    Attributes
    ----------
    directory
        The git directory: HEAD stands here.
    common
        The directory of refs and objects; another one for linked work trees.
    objects
        The object directory and all it borrows from.
    """

    directory: Path
    common: Path
    objects: tuple[Path, ...]


def look_at(path: Path) -> Layout:
    """Return the layout of the repository at ``path``.

    Raises
    ------
    RepositoryError
        If there is none, or a file in it is not what it should be.
    """
    directory = _git_directory(path)
    common = _common(directory)
    for name in _WATCHED:
        _check(directory / name, inside=directory)
        _check(common / name, inside=common)
    if not (common / "objects").is_dir() or not (directory / "HEAD").is_file():
        raise _no_repository(path)
    _check_objects(common / "objects", inside=common)
    return Layout(directory, common, tuple(_with_alternates(common)))


def text_of(file: Path, *, inside: Path) -> bytes:
    """Return a small regular file's content, empty where there is none."""
    _check(file, inside=inside)
    try:
        if file.stat().st_size > _LARGEST:
            raise RepositoryError(f"{visible(str(file))}: this file is too large to be git's")
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return b""
    except PermissionError as fault:
        raise RepositoryError(
            f"{visible(str(file))}: you may not read this file; ask its owner, or clone the "
            "repository and pass the clone"
        ) from fault


def _git_directory(path: Path) -> Path:
    marker = path / ".git"
    mode = _mode(marker)
    if mode is not None and stat.S_ISLNK(mode):
        raise RepositoryError(
            f"{visible(str(marker))}: this is a symbolic link; pass the directory it points to"
        )
    if mode is not None and stat.S_ISREG(mode):
        line = text_of(marker, inside=path).strip()
        target = path / os.fsdecode(line.removeprefix(b"gitdir:").strip())
        if not line.startswith(b"gitdir:") or not target.is_dir():
            raise RepositoryError(
                f"{visible(str(marker))}: the git directory that it names is not there; run "
                "`git worktree repair` in the main work tree, or pass the main work tree"
            )
        return _answering(target.resolve(), marker=marker)
    if mode is not None and stat.S_ISDIR(mode):
        return marker
    if _mode(path / "HEAD") is not None and _mode(path / "objects") is not None:
        return path
    if _mode(path / "commondir") is not None and _mode(path / "HEAD") is not None:
        return path
    raise _no_repository(path)


def _answering(directory: Path, *, marker: Path) -> Path:
    """Return the directory that a ``.git`` file names, if it names the work tree in turn.

    Anybody can write a file that points at somebody else's repository.
    """
    back = text_of(directory / "gitdir", inside=directory).strip()
    if back and _plainly(directory, back) == marker.resolve():
        return directory
    modules = (above / ".git" / "modules" for above in marker.parents[1:])
    if any(directory.is_relative_to(folder.resolve()) for folder in modules):
        return directory
    raise RepositoryError(
        f"{visible(str(marker))}: it names {visible(str(directory))}, which does not name this "
        "work tree; pass that directory itself if it is the one you mean"
    )


def _plainly(folder: Path, named: bytes) -> Path:
    """Return where a line leads: ``..`` first, links then, in git's order."""
    return Path(os.path.normpath(folder / os.fsdecode(named))).resolve()


def _no_repository(path: Path) -> RepositoryError:
    return RepositoryError(
        f"{visible(str(path))}: this is not a git repository; pass a work tree (the folder that "
        "holds .git), a bare directory or a bundle"
    )


def _common(directory: Path) -> Path:
    named = text_of(directory / "commondir", inside=directory).strip()
    if not named:
        return directory
    common = (directory / os.fsdecode(named)).resolve()
    if not directory.is_relative_to(common):
        raise RepositoryError(
            f"{visible(str(directory / 'commondir'))}: it leads out of the repository; pass the "
            "main work tree instead"
        )
    return common


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None


def _check(path: Path, *, inside: Path) -> None:
    """Refuse what is neither file nor directory, and links that leave the repository."""
    mode = _mode(path)
    if mode is None:
        return
    if stat.S_ISLNK(mode):
        if not path.resolve().is_relative_to(inside.resolve()):
            raise RepositoryError(
                f"{visible(str(path))}: this symbolic link leaves the repository; clone the "
                "repository with `git clone --no-local --bare` and pass the clone"
            )
        mode = path.stat().st_mode if path.exists() else stat.S_IFREG
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise RepositoryError(
            f"{visible(str(path))}: this is neither a file nor a directory, and git would hang "
            "on it; remove it, or pass a clean clone"
        )


def _check_objects(objects: Path, *, inside: Path) -> None:
    for entry in _entries(objects):
        _check_entry(entry, inside=inside)
        if entry.is_dir():  # also behind a link, which stays inside: git follows it too
            for inner in _entries(Path(entry.path)):
                _check_entry(inner, inside=inside)


def _entries(directory: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(directory) as entries:
        yield from entries


def _check_entry(entry: os.DirEntry[str], *, inside: Path) -> None:
    if not _is_plain(entry):
        _check(Path(entry.path), inside=inside)


def _is_plain(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)


def _with_alternates(common: Path) -> Iterator[Path]:
    """Yield the object directory and those it borrows from, all within the repository."""
    seen: list[Path] = []
    level = [common / "objects"]
    for _depth in range(_DEEPEST + 1):
        if not level:
            break
        seen.extend(level)
        level = [other for objects in level for other in _alternates(objects, inside=common)]
        level = [objects for objects in level if objects not in seen]
    yield from seen


def _alternates(objects: Path, *, inside: Path) -> Iterator[Path]:
    """Yield what an object directory borrows from, each line read as git reads it."""
    named = objects / "info" / "alternates"
    lines = text_of(named, inside=inside).split(b"\n")
    if len(lines) > _MOST_BORROWED or any(line.startswith(b'"') for line in lines):
        raise RepositoryError(
            f"{visible(str(named))}: this file has quoted or too many lines; run "
            "`git repack -a -d` in the repository and remove it"
        )
    for line in lines:
        if not line or line.startswith(b"#"):
            continue
        other = _plainly(objects.resolve(), line)
        if not other.is_relative_to(inside.resolve()):
            raise RepositoryError(
                f"{visible(str(named))}: this repository borrows objects from "
                f"{visible(str(other))}, outside of it; run `git repack -a -d` in it and remove "
                "that file, or pass a clone made with `git clone --no-local --bare`"
            )
        if other.is_dir():
            _check_objects(other, inside=inside)
            yield other
