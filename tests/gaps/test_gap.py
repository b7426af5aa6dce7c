"""A finding shows itself."""

from __future__ import annotations

from conway.gaps.gap import Gap

GAP = Gap(
    kind="shared_file",
    title="Two teams change <b>a.py</b>.",
    services=("A",),
    teams=("t1", "t2"),
    strength=4.0,
    changes=3,
    evidence={"sets": ["x@1", "x@2"], "files": [{"path": "a.py", "changes": 3}], "share": 0.5},
)


def test_its_evidence_is_a_table() -> None:
    """A row for each piece; figures are no rows."""
    assert GAP.to_pandas().to_numpy().tolist() == [
        ["sets", "x@1"],
        ["sets", "x@2"],
        ["files", "path a.py, changes 3"],
    ]


def test_it_explains_itself() -> None:
    """The sentence, its strength and its base."""
    assert GAP.explain() == (
        "Two teams change <b>a.py</b>. 4.0 change sets per 100, 3 change sets."
    )
    assert repr(GAP) == "<Gap shared_file: Two teams change <b>a.py</b>.>"


def test_a_notebook_shows_names_as_text() -> None:
    """Markup in a name stays text."""
    shown = GAP._repr_html_()

    assert "<b>" not in shown
    assert "x@2" in shown
