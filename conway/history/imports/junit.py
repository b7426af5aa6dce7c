"""JUnit's XML: one run for each suite that holds tests.

In:  an XML file, or a folder of them.
Out: records of the table ``pipeline_runs``.

The format names no commit. It is taken from a property called ``commit``, ``revision`` or
``sha`` (or one of the CI's variables), else from the path: a folder or file name that is, or
holds, the 40 hexadecimal digits of one. Its times have no zone: they are UTC unless
``[tables] zone`` says otherwise; durations do not depend on it.

The text is read as it streams by; a document type, which every trick with entities needs, is
refused, as are more than 64 levels.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from conway.display import visible
from conway.errors import TableError
from conway.history.imports.records import Record, content_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

MOST_FILES = 20_000
_DEEPEST = 64
_COMMIT = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_NAMES = frozenset(
    {"commit", "revision", "sha", "git.commit", "git.commit.id", "ci_commit_sha", "github_sha"}
)
_BAD = frozenset({"failure", "error"})
_FLAKY = frozenset({"flakyfailure", "flakyerror", "rerunfailure", "rerunerror"})


def junit_records(path: Path, *, zone: tzinfo | None = None) -> Iterator[Record]:
    """Yield a record for each suite of an XML file or of all in a folder, in order of path.

    Raises
    ------
    TableError
        If there are none or too many, or one is not XML or declares a document type.
    """
    files = sorted(path.rglob("*.xml")) if path.is_dir() else [path]
    if not files or len(files) > MOST_FILES:
        raise TableError(
            f"{visible(path.name)}: holds {len(files)} XML files; between 1 and {MOST_FILES} "
            "can be read"
        )
    for file in files:
        inner = file.relative_to(path.parent).as_posix()
        for suite in _Suites(file.name).read(content_of(file)):
            yield Record(inner, suite.cells(inner, zone=zone or UTC))


class _Suite:
    """What one ``testsuite`` says of itself."""

    def __init__(self, attributes: dict[str, str], *, commit: str) -> None:
        self.attributes = attributes
        self.commit = commit
        self.tests = self.failed = self.flaky = self.skipped = 0

    def cells(self, path: str, *, zone: tzinfo) -> dict[str, Any]:
        """Return the cells of the table ``pipeline_runs``."""
        in_path = _COMMIT.findall(path)
        started = _moment(self.attributes.get("timestamp", ""), zone=zone)
        lasted = _lasted(self.attributes.get("time", ""))
        found = {
            "commit": self.commit or (in_path[-1] if in_path else None),
            "suite": self.attributes.get("name") or "tests",
            "started": started.isoformat() if started else None,
            "finished": (started + lasted).isoformat() if started and lasted else None,
            "result": "failure" if self.failed else "success",
            "tests": self.tests,
            "flaky": self.flaky,
        }
        return {key: one for key, one in found.items() if one is not None}


class _Suites:
    """Reads one document as it streams by."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open: list[str] = []
        self._suites: list[_Suite] = []
        self._done: list[_Suite] = []
        self._commit = ""
        self._case: set[str] = set()

    def read(self, content: bytes) -> list[_Suite]:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        try:
            parser.Parse(content, True)  # noqa: FBT003 - expat's own signature
        except expat.ExpatError as fault:
            raise TableError(f"{visible(self._name)}: is not XML: {fault}") from None
        return [suite for suite in self._done if suite.tests]

    def _refuse(self, *_declared: object) -> None:
        raise TableError(f"{visible(self._name)}: declares a document type; JUnit's XML has none")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _plain(tag)
        self._open.append(name)
        if len(self._open) > _DEEPEST:
            raise TableError(f"{visible(self._name)}: is nested more than {_DEEPEST} deep")
        if name == "testsuite":
            outer = self._suites[-1].commit if self._suites else self._commit
            self._suites.append(_Suite(attributes, commit=outer))
        elif name == "property" and attributes.get("name", "").casefold() in _NAMES:
            self._see_commit(attributes.get("value", ""))
        elif name == "testcase":
            self._case = set()
        elif name in _BAD | _FLAKY | {"skipped"} and "testcase" in self._open:
            self._case.add(name)

    def _see_commit(self, value: str) -> None:
        if self._suites:
            self._suites[-1].commit = value.strip()
        else:
            self._commit = value.strip()

    def _end(self, tag: str) -> None:
        name = _plain(tag)
        self._open.pop()
        if name == "testsuite":
            self._done.append(self._suites.pop())
        elif name == "testcase" and self._suites:
            suite = self._suites[-1]
            suite.tests += "skipped" not in self._case
            suite.failed += bool(self._case & _BAD)
            suite.flaky += bool(self._case & _FLAKY) and not self._case & _BAD


def _plain(tag: str) -> str:
    return tag.rpartition(":")[2].casefold()


def _moment(text: str, *, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _lasted(text: str) -> timedelta | None:
    try:
        return timedelta(seconds=float(text.replace(",", "")))
    except (ValueError, OverflowError):
        return None
