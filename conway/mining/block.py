"""Turns a block of mainline changes into rows.

In:  stretches of steps, and a mirror to read them from.
Out: rows of every table that grows with history, in mainline order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING

from conway.display import visible
from conway.mining.boundary_files import versions
from conway.mining.commits import Commit, parse_commit
from conway.mining.differences import renames_not_sought
from conway.mining.earlier import Before
from conway.mining.identity import Authorship, Identities
from conway.mining.messages import Message, is_robot_branch, read_message
from conway.mining.objects import read_objects
from conway.mining.patches import patch_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from conway.mining.differences import Difference, FileChange
    from conway.mining.earlier import Earlier
    from conway.mining.mailmap import Mailmap
    from conway.mining.mirror import Mirror
    from conway.mining.objects import Stored
    from conway.mining.pseudonyms import Pseudonyms
    from conway.mining.walk import Step

    Reader = Callable[[Mirror, Sequence[Step]], Iterator[Difference]]

TABLES = ("commits", "changes", "change_files", "change_links", "boundary_files", "people")
_PLACE = attrgetter("path", "status")
Rows = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The changes of one block, and what it must know of those before it.

    Attributes
    ----------
    steps
        Consecutive changes.
    commits
        How many commits all changes before bring, themselves included.
    clock
        The last committer's clock before that is plausible; None at the root.
    """

    steps: tuple[Step, ...]
    commits: int = 0
    clock: int | None = None

    @property
    def oids(self) -> list[str]:
        """All commits of the stretch, parents before children."""
        return [oid for step in self.steps for oid in (*step.brings, step.oid)]


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
    earlier
        Finds the commit that a message names.
    """

    mirror: Mirror
    reader: Reader
    mailmap: Mailmap
    pseudonyms: Pseudonyms
    earlier: Earlier


@dataclass(frozen=True, slots=True)
class _Told:
    """One commit with what its message says and who wrote it."""

    commit: Commit
    message: Message
    by: Authorship


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of consecutive changes, their last clock, and what could not be read."""

    rows: Rows
    clock: int
    skipped: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def read_blocks(
    reading: Reading, stretches: Sequence[Stretch], *, tick: Callable[[int], None]
) -> Iterator[Block]:
    """Yield the rows of each stretch, the last one first; ``tick`` is told of each change.

    One git reads differences and another one commits, both ahead of what is asked. They go
    from new to old: git packs an older version as its difference to a newer one.
    """
    mirror, backwards = reading.mirror, stretches[::-1]
    steps = [step for stretch in backwards for step in stretch.steps[::-1]]
    oids = [oid for stretch in backwards for oid in stretch.oids]
    differences = _begun(reading.reader(mirror, steps))
    objects = read_objects(mirror.git, oids)
    for stretch in backwards:
        some = _ticked(islice(differences, len(stretch.steps)), tick)
        yield _block(reading, stretch, objects=objects, differences=some[::-1])


def _begun(differences: Iterator[Difference]) -> Iterator[Difference]:
    """Start the git behind some differences: a generator does nothing until it is asked."""
    return chain(list(islice(differences, 1)), differences)


def _ticked(differences: Iterable[Difference], tick: Callable[[int], None]) -> list[Difference]:
    found: list[Difference] = []
    for difference in differences:
        found.append(difference)
        tick(1)
    return found


def _block(
    reading: Reading,
    stretch: Stretch,
    *,
    objects: Iterator[Stored],
    differences: Sequence[Difference],
) -> Block:
    identities = Identities(reading.mailmap, reading.pseudonyms)
    told, skipped = _told(stretch, objects, identities=identities)
    rows: Rows = {name: [] for name in TABLES}
    read: list[tuple[str, str, int, Sequence[FileChange]]] = []
    clocks = _clocks(stretch.clock, [told[step.oid].commit for step in stretch.steps])
    name, until = reading.mirror.name, stretch.commits
    for step, clock, difference in zip(stretch.steps, clocks, differences, strict=True):
        until += len(step.brings) + 1
        everyone = [told[oid] for oid in (*step.brings, step.oid)]
        change = _Change(name, step, everyone, difference, clock, Before(reading.earlier, until))
        rows["commits"].extend(change.commit_rows())
        rows["changes"].append(change.row())
        rows["change_files"].extend(change.file_rows())
        rows["change_links"].extend(change.link_rows())
        if difference.skipped is not None:
            skipped.append((step.oid, visible(difference.skipped)))
        read.append((name, step.oid, step.position, difference.files))
    found, notes = versions(reading.mirror.git, read)
    rows["boundary_files"].extend(found)
    rows["people"].extend(sorted((p, *who) for who, p in identities.people.items()))
    notes += [note for difference in differences for note in renames_not_sought(difference)]
    return Block(rows, clocks[-1], tuple(skipped), tuple(notes))


