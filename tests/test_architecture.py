"""What the import-linter contracts cannot say: who may import what, and how lazily."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_ONLY = {  # package: the one stage that may import it
    "git": "mining",
    "pydriller": "mining",
    "subprocess": "mining",
    "altair": "reporting",
    "jinja2": "reporting",
    "pptx": "reporting",
    "vl_convert": "reporting",
    "weasyprint": "reporting",
    "xlsxwriter": "reporting",
    "typer": "cli",
}
_HEAVY = {"altair", "duckdb", "igraph", "networkx", "numpy", "pandas", "pydantic", "sklearn"}


def imported(path: Path) -> set[str]:
    """Top-level names of everything that a file imports, wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def loaded_by(statement: str) -> set[str]:
    """Top-level names of all modules that a statement loads in a new interpreter."""
    script = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=_ROOT
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize(("package", "stage"), _ONLY.items())
def test_only_one_stage_imports(package: str, stage: str) -> None:
    """One module owns each boundary: git, drawing, the command line."""
    users = {
        path.relative_to(_ROOT / "conway").parts[0].removesuffix(".py")
        for path in (_ROOT / "conway").rglob("*.py")
        if package in imported(path)
    }
    assert users <= {stage}


def test_import_conway_is_lazy() -> None:
    """Reading the verbs' names loads no heavy library."""
    assert not _HEAVY & loaded_by("import conway; dir(conway)")


def test_the_command_line_is_lazy() -> None:
    """``conway --help`` loads no heavy library but what typer needs itself."""
    assert not (_HEAVY - {"pydantic"}) & loaded_by("import conway.cli")


def test_every_verb_has_a_home() -> None:
    """Each name that ``conway`` shows can be loaded."""
    import conway

    assert [name for name in conway.__all__ if getattr(conway, name, None) is None] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelt verb fails as in any module."""
    import conway

    with pytest.raises(AttributeError, match="asess"):
        _ = conway.asess  # type: ignore[attr-defined]


_NAMES = {  # import: distribution that brings it
    "markupsafe": "jinja2",
    "pptx": "python-pptx",
    "pydantic_core": "pydantic",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
    "vl_convert": "vl-convert-python",
}


def test_every_import_is_declared() -> None:
    """What conway imports is the standard library, conway, or a declared dependency."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["report"], *extras["dask"]]
    declared = {re.split(r"[\[<>=]", line)[0].lower().replace("_", "-") for line in lines}
    used = set().union(*(imported(path) for path in (_ROOT / "conway").rglob("*.py")))
    foreign = used - sys.stdlib_module_names - {"conway"}

    assert {name for name in foreign if _NAMES.get(name, name) not in declared} == set()
