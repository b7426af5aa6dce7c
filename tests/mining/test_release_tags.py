"""Tags to services, versions and the newest change that each contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.mining.miner import mine_facts
from conway.mining.release_tags import parse_tag
from tests.mining.repositories import START, Story, git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("release_241", (None, "241")),
        ("v1.2.3", (None, "1.2.3")),
        ("v996", (None, "996")),
        ("1.2.3-rc.1", (None, "1.2.3-rc.1")),
        ("cart@1.2.0", ("cart", "1.2.0")),
        ("@scope/cart@1.2.0-beta.1", ("@scope/cart", "1.2.0-beta.1")),
        ("cart/v3", ("cart", "3")),
        ("sdk/go/v1.4.0", ("sdk/go", "1.4.0")),
        ("cart-v1.0.0", ("cart", "1.0.0")),
        ("cart-1.0.0", ("cart", "1.0.0")),
        ("release/1.0", (None, "1.0")),
        ("deployed-to-production", (None, None)),
        ("before-rewrite", (None, None)),
    ],
)
def test_names_of_tags(tag: str, expected: tuple[str | None, str | None]) -> None:
    """What a tag names, as the forms in use write it."""
    assert parse_tag(tag) == expected


def test_the_newest_change_that_a_tag_contains(tmp_path: Path) -> None:
    """On the mainline, on a merged branch, and on a release branch that never came back."""
    story = Story()
    root = story.commit({"a": "1\n"})
    second = story.commit({"a": "2\n"})
    merged = story.side({"b": "1\n"}, of=root)
    off = story.side({"c": "1\n"}, of=story.side({"c": "0\n"}, of=second))
    tip = story.commit({"b": "1\n"}, parents=[second, merged])
    story.tag("v1", second, at=START)
    story.tag("v2", merged)
    story.tag("v3", off)
    story.tag("v4", tip)
    repository = story.build(tmp_path / "r.git")
    git(repository, "tag", "-a", "-m", "tag of a tag", "v5", "v1")
    git(repository, "tag", "tree", "main^{tree}")

    facts = mine_facts([repository])
    releases = facts.tables["releases"].set_index("tag")
    positions = facts.tables["changes"].set_index("change")["position"]

    assert positions[releases["change"]].tolist() == [1, 0, 1, 2, 1]
    assert list(releases.index) == ["v1", "v2", "v3", "v4", "v5"]
    assert releases["time"]["v1"] == START
    assert releases["version"].tolist() == ["1", "2", "3", "4", "5"]
