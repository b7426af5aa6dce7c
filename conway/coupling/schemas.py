"""The schemas of the tables that coupling returns.

In:  nothing.
Out: ``COUPLING``, ``FILE_COUPLING``, ``RELEASE_COUPLING`` and ``FOLLOWING``, checked when a
     table is built.
"""

from __future__ import annotations

from conway.tables import Column, Schema

COUPLING = Schema(
    "coupling",
    "One row per pair of services (release units, teams) that changed together; no huge sets.",
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

RELEASE_COUPLING = Schema(
    "release_coupling",
    "One row per pair of services that were released in the same hour.",
    (
        Column("a", "text", "service, the first of the two by name"),
        Column("b", "text", "service"),
        Column("joint", "int", "hours (UTC) in which both were released"),
        Column("releases_a", "int", "hours in which a was released"),
        Column("releases_b", "int", "hours in which b was released"),
        Column("degree", "float", "joint over the mean of both services' releases, 0-1"),
        Column("expected", "float", "joint releases expected by chance"),
        Column("p_value", "float", "chance of as many joint releases or more"),
        Column("q_value", "float", "the same, corrected for all pairs (Benjamini-Hochberg)"),
    ),
)

FOLLOWING = Schema(
    "following",
    "One row per ordered pair: how often work on one is followed by other work on the other.",
    (
        Column("leader", "text", "service or team whose change sets come first"),
        Column("follower", "text", "service or team whose change sets come after"),
        Column("sets", "int", "change sets of the leader alone, observed for the whole horizon"),
        Column("followed", "int", "those followed by one of the follower alone"),
        Column("expected", "float", "the same where the follower's weeks are shifted, on average"),
        Column("excess_per_100", "float", "followed beyond expected, per 100 of ``sets``"),
        Column("excess_low", "float", "2.5 % quantile over resampled weeks", nullable=True),
        Column("excess_high", "float", "97.5 % quantile over resampled weeks", nullable=True),
        Column("lag_days", "float", "median days to the next one, where followed", nullable=True),
        Column("p_value", "float", "share of shifts with at least as many followed"),
        Column("q_value", "float", "the same, corrected for all ordered pairs"),
        Column("lead_per_100", "float", "excess less that of the other way round"),
        Column("lead_low", "float", "2.5 % quantile over resampled weeks", nullable=True),
        Column("lead_high", "float", "97.5 % quantile over resampled weeks", nullable=True),
        Column("finding", "text", "follows, both ways, or not established"),
    ),
)
