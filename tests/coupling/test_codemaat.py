"""Code Maat's analyses: numbers, rounding, thresholds, and the order of equal rows.

The tables and orders written out here are what Code Maat prints for the same logs.
"""

from __future__ import annotations

import random
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from conway.coupling.codemaat import ANALYSES, Options, Thresholds, analyse, as_csv
from conway.coupling.maat.numbers import java_text, two_digits
from conway.coupling.maat.order import text_hashes
from conway.errors import HistoryError
from conway.history.codemaat import read_log

LOG = """\
[0a1] Ann 2025-01-31 Fix one
10\t1\ta.py
5\t0\tb.py

[0a2] Bo 2025-02-10 Add two
10\t0\ta.py
-\t-\tc.png

[0a3] Ann 2025-02-10 Fix three
0\t4\ta.py
1\t1\tb.py
1\t0\td.py

[0a4] Cy 2025-03-01 Add four
0\t9\tb.py
2\t0\td.py
"""
ALL = Thresholds(min_revs=1, min_shared_revs=1, min_coupling=1)
OPTIONS = Options(ALL, verbose=True, expression="[Ff]ix", now=date(2025, 2, 28))
EXPECTED = {
    "abs-churn": "date,added,deleted,commits\n"
    "2025-01-31,15,1,1\n2025-02-10,12,5,2\n2025-03-01,2,9,1\n",
    "age": "entity,age-months\na.py,0\nb.py,0\nc.png,0\nd.py,0\n",
    "author-churn": "author,added,deleted,commits\nAnn,17,6,2\nBo,10,0,1\nCy,2,9,1\n",
    "authors": "entity,n-authors,n-revs\na.py,2,3\nb.py,2,3\nd.py,2,2\nc.png,1,1\n",
    "communication": "author,peer,shared,average,strength\n"
    "Cy,Ann,2,3,66\nAnn,Cy,2,3,66\nBo,Ann,1,3,33\nAnn,Bo,1,3,33\n",
    "coupling": "entity,coupled,degree,average-revs,"
    "first-entity-revisions,second-entity-revisions,shared-revisions\n"
    "b.py,d.py,80,3,3,2,2\na.py,b.py,66,3,3,3,2\na.py,c.png,50,2,3,1,1\na.py,d.py,40,3,3,2,1\n",
    "entity-churn": "entity,added,deleted,commits\n"
    "a.py,20,5,3\nb.py,6,10,3\nd.py,3,0,2\nc.png,0,0,1\n",
    "entity-effort": "entity,author,author-revs,total-revs\n"
    "a.py,Ann,2,3\na.py,Bo,1,3\nb.py,Ann,2,3\nb.py,Cy,1,3\n"
    "c.png,Bo,1,1\nd.py,Ann,1,2\nd.py,Cy,1,2\n",
    "entity-ownership": "entity,author,added,deleted\n"
    "a.py,Ann,10,5\na.py,Bo,10,0\nb.py,Ann,6,1\nb.py,Cy,0,9\n"
    "c.png,Bo,0,0\nd.py,Ann,1,0\nd.py,Cy,2,0\n",
    "fragmentation": "entity,fractal-value,total-revs\n"
    "d.py,0.5,2\na.py,0.44,3\nb.py,0.44,3\nc.png,0.0,1\n",
    "identity": "author,rev,date,entity,message,loc-added,loc-deleted\n"
    "Ann,0a1,2025-01-31,a.py,Fix one,10,1\nAnn,0a1,2025-01-31,b.py,Fix one,5,0\n"
    "Bo,0a2,2025-02-10,a.py,Add two,10,0\nBo,0a2,2025-02-10,c.png,Add two,-,-\n"
    "Ann,0a3,2025-02-10,a.py,Fix three,0,4\nAnn,0a3,2025-02-10,b.py,Fix three,1,1\n"
    "Ann,0a3,2025-02-10,d.py,Fix three,1,0\n"
    "Cy,0a4,2025-03-01,b.py,Add four,0,9\nCy,0a4,2025-03-01,d.py,Add four,2,0\n",
    "main-dev": "entity,main-dev,added,total-added,ownership\n"
    "a.py,Bo,10,20,0.5\nb.py,Ann,6,6,1.0\nc.png,Bo,0,0,0.0\nd.py,Cy,2,3,0.67\n",
    "main-dev-by-revs": "entity,main-dev,added,total-added,ownership\n"
    "a.py,Ann,2,3,0.67\nb.py,Ann,2,3,0.67\nc.png,Bo,1,1,1.0\nd.py,Ann,1,2,0.5\n",
    "messages": "entity,matches\nb.py,2\na.py,2\nd.py,1\n",
    "refactoring-main-dev": "entity,main-dev,removed,total-removed,ownership\n"
    "a.py,Ann,5,5,1.0\nb.py,Cy,9,10,0.9\nc.png,Bo,0,0,0.0\nd.py,Cy,0,0,0.0\n",
    "revisions": "entity,n-revs\na.py,3\nb.py,3\nd.py,2\nc.png,1\n",
    "soc": "entity,soc\nb.py,4\na.py,4\nd.py,3\n",
    "summary": "statistic,value\nnumber-of-commits,4\nnumber-of-entities,4\n"
    "number-of-entities-changed,9\nnumber-of-authors,3\n",
}


