"""How tests run the command line: in this process, and what came of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from conway.cli import main
from sample_repos import ANA, BEN, History

if TYPE_CHECKING:
    from pathlib import Path

OWNERS = "/cart/ @shop/web\n/pay/ @shop/money\n/CODEOWNERS @shop/web\n"
CONFIG = '[services]\n"{name}" = "{name}/**"\n[teams]\nsource = "CODEOWNERS"\n'
DAY = 24 * 3600


@dataclass(frozen=True)
class Run:
    """Exit code and output of one command."""

    code: int
    out: str
    err: str


def conway(*arguments: object, capture: pytest.CaptureFixture[str]) -> Run:
    """Run ``conway ARGUMENTS`` as the console script does."""
    capture.readouterr()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as exit_:
        patch.setattr(sys, "argv", ["conway", *map(str, arguments)])
        main()
    shown = capture.readouterr()
    code = exit_.value.code
    return Run(code if isinstance(code, int) else 0, shown.out, shown.err)


def two_services(changes: int) -> History:
    """Return a history of one change a day: two people, two folders, sometimes both."""
    history = History(step=DAY)
    history.commit({"CODEOWNERS": OWNERS, "cart/a.py": "0\n", "pay/a.py": "0\n"})
    for number in range(1, changes):
        files = {"cart/a.py": f"{number}\n"} if number % 3 else {"pay/a.py": f"{number}\n"}
        if number % 7 == 0:
            files = {"cart/b.py": f"{number}\n", "pay/b.py": f"{number}\n"}
        history.commit(files, author=BEN if number % 3 == 0 else ANA)
    return history


def config_in(folder: Path, *, text: str = CONFIG) -> Path:
    """Write a conway.toml."""
    path = folder / "conway.toml"
    path.write_text(text, encoding="utf-8")
    return path
