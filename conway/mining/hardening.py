"""What a git process sees of the machine: its environment and its settings.

In:  the user's environment.
Out: an environment built from nothing, and settings without hooks, drivers, monitors,
     pagers or prompts. Only a fetch from a URL that the user typed sees the user's own.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

_PASSED_ON = ("PATH", "TMPDIR", "SYSTEMROOT")

_FIXED = {
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
    "GIT_FLUSH": "0",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": "/bin/false",
}

SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.quotePath": "true",
    "core.commitGraph": "false",
    "core.multiPackIndex": "false",
    "pack.useBitmaps": "false",
    "core.bigFileThreshold": "512m",
    "core.maxTreeDepth": "1024",
    "core.packedGitWindowSize": "16m",
    "core.packedGitLimit": "64m",
    "core.deltaBaseCacheLimit": "32m",
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
"""Settings of every process; those of the repository never reach one."""

_SECRETS = re.compile(r"//[^/\s'\"]*@")
_OF_THE_USER = frozenset({"GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_SSL_CAINFO",
                          "GIT_SSL_CAPATH", "GIT_SSL_CERT", "GIT_SSL_KEY",
                          "GIT_PROXY_SSL_CAINFO", "GIT_ASKPASS", "GIT_CONFIG_GLOBAL",
                          "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"})  # fmt: skip


def environment(home: Path, *, protocol: str = "none") -> dict[str, str]:
    """Return the whole environment of a git process; nothing of ours leaks into it."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    own = {"HOME": str(home), "XDG_CONFIG_HOME": str(home),
           "GIT_CEILING_DIRECTORIES": str(home), "GIT_ALLOW_PROTOCOL": protocol}  # fmt: skip
    return {**passed, **_FIXED, **own}


def as_user(*, protocol: str) -> dict[str, str]:
    """Return the environment of a fetch: the user's own, for one protocol, without prompts."""
    own = {name: value for name, value in os.environ.items() if _may_pass(name)}
    fixed = {"LC_ALL": "C.UTF-8", "LANGUAGE": "C", "GIT_ALLOW_PROTOCOL": protocol,
             "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1"}  # fmt: skip
    return {**own, **fixed}


def without_secrets(text: str) -> str:
    """Return text in which no URL names a user or a password.

    Examples
    --------
    >>> without_secrets("fatal: 'https://ann:secret@example.org/r.git' not found")
    "fatal: 'https://example.org/r.git' not found"
    """
    return _SECRETS.sub("//", text)


def as_variables() -> dict[str, str]:
    """Return the settings as variables, for programs that start git themselves."""
    variables = {"GIT_CONFIG_COUNT": str(len(SETTINGS))}
    for number, (name, value) in enumerate(SETTINGS.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def _may_pass(name: str) -> bool:
    """Whether a variable says how the user reaches servers, not where git works."""
    return name in _OF_THE_USER or not name.startswith(("GIT_", "LD_", "PYTHON"))


def modules() -> list[str]:
    """Return where a worker may import from: not the folder that conway was started in.

    That folder may be the repository under analysis, with a ``json.py`` of its own.
    """
    own = str(Path(__file__).parents[2])
    here = str(Path.cwd())
    return [own, *(path for path in sys.path if Path(path).is_absolute() and path != here)]
