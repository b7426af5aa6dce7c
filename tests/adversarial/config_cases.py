"""Programs that a repository's settings, attributes and hooks name (S01-S09, S11, S12).

In:  a laboratory.
Out: ``CASES``. Plain git runs the payload of each; conway gives the clean rows.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.adversarial.cases import Case, as_clean
from tests.mining.repositories import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.adversarial.lab import Lab

_FSMONITOR = '[core]\n\tfsmonitor = "{script}; false"\n'
_DIFF = ("diff", "HEAD~2", "HEAD")


def _settings(lab: Lab, text: str) -> str:
    return text.format(script=lab.script, victim=lab.victim, folder=lab.folder)


def _config(text: str, *, attributes: str = "") -> Callable[[Lab], Path]:
    """Plant settings, and attributes, in the git directory."""

    def plant(lab: Lab) -> Path:
        place = lab.work()
        with (place / ".git" / "config").open("a") as config:
            config.write(_settings(lab, text))
        (place / ".git" / "info").mkdir(exist_ok=True)
        (place / ".git" / "info" / "attributes").write_text(attributes)
        return place

    return plant


def _runs(*arguments: str) -> Callable[[Lab, Path], bool]:
    return lambda lab, place: lab.runs(place, *arguments)


def _included(line: str) -> Callable[[Lab], Path]:
    def plant(lab: Lab) -> Path:
        (lab.folder / "included").write_text(_settings(lab, _FSMONITOR))
        return _config(line)(lab)

    return plant


def _worktree_config(lab: Lab) -> Path:
    place = lab.work()
    git(place, "config", "core.repositoryFormatVersion", "1")
    git(place, "config", "extensions.worktreeConfig", "true")
    (place / ".git" / "config.worktree").write_text(_settings(lab, _FSMONITOR))
    return place


def _linked(lab: Lab) -> Path:
    """The settings of the main work tree hold in the linked one."""
    main = _config(_FSMONITOR)(lab)
    linked = lab.folder / "linked"
    git(main, "-c", "core.fsmonitor=false", "worktree", "add", "--quiet", "--detach", str(linked))
    lab.canary.unlink(missing_ok=True)
    return linked


def _hook_as_monitor(lab: Lab) -> Path:
    place = lab.work()
    hook = place / ".git" / "hooks" / "query-watchman"
    hook.parent.mkdir(exist_ok=True)
    hook.write_bytes(lab.script.read_bytes())
    hook.chmod(0o755)
    git(place, "config", "core.fsmonitor", ".git/hooks/query-watchman")
    return place


def _hook(name: str) -> Callable[[Lab], Path]:
    def plant(lab: Lab) -> Path:
        place = lab.work()
        hook = place / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_bytes(lab.script.read_bytes())
        hook.chmod(0o755)
        return place

    return plant


def _hooks_path(lab: Lab) -> Path:
    hook = lab.folder / "hooks" / "post-checkout"
    hook.parent.mkdir()
    hook.write_bytes(lab.script.read_bytes())
    hook.chmod(0o755)
    return _config("[core]\n\thooksPath = {folder}/hooks\n")(lab)


def _attributes_in_tree(lab: Lab) -> Path:
    place = _config('[diff "x"]\n\ttextconv = {script}\n')(lab)
    (place / ".gitattributes").write_text("* diff=x\n")
    return place


def _attributes_file(lab: Lab) -> Path:
    (lab.folder / "attributes").write_text("* diff=x\n")
    return _config(
        '[diff "x"]\n\ttextconv = {script}\n[core]\n\tattributesFile = {folder}/attributes\n'
    )(lab)


def _signed(text: str) -> Callable[[Lab], Path]:
    """The newest commit has a signature that plain git asks a program to check."""

    def plant(lab: Lab) -> Path:
        place = _config(text)(lab)
        raw = git(place, "cat-file", "commit", "HEAD")
        head, _, message = raw.partition("\n\n")
        begin = "SSH SIGNATURE" if "ssh" in text else "PGP SIGNATURE"
        head += f"\ngpgsig -----BEGIN {begin}-----\n \n x\n -----END {begin}-----"
        oid = git(place, "hash-object", "-t", "commit", "-w", "--stdin",
                  given=f"{head}\n\n{message}\n".encode())  # fmt: skip
        (place / ".git" / "HEAD").write_text(f"{oid}\n")
        return place

    return plant


def _same_but_for_the_tip(outcome: object, clean: object) -> None:
    """The signed commit has another id; all files are the clean ones."""
    from tests.adversarial.cases import rows

    names = ["position", "path", "old_path", "status", "added", "deleted"]
    ours = rows(outcome).tables["change_files"][names]  # type: ignore[arg-type]
    assert ours.equals(clean.tables["change_files"][names])  # type: ignore[attr-defined]


def _overwrites(lab: Lab, place: Path) -> bool:
    target = lab.victim / "a.txt"
    target.write_text("precious\n")
    lab.plain(place, "checkout", "--force", "HEAD")
    return target.read_text() != "precious\n"


def _embedded(lab: Lab) -> Path:
    """A bare repository stands inside a work tree, with settings of its own."""
    place = lab.work()
    inner = lab.bare("inner.git").rename(place / "inner")
    (inner / "config").write_text(
        "[core]\n\trepositoryFormatVersion = 0\n\tbare = false\n\tworktree = ..\n"
        + _settings(lab, _FSMONITOR)
    )
    return place


def _including_fifo(lab: Lab) -> Path:
    os.mkfifo(lab.folder / "pipe")
    return _config("[include]\n\tpath = {folder}/pipe\n")(lab)


def _large_config(lab: Lab) -> Path:
    place = lab.work()
    with (place / ".git" / "config").open("r+b") as config:
        config.truncate(1 << 27)
    return place


def _fsmonitor_under_pydriller(lab: Lab, place: Path) -> bool:
    import pydriller

    for commit in pydriller.Repository(str(place)).traverse_commits():
        assert commit.modified_files is not None
    return lab.canary.exists()


def _writes_config(_lab: Lab, place: Path) -> bool:
    """PyDriller writes into the settings of whatever it opens."""
    import pydriller

    before = (place / ".git" / "config").read_bytes()
    pydriller.Git(str(place))
    return (place / ".git" / "config").read_bytes() != before


def _program(key: str) -> str:
    section, _, name = key.rpartition(".")
    first, _, rest = section.partition(".")
    head = f'[{first} "{rest}"]' if rest else f"[{first}]"
    return f"{head}\n\t{name} = {{script}}\n"


_EXT = _program("diff.x.command")
_TEXT = _program("diff.x.textconv")
_SMUDGE = '[filter "x"]\n\tsmudge = {script}\n'
_CHECKOUT = ("checkout", "--force", "HEAD~1")

CASES: tuple[Case, ...] = (
    Case("S01a", "fsmonitor in .git/config", _config(_FSMONITOR), _runs("status"), as_clean),
    Case("S01b", "fsmonitor through include.path",
         _included("[include]\n\tpath = {folder}/included\n"), _runs("status"), as_clean),
    Case("S01c", "fsmonitor through includeIf",
         _included('[includeIf "gitdir:/"]\n\tpath = {folder}/included\n'), _runs("status"),
         as_clean),
    Case("S01d", "fsmonitor in config.worktree", _worktree_config, _runs("status"), as_clean),
    Case("S01e", "fsmonitor as a hook's path", _hook_as_monitor, _runs("status"), as_clean),
    Case("S01f", "fsmonitor in the common directory's config", _linked, _runs("status"),
         as_clean),
    Case("S01g", "fsmonitor as a switch that starts a daemon",
         _config("[core]\n\tfsmonitor = true\n"),
         lambda lab, place: lab.says(place, "config", "--bool", "core.fsmonitor") == "true\n",
         as_clean),
    Case("S01h", "fsmonitor read by PyDriller", _config(_FSMONITOR), _fsmonitor_under_pydriller,
         as_clean, reader="pydriller"),
    Case("S01i", "opening alone writes the config", _config(""), _writes_config, as_clean,
         reader="pydriller"),
    Case("S02a", "diff.external", _config(_program("diff.external")), _runs(*_DIFF), as_clean),
    Case("S02b", "diff.external read by PyDriller", _config(_program("diff.external")),
         _runs(*_DIFF), as_clean, reader="pydriller"),
    Case("S03a", "textconv by info/attributes", _config(_TEXT, attributes="* diff=x\n"),
         _runs(*_DIFF), as_clean),
    Case("S03b", "textconv by .gitattributes in the work tree", _attributes_in_tree,
         _runs(*_DIFF), as_clean),
    Case("S03c", "textconv by core.attributesFile", _attributes_file, _runs(*_DIFF), as_clean),
    Case("S03d", "textconv that caches in the repository",
         _config(_TEXT + "\tcachetextconv = true\n", attributes="* diff=x\n"), _runs(*_DIFF),
         as_clean),
    Case("S04a", "diff driver's command", _config(_EXT, attributes="* diff=x\n"), _runs(*_DIFF),
         as_clean),
    Case("S04b", "diff driver's command read by PyDriller",
         _config(_EXT, attributes="* diff=x\n"), _runs(*_DIFF), as_clean, reader="pydriller"),
    Case("S05a", "gpg.program",
         _signed("[log]\n\tshowSignature = true\n" + _program("gpg.program")),
         _runs("log", "-1"), _same_but_for_the_tip),
    Case("S05b", "gpg.ssh.program",
         _signed("[log]\n\tshowSignature = true\n[gpg]\n\tformat = ssh\n"
                 + _program("gpg.ssh.program")
                 + '[gpg "ssh"]\n\tallowedSignersFile = /dev/null\n'),
         _runs("log", "-1"), _same_but_for_the_tip),
    Case("S06a", "post-checkout hook", _hook("post-checkout"), _runs(*_CHECKOUT), as_clean),
    Case("S06b", "reference-transaction hook", _hook("reference-transaction"),
         _runs("update-ref", "refs/heads/x", "HEAD"), as_clean),
    Case("S06c", "core.hooksPath",
         _hooks_path, _runs(*_CHECKOUT), as_clean),
    Case("S06d", "smudge filter", _config(_SMUDGE, attributes="* filter=x\n"), _runs(*_CHECKOUT),
         as_clean),
    Case("S06e", "clean filter",
         _config(_program("filter.x.clean"), attributes="* filter=x\n"), _runs("diff"), as_clean),
    Case("S06f", "filter process",
         _config(_program("filter.x.process"), attributes="* filter=x\n"), _runs(*_CHECKOUT),
         as_clean),
    Case("S06g", "post-index-change hook", _hook("post-index-change"),
         _runs("update-index", "--force-write-index", "--refresh"), as_clean),
    Case("S07", "core.worktree in another folder", _config("[core]\n\tworktree = {victim}\n"),
         _overwrites, as_clean),
    Case("S09", "bare repository inside a work tree", _embedded,
         lambda lab, place: lab.runs(place / "inner", "status"), as_clean),
    Case("S11a", "include.path is a FIFO", _including_fifo,
         lambda lab, place: lab.hangs(place, "rev-parse", "HEAD"), as_clean),
    Case("S11b", "include.path is endless", _config("[include]\n\tpath = /dev/zero\n"),
         lambda lab, place: lab.hangs(place, "rev-parse", "HEAD")
         or lab.plain(place, "rev-parse", "HEAD").returncode != 0, as_clean),
    Case("S11c", "a config of 128 MB", _large_config,
         lambda lab, place: lab.hangs(place, "log", "-1")
         or lab.plain(place, "log", "-1").returncode != 0, as_clean),
    Case("S12a", "alias", _config("[alias]\n\tzap = !{script}\n"), _runs("zap"), as_clean),
    Case("S12b", "credential helper", _config("[credential]\n\thelper = !{script}\n"),
         lambda lab, place: lab.plain(place, "credential", "fill",
                                      given=b"protocol=https\nhost=h\n\n").returncode != 0
         and lab.canary.exists(), as_clean),
    Case("S12c", "a trailer's command",
         _config('[trailer "x"]\n\tcommand = {script}\n'), _runs("interpret-trailers"), as_clean),
    Case("S12d", "settings that lie about numbers",
         _config("[diff]\n\trenames = false\n\tignoreSubmodules = all\n\tnoprefix = true\n",
                 attributes="* -diff\n"),
         lambda lab, place: "\t-\t" in lab.says(place, "log", "--numstat", "-1")
         or "-\t-" in lab.says(place, "log", "--numstat", "-1"), as_clean),
)  # fmt: skip
