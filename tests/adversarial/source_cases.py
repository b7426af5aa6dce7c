"""What a user may be made to pass: bundles, archives, URLs (S34, S36).

In:  a laboratory.
Out: ``CASES``: everything but sound bundles is refused, with a message without secrets.
"""

from __future__ import annotations

import gzip
import os
import zipfile
from typing import TYPE_CHECKING

from tests.adversarial.cases import Case, as_clean, read_as_text, refused
from tests.adversarial.forging import forge, forge_commit, forge_tree, loosen, on_top
from tests.mining.repositories import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.adversarial.cases import Outcome
    from tests.adversarial.lab import Lab

_NO = "this bundle cannot be read"


def _bundle(lab: Lab, place: Path | None = None) -> Path:
    file = lab.folder / "clean.bundle"
    git(place or lab.bare(), "bundle", "create", "-q", str(file), "--all")
    return file


def _changed(change: Callable[[bytes], bytes]) -> Callable[[Lab], Path]:
    def plant(lab: Lab) -> Path:
        file = _bundle(lab)
        file.write_bytes(change(file.read_bytes()))
        return file

    return plant


def _of_odd_tree(name: bytes) -> Callable[[Lab], Path]:
    """A sound bundle of a repository whose tree git would not check out."""

    def plant(lab: Lab) -> Path:
        place = loosen(lab.bare())
        on_top(place, [(b"100644", name, forge(place, "blob", b"x\n"))])
        return _bundle(lab, place)

    return plant


def _of_odd_modules(lab: Lab) -> Path:
    place = loosen(lab.bare())
    text = b'[submodule "s"]\n\tpath = -u./x\n\turl = --upload-pack=./x\n'
    return _bundle(lab, on_top(place, [(b"100644", b".gitmodules", forge(place, "blob", text))]))


def _of_odd_author(lab: Lab) -> Path:
    place = loosen(lab.bare())
    tree = forge_tree(place, [(b"100644", b"a.txt", forge(place, "blob", b"x\n"))])
    forge_commit(place, tree=tree, parents=[git(place, "rev-parse", "main")],
                 rest=b"author A\0B <x> 1 +0\ncommitter\n\nx\n")  # fmt: skip
    return _bundle(lab, place)


def _clone_fails(lab: Lab, place: Path) -> bool:
    return lab.plain(lab.folder, "clone", "-q", str(place), "copy").returncode != 0


def _fsck_refuses(lab: Lab, _place: Path) -> bool:
    """Whether git itself says that such an object may do harm."""
    return lab.plain(lab.folder / "hostile.git", "fsck", "--strict").returncode != 0


def _accepted(lab: Lab, place: Path) -> bool:
    """Whether plain git takes it without a word."""
    return lab.plain(lab.folder, "clone", "-q", "--bare", str(place), "copy").returncode == 0


def _url(text: str) -> Callable[[Lab], str]:
    return lambda lab: text.format(script=lab.script, folder=lab.folder, template=lab.template)


def _clone_runs(lab: Lab, _place: Path) -> bool:
    """Whether plain git would run the program behind the URL, if the user had allowed it."""
    lab.plain(lab.folder, "-c", "protocol.ext.allow=always", "clone", f"ext::{lab.script}", "x")
    return lab.canary.exists()


def _option_runs(lab: Lab, _place: Path) -> bool:
    lab.plain(lab.folder, "clone", f"-u{lab.script}", str(lab.template), "x")
    return lab.canary.exists()


def _is_read(lab: Lab, _place: Path) -> bool:
    return lab.plain(lab.folder, "clone", "-q", f"file://{lab.template}", "x").returncode == 0


def _archive(lab: Lab) -> Path:
    file = lab.folder / "r.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../escape", "x")
        archive.writestr("r/.git/HEAD", "ref: refs/heads/main\n")
    return file


def _zip_bomb(lab: Lab) -> Path:
    file = lab.folder / "r.bundle"
    file.write_bytes(gzip.compress(b"# v2 git bundle\n" + b"\0" * (32 << 20)))
    return file


def _fifo_source(lab: Lab) -> Path:
    os.mkfifo(lab.folder / "r.bundle")
    return lab.folder / "r.bundle"


def _no_secret(pattern: str) -> Callable[[Outcome, object], None]:
    def check(outcome: Outcome, _clean: object) -> None:
        refused(pattern)(outcome, _clean)  # type: ignore[arg-type]
        assert "hunter2" not in outcome.said

    return check


