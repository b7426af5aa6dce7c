"""Names that are no names: paths, refs, people and contents (S13-S17, S22, S23).

In:  a laboratory.
Out: ``CASES``. A name stays text: it is never joined to a path, never an option, and never
     reaches a terminal as it is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.adversarial.cases import Case, as_clean, holds, refused
from tests.adversarial.forging import WHO, forge, forge_commit, forge_tree, on_top, point
from tests.mining.repositories import START, Story, git

if TYPE_CHECKING:
    from collections.abc import Callable

    from conway.mining.facts import Facts
    from tests.adversarial.lab import Lab

_WHEN = WHO % (START + 9_000_000, START + 9_000_000)
_LONG_NAME = b"n" * (5 << 20)


def _named(*names: bytes) -> Callable[[Lab], Path]:
    """Put a commit with files of these names on top of the clean history."""

    def plant(lab: Lab) -> Path:
        place = lab.bare()
        blob = forge(place, "blob", b"content\n")
        return on_top(place, [(b"100644", name, blob) for name in names])

    return plant


def _shows(fragment: bytes) -> Callable[[Lab, Path], bool]:
    """Whether plain git passes the name on as it is."""
    return lambda lab, place: fragment in lab.plain(place, "ls-tree", "-r", "-z", "main").stdout


def _has(*paths: str) -> Callable[[Facts], bool]:
    return lambda facts: set(paths) <= set(facts.tables["change_files"]["path"])


def _told(files: dict[str | bytes, object]) -> Callable[[Lab], Path]:
    def plant(lab: Lab) -> Path:
        story = Story()
        story.commit({"a": "1\n"})
        story.commit(files)  # type: ignore[arg-type]
        return lab.repository(story)

    return plant


def _submodules(lab: Lab) -> Path:
    text = "".join(
        f'[submodule "s{number}"]\n\tpath = ../../s{number}\n\turl = -u./payload\n'
        f"\tupdate = !touch {lab.canary}\n" for number in range(10_000)
    )  # fmt: skip
    return _told({".gitmodules": text, "s0": ("160000", b"1" * 40)})(lab)


def _submodule_update(lab: Lab) -> Path:
    place = lab.work()
    git(place, "config", "submodule.s.update", f"!{lab.script}")
    git(place, "config", "submodule.s.url", str(lab.template))
    return place


def _linked_owners(lab: Lab) -> Path:
    secret = lab.victim / "passwd"
    secret.write_text("* @secret/team\n")
    place = _told({"CODEOWNERS": ("120000", os.fsencode(secret))})(lab)
    work = lab.folder / "work"
    git(lab.folder, "clone", "-q", str(place), str(work))
    return work


def _no_text(facts: Facts) -> bool:
    found = facts.tables["boundary_files"].query("path == 'CODEOWNERS'")
    return len(found) == 1 and bool(found["content"].isna().all())


def _ref(name: str, *, head: bool = True) -> Callable[[Lab], Path]:
    """Plant a branch of this name, which HEAD is on."""

    def plant(lab: Lab) -> Path:
        place = lab.bare()
        point(place, git(place, "rev-parse", "main"), ref=name)
        if head:
            (place / "HEAD").write_text(f"ref: {name}\n")
        return place

    return plant


def _head(text: str) -> Callable[[Lab], Path]:
    def plant(lab: Lab) -> Path:
        place = lab.bare()
        (lab.folder / "outside").write_text(git(place, "rev-parse", "main") + "\n")
        (place / "HEAD").write_text(text)
        return place

    return plant


def _lying_tags(lab: Lab) -> Path:
    """The packed refs say that a tag peels to another commit."""
    place = lab.bare()
    root, tip = git(place, "rev-list", "--max-parents=0", "main"), git(place, "rev-parse", "main")
    raw = f"object {tip}\ntype commit\ntag v1\ntagger A <a@b> {START} +0000\n\nx\n"
    tag = forge(place, "tag", raw.encode())
    (place / "packed-refs").write_text(
        "# pack-refs with: peeled fully-peeled sorted \n"
        f"{tip} refs/heads/main\n{tag} refs/tags/v1.0.0\n^{root}\n"
        f"{tip} refs/heads/../../escape\nnot a ref\n{tip}\n"
    )
    return place


def _option_people(lab: Lab) -> Path:
    story = Story()
    story.commit({"-rf": "x\n", "--output=pwned": "x\n"}, author="--stdin <-x@y>")
    return lab.repository(story)


def _escapes(lab: Lab) -> Path:
    """Escape sequences as author, subject, branch and file; the branch has no commit."""
    place = lab.bare()
    blob = forge(place, "blob", b"x\n")
    tree = forge_tree(place, [(b"100644", b"\x1b[2J", blob)])
    rest = _WHEN.replace(b"Ann", b"\x1b]0;pwned\x07") + b"\n\x1b[31mred\n"
    forge_commit(place, tree=tree, parents=[], rest=rest)
    point(place, git(place, "rev-parse", "main"), ref="refs/heads/a\u202eb")
    (place / "HEAD").write_text("ref: refs/heads/nobody\u202e\n")
    return place


def _hostile_name(lab: Lab) -> Path:
    """The folder's own name moves the cursor; what is in it is no repository."""
    place = lab.folder / "r\x1b[2J\n\u202e"
    place.mkdir()
    return place