def log_of(*commits: str) -> str:
    """Return a log with one commit per word, one file per letter."""
    return "\n".join(
        f"--{number:x}--2025-01-01--Ann\n" + "".join(f"1\t0\t{file}\n" for file in files)
        for number, files in enumerate(commits, 1)
    )


def pairs(text: str, **thresholds: int) -> list[str]:
    """Return coupled pairs of letters with their degree."""
    chosen = Thresholds(**{"min_revs": 1, "min_shared_revs": 1, "min_coupling": 1, **thresholds})
    table = analyse("coupling", read_log(text), options=Options(chosen))
    return [f"{row.entity}{row.coupled}{row.degree}" for row in table.itertuples()]


@pytest.mark.parametrize("name", sorted(ANALYSES))
def test_every_analysis_prints_what_code_maat_prints(name: str) -> None:
    """Four commits, four files, three authors; all thresholds at one."""
    assert as_csv(analyse(name, read_log(LOG), options=OPTIONS)) == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(set(ANALYSES) - {"summary"}))
def test_an_empty_log_gives_the_heads_alone(name: str) -> None:
    """In every analysis."""
    options = Options(expression="x")
    assert as_csv(analyse(name, read_log(""), options=options)).count("\n") == 1


def test_equal_rows_stand_in_the_order_of_a_hash_map() -> None:
    """From nine entities on; ``Aa`` and ``BB`` have one hash and stay as they came."""
    files = ["Aa", "BB", *"cdefghij"]
    text = "--1--2025-01-01--Ann\n" + "".join(f"1\t0\t{file}\n" for file in files)
    log = read_log(text)
    assert analyse("revisions", log)["entity"].tolist() == [*"eifdcghj", "Aa", "BB"]
    found = analyse("coupling", log, options=Options(ALL)).head(11)
    assert [f"{row.entity}-{row.coupled}" for row in found.itertuples()] == [
        "e-i", "c-e", "h-i", "Aa-i", "BB-i", "Aa-e", "BB-e", "c-j", "Aa-d", "BB-d", "e-f",
    ]  # fmt: skip


def test_up_to_eight_equal_rows_stay_as_they_came() -> None:
    """Small maps keep their order."""
    text = log_of("hgfedcba")
    assert analyse("revisions", read_log(text))["entity"].tolist() == [*"hgfedcba"]
    assert pairs(log_of("dc", "db")) == ["cd66", "bd66"]


def test_texts_hash_as_in_java() -> None:
    """Over UTF-16 units; the empty text is 0."""
    found = text_hashes(np.array(["abc", "", "é𝒳"], dtype=object)).astype("int32")
    assert found.tolist() == [74834163, 0, 1099242049]


def test_degree_is_cut_off_and_compared_uncut() -> None:
    """{A, B} twice, A three times more: 2 / 3.5 = 57.1 %."""
    text = log_of("ab", "ab", "a", "a", "a")
    assert pairs(text) == ["ab57"]
    assert pairs(text, min_coupling=57, max_coupling=57) == ["ab57"]
    assert pairs(text, min_coupling=58) == []
    assert pairs(text, max_coupling=56) == []


def test_average_revisions_are_compared_before_rounding_up() -> None:
    """5 and 2 revisions average 3.5: too few for 4, though 4 is printed."""
    text = log_of("ab", "ab", "a", "a", "a")
    table = analyse("coupling", read_log(text), options=Options(ALL))
    assert table["average-revs"].tolist() == [4]
    assert pairs(text, min_revs=3) == ["ab57"]
    assert pairs(text, min_revs=4) == []


