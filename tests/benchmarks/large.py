"""Builds one large history for benchmarks, the same bytes on every machine.

In:  a folder and how many commits.
Out: a bare repository: packages of files of real size, squashed changes, merges, renames.

The versions of a file are written one after another before any commit, so that
``git fast-import`` stores each as a delta to the one before. Sizes and the length of those chains
are between those of the public repositories that docs/benchmarks.md lists.
"""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_START = 1_300_000_000
_PACKAGES = 40
_FOLDERS = ("api", "core", "model", "views", "tests", "lib/io", "lib/net", "docs")
_FILES = 6_000
_MERGES = 0.12
_TEXT = (
    "account amount balance billing branch cache channel client cluster commit config context "
    "counter cursor customer deliver deploy device driver element encode engine entry event "
    "factory field filter format frame gateway handler header index input insert invoice item "
    "journal ledger limit list listener locale logger manager mapper matrix merge message "
    "metric model module monitor network node notify number object offset option order output "
    "package parser payment people period policy price process product profile protocol "
    "provider query queue reader record refund region release report request resolve result "
    "retry return route sample schema scope search section segment select sender server service "
    "session shape signal source stage state status storage stream string subject switch symbol "
    "table target task team template tenant thread ticket token topic trace track transfer "
    "update user value vector version view volume wallet window worker writer"
)
_WORDS = _TEXT.split()


@dataclass(slots=True)
class _File:
    """One file: where it is, and the marks of its versions in order."""

    path: str
    versions: int = 0
    first_mark: int = 0


@dataclass(slots=True)
class _Plan:
    """Which commit touches which files: ``(file, version)`` by commit."""

    files: list[_File] = field(default_factory=list)
    touched: list[list[tuple[int, int]]] = field(default_factory=list)


