"""The notebooks run from top to bottom, and are what their scripts say."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

_FOLDER = Path(__file__).parents[1] / "notebooks"
_NOTEBOOKS = sorted(_FOLDER.glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    """The tests below have something to hold."""
    assert _NOTEBOOKS


@pytest.mark.parametrize("path", _NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_its_script_without_outputs(path: Path) -> None:
    """``jupytext --sync notebooks/*.py`` has been run; no output is committed."""
    notebook = nbformat.read(path, as_version=4)
    script = jupytext.read(path.with_suffix(".py"))

    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        (cell.cell_type, cell.source) for cell in script.cells
    ]
    assert [cell for cell in notebook.cells if cell.get("outputs")] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", _NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path) -> None:
    """Each cell ends without an error, in the folder of the notebook."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=600, resources={"metadata": {"path": str(_FOLDER)}}, kernel_name="python3"
    )

    client.execute()
