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


def text_of(detected: Detected, *, boundaries: Boundaries) -> str:
    """Return the text of a ``conway.toml``.

    Parameters
    ----------
    detected
        The services, with what speaks for each.
    boundaries
        What they amount to, with the teams.
    """
    lines = ["# What conway detected; correct what is wrong.", ""]
    lines += _services(detected)
    lines += ["", *_releases(boundaries)]
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


def _releases(boundaries: Boundaries) -> Iterator[str]:
    yield "[releases]"
    yield "# services that are released as one, by name or folder; else each by itself"
    example = sorted(boundaries.folders)[:2]
    yield f"# trains = {{ core = [{', '.join(visible(_quoted(name)) for name in example)}] }}"


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
