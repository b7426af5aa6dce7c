"""Files of a git directory that are not what they should be (S10, S11; section 3).

In:  a laboratory.
Out: ``CASES``: FIFOs, links, borrowed objects, grafts, forged indexes and pointers that
     lead out of the repository.
"""

from __future__ import annotations

import os
import shutil
import socket
from typing import TYPE_CHECKING

from tests.adversarial.cases import Case, as_clean, refused
from tests.adversarial.forging import loosen, packs_of
from tests.mining.repositories import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.adversarial.lab import Lab

_SPECIAL = r"neither a file nor a directory"
_OUT = "leaves the repository"


def _fifo(name: str) -> Callable[[Lab], Path]:
    def plant(lab: Lab) -> Path:
        place = lab.bare()
        target = place / name
        if target.is_dir():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(target)
        return place

    return plant


def _pack_is_fifo(lab: Lab) -> Path:
    place = lab.bare()
    index = packs_of(place)[0].with_suffix(".idx")
    index.unlink()
    os.mkfifo(index)
    return place


def _pack_is_linked_to_fifo(lab: Lab) -> Path:
    """The folder of packs is a link that stays inside; a FIFO waits behind it."""
    place = lab.bare()
    (place / "objects" / "pack").rename(place / "elsewhere")
    (place / "objects" / "pack").symlink_to("../elsewhere")
    os.mkfifo(place / "elsewhere" / "pack-0.idx")
    (place / "elsewhere" / "pack-0.pack").write_bytes(b"PACK")
    return place


def _socket(lab: Lab) -> Path:
    place = lab.bare()
    (place / "packed-refs").unlink()
    with socket.socket(socket.AF_UNIX) as channel:
        here = os.open(place, os.O_RDONLY)
        channel.bind(f"/proc/self/fd/{here}/packed-refs")
        os.close(here)
    return place


def _linked_to(name: str) -> Callable[[Lab], Path]:
    """Part of the repository is a link to somebody else's."""

    def plant(lab: Lab) -> Path:
        place, other = lab.bare(), lab.bare("victim.git")
        target = place / name
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
        target.symlink_to(other / name)
        return place

    return plant


def _head_to_itself(lab: Lab) -> Path:
    place = lab.bare()
    (place / "HEAD").unlink()
    (place / "HEAD").symlink_to("HEAD")
    return place


def _reads_all(lab: Lab, place: Path) -> bool:
    return lab.plain(place, "log", "-1").returncode == 0


def _fails(lab: Lab, place: Path) -> bool:
    return lab.plain(place, "log", "-1").returncode != 0


def _hangs(*arguments: str) -> Callable[[Lab, Path], bool]:
    return lambda lab, place: lab.hangs(place, *arguments)


def _owned_by_another(lab: Lab) -> Path:
    place = lab.work()
    for folder, folders, files in os.walk(place):
        for name in (*folders, *files, "."):
            os.chown(os.path.join(folder, name), 65534, 65534)  # noqa: PTH118
    return place


def _graft(lab: Lab) -> Path:
    place = lab.bare()
    (place / "info").mkdir(exist_ok=True)
    (place / "info" / "grafts").write_text(git(place, "rev-parse", "main") + "\n")
    return place


def _replaced(lab: Lab) -> Path:
    place = lab.bare()
    tip, root = git(place, "rev-parse", "main"), git(place, "rev-list", "--max-parents=0", "main")
    git(place, "update-ref", f"refs/replace/{tip}", root)
    return place


def _one_commit(lab: Lab, place: Path) -> bool:
    return lab.says(place, "rev-list", "--count", "main").splitlines()[0] == "1"


def _shallow(content: str) -> Callable[[Lab], Path]:
    def plant(lab: Lab) -> Path:
        place = lab.bare()
        (place / "shallow").write_text(content.format(tip=git(place, "rev-parse", "main")))
        return place

    return plant


def _lying_graph(lab: Lab) -> Path:
    """The commit-graph is that of a graft: the tip has no parents."""
    place = loosen(lab.bare())
    tip = git(place, "rev-parse", "main")
    git(place, "commit-graph", "write", "--reachable")
    graph = place / "objects" / "info" / "commit-graph"
    raw = bytearray(graph.read_bytes())
    chunks = _chunks(bytes(raw), first=8)
    number = sorted(git(place, "rev-list", "main").split()).index(tip)
    at = chunks[b"CDAT"] + 36 * number + 20
    raw[at : at + 8] = (0x70000000).to_bytes(4, "big") * 2
    graph.chmod(0o644)
    graph.write_bytes(raw)
    return place


def _chunks(raw: bytes, *, first: int) -> dict[bytes, int]:
    """Return where each chunk of a graph or index begins."""
    places = range(first, first + 12 * raw[6], 12)
    return {raw[at : at + 4]: int.from_bytes(raw[at + 4 : at + 12], "big") for at in places}


