"""Write what is detected as a ``conway.toml`` that a person can correct.

In:  services as they were detected, and the teams found.
Out: the text of the file, with the evidence as comments. Read back, it gives the same
     services and teams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.display import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.detection import Detected
    from conway.boundaries.train_detection import Train

_MOST_TRAINS = 12
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_TAIL = """
[window]
# since = "2025-01-01"            # since <= committer time (UTC) < until
# until = "2026-01-01"

[changes]
unit = "mainline"               # or "ticket": also join changes of one repository
bots = "exclude"                # or "include"
exclude = []                    # globs of paths that do not count: ["**/CHANGELOG.md"]
releases = "separate"           # or "include": version bumps count as coupling
"""


def text_of(detected: Detected, *, boundaries: Boundaries, trains: Sequence[Train] = ()) -> str:
    """Return the text of a ``conway.toml``.

    Parameters
    ----------
    detected
        The services, with what speaks for each.
    boundaries
        What they amount to, with the teams.
    trains
        What is released together, offered as comments: taking one up changes what counts
        as lockstep, so a person decides.
    """
    lines = ["# What conway detected; correct what is wrong.", ""]
    lines += _services(detected)
    lines += ["", *_releases(boundaries, trains)]
    lines += ["", *_teams(boundaries)]
    return "\n".join(lines) + "\n" + _TAIL


def _services(detected: Detected) -> Iterator[str]:
    yield f"[services]  # {detected.source}"
    yield "# name = globs; the first that names a path counts; '*' alone in a segment is {name}"
    services: Mapping[str, Sequence[str]] = detected.services or {"{repository}": ["**"]}
    for name, globs in services.items():
        reason = visible(detected.evidence.get(name, ""))
        values = ", ".join(_quoted(glob) for glob in globs)
        values = values if len(globs) == 1 else f"[{values}]"
        yield f"{_quoted(name)} = {values}" + (f"  # {reason}" if reason else "")
    for folder in detected.left_out:
        yield f"# left out: {visible(folder)}"


def _releases(boundaries: Boundaries, trains: Sequence[Train]) -> Iterator[str]:
    yield "[releases]"
    yield "# services that are released as one, by name or folder; else each by itself"
    for train in trains[:_MOST_TRAINS]:
        members = ", ".join(map(_quoted, _places(train.services, boundaries)))
        yield f"# {visible(train.evidence)}:"
        yield f"# trains.{visible(_quoted(_train_name(train, boundaries)))} = [{visible(members)}]"
    if trains:
        return
    example = sorted(boundaries.folders)[:2]
    yield f"# trains = {{ core = [{', '.join(visible(_quoted(name)) for name in example)}] }}"


def _train_name(train: Train, boundaries: Boundaries) -> str:
    """Return a name that no service has."""
    name = train.name if train.name not in boundaries.folders else f"{train.name} train"
    return name if name not in boundaries.folders else f"{name} of releases"


def _places(services: Sequence[str], boundaries: Boundaries) -> list[str]:
    """Name services: whole families by their folder, the others by name."""
    family: dict[str, set[str]] = {}
    for name, folders in boundaries.folders.items():
        for folder in folders:
            family.setdefault(folder.partition(":")[2].rpartition("/")[0], set()).add(name)
    whole = {
        parent: held
        for parent, held in sorted(family.items())
        if parent and len(held) > 1 and held <= set(services)
    }
    covered = {name for held in whole.values() for name in held}
    return [*(f"{parent}/*" for parent in whole), *(n for n in services if n not in covered)]


def _teams(boundaries: Boundaries) -> Iterator[str]:
    teams = boundaries.ownership.teams()
    yield "[teams]"
    if teams:
        yield f'source = "CODEOWNERS"           # {len(teams)} owners; as of each change'
    else:
        yield f"# {visible('; '.join(boundaries.ownership.notes))}"
        yield '# source = "teams.csv"         # valid_from,service,team (an empty team: no owner)'
    yield '# members = "people.csv"       # person,team,valid_from,valid_to; else inferred'
    yield "# [teams.map]                   # owners that stand for a team"
    yield '# "@octocat" = "platform"'


def _quoted(text: str) -> str:
    """Return a TOML basic string."""
    return (
        '"'
        + "".join(
            _ESCAPES.get(char, char if char.isprintable() else f"\\U{ord(char):08X}")
            for char in text
        )
        + '"'
    )
