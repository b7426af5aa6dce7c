"""Turns a block of mainline changes into rows.

In:  the steps of a block, and a mirror to read them from.
Out: rows of every table that grows with history, in mainline order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.display import visible
from conway.mining.boundary_files import versions
from conway.mining.commits import Commit, parse_commit
from conway.mining.identity import Authorship, Identities
from conway.mining.messages import Message, is_robot_branch, read_message
from conway.mining.objects import read_objects
from conway.mining.patches import patch_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from conway.mining.differences import Difference, FileChange
    from conway.mining.mailmap import Mailmap
    from conway.mining.mirror import Mirror
    from conway.mining.pseudonyms import Pseudonyms
    from conway.mining.walk import Step

    Reader = Callable[[Mirror, Sequence[Step]], Iterator[Difference]]

TABLES = ("commits", "changes", "change_files", "change_links", "boundary_files", "people")
Rows = dict[str, list[tuple[object, ...]]]


@dataclass(slots=True)
class Memory:
    """What a block must know of the changes before it.

    Attributes
    ----------
    commits
        Ids of all commits so far, by their first seven digits.
    clock
        The last committer's clock on the mainline that is plausible.
    """

    commits: dict[str, list[str]] = field(default_factory=dict)
    clock: int | None = None

    def remember(self, oids: Iterable[str]) -> None:
        """Add commits that later messages may name."""
        for oid in oids:
            self.commits.setdefault(oid[:7], []).append(oid)

    def resolve(self, name: str | None) -> str | None:
        """Return the one earlier commit that a full or shortened id names."""
        if name is None:
            return None
        found = [oid for oid in self.commits.get(name[:7], ()) if oid.startswith(name)]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Reading:
    """How one repository is read.

    Attributes
    ----------
    mirror
        Where to read.
    reader
        Yields the difference of each step.
    mailmap, pseudonyms
        Who is who.
    memory
        What was read so far; it grows with each block.
    """

    mirror: Mirror
    reader: Reader
    mailmap: Mailmap
    pseudonyms: Pseudonyms
    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class _Told:
    """One commit with what its message says and who wrote it."""

    commit: Commit
    message: Message
    by: Authorship


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of consecutive changes, and what could not be read."""

    rows: Rows
    skipped: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def read_block(reading: Reading, steps: Sequence[Step], *, tick: Callable[[], None]) -> Block:
    """Return the rows of a block of steps; ``tick`` is called after each change."""
    identities = Identities(reading.mailmap, reading.pseudonyms)
    told, skipped = _told(reading, steps, identities=identities)
    rows: Rows = {name: [] for name in TABLES}
    name = reading.mirror.name
    read: list[tuple[str, str, int, Sequence[FileChange]]] = []
    clocks = _clocks(reading.memory, [told[step.oid].commit for step in steps])
    for step, clock, difference in zip(
        steps, clocks, reading.reader(reading.mirror, steps), strict=True
    ):
        reading.memory.remember([*step.brings, step.oid])
        change = _Change(name, step, told, difference, clock, reading.memory)
        rows["commits"].extend(change.commit_rows())
        rows["changes"].append(change.row())
        rows["change_files"].extend(change.file_rows())
        rows["change_links"].extend(change.link_rows())
        if difference.skipped is not None:
            skipped.append((step.oid, visible(difference.skipped)))
        read.append((name, step.oid, step.position, difference.files))
        tick()
    found, notes = versions(reading.mirror.git, read)
    rows["boundary_files"].extend(found)
    rows["people"].extend(sorted((p, *who) for who, p in identities.people.items()))
    return Block(rows, tuple(skipped), tuple(notes))


def _told(
    reading: Reading, steps: Sequence[Step], *, identities: Identities
) -> tuple[Mapping[str, _Told], list[tuple[str, str]]]:
    oids = [oid for step in steps for oid in (*step.brings, step.oid)]
    told: dict[str, _Told] = {}
    lost: list[tuple[str, str]] = []
    for stored in read_objects(reading.mirror.git, oids):
        if stored.fault is not None:
            lost.append((stored.oid, visible(stored.fault)))
        commit = parse_commit(stored.oid, stored.content)
        message = read_message(commit.message)
        told[stored.oid] = _Told(commit, message, identities.authorship(commit, message))
    return told, lost


def _clocks(memory: Memory, commits: Sequence[Commit]) -> list[int]:
    """Return each change's committer clock; one that is not plausible takes the one before.

    At the start of history it takes the next plausible one of its block.
    """
    valid = (commit.committer.time for commit in commits if commit.committer.valid)
    clock = memory.clock if memory.clock is not None else next(valid, 0)
    clocks: list[int] = []
    for commit in commits:
        clock = commit.committer.time if commit.committer.valid else clock
        clocks.append(clock)
    memory.clock = clock
    return clocks


@dataclass(frozen=True, slots=True)
class _Change:
    """One change, ready to be put into rows."""

    repository: str
    step: Step
    told: Mapping[str, _Told]
    difference: Difference
    clock: int
    memory: Memory

    @property
    def main(self) -> _Told:
        return self.told[self.step.oid]

    @property
    def work(self) -> list[_Told]:
        """The commits that count: those a merge brings, else the change itself."""
        return [self.told[oid] for oid in self.step.brings] or [self.main]

    def row(self) -> tuple[object, ...]:
        commit, message = self.main.commit, self.main.message
        kind = "merge" if len(commit.parents) > 1 else "direct" if self.step.parent else "root"
        author_time = commit.author.time if commit.author.valid else self.clock
        everyone = [*self.work, self.main]
        return (
            self.repository, self.step.oid, self.step.position, kind,
            len(self.step.brings) if kind == "merge" else 1,
            _author(self.work), author_time, self.clock, self._robot(),
            any(one.by.ai for one in everyone), message.branch, message.pull_request,
            self.memory.resolve(message.reverts), self.memory.resolve(message.picked_from),
            len(self.difference.files),
            None if self.difference.skipped is None else visible(self.difference.skipped),
            patch_of(self.difference.files),
        )  # fmt: skip

    def _robot(self) -> bool:
        return all(one.by.robot for one in self.work) or is_robot_branch(self.main.message.branch)

    def commit_rows(self) -> Iterator[tuple[object, ...]]:
        for oid in (*self.step.brings, self.step.oid):
            commit, by = self.told[oid].commit, self.told[oid].by
            yield (
                self.repository, oid, self.step.oid, len(commit.parents), by.author,
                commit.author.time, commit.committer.time, commit.time_valid, by.robot, by.ai,
            )  # fmt: skip

    def file_rows(self) -> Iterator[tuple[object, ...]]:
        for file in sorted(self.difference.files, key=lambda file: (file.path, file.status)):
            yield (
                self.repository, self.step.oid, self.step.position, file.path, file.old_path,
                file.status, file.added, file.deleted, file.submodule,
            )  # fmt: skip

    def link_rows(self) -> Iterator[tuple[object, ...]]:
        messages = [one.message for one in (*self.work, self.main)]
        found = {("ticket", key) for message in messages for key in message.tickets}
        found |= {("link", key) for message in messages for key in message.links}
        if self.main.message.branch is not None:
            found.add(("branch", self.main.message.branch))
        for kind, key in sorted(found):
            yield self.repository, self.step.oid, kind, key


def _author(work: Sequence[_Told]) -> str | None:
    """Return who wrote most commits, robots aside; of equals the one who began first."""
    people = [one.by.author for one in work if one.by.author and not one.by.robot]
    people = people or [one.by.author for one in work if one.by.author]
    return Counter(people).most_common(1)[0][0] if people else None
