# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From a finding to a tested plan
#
# Somebody wants to reorganise. What does the history say against it, what for it, and what can it
# not say? The sample `bank` (six repositories, a table of teams, fifteen months) is built into a
# temporary folder; to look at your own, set `repositories` and `config` to it.

# %%
import tempfile
from dataclasses import replace
from pathlib import Path

import conway
from conway.advice import Label
from sample_repos.bank import build_bank

folder = Path(tempfile.mkdtemp())
repositories = build_bank(folder / "bank")
config = Path("../sample_repos/bank.toml")

# %%
history = conway.mine(*repositories)
boundaries = conway.read_boundaries(config, history)
assessment = conway.assess(history, boundaries)
assessment

# %% [markdown]
# ## The finding
#
# Where what teams own and what they work on disagree, the strongest first.

# %%
assessment.gaps[:5]

# %% [markdown]
# ## A plan of one's own
#
# Two ideas for the same finding, and the tempting one that ends every handoff: one team for all.
# `held_out` is the last quarter, with people in the teams that they were in before it.

# %%
plans = {
    "give onboarding away": [conway.Reassign("onboarding", to="channels")],
    "ledger to payments": [conway.Reassign("ledger", to="payments")],
    "one team": [conway.MergeTeams(tuple(boundaries.teams()), "everybody")],
}
compared = conway.compare(assessment, plans)
compared

# %% [markdown]
# One team needs no handoffs, and has one stream of delivery left. Whom each plan makes worse off,
# what every team would have to approve and to know, and what stays unknown:

# %%
ours = compared.outcomes[0]
print(ours.explain())

# %%
ours.worse, ours.knowledge

# %% [markdown]
# ## What the search would do
#
# The same question to the search: fitted on half a year, tested on the quarter after it, held
# against the same services given to other teams. `bound` says how much any plan within the limits
# could save on the work that it was fitted on; doing nothing is on the Pareto front.

# %%
plan = conway.recommend(assessment, moves=3)
print(plan.explain())

# %%
plan.to_json()["plan"]["bound"], plan.pareto

# %% [markdown]
# ## Would such advice have worked before?

# %%
trial = conway.backtest(history, boundaries)
trial

# %% [markdown]
# ## A move that nobody thought of
#
# Any function from label to label is a move. Here: the services of one team are released as one.
# Lockstep falls, and so does the number of independent streams of releases. That is why the search
# refuses it.


# %%
def one_train(label: Label) -> Label:
    """Release what the core team owns together."""
    return replace(label, unit="core train") if label.team == "core" else label


outcome = conway.simulate(assessment, [conway.Custom("One train for core", one_train)])
outcome.to_pandas()

# %% [markdown]
# ## The report

# %%
conway.report(assessment, plan, trial, outcome=compared).save(folder / "review.html")

# %% [markdown]
# ## A real organisation
#
# Where the public repositories of GOV.UK are at hand, the same on four years of theirs: what the
# search finds in a window, and what it says about it.

# %%
govuk = Path("../../shared/histories/govuk")
bundles = sorted(govuk.glob("*.bundle"))[:12]
if bundles:
    table = govuk.parent.resolve() / "govuk-teams.csv"
    toml = folder / "govuk.toml"
    toml.write_text(f'[teams]\nsource = "{table}"\n[window]\nsince = "2024-01-01"\n')
    real = conway.mine(*bundles)
    measured = conway.assess(real, conway.read_boundaries(toml, real))
    print(conway.recommend(measured, moves=3).explain())
else:
    print("not here: the sample alone was shown")
