"""The report as a document: page one, then a section a question.

In:  ``Evidence``.
Out: a ``Document``, whatever format it will have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.chapters.absorption import absorption
from conway.reporting.chapters.advice import option_details
from conway.reporting.chapters.architecture import architecture
from conway.reporting.chapters.choices import options
from conway.reporting.chapters.coupling import together
from conway.reporting.chapters.crossings import crossings
from conway.reporting.chapters.decision import decision
from conway.reporting.chapters.delivery import constraints, spread
from conway.reporting.chapters.gaps import disagreements
from conway.reporting.chapters.method import coverage, method, provenance
from conway.reporting.chapters.outlook import forecast
from conway.reporting.chapters.plans import planned
from conway.reporting.chapters.since import since_last
from conway.reporting.chapters.summary import headline, unknowns, worst_boundaries
from conway.reporting.chapters.time import past_moves
from conway.reporting.chapters.trial import backtest
from conway.reporting.chapters.waits import waiting
from conway.reporting.document import Document
from conway.reporting.quantities import listed, plural, window

if TYPE_CHECKING:
    from collections.abc import Callable

    from conway.reporting.document import Audience, Logo, Section
    from conway.reporting.evidence import Evidence

PAGE_ONE = (decision, headline, since_last, worst_boundaries, options, unknowns)
QUESTIONS = (
    crossings,
    disagreements,
    constraints,
    waiting,
    absorption,
    together,
    architecture,
    spread,
    option_details,
    planned,
    backtest,
    past_moves,
    forecast,
    coverage,
    method,
    provenance,
)

DIAGNOSTICS = (together, spread)
"""Left out for a leadership: what changes together and where work lands decide nothing alone."""


def compose(
    evidence: Evidence,
    *,
    title: str | None = None,
    audience: Audience = "everyone",
    logo: Logo | None = None,
) -> Document:
    """Return the document that the evidence allows.

    Parameters
    ----------
    evidence
        The results; sections without a result are left out.
    title
        The report's title; by default it names the repositories.
    audience
        ``leadership`` leaves the diagnostics out; ``engineering`` has the evidence unfolded.
    logo
        A checked image for its head.
    """
    assessment = evidence.assessment
    names = [str(repository["name"]) for repository in assessment.get("repositories") or []]
    since, until = assessment["window"]["since"], assessment["window"]["until"]
    facts = [window(since, until), plural(assessment["changes"], "change set")]
    facts.append(plural(len(assessment.get("services") or []), "service"))
    if evidence.has_teams:
        facts.append(plural(len(assessment["teams"]), "team"))
    if len(names) > 1:
        facts.append(plural(len(names), "repository", many="repositories"))
    return Document(
        title=title or f"Delivery autonomy: {_named(names)}",
        subtitle="Team boundaries and change boundaries, measured from history",
        facts=tuple(facts),
        page_one=tuple(part for part in (write(evidence) for write in PAGE_ONE) if part),
        sections=tuple(
            part for part in (write(evidence) for write in _questions(audience)) if part
        ),
        logo=logo,
        audience=audience,
    )


def _questions(audience: Audience) -> list[Callable[[Evidence], Section | None]]:
    """Return the chapters for an audience, in their order."""
    left = DIAGNOSTICS if audience == "leadership" else ()
    return [write for write in QUESTIONS if write not in left]


def _named(repositories: list[str]) -> str:
    """Name up to two repositories, else say how many they are."""
    return (
        listed(repositories) if len(repositories) <= _FEW else f"{len(repositories)} repositories"
    )


_FEW = 2
