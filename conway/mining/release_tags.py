"""Release tags: what they name, when, and the newest change that each contains.

In:  the tags of a mirror and the walk over its mainline.
Out: rows of the schema ``RELEASES``, sorted by tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from conway.display import visible
from conway.mining.commits import parse_commit, parse_signature
from conway.mining.objects import read_objects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conway.mining.mirror import Mirror
    from conway.mining.objects import Stored

_NUMBER = r"\d+(?:\.\d+)*(?:[-+.]?[0-9A-Za-z][0-9A-Za-z.+-]*)?"
_FORMS = (
    re.compile(rf"^(?P<target>@[^/@]+/[^@]+|[^@]+)@v?(?P<version>{_NUMBER})$"),
    re.compile(rf"^(?P<target>.+)/v?(?P<version>{_NUMBER})$"),
    re.compile(rf"^(?:release|rel|version|ver)[_/-]?v?(?P<version>{_NUMBER})$", re.IGNORECASE),
    re.compile(rf"^v?(?P<version>{_NUMBER})$"),
    re.compile(rf"^(?P<target>.+?)[-_]v(?P<version>{_NUMBER})$"),
    re.compile(r"^(?P<target>.+?)[-_](?P<version>\d+\.\d+(?:\.\d+)*(?:-[0-9A-Za-z.]+)?)$"),
)
_GENERIC = frozenset({"release", "releases", "rel", "version", "versions", "ver", "tag", "tags"})
_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NESTED = 10


class Tag(NamedTuple):
    """A tag that peels to a commit."""

    name: str
    commit: str
    time: int


def parse_tag(tag: str) -> tuple[str | None, str | None]:
    """Return the service or package and the version that a tag names.

    Examples
    --------
    >>> parse_tag("@scope/cart@1.2.0"), parse_tag("release_241"), parse_tag("cart/v3")
    (('@scope/cart', '1.2.0'), (None, '241'), ('cart', '3'))
    """
    for form in _FORMS:
        found = form.match(tag)
        if found:
            target = found.groupdict().get("target")
            generic = target is not None and target.casefold() in _GENERIC
            return (None if generic else target), found["version"]
    return None, None


def read_tags(mirror: Mirror) -> list[Tag]:
    """Return the tags that peel to a commit, sorted by name."""
    listed = mirror.git.run("for-each-ref", "--format=%(objectname) %(refname:strip=2)",
                            "refs/tags/")  # fmt: skip
    pairs = [line.partition(b" ") for line in listed.split(b"\n") if line]
    refs = {visible(name.decode("utf-8", "backslashreplace")): oid.decode("ascii")
            for oid, _, name in pairs}  # fmt: skip
    objects = _peeled(mirror, sorted(set(refs.values())))
    tags: list[Tag] = []
    for name, oid in sorted(refs.items()):
        found = _commit_of(oid, objects)
        if found is not None:
            tags.append(Tag(name, *found))
    return tags


def rows(
    repository: str, tags: Sequence[Tag], *, newest: Mapping[str, str | None]
) -> list[tuple[object, ...]]:
    """Return the releases table's rows."""
    return [
        (repository, tag.name, tag.commit, newest.get(tag.commit), tag.time, *parse_tag(tag.name))
        for tag in tags
    ]


def newest_contained(
    commits: Sequence[str], *, parents: Mapping[str, Sequence[str]], positions: Mapping[str, int]
) -> dict[str, int | None]:
    """Return the highest mainline position among each commit's ancestors, itself included.

    One pass for all commits: ancestors beyond the nearest mainline commit are older.
    """
    best: dict[str, int | None] = {}
    stack = [(commit, False) for commit in commits]
    while stack:
        commit, ready = stack.pop()
        if commit in positions:
            best[commit] = positions[commit]
        elif ready:
            reached = [best.get(parent) for parent in parents.get(commit, ())]
            best[commit] = max((p for p in reached if p is not None), default=None)
        elif commit not in best:
            best[commit] = None
            stack.append((commit, True))
            stack.extend((parent, False) for parent in parents.get(commit, ()))
    return {commit: best[commit] for commit in commits}


def graph_of(mirror: Mirror, commits: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the parents of all commits that some commits reach; raises ``GitFailure``."""
    given = "".join(f"{commit}\n" for commit in sorted(set(commits))).encode("ascii")
    listed = mirror.git.run("rev-list", "--parents", "--stdin", given=given)
    lines = (line.split(" ") for line in listed.decode("ascii").splitlines())
    return {commit: tuple(parents) for commit, *parents in lines}


def _peeled(mirror: Mirror, oids: Sequence[str]) -> Mapping[str, Stored]:
    objects: dict[str, Stored] = {}
    front = list(oids)
    for _level in range(_NESTED):
        for stored in read_objects(mirror.git, front):
            objects[stored.oid] = stored
        targets = {_target(objects[oid]) for oid in front if objects[oid].kind == "tag"}
        front = sorted(oid for oid in targets if oid and oid not in objects)
        if not front:
            break
    return objects


def _target(tag: Stored) -> str:
    line = tag.content.split(b"\n", 1)[0].removeprefix(b"object ").decode("ascii", "replace")
    return line if _OID.fullmatch(line) else ""


def _commit_of(oid: str, objects: Mapping[str, Stored]) -> tuple[str, int] | None:
    time: int | None = None
    for _level in range(_NESTED):
        stored = objects.get(oid)
        if stored is None:
            return None
        if stored.kind == "commit":
            own = parse_commit(oid, stored.content).committer.time
            return oid, own if time is None else time
        if stored.kind != "tag":
            return None
        time = _tagger_time(stored) if time is None else time
        oid = _target(stored)
    return None


def _tagger_time(tag: Stored) -> int | None:
    for line in tag.content.partition(b"\n\n")[0].split(b"\n"):
        if line.startswith(b"tagger "):
            tagger = parse_signature(line.removeprefix(b"tagger "))
            return tagger.time if tagger.valid else None
    return None
