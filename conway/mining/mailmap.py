"""Reads ``.mailmap``: which names and addresses are one person.

In:  the content of a ``.mailmap`` file.
Out: ``Mailmap``, which maps what a commit says to the proper name and address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.mining.texts import message_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENTRY = re.compile(r"^([^<>]*)<([^<>]*)>(?:([^<>]*)<([^<>]*)>)?\s*(?:#.*)?$")
_LARGEST = 3_000_000


@dataclass(frozen=True, slots=True)
class Mailmap:
    """Proper names and addresses by ``(address, name)``, in lower case.

    The name is empty where an entry holds for the address alone; entries that also give
    a name go first, as in git.
    """

    entries: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def proper(self, name: str, email: str) -> tuple[str, str]:
        """Return the proper name and address of who a commit names."""
        address = email.casefold()
        found = self.entries.get((address, name.casefold())) or self.entries.get((address, ""))
        if found is None:
            return name, email
        return found[0] or name, found[1] or email


def parse_mailmap(raw: bytes) -> Mailmap:
    """Return the entries of a mailmap; lines that make no sense are passed over, as in git.

    Examples
    --------
    >>> mailmap = parse_mailmap(b"Ann Lee <ann@x.org> <al@old.org>")
    >>> mailmap.proper("al", "AL@old.org")
    ('Ann Lee', 'ann@x.org')
    """
    entries: dict[tuple[str, str], tuple[str, str]] = {}
    for line in message_text(raw[:_LARGEST]).removeprefix("\ufeff").splitlines():
        if line.lstrip().startswith("#"):
            continue
        found = _ENTRY.match(line.strip())
        if not found:
            continue
        name, email = found[1].strip(), found[2].strip()
        if found[4] is None:
            entries[email.casefold(), ""] = (name, "")
        else:
            key = (found[4].strip().casefold(), (found[3] or "").strip().casefold())
            entries[key] = (name, email)
    return Mailmap(entries)
