"""Objects that are damaged, forged, or of a size or shape that ends git (S29-S32).

In:  a laboratory.
Out: ``CASES``: what cannot be read is one change less, counted and named; a bomb at the
     tip is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.adversarial.cases import Case, as_clean, holds, quarantined, refused
from tests.adversarial.forging import (
    WHO,
    forge,
    forge_commit,
    forge_tree,
    object_file,
    point,
    then_back,
)
from tests.adversarial.lab import TIGHT, long_story
from tests.mining.repositories import START, Story, git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conway.mining.facts import Facts
    from tests.adversarial.lab import Lab

_LENGTH = 201
_WHEN = WHO % (START + 9_000_000, START + 9_000_000)


def _bomb(place: Path, *, levels: int) -> str:
    """Return a tree of 10 to the power of ``levels`` files in ``levels`` objects."""
    oid, mode = forge(place, "blob", b"boom\n"), b"100644"
    for _level in range(levels):
        oid = forge_tree(place, [(mode, b"f%d" % number, oid) for number in range(10)])
        mode = b"40000"
    return oid


def _deep(place: Path, *, levels: int) -> str:
    oid, mode = forge(place, "blob", b"deep\n"), b"100644"
    for _level in range(levels):
        oid, mode = forge_tree(place, [(mode, b"d", oid)]), b"40000"
    return oid


def _planted(make: Callable[[Path], str], *, tip: bool = False) -> Callable[[Lab], Path]:
    """Plant a tree in the middle of a long history, or at its tip."""

    def plant(lab: Lab) -> Path:
        place = lab.repository(long_story(_LENGTH))
        odd = make(place)
        if not tip:
            return then_back(place, odd)
        forge_commit(place, tree=odd, parents=[git(place, "rev-parse", "main")])
        return place

    return plant


def _is_too_much(revision: str) -> Callable[[Lab, Path], bool]:
    """Whether plain git fails on a tree or is still at it after two seconds."""

    def control(lab: Lab, place: Path) -> bool:
        try:
            done = lab.plain(place, "show", "--numstat", "--format=", revision, seconds=3)
        except Exception as fault:  # noqa: BLE001 - a timeout is what is looked for
            return "timed out" in str(fault)
        return done.returncode != 0

    return control


def _damaged(revision: str, *, how: str) -> Callable[[Lab], Path]:
    def plant(lab: Lab) -> Path:
        place = lab.repository(long_story(_LENGTH))
        file = object_file(place, revision)
        raw = file.read_bytes()
        file.chmod(0o644)
        file.write_bytes({"cut": raw[: len(raw) // 2], "flipped": raw[:-3] + b"\xff\xff\xff",
                          "empty": b"", "garbage": b"garbage" * 20}[how])  # fmt: skip
        return place

    return plant


def _log_fails(lab: Lab, place: Path) -> bool:
    return lab.plain(place, "log", "--numstat", "main").returncode != 0


def _forged_commit(lab: Lab) -> Path:
    """A loose object tells another story than its name."""
    place = lab.repository(long_story(5))
    oid = git(place, "rev-parse", "main")
    raw = git(place, "cat-file", "commit", "main").replace("Ann", "Mallory")
    forge(place, "commit", raw.encode() + b"\n", oid=oid)
    return place


def _forged_blob(lab: Lab) -> Path:
    place = lab.repository(long_story(5))
    oid = git(place, "rev-parse", "main~2:f.txt")
    forge(place, "blob", b"forged\n" * 9, oid=oid)
    return place


def _wrong_kind(lab: Lab) -> Path:
    """A tree names a blob as a folder."""
    place = lab.repository(long_story(_LENGTH))
    blob = forge(place, "blob", b"no tree\n")
    return then_back(place, forge_tree(place, [(b"40000", b"d", blob)]))


def _commit_with(rest: bytes) -> Callable[[Lab], Path]:
    """Put a commit with odd lines on top of a history of 120 changes."""

    def plant(lab: Lab) -> Path:
        place = lab.repository(long_story(_LENGTH))
        blob = forge(place, "blob", b"odd\n")
        tree = forge_tree(place, [(b"100644", b"f.txt", blob)])
        forge_commit(place, tree=tree, parents=[git(place, "rev-parse", "main")], rest=rest)
        return place

    return plant


def _in_tip(fragment: bytes) -> Callable[[Lab, Path], bool]:
    def control(lab: Lab, place: Path) -> bool:
        return fragment in lab.plain(place, "cat-file", "commit", "main").stdout

    return control


def _count(number: int) -> Callable[[Facts], bool]:
    return lambda facts: facts.repositories[0].changes == number


def _year(facts: Facts) -> bool:
    """The odd clock takes that of the change before it."""
    clocks = facts.tables["changes"]["committer_time"]
    return bool(len(clocks) == _LENGTH + 1 and clocks.iloc[-1] == clocks.iloc[-2])


def _large_blob(lab: Lab) -> Path:
    story = long_story(3)
    story.commit({"big.txt": "0123456789abcde\n" * (24 << 16)})
    story.commit({"big.txt": None})
    return lab.repository(story)


def _large_owners(lab: Lab) -> Path:
    story = long_story(3)
    story.commit({"CODEOWNERS": "* @org/team\n" * (4 << 18), ".mailmap": "A <a@b>\n" * (3 << 20)})
    return lab.repository(story)


def _renames(lab: Lab) -> Path:
    """1,100 files go and 1,100 others like them come."""
    story = Story()
    body = "".join(f"line {number}\n" for number in range(5))
    story.commit({f"old/{number}": f"{number}\n{body}" for number in range(1100)})
    gone: dict[str | bytes, str | None] = {f"old/{number}": None for number in range(1100)}
    new = {f"new/x{number}": f"{number} now\n{body}" for number in range(1100)}
    story.commit({**gone, **new})
    return lab.repository(story)


def _octopus(lab: Lab) -> Path:
    place = lab.repository(long_story(3))
    tip, tree = git(place, "rev-parse", "main"), git(place, "rev-parse", "main^{tree}")
    sides = [
        forge_commit(place, tree=tree, parents=[tip], number=number, tip=False)
        for number in range(500)
    ]
    forge_commit(place, tree=tree, parents=[tip, *sides], number=999)
    return place


def _tip_is(kind: str) -> Callable[[Lab], Path]:
    def plant(lab: Lab) -> Path:
        place = lab.bare()
        point(place, git(place, "rev-parse", "main^{tree}" if kind == "tree" else "main:a.txt"))
        return place

    return plant


def _tags(lab: Lab) -> Path:
    """Tags of a tree, a blob, nothing, a tag of a tag of ... 50 deep, and one of itself."""
    place = lab.bare()
    oid, kind = git(place, "rev-parse", "main"), "commit"
    for number in range(50):
        raw = f"object {oid}\ntype {kind}\ntag v{number}\ntagger A <a@b> {START} +0000\n\nx\n"
        oid, kind = forge(place, "tag", raw.encode()), "tag"
    point(place, oid, ref="refs/tags/v1.0.0")
    point(place, git(place, "rev-parse", "main^{tree}"), ref="refs/tags/v2.0.0")
    point(place, git(place, "rev-parse", "main:a.txt"), ref="refs/tags/v3.0.0")
    point(place, "f" * 40, ref="refs/tags/v4.0.0")
    own = f"object {'e' * 40}\ntype tag\ntag loop\n\nx\n"
    point(place, forge(place, "tag", own.encode(), oid="e" * 40), ref="refs/tags/v5.0.0")
    return place


_FAR = b"author A <a@b> 99999999999999 +0000\ncommitter A <a@b> 99999999999999 +0000\n\nx\n"
_NEGATIVE = b"author A <a@b> -5 +0000\ncommitter A <a@b> -5 +99999\n\nx\n"
_NO_DATE = b"author A <a@b>\ncommitter <<>> <\n\nx\n"
_CUT = "corrupt|inflate|unable|cannot|could not|missing|not a tree|signal|code"
_SPACES = b"author " + b" " * 300_000 + b"<a@b> 1700000000 +00x\n"

CASES: tuple[Case, ...] = (
    Case("S29a", "a tree of 10^7 files in 7 objects", _planted(lambda p: _bomb(p, levels=7)),
         _is_too_much("main~1"),
         quarantined("signal|memory|bytes|printed nothing", changes=_LENGTH + 2, lost=2),
         limits=TIGHT, slow=True),
    Case("S29b", "a tree of 10^10 files, at the tip",
         _planted(lambda p: _bomb(p, levels=10), tip=True), _is_too_much("main"),
         refused("cannot be read|cannot read"), limits=TIGHT, slow=True),
    Case("S30a", "a tree 20,000 deep", _planted(lambda p: _deep(p, levels=20_000)),
         _log_fails, quarantined("signal|memory|depth", changes=_LENGTH + 2, lost=2),
         slow=True),
    Case("S30b", "a tree 20,000 deep, at the tip",
         _planted(lambda p: _deep(p, levels=20_000), tip=True), _log_fails,
         quarantined("signal|memory|depth", changes=_LENGTH + 1), slow=True),
    Case("S31a", "a message of 20 MB", _commit_with(_WHEN + b"\n" + b"x" * (20 << 20)),
         _in_tip(b"x" * (20 << 20)), quarantined("bytes, more than", changes=_LENGTH + 1)),
    Case("S31b", "an author of 2 MB",
         _commit_with(b"author " + b"A" * (2 << 20) + _WHEN[6:] + b"\nx\n"),
         _in_tip(b"A" * (2 << 20)), holds(_count(_LENGTH + 1))),
    Case("S31c", "a text of 24 MB", _large_blob,
         lambda lab, place: int(lab.says(place, "cat-file", "-s", "main~1:big.txt")) >= 24 << 20,
         holds(_count(5))),
    Case("S31d", "a CODEOWNERS of 12 MB and a .mailmap of 24 MB", _large_owners,
         lambda lab, place: int(lab.says(place, "cat-file", "-s", "main:.mailmap")) > 24_000_000,
         holds(lambda facts: any("larger than" in n for n in facts.repositories[0].notes))),
    Case("S31e", "an author of 300,000 spaces", _commit_with(_SPACES + _WHEN[33:] + b"\nx\n"),
         _in_tip(b" " * 300_000), holds(_count(_LENGTH + 1))),
    Case("S31f", "a message of 60,000 half-made trailers",
         _commit_with(_WHEN + b"\nx\n\n" + b"Co-authored-by: " * 8000 + b"<" * 20_000),
         _in_tip(b"<" * 20_000), holds(_count(_LENGTH + 1))),
    Case("S31g", "a subject of 100,000 open brackets and digits",
         _commit_with(_WHEN + b"\n" + b"(#" * 40_000 + b"1" * 30_000 + b"A-" * 20_000 + b"\n"),
         _in_tip(b"1" * 30_000), holds(_count(_LENGTH + 1))),
    Case("S32", "1,100 by 1,100 inexact renames", _renames,
         lambda lab, place: lab.says(place, "diff", "-M", "-l1000", "--name-status", "main~1",
                                     "main").count("\nD") > 1000,
         holds(lambda facts: facts.tables["change_files"].query("position == 1")["status"]
               .value_counts().to_dict() == {"A": 1100, "D": 1100}
               and "adds 1100 files and deletes 1100: too many" in facts.repositories[0].notes[0]),
         slow=True),
    *(
        Case(f"O01-{how}", f"a blob in the middle is {how}", _damaged("main~9:f.txt", how=how),
             _log_fails, quarantined(_CUT, changes=_LENGTH, lost=2))
        for how in ("cut", "flipped", "empty", "garbage")
    ),
    Case("O02", "a tree in the middle is cut", _damaged("main~9^{tree}", how="cut"), _log_fails,
         quarantined(_CUT, changes=_LENGTH, lost=2)),
    Case("O03", "a commit in the middle is cut", _damaged("main~9", how="cut"), _log_fails,
         refused("of the mainline cannot be read")),
    Case("O04a", "a forged commit, not trusted", _forged_commit,
         lambda lab, place: "Mallory" in lab.says(place, "log", "-1"),
         refused("not what their names say"), untrusted=True),
    Case("O04b", "a forged blob, not trusted", _forged_blob,
         lambda lab, place: "forged" in lab.says(place, "show", "main~2:f.txt"),
         refused("not what their names say"), untrusted=True),
    Case("O05", "a folder that is a file", _wrong_kind, _log_fails,
         quarantined(_CUT, changes=_LENGTH + 2, lost=2)),
    Case("O06", "a merge of 501", _octopus,
         lambda lab, place: lab.says(place, "log", "-1", "--format=%P").count(" ") == 500,
         holds(_count(4))),
    Case("O07a", "main is a tree", _tip_is("tree"),
         lambda lab, place: lab.plain(place, "rev-parse", "main^{commit}").returncode != 0,
         refused("missing or damaged|no commit")),
    Case("O07b", "main is a blob", _tip_is("blob"),
         lambda lab, place: lab.plain(place, "rev-parse", "main^{commit}").returncode != 0,
         refused("missing or damaged|no commit")),
    Case("O08", "tags of trees, blobs, nothing, tags and themselves", _tags,
         lambda lab, place: lab.plain(place, "rev-parse", "v5.0.0^{commit}").returncode != 0,
         holds(lambda facts: facts.repositories[0].changes == 5
               and set(facts.tables["releases"]["tag"]) <= {"v1.0.0"})),
    Case("O09a", "a clock in the year 3,170,843", _commit_with(_FAR), _in_tip(b"99999999999999"),
         holds(_year)),
    Case("O09b", "a clock before 1970 in no time zone", _commit_with(_NEGATIVE), _in_tip(b"-5"),
         holds(_year)),
    Case("O09c", "no clock at all", _commit_with(_NO_DATE), _in_tip(b"<<>>"), holds(_year)),
    Case("O10", "an encoding that is a codec of bytes",
         _commit_with(_WHEN + b"encoding zlib\n\n\xff\xfex\n"), _in_tip(b"encoding zlib"),
         holds(_count(_LENGTH + 1))),
    Case("O11", "a NUL in the message", _commit_with(_WHEN + b"\nbefore\0after\n"),
         lambda lab, place: b"before\0after"
         in lab.plain(place, "cat-file", "commit", "main").stdout, holds(_count(_LENGTH + 1))),
    Case("O12", "a clean history, not trusted", lambda lab: lab.work(),
         lambda lab, place: lab.plain(place, "fsck").returncode == 0, as_clean, untrusted=True),
)  # fmt: skip
