"""What page one says: the decision, its options, and what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.errors import TableError
from conway.reporting.chapters.choices import CAVEAT, page_one_moves
from conway.reporting.document import (
    Bullets,
    Callout,
    Document,
    FigureBlock,
    Findings,
    KeyFigures,
    Options,
    Table,
)
from conway.reporting.evidence import gather
from conway.reporting.story import compose
from tests.reporting.advice_examples import no_move, plan, trial
from tests.reporting.examples import Result, interval, large, shop, unknown, without_teams

if TYPE_CHECKING:
    from conway.reporting.document import Block


def written(assessment: Result, advice: Result | None = None) -> Document:
    """Compose a document in one line."""
    return compose(gather(assessment, plan=advice))


def blocks_of(document: Document, name: str) -> tuple[Block, ...]:
    """Return the blocks of one part of page one."""
    return next((part.blocks for part in document.page_one if part.name == name), ())


def answer_of(document: Document) -> Callout:
    """Return the answer at the top of page one."""
    first = blocks_of(document, "decision")[0]
    assert isinstance(first, Callout)
    return first


def options_of(document: Document) -> Options:
    """Return the options of page one."""
    found = [block for block in blocks_of(document, "options") if isinstance(block, Options)]
    return found[0]


def test_page_one_follows_its_order() -> None:
    """The decision comes first, what is unknown last."""
    names = [part.name for part in written(shop(), plan()).page_one]

    assert names == ["decision", "headline", "boundaries", "options", "unknowns"]


def test_at_most_three_options_with_a_rule_change_and_doing_nothing() -> None:
    """The third option gives way to the change of an approval rule; nothing to do comes last."""
    options = options_of(written(shop(), plan()))

    assert [item.sort for item in options.items] == [
        "Move a service",
        "Move a service",
        "Change an approval rule",
        "Keep every boundary",
    ]


def test_structure_alone_never_stands_on_page_one() -> None:
    """A move of grade D is left to the details."""
    advice = plan()
    advice["moves"] = [move | {"grade": "D"} for move in advice["moves"]]

    assert page_one_moves(gather(shop(), plan=advice)) == []
    assert answer_of(written(shop(), advice)).title.startswith("No change of boundaries")


def test_an_option_carries_its_downside_cost_and_stop_rule() -> None:
    """The low end of the interval is said, also where it is a loss."""
    advice = plan()
    advice["moves"] = advice["moves"][:1]
    advice["moves"][0]["gain_held_out"] = interval(1.0, 2.5)
    facts = dict(options_of(written(shop(), advice)).items[0].facts)

    assert "1.5 more" in facts["Downside"]
    assert {"Affects", "Costs", "After 90 days", "Stop rule", "Evidence"} <= set(facts)


def test_that_no_move_survives_is_an_answer() -> None:
    """The reason is said, and doing nothing is what is recommended."""
    document = written(shop(), no_move())

    assert "no move survives" in answer_of(document).title
    assert "moving the same services to any other team" in answer_of(document).paragraphs[0]
    assert [item.label for item in options_of(document).items] == ["Recommended"]


def test_replay_is_never_said_to_be_faster() -> None:
    """The caveat stands beside the savings."""
    assert CAVEAT in answer_of(written(shop(), plan())).paragraphs


def test_inferred_teams_are_said_beside_the_advice() -> None:
    """Where authors' teams are inferred, the decision says so; else it does not."""
    inferred = blocks_of(written(shop(), plan()), "decision")
    known = shop()
    known["provenance"]["authors"] = "memberships"

    assert [block.title for block in inferred if isinstance(block, Callout)][1:] == [
        "Authors' teams are inferred"
    ]
    assert len(blocks_of(written(known, plan()), "decision")) == 1


def test_without_teams_only_services_are_spoken_of() -> None:
    """No handoffs, no options; coupling of services stands in their place."""
    document = written(without_teams())

    assert "no teams are known" in answer_of(document).title
    assert "options" not in [part.name for part in document.page_one]
    assert "crossings" not in [section.name for section in document.sections]
    findings = [b for b in blocks_of(document, "boundaries") if isinstance(b, Findings)]
    assert findings[0].items[0].title == "cart and orders"


def test_what_is_unknown_says_why() -> None:
    """Each measure without a value is listed with its reason."""
    block = blocks_of(written(shop()), "unknowns")[0]
    assert isinstance(block, Bullets)

    assert "Not known: waits. The history does not say when work was ready." in block.items


def test_sections_without_a_result_are_left_out() -> None:
    """Without advice and backtest their sections are not there."""
    alone = [section.name for section in written(shop()).sections]
    whole = [s.name for s in compose(gather(shop(), plan=plan(), trial=trial())).sections]

    assert {"advice", "backtest"}.isdisjoint(alone)
    assert {"advice", "backtest"} <= set(whole)


