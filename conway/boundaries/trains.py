"""Release trains: services that are released as one.

In:  ``[releases] trains``: train to names, or folders, of services.
Out: the train of each service that shares one.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from conway.boundaries.patterns import glob_matcher
from conway.display import visible
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def trains_of(
    trains: Mapping[str, Sequence[str]], *, folders: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return the train of each service.

    Parameters
    ----------
    trains
        Train to globs over names of services or over their folders.
    folders
        By service its folders as ``repository:folder``.

    Raises
    ------
    BoundariesError
        If a glob names no service, or a service stands in two trains.

    Examples
    --------
    >>> trains_of({"core": ["packages/*"]}, folders={"a": ["r:packages/a"], "web": ["r:web"]})
    {'a': 'core'}
    """
    found: dict[str, str] = {}
    faults: list[str] = []
    for train, globs in trains.items():
        for glob in globs:
            named = [name for name in sorted(folders) if _names(glob, [name, *folders[name]])]
            if not named:
                near = get_close_matches(glob, sorted(folders), n=1)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                faults.append(
                    f"[releases] train '{visible(train)}': '{visible(glob)}' names no service "
                    f"and no folder of one{hint}"
                )
            faults += [
                f"[releases] service '{visible(name)}' stands in two trains, "
                f"'{visible(found[name])}' and '{visible(train)}'"
                for name in named
                if found.setdefault(name, train) != train
            ]
    faults += [
        f"[releases] train '{visible(train)}' is also a service outside of it; rename the train"
        for train in trains
        if train in folders and found.get(train) != train
    ]
    if faults:
        raise BoundariesError("\n".join(faults))
    return dict(sorted(found.items()))


def _names(glob: str, places: Sequence[str]) -> bool:
    """Tell whether a glob names a service by its name, its folder, or what is in it."""
    matcher = glob_matcher(glob)
    plain = [place.partition(":")[2] for place in places[1:]]
    return any(matcher.matches(place) for place in [*places, *plain, *(f"{at}/x" for at in plain)])
