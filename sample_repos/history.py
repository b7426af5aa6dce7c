r"""A small language for git histories: changes go in, a ``git fast-import`` stream comes out.

>>> history = History()
>>> history.commit({"cart/a.py": "1\\n"}, message="Begin")
1
>>> history.merge([Step({"cart/a.py": "2\\n"})], branch="faster", message="Merge branch 'faster'")
3
>>> sorted(history.files)
['cart/a.py']

Every call on a history adds one change to the mainline and returns its mark; without an
explicit time a change comes one hour after the one before it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sample_repos.git import write_repository


@dataclass(frozen=True)
class Person:
    """Who writes: a name, an e-mail and the offset of the clock (``+0100``)."""

    name: str
    email: str
    zone: str = "+0000"

    def signed(self, at: int) -> bytes:
        """Return git's form of this person at a time."""
        return f"{self.name} <{self.email}> {at} {self.zone}".encode()


@dataclass(frozen=True)
class Entry:
    """A file's content with a mode of its own: ``100755``, ``120000`` or ``160000``."""

    content: str | bytes
    mode: str = "100644"


#: What a change does to paths: new content, or None to delete.
Files = Mapping[str, "str | bytes | Entry | None"]

ANA = Person("Ana Ash", "ana@example.org")
BEN = Person("Ben Beech", "ben@example.org")
GITHUB = Person("GitHub", "noreply@github.com")


@dataclass(frozen=True)
class Step:
    """One commit of a branch."""

    files: Files
    message: str = "Change"
    author: Person = ANA
    committer: Person | None = None


class History:
    """The mainline of one repository, written change by change."""

    def __init__(self, *, start: int = 1_704_067_200, step: int = 3600) -> None:
        self._next = start
        self._step = step
        self._marks = 0
        self._mainline: list[tuple[int, int]] = []  # (time, mark) by position
        self._changed: dict[str, int] = {}  # position of a path's last change
        self._stream: list[bytes] = []
        self.files: dict[str, Entry] = {}

    @property
    def last(self) -> int:
        """Time of the last change."""
        return self._mainline[-1][0]

    @classmethod
    def of(cls, *changes: str, author: Person = ANA) -> History:
        """Return a history of one commit per word: its letters are the files it changes."""
        history = cls()
        for number, letters in enumerate(changes):
            history.commit(dict.fromkeys(letters, f"{number}\n"), author=author)
        return history

    def commit(
        self,
        files: Files,
        *,
        message: str = "Change",
        author: Person = ANA,
        committer: Person | None = None,
        at: int | None = None,
    ) -> int:
        """Add a change of one commit (a direct push, or a squash) and return its mark."""
        at = self._time(at)
        parents = [self._mainline[-1][1]] if self._mainline else []
        mark = self._write(Step(files, message, author, committer), parents=parents, at=at)
        self._advance(files, mark=mark, at=at)
        return mark

    def merge(
        self,
        steps: Sequence[Step],
        *,
        branch: str = "topic",
        message: str | None = None,
        merger: Person = BEN,
        committer: Person | None = None,
        at: int | None = None,
        started: int | None = None,
    ) -> int:
        """Merge a branch of ``steps`` and return the merge's mark.

        The branch leaves the mainline at the last change before ``started``, or later:
        after the last change of a path that it touches, so that nothing conflicts.
        """
        at = self._time(at)
        place = self._fork(steps, started=at if started is None else started)
        left, tip = self._mainline[place]
        begun = max(left, min(at, left if started is None else started))
        union: dict[str, str | bytes | Entry | None] = {}
        for number, step in enumerate(steps, 1):
            when = begun + (at - begun) * number // (len(steps) + 1)
            tip = self._write(step, parents=[tip], at=when)
            union |= step.files
        text = f"Merge branch '{branch}'" if message is None else message
        merging = Step(union, text, merger, committer)
        mark = self._write(merging, parents=[self._mainline[-1][1], tip], at=at)
        self._advance(union, mark=mark, at=at)
        return mark

    def move(self, old: str, new: str) -> Files:
        """Return the files of a change that moves a file, or a folder ending in ``/``."""
        if not old.endswith("/"):
            return {old: None, new: self.files[old]}
        inside = [path for path in self.files if path.startswith(old)]
        gone: dict[str, str | bytes | Entry | None] = dict.fromkeys(inside)
        return gone | {new + path.removeprefix(old): self.files[path] for path in inside}

    def tag(self, name: str, *, message: str | None = None, by: Person = ANA) -> None:
        """Tag the last change, with a message as an annotated tag."""
        at, mark = self._mainline[-1]
        if message is None:
            self._stream.append(f"reset refs/tags/{name}\nfrom :{mark}\n\n".encode())
            return
        self._stream.append(f"tag {name}\nfrom :{mark}\n".encode())
        self._stream.append(b"tagger " + by.signed(at) + b"\n" + _data(message))

    def stream(self) -> bytes:
        """Return the whole history for ``git fast-import``."""
        return b"".join([*self._stream, b"done\n"])

    def build(self, path: str | Path, *, bare: bool = False) -> Path:
        """Write the repository to ``path``, checked out unless it is bare."""
        return write_repository(Path(path), self.stream(), bare=bare)

    def _time(self, at: int | None) -> int:
        return self._next if at is None else at

    def _fork(self, steps: Sequence[Step], *, started: int) -> int:
        before = bisect_right([time for time, _ in self._mainline], started) - 1
        touched = [self._changed.get(path, 0) for step in steps for path in step.files]
        return max([before, 0, *touched])

    def _advance(self, files: Files, *, mark: int, at: int) -> None:
        position = len(self._mainline)
        self._mainline.append((at, mark))
        self._next = at + self._step
        for path, content in files.items():
            self._changed[path] = position
            if content is None:
                self.files.pop(path, None)
            else:
                self.files[path] = content if isinstance(content, Entry) else Entry(content)

    def _write(self, step: Step, *, parents: Sequence[int], at: int) -> int:
        self._marks += 1
        committer = step.author if step.committer is None else step.committer
        lines = [f"commit refs/heads/main\nmark :{self._marks}\n".encode()]
        lines.append(b"author " + step.author.signed(at) + b"\n")
        lines.append(b"committer " + committer.signed(at) + b"\n" + _data(step.message + "\n"))
        for word, parent in zip(["from", *["merge"] * len(parents)], parents, strict=False):
            lines.append(f"{word} :{parent}\n".encode())
        lines += [_change(path, step.files[path]) for path in sorted(step.files)]
        self._stream += [*lines, b"\n"]
        return self._marks


def _change(path: str, content: str | bytes | Entry | None) -> bytes:
    if content is None:
        return b"D " + _quoted(path) + b"\n"
    entry = content if isinstance(content, Entry) else Entry(content)
    if entry.mode == "160000":  # a submodule's content is the commit that it names
        return f"M 160000 {entry.content!s} ".encode() + _quoted(path) + b"\n"
    return f"M {entry.mode} inline ".encode() + _quoted(path) + b"\n" + _data(entry.content)


def _data(content: str | bytes) -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    return b"data %d\n%s\n" % (len(raw), raw)


def _quoted(path: str) -> bytes:
    raw = path.encode("utf-8", "surrogateescape")
    if not raw.startswith(b'"') and b"\n" not in raw:
        return raw
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
