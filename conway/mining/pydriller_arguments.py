"""What a ``pydriller.Repository`` asks for, as far as conway can honour it.

In:  a ``pydriller.Repository`` that nobody has traversed.
Out: its paths and dates. Its other filters are refused: they would hide changes from
     every later stage, where ``conway.toml`` selects and counts what it leaves out.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard

from conway.errors import RepositoryError

_REFUSED = (
    "clone_repo_to", "filepath", "from_commit", "from_tag", "include_deleted_files",
    "include_refs", "include_remotes", "only_authors", "only_commits", "only_in_branch",
    "only_modifications_with_file_types", "only_no_merge", "only_releases", "single",
    "skip_whitespaces", "histogram", "histogram_diff", "to_commit", "to_tag",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dates:
    """The first and last committer's clock asked for, in seconds; both included."""

    since: int | None
    to: int | None


def is_pydriller(given: object) -> TypeGuard[Any]:
    """Return whether ``given`` is a ``pydriller.Repository``, without importing PyDriller."""
    kind = type(given)
    return kind.__name__ == "Repository" and kind.__module__.split(".")[0] == "pydriller"


def arguments_of(repository: Any) -> tuple[list[str], Dates | None]:  # noqa: ANN401
    """Return the paths and dates of a ``pydriller.Repository``.

    Raises
    ------
    RepositoryError
        If it has a filter that conway does not apply; the message lists them.
    """
    options: dict[str, Any] = repository._conf._options  # noqa: SLF001 - it has no public name
    refused = [name for name in _REFUSED if options.get(name)]
    if refused:
        raise RepositoryError(
            f"pydriller.Repository: conway does not apply {', '.join(refused)}; leave that out "
            "and select in conway.toml ([window], [changes]) or with mine(ref=...)"
        )
    given = options["path_to_repo"]
    paths = [given] if isinstance(given, (str, os.PathLike)) else list(given)
    since = _seconds(options.get("since") or options.get("since_as_filter"))
    to = _seconds(options.get("to"))
    dates = None if since is None and to is None else Dates(since, to)
    return [os.fspath(path) for path in paths], dates


def _seconds(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
