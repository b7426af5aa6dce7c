"""Results of recommend and backtest as the report reads them, written by hand."""

from __future__ import annotations

from tests.reporting.examples import Result, interval, unknown


def _move(kind: str, title: str, gain: float, half: float, grade: str = "C") -> Result:
    return {
        "kind": kind, "title": title, "service": None, "to": None, "parts": None,
        "pattern": None, "files": None, "gain_fit": interval(gain * 1.3, half * 0.7),
        "gain_held_out": interval(gain, half), "grade": grade, "survives": 0.94,
        "disruption": 1.0, "affected": ["checkout", "payments"],
        "evidence": {"saved_in_window": 41.5, "change_sets": 61, "sets": ["shop@1f0c9e"],
                     "change_sets_by_team": {"checkout": 42, "payments": 19}},
        "edit": "--- CODEOWNERS\n-/ledger/ @shop/payments\n+/ledger/ @shop/checkout",
        "costs": "payments hands over ledger: two people pair for two weeks.",
        "indicator": "Handoffs from checkout to payments fall below 4 of 100 change sets.",
        "stop_rule": "Stop when they have not fallen below 6 of 100 after 90 days.",
    }  # fmt: skip


def plan() -> Result:
    """Return a plan of four moves that passes its placebo."""
    delegate = _move("Delegate", "Let each team approve its own lines in platform-auth/policies",
                     3.4, 1.2, "B") | {
        "pattern": "/platform-auth/policies/**", "to": "storefront", "disruption": 0.2,
        "affected": ["platform", "storefront"],
        "costs": "platform loses the veto on policy files; it keeps the test that guards them.",
    }  # fmt: skip
    return {
        "schema": "conway.recommend/1",
        "moves": [
            _move("Reassign", "Move ledger from payments to checkout", 4.6, 2.1)
            | {"service": "ledger", "to": "checkout"},
            _move("Reassign", "Move recommendations from discovery to storefront", 2.2, 1.9)
            | {"service": "recommendations", "to": "storefront",
               "affected": ["discovery", "storefront"]},
            _move("SplitService", "Split web-shop and give its checkout half to checkout", 1.9, 2.4)
            | {"service": "web-shop", "parts": {"web-checkout": ["web-shop/checkout/**"],
                                                "web-browse": ["web-shop/browse/**"]}},
            delegate,
            _move("Decouple", "Take pricing.py out of cart and orders", 0.8, 1.0, "D")
            | {"files": ["orders/pricing.py"], "edit": None},
        ],
        "plan": {
            "before": {"handoffs_per_100": interval(31.2, 2.9),
                       "lockstep_per_100": interval(18.4, 2.1),
                       "single_team_share": interval(0.66, 0.028),
                       "autonomous_share": interval(0.60, 0.03), "streams": interval(2.9, 0.3)},
            "after": {"handoffs_per_100": interval(19.8, 2.4),
                      "lockstep_per_100": interval(17.9, 2.1),
                      "single_team_share": interval(0.77, 0.026),
                      "autonomous_share": interval(0.70, 0.03), "streams": interval(3.5, 0.3)},
            "held_out": {"handoffs_per_100": interval(8.9, 3.1),
                         "lockstep_per_100": interval(0.4, 0.6),
                         "autonomous_share": interval(0.07, 0.03), "streams": interval(0.4, 0.3),
                         "gain": interval(9.3, 3.2), "placebo_largest": interval(10.8, 4.1),
                         "placebo_other": interval(11.9, 4.2),
                         "passes": True},
            "bound": 14.2,
            "pareto": [{"moves": 1, "gain": 5.9, "disruption": 1.0},
                       {"moves": 2, "gain": 9.1, "disruption": 2.0},
                       {"moves": 3, "gain": 11.4, "disruption": 2.2}],
        },
        "null_gain": interval(1.8, 1.1), "message": "",
    }  # fmt: skip


def no_move() -> Result:
    """Return a plan where nothing survived."""
    full = plan()
    return full | {
        "moves": [], "message": "The best plan saved no more handoffs on unseen work than moving "
        "the same services to any other team.",
        "plan": full["plan"] | {"held_out": unknown("no move survives")},
    }  # fmt: skip


def trial() -> Result:
    """Return a rolling backtest over three folds."""
    cuts = (("2024-01-01", "2024-07-01", "2024-07-08", "2024-10-07", 7.1),
            ("2024-04-01", "2024-09-30", "2024-10-07", "2025-01-06", 9.8),
            ("2024-07-01", "2024-12-30", "2025-01-06", "2025-04-07", 8.3))  # fmt: skip
    return {
        "schema": "conway.backtest/1",
        "folds": [{"train": [a, b], "test": [c, d], "moves": ["Move ledger to checkout"],
                   "gain": interval(gain, 4.0)} for a, b, c, d, gain in cuts],
        "gain": interval(8.4, 2.6), "oracle_share": interval(0.61, 0.12),
        "baselines": {"nothing": 0.0, "random": interval(-4.1, 2.0), "load_only": interval(0.6, 2),
                      "leiden": interval(3.1, 2.4), "largest_team": interval(-1.5, 2.2),
                      "other_team": interval(-2.6, 2.0)},
        "placebo": interval(9.9, 3.1), "placebo_other": interval(11.0, 3.0),
    }  # fmt: skip


def planned() -> Result:
    """Return two plans side by side, the second with a team over its capacity."""
    before = {"handoffs_per_100": interval(31.2, 2.9), "lockstep_per_100": interval(18.4, 2.1),
              "single_team_share": interval(0.66, 0.03), "autonomous_share": interval(0.6, 0.03),
              "streams": interval(2.9, 0.3)}  # fmt: skip
    change = {name: interval(-2.0, 1.0) for name in before}
    compared = {"before": before, "after": before, "change": change}
    one = {
        "schema": "conway.simulate/1", "name": "Two teams",
        "window": {"from": "2024-01-01", "until": "2025-06-29",
                   "held_out_from": "2025-03-31", "held_out_until": "2025-06-29"},
        "moves": [{"kind": "Reassign", "title": "Give ledger to checkout"}],
        **compared, "held_out": compared,
        "pairs": [{"from": "platform", "to": "checkout", "before": 1, "after": 4},
                  {"from": "checkout", "to": "payments", "before": 19, "after": 2}],
        "loads": [{"team": "checkout", "before": 400, "after": 450, "busiest_week_before": 9,
                   "busiest_week_after": 12, "capacity": 10, "weeks_over_before": 0,
                   "weeks_over_after": 3}],
        "cognitive": [{"team": "checkout", "services_before": 2, "services_after": 5,
                       "files_before": 90, "files_after": 120, "revisions_before": 800,
                       "revisions_after": 950, "exceeds": True}],
        "knowledge": [{"service": "ledger", "to": "checkout", "share": 0.05,
                       "enough_people": False}],
        "stages": [{"from": "2025-07-01", "moves": 1, "handoffs_saved_per_100": 2.0,
                    "lockstep_saved_per_100": 0}],
        "without_effect": ["Give cart to checkout"], "unknown": ["how people would adapt"],
        "seed": 0,
    }  # fmt: skip
    return {
        "schema": "conway.compare/1",
        "plans": [one, {**one, "name": "One team", "stages": []}],
        "differences": [{"plan": "One team", "than": "Two teams", "per_100": interval(1.5, 1.0)}],
    }
