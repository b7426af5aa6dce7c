"""Ownership files of strangers: no crash, no hang, no answer that contradicts itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conway.boundaries.codeowners import GITHUB
from conway.boundaries.dialects.backstage import BACKSTAGE
from conway.boundaries.dialects.bitbucket import BITBUCKET
from conway.boundaries.dialects.gitlab import GITLAB
from conway.boundaries.dialects.maintainers import LINUX
from conway.boundaries.dialects.owners_files import KUBERNETES

SOURCES = [
    (GITHUB, "CODEOWNERS"),
    (GITLAB, ".gitlab/CODEOWNERS"),
    (BITBUCKET, ".bitbucket/CODEOWNERS"),
    (BITBUCKET, ".bitbucket/teams.yaml"),
    (KUBERNETES, "a/OWNERS"),
    (KUBERNETES, "OWNERS_ALIASES"),
    (LINUX, "MAINTAINERS"),
    (BACKSTAGE, "a/catalog-info.yaml"),
]
PIECES = st.sampled_from(
    ["*", "**", "/", "[", "]", "!", "^", "\\", "#", "@a", "@a/b", "@@owner", " ", "\n", "a", ".",
     "?", "-", ":", "approvers:", "filters:", "kind:", "metadata:", "spec:", "owner:", "name: x",
     "F:\t", "X:\t", "N:\t", "M:\t", "S:\tOrphan", "&x", "*x", "{", "}", "(", ")+", "\t", "\x00",
     "é", "\udcff"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join)
NAMES = st.lists(st.sampled_from(["a", ".b", "c d", "[x", "aaaa"]), min_size=1, max_size=4)


@pytest.mark.parametrize(("dialect", "path"), SOURCES, ids=lambda value: str(value)[:30])
@settings(max_examples=60, deadline=None)
@given(text=TEXTS, names=NAMES)
def test_any_text_is_read(dialect: object, path: str, text: str, names: list[str]) -> None:
    """Every owner that is asked for stands in a pattern; every demand names somebody."""
    rules = dialect.read({path: text})  # type: ignore[attr-defined]
    known = {owner for owners in rules.patterns.values() for owner in owners}

    for demand in rules.demands("/".join(names)):
        assert demand.owners
        assert set(demand.owners) <= known
    assert all(fault.line >= 0 and fault.reason for fault in rules.faults)
