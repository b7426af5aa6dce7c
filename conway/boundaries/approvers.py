"""The fewest teams that can approve a change.

In:  for every owned file of a change set, the teams that may each approve it.
Out: all smallest sets of teams that hold one of each (minimum hitting sets), exactly; a
     hostile tangle of rules ends in a small set and a warning instead of never.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

MOST_SETS = 64
MOST_STEPS = 50_000


@lru_cache(maxsize=1 << 18)
def hitting_sets(
    requirements: frozenset[frozenset[int]], *, holding: int | None = None
) -> tuple[frozenset[int], ...]:
    """Return every smallest set of teams that meets all ``requirements``.

    Parameters
    ----------
    requirements
        Each a set of alternatives; empty ones ask for nothing.
    holding
        The author's team, which is in every result. It meets the requirements that
        name it; the rest is met with as few further teams as possible.

    Returns
    -------
    tuple of frozenset
        In order of their sorted members; at most the first 64, where there are more.

    Examples
    --------
    >>> need = frozenset({frozenset({1, 2}), frozenset({2, 3}), frozenset({3})})
    >>> [sorted(teams) for teams in hitting_sets(need)]
    [[1, 3], [2, 3]]
    >>> [sorted(teams) for teams in hitting_sets(need, holding=2)]
    [[2, 3]]
    """
    held = frozenset() if holding is None else frozenset((holding,))
    left = [need for need in requirements if need and holding not in need]
    forced = {team for need in left if len(need) == 1 for team in need}
    left = [need for need in left if forced.isdisjoint(need)]
    base = held | forced
    if not left:
        return (base,)
    if len(left) == 1:
        return tuple(base | {team} for team in sorted(left[0]))[:MOST_SETS]
    return _in_order([base | chosen for chosen in _combined(left)])


def _in_order(sets: list[frozenset[int]]) -> tuple[frozenset[int], ...]:
    return tuple(sorted(sets, key=sorted)[:MOST_SETS])


def _combined(needs: list[frozenset[int]]) -> list[frozenset[int]]:
    """Solve every connected part alone and join the parts' solutions.

    Exchanging one part's solution for a smaller one makes the whole smaller in the same
    order, so the first 64 of each part are enough for the first 64 of the whole.
    """
    whole: list[frozenset[int]] = [frozenset()]
    for part in _parts(needs):
        found = _smallest(part)
        whole = list(_in_order([known | more for known in whole for more in found]))
    return whole


def _parts(needs: list[frozenset[int]]) -> list[list[frozenset[int]]]:
    """Group the requirements that share a team, directly or through others."""
    parts: list[tuple[set[int], list[frozenset[int]]]] = []
    for need in sorted(needs, key=sorted):
        members, group = set(need), [need]
        apart = []
        for others, grouped in parts:
            if members.isdisjoint(others):
                apart.append((others, grouped))
            else:
                members |= others
                group = grouped + group
        parts = [*apart, (members, group)]
    return [group for _, group in parts]


def _smallest(needs: list[frozenset[int]]) -> list[frozenset[int]]:
    """Return the smallest hitting sets of one connected part, in order.

    Works on bit masks in which the lowest team has the highest bit of its part.
    """
    needs = [need for need in needs if not any(other < need for other in needs)]
    if common := frozenset.intersection(*needs):
        return [frozenset((team,)) for team in sorted(common)[:MOST_SETS]]
    teams = sorted(frozenset().union(*needs), reverse=True)
    bit = {team: 1 << place for place, team in enumerate(teams)}
    masks = sorted(sum(bit[team] for team in need) for need in needs)
    size = _bound(masks)
    search = _Search()
    while not search.found and search.steps < MOST_STEPS:
        search.descend(masks, chosen=0, left=size)
        size += 1
    if search.steps >= MOST_STEPS:
        warnings.warn(
            f"{len(needs)} approval rules over {len(teams)} teams are too entangled for an "
            "exact smallest set of approvers; a small one is used",
            RuntimeWarning,
            stacklevel=2,
        )
        search.found = search.found or [_greedy(masks)]
    return [frozenset(team for team in teams if mask & bit[team]) for mask in search.found]


def _bound(masks: list[int]) -> int:
    """Count requirements that share no team: no smaller set can meet them."""
    used = count = 0
    for mask in sorted(masks, key=int.bit_count):
        if not mask & used:
            used |= mask
            count += 1
    return count


class _Search:
    """The sets found so far, and the steps taken."""

    def __init__(self) -> None:
        self.found: list[int] = []
        self.steps = 0

    def descend(self, masks: list[int], *, chosen: int, left: int) -> None:
        """Find the sets of ``chosen`` and ``left`` more, those with low teams first.

        Every team in turn, from the lowest that any open requirement names, is first
        taken and then left out; a branch ends when it needs more teams than are left.
        """
        while len(self.found) < MOST_SETS and self.steps < MOST_STEPS:
            self.steps += 1
            if not masks:
                self.found.append(chosen)
                return
            if not masks[0] or _bound(masks) > left:
                return
            team = 1 << (max(masks).bit_length() - 1)
            without = [mask for mask in masks if not mask & team]
            self.descend(without, chosen=chosen | team, left=left - 1)
            masks = sorted(mask & ~team for mask in masks)


def _greedy(masks: list[int]) -> int:
    """Take the team that meets most open requirements, the lowest of equals, and so on."""
    chosen = 0
    while masks:
        teams = [1 << place for place in reversed(range(max(masks).bit_length()))]
        best = max(teams, key=lambda team: sum(1 for mask in masks if mask & team))
        chosen |= best
        masks = [mask for mask in masks if not mask & best]
    return chosen
