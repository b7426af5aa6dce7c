"""Opens a repository as a git directory of conway's own, which is safe to run git in.

In:  a ``Source`` and a scratch directory.
Out: a ``Mirror``: a shadow directory that borrows the objects of a local repository, or
     a clone whose objects were all checked and named anew: of a bundle, of a URL, or, where
     a local repository is not trusted, of its shadow. No config, hook, attribute, graft or
     replacement comes along; the repository is never written to.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import RepositoryError
from conway.mining.git import Git, GitFailure
from conway.mining.hardening import SETTINGS, without_secrets
from conway.mining.limits import Limits
from conway.mining.preflight import look_at, text_of
from conway.mining.refs import packed_text, read_refs, rewriting
from conway.mining.urls import protocol_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conway.mining.preflight import Layout
    from conway.mining.refs import Refs
    from conway.mining.sources import Source

_SHA256 = 64


@dataclass(frozen=True, slots=True)
class Mirror:
    """A git directory of our own, and what its repository is called.

    Attributes
    ----------
    name
        Name of the repository.
    git
        Runs git in it.
    shown
        The user's path, for messages.
    head_name
        The branch that HEAD is on, empty where it is detached.
    object_format
        ``sha1`` or ``sha256``.
    ignored
        What makes git show another history in that repository, and is not followed.
    """

    name: str
    git: Git
    shown: str
    head_name: str
    object_format: str
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tip:
    """The newest mainline commit: its id and the name that led to it."""

    oid: str
    ref: str


@contextmanager
def opened(
    source: Source, *, scratch: Path | None = None, untrusted: bool = False
) -> Iterator[Mirror]:
    """Open a repository for as long as the context lasts.

    Parameters
    ----------
    source
        Which one.
    scratch
        Where the git directory is made.
    untrusted
        Copy a local repository and name every object anew: forged ones are refused.

    Raises
    ------
    RepositoryError
        If it cannot be read, or not safely: not a repository, shallow, partial, damaged.
    """
    room = Path(tempfile.mkdtemp(prefix="conway-", dir=scratch))
    try:
        home = room / "home"
        home.mkdir()
        git = Git(room / "mirror.git", home, Limits())
        yield _open(source, git, untrusted=untrusted)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _open(source: Source, git: Git, *, untrusted: bool) -> Mirror:
    if source.kind == "url":
        return _fetched(source, git)
    if source.kind == "bundle":
        return _bundle(source, git)
    return _copied(source, git) if untrusted else _shadow(source, git)


def tip_of(mirror: Mirror, ref: str | None = None) -> Tip:
    """Return the commit that a name means, HEAD where none is given.

    Raises
    ------
    RepositoryError
        If the repository has no commit, or no such name.
    """
    name = ref or "HEAD"
    try:
        found = mirror.git.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
    except (GitFailure, ValueError) as fault:
        raise _no_tip(mirror, ref) from fault
    lines = found.split()
    return Tip(lines[-1].decode("ascii"), visible(ref or mirror.head_name or "HEAD"))


def _no_tip(mirror: Mirror, ref: str | None) -> RepositoryError:
    if ref is not None:
        known = [visible(name) for name in branch_names(mirror)]
        more = ", ..." if len(known) > 8 else ""  # noqa: PLR2004 - as many as one line holds
        return RepositoryError(
            f"{mirror.shown}: there is no commit called '{visible(ref)}'; "
            f"branches: {', '.join(known[:8]) or 'none'}{more}"
        )
    branches = branch_names(mirror)
    if mirror.head_name in map(visible, branches):
        return RepositoryError(
            f"{mirror.shown}: the newest commit of '{mirror.head_name}' is missing or damaged; "
            "run `git fsck` there and fetch what is missing, or pass a complete clone"
        )
    if branches:
        return RepositoryError(
            f"{mirror.shown}: HEAD is on '{mirror.head_name}', which has no commit; name the "
            f"mainline with ref=... or --ref (branches: {', '.join(map(visible, branches[:8]))})"
        )
    return RepositoryError(
        f"{mirror.shown}: this repository has no commit; commit something, or pass another one"
    )


def branch_names(mirror: Mirror) -> list[str]:
    """Return the names of the local branches, sorted."""
    out = mirror.git.run("for-each-ref", "--format=%(refname:strip=2)", "refs/heads/")
    return sorted(out.decode("utf-8", "backslashreplace").splitlines())


def _shadow(source: Source, git: Git) -> Mirror:
    try:
        layout = look_at(source.path)
        _refuse_incomplete(layout, shown=visible(str(source.path)))
        refs, ignored = read_refs(layout), rewriting(layout)
    except (OSError, RuntimeError, ValueError) as fault:
        raise RepositoryError(
            f"{visible(str(source.path))}: the files of this repository are not as git writes "
            f"them: {visible(str(fault))}; pass a clone made with `git clone --no-local --bare`"
        ) from fault
    some = refs.head or next(iter(refs.ids.values()), b"")
    object_format = "sha256" if len(some) == _SHA256 else "sha1"
    git.create(object_format=object_format)
    _borrow(layout, git=git, refs=refs)
    return Mirror(source.name, git, visible(str(source.path)), refs.head_name, object_format,
                  ignored)  # fmt: skip


def _borrow(layout: Layout, *, git: Git, refs: Refs) -> None:
    info = git.directory / "objects" / "info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "alternates").write_bytes(b"".join(_quoted(path) for path in layout.objects))
    (git.directory / "packed-refs").write_bytes(packed_text(refs))
    if refs.head is not None:
        (git.directory / "HEAD").write_bytes(refs.head + b"\n")
    _pin_attributes(git)


def _bundle(source: Source, git: Git) -> Mirror:
    shown = visible(str(source.path))
    try:
        git.clone(str(source.path))
        git.check()
    except GitFailure as fault:
        raise RepositoryError(
            f"{shown}: this bundle cannot be read: {visible(str(fault))}; make it anew with "
            "`git bundle create FILE --all` in a repository where `git fsck` finds nothing"
        ) from fault
    return _own(source, git, shown=shown)


def _copied(source: Source, git: Git) -> Mirror:
    """Clone the shadow of a local repository: no git ever runs in the repository itself."""
    shadow = replace(git, directory=git.directory.with_name("shadow.git"))
    local = _shadow(source, shadow)
    _settle(shadow)
    try:
        git.clone(str(shadow.directory))
    except GitFailure as fault:
        raise RepositoryError(
            f"{local.shown}: the objects of this repository are not what their names say: "
            f"{visible(str(fault))}; run `git fsck --full` there, or clone it again"
        ) from fault
    return replace(_own(source, git, shown=local.shown), ignored=local.ignored)


def _fetched(source: Source, git: Git) -> Mirror:
    url = source.url or ""
    shown = visible(without_secrets(url))
    try:
        git.fetch(url, protocol=protocol_of(url) or "none")
    except GitFailure as fault:
        raise RepositoryError(
            f"{shown}: this URL cannot be cloned: {visible(without_secrets(str(fault)))}; try "
            "`git clone --bare` with it, and pass the path of the clone"
        ) from fault
    return _own(source, git, shown=shown)


def _own(source: Source, git: Git, *, shown: str) -> Mirror:
    """Describe a clone of ours, whose objects git has named anew."""
    _pin_attributes(git)
    head = (git.directory / "HEAD").read_text(encoding="utf-8", errors="backslashreplace").strip()
    sha256 = git.run("rev-parse", "--show-object-format").strip() == b"sha256"
    name = head.removeprefix("ref: refs/heads/") if head.startswith("ref:") else ""
    return Mirror(source.name, git, shown, visible(name), "sha256" if sha256 else "sha1")


def _settle(shadow: Git) -> None:
    """Write our settings where the other side of a clone reads them."""
    with (shadow.directory / "config").open("a", encoding="utf-8") as config:
        for name, value in SETTINGS.items():
            section, key = name.split(".")
            config.write(f"[{section}]\n\t{key} = {value}\n")


def _pin_attributes(git: Git) -> None:
    """Diff every file as git would without attributes, whatever version of git runs."""
    info = git.directory / "info"
    info.mkdir(exist_ok=True)
    (info / "attributes").write_text("* !diff !text !filter !merge !eol\n", encoding="ascii")


def _quoted(path: Path) -> bytes:
    raw = bytes(path)
    if b"\n" not in raw and not raw.startswith((b'"', b"#")):
        return raw + b"\n"
    escaped = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"\n'


def _refuse_incomplete(layout: Layout, *, shown: str) -> None:
    if text_of(layout.common / "shallow", inside=layout.common).strip():
        raise RepositoryError(
            f"{shown}: this is a shallow clone, its history is cut off; run "
            "`git fetch --unshallow` in it, or clone it without --depth"
        )
    packs = layout.common / "objects" / "pack"
    if packs.is_dir() and any(packs.glob("*.promisor")):
        raise RepositoryError(
            f"{shown}: this is a partial clone, file contents are missing; run "
            "`git fetch --refetch --no-filter` in it, or clone it without --filter"
        )
