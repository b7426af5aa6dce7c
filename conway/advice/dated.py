"""Moves as of a date: work before it stays as it was.

In:  a move and a time.
Out: ``Dated``, a move itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conway.advice.move import Plain

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from conway.advice.move import Author, Label, Move, Names


@dataclass(frozen=True, slots=True)
class Dated(Plain):
    """A move as of a date: work before it stays as it was.

    Attributes
    ----------
    move
        The move.
    since
        Seconds UTC from which it holds.
    """

    move: Move
    since: int

    @property
    def kind(self) -> str:
        """The kind of the move."""
        return self.move.kind

    @property
    def services(self) -> tuple[str, ...]:
        """The services of the move."""
        return self.move.services

    @property
    def names(self) -> Names:
        """The names of the move; what it ends was there before."""
        return replace(self.move.names, gone_services=(), gone_teams=())

    @property
    def receiving(self) -> tuple[str, ...]:
        """The receiving teams of the move."""
        return self.move.receiving

    @property
    def releases(self) -> bool:
        """As the move."""
        return self.move.releases

    @property
    def moves_people(self) -> bool:
        """As the move."""
        return self.move.moves_people

    @property
    def local(self) -> bool:
        """As the move."""
        return self.move.local

    @property
    def sees_paths(self) -> bool:
        """As the move."""
        return self.move.sees_paths

    def relabel(self, label: Label) -> Label:
        """As the move, from the date on."""
        return self.move.relabel(label) if label.since >= self.since else label

    def released(self, labels: Sequence[Label]) -> frozenset[int]:
        """As the move, from the date on; a change set has one time."""
        late = bool(labels) and labels[0].since >= self.since
        return self.move.released(labels) if late else frozenset()

    def rehome(self, author: Author) -> str:
        """As the move, from the date on."""
        return self.move.rehome(author) if author.since >= self.since else author.team

    def side(self, label: Label) -> Hashable:
        """As the move."""
        return self.move.side(label)

    def owners_after(self, owners: Mapping[str, str]) -> dict[str, str]:
        """As the move."""
        return self.move.owners_after(owners)


def undated(move: Move) -> Move:
    """Return the move itself, without its date."""
    return move.move if isinstance(move, Dated) else move


def dates_of(moves: Sequence[Move]) -> tuple[int, ...]:
    """Return the dates of dated moves, sorted."""
    return tuple(sorted({move.since for move in moves if isinstance(move, Dated)}))
