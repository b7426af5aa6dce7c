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
from conway.mining.hardening import (
    SETTINGS,
    as_user,
    as_variables,
    environment,
    modules,
    without_secrets,
)
from conway.mining.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_BLOCK = 1 << 20
_MESSAGE = 2_000

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
            If it ends with another code than 0, falls silent, or prints without end.
        """
        blocks: list[bytes] = []
        left = self.limits.output
        for block in self.stream(*arguments, given=given):
            blocks.append(block)
            left -= len(block)
            if left < 0:
                raise GitFailure(f"git printed more than {self.limits.output} bytes")
        return b"".join(blocks)

    def stream(self, *arguments: str, given: bytes = b"", at_once: bool = False) -> Iterator[bytes]:
        """Yield what one git command prints, block by block, as it comes.

        With ``at_once`` git keeps nothing back: should it be killed, no answer is lost.
        """
        place = ["--no-replace-objects", f"--git-dir={self.directory}"]
        command = _command([*place, *arguments])
        variables = {**environment(self.home), "GIT_FLUSH": "1"} if at_once else None
        with started(command, self, given=given, variables=variables) as process:
            yield from _blocks(process, self.limits)

    def worker(self, module: str, *, given: bytes) -> Iterator[bytes]:
        """Yield what ``main()`` of a module of ours prints; its git is hardened alike.

        PyDriller's lizard puts the folder of ``sys.argv[0]`` on the import path: with ``-c``
        that is the empty home.
        """
        own = {**environment(self.home), **as_variables(), "GIT_DIR": str(self.directory),
               "PYTHONPATH": os.pathsep.join(modules())}  # fmt: skip
        program = f"import {module}; {module}.main()"
        command = [sys.executable, "-P", "-c", program, str(self.directory)]
        with started(command, self, given=given, variables=own) as process:
            yield from _blocks(process, self.limits)

    def clone(self, origin: str) -> None:
        """Copy a bundle or a git directory of ours, every object checked and named anew."""
        variables = environment(self.home, protocol="file")
        self._clone(origin, settings={"protocol.file.allow": "always"}, variables=variables)

    def fetch(self, url: str, *, protocol: str) -> None:
        """Copy what a user's URL names: that one protocol, with the user's own credentials.

        A password in the URL reaches git through its environment, which nobody else can
        read as they can a command line.
        """
        bare, variables = without_secrets(url), as_user(protocol=protocol)
        if bare != url:
            variables |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{url}.insteadOf",
                          "GIT_CONFIG_VALUE_0": bare}  # fmt: skip
        self._clone(bare, settings={f"protocol.{protocol}.allow": "always"}, variables=variables)

    def _clone(
        self, origin: str, *, settings: Mapping[str, str], variables: Mapping[str, str]
    ) -> None:
        options = ["clone", "--quiet", "--no-local", "--bare", "--template=",
                   "--no-recurse-submodules"]  # fmt: skip
        settings = {**settings, "transfer.fsckObjects": "true"}
        settings |= {f"fetch.fsck.{fault}": "warn" for fault in _OLD_BUT_REAL}
        command = _command([*options, "--", origin, str(self.directory)], settings)
        patient = replace(self, limits=self.limits.of_a_clone)
        with started(command, patient, given=b"", variables=variables) as process:
            for _block in _blocks(process, patient.limits):
                pass

    def check(self) -> None:
        """Look at the form of every object, as a fetch does; git before 2.45 skips bundles.

        Raises
        ------
        GitFailure
            If one is malformed, beyond what old tools wrote.
        """
        lenient = [part for fault in _OLD_BUT_REAL for part in ("-c", f"fsck.{fault}=warn")]
        patient = replace(self, limits=self.limits.of_a_clone)
        patient.run(*lenient, "fsck", "--full", "--no-dangling", "--no-progress")

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
    pairs = {**SETTINGS, **(settings or {})}
    options = [part for name, value in pairs.items() for part in ("-c", f"{name}={value}")]
    return ["git", "--no-pager", "--no-optional-locks", *options, *arguments]


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
