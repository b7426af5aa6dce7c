"""Random repositories: every kind of change in any order, under names of every kind.

In:  a seed and a number of commits.
Out: a ``Story``. Sides branch off and come back by merges of two or three parents, some of
     them evil; names hold spaces, quotes, newlines, bytes that are no UTF-8, `` b/``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.mining.repositories import BEN, Content, Story

_PLAIN = ("a", "b.py", "src/c.ts", "src/deep/er/d", "docs/e.md", "Makefile", "F.PY", "f.py")
_ODD = (
    b"sp ace", b"t\tab", b"new\nline", b'quo"te', b"back\\slash", b"\xff\xfe", b"\xfe\xff",
    "é".encode(), "é".encode(), b"x b/y", b"a b/a", b"-dash", b":100644", b"1\t2\tx",
    b"a" * 40, "\u2028".encode(), b"{a => b}", b" lead", b"trail ",
)  # fmt: skip


@dataclass
class Teller:
    """Tells a random story commit by commit."""

    chance: Random
    story: Story = field(default_factory=Story)
    state: dict[bytes, Content] = field(default_factory=dict)
    number: int = 0

    def tell(self, commits: int) -> Story:
        """Add commits to the mainline, some of them merges, until there are so many."""
        self.story.commit(self._new(3))
        while self.story.marks < commits:
            if self.chance.random() < 0.15:
                self._merge()
            else:
                self.story.commit(self._edits())
        return self.story

    def _merge(self) -> None:
        main = self.story.last or 0
        sides, brought = [], dict[str | bytes, Content]()
        for _side in range(self.chance.choice((1, 1, 1, 2))):
            here = main
            for _commit in range(self.chance.randint(1, 3)):
                files = self._new(1)
                here = self.story.commit(files, parents=[here], author=BEN, main=False)
                brought |= files
            sides.append(here)
        evil = self._edits() if self.chance.random() < 0.2 else {}
        self.story.commit({**brought, **evil}, parents=[main, *sides])

    def _new(self, count: int) -> dict[str | bytes, Content]:
        files: dict[str | bytes, Content] = {}
        for _file in range(count):
            self.number += 1
            name = b"%s/n%d" % (self._folder(), self.number)
            files[name] = self.state[name] = self._content()
        return files

    def _folder(self) -> bytes:
        odd = self.chance.random() < 0.3
        return self.chance.choice(_ODD) if odd else self.chance.choice(_PLAIN).encode() + b".d"

    def _edits(self) -> dict[str | bytes, Content]:
        """Change, remove, rename, copy, retype or add some files."""
        files: dict[str | bytes, Content] = {}
        known = sorted(self.state)
        for name in self.chance.sample(known, min(len(known), self.chance.randint(0, 4))):
            throw, content = self.chance.random(), self.state[name]
            if throw < 0.12:
                files[name] = None
                del self.state[name]
            elif throw < 0.3:
                self.number += 1
                target = b"%s/n%d" % (self._folder(), self.number)
                files[target] = self.state[target] = self._edited(content)
                if throw < 0.26:
                    files[name] = None
                    del self.state[name]
            else:
                files[name] = self.state[name] = self._edited(content)
        return files | (self._new(1) if self.chance.random() < 0.3 else {})

    def _content(self) -> Content:
        throw = self.chance.random()
        if throw < 0.08:
            return b"\0" + self.chance.randbytes(self.chance.randint(1, 200))
        if throw < 0.12:
            return ("120000", b"target%d" % self.number)
        if throw < 0.15:
            return ("160000", b"%040x" % self.chance.getrandbits(160))
        return "".join(self._line() for _ in range(self.chance.randint(0, 15)))

    def _line(self) -> str:
        return self.chance.choice(("++ {}\n", "-- {}\n", "{}\n", "\t{}\r\n")).format(
            self.chance.randint(0, 99)
        )

    def _edited(self, content: Content) -> Content:
        throw = self.chance.random()
        if not isinstance(content, str):
            return self._content() if throw < 0.6 else content
        if throw < 0.05:
            return ("100755", content.encode())
        if throw < 0.1:
            return self._content()
        lines = content.splitlines(keepends=True)
        kept = [line for line in lines if self.chance.random() < 0.8]
        return "".join([*kept, *(self._line() for _ in range(self.chance.randint(0, 3)))])


def random_story(seed: int, *, commits: int) -> Story:
    """Return a random story of at least so many commits, the same for the same seed."""
    return Teller(Random(seed)).tell(commits)
