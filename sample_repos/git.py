"""Runs git to write a repository from a fast-import stream, apart from any user's settings."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def environment() -> Mapping[str, str]:
    """Return an environment in which git reads no configuration but the repository's own."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LC_ALL": "C",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
    }


def git(path: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Run git in ``path`` and return what it prints; raise with its message when it fails."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=path,
        env=environment(),
        input=b"" if stdin is None else stdin,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        message = done.stderr.decode("utf-8", "replace").strip()
        raise RuntimeError(f"git {arguments[0]} failed in {path}: {message}")
    return done.stdout


def write_repository(
    path: Path, stream: bytes, *, branch: str = "main", bare: bool = False
) -> Path:
    """Create a repository at ``path`` from ``stream`` and check its branch out.

    Raises
    ------
    FileExistsError
        If ``path`` exists and is not an empty directory.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(f"{path}: exists already; give a new or empty directory")
    path.mkdir(parents=True, exist_ok=True)
    layout = ["--bare"] if bare else []
    git(path, "init", "--quiet", "--template=", "--object-format=sha1", "-b", branch, *layout)
    git(path, "fast-import", "--quiet", "--date-format=raw", "--done", stdin=stream)
    if not bare:
        git(path, "reset", "--quiet", "--hard")
    return path