def _lying_index_of_packs(lab: Lab) -> Path:
    """The multi-pack-index says that every object is where the last one is."""
    place = lab.bare()
    git(place, "multi-pack-index", "write")
    index = place / "objects" / "pack" / "multi-pack-index"
    raw = bytearray(index.read_bytes())
    chunks = _chunks(bytes(raw), first=12)
    at = chunks[b"OOFF"]
    first = bytes(raw[at : at + 8])
    for number in range(int.from_bytes(raw[chunks[b"OIDF"] + 1020 :][:4], "big")):
        raw[at + 8 * number : at + 8 * number + 8] = first
    index.chmod(0o644)
    index.write_bytes(raw)
    return place


def _bitmap_of_garbage(lab: Lab) -> Path:
    place = lab.bare()
    git(place, "repack", "-adb", "-q")
    (bitmap,) = (place / "objects" / "pack").glob("*.bitmap")
    bitmap.chmod(0o644)
    bitmap.write_bytes(bitmap.read_bytes()[:40] + b"\xff" * 400)
    return place


def _truncated_pack(lab: Lab) -> Path:
    place = lab.bare()
    (pack,) = packs_of(place)
    raw = pack.read_bytes()
    pack.chmod(0o644)
    pack.write_bytes(raw[: len(raw) // 3])
    return place


def _deep_refs(lab: Lab) -> Path:
    """Folders of refs go 1,500 deep."""
    place = lab.bare()
    here = os.open(place / "refs" / "heads", os.O_RDONLY)
    for _level in range(1500):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    return place


def _crowded(lab: Lab) -> Path:
    """100,000 branches, all in one file."""
    place = lab.bare()
    tip = git(place, "rev-parse", "main")
    lines = [f"{tip} refs/heads/b{number:06}\n" for number in range(100_000)]
    lines.append(f"{tip} refs/heads/main\n")
    (place / "packed-refs").write_text("# pack-refs with: peeled fully-peeled sorted \n"
                                       + "".join(lines))  # fmt: skip
    return place


CASES: tuple[Case, ...] = (
    Case("S10", "a repository of another user", _owned_by_another,
         lambda lab, place: "dubious ownership" in lab.says(place, "status"), as_clean),
    *(
        Case(f"S11-fifo-{name.replace('/', '-')}", f"{name} is a FIFO", _fifo(name), control,
             refused(_SPECIAL))
        for name, control in (
            ("HEAD", _hangs("log", "-1")),
            ("config", _hangs("log", "-1")),
            ("packed-refs", _hangs("log", "-1")),
            ("shallow", _hangs("log", "-1")),
            ("commondir", _hangs("log", "-1")),
            ("objects/info/alternates", _hangs("log", "-1")),
            ("refs/heads/main", _hangs("log", "-1", "main")),
            ("objects", _fails),
            ("index", lambda lab, place: lab.hangs(place, "ls-files")),
        )
    ),
    Case("S11-fifo-pack", "the index of a pack is a FIFO", _pack_is_fifo, _hangs("log", "-1"),
         refused(_SPECIAL)),
    Case("S11-fifo-behind-link", "a FIFO behind a link that stays inside",
         _pack_is_linked_to_fifo, _hangs("cat-file", "-e", "1" * 40), refused(_SPECIAL)),
    Case("S11-socket", "packed-refs is a socket", _socket, _fails, refused(_SPECIAL)),
    *(
        Case(f"L01-{name.replace('/', '-')}", f"{name} is a link to another repository's",
             _linked_to(name), _reads_all, refused(_OUT))
        for name in ("objects", "refs", "packed-refs", "config", "objects/pack")
    ),
    Case("L02", "HEAD is a link to itself", _head_to_itself, _fails, refused("HEAD")),
    Case("L06", "grafts", _graft, _one_commit, as_clean),
    Case("L07", "replace refs", _replaced, _one_commit, as_clean),
    Case("L08a", "a forged shallow file", _shallow("{tip}\n"), _one_commit,
         refused("shallow clone")),
    Case("L08b", "a shallow file of garbage", _shallow("garbage\n"), _fails,
         refused("shallow clone")),
    Case("L09", "a lying commit-graph", _lying_graph, _one_commit, as_clean),
    Case("L10", "a lying multi-pack-index", _lying_index_of_packs,
         lambda lab, place: lab.plain(place, "log", "--numstat").returncode != 0, as_clean),
    Case("L11", "a bitmap of garbage", _bitmap_of_garbage,
         lambda _lab, place: b"\xff" * 400 in next(
             (place / "objects" / "pack").glob("*.bitmap")).read_bytes(), as_clean),
    Case("L12", "a pack that ends early", _truncated_pack, _fails, refused("missing or damaged")),
    Case("L13", "refs 1,500 folders deep", _deep_refs, _reads_all, refused("not as git writes")),
    Case("L14", "100,000 branches", _crowded,
         lambda lab, place: len(lab.says(place, "for-each-ref").splitlines()) > 100_000,
         as_clean),
)  # fmt: skip
