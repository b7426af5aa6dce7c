"""Which changes do nothing new: reverts, picks, mass reformats.

In:  a history.
Out: for each change why it repeats another one or only changes looks, empty where it is work
     of its own. Such changes count everywhere but in pair graphs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from conway.history.record import History

IGNORED = ".git-blame-ignore-revs"
_LINE = re.compile(r"^\s*([0-9a-f]{40}(?:[0-9a-f]{24})?)\s*(?:#.*)?$", re.MULTILINE)


def repeats(history: History) -> pd.Series:
    """Return why each change is no work of its own.

    Returns
    -------
    pandas.Series
        Aligned with ``history.changes``: ``revert`` or ``pick`` where a trailer names a
        commit of the repository, ``same content`` where an earlier change went between the
        same two contents (either way round), ``reformat`` where the repository's own list
        of commits to ignore names it; else empty.
    """
    import pandas as pd

    changes = history.changes
    found = pd.Series("", index=changes.index, dtype="str", name="repeats")
    known = changes[changes["patch"].notna()]
    again = known.duplicated(["repository", "patch"])
    found[again.index[again]] = "same content"
    found[reformats(history).to_numpy()] = "reformat"
    found[changes["picked_from"].notna()] = "pick"
    taken = pd.MultiIndex.from_frame(reverted(history)[["repository", "change"]])
    found[pd.MultiIndex.from_frame(changes[["repository", "change"]]).isin(taken)] = "revert"
    return found


def reverted(history: History) -> pd.DataFrame:
    """Return which change takes back which, by the words that git and GitHub write.

    Returns
    -------
    pandas.DataFrame
        ``repository, change, reverts``: the ids of two changes of one repository, the later
        one first; in mainline order of ``change``, each pair once.
    """
    import pandas as pd

    changes, commits = history.changes, history.commits
    by_commit = changes.loc[changes["reverts"].notna(), ["repository", "change", "reverts"]]
    home = commits[["repository", "commit", "change"]]
    home = home.rename(columns={"commit": "reverts", "change": "of"})
    links = history.change_links
    named = links.loc[links["kind"] == "revert", ["repository", "change", "key"]]
    named = named.assign(pull_request=named["key"].str[1:].astype("Int64"))
    requests = changes[["repository", "pull_request", "change"]].dropna(subset="pull_request")
    requests = requests.rename(columns={"change": "of"})
    columns = ["repository", "change", "of"]
    pairs = pd.concat(
        [
            by_commit.merge(home, on=["repository", "reverts"])[columns],
            named.merge(requests, on=["repository", "pull_request"])[columns],
        ]
    ).drop_duplicates()
    at = changes.set_index(["repository", "change"])["position"]
    later, earlier = (
        at.reindex(pd.MultiIndex.from_frame(pairs[["repository", column]])).to_numpy()
        for column in ("change", "of")
    )
    pairs = pairs.assign(later=later, earlier=earlier)[later > earlier]
    pairs = pairs.sort_values(["repository", "later", "earlier"], ignore_index=True)
    return pairs[columns].rename(columns={"of": "reverts"})


def reformats(history: History) -> pd.Series:
    """Return which changes ``.git-blame-ignore-revs`` names, as of the newest change.

    A merge is one if the list names it, or every commit that it brings.

    Returns
    -------
    pandas.Series
        Whether each row of ``history.changes`` is one.
    """
    import pandas as pd

    changes = history.changes
    ignored = _ignored(history.boundary_files)
    none = pd.Series(data=False, index=changes.index, name="reformat")
    if ignored.empty:
        return none
    commits = history.commits
    listed = pd.MultiIndex.from_frame(commits[["repository", "commit"]]).isin(ignored)
    own = (commits["commit"] == commits["change"]).to_numpy()
    merger = own & (commits["parents"] > 1).to_numpy()
    keys = [commits["repository"], commits["change"]]
    brought = pd.Series(listed | merger).groupby([key.to_numpy() for key in keys]).all()
    some = pd.Series(listed).groupby([key.to_numpy() for key in keys]).any()
    named = pd.MultiIndex.from_frame(commits.loc[listed & own, ["repository", "change"]])
    whole = (brought & some)[lambda is_all: is_all].index
    here = pd.MultiIndex.from_frame(changes[["repository", "change"]])
    return pd.Series(here.isin(named) | here.isin(whole), index=changes.index, name="reformat")


def _ignored(boundary_files: pd.DataFrame) -> pd.MultiIndex:
    """Return repository and id of each commit on the newest list."""
    import pandas as pd

    lists = boundary_files[boundary_files["path"] == IGNORED]
    newest = lists.drop_duplicates("repository", keep="last").dropna(subset="content")
    pairs = [
        (repository, oid)
        for repository, text in zip(newest["repository"], newest["content"], strict=True)
        for oid in _LINE.findall(text)
    ]
    return (
        pd.MultiIndex.from_tuples(pairs, names=["repository", "commit"])
        if pairs
        else (pd.MultiIndex.from_arrays([[], []], names=["repository", "commit"]))
    )