def _holds_secret(_lab: Lab, place: Path) -> bool:
    return "hunter2" in str(place)


_URLS = "only URLs that begin with"

CASES: tuple[Case, ...] = (
    Case("B01", "a sound bundle", _bundle, _accepted, as_clean),
    Case("B02", "a bundle that ends early", _changed(lambda raw: raw[: len(raw) // 2]),
         _clone_fails, refused(_NO)),
    Case("B03", "a bundle with one byte flipped",
         _changed(lambda raw: raw[:-40] + bytes([raw[-40] ^ 1]) + raw[-39:]), _clone_fails,
         refused(_NO)),
    Case("B04", "a bundle that needs commits nobody has",
         _changed(lambda raw: raw.replace(b"bundle\n", b"bundle\n-" + b"1" * 40 + b" x\n", 1)),
         _clone_fails, refused(_NO)),
    Case("B05", "a bundle with an unknown capability",
         _changed(lambda raw: raw.replace(b"v2 git bundle\n", b"v3 git bundle\n@run=sh\n", 1)),
         _clone_fails, refused(_NO)),
    Case("B06", "a bundle that leaves objects out",
         _changed(lambda raw: raw.replace(b"v2 git bundle\n",
                                          b"v3 git bundle\n@filter=blob:none\n", 1)),
         _clone_fails, refused(_NO)),
    Case("B07", "a bundle of a header alone", _changed(lambda raw: raw[:16]),
         lambda _lab, place: place.stat().st_size == 16, refused("has no commit")),
    Case("B08", "a bundle with a ref that leaves the folder",
         _changed(lambda raw: raw.replace(b" refs/heads/main", b" refs/../../main", 1)),
         lambda _lab, place: b"refs/../../main" in place.read_bytes(),
         as_clean),
    Case("B09", "a bundle with a file called .git", _of_odd_tree(b".git"), _fsck_refuses,
         read_as_text(".git")),
    Case("B10", "a bundle with a file called ..", _of_odd_tree(b".."), _fsck_refuses,
         read_as_text("..")),
    Case("B11", "a bundle with options as submodules", _of_odd_modules, _fsck_refuses,
         read_as_text(".gitmodules")),
    Case("B12", "a bundle with a NUL in a header", _of_odd_author, _fsck_refuses,
         read_as_text("a.txt")),
    Case("S34a", "an archive", _archive, lambda _lab, place: zipfile.is_zipfile(place),
         refused("not a git repository")),
    Case("S34b", "a compressed bundle", _zip_bomb,
         lambda _lab, place: len(gzip.decompress(place.read_bytes())) > 32 << 20,
         refused("not a git repository")),
    Case("S34c", "a FIFO called r.bundle", _fifo_source,
         lambda _lab, place: place.is_fifo(), refused("not a git repository")),
    Case("S36a", "a URL that is a program", _url("ext::{script}"), _clone_runs, refused(_URLS)),
    Case("S36b", "an option as a URL", _url("-u{script}"), _option_runs,
         refused("there is no such path")),
    Case("S36c", "a file URL", _url("file://{template}"), _is_read, refused(_URLS)),
    Case("S36d", "a plain http URL with a password", _url("http://ann:hunter2@h/r.git"),
         _holds_secret, _no_secret(_URLS)),
    Case("S36e", "an unencrypted git URL", _url("git://127.0.0.1:1/r"),
         lambda lab, _place: "Connection refused" in lab.says(
             lab.folder, "clone", "git://127.0.0.1:1/r"), refused(_URLS)),
    Case("S36f", "a host that is an option", _url("ssh://-oProxyCommand=touch/r"),
         lambda lab, _place: "strange hostname" in lab.says(
             lab.folder, "clone", "ssh://-oProxyCommand=touch/r"), refused(_URLS)),
    Case("S36g", "a helper of somebody's choice", _url("evil::https://h/r"),
         lambda lab, _place: "remote-evil" in lab.says(lab.folder, "clone", "evil::https://h/r"),
         refused(_URLS)),
    Case("S36h", "an https URL with a password that nobody answers",
         _url("https://ann:hunter2@127.0.0.1:1/r.git"), _holds_secret,
         _no_secret("this URL cannot be cloned")),
)  # fmt: skip
