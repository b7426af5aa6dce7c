"""The one module that starts git.

In:  a git directory that conway made itself, and the name of a plumbing command.
Out: its output, in full or as a stream of blocks.

Every process runs with an environment that is built from nothing, without hooks,
drivers, monitors, pagers or prompts, without the network, and under ``Limits``. No
name that comes out of a repository reaches the command line: object ids and revisions
go through standard input, checked, or behind ``--end-of-options``.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from conway.errors import RepositoryError
from conway.mining.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_BLOCK = 1 << 20
_MESSAGE = 2_000
_PASSED_ON = ("PATH", "TMPDIR", "SYSTEMROOT")

_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "C",
    "TZ": "UTC",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "/bin/false",
    "SSH_ASKPASS": "/bin/false",
    "GIT_SSH_COMMAND": "/bin/false",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": "/bin/false",
}

_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.quotePath": "true",
    "core.commitGraph": "false",
    "core.bigFileThreshold": "512m",
    "core.maxTreeDepth": "1024",
    "core.packedGitWindowSize": "64m",
    "core.packedGitLimit": "512m",
    "safe.bareRepository": "explicit",
    "protocol.allow": "never",
    "diff.renames": "true",
    "diff.renameLimit": "1000",
    "diff.algorithm": "myers",
    "diff.indentHeuristic": "true",
    "diff.ignoreSubmodules": "none",
    "diff.submodule": "short",
    "diff.orderFile": os.devnull,
    "color.ui": "false",
    "log.showSignature": "false",
    "log.mailmap": "false",
    "i18n.logOutputEncoding": "UTF-8",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "advice.graftFileDeprecated": "false",
}

DIFFERENCES = (
    "diff-tree", "--stdin", "-z", "-r", "--root", "--always", "--raw", "--numstat", "--no-abbrev",
    "-M50%", "-l1000", "--no-ext-diff", "--no-textconv", "--no-color", "--full-index",
)  # fmt: skip
"""Every path of each commit on standard input, against the parent beside it."""


class GitFailure(Exception):  # noqa: N818 - it is no error yet: the caller may go around it
    """A git process ended badly, was killed, or fell silent."""


@dataclass(frozen=True, slots=True)
class Git:
    """Runs git in one git directory that conway made.

    Attributes
    ----------
    directory
        The git directory.
    home
        An empty directory that stands for the user's home.
    limits
        The bounds of each process.
    """

    directory: Path
    home: Path
    limits: Limits = field(default_factory=Limits)

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """Return all that one git command prints.

        Raises
        ------
        GitFailure
            If it ends with another code than 0 or falls silent.
        """
        return b"".join(self.stream(*arguments, given=given))

    def stream(self, *arguments: str, given: bytes = b"") -> Iterator[bytes]:
        """Yield what one git command prints, block by block, as it comes."""
        place = ["--no-replace-objects", f"--git-dir={self.directory}"]
        with started(_command([*place, *arguments]), self, given=given) as process:
            yield from _blocks(process, self.limits)

    def worker(self, module: str, *, given: bytes) -> Iterator[bytes]:
        """Yield what ``main()`` of a module of ours prints; its git is hardened alike.

        PyDriller's lizard puts the folder of ``sys.argv[0]`` on the import path: with ``-c``
        that is the empty home.
        """
        modules = os.pathsep.join(path for path in sys.path if Path(path).is_absolute())
        own = {**environment(self.home), **_as_variables(), "GIT_DIR": str(self.directory),
               "PYTHONPATH": modules}  # fmt: skip
        program = f"import {module}; {module}.main()"
        command = [sys.executable, "-P", "-c", program, str(self.directory)]
        with started(command, self, given=given, variables=own) as process:
            yield from _blocks(process, self.limits)

    def clone(self, bundle: Path) -> None:
        """Copy a bundle into ``directory``, every object read, checked and named anew."""
        options = ["clone", "--quiet", "--no-local", "--bare", "--template=",
                   "--no-recurse-submodules"]  # fmt: skip
        settings = {"protocol.file.allow": "always", "transfer.fsckObjects": "true"}
        settings |= {f"fsck.{fault}": "warn" for fault in _OLD_BUT_REAL}
        settings |= {f"fetch.fsck.{fault}": "warn" for fault in _OLD_BUT_REAL}
        command = _command([*options, "--", str(bundle), str(self.directory)], settings)
        variables = environment(self.home, protocol="file")
        patient = replace(self, limits=self.limits.of_a_clone)
        with started(command, patient, given=b"", variables=variables) as process:
            for _block in _blocks(process, patient.limits):
                pass

    def create(self, *, object_format: str) -> None:
        """Make an empty repository at ``directory``."""
        options = ["init", "--quiet", "--bare", "--template=",
                   f"--object-format={object_format}"]  # fmt: skip
        command = _command([*options, "--", str(self.directory)])
        with started(command, self, given=b"") as process:
            for _block in _blocks(process, self.limits):
                pass


# Faults that real histories have and that harm nobody: old tools wrote odd author lines.
_OLD_BUT_REAL = (
    "badDate", "badDateOverflow", "badEmail", "badName", "badTimezone", "missingEmail",
    "missingNameBeforeEmail", "missingSpaceBeforeDate", "missingSpaceBeforeEmail",
    "zeroPaddedDate", "zeroPaddedFilemode",
)  # fmt: skip


def environment(home: Path, *, protocol: str = "none") -> dict[str, str]:
    """Return the whole environment of a git process; nothing of ours leaks into it."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    own = {"HOME": str(home), "XDG_CONFIG_HOME": str(home),
           "GIT_CEILING_DIRECTORIES": str(home), "GIT_ALLOW_PROTOCOL": protocol}  # fmt: skip
    return {**passed, **_ENVIRONMENT, **own}


