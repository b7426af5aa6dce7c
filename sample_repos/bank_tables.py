"""What the sample bank consists of: repositories, teams, a reorganisation, joint work.

The planted truth is in ``TEAM_WORK`` (who works where, whoever owns it in
``bank-teams.csv``) and ``JOINT`` (what changes together). All people are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sample_repos.crew import Member
from sample_repos.span import Span

SPAN = Span(start=1_693_785_600, weeks=65)  # from Monday 2023-09-04

#: In this week the cards repository moves to the payments team with its people.
REORGANISED = 33
MOVED = ("cards", "core", "payments")

_MEMBERS = (
    Member("Agnes Holloway", "core", 1.5),
    Member("Bashir Lund", "core", 1.2),
    Member("Carla Mendonça", "core"),
    Member("Derek Osei", "core", 0.8),
    Member("Esra Kaplan", "core", 1.2, moves_to=(REORGANISED, "payments")),
    Member("Finn Gallagher", "core", 1.0, moves_to=(REORGANISED, "payments")),
    Member("Gita Rao", "core", 0.8, moves_to=(REORGANISED, "payments"), zone="+0530"),
    Member("Hugo Strand", "payments", 1.5),
    Member("Ines Okoro", "payments", 1.2),
    Member("Jonas Veiga", "payments"),
    Member("Kira Novak", "payments", 0.7, joined=12),
    Member("Lars Oduya", "risk", 1.3),
    Member("Mina Farrow", "risk"),
    Member("Noel Petit", "risk", 0.8),
    Member("Oona Blake", "channels", 1.6),
    Member("Pavel Sato", "channels", 1.3),
    Member("Quinn Ibarra", "channels"),
    Member("Rhea Lindholm", "channels", 0.9),
    Member("Stefan Abiodun", "channels", 0.7),
    Member("Tess Moreau", "channels", 0.6, left=50),
)
MEMBERS = tuple(replace(member, domain="bank.example") for member in _MEMBERS)


@dataclass(frozen=True)
class Place:
    """A repository with its language, owner on the first day, folders and modules."""

    name: str
    language: str
    owner: str
    areas: dict[str, str]
    needs: tuple[str, ...]
    ticket: str
    tags: str  # with the number of the release


REPOSITORIES = (
    Place("app", "ts", "channels",
          {"screens": "login overview transfer cards profile", "state": "session cache sync"},
          (), "APP", "v1.{}.0"),
    Place("cards", "go", "core",
          {"issuing": "orders pins limits", "clearing": "batches disputes fees"},
          ("ledger",), "CARD", "release_{}"),
    Place("fraud", "py", "risk",
          {"rules": "velocity geography devices", "scores": "features model thresholds"},
          ("transfers",), "RISK", "v1.{}.0"),
    Place("ledger", "go", "core",
          {"postings": "entries journal reversal closing", "books": "chart periods audit"},
          (), "CORE", "release_{}"),
    Place("onboarding", "ts", "risk",
          {"steps": "identity address income agreement", "checks": "documents lists liveness"},
          (), "APP", "v1.{}.0"),
    Place("transfers", "go", "payments",
          {"orders": "intake schedule batch", "rails": "instant domestic foreign returns"},
          ("ledger",), "PAY", "release_{}"),
)  # fmt: skip

#: Changes in one repository alone: team, repository, how many. After the reorganisation
#: the work of core on cards is done by payments.
ALONE = (
    ("channels", "app", 155),
    ("core", "cards", 140),
    ("risk", "fraud", 145),
    ("core", "ledger", 68),
    ("channels", "onboarding", 122),  # misowned: bank-teams.csv says risk
    ("risk", "onboarding", 5),
    ("payments", "transfers", 72),
)

#: Changes across repositories: what joins them, which repositories, whose, how many.
JOINT = (
    ("branch", ("ledger", "transfers"), "payments", 24),
    ("branch", ("transfers", "ledger"), "core", 18),
    ("branch", ("app", "onboarding"), "channels", 7),
    ("branch", ("cards", "fraud"), "risk", 3),
    ("branch", ("app", "cards"), "channels", 3),
    ("branch", ("ledger", "cards"), "core", 3),
    ("branch", ("app", "onboarding", "fraud"), "channels", 2),
    ("ticket", ("transfers", "ledger"), "payments", 18),
    ("ticket", ("ledger", "transfers"), "core", 12),
    ("ticket", ("onboarding", "app"), "channels", 4),
    ("ticket", ("app", "transfers"), "channels", 3),
    ("ticket", ("fraud", "cards"), "risk", 3),
    ("link", ("transfers", "app"), "channels", 3),
    ("link", ("ledger", "cards"), "core", 3),
)

#: What must not be joined: generic names and robots' branches on the same days, branch
#: names used again much later, words that look like tickets.
GENERIC = ("develop", "fix", "patch-1", "main")
AGAIN = ("tidy-readme", "more-tests", "new-runner")
ALIKE = ("Read statements as UTF-8", "Sign with SHA-256", "Write dates as ISO-8601")

RELEASE_EVERY = 9
ROBOTS = 12
