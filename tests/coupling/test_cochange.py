"""Pairs of services and files that change together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from conway.coupling.cochange import Thresholds, file_pairs, service_pairs
from conway.coupling.incidence import incidence, meetings
from conway.coupling.schemas import COUPLING, FILE_COUPLING
from tests.works import work_of

if TYPE_CHECKING:
    import pandas as pd


def pairs_by_name(pairs: pd.DataFrame, *columns: str) -> dict[str, tuple[float, ...]]:
    """Return some columns by pair, as ``AB``."""
    return {
        f"{row['a']}{row['b']}": tuple(row[column] for column in columns)
        for row in pairs.to_dict("records")
    }


def test_degree_is_joint_over_mean_change_sets() -> None:
    """Code Maat's own case: {A, B, C} change once, {A, B} once more."""
    pairs = service_pairs(work_of("ABC AB"))

    assert pairs_by_name(pairs, "joint", "degree") == {
        "AB": (2, 1.0),
        "AC": (1, pytest.approx(2 / 3)),
        "BC": (1, pytest.approx(2 / 3)),
    }


def test_measures_of_the_worked_example() -> None:
    """Sets AB AB ABC A C BC: n_A = n_B = 4, n_C = 3, n_AB = 3."""
    pairs = service_pairs(work_of("AB AB ABC A C BC"))

    assert pairs_by_name(pairs, "joint", "confidence_ab", "confidence_ba", "degree", "jaccard")[
        "AB"
    ] == (3, 0.75, 0.75, 0.75, pytest.approx(0.6))


def test_confidence_has_a_direction() -> None:
    """B changes always with A, A seldom with B."""
    pairs = service_pairs(work_of("AB A A A"))

    assert pairs_by_name(pairs, "confidence_ab", "confidence_ba") == {"AB": (0.25, 1.0)}


def test_huge_sets_leave_pairs_and_their_counts() -> None:
    """The second set is huge: it counts neither as joint nor as a change set of A or B."""
    pairs = service_pairs(work_of("AB AB A", huge=[1]))

    assert pairs_by_name(pairs, "joint", "degree") == {"AB": (1, pytest.approx(2 / 3))}


def test_two_files_of_a_service_count_once() -> None:
    """A set that touches two files of A touches A once."""
    pairs = service_pairs(work_of([["A/x.py", "A/y.py", "B/z.py"]]))

    assert pairs_by_name(pairs, "joint", "degree") == {"AB": (1, 1.0)}


@pytest.mark.parametrize("sets", ["", "A", "A A B"])
def test_nothing_together_is_an_empty_table(sets: str) -> None:
    """Without joint change sets there are no rows, and the schema holds."""
    assert service_pairs(work_of(sets)).columns.tolist() == COUPLING.names


def test_pairs_come_with_the_largest_forecast_first() -> None:
    """AB met lately, BC as often but two years before."""
    pairs = service_pairs(work_of("BC BC AB AB", days=[0, 1, 730, 731]))

    assert (pairs["a"] + pairs["b"]).tolist() == ["AB", "BC"]
    assert pairs["forecast"].iloc[0] > 10 * pairs["forecast"].iloc[1]


def test_sparse_product_equals_a_join() -> None:
    """The same counts two ways, on a seeded random history."""
    random = np.random.default_rng(3)
    sets = ["".join(random.choice(list("ABCDEFG"), size=3, replace=False)) for _ in range(200)]
    work = work_of(sets)
    rows = work.rows[["set", "service"]].drop_duplicates()
    joined = rows.merge(rows, on="set")
    joined = joined[joined["service_x"] < joined["service_y"]]
    expected = joined.groupby(["service_x", "service_y"]).size()

    found = meetings(incidence(work))

    assert dict(zip(zip(found.first, found.second, strict=True), found.joint, strict=True)) == (
        expected.to_dict()
    )


def test_relabelling_services_changes_only_names() -> None:
    """Names in another order give the same numbers."""
    sets = "AB AB ABC A C BC"
    turned = sets.translate(str.maketrans("ABC", "ZYX"))

    measures = ["joint", "degree", "p_value", "q_value", "forecast"]
    one = service_pairs(work_of(sets)).sort_values("a")[measures]
    other = service_pairs(work_of(turned))

    named = {"ZY": "AB", "ZX": "AC", "YX": "BC"}
    pairs = other.assign(pair=[named[b + a] for a, b in zip(other["a"], other["b"], strict=True)])
    np.testing.assert_allclose(pairs.sort_values("pair")[measures], one.to_numpy())


def test_files_reach_code_maats_thresholds() -> None:
    """Five joint change sets are listed, four are not."""
    sets = ["AB"] * 5 + ["CD"] * 4 + ["C", "D"]

    found = file_pairs(work_of(sets))

    assert found.to_dict("records") == [
        {
            "path_a": "A/a.py",
            "path_b": "B/b.py",
            "service_a": "A",
            "service_b": "B",
            "joint": 5,
            "degree": 1.0,
        }
    ]


def test_files_below_the_least_degree_are_left_out() -> None:
    """A and B meet 5 times; A changes 29 times in all: 5 / ((29 + 5) / 2) = 0.294."""
    assert file_pairs(work_of(["AB"] * 5 + ["A"] * 24)).empty
    assert len(file_pairs(work_of(["AB"] * 5 + ["A"] * 23))) == 1


def test_a_renamed_file_is_one_file() -> None:
    """Three meetings under the old path and two under the new make five."""
    old, new = ["A/old.py", "B/b.py"], ["A/new.py", "B/b.py"]

    found = file_pairs(work_of([old, old, old, new, new], today={"A/old.py": "A/new.py"}))

    assert (found["path_a"].item(), found["joint"].item()) == ("A/new.py", 5)


def test_files_without_a_service_are_listed() -> None:
    """A file at the root is tied to A, and has no service."""
    found = file_pairs(work_of([["A/a.py", "README"]] * 5))

    assert found["service_a"].tolist() == ["A"]
    assert found["service_b"].isna().all()


def test_limit_keeps_the_strongest_pairs() -> None:
    """Three pairs; the one with the highest degree is kept."""
    work = work_of(["ABC"] * 5 + ["C"])

    strongest = file_pairs(work, limit=1)

    assert (strongest["path_a"].item(), strongest["path_b"].item()) == ("A/a.py", "B/b.py")
    assert len(file_pairs(work, thresholds=Thresholds(degree=0.95))) == 1
    assert file_pairs(work_of("A")).columns.tolist() == FILE_COUPLING.names
