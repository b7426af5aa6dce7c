"""Exit codes, messages and output of the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from conway import cli, pipeline
from conway.errors import BoundariesError
from tests.cli_runs import conway

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]


def test_help_lists_every_verb(capsys: Capture) -> None:
    """The commands stand in the order in which they are used."""
    shown = conway("--help", capture=capsys)

    assert shown.code == 0
    verbs = [line.split()[0] for line in shown.out.partition("Commands:")[2].splitlines() if line]
    assert verbs == [
        "run", "init", "mine", "assess", "recommend", "simulate", "backtest", "lookback",
        "forecast", "report", "owners", "predict", "score", "check", "diff", "maat",
    ]  # fmt: skip


def test_version(capsys: Capture) -> None:
    """One line, for bug reports."""
    assert conway("--version", capture=capsys).out == "conway 0.1.0\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["run", "repo"], "--out"),
        (["run", "-o", "out"], "REPO"),
        (["assess", "repo", "--since", "2024-13-01"], "2024-13-01' is not a day"),
        (["assess", "repo", "--jobs", "0"], "--jobs"),
        (["asess", "repo"], "asess"),
        (["simulate", "repo"], "--plan"),
    ],
)
def test_wrong_usage_is_exit_code_2(capsys: Capture, arguments: list[str], complaint: str) -> None:
    """The message names what is wrong with the arguments."""
    shown = conway(*arguments, capture=capsys)

    assert shown.code == 2
    assert complaint in shown.err
    assert shown.out == ""


def test_a_mendable_error_is_one_message_and_exit_code_3(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every line is shown, and nothing in it can steer the terminal."""

    def fail(*_: object, **__: object) -> None:
        raise BoundariesError("conway.toml: 2 problems\n  '\x1b[31mx' is no team\n  b")

    monkeypatch.setattr(pipeline, "run", fail)
    shown = conway("run", "repo", "-o", tmp_path / "out", capture=capsys)

    assert shown.code == 3
    assert shown.err == "conway.toml: 2 problems\n  '\\u{1B}[31mx' is no team\n  b\n"


def test_an_interrupt_is_exit_code_130(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As shells expect of SIGINT."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "run", interrupt)
    assert conway("run", "repo", "-o", tmp_path / "out", capture=capsys).code == 130


def test_a_fault_of_conway_keeps_its_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What nobody expected is not hidden behind a message."""

    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline, "run", fault)
    monkeypatch.setattr(sys, "argv", ["conway", "run", "repo", "-o", str(tmp_path / "out")])
    with pytest.raises(ZeroDivisionError):
        cli.main()
