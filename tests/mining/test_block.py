"""What a change is: its kind, its commits, its author, robots, AI, links and clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.mining.miner import mine_facts
from conway.mining.pseudonyms import Pseudonyms
from tests.mining.repositories import BEN, HOUR, START, Story, git, raw_commit

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from conway.mining.facts import Facts

KEY = b"key"
ROBOT = "robot-01[bot] <robot-01[bot]@example.org>"
AGENT = "copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>"


def _person(name: str) -> str:
    return Pseudonyms(KEY).of(name, f"{name.lower()}@example.org")


def _facts(story: Story, path: Path) -> Facts:
    return mine_facts([story.build(path / "r.git")], key=KEY)


def _last(facts: Facts) -> pd.Series:
    return facts.tables["changes"].iloc[-1]


def test_a_merge_brings_its_commits_and_their_author(tmp_path: Path) -> None:
    """Ann merges what Ben wrote: two commits, Ben's change."""
    story = Story()
    root = story.commit({"a": "1\n"})
    one = story.side({"b": "1\n"}, of=root)
    two = story.side({"b": "2\n"}, of=one)
    story.commit({"b": "2\n"}, parents=[root, two],
                 message="Merge pull request #12 from org/new-checkout")  # fmt: skip

    facts = _facts(story, tmp_path)
    change = _last(facts)

    assert (change["kind"], change["commits"], change["position"]) == ("merge", 2, 1)
    assert change["author"] == _person("Ben")
    assert (change["branch"], change["pull_request"]) == ("new-checkout", 12)
    commits = facts.tables["commits"]
    assert (commits["change"] == change["change"]).sum() == 3
    assert facts.tables["changes"]["kind"].tolist() == ["root", "merge"]


def test_every_commit_belongs_to_the_change_that_brings_it_first(tmp_path: Path) -> None:
    """A branch of a branch, and a main merged back into a branch, count once."""
    story = Story()
    root = story.commit({"a": "1\n"})
    long = story.side({"b": "1\n"}, of=root)
    inner = story.side({"c": "1\n"}, of=long)
    first = story.commit({"b": "1\n"}, parents=[root, long], message="merge 1")
    back = story.commit({"d": "1\n"}, parents=[inner, first], message="back", main=False)
    story.commit({"c": "1\n", "d": "1\n"}, parents=[first, back], message="merge 2")

    facts = _facts(story, tmp_path)

    assert facts.tables["changes"]["commits"].tolist() == [1, 1, 2]
    assert facts.tables["commits"]["commit"].is_unique
    assert len(facts.tables["commits"]) == 6


@pytest.mark.parametrize(
    ("authors", "subject", "robot"),
    [
        ([ROBOT], "Merge pull request #1 from org/update", True),
        ([ROBOT, BEN], "Merge pull request #1 from org/update", False),
        ([BEN], "Merge pull request #1 from org/dependabot/npm/x-1", True),
        ([BEN], "Merge pull request #1 from org/renovate/x", True),
        ([AGENT], "Merge pull request #1 from org/copilot/fix", False),
        ([BEN], "Merge pull request #1 from org/new", False),
    ],
)
def test_robots_of_merges(tmp_path: Path, authors: list[str], subject: str, robot: bool) -> None:  # noqa: FBT001 - a column of the table above
    """A robot's change: every commit it brings is a robot's, or its branch is one."""
    story = Story()
    root = here = story.commit({"a": "1\n"})
    for number, author in enumerate(authors):
        here = story.side({"b": f"{number}\n"}, of=here, author=author)
    story.commit({"b": "x\n"}, parents=[root, here], message=subject)

    assert bool(_last(_facts(story, tmp_path))["robot"]) is robot


