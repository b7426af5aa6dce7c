"""Fifty people in every channel of a history; no output names one of them.

Paths are not among the channels: a file is shown by its path, whoever it is called after.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import shutil
import subprocess
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from conway.cli import main
from sample_repos.history import History, Person, Step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

DAY = 24 * 3600
CANARIES = tuple(f"zq{number:02d}quokka" for number in range(50))
AUTHORS, COMMITTERS, TRAILED = CANARIES[:12], CANARIES[12:18], CANARIES[18:24]
BRANCHED, TAGGED, LOGINS, MAILS = CANARIES[24:30], CANARIES[30:34], CANARIES[34:39], CANARIES[39:42]
MAPPED, WRITTEN, MEMBERS = CANARIES[42:45], CANARIES[45:47], CANARIES[47:]
OWNERS = (
    f"/cart/ @shop/web\n/pay/ @shop/money\n/mail/ @{LOGINS[0]} @{LOGINS[1]}\n"
    f"/docs/ @{LOGINS[3]} # ask {LOGINS[4]}\n"
    f"/feed/ {MAILS[0]}@zq.example {MAILS[1]}@zq.example {MAILS[2]}@zq.example\n"
    f"/site/ @{LOGINS[2]}\n"
)
CONFIG = f"""
[services]
"{{name}}" = "{{name}}/**"
[teams]
source = "CODEOWNERS"
members = "members.csv"
[teams.map]
"@{LOGINS[2]}" = "web"
"""


def person(name: str) -> Person:
    """Return a canary with a name and an address of its own."""
    return Person(f"{name.title()} Person", f"{name}@zq.example")


def canary_history(offset: int) -> History:
    """Return 300 changes in which every canary but the members appears."""
    history = History(step=DAY, start=1_704_067_200 + offset)
    mailmap = "".join(f"{m.title()} <{m}@zq.example> <old-{m}@zq.example>\n" for m in MAPPED)
    history.commit({"CODEOWNERS": OWNERS, ".mailmap": mailmap, "cart/a": "", "pay/a": ""})
    services = ("cart", "pay", "mail", "feed", "site")
    for number in range(1, 300):
        service = services[number % 5]
        files = {f"{service}/a": f"{number}\n"}
        if number % 4 == 0:
            files[f"{services[(number + 1) % 5]}/b"] = f"{number}\n"
        author = person(AUTHORS[number % len(AUTHORS)])
        trailed = person(TRAILED[number % len(TRAILED)])
        message = (
            f"Change, asked for by {WRITTEN[number % 2]}\n\n"
            f"Co-authored-by: {trailed.name} <{trailed.email}>\n"
            f"Reviewed-by: {trailed.name} <{trailed.email}>\n"
        )
        committer = person(COMMITTERS[number % len(COMMITTERS)])
        if number % 9 == 0:
            branch = f"{BRANCHED[number // 9 % len(BRANCHED)]}/fix-{number}"
            step = Step(files, message, author, committer)
            history.merge([step], branch=branch, merger=committer)
        else:
            history.commit(files, message=message, author=author, committer=committer)
        if number % 60 == 0:
            name = TAGGED[number // 60 % len(TAGGED)]
            history.tag(f"{name}-{number}", message=f"by {name}", by=person(name))
    return history


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the whole job has written every format."""
    folder = tmp_path_factory.mktemp("canaries")
    sources = [
        canary_history(i * 3600).build(folder / name) for i, name in enumerate(("one", "two"))
    ]
    members = "person,team,valid_from,valid_to\n" + "".join(
        f"{name}@zq.example,web,2024-01-01,\n" for name in (*AUTHORS[:4], *MEMBERS)
    )
    (folder / "members.csv").write_text(members, encoding="utf-8")
    config = folder / "conway.toml"
    config.write_text(CONFIG, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        _write_all(sources, config)
    return folder


def _write_all(sources: list[Path], config: Path) -> None:
    """Run every command that writes or prints, and keep what was printed."""
    out = config.parent / "out"
    lines = [["run", *sources, "-b", config, "-o", out]]
    store = out / "history.conway"
    lines += [
        ["report", store, "-b", config, "-o", config.parent / f"review.{suffix}", *more]
        for suffix, more in (("pdf", []), ("pptx", []), ("md", ["--audience", "engineering"]))
    ]
    lines += [["assess", store, "-b", config], ["recommend", store, "-b", config, "--json"]]
    lines += [["diff", out / "assess.json", out / "assess.json"], ["backtest", store, "-b", config]]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        for line in lines:
            _run(line)
    (config.parent / "printed.txt").write_text(printed.getvalue(), encoding="utf-8")


def _run(line: list[object]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["conway", *map(str, line)])
        try:
            main()
        except SystemExit as end:
            assert end.code in (0, None), line  # noqa: PT017 - the way a command ends


def contents(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, and what is packed inside."""
    raw = path.read_bytes()
    yield raw
    if raw.startswith(b"PK"):
        yield from _unzipped(raw)
    if raw.startswith(b"%PDF"):
        yield from _inflated(raw)


def _unzipped(raw: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        for name in package.namelist():
            yield name.encode()
            inner = package.read(name)
            yield inner
            if inner.startswith(b"PK"):
                yield from _unzipped(inner)


def _inflated(raw: bytes) -> Iterator[bytes]:
    place = 0
    while (place := raw.find(b"stream", place)) >= 0:
        place += len(b"stream")
        start = place + (2 if raw[place : place + 2] == b"\r\n" else 1)
        try:
            yield zlib.decompressobj().decompress(raw[start:])
        except zlib.error:
            continue


def written(folder: Path) -> list[Path]:
    """Return every file that conway wrote but the store, which is private."""
    found = [path for path in folder.iterdir() if path.name.startswith(("review.", "printed"))]
    found += [p for p in (folder / "out").rglob("*") if p.is_file() and ".conway" not in str(p)]
    return sorted(found)


def test_the_history_does_name_them(outputs: Path) -> None:
    """A control: git itself shows every canary but the members, who stand in a file."""
    told = (outputs / "members.csv").read_text(encoding="utf-8")
    for command in (["log", "--format=%an %ae %cn %ce %B"], ["tag", "-n"],
                    ["show", "HEAD:CODEOWNERS", "HEAD:.mailmap"]):  # fmt: skip
        told += subprocess.run(
            ["git", "-C", outputs / "one", *command], capture_output=True, text=True, check=True
        ).stdout

    assert [name for name in CANARIES if name not in told.lower()] == []


def test_every_format_was_written(outputs: Path) -> None:
    """A control: the search below has something to search."""
    names = {path.name for path in written(outputs)}

    assert names >= {"review.html", "review.pdf", "review.pptx", "review.md", "assess.json"}
    assert (outputs / "printed.txt").stat().st_size > 1000


def test_no_output_names_a_person(outputs: Path) -> None:
    """Neither a name, an address nor a login, nor a plain hash of one."""
    needles = {name.encode() for name in CANARIES}
    for name in CANARIES:
        for text in (name, f"{name}@zq.example", f"{name.title()} Person"):
            needles |= {
                hashlib.new(kind, text.encode(), usedforsecurity=False).hexdigest().encode()[:16]
                for kind in ("md5", "sha1", "sha256")
            }

    found = [
        (path.name, needle)
        for path in written(outputs)
        for content in map(bytes.lower, contents(path))
        for needle in needles
        if needle in content
    ]
    assert found == []


def test_the_text_of_the_pdf_names_nobody(outputs: Path) -> None:
    """Its glyphs are numbered, so the text is taken out by a reader where one is there."""
    if not (reader := shutil.which("pdftotext")):
        pytest.skip("needs pdftotext (poppler-utils)")
    shown = subprocess.run(
        [reader, outputs / "review.pdf", "-"], capture_output=True, check=True
    ).stdout.lower()

    assert b"who needs whom" in shown
    assert [name for name in CANARIES if name.encode() in shown] == []
