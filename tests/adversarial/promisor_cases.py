"""Missing objects that git would fetch through a program of the repository's (S08).

In:  a laboratory.
Out: ``CASES``. Plain git runs the program; conway fetches nothing and says what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.adversarial.cases import Case, refused
from tests.adversarial.forging import loosen, object_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.adversarial.lab import Lab


def _promisor(text: str) -> Callable[[Lab], Path]:
    """A blob is missing and its promisor is a program."""

    def plant(lab: Lab) -> Path:
        place = loosen(lab.bare())
        object_file(place, "main:side.txt").unlink()
        with (place / "config").open("a") as config:
            config.write("[core]\n\trepositoryFormatVersion = 1\n[extensions]\n"
                         '\tpartialClone = origin\n[remote "origin"]\n\tpromisor = true\n'
                         + text.format(script=lab.script, folder=lab.folder))  # fmt: skip
        return place

    return plant


def _fetched(lab: Lab, place: Path) -> bool:
    """Whether asking for the missing file runs the payload."""
    return lab.runs(place, "cat-file", "-p", "main:side.txt")


CASES: tuple[Case, ...] = (
    Case("S08a", "promisor with a program for upload-pack",
         _promisor("\turl = {folder}/none\n\tuploadpack = {script}\n"),
         _fetched, refused("cannot be read")),
    Case("S08b", "promisor behind ext::",
         _promisor('\turl = "ext::{script}"\n[protocol "ext"]\n\tallow = always\n'),
         _fetched, refused("cannot be read")),
    Case("S08c", "promisor with core.sshCommand",
         _promisor("\turl = ssh://h/x\n[core]\n\tsshCommand = {script}\n"),
         _fetched, refused("cannot be read")),
    Case("S08d", "promisor with core.gitProxy",
         _promisor("\turl = git://h/x\n[core]\n\tgitProxy = {script}\n"),
         _fetched, refused("cannot be read")),
)  # fmt: skip