def test_a_direct_change_is_a_robots_by_its_author(tmp_path: Path) -> None:
    """``[bot]`` in the name."""
    story = Story()
    story.commit({"a": "1\n"}, author=ROBOT)
    story.commit({"a": "2\n"})

    assert _facts(story, tmp_path).tables["changes"]["robot"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("author", "message", "expected"),
    [
        (AGENT, "fix\n\nCo-authored-by: Ben <ben@example.org>", ("Ben", True)),
        (AGENT, "fix", (None, True)),
        (AGENT, f"fix\n\nCo-authored-by: {ROBOT}\nCo-Authored-By: Ben <ben@example.org>",
         ("Ben", True)),
        ("Claude <noreply@anthropic.com>", "fix", (None, True)),
        (BEN, "fix\n\nCo-Authored-By: Claude <noreply@anthropic.com>", ("Ben", True)),
        (BEN, "fix\r\n\r\nco-authored-by: AI Assistant\r\n", ("Ben", True)),
        (BEN, "fix\n\nGenerated with [Claude Code](https://claude.ai/code)", ("Ben", True)),
        (BEN, "fix\n\nAssisted-by: Copilot", ("Ben", True)),
        (BEN, "fix\n\nAssisted-by: Ann <ann@example.org>", ("Ben", False)),
        (BEN, "fix\n\nCo-authored-by: Claude Monet <cm@example.org>", ("Ben", False)),
    ],
)  # fmt: skip
def test_behind_an_agent_stands_a_human(
    tmp_path: Path, author: str, message: str, expected: tuple[str | None, bool]
) -> None:
    """The author is the human co-author, else unknown; no agent is a robot."""
    story = Story()
    story.commit({"a": "1\n"}, author=author, message=message)

    change = _last(_facts(story, tmp_path))
    found = None if change.isna()["author"] else change["author"]

    assert (found, bool(change["ai"])) == (expected[0] and _person(expected[0]), expected[1])
    assert not change["robot"]


def test_a_mailmap_makes_two_addresses_one_person(tmp_path: Path) -> None:
    """That of the tip holds for all of history; the people table keeps both names."""
    story = Story()
    story.commit({"a": "1\n"}, author="al <al@old.org>")
    story.commit({".mailmap": "Ann Lee <ann@example.org> <AL@old.org>\n"})

    facts = _facts(story, tmp_path)

    assert facts.tables["changes"]["author"].tolist() == [_person("Ann")] * 2
    assert sorted(facts.tables["people"]["name"]) == ["Ann", "al"]


def test_links_come_from_subjects_trailers_and_branches(tmp_path: Path) -> None:
    """UTF-8 and SHA-256 are no tickets."""
    story = Story()
    root = story.commit({"a": "1\n"}, message="PAY-12: use UTF-8 and SHA-256 (#3) (#4)")
    side = story.side({"b": "1\n"}, of=root, message="CART-7 add\n\nRefs: PAY-9, org/web#31")
    subject = "Merge branch 'WEB-1-basket' into 'main'"
    message = f"{subject}\n\nSee merge request org/r!77"
    story.commit({"b": "1\n"}, parents=[root, side], message=message)

    facts = _facts(story, tmp_path)
    links = facts.tables["change_links"]
    last = links[links["change"] == _last(facts)["change"]]

    assert list(links["key"][:1]) == ["PAY-12"]
    assert list(zip(last["kind"], last["key"], strict=True)) == [
        ("branch", "WEB-1-basket"), ("link", "r#77"), ("link", "web#31"),
        ("ticket", "CART-7"), ("ticket", "PAY-9"), ("ticket", "WEB-1"),
    ]  # fmt: skip
    assert facts.tables["changes"]["pull_request"].tolist() == [4, 77]


