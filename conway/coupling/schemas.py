"""The schemas of the tables that coupling returns.

In:  nothing.
Out: ``COUPLING`` and ``FILE_COUPLING``, checked when a table is built.
"""

from __future__ import annotations

from conway.tables import Column, Schema

COUPLING = Schema(
    "coupling",
    "One row per pair of services that changed together, huge change sets left out.",
    (
        Column("a", "text", "service, the first of the two by name"),
        Column("b", "text", "service"),
        Column("joint", "int", "change sets that touch both"),
        Column("degree", "float", "joint over the mean of both services' change sets, 0-1"),
        Column("jaccard", "float", "joint over the change sets that touch either, 0-1"),
        Column("confidence_ab", "float", "share of a's change sets that touch b"),
        Column("confidence_ba", "float", "share of b's change sets that touch a"),
        Column("expected", "float", "joint change sets expected by chance"),
        Column("p_value", "float", "chance of as many joint change sets or more"),
        Column("q_value", "float", "the same, corrected for all pairs (Benjamini-Hochberg)"),
        Column("forecast", "float", "joint change sets expected in the next 13 weeks"),
        Column("forecast_low", "float", "2.5 % quantile of the forecast count"),
        Column("forecast_high", "float", "97.5 % quantile of the forecast count"),
    ),
)

FILE_COUPLING = Schema(
    "file_coupling",
    "One row per pair of files that change together often, under today's paths.",
    (
        Column("path_a", "text", "today's path, the first of the two by name"),
        Column("path_b", "text", "today's path"),
        Column("service_a", "text", "service of the first", nullable=True),
        Column("service_b", "text", "service of the second", nullable=True),
        Column("joint", "int", "change sets that touch both"),
        Column("degree", "float", "joint over the mean of both files' change sets, 0-1"),
    ),
)
