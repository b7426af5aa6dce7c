"""Which modules Python files import: as they say it, and nothing runs or hangs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conway.mining import imports
from conway.mining.imports_worker import modules_of
from conway.mining.miner import mine_facts, mine_store
from conway.mining.store import read_facts
from tests.mining.repositories import Story, git

if TYPE_CHECKING:
    from pathlib import Path

    from conway.mining.facts import Facts
    from tests.mining.repositories import Content

NESTED = "x = " + "(" * 150 + "1" + ")" * 150 + "\n"
TOO_DEEP = {
    "brackets": "(" * 5_000,
    "minus": "-" * 60_000 + "1",
    "attributes": "a" + ".b" * 100_000,
    "calls": "f" + "()" * 60_000,
    "blocks": "".join(f"{' ' * depth}if x:\n" for depth in range(500)) + " " * 500 + "pass",
}


def _mined(folder: Path, files: dict[str | bytes, Content]) -> Facts:
    story = Story()
    story.commit(files)
    return mine_facts([story.build(folder / "r.git")])


def _rows(facts: Facts) -> list[tuple[str, str]]:
    table = facts.tables["imports"]
    return list(zip(table["path"], table["module"], strict=True))


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("import os.path as p, sys", ["os.path", "sys"]),
        ("from a.b import c as d, e", ["a.b.c", "a.b.e"]),
        ("from a import *\nfrom . import *", [".", "a"]),
        ("from . import a\nfrom ..b import c\nfrom ... import d", ["...d", "..b.c", ".a"]),
        ("def f():\n    import late", ["late"]),
        ("try:\n    import a\nexcept ImportError:\n    import b as a", ["a", "b"]),
        ("'import docs'\n# import comment", []),
        ("import a\nimport a", ["a"]),
        ("# coding: latin-1\nimport caf\xe9".encode("latin-1"), ["caf\xe9"]),
        ("\ufeffimport bom\r\nimport crlf\r\n", ["bom", "crlf"]),
        ("", []),
    ],
)
def test_modules_as_a_file_names_them(source: str | bytes, modules: list[str]) -> None:
    """Absolute, relative, renamed, starred; anywhere in the file; no text or comment."""
    raw = source if isinstance(source, bytes) else source.encode()

    assert modules_of(raw) == modules


def test_only_regular_python_files_of_the_newest_change_count(tmp_path: Path) -> None:
    """Not an older version, a deleted file, a link, a submodule or another language."""
    story = Story()
    story.commit({"a.py": "import old\n", "gone.py": "import gone\n"})
    story.commit({
        "a.py": "import new\n", "gone.py": None, "b/c.py": "from a import x\n",
        "link.py": ("120000", b"a.py"), "sub.py": ("160000", b"1" * 40), "d.pyx": "import d\n",
        "e.txt": "import e\n", "run.py": ("100755", b"import run\n"),
    })  # fmt: skip

    facts = mine_facts([story.build(tmp_path / "r.git")])

    assert _rows(facts) == [("a.py", "new"), ("b/c.py", "a.x"), ("run.py", "run")]
    assert facts.repositories[0].notes == ()


def test_what_cannot_be_parsed_is_counted(tmp_path: Path) -> None:
    """Python 2, null bytes, no encoding, nesting without end, and one that is too large."""
    bad = {
        "b2.py": "print 'two'\n", "null.py": b"import a\0", "code.py": "# coding: zip\nimport a\n",
        "bytes.py": b"import a\n'\xff'\n", "large.py": "import a\n" + "#" * imports.LARGEST,
    } | {f"deep_{name}.py": text for name, text in TOO_DEEP.items()}  # fmt: skip

    facts = _mined(tmp_path, {"a.py": "import a\n", "z.py": f"{NESTED}import z\n", **bad})

    assert _rows(facts) == [("a.py", "a"), ("z.py", "z")]
    (note,) = facts.repositories[0].notes
    assert note == (
        f"{len(bad)} of {len(bad) + 2} Python files were left out of the table of imports: 1 of "
        f"more than 256000 bytes, 0 for their number, {len(bad) - 1} that could not be parsed or "
        "read; the first is b2.py"
    )


@pytest.mark.parametrize("name", TOO_DEEP)
def test_control_of_nesting(name: str) -> None:
    """Such a file is real: it breaks a parser that nothing guards."""
    program = f"import ast; ast.parse({TOO_DEEP[name]!r})"
    command = [sys.executable, "-c", "import sys; exec(sys.stdin.read())"]

    assert subprocess.run(command, input=program, text=True, capture_output=True,
                          check=False).returncode  # fmt: skip


@pytest.mark.parametrize("death", ["os.kill(os.getpid(), 11)", "while True: pass"])
def test_a_file_that_ends_the_parser_is_passed_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, death: str
) -> None:
    """By a crash, or by taking too long: what stands before and behind it is read."""
    (tmp_path / "fragile.py").write_text(
        "import os, sys\n"
        "from conway.mining import imports_worker as real\n"
        "real.PATIENCE = 0.1\n"
        "parse = real.modules_of\n"
        "def fragile(source):\n"
        "    if b'bad' in source:\n"
        f"        {death}\n"
        "    return parse(source)\n"
        "real.modules_of = fragile\n"
        "main = real.main\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(imports, "_WORKER", "fragile")

    facts = _mined(tmp_path, {name: f"import {name[0]}{'bad' * (name in 'b.py d.py')}\n"
                              for name in ("a.py", "b.py", "c.py", "d.py")})  # fmt: skip

    assert _rows(facts) == [("a.py", "a"), ("c.py", "c")]
    assert facts.repositories[0].notes[0].startswith("2 of 4 Python files were left out")


@pytest.mark.slow
def test_the_parser_imports_nothing_of_the_repository(tmp_path: Path) -> None:
    """Read from within a work tree that has modules of the names that the worker imports."""
    canary = tmp_path / "canary"
    work = tmp_path / "work"
    names = ("ast", "json", "signal", "warnings", "conway")
    story = Story()
    story.commit({f"{name}.py": f"open({str(canary)!r}, 'w').close()\n" for name in names})
    git(tmp_path, "clone", "--quiet", str(story.build(tmp_path / "r.git")), str(work))
    command = ["-c", "from conway.cli import main; main()", "mine", ".", "-o", "../s.conway"]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "CONWAY_KEY": "k"}

    subprocess.run([sys.executable, "-P", *command], cwd=work, env=variables, check=True)

    assert not canary.exists()
    assert len(read_facts(tmp_path / "s.conway").tables["tree"]) == len(names)
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    subprocess.run([sys.executable, "-c", "import json"], cwd=work, env=plain, check=True)
    assert canary.exists()  # the control: Python would import it


def test_bounds_leave_out_the_last_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By number and by bytes; the count says so."""
    files: dict[str | bytes, Content] = {f"{name}.py": f"import {name}\n" for name in "abcd"}
    for what, most in (("MOST_FILES", 2), ("MOST", 2 * len("import a\n"))):
        with monkeypatch.context() as patch:
            patch.setattr(imports, what, most)
            facts = _mined(tmp_path / what, files)

        assert _rows(facts) == [("a.py", "a"), ("b.py", "b")]
        assert "2 of 4 Python" in facts.repositories[0].notes[0]
        assert "2 for their number" in facts.repositories[0].notes[0]


def test_an_older_store_says_that_it_has_no_imports(tmp_path: Path) -> None:
    """An empty table must not read as "imports nothing"."""
    story = Story()
    story.commit({"a.py": "import a\n"})
    place, store = story.build(tmp_path / "r.git"), tmp_path / "s.conway"
    mine_store([place], store=store)
    _without_imports(store)

    old = read_facts(store)
    mine_store([place], store=store)

    assert _rows(old) == []
    assert "without a table of imports" in old.repositories[0].notes[0]
    assert _rows(read_facts(store)) == [("a.py", "a")]


def _without_imports(store: Path) -> None:
    """Make a store look as one that was written before there was such a table."""
    from conway.mining.manifest import _digest

    manifest = store / "manifest.json"
    content = json.loads(manifest.read_text())
    content.pop("sha256")
    content["repositories"][0]["pieces"].pop("imports")
    manifest.write_text(json.dumps({**content, "sha256": _digest(content)}))