def _mailmap(lab: Lab) -> Path:
    hostile = (
        "<" * 20_000 + "\n" + "A <a> " * 5000 + "\n" + " " * 100_000 + "<x\n\0\n\x1b[2J <a@b>\n"
    )
    return _told({".mailmap": hostile})(lab)


def _modules_in_cwd(lab: Lab) -> Path:
    """The repository holds modules with the names of Python's own."""
    place = lab.work()
    for name in ("json", "html", "lizard", "pydriller", "git", "conway"):
        (place / f"{name}.py").write_text(f"open({str(lab.canary)!r}, 'w').close()\n")
    return place


_PROGRAM = """
import sys
sys.path.insert(0, {here!r})
import conway.mining.git as git
from pathlib import Path
runner = git.Git(Path({room!r}), Path({room!r}))
list(runner.worker("conway.mining.pydriller_worker", given=b""))
"""


def imports_nothing_from_here(lab: Lab, place: Path) -> bool:
    """Start a worker as a notebook inside the hostile repository would."""
    room = lab.folder / "room"
    room.mkdir()
    git(room, "init", "-q", "--bare", ".")
    root = str(Path(__file__).parents[2])
    text = _PROGRAM.format(here=str(place), room=str(room)).replace(
        "import conway", f"sys.path.insert(0, {root!r})\nimport conway", 1
    )
    done = subprocess.run([sys.executable, "-P", "-c", text], cwd=place, capture_output=True,
                          check=False, env={"PATH": os.environ["PATH"]})  # fmt: skip
    assert done.returncode == 0, done.stderr
    return not lab.canary.exists()


def _plain_python_imports(lab: Lab, place: Path) -> bool:
    subprocess.run([sys.executable, "-c", "import lizard"], cwd=place, check=False,
                   capture_output=True)  # fmt: skip
    return lab.canary.exists()


def _json_safe(facts: Facts) -> bool:
    """Names that UTF-8 cannot hold are text that every later stage can write."""
    paths = facts.tables["change_files"]["path"].tolist()
    json.dumps(paths).encode("utf-8")
    return "".join(paths).encode("utf-8") is not None


