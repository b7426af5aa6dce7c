"""The shop's CODEOWNERS as they change over time: a step in, the file's text out."""

from __future__ import annotations

from sample_repos.shop_tables import SERVICES

#: The steps: as begun, a team renamed, a new service's line, a line for the documentation.
BEGUN, RENAMED, GROWN, DOCUMENTED = range(4)
RENAMED_TEAM = ("logistics", "delivery")  # logistics was called delivery at first
CENTRAL_PATTERN = "**/deploy/"
WORKERS = {"search": "discovery", "notifications": "storefront"}
HALF = ("services/orders/dispatch", "logistics")


def declared_owner(service: str) -> str:
    """Return the team that CODEOWNERS gives a service in the shop as it is, not repaired."""
    return next(one.owner for one in SERVICES if one.name == service)


def codeowners(step: int, *, repaired: bool) -> str:
    """Return the file's text as of a step."""
    lines = ["# Who approves what", "", "# services"]
    for service in SERVICES:
        if service.born and step < GROWN:
            continue
        owner = WORKERS.get(service.name, service.owner) if repaired else service.owner
        lines.append(f"/{service.root}/ {_handle(owner, step)}")
        if repaired and HALF[0].startswith(service.root + "/"):
            lines.append(f"/{HALF[0]}/ {_handle(HALF[1], step)}")
    approvers = ["platform", "discovery", "logistics", "payments", "storefront"]
    handles = [_handle(team, step) for team in (approvers if repaired else approvers[:1])]
    lines += ["", "# whatever runs in production", f"{CENTRAL_PATTERN} {' '.join(handles)}"]
    if step >= DOCUMENTED:
        lines += ["", "/docs/ @shop/storefront"]
    return "\n".join(lines) + "\n"


def _handle(team: str, step: int) -> str:
    now, before = RENAMED_TEAM
    return f"@shop/{before if team == now and step < RENAMED else team}"
