"""Mines one repository into a store.

In:  a source, how to read it, and what the store already holds of it.
Out: ``StoredRepository``: its blocks and files. Blocks are a fixed number of mainline
     changes, so reading on from a block gives the same files as reading afresh.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import RepositoryError
from conway.mining import git, release_tags, tips
from conway.mining.block import Stretch
from conway.mining.facts import RepositoryFacts
from conway.mining.imports import imported
from conway.mining.mailmap import parse_mailmap
from conway.mining.manifest import StoredBlock, StoredRepository
from conway.mining.markers import marked
from conway.mining.mirror import opened, tip_of
from conway.mining.pseudonyms import Pseudonyms
from conway.mining.quarantine import MOST_SKIPPED, too_many
from conway.mining.shards import ReaderName, Shop, read_shards, stretches
from conway.mining.store import pieces_of
from conway.mining.walk import Walk, walk
from conway.tables import CHANGES, FACTS, IMPORTS, RELEASES, TREE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from conway.mining.mirror import Mirror, Tip
    from conway.mining.parquet import Piece, Pieces
    from conway.mining.progress import Progress
    from conway.mining.release_tags import Tag
    from conway.mining.sources import Source
    from conway.mining.tips import Entry

    Lost = tuple[str, str]

BLOCK = 2048
"""Mainline changes in a block."""

RULES = 3
"""Raised whenever the same commits would give other rows."""


@dataclass(frozen=True, slots=True)
class Task:
    """One repository to mine.

    Attributes
    ----------
    source, ref
        What to read: the mainline is the first-parent history of ``ref``, else HEAD.
    store
        Where the rows go.
    key
        The key of people's pseudonyms.
    reader
        Which reader gives the rows of ``change_files``.
    before
        What the store holds of it already.
    block
        Mainline changes in a block.
    untrusted
        Whether a local repository is copied and every object named anew first.
    scratch
        Where the git directory is made, if that is there on the machine that reads.
    """

    source: Source
    ref: str | None
    store: Path
    key: bytes = field(repr=False)
    reader: ReaderName = "batch"
    before: StoredRepository | None = None
    jobs: int = 1
    block: int = BLOCK
    untrusted: bool = False
    scratch: Path | None = None


def mine_repository(task: Task, *, progress: Progress) -> StoredRepository:
    """Read one repository into its store and return what was written.

    Parameters
    ----------
    task
        What to read and where to.
    progress
        Is told how far it has come.

    Raises
    ------
    RepositoryError
        If it cannot be read, or more than 1 % of its changes or commits cannot.
    """
    here = task.scratch if task.scratch is not None and task.scratch.is_dir() else None
    with (
        opened(task.source, scratch=here, untrusted=task.untrusted) as mirror,
        _said(mirror),
        pieces_of(task.store) as pieces,
    ):
        tip = tip_of(mirror, task.ref)
        entries = tips.files_of(mirror, tip.oid)
        mailmap = tips.content_at(mirror, entries, path=".mailmap")
        options = _options(task, mailmap)
        kept, found = _begin(task, mirror, tip=tip, options=options, progress=progress)
        progress.expect(len(found.steps))
        blocks = (
            *kept,
            *_fresh(task, mirror, kept=kept, found=found, mailmap=mailmap, tick=progress.tick),
        )
        mainline = _mainline(kept, found, pieces=pieces)
        others, notes = _others(mirror, entries, mainline=mainline, found=found, pieces=pieces)
        facts = _facts(mirror, tip=tip, blocks=blocks, lost=found.lost, notes=notes)
    return StoredRepository(facts, options, blocks, others)


@contextmanager
def _said(mirror: Mirror) -> Iterator[None]:
    """Say which repository git failed in, where nothing could go around it."""
    try:
        yield
    except git.GitFailure as fault:
        raise RepositoryError(
            f"{mirror.shown}: git cannot read this repository: {visible(str(fault))}; run "
            "`git fsck` there, or pass a complete clone"
        ) from fault


def _fresh(task: Task, mirror: Mirror, *, kept: Sequence[StoredBlock], found: Walk,
           mailmap: bytes, tick: Callable[[int], None]) -> Iterator[StoredBlock]:  # fmt: skip
    """Read the blocks behind those that still hold."""
    known = tuple(block.pieces["commits"] for block in kept)
    after = Stretch((), sum(piece.rows for piece in known), kept[-1].clock if kept else None)
    cut = stretches(mirror, found.steps, size=task.block, after=after)
    listed = mirror.git.home / "commits"
    listed.write_text("\n".join(oid for one in cut for oid in one.oids), encoding="ascii")
    changes = sum(block.changes for block in kept) + len(found.steps)
    shop = Shop(mirror, task.reader, parse_mailmap(mailmap), Pseudonyms(task.key),
                pieces_of(task.store).folder, known, listed, changes)  # fmt: skip
    yield from read_shards(shop, cut, jobs=task.jobs, tick=tick)


def _options(task: Task, mailmap: bytes) -> str:
    """Return a digest of all that the rows depend on beside the commits."""
    parts = {
        "rules": RULES,
        "block": task.block,
        "reader": task.reader,
        "git": git.version(),
        "key": Pseudonyms(task.key).mark,
        "mailmap": hashlib.sha256(mailmap).hexdigest(),
        "name": task.source.name,
        "schemas": {schema.name: schema.names for schema in FACTS},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8")).hexdigest()


def _begin(task: Task, mirror: Mirror, *, tip: Tip, options: str, progress: Progress
           ) -> tuple[tuple[StoredBlock, ...], Walk]:  # fmt: skip
    """Return the stored blocks that still hold, and the steps behind them."""
    for kept in _candidates(task, options=options):
        last = kept[-1]
        found = walk(mirror, tip.oid, after=(last.first + last.changes - 1, last.last))
        if found is not None:
            return kept, found
    whole = walk(mirror, tip.oid, progress=progress)
    assert whole is not None  # noqa: S101 - without a beginning there is nothing to miss
    return (), whole


def _candidates(task: Task, *, options: str) -> Iterator[tuple[StoredBlock, ...]]:
    """Yield ever shorter runs of complete, undamaged blocks without skipped changes."""
    before = task.before
    if before is None or before.options != options or before.facts.skipped:
        return
    pieces = pieces_of(task.store)
    complete: list[StoredBlock] = []
    for block in before.blocks:
        if block.changes != task.block or not all(map(pieces.holds, block.pieces.values())):
            break
        complete.append(block)
    for shorter in range(min(len(complete), 3)):
        yield tuple(complete[: len(complete) - shorter])


def _others(mirror: Mirror, entries: Sequence[Entry], *, mainline: Sequence[str], found: Walk,
            pieces: Pieces) -> tuple[dict[str, Piece], list[str]]:  # fmt: skip
    """Write the tables that are not cut into blocks; return them, and notes."""
    tree, unread = marked(mirror, entries)
    imports, left_out = imported(mirror, entries)
    tags = release_tags.read_tags(mirror)
    newest, notes = _newest(mirror, tags, mainline=mainline, found=found)
    releases = release_tags.rows(mirror.name, tags, newest=newest)
    rows = {IMPORTS: imports, RELEASES: releases, TREE: tree}
    written = {schema.name: pieces.write(schema, some) for schema, some in rows.items()}
    return written, [*notes, *unread, *left_out]


def _newest(mirror: Mirror, tags: Sequence[Tag], *, mainline: Sequence[str], found: Walk
            ) -> tuple[dict[str, str | None], list[str]]:  # fmt: skip
    """Return the newest change that each tagged commit contains."""
    positions = {change: position for position, change in enumerate(mainline)}
    commits = sorted({tag.commit for tag in tags})
    unknown = [oid for oid in commits if oid not in positions and oid not in found.parents]
    parents, notes = dict(found.parents), []
    if unknown:
        try:
            parents |= release_tags.graph_of(mirror, unknown)
        except git.GitFailure as fault:
            notes = [f"the history of some tags cannot be read: {visible(str(fault))}"]
    newest = release_tags.newest_contained(commits, parents=parents, positions=positions)
    return {
        commit: None if position is None else mainline[position]
        for commit, position in newest.items()
    }, notes


def _mainline(kept: Sequence[StoredBlock], found: Walk, *, pieces: Pieces) -> list[str]:
    before = pieces.texts(CHANGES, [block.pieces["changes"] for block in kept], column="change")
    return [*before, *(step.oid for step in found.steps)]


def _facts(mirror: Mirror, *, tip: Tip, blocks: Sequence[StoredBlock], lost: Sequence[Lost],
           notes: Sequence[str]) -> RepositoryFacts:  # fmt: skip
    """Sum up what was read; refuse it where too much was not.

    Raises
    ------
    RepositoryError
        If more than 1 % of the changes or commits could not be read.
    """
    skipped = sorted({*lost, *(pair for block in blocks for pair in block.skipped)})
    changes = sum(block.changes for block in blocks)
    commits = sum(block.pieces["commits"].rows for block in blocks)
    if len(skipped) > MOST_SKIPPED * changes:
        raise too_many(mirror.shown, lost=len(skipped), of=changes, first=skipped[0])
    return RepositoryFacts(
        name=mirror.name, tip=tip.oid, ref=tip.ref, object_format=mirror.object_format,
        shallow=False, changes=changes, commits=commits, skipped=tuple(skipped),
        notes=(*mirror.ignored, *(note for block in blocks for note in block.notes), *notes),
    )  # fmt: skip
