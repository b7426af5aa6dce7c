"""Code Maat's group files: architectural layers in the place of paths.

In:  lines ``path => Name`` or ``^regex$ => Name``, and a log.
Out: the log with groups for entities, rows of no group dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import BoundariesError, problems

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

Group = tuple[re.Pattern[str], str]

_LINE = re.compile(r"(?P<path>\^.+\$|[\w/\\.-]+)\s+=>\s(?P<name>.+)", re.ASCII)


def read_groups(path: Path) -> tuple[Group, ...]:
    """Read a group file.

    A plain path stands for all that begins with it and a slash; as in Code Maat, a dot
    in it matches any character. A regex begins with ``^`` and ends with ``$``. A name
    begins after one space, and keeps all that follows.

    Raises
    ------
    BoundariesError
        If the file cannot be read or lines are wrong; the message lists every fault.
    """
    where = visible(str(path))
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as fault:
        raise BoundariesError(
            f"{where}: the group file cannot be read ({fault.strerror}); check the path"
        ) from fault
    return parse_groups(text, where=where)


def parse_groups(text: str, *, where: str = "groups") -> tuple[Group, ...]:
    r"""Parse the text of a group file.

    Examples
    --------
    >>> [(p.pattern, name) for p, name in parse_groups("src/web => Web\n^.*_test\\.py$ => Tests")]
    [('^src/web/', 'Web'), ('^.*_test\\.py$', 'Tests')]
    """
    found: list[Group] = []
    faults: list[str] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            faults.append(
                f"line {number}: '{visible(line[:80])}' is neither 'path => Name' nor "
                "'^regex$ => Name'"
            )
            continue
        path = match["path"]
        try:
            pattern = re.compile(path if path.startswith("^") else f"^{path}/")
        except re.error as fault:
            faults.append(f"line {number}: '{visible(path)}' is no regular expression: {fault}")
        else:
            found.append((pattern, match["name"]))
    if faults:
        raise BoundariesError(problems(where, faults))
    return tuple(found)


def regrouped(log: pd.DataFrame, groups: Sequence[Group]) -> pd.DataFrame:
    """Return the log with the first group that matches each entity.

    Several files of one group in one commit stay several rows, as in Code Maat.
    """
    import pandas as pd

    codes, entities = pd.factorize(log["entity"])
    names = pd.Series([_name(entity, groups) for entity in entities], dtype="object")
    named = names.take(codes)
    kept = named.notna().to_numpy()
    return log.assign(entity=named.to_numpy())[kept].reset_index(drop=True)


def _name(entity: str, groups: Sequence[Group]) -> str | None:
    return next((name for pattern, name in groups if pattern.search(entity)), None)
