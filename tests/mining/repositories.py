"""Builds small git repositories with fixed people, times and content.

In:  commits told one by one (``Story``).
Out: a bare repository, the same bytes on every machine.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

START = 1_700_000_000
HOUR = 3600
ANN = "Ann <ann@example.org>"
BEN = "Ben <ben@example.org>"

Content = bytes | str | tuple[str, bytes] | None
"""The content of a regular file, its mode and content, or None where it is deleted."""


def git(directory: Path, *arguments: str, given: bytes = b"") -> str:
    """Run git in a repository that a test made and return what it prints."""
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ann",
        "GIT_AUTHOR_EMAIL": "ann@example.org",
        "GIT_COMMITTER_NAME": "Ann",
        "GIT_COMMITTER_EMAIL": "ann@example.org",
        "GIT_AUTHOR_DATE": f"{START} +0000",
        "GIT_COMMITTER_DATE": f"{START} +0000",
    }
    done = subprocess.run(
        ["git", *arguments], cwd=directory, env=variables, input=given, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout.decode("utf-8", "backslashreplace").strip()


@dataclass
class Story:
    """A history told commit by commit; ``commit`` returns a mark to go on from."""

    stream: list[bytes] = field(default_factory=list)
    marks: int = 0
    last: int | None = None

    def commit(
        self,
        files: Mapping[str | bytes, Content] | None = None,
        *,
        message: str | bytes = "change",
        author: str = ANN,
        parents: Sequence[int] | None = None,
        renames: Mapping[str, str] | None = None,
        at: int | None = None,
        encoding: str = "",
        main: bool = True,
    ) -> int:
        """Add a commit; its parent is the last one of the mainline unless parents are given."""
        self.marks += 1
        when = START + self.marks * HOUR if at is None else at
        text = message.encode() if isinstance(message, str) else message
        parents = ([self.last] if self.last else []) if parents is None else parents
        lines = [b"reset refs/heads/work"] if not parents else []
        lines += [b"commit refs/heads/work", f"mark :{self.marks}".encode()]
        lines += [f"{role} {author} {when} +0000".encode() for role in ("author", "committer")]
        lines += [f"encoding {encoding}".encode()] if encoding else []
        lines += [b"data %d\n%s" % (len(text), text)]
        lines += [
            b"%s :%d" % (b"merge" if number else b"from", parent)
            for number, parent in enumerate(parents)
        ]
        lines += [f"R {old} {new}".encode() for old, new in (renames or {}).items()]
        lines += [_file(path, content) for path, content in (files or {}).items()]
        self.stream += lines
        self.last = self.marks if main else self.last
        return self.marks

    def side(self, files: Mapping[str | bytes, Content], *, of: int, message: str = "side",
             author: str = BEN) -> int:  # fmt: skip
        """Add a commit beside the mainline."""
        return self.commit(files, parents=[of], message=message, author=author, main=False)

    def tag(self, name: str, mark: int, *, at: int | None = None) -> None:
        """Tag a commit; with a time the tag is annotated."""
        if at is None:
            self.stream += [f"reset refs/tags/{name}".encode(), b"from :%d\n" % mark]
        else:
            self.stream += [f"tag {name}".encode(), b"from :%d" % mark,
                            f"tagger {ANN} {at} +0000".encode(), b"data 3\ntag"]  # fmt: skip

    def build(self, path: Path, *, object_format: str = "sha1") -> Path:
        """Write the story as a bare repository whose HEAD is ``main``."""
        path.mkdir(parents=True)
        git(path, "init", "--quiet", "--bare", "--initial-branch=main",
            f"--object-format={object_format}", ".")  # fmt: skip
        end = [b"reset refs/heads/main", b"from :%d" % self.last] if self.last else []
        git(
            path,
            "-c",
            "fastimport.unpackLimit=9999",
            "fast-import",
            "--quiet",
            "--force",
            given=b"\n".join([*self.stream, *end, b""]),
        )
        if self.last:
            git(path, "update-ref", "-d", "refs/heads/work")
        return path


def raw_commit(
    repository: Path, *, tree: str, parents: Sequence[str] = (), rest: bytes, ref: str = "main"
) -> str:
    """Write a commit object byte for byte, however odd, and point a branch at it."""
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents), ""]
    raw = "\n".join(lines).encode() + rest
    oid = git(repository, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", given=raw)
    git(repository, "update-ref", f"refs/heads/{ref}", oid)
    return oid


def every_kind() -> Story:
    """Tell one history with every kind of change that git knows."""
    story = Story()
    text = "".join(f"line {number}\n" for number in range(20))
    root = story.commit(
        {"a.txt": text, "b/b.txt": text.upper(), "bin": b"\0\1\2", "gone.txt": "x\n",
         "link": ("120000", b"a.txt"), "run.sh": "#!/bin/sh\n"},
        message="root",
    )  # fmt: skip
    one = story.side({"side.txt": "1\n"}, of=root)
    two = story.side({"side.txt": "1\n2\n"}, of=one)
    story.commit({"a.txt": text + "more\n"}, message="direct")
    story.commit(
        {"side.txt": "1\n2\n"}, parents=[2 + 2, two],
        message="Merge pull request #5 from org/feature-x",
    )  # fmt: skip
    story.commit(renames={"b/b.txt": "c/renamed.txt"}, message="rename")
    story.commit({"c/renamed.txt": text.upper() + "x\n"}, renames={"a.txt": "d.txt"})
    story.commit({"bin": b"\0\1\2\3", "gone.txt": None})
    story.commit({"run.sh": ("100755", b"#!/bin/sh\n"), "bin": ("100755", b"\0\1\2\3")})
    story.commit({"link": "no link any more\n"}, message="type change")
    story.commit(renames={"bin": "bin2"})
    story.commit(message="empty")
    here = story.last or 0
    left = story.side({"l.txt": "l\n"}, of=here)
    right = story.side({"r.txt": "r\n"}, of=here)
    story.commit({"l.txt": "l\n", "r.txt": "r\n"}, parents=[here, left, right], message="octopus")
    side = story.side({"e.txt": "e\n"}, of=story.last or 0)
    evil = {"e.txt": "e\n", "evil.txt": "nobody wrote this\n", "d.txt": text}
    story.commit(evil, parents=[story.last or 0, side], message="evil merge")
    story.commit({"++plus": "++ a\n-- b\n", "sp ace/ü.txt": "ü\n"})
    story.commit({"++plus": "", "sp ace/ü.txt": None})
    story.commit({"sub": ("160000", b"1" * 40)})
    story.commit({"sub": ("160000", b"2" * 40)})
    story.commit({"sub": None})
    return story


def _file(path: str | bytes, content: Content) -> bytes:
    name = _quoted(path.encode() if isinstance(path, str) else path)
    if content is None:
        return b"D " + name
    mode, raw = content if isinstance(content, tuple) else ("100644", content)
    data = raw.encode() if isinstance(raw, str) else raw
    if mode == "160000":
        return b"M 160000 " + data + b" " + name
    return b"M %s inline %s\ndata %d\n%s" % (mode.encode(), name, len(data), data)


def _quoted(path: bytes) -> bytes:
    plain = path.isascii() and not set(path) & set(b'"\\\n\t ')
    if plain:
        return path
    return b'"' + b"".join(_octal(byte) for byte in path) + b'"'


def _octal(byte: int) -> bytes:
    return bytes([byte]) if chr(byte).isalnum() and byte < 128 else b"\\%03o" % byte