def build(path: Path, *, commits: int, seed: int = 0) -> Path:
    """Write the repository, unless it is there."""
    if (path / "HEAD").exists():
        return path
    draft = path.with_name(f"{path.name}.draft")
    subprocess.run(["rm", "-rf", draft], check=True)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(draft)], check=True)
    command = ["git", "-C", str(draft), "fast-import", "--quiet", "--depth=10"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as writing:
        assert writing.stdin is not None
        for part in _stream(_plan(commits, seed=seed), random.Random(seed)):
            writing.stdin.write(part)
    if writing.returncode:
        raise RuntimeError("git fast-import failed")
    draft.rename(path)
    return path


def go_on(path: Path, *, commits: int) -> None:
    """Add a few commits to the mainline."""
    tip = subprocess.run(
        ["git", "-C", str(path), "rev-parse", "main"], capture_output=True, check=True
    ).stdout.strip()
    parts = []
    for number in range(commits):
        text = b"note %d after %s\n" % (number, tip)
        parts += [
            b"commit refs/heads/main\ncommitter %s %d +0000\n"
            % (_person(number), _START + 600_000_000 + number),
            b"data 9\none more\n\n",
            b"from %s\n" % tip if number == 0 else b"",
            b"M 100644 inline notes/%d.txt\ndata %d\n%s\n" % (number, len(text), text),
        ]
    subprocess.run(
        ["git", "-C", str(path), "fast-import", "--quiet"], input=b"".join(parts), check=True
    )


def _plan(commits: int, *, seed: int) -> _Plan:
    """Choose what each commit touches: mostly one package, its busy files more often."""
    chance = random.Random(seed + 1)
    plan = _Plan([_File(_path(number)) for number in range(_FILES)])
    per_package = _FILES // _PACKAGES
    for _commit in range(commits):
        package = int(_PACKAGES * chance.random() ** 1.7)
        chosen: dict[int, None] = {}
        for _touch in range(min(25, 1 + int(chance.expovariate(0.55)))):
            if chance.random() < 0.08:
                package = chance.randrange(_PACKAGES)
            number = int(per_package * chance.random() ** 1.5)
            chosen[package * per_package + number] = None
        plan.touched.append([])
        for number in sorted(chosen):
            plan.touched[-1].append((number, plan.files[number].versions))
            plan.files[number].versions += 1
    return plan


def _path(number: int) -> str:
    package, rest = divmod(number, _FILES // _PACKAGES)
    if rest == 0:
        return f"packages/{_WORDS[package]}/package.json"
    folder = _FOLDERS[rest % len(_FOLDERS)]
    name = f"{_WORDS[(rest * 7 + package) % len(_WORDS)]}_{rest}"
    return f"packages/{_WORDS[package]}/{folder}/{name}.ts"


def _stream(plan: _Plan, chance: random.Random) -> Iterator[bytes]:
    mark = 1
    for file in plan.files:
        file.first_mark = mark
        yield from _versions(file, chance, mark=mark)
        mark += file.versions
    yield from _commits(plan, chance, mark=mark)


def _versions(file: _File, chance: random.Random, *, mark: int) -> Iterator[bytes]:
    lines = [_line(chance) for _ in range(max(8, int(chance.lognormvariate(5.4, 1.35))))]
    for version in range(file.versions):
        for _edit in range(1 + int(chance.expovariate(0.4))):
            at = chance.randrange(len(lines))
            size = 1 + int(chance.expovariate(0.5))
            kept = 0 if len(lines) < 4_000 and chance.random() < 0.25 else size
            lines[at : at + kept] = [_line(chance) for _ in range(size)]
        text = b"".join(lines)
        yield b"blob\nmark :%d\ndata %d\n%s\n" % (mark + version, len(text), text)


def _line(chance: random.Random) -> bytes:
    some = " ".join(chance.choices(_WORDS, k=1 + int(8 * chance.random())))
    return f"{'    ' * int(3 * chance.random())}{some};\n".encode("ascii")


def _commits(plan: _Plan, chance: random.Random, *, mark: int) -> Iterator[bytes]:
    """Write the commits: squashed changes, and branches of one to three that are merged."""
    moved: dict[int, str] = {}
    main = number = 0
    total = len(plan.touched)
    while number < total:
        left = total - number
        if left > 4 and main and chance.random() < _MERGES:
            here = main
            for _brought in range(chance.randint(1, 3)):
                here = _commit_mark(mark, number)
                yield _commit(plan, chance, mark=mark, number=number, moved=moved,
                              parents=(main,) if _brought == 0 else (here - 1,))  # fmt: skip
                number += 1
            yield _commit(plan, chance, mark=mark, number=number, moved=moved,
                          parents=(main, here), merge=True)  # fmt: skip
        else:
            yield _commit(plan, chance, mark=mark, number=number, moved=moved,
                          parents=(main,) if main else ())  # fmt: skip
        main = _commit_mark(mark, number)
        number += 1
    yield b"reset refs/heads/main\nfrom :%d\n" % main


def _commit_mark(mark: int, number: int) -> int:
    return mark + number


def _commit(
    plan: _Plan, chance: random.Random, *, mark: int, number: int, moved: dict[int, str],
    parents: tuple[int, ...], merge: bool = False,
) -> bytes:  # fmt: skip
    when = _START + number * 3_600
    who = _person(int(300 * chance.random() ** 2))
    text = _message(chance, number=number, merge=merge)
    lines = [b"commit refs/heads/work", b"mark :%d" % _commit_mark(mark, number),
             b"author %s %d +0100" % (who, when - 900), b"committer %s %d +0100" % (who, when),
             b"data %d\n%s" % (len(text), text)]  # fmt: skip
    lines += [b"%s :%d" % (b"merge" if place else b"from", parent)
              for place, parent in enumerate(parents)]  # fmt: skip
    for file, version in plan.touched[number]:
        path = moved.get(file, plan.files[file].path)
        if version and chance.random() < 0.01 and not path.endswith(".json"):
            lines.append(f"D {path}".encode())
            path = moved[file] = f"{path.rsplit('/', 1)[0]}/{_WORDS[version % 90]}_{file}.ts"
        lines.append(f"M 100644 :{plan.files[file].first_mark + version} {path}".encode())
    return b"\n".join([*lines, b"", b""])


def _person(number: int) -> bytes:
    name = f"{_WORDS[number % len(_WORDS)].title()} {_WORDS[number // 7 % len(_WORDS)].title()}"
    return f"{name} <{number}@example.org>".encode("ascii")


def _message(chance: random.Random, *, number: int, merge: bool) -> bytes:
    if merge:
        return b"Merge pull request #%d from org/%s-%d\n\nBring %s\n" % (
            number, chance.choice(_WORDS).encode(), number, chance.choice(_WORDS).encode(),
        )  # fmt: skip
    subject = " ".join(chance.choices(_WORDS, k=5))
    ticket = f"PAY-{number % 5_000 + 1} " if chance.random() < 0.2 else ""
    lines = int(5 * chance.random())
    body = "\n".join(" ".join(chance.choices(_WORDS, k=10)) for _ in range(lines))
    end = "\n\nCo-authored-by: Ben Ray <ben@example.org>" if chance.random() < 0.1 else ""
    return f"{ticket}{subject} (#{number})\n\n{body}{end}\n".encode("ascii")
