"""Results of earlier runs that commands read again.

In:  the path of an ``assess.json``. Out: its content, checked for what is read of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conway.display import visible
from conway.errors import ConwayError

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMA = "conway.assess/1"
_READ = frozenset({"window", "changes", "services", "autonomy", "parallelism", "gaps"})


def last_review(place: Path) -> dict[str, Any]:
    """Return the assessment of an earlier run: its folder, or its ``assess.json``."""
    return read_assessment(place / "assess.json" if place.is_dir() else place)


def read_assessment(path: Path) -> dict[str, Any]:
    """Return the content of an ``assess.json``.

    Raises
    ------
    ConwayError
        If it cannot be read, or conway did not write it.
    """
    where = visible(str(path))
    try:
        result = json.loads(path.read_bytes())
    except OSError as fault:
        raise ConwayError(f"{where}: cannot be read ({fault.strerror})") from None
    except (ValueError, RecursionError):
        raise ConwayError(f"{where}: is not JSON; name an assess.json") from None
    if not isinstance(result, dict) or result.get("schema") != _SCHEMA or _READ - result.keys():
        raise ConwayError(
            f"{where}: is not an assess.json of this version ({_SCHEMA}); "
            "write one with `conway assess REPO -o OUT`"
        )
    return result
