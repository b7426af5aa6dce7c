"""Builders of deterministic git repositories, each with its planted truth beside it.

``build_shop`` and ``build_bank`` write the two sample organisations; ``History`` is the
language in which tests write little repositories. A name goes in, a repository with the
same object ids on every machine comes out.
"""

from __future__ import annotations

from sample_repos.history import ANA, BEN, Entry, History, Person, Step
from sample_repos.shop import build_shop

__all__ = ["ANA", "BEN", "Entry", "History", "Person", "Step", "build_shop"]
