"""The laboratory: plants hostile repositories and watches what is done with them.

In:  an empty folder.
Out: ``Lab``: a clean repository to start from, a canary that must never appear, and plain
     git without any of conway's protection, which shows that a case is real.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from conway.mining.limits import Limits
from tests.mining.repositories import Story, git

TIGHT = Limits(address_space=512 << 20, cpu_seconds=2, silence=5.0, record=8 << 20)
"""Limits under which a bomb goes off within seconds."""

_MEMORY = 1 << 30


def clean() -> Story:
    """Tell the history that most cases start from: 5 changes, a rename and a merge."""
    story = Story()
    text = "".join(f"line {number}\n" for number in range(12))
    root = story.commit({"a.txt": text, "b/b.txt": text.upper()}, message="root")
    side = story.side({"side.txt": "1\n"}, of=root)
    story.commit({"a.txt": text + "more\n"}, message="direct")
    story.commit({"side.txt": "1\n"}, parents=[story.last or 0, side], message="merge")
    story.commit(renames={"b/b.txt": "b/c.txt"}, message="rename")
    story.commit({"a.txt": text}, message="back")
    return story


def long_story(changes: int = 120) -> Story:
    """Tell a history so long that one lost change is less than 1 %."""
    story = Story()
    for number in range(changes):
        story.commit({"f.txt": f"{number}\n"})
    return story


@dataclass(frozen=True)
class Lab:
    """One folder for one case.

    Attributes
    ----------
    folder
        Everything that the case makes stands here.
    template
        The clean repository, bare and packed.
    """

    folder: Path
    template: Path

    @property
    def canary(self) -> Path:
        """The file that a payload makes when it runs."""
        return self.folder / "canary"

    @property
    def victim(self) -> Path:
        """A folder outside of the repository, with a secret in it."""
        place = self.folder / "victim"
        place.mkdir(exist_ok=True)
        return place

    @property
    def script(self) -> Path:
        """A program of the attacker's."""
        place = self.folder / "payload.sh"
        if not place.exists():
            place.write_text(f"#!/bin/sh\necho ran >> {self.canary}\nexit 1\n")
            place.chmod(0o755)
        return place

    def bare(self, name: str = "hostile.git") -> Path:
        """Return a copy of the clean repository."""
        return Path(shutil.copytree(self.template, self.folder / name))

    def work(self, name: str = "hostile") -> Path:
        """Return a work tree of the clean repository, with a changed file."""
        place = self.folder / name
        place.mkdir()
        shutil.copytree(self.template, place / ".git")
        git(place, "config", "core.bare", "false")
        git(place, "reset", "--quiet", "--hard")
        (place / "a.txt").write_text("changed\n")
        return place

    def repository(self, story: Story, name: str = "hostile.git") -> Path:
        """Return a bare repository that tells another story."""
        return story.build(self.folder / name)

    def plain(
        self, place: Path, *arguments: str, seconds: float = 20, given: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git as anybody would: nothing is switched off. Memory alone is bounded.

        Raises
        ------
        subprocess.TimeoutExpired
            If it hangs.
        """
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return subprocess.run(
            ["git", *arguments], cwd=place, input=given, capture_output=True, check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(home)}, timeout=seconds,
            preexec_fn=_bound,
        )  # fmt: skip

    def runs(self, place: Path, *arguments: str) -> bool:
        """Whether plain git runs the payload, as the canary shows."""
        self.plain(place, *arguments)
        return self.canary.exists()

    def hangs(self, place: Path, *arguments: str) -> bool:
        """Whether plain git is still there after a second."""
        try:
            self.plain(place, *arguments, seconds=1)
        except subprocess.TimeoutExpired:
            return True
        return False

    def says(self, place: Path, *arguments: str) -> str:
        """Return what plain git prints, on both channels."""
        done = self.plain(place, *arguments)
        return (done.stdout + done.stderr).decode("utf-8", "backslashreplace")


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