def test_a_held_out_figure_that_is_unknown_is_said() -> None:
    """Too short a history leaves the plan untested, in words."""
    advice = plan()
    advice["plan"]["held_out"] = unknown("under 40 weeks")

    assert "unknown: under 40 weeks" in answer_of(written(shop(), advice)).paragraphs[0]


def test_another_verbs_result_is_refused() -> None:
    """A plan in the place of an assessment is named as such."""
    with pytest.raises(TableError, match=r"expected the result of assess .* conway\.recommend/1"):
        gather(plan())
    with pytest.raises(TableError, match="got int"):
        gather(3)


def test_the_gain_beside_its_checks() -> None:
    """The decision names what placebos and work without structure give."""
    text = " ".join(answer_of(written(shop(), plan())).paragraphs).replace(
        "\N{NO-BREAK SPACE}", " "
    )

    assert "8.9 fewer handoffs per 100 change sets (95 %: 5.8–12.0)" in text
    assert "10.8 fewer (95 %: 6.7–14.9) than if the same services went to the largest" in text
    assert "On work without structure the same search finds 1.8 fewer" in text


def test_a_failed_test_is_said_with_its_numbers() -> None:
    """A plan that does not beat its placebos is no recommendation."""
    advice = plan()
    advice["moves"] = [move | {"grade": "D"} for move in advice["moves"]]
    advice["plan"]["held_out"] |= {"passes": False, "placebo_largest": interval(0.4, 2.0)}
    answer = answer_of(written(shop(), advice))

    assert "no move survives" in answer.title
    assert "0.4 fewer" in answer.paragraphs[0]
    assert answer.paragraphs[1].startswith("5 ideas from structure alone")


def test_unclear_clusters_are_not_drawn() -> None:
    """Below a stability of 0.8 the matrix has no boxes, and the text says so."""
    clear, unclear = written(shop()), written(large())

    def outlines(document: Document) -> int:
        matrix = next(s for s in document.sections if s.name == "coupling").blocks[1]
        assert isinstance(matrix, FigureBlock)
        return len(matrix.chart.to_dict()["layer"]) - 2

    assert (outlines(clear), outlines(unclear)) == (1, 0)
    said = next(s for s in unclear.sections if s.name == "coupling").blocks[2]
    assert isinstance(said, Callout)
    assert "unclear" in said.title


def test_past_and_outlook_have_their_sections() -> None:
    """Results that were computed are shown; unknown figures say why."""
    past = {
        "schema": "conway.lookback/1",
        "events": [{"date": "2024-03-01", "kind": "move", "moves": ["ledger to checkout"],
                    "detectable": 0.3, "effect": unknown("too few services"), "rank": 0.25}],
    }  # fmt: skip
    work = {"type": "one team", "change_sets": 9.0, "handoffs": interval(7, 1), "lockstep": 0.0}
    load = {"resource": "core", "unit": "approvals", "status": "proxy", "load": interval(7, 1),
            "demonstrated": 6.0, "beyond": True}  # fmt: skip
    rate = {"k": 2, "types": [work], "approver": [load], "validation": [], "waits": []}
    outlook = {
        "schema": "conway.forecast/1", "rates": [rate], "first": None, "relief": [],
        "surge_test": {"passed": False, "reason": "no runs", "suites": [], "loads": []},
    }  # fmt: skip
    document = compose(gather(shop(), past=past, outlook=outlook))
    tables = [b for s in document.sections for b in s.blocks if isinstance(b, Table)]
    cells = {t.name: [cell.text for cell in t.rows[0]] for t in tables if t.rows}

    assert cells["past"] == [
        "1 Mar 2024",
        "services moved",
        "ledger to checkout",
        "0.3",
        "unknown: too few services",
        "25\N{NO-BREAK SPACE}%",
    ]
    assert cells["outlook"][:3] == ["2 times", "one team", "9.0"]
    assert cells["outlook-approver"] == ["core", "6.0", "7.0 *"]


def test_without_teams_the_headline_is_what_is_known_of_services() -> None:
    """Unknown streams of release units give way to services per change set."""
    assessment = without_teams()
    assessment["parallelism"]["units"]["streams"] = unknown("no owners and no teams are known")
    assessment["autonomy"]["lockstep_per_100"] = unknown("no change set counts")
    document = compose(gather(assessment, plan=no_move(), trial=trial()))
    headline = blocks_of(document, "headline")[0]

    assert isinstance(headline, KeyFigures)
    assert [key.label for key in headline.items] == [
        "services per change set",
        "of pairs of change sets touch a common service",
    ]
    sections = {section.name for section in (*document.page_one, *document.sections)}
    assert {"options", "advice", "backtest"}.isdisjoint(sections)
