"""What runs in the process that parses Python files.

In:  on standard input, for each file its length in bytes, a line end and its content.
Out: one line of JSON per file: the modules that it imports, or none where it is no Python that
     this version of Python reads.

A file that keeps the parser busy for more than ``PATIENCE`` seconds of processor time ends the
process: Python's parser is one call that nothing else can interrupt.
"""

from __future__ import annotations

import ast
import json
import signal
import sys
import warnings
from typing import IO, TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 2.0


def modules_of(source: bytes) -> list[str]:
    """Return the modules that a file imports, anywhere in it, sorted and each once.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        If it cannot be parsed.

    Examples
    --------
    >>> modules_of(b"import os.path, sys")
    ['os.path', 'sys']
    >>> modules_of(b"from a import b, c; from . import d; from ..e import *")
    ['..e', '.d', 'a.b', 'a.c']
    """
    found = (module for node in ast.walk(ast.parse(source)) for module in _modules(node))
    return sorted(set(found))


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        joint = "" if module.endswith(".") else "."
        for one in node.names:
            yield module if one.name == "*" else f"{module}{joint}{one.name}"


def answer(given: IO[bytes], *, out: TextIO) -> None:
    """Write one line of JSON for each file."""
    while length := given.readline():
        source = given.read(int(length))
        signal.setitimer(signal.ITIMER_PROF, PATIENCE)
        try:
            told = {"modules": modules_of(source)}
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            told = {}
        signal.setitimer(signal.ITIMER_PROF, 0)
        out.write(json.dumps(told) + "\n")
        out.flush()


def main() -> None:
    """Answer what is asked on standard input."""
    warnings.simplefilter("ignore")
    answer(sys.stdin.buffer, out=sys.stdout)
