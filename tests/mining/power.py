"""What a disk may hold after a loss of power: replays what a run did to it, as strace saw it.

In:  the log of a run, and the files of a folder before it.
Out: the files that the folder may hold at each moment if power is lost then.

A file's content is sure only once the file was flushed, a name (made, moved or removed) only once
its folder was. What is not sure may be there or not, each on its own: that is all a file
system promises (Pillai et al., OSDI 2014).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Iterator, Mapping

TRACED = "openat,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat2,unlink,unlinkat"

_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)(?:<.*>)?(?: .*)?$")
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OPENED = re.compile(r"\d+<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True)
class Step:
    """One thing done to the folder: to a file's content, to a name, or a flush."""

    kind: str
    path: str
    to: str = ""
    at: int = 0
    data: bytes = b""


@dataclass
class _File:
    """A file: what was flushed, and what else was written since."""

    sure: bytes = b""
    since: list[Step] = field(default_factory=list)


@dataclass
class Disk:
    """A folder's files as a disk that is switched off would hold them.

    Attributes
    ----------
    names
        Names that are sure, and their files.
    since
        By folder, what was done to names and is not flushed: a step and its file.
    now
        The names as a running system sees them.
    """

    names: dict[str, _File]
    since: dict[str, list[tuple[Step, _File]]] = field(default_factory=dict)
    now: dict[str, _File] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Disk:
        """Return a disk on which all files are sure."""
        names = {path: _File(content) for path, content in files.items()}
        return cls(names, now=dict(names))

    def do(self, step: Step) -> None:
        """Take a step."""
        match step.kind:
            case "write" | "cut":
                self.now[step.path].since.append(step)
            case "flush" if step.path in self.now:
                file = self.now[step.path]
                file.sure, file.since = _content(file, kept=lambda: True), []
            case "flush":
                for one, file in self.since.pop(step.path, []):
                    _rename(self.names, one, file)
            case "make" if step.path in self.now:
                return
            case _:
                file = _File() if step.kind == "make" else self.now[step.path]
                _rename(self.now, step, file)
                self.since.setdefault(str(Path(step.path).parent), []).append((step, file))

    def after_loss(self, *, name: Callable[[], bool], data: Callable[[], bool]
                   ) -> dict[str, bytes]:  # fmt: skip
        """Return the files that are left; ``name`` and ``data`` decide on what is not sure."""
        names = dict(self.names)
        for steps in self.since.values():
            for step, file in steps:
                if name():
                    _rename(names, step, file)
        return {path: _content(file, kept=data) for path, file in names.items()}

    def losses(self, chance: random.Random) -> Iterator[dict[str, bytes]]:
        """Yield what may be left: nothing unsure, all of it, names only, and any part of it."""
        for name, data in ((False, False), (True, True), (True, False)):
            yield self.after_loss(name=lambda kept=name: kept, data=lambda kept=data: kept)
        for _time in range(2):
            some = lambda: chance.random() < 0.5  # noqa: E731 - as short as the others
            yield self.after_loss(name=some, data=some)


def steps_of(log: Path, *, folder: Path) -> list[Step]:
    """Return what a run did below a folder, from a log of ``strace -y -xx``."""
    found: list[Step] = []
    ends: dict[str, int] = {}
    for line in _whole(log.read_text().splitlines()):
        call = _CALL.match(line)
        if call is None or call[3].startswith("-"):
            continue
        some = _steps(call[1], call[2], ends)
        found.extend(step for step in some if Path(step.path).is_relative_to(folder))
    return found


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Yield calls, when they end, without the thread that made them."""
    begun: dict[str, str] = {}
    for line in lines:
        thread, _, told = line.partition(" ")
        told = told.strip()
        if told.endswith("<unfinished ...>"):
            begun[thread] = told.removesuffix("<unfinished ...>").rstrip()
            continue
        yield _RESUMED.sub(lambda _found, of=thread: begun.pop(of), told, count=1)


def _steps(call: str, given: str, ends: dict[str, int]) -> Iterator[Step]:
    texts = [_plain(text) for text in _TEXT.findall(given)]
    opened = _OPENED.match(given)
    path = _plain(opened[1]).decode() if opened else ""
    numbers = [int(one) for one in re.findall(r", (\d+)", given)]
    match call:
        case "openat" if "O_CREAT" in given:
            ends[texts[0].decode()] = 0
            yield Step("make", texts[0].decode())
        case "write":
            yield Step("write", path, at=ends.get(path, 0), data=texts[0])
            ends[path] = ends.get(path, 0) + len(texts[0])
        case "pwrite64":
            yield Step("write", path, at=numbers[-1], data=texts[0])
        case "ftruncate":
            yield Step("cut", path, at=numbers[-1])
        case "fsync" | "fdatasync":
            yield Step("flush", path)
        case "rename" | "renameat2":
            yield Step("move", texts[0].decode(), to=texts[1].decode())
        case "unlink" | "unlinkat":
            yield Step("drop", texts[0].decode())


def _plain(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _rename(names: dict[str, _File], step: Step, file: _File) -> None:
    """Make, move or remove a name."""
    if step.kind == "make":
        names[step.path] = file
        return
    if names.get(step.path) is file or step.kind == "drop":
        names.pop(step.path, None)
    if step.kind == "move":
        names[step.to] = file


def _content(file: _File, *, kept: Callable[[], bool]) -> bytes:
    text = bytearray(file.sure)
    for step in file.since:
        if not kept():
            continue
        if step.kind == "cut":
            text = text[: step.at].ljust(step.at, b"\0")
        else:
            text = text.ljust(step.at, b"\0")
            text[step.at : step.at + len(step.data)] = step.data
    return bytes(text)