def test_reverts_and_picks_resolve_to_earlier_commits(tmp_path: Path) -> None:
    """An id that is nowhere before stays empty."""
    story = Story()
    story.commit({"a": "1\n"})
    first = git(story.build(tmp_path / "before.git"), "rev-parse", "main")
    story.commit({"a": "2\n"}, message=f"Revert\n\nThis reverts commit {first}.")
    story.commit({"a": "3\n"}, message=f"Pick\n\n(cherry picked from commit {first[:10]})")
    story.commit({"a": "4\n"}, message=f"Revert\n\nThis reverts commit {'0' * 40}.")

    changes = _facts(story, tmp_path).tables["changes"]

    assert changes["reverts"].fillna("").tolist() == ["", first, "", ""]
    assert changes["picked_from"].fillna("").tolist() == ["", "", first, ""]


ODD = {
    "no author": b"committer Ann <a@x> 1700000000 +0000\n\nmessage\n",
    "no date": b"author Ann <a@x>\ncommitter Ann <a@x>\n\nmessage\n",
    "far future": b"author A <a@x> 99999999999999 +0000\ncommitter A <a@x> 9999999999999999999999"
    b" +0000\n\nm\n",
    "negative": b"author A <a@x> -5 +0000\ncommitter A <a@x> -5 +0000\n\nm\n",
    "odd zone": b"author A <a@x> 1700000000 +51800\ncommitter A <a@x> 1700000000 -0000\n\nm\n",
    "brackets": b"author A <<a>@x>> 1700000000 +0000\ncommitter > < 1700000000 +0000\n\nm\n",
    "no message": b"author A <a@x> 1700000000 +0000\ncommitter A <a@x> 1700000000 +0000\n\n",
    "nothing": b"\n",
    "nul": b"author A <a@x> 1700000000 +0000\ncommitter A <a@x> 1700000000 +0000\n\na\0b\n",
    "bad encoding": b"author J\xe9 <a@x> 1700000000 +0000\ncommitter J <a@x> 1700000000 +0000\n"
    b"encoding zlib\n\nm\xe9\n",
}


@pytest.mark.parametrize("odd", sorted(ODD))
def test_an_odd_commit_never_stops_a_run(tmp_path: Path, odd: str) -> None:
    """Its clock, where it makes no sense, is that of the change before; its row says so."""
    story = Story()
    story.commit({"a": "1\n"})
    repository = story.build(tmp_path / "r.git")
    parent, tree = git(repository, "rev-parse", "main", "main^{tree}").split()
    raw_commit(repository, tree=tree, parents=[parent], rest=ODD[odd])

    facts = mine_facts([repository])

    changes, commits = facts.tables["changes"], facts.tables["commits"]
    plausible = odd in {"odd zone", "brackets", "no message", "nul", "bad encoding"}
    expected = 1_700_000_000 if plausible or odd == "no author" else START + HOUR
    assert changes["committer_time"].tolist() == [START + HOUR, expected]
    assert commits["time_valid"].tolist() == [True, plausible]
    assert not facts.repositories[0].skipped


def test_names_are_read_in_their_declared_encoding(tmp_path: Path) -> None:
    """Latin-1 is not UTF-8; no encoding that decompresses is tried."""
    story = Story()
    story.commit({"a": "1\n"})
    repository = story.build(tmp_path / "r.git")
    tree = git(repository, "rev-parse", "main^{tree}")
    raw_commit(repository, tree=tree, rest=b"author J\xe9r\xf4me <j@x> 1700000000 +0000\n"
               b"committer J <j@x> 1700000000 +0000\nencoding ISO-8859-1\n\nm\n")  # fmt: skip

    assert mine_facts([repository]).tables["people"]["name"].tolist() == ["Jérôme"]


def test_no_person_is_in_any_other_table(kinds: Path) -> None:
    """Names and addresses are in the people table alone; a fact's text shows neither."""
    facts = mine_facts([kinds])

    rest = {name: frame for name, frame in facts.tables.items() if name != "people"}
    shown = "".join(frame.to_csv() for frame in rest.values()) + repr(facts)
    assert "Ann" not in shown
    assert "@example.org" not in shown
    assert "secret" not in repr(Pseudonyms(b"secret"))
