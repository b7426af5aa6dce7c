"""Select the changes that count, join them into change sets, and count what is left out.

In:  a ``History`` and the ``Selection`` of its configuration.
Out: ``Selected``: changes and their touched paths (both sides of a rename) with the number
     of their change set, also those before the window, and the coverage counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from conway.boundaries.origins import origins
from conway.boundaries.patterns import PathPatterns
from conway.boundaries.release_files import is_release_file
from conway.boundaries.work import Coverage
from conway.errors import BoundariesError, HistoryError
from conway.history.change_sets import GAP_DAYS, link
from conway.history.renames import current_paths

if TYPE_CHECKING:
    import numpy as np

    from conway.config import Selection
    from conway.history.record import History


@dataclass(frozen=True, eq=False)
class Selected:
    """Changes that count, up to the end of the window.

    Attributes
    ----------
    changes
        ``set, repository, change, position, committer_time, ai``.
    files
        ``set, repository, change, position, committer_time, path, today``.
    since, until
        The window, in seconds.
    several
        Whether there are several repositories.
    counts
        What was left out, by reason, within the window.
    unwritten
        How many of the files touched are generated or vendored, and of how many.
    """

    changes: pd.DataFrame
    files: pd.DataFrame
    since: int
    until: int
    several: bool
    counts: dict[str, int] = field(default_factory=dict)
    unwritten: tuple[int, int] = (0, 0)

    def coverage_text(self) -> str:
        """Return the counts as one phrase for an error message."""
        return ", ".join(f"{count} {what}" for what, count in self.counts.items() if count)

    def coverage(self, *, touching: int) -> tuple[Coverage, ...]:
        """Return the first rows of the coverage table."""
        total = self.counts["changes on the mainline in the window"]
        rows = [Coverage(what, count, total) for what, count in self.counts.items()]
        inside = self.changes[
            (self.changes["committer_time"] >= self.since)
            & (self.changes["committer_time"] < self.until)
        ]
        sizes = inside.groupby("set")["repository"].nunique()
        sets = len(sizes)
        return (
            *rows,
            Coverage("change sets of the remaining changes", sets, sets),
            Coverage("change sets across repositories", int((sizes > 1).sum()), sets),
            Coverage("change sets that touch no service", sets - touching, sets),
            Coverage("change sets that touch a service", touching, sets),
            Coverage("files touched that are generated or vendored", *self.unwritten),
        )


def select(history: History, selection: Selection, *, gap_days: int = GAP_DAYS) -> Selected:
    """Select changes and touched paths.

    Raises
    ------
    HistoryError
        If the window holds no change.
    BoundariesError
        If the unit of change is not one that these facts hold.
    """
    if selection.unit == "commit":
        raise BoundariesError(
            "conway.toml: [changes] unit = 'commit' needs the files of every merged commit, "
            "which are not mined; choose 'mainline' or 'ticket'"
        )
    changes = history.changes
    since, until = _window(changes, selection)
    changes = changes[changes["committer_time"] < until]
    inside = changes["committer_time"] >= since
    files = _touched(history)
    reasons = _reasons(changes, files=files, selection=selection)
    counts = {"changes on the mainline in the window": int(inside.sum())}
    for reason, text in _REASONS.items():
        counts[text] = int((inside & (reasons == reason)).sum())
    chosen = changes[reasons == ""].reset_index(drop=True)
    chosen = chosen.assign(
        set=_sets(chosen, history=history, selection=selection, since=since, gap=gap_days)
    )
    files = _without(files, selection.exclude)
    columns = ["set", "repository", "change", "committer_time"]
    files = files.merge(chosen[columns], on=["repository", "change"], how="inner")
    if files.empty:
        raise HistoryError(
            "no selected change touches any path: "
            f"{', '.join(f'{count} {what}' for what, count in counts.items() if count)}; "
            "check [changes] exclude, bots and releases"
        )
    files, unwritten = _unwritten(history, files, selection=selection)
    return Selected(
        changes=chosen,
        files=files,
        since=since,
        until=until,
        several=len(set(history.changes["repository"])) > 1,
        counts=counts,
        unwritten=unwritten,
    )


_REASONS = {
    "skipped": "changes that could not be read",
    "robot": "robots' changes, left out",
    "release": "changes of version manifests, changelogs and lock files only, left out",
}


def _window(changes: pd.DataFrame, selection: Selection) -> tuple[int, int]:
    """Return the window: as selected, else from the first change to after the last."""
    if changes.empty:
        raise HistoryError("the history holds no change")
    times = changes["committer_time"].to_numpy()
    since = int(times.min()) if selection.since is None else selection.since
    until = int(times.max()) + 1 if selection.until is None else selection.until
    if selection.since is not None and selection.until is not None and since >= until:
        raise HistoryError("the window is empty: since is not before until; swap them")
    if not ((times >= since) & (times < until)).any():
        first, last = (pd.Timestamp(t, unit="s").date() for t in (times.min(), times.max()))
        raise HistoryError(
            f"the window holds no change: the history runs from {first} to {last}; "
            "check --since, --until and [window]"
        )
    return since, until


def _touched(history: History) -> pd.DataFrame:
    """Return one row per change and path that it touches, both sides of a rename."""
    rows = history.change_files
    rows = rows.assign(today=current_paths(history).to_numpy())
    columns = ["repository", "change", "position", "path", "today"]
    renamed = rows[rows["old_path"].notna() & (rows["status"] == "R")]
    old = renamed.assign(path=renamed["old_path"])
    return pd.concat([rows[columns], old[columns]], ignore_index=True)


def _reasons(changes: pd.DataFrame, *, files: pd.DataFrame, selection: Selection) -> pd.Series:
    """Return for each change why it is left out, empty where it counts."""
    reasons = pd.Series("", index=changes.index, dtype=object)
    if selection.releases == "separate":
        names = files["path"].drop_duplicates()
        manifests = set(names[names.map(is_release_file)])
        only = files["path"].isin(manifests).groupby(files["change"]).all()
        kind = changes["kind"] != "root"
        reasons[kind & changes["change"].map(only).eq(True)] = "release"  # noqa: FBT003
    if selection.bots == "exclude":
        reasons[changes["robot"]] = "robot"
    reasons[changes["skipped"].notna()] = "skipped"
    return reasons


def _sets(
    changes: pd.DataFrame, *, history: History, selection: Selection, since: int, gap: int
) -> np.ndarray:
    """Number change sets; one that reaches over the start of the window is cut there."""
    linked = link(changes, history.change_links, unit=selection.unit, gap_days=gap).to_numpy()
    inside = (changes["committer_time"] >= since).to_numpy()
    codes, _ = pd.factorize(pd.MultiIndex.from_arrays([linked, inside]))
    return codes


def _unwritten(
    history: History, files: pd.DataFrame, *, selection: Selection
) -> tuple[pd.DataFrame, tuple[int, int]]:
    """Count generated and vendored paths; drop them where the selection says so."""
    names = files[["repository", "path"]].drop_duplicates()
    made = pd.MultiIndex.from_frame(origins(history)[["repository", "path"]])
    counts = int(pd.MultiIndex.from_frame(names).isin(made).sum()), len(names)
    if selection.generated == "include":
        return files, counts
    here = pd.MultiIndex.from_frame(files[["repository", "path"]])
    return files[~here.isin(made)].reset_index(drop=True), counts


def _without(files: pd.DataFrame, patterns: tuple[str, ...]) -> pd.DataFrame:
    """Drop excluded paths."""
    if not patterns:
        return files
    names = files[["repository", "path"]].drop_duplicates()
    excluded = PathPatterns(patterns, tuple(sorted(set(files["repository"]))))
    gone = names[
        [
            excluded.matches(path, repository=repository)
            for repository, path in names.itertuples(index=False, name=None)
        ]
    ]
    keys = pd.MultiIndex.from_frame(files[["repository", "path"]])
    return files[~keys.isin(pd.MultiIndex.from_frame(gone))]