CASES: tuple[Case, ...] = (
    Case("S13a", "10,000 submodules that leave the repository", _submodules,
         lambda lab, place: "update = !touch" in lab.says(place, "show", "main:.gitmodules"),
         holds(lambda facts: facts.tables["change_files"]["submodule"].sum() == 1)),
    Case("S13b", "a submodule whose update is a program", _submodule_update,
         lambda lab, place: lab.says(place, "config", "submodule.s.update").startswith("!"),
         as_clean),
    Case("S14a", "a file called ..", _named(b".."), _shows(b"\t..\0"), holds(_has(".."))),
    Case("S14b", "a file called .git", _named(b".git"), _shows(b"\t.git\0"), holds(_has(".git"))),
    Case("S14c", "a slash inside a name", _named(b"a/../../b", b"/etc/passwd"),
         _shows(b"\t/etc/passwd\0"), holds(_has("a/../../b", "/etc/passwd"))),
    Case("S14d", "devices and drives", _named(b"C:\\x", b"CON", b"aux.txt"), _shows(b"C:\\x"),
         holds(_has("C:\\\\x", "CON"))),
    Case("S14e", "a name of 5 MB", _named(_LONG_NAME), _shows(_LONG_NAME),
         holds(_has(_LONG_NAME.decode()))),
    Case("S14f", "newlines, tabs and quotes", _named(b'a\nb\tc"d'), _shows(b'a\nb\tc"d'),
         holds(_has('a\nb\tc"d'))),
    Case("S14g", "names that are not UTF-8 and would become one", _named(b"\xfe\xff", b"\xff\xfe"),
         _shows(b"\xff\xfe"), holds(_has("\\xfe\\xff", "\\xff\\xfe"))),
    Case("S14h", "one name twice", _named(b"twice", b"twice"), _shows(b"\ttwice\0"),
         holds(_has("twice"))),
    Case("S14i", "a name like a commit's id", _named(b"0" * 40, b":100644 x"), _shows(b"0" * 40),
         holds(_has("0" * 40, ":100644 x"))),
    Case("S14j", "an entry without a name", _named(b""),
         lambda lab, place: lab.plain(place, "ls-tree", "main").returncode != 0,
         lambda outcome, _clean: None if outcome.facts else refused("cannot")(outcome, _clean)),
    Case("S14k", "a file called .git, not trusted", _named(b".git"), _shows(b"\t.git\0"),
         refused("not what their names say"), untrusted=True),
    Case("S15", "CODEOWNERS is a link to somebody else's file", _linked_owners,
         lambda _lab, place: (place / "CODEOWNERS").read_text() == "* @secret/team\n",
         holds(_no_text)),
    Case("S16a", "a branch called --output=pwned", _ref("refs/heads/--output=pwned"),
         lambda lab, place: lab.plain(place, "log", "--output=pwned").returncode == 0
         and (place / "pwned").exists(), as_clean),
    Case("S16b", "HEAD leads out of the repository", _head("ref: ../outside\n"),
         lambda lab, place: lab.plain(place, "log", "-1").returncode != 0,
         refused("no commit|has no commit")),
    Case("S16c", "HEAD is garbage", _head("\0\xff garbage"),
         lambda lab, place: lab.plain(place, "log", "-1").returncode != 0, refused("commit")),
    Case("S16d", "packed refs that lie about a tag", _lying_tags,
         lambda lab, place: lab.says(place, "rev-parse", "v1.0.0^{}").split()
         == lab.says(place, "rev-list", "--max-parents=0", "v1.0.0").split()
         or "v1.0.0" in lab.says(place, "for-each-ref"),
         holds(lambda facts: facts.tables["releases"]["commit"].tolist()
               == [facts.repositories[0].tip])),
    Case("S16e", "people and files that look like options", _option_people,
         _shows(b"--output=pwned"), holds(_has("-rf", "--output=pwned"))),
    Case("S16f", "HEAD goes round in circles", _head("ref: HEAD\n"),
         lambda lab, place: lab.plain(place, "log", "-1").returncode != 0, refused("commit")),
    Case("S17a", "modules beside the work, and a worker", _modules_in_cwd, _plain_python_imports,
         as_clean, reader="pydriller"),
    Case("S17b", "modules beside the work", _modules_in_cwd, _plain_python_imports,
         as_clean),
    Case("S22", "lone surrogates, NUL-like and unassigned letters",
         _named("\ufffe".encode(), b"\xed\xa0\x80", "\u202egpj".encode()),
         _shows(b"\xed\xa0\x80"), holds(_json_safe)),
    Case("S23a", "escape sequences in every name", _escapes,
         lambda lab, place: b"\x1b]0;pwned\x07" in lab.plain(place, "log", "main").stdout,
         refused("nobody")),
    Case("S23b", "a folder whose name moves the cursor", _hostile_name,
         lambda _lab, place: "\x1b" in str(place), refused("not a git repository")),
    Case("N01", "a hostile .mailmap", _mailmap,
         lambda lab, place: "<" * 20_000 in lab.says(place, "show", "main:.mailmap"),
         holds(lambda facts: facts.repositories[0].changes == 2)),
)  # fmt: skip
