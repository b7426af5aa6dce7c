"""Print docs/tables.md, docs/cli.md and docs/schema/conway.toml.json from the code.

In:  the schemas of tables, the command line, the model of conway.toml.
Out: the three files, written beside this one.
Run ``python docs/generate.py`` after a change of a schema, a command or an option.
"""

from __future__ import annotations

import json
import os
from importlib import import_module
from pathlib import Path

from typer.testing import CliRunner

from conway.advice.prediction_file import prediction_schema
from conway.cli import app
from conway.config import config_schema
from conway.tables import Schema

_HERE = Path(__file__).parent
_MODULES = {
    "conway.tables": "Facts and labelled work",
    "conway.history.schemas": "Evidence, origins and releases",
    "conway.history.imports.schemas": "Reviews, pipeline runs, deployments, incidents, surveys",
    "conway.coupling.schemas": "Coupling",
    "conway.delivery.handoffs": "Delivery",
    "conway.delivery.needs": "Pairs of teams",
    "conway.delivery.writers": "Who else wrote",
    "conway.delivery.lockstep": "What is released together",
    "conway.delivery.waits.members": "Waits",
}
_TABLES_HEAD = """# Tables

Printed from the schemas by `docs/generate.py`. Every table is checked against its schema when it is
built. Times are seconds since 1970-01-01 UTC. Paths are text in which a byte that is not UTF-8
reads `\\xNN` and a backslash reads `\\\\`. People are keyed pseudonyms. Columns marked with `?` may
be empty.
"""
_CLI_HEAD = """# The command line

Printed from the code by `docs/generate.py`.

Exit codes: 0 done; 1 a limit broken (`check`); 2 wrong usage; 3 bad input or too little history,
with one message that says what, where and what to do, and no OUT left; 130 interrupted. Results go
to stdout, messages and progress to stderr. `NO_COLOR` is respected: nothing is coloured.
"""


def tables_page() -> str:
    """Return docs/tables.md."""
    parts = [_TABLES_HEAD]
    for module, title in _MODULES.items():
        parts.append(f"## {title}\n")
        schemas = [each for each in vars(import_module(module)).values() if _is_schema(each)]
        parts.extend(_table(schema) for schema in schemas)
    return "\n".join(parts)


def _is_schema(value: object) -> bool:
    return isinstance(value, Schema)


def _table(schema: Schema) -> str:
    rows = [
        f"| `{column.name}` | {column.kind}{'?' if column.nullable else ''} | {column.meaning} |"
        for column in schema.columns
    ]
    head = ["| column | kind | meaning |", "|---|---|---|"]
    return "\n".join([f"### {schema.name}\n", f"{schema.meaning}\n", *head, *rows, ""])


def cli_page() -> str:
    """Return docs/cli.md."""
    names = [
        each.name or each.callback.__name__ for each in app.registered_commands if each.callback
    ]
    parts = [_CLI_HEAD, f"```\n{_help()}```\n"]
    parts.extend(f"## conway {name}\n\n```\n{_help(name)}```\n" for name in names)
    return "\n".join(parts)


def _help(*command: str) -> str:
    """Return a command's help as on a terminal of 90 columns."""
    environment = {**os.environ, "COLUMNS": "90", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    shown = CliRunner().invoke(app, [*command, "--help"], env=environment, prog_name="conway")
    return shown.output


def config_page() -> str:
    """Return docs/schema/conway.toml.json, from which editors complete and check."""
    return json.dumps(config_schema(), indent=2) + "\n"


def prediction_page() -> str:
    """Return docs/schema/prediction.json."""
    return json.dumps(prediction_schema(), indent=2, sort_keys=True) + "\n"


PAGES = {
    "tables.md": tables_page,
    "cli.md": cli_page,
    "schema/conway.toml.json": config_page,
    "schema/prediction.json": prediction_page,
}

if __name__ == "__main__":
    (_HERE / "schema").mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (_HERE / name).write_text(page(), encoding="utf-8")
