from __future__ import annotations

from conway.boundaries.reading import read_boundaries
from conway.config import parse_config
from tests.boundaries.histories import histories_of

CATALOG = """
kind: Component
metadata: {name: cart}
spec: {owner: web}
---
kind: Group
metadata: {name: web}
spec: {type: team, parent: shop, children: [], members: [bo]}
---
kind: Group
metadata: {name: shop}
spec: {type: department, children: [ops]}
---
kind: Group
metadata: {name: ops}
spec: {type: team, children: []}
---
kind: User
metadata: {name: ann}
spec: {profile: {email: ann@example.com}, memberOf: [Web, ops]}
"""


def test_users_groups_and_their_parents() -> None:
    """From both sides: ``memberOf`` and ``members``, ``parent`` and ``children``."""
    history = histories_of(
        {"cart": [{"catalog-info.yaml": CATALOG}, {"x": ""}]},
        people=[("p1", "A", "ann@example.com"), ("p2", "Bo", "b@example.com")],
    )
    text = '[teams]\nsource = "catalog-info.yaml"\nmembers = "catalog-info.yaml"\n'
    boundaries = read_boundaries(parse_config(text), history)

    assert boundaries.members is not None
    assert boundaries.members.teams_of("p1", 0) == ("ops", "web")
    assert boundaries.members.teams_of("p2", 0) == ("web",)
    assert boundaries.structure.parents == {"web": "shop", "ops": "shop"}
    assert boundaries.teams() == ("ops", "web")