def test_large_change_sets_count_for_nothing_in_coupling() -> None:
    """Neither for the pair nor for the revisions of either; all of them for the sum."""
    text = log_of("ab", "abc")
    assert pairs(text, max_changeset_size=2) == ["ab100"]
    sums = analyse("soc", read_log(text), options=Options(Thresholds(1, 1, 1, 100, 2)))
    assert dict(zip(sums["entity"], sums["soc"], strict=True)) == {"a": 3, "b": 3, "c": 2}


def test_sum_of_coupling_must_exceed_the_threshold() -> None:
    """``min_revs`` is compared with the sum, and equal is too little."""
    table = analyse("soc", read_log(log_of("ab", "abc")), options=Options(Thresholds(min_revs=2)))
    assert table["entity"].tolist() == ["b", "a"]


def test_coupling_is_that_of_plain_counting() -> None:
    """Random commits against the definition, pair by pair."""
    dice = random.Random(5)
    commits = ["".join(dice.sample("abcdefghijkl", dice.randint(1, 6))) for _ in range(80)]
    own = {file: sum(file in commit for commit in commits) for file in "abcdefghijkl"}
    expected = []
    for a, b in combinations("abcdefghijkl", 2):
        shared = sum(a in commit and b in commit for commit in commits)
        degree = 200 * shared // (own[a] + own[b])
        if shared >= 4 and degree >= 20:
            expected.append(f"{a}{b}{degree}")
    assert sorted(pairs(log_of(*commits), min_shared_revs=4, min_coupling=20)) == expected


@pytest.mark.parametrize(
    ("last", "now", "months"),
    [
        ("2025-01-31", date(2025, 2, 27), 0),
        ("2025-01-31", date(2025, 2, 28), 1),
        ("2025-01-28", date(2025, 2, 28), 1),
        ("2025-01-30", date(2025, 2, 28), 1),
        ("2024-03-15", date(2025, 3, 14), 11),
        ("2024-03-15", date(2025, 3, 15), 12),
    ],
)
def test_age_counts_whole_months(last: str, now: date, months: int) -> None:
    """The last day of a short month ends longer ones."""
    table = analyse("age", read_log(f"--1--{last}--Ann\n1\t0\ta\n"), options=Options(now=now))
    assert table["age-months"].tolist() == [months]


def test_age_leaves_out_what_is_not_before_day_zero() -> None:
    """The day itself is not; without one, today is."""
    log = read_log("--1--2025-03-01--Ann\n1\t0\ta\n")
    assert analyse("age", log, options=Options(now=date(2025, 3, 1))).empty
    assert len(analyse("age", log)) == 1


def test_ratios_have_two_significant_digits() -> None:
    """Half up; small ones as Java writes them."""
    part, whole = np.array([1, 1, 1, 125, 0, 995]), np.array([3, 8, 7000, 1000, 9, 1000])
    assert [java_text(value) for value in two_digits(part, whole).tolist()] == [
        "0.33", "0.13", "1.4E-4", "0.13", "0.0", "1.0",
    ]  # fmt: skip


def test_csv_quotes_where_it_must_and_changes_nothing() -> None:
    """Commas and quotes are quoted; what looks like a formula stays as it is."""
    log = read_log('--1--2025-01-01--=Ann\n1\t0\t"\\303.py"\n2\t0\ta,b.py\n')
    assert as_csv(analyse("entity-ownership", log)) == (
        'entity,author,added,deleted\n"""\\303.py""",=Ann,1,0\n"a,b.py",=Ann,2,0\n'
    )


def test_what_an_analysis_lacks_is_said() -> None:
    """Messages in a log without them, a wrong expression, none, an unknown name."""
    log = read_log(LOG)
    for name, options, words in (
        ("messages", Options(), "pass one with -e"),
        ("messages", Options(expression="("), "no regular expression"),
        ("hotspots", Options(), "there are abs-churn, age"),
    ):
        with pytest.raises(HistoryError, match=words):
            analyse(name, log, options=options)
    with pytest.raises(HistoryError, match="has no messages"):
        analyse("messages", read_log(log_of("a")), options=Options(expression="a"))
