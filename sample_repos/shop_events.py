"""What happens in the shop besides the daily work: releases, robots, moves, new owners.

``events`` returns jobs: a time in seconds and what to do then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sample_repos.dice import Dice
from sample_repos.history import History, Person, Step
from sample_repos.shop_files import BY_NAME, Files, Written, compose
from sample_repos.shop_owners import (
    BEGUN,
    DOCUMENTED,
    GROWN,
    RENAMED,
    WORKERS,
    codeowners,
    declared_owner,
)
from sample_repos.shop_tables import (
    MEMBERS,
    RELEASES,
    ROBOTS,
    SERVICES,
    SPAN,
    TRAIN,
    TRAINS,
)
from sample_repos.span import WEEK

if TYPE_CHECKING:
    from sample_repos.crew import Crew, Member
    from sample_repos.shop_forms import Forms

DEPENDABOT = Person("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
RENOVATE = Person("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com")
OWNERS_FILE = ".github/CODEOWNERS"
ECOSYSTEMS = {"ts": "npm_and_yarn", "py": "pip", "go": "go_modules"}
RENAMES = {8: "web/pages", 19: "billing/invoices", 27: "catalog/products"}
RENAMES |= {36: "warehouse/stock", 52: "toolkit/http", 66: "search/query"}
REVERTS = {14: "web", 38: "billing", 62: "shipping"}
CHORES = {5: "README.md", 17: ".github/workflows/ci.yml", 33: "docs/größen und maße.md"}
CHORES |= {45: ".github/workflows/ci.yml", 58: "README.md", 71: "docs/on call.md"}
Job = tuple[int, Callable[[int], None]]


class Events:
    """The single events of the shop's 78 weeks."""

    def __init__(
        self, history: History, forms: Forms, *, files: Files, crew: Crew, repaired: bool
    ) -> None:
        self._history = history
        self._files = files
        self._crew = crew
        self._forms = forms
        self._repaired = repaired
        self._dice = Dice("shop events")

    def begin(self) -> None:
        """Commit the shop as it stands on the first day."""
        begun = [service for service in SERVICES if not service.born]
        written: Written = {"README.md": "# Shop\n", ".github/workflows/ci.yml": "jobs: {}\n"}
        for service in begun:
            written |= self._files.create(service)
        written[OWNERS_FILE] = codeowners(BEGUN, repaired=self._repaired)
        written["docker-compose.yml"] = compose(begun)
        written[".mailmap"] = "".join(
            f"{member.name} <{member.email}> <{member.old_email[0]}>\n"
            for member in MEMBERS
            if member.old_email is not None
        )
        at = SPAN.start + 9 * 3600
        author = self._crew.signature(self._one("platform", at), at)
        self._history.commit(written, message="Begin", author=author, at=at)

    def jobs(self) -> Iterator[Job]:
        """Yield every event after the first day."""
        for week, place in RENAMES.items():
            yield SPAN.morning(week), self._rename(place)
        for week, place in REVERTS.items():
            yield SPAN.morning(week), self._mistake(place)
        for week, path in CHORES.items():
            yield SPAN.morning(week), self._chore(path)
        yield SPAN.morning(3), self._owners("Call delivery logistics", RENAMED)
        yield SPAN.morning(26), self._owners("Say who owns the documentation", DOCUMENTED)
        yield SPAN.start + 12 * WEEK + 3600, self._launch
        yield SPAN.morning(30), self._move
        yield SPAN.morning(40), self._reformat
        yield SPAN.morning(47), self._remove
        yield from self._releases()
        for number in range(ROBOTS):
            yield (
                SPAN.workday((number + 0.5) / ROBOTS, dice=self._dice, since=13),
                self._robot(number),
            )

    def _releases(self) -> Iterator[Job]:
        plan = [*(((name,), count) for name, count in RELEASES.items()), (TRAIN, TRAINS)]
        for names, count in plan:
            since = max(BY_NAME[name].born for name in names) + 4
            for number in range(count):
                fraction = (number + 0.4 + 0.5 * self._dice.fraction()) / count
                yield SPAN.workday(fraction, dice=self._dice, since=since), self._release(names)

    def _release(self, names: tuple[str, ...]) -> Callable[[int], None]:
        def act(at: int) -> None:
            written: Written = {}
            for name in names:
                written |= self._files.bump(name)
            version = self._files.manifests[names[0]].release
            worker = WORKERS.get(names[0], declared_owner(names[0]))
            author = self._one(worker, at, *names)
            what = " and ".join(names)
            self._forms.direct(written, author, at=at, title=f"Release {what} {version}")
            for name in names:
                message, by = f"{name} {version}\n", self._crew.signature(author, at)
                self._history.tag(f"{name}@{version}", message=message, by=by)

        return act

    def _robot(self, number: int) -> Callable[[int], None]:
        def act(at: int) -> None:
            service = self._dice.pick(SERVICES)
            written, package, version = self._files.update(service.name, self._dice)
            title = f"Bump {package} from {version - 1}.0.0 to {version}.0.0 in /{service.root}"
            if number % 3 == 2:
                title = f"Update dependency {package} to v{version}"
                self._forms.squash(written, RENOVATE, at=at, title=title)
                return
            folder = f"{ECOSYSTEMS[service.language]}/{service.root}"
            self._forms.merge(
                [Step(written, title, DEPENDABOT)],
                self._crew.anyone(WORKERS.get(service.name, service.owner), at),
                at=at,
                title=title,
                branch=f"dependabot/{folder}/{package}-{version}.0.0",
            )

        return act

    def _rename(self, place: str) -> Callable[[int], None]:
        def act(at: int) -> None:
            name = place.split("/", maxsplit=1)[0]
            author = self._one(WORKERS.get(name, declared_owner(name)), at, name)
            written, new = self._files.rename(place, self._dice)
            self._forms.squash(written, author, at=at, title=f"Rename to {new.rpartition('/')[2]}")

        return act

    def _mistake(self, name: str) -> Callable[[int], None]:
        """Make a change that is reverted two hours later."""

        def act(at: int) -> None:
            author = self._one(declared_owner(name), at, name)
            paths = self._files.choose(name, self._dice)
            before = self._files.snapshot(paths)
            title = self._forms.title(name)
            self._forms.squash(self._files.edit(paths), author, at=at, title=title)
            back, undone = self._files.restore(before), f'Revert "{title}"'
            self._forms.squash(back, author, at=at + 7200, title=undone)

        return act

    def _chore(self, path: str) -> Callable[[int], None]:
        def act(at: int) -> None:
            kind = path.rsplit(".", 1)[1]
            text = f"jobs: {{}} # {at}\n" if kind == "yml" else f"# Shop\n\nAs of {at}.\n"
            author = self._one("platform", at)
            self._forms.direct({path: text}, author, at=at, title=f"Update {path}")

        return act

    def _owners(self, title: str, step: int) -> Callable[[int], None]:
        def act(at: int) -> None:
            written: Written = {OWNERS_FILE: codeowners(step, repaired=self._repaired)}
            self._forms.squash(written, self._one("platform", at), at=at, title=title)

        return act

    def _launch(self, at: int) -> None:
        service = BY_NAME["recommendations"]
        around: Written = {OWNERS_FILE: codeowners(GROWN, repaired=self._repaired)}
        around["docker-compose.yml"] = compose(SERVICES)
        author = self._one("discovery", at, service.name)
        who = self._crew.signature(author, at)
        steps = [Step(self._files.create(service), "Begin recommendations", who)]
        steps.append(Step(around, "Run recommendations", who))
        self._forms.merge(steps, author, at=at, title="Begin recommendations")

    def _move(self, at: int) -> None:
        author = self._one("logistics", at, "shipping")
        written = self._files.move_area("shipping/carriers", "adapters")
        steps = [Step(written, "Move carriers to adapters", self._crew.signature(author, at))]
        self._forms.merge(steps, author, at=at, title="Move carriers to adapters")

    def _reformat(self, at: int) -> None:
        author = self._one("platform", at, *(service.name for service in SERVICES))
        self._forms.squash(self._files.reformat(), author, at=at, title="Format everything")

    def _remove(self, at: int) -> None:
        author = self._one("storefront", at, "web")
        written = self._files.remove("web/components")
        self._forms.squash(written, author, at=at, title="Remove an unused component")

    def _one(self, team: str, at: int, *names: str) -> Member:
        owners = tuple(sorted({declared_owner(name) for name in names})) or (team,)
        return self._crew.author(team, at, owners=owners)
