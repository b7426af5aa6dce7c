"""Members of teams, and teams in teams, as Backstage's catalog files have them.

In:  the newest catalog files of a history.
Out: spells of its Users in Groups, and the parent of each Group.

A User is known in git by its name, its e-mail address, or both. The catalog has no dates:
what its newest version says holds always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.boundaries.dialects.backstage import BACKSTAGE, parse
from conway.boundaries.memberships import Spell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conway.boundaries.dialects.backstage import Entity, Reference
    from conway.history.record import History


def catalog_members(history: History) -> tuple[list[Spell], dict[str, str]]:
    """Return who is in which group, and which group is in which."""
    table = history.boundary_files.sort_values(["repository", "path", "position"], kind="stable")
    table = table.drop_duplicates(["repository", "path"], keep="last")
    texts = [
        text
        for path, text in zip(table["path"].tolist(), table["content"].tolist(), strict=True)
        if isinstance(text, str) and BACKSTAGE.holds(path)
    ]
    return members_in(entity for text in texts for entity in parse(text)[0])


def members_in(entities: Iterable[Entity]) -> tuple[list[Spell], dict[str, str]]:
    """Return spells and parents: from ``memberOf`` and ``members``, ``parent`` and ``children``."""
    every = list(entities)
    groups = {each.reference.key: each for each in every if each.reference.kind == "group"}
    users = {each.reference.key: each for each in every if each.reference.kind == "user"}

    def name(group: Reference) -> str:
        known = groups.get(group.key)
        return (group if known is None else known.reference).owner

    spells: dict[Spell, None] = {}
    parents: dict[str, str] = {}
    for user in users.values():
        person = (user.reference.name, user.email)
        for group in user.links.get("memberOf", ()):
            spells[Spell(person, name(group))] = None
    for entity in groups.values():
        own = entity.reference.owner
        for member in entity.links.get("members", ()):
            known = users.get(member.key)
            spells[Spell((member.name, "" if known is None else known.email), own)] = None
        for above in entity.links.get("parent", ()):
            parents[own] = name(above)
        for below in entity.links.get("children", ()):
            parents[name(below)] = own
    return list(spells), parents
