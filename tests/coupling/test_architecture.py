from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conway.coupling.architecture import architecture


def needing(*pairs: str, kind: str = "npm") -> pd.DataFrame:
    """Return dependencies, each written ``"ab"``: a needs b."""
    rows = [(one, other, kind) for one, other in pairs]
    return pd.DataFrame(rows, columns=["from_service", "to_service", "kind"])


@pytest.mark.parametrize(
    ("pairs", "cost", "cycles"),
    [
        (("12", "23"), 7 / 16, ()),
        ((), 4 / 16, ()),
        (("12", "21"), 6 / 16, (("1", "2"),)),
        (("12", "23", "34", "41"), 1.0, (("1", "2", "3", "4"),)),
        (("12", "21", "34", "43"), 8 / 16, (("1", "2"), ("3", "4"))),
        (("12", "12", "11", "1x"), 5 / 16, ()),
    ],
)
def test_propagation_cost(
    pairs: tuple[str, ...], cost: float, cycles: tuple[tuple[str, ...], ...]
) -> None:
    """Chain 1→2→3 with 4 apart: seven ones of sixteen; a circle reaches all of itself."""
    found = architecture("1234", needing(*pairs))

    assert found.propagation_cost == cost
    assert found.cycles == cycles


def test_reach_counts_both_ways() -> None:
    """The service itself is not among those that it reaches."""
    found = architecture("1234", needing("12", "23"))

    assert found.reaches == {"1": 2, "2": 1, "3": 0, "4": 0}
    assert found.reached_by == {"1": 0, "2": 1, "3": 2, "4": 0}
    assert found.edges == 2


def test_what_only_tests_need_is_left_out() -> None:
    """Unless it is asked for."""
    table = needing("12", kind="npm dev")

    assert architecture("12", table).edges == 0
    assert architecture("12", table, dev=True).edges == 1
    assert architecture((), table).propagation_cost is None


@given(st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"))))
def test_bounds_and_relabelling(pairs: set[tuple[str, str]]) -> None:
    """Between 1/n and 1; other names change nothing; one more need never lowers it."""
    table = needing(*(a + b for a, b in sorted(pairs)))
    found = architecture("abcdef", table)
    renamed = table.replace(dict(zip("abcdef", "fbdace", strict=True)))
    more = architecture("abcdef", pd.concat([table, needing("af")]))

    assert found.propagation_cost is not None
    assert more.propagation_cost is not None
    assert 1 / 6 <= found.propagation_cost <= more.propagation_cost <= 1
    assert architecture("abcdef", renamed).propagation_cost == found.propagation_cost
    assert sum(found.reaches.values()) == sum(found.reached_by.values())
