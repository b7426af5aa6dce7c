"""Examples under each command's help.

In:  nothing.
Out: a text a command; each line is a command line that a test parses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

EXAMPLES = {
    "run": (
        "conway run path/to/repo -b conway.toml -o review/",
        "conway run repos/one repos/two -o review/ --since 2025-01-01 -j 2",
    ),
    "init": ("conway init path/to/repo", "conway init path/to/repo -o teams.toml"),
    "mine": ("conway mine path/to/repo -o history.conway",),
    "assess": (
        "conway assess history.conway -b conway.toml",
        "conway assess history.conway --json -q",
    ),
    "recommend": ("conway recommend history.conway -b conway.toml --moves 3",),
    "simulate": ("conway simulate history.conway -b conway.toml --plan plan.toml",),
    "backtest": ("conway backtest history.conway -b conway.toml",),
    "lookback": ("conway lookback history.conway -b conway.toml",),
    "forecast": ("conway forecast history.conway -b conway.toml",),
    "predict": ("conway predict history.conway -b conway.toml -o prediction.json",),
    "score": ("conway score history.conway prediction.json -b conway.toml",),
    "report": (
        "conway report history.conway -b conway.toml -o review.pdf --audience leadership",
        "conway report history.conway -b conway.toml -o review.pptx --compare last-review/",
    ),
    "owners": ("conway owners path/to/repo services/cart/api.py --at main",),
    "check": ("conway check path/to/repo -b conway.toml --min-autonomous 0.6",),
    "diff": (
        "conway diff old/assess.json new/assess.json",
        "conway diff 2025-01-01 2025-07-01 path/to/repo -b conway.toml",
    ),
    "maat": ("conway maat coupling git.log",),
}


def show_examples(app: typer.Typer) -> None:
    """Put the examples under the help of each command of ``app`` that has some."""
    for command in app.registered_commands:
        name = str(command.name or getattr(command.callback, "__name__", ""))
        lines = EXAMPLES.get(name, ())
        if lines:  # \b keeps lines apart where help is wrapped
            command.epilog = "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
