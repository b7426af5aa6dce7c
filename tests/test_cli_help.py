"""The help: examples that parse under every command, and completion for shells."""

from __future__ import annotations

import shlex

import pytest
import typer.main
from typer.testing import CliRunner

from conway.cli import app
from conway.cli.examples import EXAMPLES

_COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
_LINES = [line for name, lines in EXAMPLES.items() if name in _COMMANDS for line in lines]


def test_every_command_has_an_example() -> None:
    """And none is left of a command that is gone."""
    assert set(EXAMPLES) == set(_COMMANDS)


@pytest.mark.parametrize("line", _LINES)
def test_an_example_parses(line: str) -> None:
    """Its options exist and its arguments are enough; nothing is run."""
    program, name, *arguments = shlex.split(line)

    assert program == "conway"
    _COMMANDS[name].make_context(name, arguments)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_help_shows_the_examples_as_they_stand(name: str) -> None:
    """Each on a line of its own."""
    shown = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "100"}).output

    assert all(f"  {line}\n" in shown for line in EXAMPLES[name])
    assert "\x1b" not in shown


def test_shells_can_complete() -> None:
    """``--install-completion`` and ``--show-completion`` are there."""
    shown = CliRunner().invoke(app, ["--help"]).output

    assert "--install-completion" in shown
    assert "--show-completion" in shown
