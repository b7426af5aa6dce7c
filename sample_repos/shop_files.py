"""The shop's files at one moment: services and their modules in, the files of a change out."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from sample_repos.contents import Manifest, Source
from sample_repos.shop_tables import OWN_PRICE_LIST, PRICE_LIST, SERVICES, Service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sample_repos.dice import Dice

BY_NAME = {service.name: service for service in SERVICES}
SPARE = ("audit", "backfill", "cleanup", "defaults", "exports", "guards", "hooks", "metrics")
Written = dict[str, "str | None"]


class Files:
    """Sources, manifests and changelogs by path; every method returns what it changed."""

    def __init__(self, *, own_price_list: bool) -> None:
        self.sources: dict[str, Source] = {}
        self.manifests: dict[str, Manifest] = {}
        self.modules: dict[str, list[str]] = {}  # "search/index" -> paths of its modules
        self.tidy = False
        self.price_list = OWN_PRICE_LIST if own_price_list else PRICE_LIST

    def create(self, service: Service) -> Written:
        """Add a service with all its files."""
        packages = {name: 1 + number for number, name in enumerate(service.packages.split())}
        manifest = Manifest(service.language, service.name, service.needs, packages)
        self.manifests[service.name] = manifest
        written: Written = {f"{service.root}/{manifest.file}": manifest.text()}
        written[f"{service.root}/CHANGELOG.md"] = f"# {service.name}\n\n## {manifest.release}\n"
        if service.deploy:
            written[f"{service.root}/Dockerfile"] = _dockerfile(service)
        paths = [f"{service.root}/README.md", *_deploy_files(service)]
        if service.name == "catalog":
            schema = service.root + "/schema"
            paths += [f"{schema}/{name}.json" for name in ("prices", "products", "stock")]
        if service.name == "checkout" and self.price_list == OWN_PRICE_LIST:
            paths.append(OWN_PRICE_LIST)
        for area, names in service.areas.items():
            place = f"{service.name}/{area}"
            stems = [f"{service.root}/{area}/{name}" for name in names.split()]
            self.modules[place] = [f"{stem}.{service.language}" for stem in stems]
            paths += [path for module in self.modules[place] for path in (module, test_of(module))]
        for path in paths:
            self.sources[path] = Source.new(path)
        return written | self.render(paths)

    def render(self, paths: Sequence[str]) -> Written:
        """Return the present text of some sources."""
        return {path: self.sources[path].text(tidy=self.tidy) for path in paths}

    def edit(self, paths: Sequence[str]) -> Written:
        """Edit each path once; one that does not exist yet is created."""
        for path in paths:
            if path in self.sources:
                self.sources[path].edit()
            else:
                self.sources[path] = Source.new(path)
        return self.render(sorted(set(paths)))

    def choose(self, place: str, dice: Dice, *, most: int = 3) -> list[str]:
        """Return paths to touch in a service or one area of it: modules, some with tests."""
        areas = [area for area in self.modules if area == place or area.startswith(place + "/")]
        area = dice.weighted(areas, [len(self.modules[area]) for area in areas])
        if dice.chance(0.05):
            self._add_module(area, dice)
        modules = self.modules[area]
        chosen: list[str] = []
        for _ in range(dice.number(1, most)):
            module = dice.weighted(modules, [1 / (2 + rank) for rank in range(len(modules))])
            chosen += [module, test_of(module)] if dice.chance(0.45) else [module]
        return sorted(set(chosen))

    def deploy_files(self, place: str, dice: Dice) -> list[str]:
        """Return one or two deploy files of the service (or of the area) of ``place``."""
        name, _, area = place.partition("/")
        files = _deploy_files(BY_NAME[name])
        inside = [path for path in files if f"/{area}/deploy/" in path]
        return dice.some(inside or files, dice.number(1, 2))

    def rename(self, place: str, dice: Dice) -> tuple[Written, str]:
        """Give a module of an area (and its test) another name, with an edit."""
        modules = self.modules[place]
        old = dice.pick(modules)
        new = old.replace(".", f"_{dice.pick(('core', 'rules', 'steps'))}.")
        modules[modules.index(old)] = new
        written = self._move({old: new, test_of(old): test_of(new)})
        return written | self.edit([new]), new

    def move_area(self, place: str, area: str) -> Written:
        """Move an area's folder to another name."""
        service = BY_NAME[place.split("/", maxsplit=1)[0]]
        old, new = f"{service.root}/{place.split('/')[1]}/", f"{service.root}/{area}/"
        inside = [path for path in self.sources if path.startswith(old)]
        moved = [path.replace(old, new) for path in self.modules.pop(place)]
        self.modules[f"{service.name}/{area}"] = moved
        return self._move({path: path.replace(old, new) for path in inside})

    def remove(self, place: str) -> Written:
        """Delete the last module of an area with its test."""
        module = self.modules[place].pop()
        gone = [path for path in (module, test_of(module)) if path in self.sources]
        for path in gone:
            del self.sources[path]
        return dict.fromkeys(gone)

    def reformat(self) -> Written:
        """Format every source: most lines of most files change."""
        self.tidy = True
        return self.render(sorted(self.sources))

    def bump(self, name: str) -> Written:
        """Release a service's next version: its manifest and its changelog."""
        manifest, root = self.manifests[name], BY_NAME[name].root
        first = manifest.version[1]
        manifest.version = (1, first + 1)
        lines = "".join(f"\n## 1.{minor}.0\n" for minor in range(first + 1, -1, -1))
        changelog = f"# {name}\n{lines}"
        return {f"{root}/{manifest.file}": manifest.text(), f"{root}/CHANGELOG.md": changelog}

    def update(self, name: str, dice: Dice) -> tuple[Written, str, int]:
        """Raise the version of an outside package that a service uses."""
        manifest = self.manifests[name]
        package = dice.pick(sorted(manifest.packages))
        manifest.packages[package] += 1
        path = f"{BY_NAME[name].root}/{manifest.file}"
        return {path: manifest.text()}, package, manifest.packages[package]

    def snapshot(self, paths: Sequence[str]) -> dict[str, Source | None]:
        """Remember sources as they are, for a revert."""
        return {path: deepcopy(self.sources.get(path)) for path in paths}

    def restore(self, remembered: dict[str, Source | None]) -> Written:
        """Put sources back as remembered."""
        written: Written = {}
        for path, source in remembered.items():
            if source is None:
                self.sources.pop(path, None)
                written[path] = None
            else:
                self.sources[path] = source
                written |= self.render([path])
        return written

    def _add_module(self, area: str, dice: Dice) -> None:
        service = BY_NAME[area.split("/", maxsplit=1)[0]]
        folder = self.modules[area][0].rsplit("/", 1)[0]
        module = f"{folder}/{dice.pick(SPARE)}.{service.language}"
        if module not in self.modules[area]:
            self.modules[area].append(module)

    def _move(self, names: dict[str, str]) -> Written:
        known = {old: new for old, new in names.items() if old in self.sources}
        for old, new in known.items():
            self.sources[new] = self.sources.pop(old)
        return dict.fromkeys(known) | self.render(sorted(known.values()))