def _told(
    stretch: Stretch, objects: Iterator[Stored], *, identities: Identities
) -> tuple[Mapping[str, _Told], list[tuple[str, str]]]:
    told: dict[str, _Told] = {}
    lost: list[tuple[str, str]] = []
    for stored in islice(objects, len(stretch.oids)):
        if stored.fault is not None:
            lost.append((stored.oid, visible(stored.fault)))
        commit = parse_commit(stored.oid, stored.content)
        message = read_message(commit.message)
        told[stored.oid] = _Told(commit, message, identities.authorship(commit, message))
    return told, lost


def _clocks(before: int | None, commits: Sequence[Commit]) -> list[int]:
    """Return each change's committer clock; one that is not plausible takes the one before.

    At the start of history it takes the next plausible one of its block.
    """
    valid = (commit.committer.time for commit in commits if commit.committer.valid)
    clock = before if before is not None else next(valid, 0)
    clocks: list[int] = []
    for commit in commits:
        clock = commit.committer.time if commit.committer.valid else clock
        clocks.append(clock)
    return clocks


@dataclass(frozen=True, slots=True)
class _Change:
    """One change, ready to be put into rows."""

    repository: str
    step: Step
    everyone: Sequence[_Told]
    difference: Difference
    clock: int
    before: Before

    @property
    def main(self) -> _Told:
        return self.everyone[-1]

    @property
    def work(self) -> Sequence[_Told]:
        """The commits that count: those a merge brings, else the change itself."""
        return self.everyone[:-1] or self.everyone

    @property
    def whole(self) -> list[Message]:
        """The messages that speak of the whole change: its own, and its only commit's."""
        alone = [self.work[0].message] if len(self.work) == 1 else []
        return [self.main.message, *alone]

    def _earlier(self, names: Iterable[str | None]) -> str | None:
        return next(filter(None, map(self.before.resolve, names)), None)

    def row(self) -> tuple[object, ...]:
        commit, message = self.main.commit, self.main.message
        kind = "merge" if len(commit.parents) > 1 else "direct" if self.step.parent else "root"
        author_time = commit.author.time if commit.author.valid else self.clock
        return (
            self.repository, self.step.oid, self.step.position, kind,
            len(self.step.brings) if kind == "merge" else 1,
            _author(self.work), author_time, self.clock, self._robot(),
            any(one.by.ai for one in self.everyone), message.branch, message.pull_request,
            self._earlier(one.reverts for one in self.whole),
            self._earlier(one.picked_from for one in self.whole),
            len(self.difference.files),
            None if self.difference.skipped is None else visible(self.difference.skipped),
            patch_of(self.difference.files),
        )  # fmt: skip

    def _robot(self) -> bool:
        return all(one.by.robot for one in self.work) or is_robot_branch(self.main.message.branch)

    def commit_rows(self) -> Iterator[tuple[object, ...]]:
        for one in self.everyone:
            commit, by = one.commit, one.by
            yield (
                self.repository, commit.oid, self.step.oid, len(commit.parents), by.author,
                commit.author.time, commit.committer.time, commit.time_valid, by.robot, by.ai,
            )  # fmt: skip

    def file_rows(self) -> Iterator[tuple[object, ...]]:
        for file in sorted(self.difference.files, key=_PLACE):
            yield (
                self.repository, self.step.oid, self.step.position, file.path, file.old_path,
                file.status, file.added, file.deleted, file.submodule,
            )  # fmt: skip

    def link_rows(self) -> Iterator[tuple[object, ...]]:
        messages = [one.message for one in self.everyone]
        found = {("ticket", key) for message in messages for key in message.tickets}
        found |= {("link", key) for message in messages for key in message.links}
        found |= {("revert", f"#{m.reverts_request}") for m in self.whole if m.reverts_request}
        if self.main.message.branch is not None:
            found.add(("branch", self.main.message.branch))
        for kind, key in sorted(found):
            yield self.repository, self.step.oid, kind, key


def _author(work: Sequence[_Told]) -> str | None:
    """Return who wrote most commits, robots aside; of equals the one who began first."""
    people = [one.by.author for one in work if one.by.author and not one.by.robot]
    people = people or [one.by.author for one in work if one.by.author]
    if len(people) == 1:
        return people[0]
    return Counter(people).most_common(1)[0][0] if people else None
