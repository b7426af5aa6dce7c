"""``conway.toml``: its model with defaults, and reading it with every fault at once."""

from __future__ import annotations

from conway.config.imports import CapacityTable, TablesTable, zone_of
from conway.config.model import (
    CheckTable,
    Config,
    LimitsTable,
    Selection,
    TeamsTable,
    config_schema,
)
from conway.config.reading import checked, parse_config, read_config
from conway.config.values import seconds

__all__ = [
    "CapacityTable",
    "CheckTable",
    "Config",
    "LimitsTable",
    "Selection",
    "TablesTable",
    "TeamsTable",
    "checked",
    "config_schema",
    "parse_config",
    "read_config",
    "seconds",
    "zone_of",
]
