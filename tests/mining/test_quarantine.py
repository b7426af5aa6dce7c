"""Where too much of a history cannot be read, reading ends at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.errors import RepositoryError
from conway.mining.differences import Difference, FileChange, renames_not_sought
from conway.mining.miner import mine_store
from conway.mining.quarantine import bounded
from tests.adversarial.forging import object_file
from tests.mining.repositories import Story, git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_the_one_too_many_ends_it() -> None:
    """Of 300 changes three may be lost; nothing behind the fourth is asked for."""
    asked: list[int] = []

    def differences() -> Iterator[Difference]:
        for number in range(300):
            asked.append(number)
            yield Difference(f"{number}", (), "cut" if number % 10 == 0 else None)

    with pytest.raises(RepositoryError, match=r"r: 4 of 300 .* the first is 0: cut; run"):
        list(bounded(differences(), shown="r", changes=300))

    assert asked == list(range(31))


def test_one_in_a_hundred_may_be_lost() -> None:
    """Just as many as the rule allows."""
    given = [Difference(f"{number}", (), "cut" if number < 3 else None) for number in range(300)]

    assert list(bounded(given, shown="r", changes=300)) == given


def test_the_rule_is_over_the_whole_history(tmp_path: Path) -> None:
    """A missing file costs the change that brings it and the next: two of 202."""
    story = Story()
    for number in range(202):
        story.commit({"f": f"{number}\n"})
    place = story.build(tmp_path / "r.git")
    object_file(place, git(place, "rev-parse", "main~1:f")).unlink()

    stored = mine_store([place], store=tmp_path / "s.conway").repositories[0].facts

    assert (stored.changes, len(stored.skipped)) == (202, 2)


@pytest.mark.parametrize(("added", "deleted", "noted"), [(1000, 1000, False), (1001, 1000, True)])
def test_a_change_with_too_many_files_for_renames_is_noted(
    added: int,
    deleted: int,
    noted: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    """Git gives up beyond a thousand by a thousand, and does not say where."""
    kinds = "A" * added + "D" * deleted + "RM"
    files = [FileChange(kind, f"{n}", None, 1, 0, "", "", submodule=False)
             for n, kind in enumerate(kinds)]  # fmt: skip

    notes = renames_not_sought(Difference("abc", tuple(files)))

    assert [note.split(":")[0] for note in notes] == (
        ["abc adds 1001 files and deletes 1000"] if noted else []
    )
