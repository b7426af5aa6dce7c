"""Results as the report reads them: a shop, a large company, no teams, hostile names.

The shapes are those of assess.json, recommend.json and backtest.json. Numbers are made up, but
agree with each other where a reader would notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

Result = dict[str, Any]

SERVICES = (
    ("cart", "checkout", 182), ("orders", "checkout", 164), ("payments", "payments", 141),
    ("ledger", "payments", 88), ("catalogue", "discovery", 121), ("search", "discovery", 96),
    ("recommendations", "discovery", 54), ("web-shop", "storefront", 203),
    ("mobile-gateway", "storefront", 77), ("design-system", "storefront", 49),
    ("platform-auth", "platform", 118), ("platform-events", "platform", 63),
)  # fmt: skip
TEAMS = ("checkout", "discovery", "payments", "platform", "storefront")
COUNTS = (
    (148, 0, 9, 4, 21), (139, 2, 11, 3, 9), (22, 0, 108, 6, 5), (61, 0, 22, 3, 2),
    (3, 96, 0, 2, 20), (1, 81, 0, 5, 9), (0, 12, 0, 1, 41), (24, 19, 2, 6, 152),
    (6, 2, 0, 8, 61), (1, 0, 0, 1, 47), (22, 11, 17, 51, 17), (6, 3, 4, 47, 3),
)  # fmt: skip
NEEDS = (
    (301, 6, 14, 52, 28), (7, 198, 1, 17, 24), (19, 0, 121, 24, 3), (9, 6, 6, 98, 11),
    (31, 38, 4, 21, 229),
)  # fmt: skip


def interval(value: float, half: float, *, level: float = 0.95) -> Result:
    """Return a figure with a symmetric interval."""
    low, high = round(value - half, 6), round(value + half, 6)
    return {"value": value, "low": low, "high": high, "level": level}


def unknown(reason: str) -> Result:
    """Return a figure that is not known."""
    return {"value": None, "reason": reason}


QUARTERS = (
    ("2024-01-01", "2024-04-01", 0.52), ("2024-04-01", "2024-07-01", 0.50),
    ("2024-07-01", "2024-09-30", 0.54), ("2024-09-30", "2024-12-30", 0.55),
    ("2024-12-30", "2025-03-31", 0.57), ("2025-03-31", "2025-06-30", 0.61),
)  # fmt: skip


def _trend() -> list[Result]:
    return [
        {"from": since, "until": until, "changes": 190,
         "single_team_share": interval(share + 0.06, 0.06),
         "autonomous_share": interval(share, 0.06),
         "handoffs_per_100": interval(100 * (1 - share) * 0.9, 6.0),
         "lockstep_per_100": interval(21.0, 4.0)}
        for since, until, share in QUARTERS
    ]  # fmt: skip


def _streams(value: float, possible: float) -> Result:
    trend = [
        {"from": since, "until": until, "changes": 190,
         "streams": interval(value - 0.3 + share, 0.5),
         "streams_uncoupled": interval(possible, 0.4),
         "retained": interval((value - 0.3 + share) / possible, 0.06),
         "step": {"log_streams": interval(0.06, 0.05), "log_distribution": interval(-0.02, 0.03),
                  "log_coupling": interval(0.08, 0.04)}}
        for since, until, share in QUARTERS
    ]  # fmt: skip
    return {"streams": interval(value, 0.3), "streams_uncoupled": interval(possible, 0.3),
            "retained": interval(round(value / possible, 3), 0.05), "trend": trend}  # fmt: skip


def _concentration(services: list[Result], changes: int) -> Result:
    total = sum(s["changes"] for s in services)
    loads = sorted(
        ({"resource": s["name"], "load": s["changes"], "share": s["changes"] / changes}
         for s in services), key=lambda row: (-row["load"], row["resource"]),
    )  # fmt: skip
    return {"changes": changes, "lanes": len(services), "mean_footprint": total / changes,
            "balance": 0.41, "bound": changes / loads[0]["load"], "in_order": 3.4,
            "conflict_probability": 0.11, "loads": loads}  # fmt: skip


def _pairs(teams: tuple[str, ...], counts: Sequence[Sequence[int]], changes: int) -> list[Result]:
    pairs = [
        {"from": author, "to": needed, "changes": n,
         "per_100": interval(round(100 * n / changes, 2), round(20 / changes**0.5, 2)),
         "recent": {"weeks": 26, "changes": n // 3, "per_100": round(100 * n / changes, 2)},
         "visiting": n // 2,
         "intended": n if (author, needed) == ("storefront", "platform") else 0,
         "intended_as": [], "written": n // 5, "approved_and_written": n // 6,
         "rules": [{"rule": "/platform/auth/", "changes": n // 2, "sets": ["shop@0b1c2d"],
                    "files": [{"path": "platform/auth/policies/roles.yaml", "changes": n // 4}]}],
         "services": [{"name": "platform-auth", "changes": n // 2 + 1},
                      {"name": "web-shop", "changes": n // 3}],
         "files": [{"path": "platform/auth/session/token_store.py", "changes": n // 2},
                   {"path": "platform/auth/policies/roles.yaml", "changes": n // 4}],
         "sets": [f"shop@{n:02x}{i}{j}c9e41f07" for n in (3, 9, 27)]}
        for i, author in enumerate(teams)
        for j, needed in enumerate(teams)
        if i != j and (n := counts[i][j]) > 0
    ]  # fmt: skip
    return sorted(pairs, key=lambda p: (-p["changes"], p["from"], p["to"]))


def _by_quarter(pairs: list[Result]) -> list[Result]:
    return [
        {"from": pair["from"], "to": pair["to"], "since": since, "until": until,
         "changes": pair["changes"] // 6 + 1, "of": 190,
         "per_100": round(100 * (pair["changes"] // 6 + 1) / 190, 2)}
        for pair in pairs for since, until, _ in QUARTERS
    ]  # fmt: skip


def _choice(choice: str, setting: str, share: float) -> Result:
    return {"choice": choice, "setting": setting, "chosen": not setting, "counted": 1100,
            "single_team_share": interval(share + 0.06, 0.03),
            "autonomous_share": interval(share, 0.03), "handoffs_per_100": interval(31.0, 3.0),
            "lockstep_per_100": interval(18.0, 2.0), "streams": interval(2.9, 0.3),
            "streams_uncoupled": interval(4.4, 0.3), "retained": interval(0.66, 0.04)}  # fmt: skip


SENSITIVITY = [
    _choice("as measured", "", 0.60), _choice("unit of change", "ticket", 0.55),
    _choice("approvals", "every owner on a line", 0.41),
    {**_choice("linkage gap", "3 days", 0.6),
     **dict.fromkeys(("single_team_share", "autonomous_share", "handoffs_per_100", "streams"),
                     unknown("one repository"))},
]  # fmt: skip
INFERENCE = {
    "source": "inferred", "accuracy": unknown("no memberships are given to test it against"),
    "tested": 0, "not_inferred": 0,
    "effects": [{"errors": "5% of the authors are in another team", "status": "stated",
                 "single_team_share": interval(-0.02, 0.01),
                 "autonomous_share": interval(-0.02, 0.01),
                 "handoffs_per_100": interval(1.9, 1.4)}],
}  # fmt: skip

LOCKSTEP = {
    "units": [{"a": "cart", "b": "orders", "changes": 41, "per_100": 3.1},
              {"a": "ledger", "b": "payments", "changes": 18, "per_100": 1.4}],
    "unit_pairs": 9, "services": [], "service_pairs": 0,
    "trains": [{"train": "libs", "services": ["design-system", "platform-events"], "changes": 60,
                "with_other_units": 22}],
}  # fmt: skip


def shop() -> Result:
    """Return the assessment of a shop: 12 services, 5 teams, 1,148 change sets."""
    services = [{"name": n, "owner": o, "unit": n, "changes": c} for n, o, c in SERVICES]
    return {
        "schema": "conway.assess/1", "version": "0.1.0",
        "window": {"since": "2024-01-01", "until": "2025-06-29", "weeks": 78},
        "repositories": [{"name": "shop", "tip": "9f31c07be44aa0", "changes": 1320}],
        "coverage": [
            {"what": "changes on the mainline", "count": 1320, "share": 1.0, "note": ""},
            {"what": "by robots", "count": 122, "share": 0.092, "note": "left out"},
            {"what": "releases", "count": 50, "share": 0.038, "note": "counted apart"},
            {"what": "change sets measured", "count": 1148, "share": 0.87, "note": ""},
            {"what": "without an owned file", "count": 31, "share": 0.027,
             "note": "not part of autonomy"},
        ],
        "provenance": {"config_hash": "3b5d5c3712955042", "teams_source": "CODEOWNERS",
                       "services_source": "conway.toml", "authors": "inferred",
                       "python": "3.11.7", "git": "2.39.5"},
        "changes": 1148, "services": services,
        "teams": [{"name": t, "services": 3, "changes": 230, "approvals": 80} for t in TEAMS],
        "autonomy": {"single_team_share": interval(0.66, 0.028),
                     "autonomous_share": interval(0.60, 0.03),
                     "handoffs_per_100": interval(31.2, 2.9),
                     "lockstep_per_100": interval(18.4, 2.1), "trend": _trend()},
        "parallelism": {"teams": _streams(2.9, 4.4), "units": _streams(5.1, 8.2)},
        "concentration": {"services": _concentration(services, 1148),
                          "teams": _concentration(services[:5], 1148)},
        "constraints": [
            {"constraint": "validation", "measure": "hours that a run takes (median)",
             "value": unknown("no pipeline runs were given"), "unit": "hours", "source": "",
             "status": "unknown", "beside": None, "teams": []},
            {"constraint": "integration", "measure": "share of change sets with a shared file",
             "value": interval(0.141, 0.02), "unit": "share", "source": "git", "status": "proxy",
             "beside": None, "teams": []},
            {"constraint": "coordination", "measure": "hours from opening to approval (median)",
             "value": interval(20.2, 2.9), "unit": "hours", "source": "prs.json",
             "status": "measured", "teams": [],
             "beside": {"measure": "share of change sets that were reverted", "value": 0.02}},
            {"constraint": "release", "measure": "lockstep releases per 100 change sets",
             "value": interval(18.4, 2.1), "unit": "per 100", "source": "git",
             "status": "proxy", "beside": None, "teams": []},
        ],
        "largest_observed": unknown("only the wait of coordination was measured") | {
            "unobserved": ["validation", "integration", "release"],
            "stages": [{"constraint": "coordination", "hours": interval(20.2, 2.9),
                        "measure": "hours from opening to approval (median)",
                        "rises_with_load": interval(0.3, 0.4), "binds": False}]},
        "absorption": unknown("unmerged work is not in the history"),
        "waits": unknown("the history does not say when work was ready"),
        "handoff_pairs": _pairs(TEAMS, NEEDS, 1148),
        "handoff_trend": _by_quarter(_pairs(TEAMS, NEEDS, 1148)), "lockstep": LOCKSTEP,
        "sensitivity": SENSITIVITY, "inference": INFERENCE,
        "handoff_ways": {"approval_per_100": interval(31.2, 2.9), "counted": 1148,
                         "intended_per_100": interval(1.8, 0.4),
                         "unintended_per_100": interval(29.4, 2.8),
                         "written_per_100": interval(6.1, 0.9), "sets_of_several_commits": 512},
        "handoff_matrix": {"teams": list(TEAMS), "counts": [list(row) for row in NEEDS]},
        "service_team": {"services": [n for n, _, _ in SERVICES], "teams": list(TEAMS),
                         "counts": [list(row) for row in COUNTS],
                         "owners": [TEAMS.index(o) for _, o, _ in SERVICES]},
        "alignment": {"ami": interval(0.58, 0.07), "ari": 0.49, "stability": 0.91,
                      "clusters": [{"services": ["cart", "ledger", "orders", "payments"]},
                                   {"services": ["catalogue", "search"]},
                                   {"services": ["design-system", "mobile-gateway",
                                                 "recommendations", "web-shop"]},
                                   {"services": ["platform-auth", "platform-events"]}]},
        "congruence": 0.71, "coupling": _coupling(SERVICES),
        "file_coupling": [{"a": "orders/pricing.py", "b": "cart/totals.py", "joint": 31,
                           "degree": 0.62}],
        "gaps": [
            {"kind": "owner_mismatch", "title": "payments owns ledger, but checkout makes 69 % of "
             "its change sets", "services": ["ledger"], "teams": ["payments", "checkout"],
             "strength": interval(4.4, 1.1), "unit": "handoffs per 100 change sets", "changes": 61,
             "evidence": {"sets": ["shop@1f0c9e", "shop@77b2aa"], "share": 0.69,
                          "files": [{"path": "ledger/book.py", "changes": 40}]}},
            {"kind": "owner_mismatch", "title": "discovery owns recommendations, but storefront "
             "makes 76 % of its change sets", "services": ["recommendations"],
             "teams": ["discovery", "storefront"], "strength": 0.76, "changes": 41,
             "evidence": {"sets": ["shop@9a0b1c"], "files": []}},
            {"kind": "cross_team_coupling", "title": "cart and orders change together with "
             "pricing.py in 31 change sets", "services": ["cart", "orders"], "teams": ["checkout"],
             "strength": interval(0.42, 0.08), "changes": 31,
             "evidence": {"sets": ["shop@c0ffee"], "files": ["orders/pricing.py"]}},
            {"kind": "no_owner", "title": "tools has no owner", "services": ["tools"], "teams": [],
             "strength": unknown("no team"), "changes": 12, "evidence": {"sets": [], "files": []}},
        ],
        "ai": {"share": 0.11},
    }  # fmt: skip


def _coupling(services: Sequence[tuple[str, str, int]]) -> list[Result]:
    names = [row[0] for row in services]
    pairs = [
        {"a": min(a, b), "b": max(a, b), "joint": 60 // (2 * i + j + 1),
         "degree": round(0.5 / (i + j / 2 + 1), 3), "q_value": 0.0004 * (i + j),
         "forecast": interval(round(9.5 / (2 * i + j + 1), 1), 1.2)}
        for i, a in enumerate(names[:8])
        for j, b in enumerate(names[i + 1 : i + 4])
    ]  # fmt: skip
    return sorted(pairs, key=lambda p: (-p["forecast"]["value"], p["a"], p["b"]))


def large() -> Result:
    """Return an assessment with 69 services, 20 teams and 48 repositories."""
    teams = tuple(
        f"team-{name}"
        for name in [
            "accounts",
            "alerts",
            "billing",
            "content",
            "data",
            "design",
            "editor",
            "feeds",
            "growth",
            "identity",
            "infra",
            "licensing",
            "mobile",
            "network",
            "onboarding",
            "publishing",
            "quality",
            "search",
            "sites",
            "support",
        ]
    )
    rows = tuple((f"service-{i:02d}-{'controller' if i % 3 else 'api'}", teams[i % 20],
                  400 // (i + 1) + 9) for i in range(69))  # fmt: skip
    counts = [[(c * 3) // 5 if t == o else c * ((i * 7 + j * 3) % 11 == 0) // 4
               for j, t in enumerate(teams)] for i, (_, o, c) in enumerate(rows)]  # fmt: skip
    needs = [[90 - i if i == j else max(0, (i * 5 + j * 11) % 23 - 12) * (20 - i) // 6
              for j in range(20)] for i in range(20)]  # fmt: skip
    services = [{"name": n, "owner": o, "unit": n, "changes": c} for n, o, c in rows]
    return shop() | {
        "repositories": [{"name": f"repository-{i:02d}", "tip": f"{i:02x}31c07be4", "changes": 200}
                         for i in range(48)],
        "changes": 2434, "services": services,
        "teams": [{"name": t, "services": 3, "changes": 120, "approvals": 60} for t in teams],
        "handoff_pairs": _pairs(teams, needs, 2434),
        "handoff_matrix": {"teams": list(teams), "counts": needs},
        "service_team": {"services": [r[0] for r in rows], "teams": list(teams), "counts": counts,
                         "owners": [teams.index(r[1]) if i % 9 else None
                                    for i, r in enumerate(rows)]},
        "alignment": {"ami": 0.44, "ari": 0.31, "stability": 0.62, "clusters": [
            {"services": sorted(r[0] for r in rows[i::7])} for i in range(7)]},
        "coupling": _coupling(rows),
        "concentration": {"services": _concentration(services, 2434),
                          "teams": _concentration(services[:20], 2434)},
    }  # fmt: skip


def without_teams() -> Result:
    """Return the shop with no team anywhere."""
    reason = "no ownership file and no team file"
    no = unknown(reason)
    base = shop()
    return base | {
        "teams": None, "services": [s | {"owner": None} for s in base["services"]],
        "provenance": base["provenance"] | {"teams_source": "none", "authors": "unknown"},
        "autonomy": {"single_team_share": no, "autonomous_share": no, "handoffs_per_100": no,
                     "lockstep_per_100": interval(18.4, 2.1), "trend": []},
        "parallelism": {"teams": {"streams": no, "streams_uncoupled": no, "retained": no,
                                  "trend": []}, "units": _streams(5.1, 8.2)},
        "handoff_pairs": [], "handoff_matrix": {"teams": [], "counts": []},
        "service_team": {"services": [], "teams": [], "counts": [], "owners": []},
        "alignment": base["alignment"] | {"ami": no, "ari": no}, "congruence": no,
        "gaps": [g for g in base["gaps"] if g["kind"] == "no_owner"],
    }  # fmt: skip


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "pay\u202estnem\u202c",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}${7*7}<%= 7 %>",
    "javascript:alert(1)//\u2028\x1b]0;pwn\x07",
    "x" * 400,
    "\u05e9\u05dc\u05d5\u05dd-\u0645\u0631\u062d\u0628\u0627",
    "]]><!--<svg onload=alert(1)>",
    "datum.x'); alert(1); ('",
    "\ud800\ufffe\x00",
    "&lt;b&gt;",
)


def hostile() -> Result:
    """Return the shop with hostile names for services, teams, files and sources."""
    names = {name: HOSTILE[i % len(HOSTILE)] for i, (name, _, _) in enumerate(SERVICES)}
    teams = {team: HOSTILE[i] + " team" for i, team in enumerate(TEAMS)}
    return _renamed(shop(), names | teams | {"shop": HOSTILE[0], "CODEOWNERS": HOSTILE[1],
                                             "ledger/book.py": HOSTILE[2]})  # fmt: skip


def _renamed(value: Result, names: dict[str, str]) -> Result:
    return {key: _named(item, names) for key, item in value.items()}


def _named(value: object, names: dict[str, str]) -> object:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return {key: _named(item, names) for key, item in value.items()}
    return [_named(item, names) for item in value] if isinstance(value, list) else value
