"""Builders of deterministic git repositories, each with its planted truth beside it.

``build_shop`` and ``build_bank`` write the two sample organisations; ``History`` is the
language in which tests write little repositories. The same call gives the same object ids
on every machine. ``write_deliveries`` adds what the bank's forge, CI and deployment know.
"""

from __future__ import annotations

from sample_repos.bank import build_bank
from sample_repos.bank_deliveries import write_deliveries
from sample_repos.history import ANA, BEN, Entry, History, Person, Step
from sample_repos.shop import build_shop

__all__ = [
    "ANA",
    "BEN",
    "Entry",
    "History",
    "Person",
    "Step",
    "build_bank",
    "build_shop",
    "write_deliveries",
]
