"""Contents of made-up files: functions and settings that grow, and package manifests.

A source is a list of named parts with numbers; an edit changes or adds numbers, never back,
so that every edit is a difference. Code is valid in its language, so that tools that read
functions find some.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sample_repos.dice import Dice

_WORDS = """
apply build check count fetch find group load match parse price rank
read reserve route save score select send split sum sync trim update
:
address batch basket carrier currency customer discount event filter
invoice item label limit list offer order page parcel payment product
quote rate receipt record refund request result session slot stock tax token
"""
VERBS, NOUNS = (tuple(words.split()) for words in _WORDS.split(":"))


@dataclass
class Source:
    """A file of named parts. ``kind`` is its extension, ``dice`` makes its edits."""

    kind: str
    dice: Dice
    parts: list[tuple[str, list[int]]] = field(default_factory=list)

    @classmethod
    def new(cls, path: str) -> Source:
        """Return a file of three to five parts, the same for the same path."""
        source = cls(path.rsplit(".", 1)[1], Dice(path))
        for _ in range(source.dice.number(3, 5)):
            source.grow()
        return source

    def grow(self) -> None:
        """Add a part under a name that the file does not have yet."""
        dice = self.dice
        names = [name for name, _ in self.parts]
        name = f"{dice.pick(VERBS)}_{dice.pick(NOUNS)}"
        while name in names:
            name = f"{dice.pick(VERBS)}_{dice.pick(NOUNS)}"
        self.parts.append((name, [dice.number(2, 99) for _ in range(dice.number(2, 6))]))

    def edit(self) -> None:
        """Change the file: mostly a line or two, sometimes a new part."""
        dice = self.dice
        if dice.chance(0.12):
            self.grow()
            return
        _, numbers = dice.pick(self.parts)
        numbers[dice.number(0, len(numbers) - 1)] += dice.number(1, 9)
        if dice.chance(0.35):
            numbers.append(dice.number(2, 99))

    def text(self, *, tidy: bool) -> str:
        """Return the file's text, before or after the reformatting."""
        return _TEXT[self.kind](self.parts, " " if tidy else "")


def _python(parts: list[tuple[str, list[int]]], gap: str) -> str:
    blocks = []
    for name, numbers in parts:
        lines = [f"    value = value{gap}+{gap}{number}" for number in numbers]
        blocks.append("\n".join([f"def {name}(value):", *lines, "    return value"]))
    return "\n\n\n".join(blocks) + "\n"


def _typescript(parts: list[tuple[str, list[int]]], gap: str) -> str:
    blocks = []
    for name, numbers in parts:
        lines = [f"  value = value{gap}+{gap}{number};" for number in numbers]
        head = f"export function {_camel(name)}(value: number): number {{"
        blocks.append("\n".join([head, *lines, "  return value;", "}"]))
    return "\n\n".join(blocks) + "\n"


def _go(parts: list[tuple[str, list[int]]], gap: str) -> str:
    blocks = ["package service"]
    for name, numbers in parts:
        lines = [f"\tvalue{gap}={gap}value + {number}" for number in numbers]
        blocks.append(
            "\n".join([f"func {_camel(name)}(value int) int {{", *lines, "\treturn value", "}"])
        )
    return "\n\n".join(blocks) + "\n"


def _yaml(parts: list[tuple[str, list[int]]], gap: str) -> str:
    indent = "  " + gap
    rows = [[f"{name}:", *(f"{indent}- {number}" for number in numbers)] for name, numbers in parts]
    return "\n".join(line for row in rows for line in row) + "\n"


def _json(parts: list[tuple[str, list[int]]], gap: str) -> str:
    return json.dumps(dict(parts), indent=2 + len(gap)) + "\n"


def _markdown(parts: list[tuple[str, list[int]]], gap: str) -> str:
    rows = [
        [f"## {name}", "", *(f"-{gap or '  '}step {number}" for number in numbers)]
        for name, numbers in parts
    ]
    return "\n\n".join("\n".join(row) for row in rows) + "\n"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


_TEXT = {
    "py": _python,
    "ts": _typescript,
    "go": _go,
    "yaml": _yaml,
    "json": _json,
    "md": _markdown,
}


@dataclass
class Manifest:
    """What a package declares: its version, the packages it needs here and from elsewhere."""

    kind: str
    name: str
    needs: tuple[str, ...]
    packages: dict[str, int]
    version: tuple[int, int] = (1, 0)
    organisation: str = "shop"

    @property
    def file(self) -> str:
        """The manifest's file name in its ecosystem."""
        return {"ts": "package.json", "py": "pyproject.toml", "go": "go.mod"}[self.kind]

    @property
    def release(self) -> str:
        """The version as text."""
        return f"{self.version[0]}.{self.version[1]}.0"

    def text(self) -> str:
        """Return the manifest in its ecosystem's format."""
        if self.kind == "ts":
            inside = {f"@{self.organisation}/{name}": "workspace:*" for name in self.needs}
            outside = {name: f"^{number}.0.0" for name, number in self.packages.items()}
            about = {"name": f"@{self.organisation}/{self.name}", "version": self.release}
            return json.dumps({**about, "dependencies": inside | outside}, indent=2) + "\n"
        if self.kind == "py":
            inside_out = [f"{self.organisation}-{name}" for name in self.needs]
            inside_out += [f"{name}>={number}" for name, number in self.packages.items()]
            rows = "".join(f'    "{line}",\n' for line in inside_out)
            head = (
                f'[project]\nname = "{self.organisation}-{self.name}"\nversion = "{self.release}"\n'
            )
            return f"{head}dependencies = [\n{rows}]\n"
        lines = [f"\t{self.organisation}.example/{name} v1.0.0" for name in self.needs]
        lines += [f"\texample.org/{name} v1.{number}.0" for name, number in self.packages.items()]
        head = f"// version {self.release}\nmodule {self.organisation}.example/{self.name}\n"
        body = "\n".join(lines)
        return f"{head}\ngo 1.21\n\nrequire (\n{body}\n)\n"
