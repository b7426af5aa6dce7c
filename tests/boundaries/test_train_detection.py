from __future__ import annotations

import pandas as pd
import pytest

from conway.boundaries.config_text import text_of
from conway.boundaries.detection import detected_services
from conway.boundaries.reading import read_boundaries
from conway.boundaries.train_detection import Train, find_trains
from conway.config import Config, parse_config
from conway.history.record import History
from conway.tables import RELEASES
from tests.boundaries.histories import history_of


def tagged(*releases: str) -> History:
    """Return packages a, b and c; each release is the letters aboard, ``*`` a common tag."""
    step = {f"packages/{n}/package.json": f'{{"name": "@acme/{n}"}}' for n in "abc"}
    history = history_of(step, *({"x": str(n)} for n in range(len(releases))))
    rows = [
        {
            "repository": "shop",
            "tag": f"{letter}{number}",
            "commit": f"{number:040x}",
            "change": f"{number:040x}",
            "time": number,
            "target": None if letter == "*" else f"@acme/{letter}",
            "version": f"1.{number}.0",
        }
        for number, letters in enumerate(releases, start=1)
        for letter in letters
    ]
    tables = {name: getattr(history, name) for name in History.__dataclass_fields__}
    table = RELEASES.check(pd.DataFrame(rows, columns=RELEASES.names))
    return History(**tables | {"releases": table})


FOUND = [
    (("a*", "b*", "c*", "ab*", "a*"), [("shop", ("a", "b", "c"), 5)]),
    (("a*", "b*", "c", "c", "b*", "a*", "b*"), [("shop", ("a", "b"), 5)]),
    (("ab", "ab", "ab", "ab", "abc", "c"), [("a", ("a", "b"), 5)]),
    (("ab", "ab", "ab", "a", "b"), []),
    (("a", "b", "c", "a", "b", "c"), []),
    (("*", "*", "*", "*", "*", "*"), []),
    ((), []),
]


@pytest.mark.parametrize(("releases", "trains"), FOUND)
def test_what_is_released_together(
    releases: tuple[str, ...], trains: list[tuple[str, tuple[str, ...], int]]
) -> None:
    """A number of the whole repository, or tags at the same change in most releases."""
    history = tagged(*releases)
    found = find_trains(history, read_boundaries(Config(), history))

    assert [(each.name, each.services, each.departures) for each in found] == trains


def test_the_evidence_counts() -> None:
    """How many are aboard says whether it is more than a common number."""
    history = tagged("a*", "b*", "c*", "ab*", "a*")
    (train,) = find_trains(history, read_boundaries(Config(), history))

    assert train.aboard == pytest.approx(6 / 5)
    assert "1.2 services leave each time on average, one alone in 4" in train.evidence


def test_a_train_is_offered_as_a_comment() -> None:
    """It changes nothing until a person takes the mark off; then it is read."""
    history = tagged("a*", "b*", "c*", "ab*", "a*")
    boundaries = read_boundaries(Config(), history)
    trains = (*find_trains(history, boundaries), Train("a", ("a", "b"), 5, 1.0, "evidence"))
    text = text_of(detected_services(history), boundaries=boundaries, trains=trains)
    as_offered = read_boundaries(parse_config(text), history)
    taken_up = read_boundaries(
        parse_config(text.replace('# trains."shop"', 'trains."shop"')), history
    )

    assert as_offered.trains == {}
    assert 'trains."shop" = ["packages/*"]' in text
    assert 'trains."a train" = ["a", "b"]' in text
    assert taken_up.trains == {"a": "shop", "b": "shop", "c": "shop"}
