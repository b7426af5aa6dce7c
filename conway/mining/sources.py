"""Where a repository is: what a user may pass, and what conway calls it.

In:  paths of work trees, bare directories and bundles, URLs, or ``pydriller.Repository``.
Out: one ``Source`` each, named after the last part of its path, no two alike.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from conway.display import visible
from conway.errors import RepositoryError, problems
from conway.mining.hardening import without_secrets
from conway.mining.pydriller_arguments import arguments_of, is_pydriller
from conway.mining.urls import is_url, last_part, protocol_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pydriller

    from conway.mining.pydriller_arguments import Dates

    Repository: TypeAlias = str | os.PathLike[str] | pydriller.Repository

_BUNDLE = (b"# v2 git bundle", b"# v3 git bundle")


@dataclass(frozen=True, slots=True)
class Source:
    """One repository to read.

    Attributes
    ----------
    name
        Last part of its path without ``.git`` or ``.bundle``.
    path
        Where it is, absolute; for a URL its last part.
    kind
        A git directory (also that of a work tree), a bundle file, or a URL.
    dates
        The dates that a ``pydriller.Repository`` asked for.
    url
        What the user typed; it may hold a password and is never shown as it is.
    """

    name: str
    path: Path
    kind: Literal["directory", "bundle", "url"]
    dates: Dates | None = None
    url: str | None = field(default=None, repr=False)


def resolve(repositories: Sequence[Repository]) -> tuple[Source, ...]:
    """Return the sources of all repositories, ordered by name.

    Raises
    ------
    RepositoryError
        If one is not there, is not a repository, or two have one name; the message
        lists every fault.
    """
    if not repositories:
        raise RepositoryError("no repository was given; pass a path to at least one")
    found: list[Source] = []
    faults: list[str] = []
    for repository in repositories:
        try:
            found.extend(_sources(repository))
        except RepositoryError as fault:
            faults.append(str(fault))
    faults.extend(_collisions(found))
    if faults:
        raise RepositoryError(faults[0] if len(faults) == 1 else problems("repositories", faults))
    return tuple(sorted(found, key=lambda source: source.name))


def name_of(path: Path) -> str:
    """Return the name of the repository at a path.

    Examples
    --------
    >>> name_of(Path("work/billing.git")), name_of(Path("work/billing/.git"))
    ('billing', 'billing')
    """
    last = path.parent.name if path.name == ".git" else path.name
    stem = last.removesuffix(".bundle").removesuffix(".git")
    return visible(os.fsencode(stem or last).decode("utf-8", "backslashreplace"))


def _sources(repository: Repository) -> list[Source]:
    if is_pydriller(repository):
        paths, dates = arguments_of(repository)
        return [_source(path, dates=dates) for path in paths]
    return [_source(os.fspath(repository), dates=None)]


def _source(given: str, *, dates: Dates | None) -> Source:
    if is_url(given):
        return _remote(given, dates=dates)
    shown = visible(without_secrets(given))
    try:
        path = Path(given).expanduser().absolute()
        if not path.exists():
            raise RepositoryError(f"{shown}: there is no such path; check how it is spelt")
        name = name_of(path if path.name not in {"", ".."} else path.resolve())
        path = path.resolve()
    except (OSError, RuntimeError, ValueError) as fault:
        raise RepositoryError(f"{shown}: this is no path: {visible(str(fault))}") from fault
    if path.is_dir():
        return Source(name, path, "directory", dates)
    if path.is_file() and _begins_like_a_bundle(path):
        return Source(name, path, "bundle", dates)
    raise RepositoryError(
        f"{shown}: this is not a git repository; pass a work tree, a bare directory or a bundle"
    )


def _remote(url: str, *, dates: Dates | None) -> Source:
    if protocol_of(url) is None:
        raise RepositoryError(
            f"{visible(without_secrets(url))}: only URLs that begin with https:// or ssh:// (or "
            "user@host:path) are read; clone it with `git clone --bare` and pass the clone"
        )
    part = Path(last_part(url))
    return Source(name_of(part), part, "url", dates, url)


def _begins_like_a_bundle(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(32).startswith(_BUNDLE)


def _shown(source: Source) -> str:
    return visible(without_secrets(source.url or str(source.path)))


def _collisions(found: Sequence[Source]) -> list[str]:
    count = Counter(source.name for source in found)
    return [
        f"{times} repositories are called '{name}' "
        f"({', '.join(_shown(one) for one in found if one.name == name)}); "
        "rename all but one, or link to it under another name"
        for name, times in sorted(count.items())
        if times > 1
    ]