def version() -> str:
    """Return the version of git, or say that there is none."""
    try:
        found = subprocess.run(
            ["git", "--version"], capture_output=True, check=True, env=environment(Path(os.devnull))
        )
    except (OSError, subprocess.CalledProcessError) as fault:
        raise RepositoryError(
            f"git cannot be started ({fault}); install git 2.31 or newer and put it on PATH"
        ) from fault
    return found.stdout.decode("ascii", "replace").split()[2]


@contextmanager
def started(
    command: Sequence[str], git: Git, *, given: bytes, variables: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command, check how it ends, and kill it with all its children if it does not.

    Raises
    ------
    GitFailure
        If it ends with another code than 0; the message is the last it printed.
    """
    with tempfile.TemporaryFile(dir=git.home) as said, tempfile.TemporaryFile(dir=git.home) as told:
        told.write(given)
        told.seek(0)
        process = subprocess.Popen(
            command, stdin=told, stdout=subprocess.PIPE, stderr=said, cwd=git.home, bufsize=0,
            env=variables or environment(git.home), start_new_session=True,
        )  # fmt: skip
        git.limits.apply(process.pid)
        try:
            yield process
            code = process.wait(timeout=git.limits.silence)
        except subprocess.TimeoutExpired as fault:
            raise GitFailure("git does not end") from fault
        finally:
            _end(process)
        if code:
            words = _last_words(said, code=code)
            raise GitFailure(words.replace(str(git.home.parent), "").replace("/mirror.git", ""))


def _command(arguments: Sequence[str], settings: Mapping[str, str] | None = None) -> list[str]:
    pairs = {**_SETTINGS, **(settings or {})}
    options = [part for name, value in pairs.items() for part in ("-c", f"{name}={value}")]
    return ["git", "--no-pager", "--no-optional-locks", *options, *arguments]


def _as_variables() -> dict[str, str]:
    """Return the settings as variables, for programs that start git themselves."""
    variables = {"GIT_CONFIG_COUNT": str(len(_SETTINGS))}
    for number, (name, value) in enumerate(_SETTINGS.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def _blocks(process: subprocess.Popen[bytes], limits: Limits) -> Iterator[bytes]:
    output = process.stdout
    assert output is not None  # noqa: S101 - it was started with a pipe
    handle = output.fileno()
    waiting = select.poll()
    waiting.register(handle, select.POLLIN | select.POLLHUP)
    while True:
        if not waiting.poll(limits.silence * 1000):
            raise GitFailure(f"git printed nothing for {limits.silence:g} seconds")
        block = os.read(handle, _BLOCK)
        if not block:
            return
        yield block


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _last_words(said: IO[bytes], *, code: int) -> str:
    said.seek(0, os.SEEK_END)
    said.seek(max(0, said.tell() - _MESSAGE))
    lines = [line for line in said.read().decode("utf-8", "replace").splitlines() if line.strip()]
    ending = f"signal {-code}" if code < 0 else f"code {code}"
    return f"{lines[-1].strip()} ({ending})" if lines else f"git ended with {ending}"
