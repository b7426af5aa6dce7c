"""What runs in the process that PyDriller has to itself.

In:  lines ``COMMIT PARENT`` (no parent at a root) on standard input, and the path of a
     git directory that conway made itself: PyDriller writes into what it opens.
Out: one line of JSON per commit: its files as PyDriller sees them, or why it sees none.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, TextIO

from pydriller import Git, ModificationType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydriller import ModifiedFile

_STATUS = {
    ModificationType.ADD: "A",
    ModificationType.DELETE: "D",
    ModificationType.RENAME: "R",
}
_LOOKED_AT = 8000  # git takes a file for binary if one of so many bytes is zero
_BINARY = "Binary files "
_SUBMODULE = ("-Subproject commit ", "+Subproject commit ")


def answer(directory: str, *, asked: Iterable[str], out: TextIO) -> None:
    """Write one line of JSON for each line asked; a commit that fails says why."""
    git = Git(directory)
    for line in asked:
        commit, *parents = line.split()
        try:
            told: dict[str, object] = {"files": files_of(git, commit, parents=parents)}
        except Exception as fault:  # noqa: BLE001 - PyDriller raises anything; it is reported
            told = {"fault": f"PyDriller: {type(fault).__name__}: {fault}"}
        out.write(json.dumps({"oid": commit, **told}) + "\n")
        out.flush()


def files_of(git: Git, commit: str, *, parents: Sequence[str]) -> list[list[object]]:
    """Return status, path, old path, lines added and deleted of each file of a change.

    A merge has no ``modified_files`` in PyDriller: it is compared with its first parent.
    """
    found = git.get_commit(commit)
    merge = len(found.parents) > 1
    modified = git.diff(parents[0], commit) if merge else found.modified_files
    rows: dict[object, list[object]] = {}
    for file in modified:
        row = _row(file)
        before = rows.get(row[1])
        rows[row[1]] = row if before is None else _type_change(before, row)
    return list(rows.values())


def _row(file: ModifiedFile) -> list[object]:
    status = _STATUS.get(file.change_type, "M")
    path = file.old_path if status == "D" else file.new_path
    old_path = file.old_path if status == "R" else None
    added, deleted = (file.added_lines, file.deleted_lines) if _has_lines(file) else (None, None)
    return [status, path, old_path, added, deleted]


def _has_lines(file: ModifiedFile) -> bool:
    """Tell text from binary files and submodules, all of which PyDriller counts as 0."""
    text = file.diff
    if text:
        pointer = any(line.startswith(_SUBMODULE) for line in text.split("\n")[1:3])
        return not pointer and not text.startswith(_BINARY)
    content = file.content or file.content_before or b""
    return b"\0" not in content[:_LOOKED_AT]


def _type_change(first: list[object], second: list[object]) -> list[object]:
    """Join the deletion and addition of one path, by which PyDriller shows a new type."""
    counts = [
        None if one is None or other is None else int(str(one)) + int(str(other))
        for one, other in zip(first[3:], second[3:], strict=True)
    ]
    return ["T", first[1], None, *counts]


def main() -> None:
    """Answer what is asked on standard input about the directory that the caller names."""
    answer(sys.argv[1], asked=sys.stdin, out=sys.stdout)
