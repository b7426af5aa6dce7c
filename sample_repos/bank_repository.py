"""One repository of the sample bank: paths are chosen and edited, changes are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_repos.bank_tables import RELEASE_EVERY, Place
from sample_repos.contents import Manifest, Source
from sample_repos.dice import Dice
from sample_repos.history import GITHUB, History, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sample_repos.history import Person

ORGANISATION = "bank"


class Repository:
    """The files and the history of one repository."""

    def __init__(self, place: Place, *, start: int) -> None:
        packages = dict.fromkeys(("audit", "metrics", "timeseries"), 1)
        self.place = place
        self.history = History(start=start)
        self._dice = Dice(f"bank {place.name}")
        self._manifest = Manifest(
            place.language, place.name, place.needs, packages, organisation=ORGANISATION
        )
        self._sources: dict[str, Source] = {}
        self._number = 0
        self._changes = 0

    def begin(self, author: Person, *, at: int) -> None:
        """Commit the first files."""
        for area, names in self.place.areas.items():
            for name in names.split():
                path = f"src/{area}/{name}.{self.place.language}"
                self._sources[path] = Source.new(path)
        written = {path: source.text(tidy=True) for path, source in self._sources.items()}
        written[self._manifest.file] = self._manifest.text()
        written["README.md"] = f"# {self.place.name}\n"
        self.history.commit(written, message="Begin", author=author, at=at)

    def merge(
        self, title: str, branch: str, *, by: Sequence[Person], at: int, body: str = ""
    ) -> int:
        """Merge a branch of one to three commits and return the pull request's number.

        The first of ``by`` writes, the second merges.
        """
        self._number += self._dice.number(1, 3)
        paths = self._choose()
        count = self._dice.number(1, min(3, len(paths)))
        steps = [Step(self._edit(paths[place::count]), title, by[0]) for place in range(count)]
        head = f"Merge pull request #{self._number} from {ORGANISATION}/{branch}"
        self.history.merge(
            steps,
            message=f"{head}\n\n{title}{body}",
            merger=by[1],
            committer=GITHUB,
            at=at,
            started=at - self._dice.number(3, 70) * 3600,
        )
        self._release(by[1])
        return self._number

    def squash(self, title: str, *, author: Person, at: int) -> int:
        """Commit a pull request as one commit and return its number."""
        self._number += self._dice.number(1, 3)
        written, message = self._edit(self._choose()), f"{title} (#{self._number})"
        self.history.commit(written, message=message, author=author, committer=GITHUB, at=at)
        self._release(author)
        return self._number

    def update(self, package: str, *, robot: Person, merger: Person, at: int) -> None:
        """Merge a robot's update of an outside package."""
        self._number += 1
        packages = self._manifest.packages
        packages[package] += 1
        title = f"Bump {package} to {packages[package]}.0.0"
        branch = f"dependabot/{package}-{packages[package]}.0.0"
        self.history.merge(
            [Step({self._manifest.file: self._manifest.text()}, title, robot)],
            message=f"Merge pull request #{self._number} from {ORGANISATION}/{branch}\n\n{title}",
            merger=merger,
            committer=GITHUB,
            at=at,
        )

    def _release(self, by: Person) -> None:
        """Tag the last change when enough have come since the last tag."""
        self._changes += 1
        if self._changes % RELEASE_EVERY == 0:
            number = self._changes // RELEASE_EVERY
            self.history.tag(self.place.tags.format(number), message="Release\n", by=by)

    def _choose(self) -> list[str]:
        area = self._dice.pick(sorted(self.place.areas))
        paths = [path for path in sorted(self._sources) if path.startswith(f"src/{area}/")]
        return self._dice.some(paths, self._dice.number(1, 3))

    def _edit(self, paths: Sequence[str]) -> dict[str, str]:
        for path in paths:
            self._sources[path].edit()
        return {path: self._sources[path].text(tidy=True) for path in paths}
