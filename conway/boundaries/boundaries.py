"""Where services, release units and teams are, and which changes count: one frozen value.

In:  what ``conway.boundaries.reading`` read.
Out: ``Boundaries``, which every later stage asks and which shows itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.boundaries.team_structure import TeamStructure
from conway.config import Config, Selection
from conway.display import html_table, visible
from conway.history.imports.imported import Imported

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from conway.boundaries.memberships import Memberships
    from conway.boundaries.ownership import Ownership
    from conway.boundaries.reorganisations import Reorganisation
    from conway.boundaries.services import ServiceRules
    from conway.boundaries.team_renames import Rename

_SHOWN = 20


@dataclass(frozen=True, eq=False, repr=False)
class Boundaries:
    """Services, release units and teams of a history.

    Attributes
    ----------
    services
        Which service a path belongs to.
    ownership
        Who may approve a path, as of a change.
    selection
        Which changes count.
    folders
        By service of the history, its folders as ``repository:folder``.
    trains
        The release train of each service that shares one.
    members
        Teams of people, where a table gives them.
    structure
        Teams in teams, their types, and how pairs mean to work together.
    renames
        Teams that got another name and kept everything, in order of time; ``ownership``
        calls each by its newest.
    reorganisations
        What a person wrote down of services that changed hands, in order of time.
    config
        What was said, defaults filled in.
    config_hash
        SHA-256 over the configuration and the tables that it names.
    sources
        ``services, teams, members``: where each comes from, in a phrase.
    notes
        What a reader of the numbers should know.
    imported
        Reviews, pipeline runs, deployments and the like, joined to changes.
    """

    services: ServiceRules
    ownership: Ownership
    selection: Selection = field(default_factory=Selection)
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trains: Mapping[str, str] = field(default_factory=dict)
    members: Memberships | None = None
    structure: TeamStructure = field(default_factory=TeamStructure)
    renames: tuple[Rename, ...] = ()
    reorganisations: tuple[Reorganisation, ...] = ()
    config: Config = field(default_factory=Config)
    config_hash: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    imported: Imported = field(default_factory=Imported)

    def unit_of(self, service: str) -> str:
        """Return the release unit of a service: its train, else itself."""
        return self.trains.get(service, service)

    def teams(self) -> tuple[str, ...]:
        """Return all teams that own anything or have members, sorted."""
        joined = () if self.members is None else self.members.teams()
        return tuple(sorted({*self.ownership.teams(), *joined}))

    def to_json(self) -> dict[str, object]:
        """Return services, units, teams and sources as JSON values."""
        return {
            "config_hash": self.config_hash,
            "services_source": self.sources.get("services", ""),
            "teams_source": self.sources.get("teams", ""),
            "members_source": self.sources.get("members", ""),
            "services": [
                {"name": name, "unit": self.unit_of(name), "folders": list(folders)}
                for name, folders in sorted(self.folders.items())
            ],
            "teams": list(self.teams()),
            "notes": list(self.notes),
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per service: ``service, unit, folders``."""
        import pandas as pd

        rows = [
            (name, self.unit_of(name), ", ".join(folders))
            for name, folders in sorted(self.folders.items())
        ]
        return pd.DataFrame(rows, columns=["service", "unit", "folders"])

    def explain(self) -> str:
        """Say in words where boundaries come from, and what a reader should know."""
        return "\n".join([f"{self._summary()}.", *(f"- {visible(note)}" for note in self.notes)])

    def __repr__(self) -> str:
        """Show how many services, release units and teams there are."""
        return f"Boundaries({self._summary()})"

    def _summary(self) -> str:
        units = len({self.unit_of(name) for name in self.folders})
        return (
            f"{len(self.folders)} services, {units} release units, {len(self.teams())} teams; "
            f"services: {visible(self.sources.get('services', 'unknown'))}; "
            f"teams: {visible(self.sources.get('teams', 'unknown'))}"
        )

    def _repr_html_(self) -> str:
        rows = list(self.to_pandas().head(_SHOWN).itertuples(index=False, name=None))
        more = len(self.folders) - len(rows)
        note = f"; {more} more services" if more else ""
        columns = ("service", "release unit", "folders")
        return html_table(columns, rows, caption=f"Boundaries: {self._summary()}{note}")