def test_of(module: str) -> str:
    """Return where a module's test stands, by its language's custom."""
    folder, _, file = module.rpartition("/")
    stem, _, kind = file.partition(".")
    names = {"py": f"test_{stem}.py", "ts": f"{stem}.test.ts", "go": f"{stem}_test.go"}
    return f"{folder}/{names[kind]}"


def compose(services: Sequence[Service]) -> str:
    """Return the compose file that runs the deployable services."""
    deployed = {service.name: service for service in services if service.deploy}
    lines = ["services:", "  database:", "    image: postgres:16"]
    for name, service in deployed.items():
        needs = ["database", *(need for need in service.needs if need in deployed)]
        lines += [f"  {name}:", f"    build: ./{service.root}", "    depends_on:"]
        lines += [f"      - {need}" for need in needs]
    return "\n".join(lines) + "\n"


def _deploy_files(service: Service) -> list[str]:
    kinds = ("service", "alerts", "scaling")
    return [f"{service.root}/{folder}/{kind}.yaml" for folder in service.deploy for kind in kinds]


def _dockerfile(service: Service) -> str:
    images = {"ts": "node:20-slim", "py": "python:3.11-slim", "go": "golang:1.21"}
    return f"FROM {images[service.language]}\nWORKDIR /{service.name}\nCOPY . .\n"
