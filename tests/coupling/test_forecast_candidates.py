"""Which pairs could change together, and what the past says of them."""

from __future__ import annotations

import numpy as np
import pytest

from conway.coupling.candidates import MOST, Candidates, Timeline, pair_values
from conway.coupling.forecast import QUARTER
from conway.coupling.incidence import incidence
from conway.coupling.pair_features import describe, stem
from tests.works import DAY, START, work_of

QUARTER_DAYS = QUARTER // DAY


def at(days: float) -> int:
    """Return a date so many days after the start."""
    return START + round(days * DAY)


def named(timeline: Timeline, pairs: Candidates) -> set[str]:
    """Return the pairs as two-letter words."""
    both = zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)
    return {timeline.names[a] + timeline.names[b] for a, b in both}


def test_pairs_that_met_and_pairs_of_active_services_are_candidates() -> None:
    """A and B met long ago; C and D are active; E is new after the date."""
    timeline = Timeline(work_of("AB C D E", days=[0, 300, 301, 302]))

    assert named(timeline, timeline.candidates(at(302))) == {"AB", "CD"}


def test_only_files_of_one_service_are_paired_unseen() -> None:
    """Of four active files the two of service A; across services only those that met."""
    work = work_of([["A/x.py"], ["A/y.py"], ["B/z.py", "C/w.py"]])
    timeline = Timeline(work, "entity")
    pairs = timeline.candidates(at(3))
    both = zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)

    assert [(work.paths[a], work.paths[b]) for a, b in both] == [
        ("A/x.py", "A/y.py"),
        ("B/z.py", "C/w.py"),
    ]


def test_the_most_active_files_of_a_service_are_paired() -> None:
    """Of 120 files, each changed alone, the latest 100 make 4,950 pairs."""
    work = work_of([[f"A/{number:03d}.py"] for number in range(120)], days=list(np.arange(120) / 4))

    assert len(Timeline(work, "entity").candidates(at(31))) == MOST * (MOST - 1) // 2


def test_joint_counts_are_those_of_the_quarter_after_the_date() -> None:
    """AB once before, twice within, once after the 13 weeks."""
    timeline = Timeline(work_of("AB AB AB AB", days=[0, 10, 100, 10 + QUARTER_DAYS]))

    assert timeline.joint(timeline.candidates(at(10)), date=at(10)).tolist() == [2.0]


def test_values_of_pairs_are_those_of_the_product() -> None:
    """Against the dense product, pairs that never met included."""
    work = work_of("ABC AB AD C BCD A D")
    touches, weights = incidence(work), np.arange(1.0, 8.0)
    dense = touches.toarray()
    pairs = Candidates(*np.triu_indices(4, k=1))

    found = pair_values(touches, pairs, weights=weights)

    expected = (dense.T * weights) @ dense
    assert found.tolist() == expected[pairs.first, pairs.second].tolist()
    assert pair_values(touches[:0], pairs).tolist() == [0.0] * 6


@pytest.mark.parametrize("entity", ["service", "entity"])
def test_features_know_nothing_of_what_follows(entity: str) -> None:
    """Change sets after the date are taken away; every feature stays."""
    early, late = ["AB", "ABC", "C", "AC"] * 5, ["CD", "BD", "AD"] * 5
    days = [*range(20), *range(50, 65)]
    whole = work_of([*early, *late], days=days)
    cut = whole.keep(whole.sets["time"].to_numpy() < at(30))
    tables = []
    for work in (whole, cut):
        timeline = Timeline(work, entity)  # type: ignore[arg-type]
        tables.append(describe(timeline, timeline.candidates(at(30)), date=at(30)))

    np.testing.assert_array_equal(tables[0].features, tables[1].features)
    np.testing.assert_array_equal(tables[0].decayed, tables[1].decayed)


def test_features_do_not_depend_on_which_of_the_two_comes_first() -> None:
    """Names turned round: the same rows."""
    words = ["AB", "A", "A", "BC", "C", "ABC"] * 4
    turned = [word.translate(str.maketrans("ABC", "CBA")) for word in words]
    rows = []
    for sets in (words, turned):
        timeline = Timeline(work_of(sets))
        table = describe(timeline, timeline.candidates(at(24)), date=at(24)).features
        rows.append(sorted(map(tuple, table.round(9).tolist())))

    assert rows[0] == rows[1]


def test_the_degree_is_code_maats() -> None:
    """Met five times of (5 + 5) / 2: degree 1; four times: below the thresholds, 0."""
    for times, degree in ((5, 1.0), (4, 0.0)):
        timeline = Timeline(work_of(["AB"] * times))
        found = describe(timeline, timeline.candidates(at(9)), date=at(9))
        assert found.degree.tolist() == [degree]


def test_a_test_has_the_stem_of_what_it_tests() -> None:
    """Marks of tests and plurals go, short names stay."""
    assert stem("spec/orders_controller_spec.rb") == stem("app/models/order.rb") == "order"
    assert stem("src/cart.test.ts") == stem("src/cart.ts")
    assert stem("s") == "s"
