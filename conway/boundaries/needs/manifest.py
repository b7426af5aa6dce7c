"""One manifest as every reader here returns it.

In:  nothing.
Out: ``Manifest`` and ``Need``; paths relative to the repository.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Literal

Strength = Literal["", " dev"]


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a manifest needs: by name, or by folder where ``folder`` is true."""

    target: str
    dev: bool = False
    folder: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one manifest provides and needs.

    Attributes
    ----------
    kind
        Whose names they are, such as ``npm``.
    place
        A path within the folder that it speaks for; empty where only names are known.
    provides
        The names by which others need it.
    needs
        In order of the file.
    named
        Names of which the first that a service has is the one that it speaks for; they go
        before the place.
    """

    kind: str
    place: str
    provides: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    named: tuple[str, ...] = ()


def near(path: str, relative: str) -> str | None:
    r"""Return the folder that a manifest at ``path`` means, None if outside the repository.

    Examples
    --------
    >>> near("a/b/package.json", "../c"), near("a/x.csproj", "..\\d\\d.csproj")
    ('a/c', 'd/d.csproj')
    >>> near("package.json", "../c") is None
    True
    """
    joined = posixpath.join(posixpath.dirname(path), relative.replace("\\", "/"))
    found = posixpath.normpath(joined)
    return None if found.startswith(("..", "/")) else found


def by_folder(path: str, relative: str, *, dev: bool = False) -> tuple[Need, ...]:
    """Return the need of a folder, nothing if it is outside the repository."""
    found = near(path, relative)
    return () if found is None else (Need(found, dev, folder=True),)
