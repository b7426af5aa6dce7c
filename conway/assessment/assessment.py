"""One measurement of one organisation over one window.

In:  a ``History`` and ``Boundaries`` (with their selection).
Out: ``Assessment``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conway.boundaries.dependencies import DEPENDENCIES, declared
from conway.boundaries.labels import label
from conway.boundaries.work import WEEK
from conway.coupling.clusters import find_clusters
from conway.coupling.cochange import file_pairs, service_pairs
from conway.coupling.congruence import measure_congruence
from conway.coupling.releases import release_pairs
from conway.coupling.schemas import RELEASE_COUPLING
from conway.delivery.absorption.measurement import Absorption, measure_absorption
from conway.delivery.constraints.measurement import Constraints, measure_constraints
from conway.delivery.constraints.observed import Observed
from conway.delivery.measurement import measure_delivery
from conway.delivery.waits.measurement import Waits, measure_waits
from conway.delivery.writers import WRITERS, find_writers
from conway.display import html_table
from conway.errors import HistoryError
from conway.gaps.measured import Measured
from conway.gaps.rules import find_gaps
from conway.history.imports.imported import pull_requests
from conway.history.lifecycle import release_contents

if TYPE_CHECKING:
    from collections.abc import Mapping

    import igraph
    import networkx as nx
    import pandas as pd

    from conway.assessment.scenarios import Scenario
    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.work import Work
    from conway.coupling.clusters import Clusters
    from conway.coupling.congruence import Congruence
    from conway.delivery.inference import Inference
    from conway.delivery.measurement import Delivery
    from conway.gaps.gap import Gap
    from conway.history.record import History

FEWEST_CHANGES = 200
FEWEST_WEEKS = 13
FILE_PAIRS = 200


@dataclass(frozen=True, eq=False)
class Assessment:
    """Everything measured of one organisation over one window.

    Attributes
    ----------
    boundaries
        Services, release units, teams and selection it was measured with.
    repositories
        ``name, tip, changes`` of each repository.
    refused
        Names of repositories that could not be read while others were.
    delivery
        Autonomy, handoffs, parallelism, concentration, trend.
    coupling, files
        Schemas ``COUPLING`` and ``FILE_COUPLING``.
    clusters, congruence
        Services that change together, and how teams agree with them.
    gaps
        Findings, the strongest first.
    seed
        Seed of everything random in it.
    releases
        Services that were released together (schema ``RELEASE_COUPLING``).
    dependencies
        Services that declare that they need others (schema ``DEPENDENCIES``).
    writers
        Teams whose people wrote commits of each change set (schema ``WRITERS``).
    history
        What it was measured from, for other choices than those made.
    functions
        By pair of team codes the functions behind its handoffs, where a deep pass was made.
    constraints
        Validation, integration, coordination and release, as far as they were observed.
    absorption
        What comes in and gets done, and what surges did.
    waits
        How long finished work waits for its merge and its release.
    """

    boundaries: Boundaries
    repositories: tuple[Mapping[str, Any], ...]
    refused: tuple[str, ...]
    delivery: Delivery
    coupling: pd.DataFrame
    files: pd.DataFrame
    clusters: Clusters
    congruence: Congruence
    gaps: tuple[Gap, ...] = field(default=())
    seed: int = 0
    releases: pd.DataFrame = field(default_factory=RELEASE_COUPLING.empty)
    dependencies: pd.DataFrame = field(default_factory=DEPENDENCIES.empty)
    writers: pd.DataFrame = field(default_factory=WRITERS.empty)
    constraints: Constraints = field(default_factory=Constraints)
    absorption: Absorption | None = None
    waits: Waits = field(default_factory=lambda: Waits.unknown("not measured"))

    history: History | None = field(default=None, repr=False)
    functions: Mapping[tuple[int, int], list[dict[str, Any]]] = field(default_factory=dict)

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The headline under other choices; none where the history is not at hand."""
        from conway.assessment.scenarios import measure_scenarios

        if self.history is None:
            return ()
        return measure_scenarios(self.history, self.boundaries, work=self.work, seed=self.seed)

    @cached_property
    def inference(self) -> Inference:
        """How far inferred authors' teams can be trusted, and what their errors do."""
        from conway.delivery.inference import measure_inference

        return measure_inference(self.work, seed=self.seed)

    @property
    def work(self) -> Work:
        """The labelled change sets."""
        return self.delivery.work

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``assess.json``."""
        from conway.assessment.form import assessment_json

        return assessment_json(self)

    def to_pandas(self, table: str = "gaps") -> pd.DataFrame:
        """Return a table of ``assess.json`` as a frame.

        Parameters
        ----------
        table
            By default one row per finding: ``kind, title, services, teams, strength,
            changes``. Else the key of a list in ``to_json()``, such as ``handoff_pairs``,
            or of a nested one, such as ``lockstep.units``.
        """
        from conway.assessment.frames import findings, frame_of

        return findings(self.gaps) if table == "gaps" else frame_of(self.to_json(), table=table)

    def to_networkx(self) -> nx.Graph:
        """Return the graph of services that significantly change together."""
        from conway.coupling.graph import service_graph, to_networkx

        return to_networkx(service_graph(self.work, self.coupling))

    def to_igraph(self, *, most_files: int = 500, most_sets: int = 500) -> igraph.Graph:
        """Return teams, services, files and change sets as one typed, directed graph.

        Parameters
        ----------
        most_files, most_sets
            The files with most change sets, and the latest change sets, that are kept.
        """
        from conway.coupling.graph import sociotechnical_graph

        return sociotechnical_graph(
            self.work,
            self.coupling,
            dependencies=self.dependencies,
            releases=self.releases,
            handoffs=self.delivery.handoffs,
            most_files=most_files,
            most_sets=most_sets,
        )

    def explain(self) -> str:
        """Say in words what was measured."""
        one, streams = self.delivery.autonomy, self.delivery.teams
        lines = [
            f"{len(self.delivery.prints.sets)} change sets in {self.work.week_count} weeks count.",
            f"One team could write, approve and release alone: {one.autonomous_share} of them.",
            f"Handoffs per 100 change sets: {one.handoffs_per_100}.",
            f"Streams of delivery: {streams.streams} of {streams.streams_uncoupled} possible.",
        ]
        lines.append(self.waits.explain())
        return "\n".join([*lines, *(f"- {gap.title}" for gap in self.gaps[:5])])

    def __repr__(self) -> str:
        """Show the headline."""
        return (
            f"<Assessment: {len(self.work)} change sets, {len(self.work.services)} services, "
            f"{len(self.work.teams)} teams, autonomous {self.delivery.autonomy.autonomous_share}>"
        )

    def _repr_html_(self) -> str:
        one, streams = self.delivery.autonomy, self.delivery.teams
        rows = [
            ("one team, one release unit (share)", one.autonomous_share),
            ("one team (share)", one.single_team_share),
            ("handoffs per 100 change sets", one.handoffs_per_100),
            ("lockstep releases per 100", one.lockstep_per_100),
            ("streams of delivery", streams.streams),
            ("streams if nothing were coupled", streams.streams_uncoupled),
        ]
        return html_table(("measure", "value"), rows, caption=repr(self))


def assess(history: History, boundaries: Boundaries, *, seed: int = 0) -> Assessment:
    """Measure one organisation over the window of ``boundaries.selection``.

    Parameters
    ----------
    history
        Facts of one or more repositories.
    boundaries
        Services, release units, teams, and the selection.
    seed
        Seed of everything random.

    Returns
    -------
    Assessment
        Frozen; shows itself in a notebook; ``.to_json()`` is ``assess.json``.

    Raises
    ------
    HistoryError
        Below 200 selected change sets or 13 weeks: no number would mean anything.
    """
    work = label(history, boundaries)
    _refuse_too_little(work)
    delivery = measure_delivery(work, seed=seed)
    pairs = service_pairs(work)
    groups = find_clusters(work, pairs, seed=seed)
    gaps = find_gaps(Measured(work, pairs, groups, delivery.handoffs, boundaries.structure))
    dependencies = declared(history, boundaries)
    waits = measure_waits(
        history,
        work,
        requests=pull_requests(boundaries.imported.reviews),
        unit=boundaries.selection.unit,
        seed=seed,
    )
    seen = Observed.of(history, boundaries, delivery=delivery, dependencies=dependencies, seed=seed)
    return Assessment(
        boundaries=boundaries,
        repositories=tuple(
            {"name": one.name, "tip": one.tip, "changes": one.changes}
            for one in history.repositories
        ),
        refused=tuple(one.name for one in history.refused),
        delivery=delivery,
        coupling=pairs,
        files=file_pairs(work, limit=FILE_PAIRS),
        clusters=groups,
        congruence=measure_congruence(work, pairs),
        gaps=gaps,
        seed=seed,
        releases=release_pairs(work, release_contents(history)),
        writers=find_writers(history, work),
        history=history,
        dependencies=dependencies,
        constraints=measure_constraints(seen, releasing=waits.releasing),
        absorption=measure_absorption(seen, seed=seed),
        waits=waits,
    )


def _refuse_too_little(work: Work) -> None:
    """Refuse what is too short for any of the figures."""
    weeks = (work.until - work.since) / WEEK
    if len(work) >= FEWEST_CHANGES and weeks >= FEWEST_WEEKS:
        return
    raise HistoryError(
        f"too little history: {len(work)} change sets that touch a service in {weeks:.1f} weeks; "
        f"at least {FEWEST_CHANGES} in {FEWEST_WEEKS} weeks are needed. Widen the window "
        "(--since, --until, [window]), add repositories, or check [services] and [changes]"
    )
