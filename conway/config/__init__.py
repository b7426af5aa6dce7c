"""``conway.toml``: its model with defaults, and reading it with every fault at once."""

from __future__ import annotations

from conway.config.model import (
    CheckTable,
    Config,
    LimitsTable,
    Selection,
    TeamsTable,
    config_schema,
    seconds,
)
from conway.config.reading import checked, parse_config, read_config

__all__ = [
    "CheckTable",
    "Config",
    "LimitsTable",
    "Selection",
    "TeamsTable",
    "checked",
    "config_schema",
    "parse_config",
    "read_config",
    "seconds",
]
