"""Who changed hands, when, and whether that was a reorganisation."""

from __future__ import annotations

import pytest

from conway.advice.lookback.events import Event, Transfer, find_events
from conway.advice.lookback.options import DAY, LookBackOptions
from conway.advice.lookback.owners import owners_over_time
from conway.boundaries.dated_teams import ALWAYS
from conway.boundaries.labels import label
from conway.boundaries.reading import read_boundaries
from conway.boundaries.reorganisations import Reorganisation
from conway.config import Config
from tests.boundaries.histories import WEEK, history_of

OPTIONS = LookBackOptions()
YEAR = (0, 365 * DAY)


def owned(**steps: str) -> dict[str, list[tuple[int, str]]]:
    """Return owners from ``cart="a 100:b"``: a from the start on, b from day 100 on."""
    found: dict[str, list[tuple[int, str]]] = {}
    for service, text in steps.items():
        for step in text.split():
            day, _, team = step.rpartition(":")
            found.setdefault(service, []).append((int(day) * DAY if day else ALWAYS, team))
    return found


KINDS = [
    (owned(cart="a 100:b", mail="a", web="b"), [("move", "cart: a to b")]),
    (
        owned(cart="a 100:b", mail="a 100:c", web="b"),
        [("split", "cart: a to b, mail: a to c")],
    ),
    (
        owned(cart="a 100:b", mail="a 100:b", web="b"),
        [("en_bloc", "cart: a to b, mail: a to b")],
    ),
    (owned(cart="a 100:b 110:a", mail="a", web="b"), []),
    (owned(cart="a 100:x 101:b", mail="a", web="b"), [("move", "cart: a to b")]),
    (
        owned(cart="a 100:b", mail="a 200:b", web="b"),
        [("move", "cart: a to b"), ("en_bloc", "mail: a to b")],
    ),
    (owned(cart="100:b", web="b"), []),
    (owned(cart="a 400:b", mail="a", web="b"), []),
]


@pytest.mark.parametrize(("steps", "expected"), KINDS)
def test_kinds(steps: dict[str, list[tuple[int, str]]], expected: list[tuple[str, str]]) -> None:
    """One service, a team split up, a team as a whole; edits taken back and first owners not."""
    found = find_events(steps, window=YEAR, options=OPTIONS)

    assert [(one.kind, ", ".join(map(str, one.moves))) for one in found.events] == expected


def test_what_is_set_apart_is_counted() -> None:
    """A day's wrong owner, a first owner, a last one."""
    steps = owned(cart="a 100:x 101:a", mail="100:a", web="b 100:", core="b")
    found = find_events({**steps, "web": [(ALWAYS, "b"), (100 * DAY, "")]}, window=YEAR,
                        options=OPTIONS)  # fmt: skip

    assert (found.events, found.passing, found.first_owners, found.lost_owners) == ((), 1, 1, 1)


def test_what_a_person_wrote_goes_before_the_file() -> None:
    """Its day and its name for a transfer that the file shows days later; a new one is added."""
    written = [
        Reorganisation(90 * DAY, "cart", "b", name="spring"),
        Reorganisation(200 * DAY, "mail", "b"),
    ]
    found = find_events(
        owned(cart="a 100:b", mail="a", web="a"), written=written, window=YEAR, options=OPTIONS
    )

    assert found.events == (
        Event(90 * DAY, "move", (Transfer(90 * DAY, "cart", "a", "b"),), "spring"),
        Event(200 * DAY, "move", (Transfer(200 * DAY, "mail", "a", "b"),)),
    )


def test_an_ownership_file_dates_the_owner_by_its_version() -> None:
    """Between two changes of b the file changed twice; the owner changed at the second."""
    rules = "/a/ @x/one\n/b/ @x/{}\n{}"
    history = history_of(
        {"CODEOWNERS": rules.format("one", ""), "a/f": "", "b/f": ""},
        {"b/f": "1"},
        {"CODEOWNERS": rules.format("one", "# note\n")},
        {"CODEOWNERS": rules.format("two", "")},
        {"a/f": "1"},
        {"b/f": "2"},
    )
    config = Config.model_validate({"services": {"a": "a/**", "b": "b/**"}})
    boundaries = read_boundaries(config, history)
    work = label(history, boundaries)
    steps = owners_over_time(work, history=history, boundaries=boundaries)

    assert steps["a"] == [(ALWAYS, "one")]
    assert steps["b"] == [(ALWAYS, "one"), (3 * WEEK, "two")]
