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
# # Who waits for whom
#
# From the headline down to the files: how much one team can ship alone, who needs whom and what
# for, what moved it, what is known of waits and of the four constraints, and how much of it hangs
# on the settings. The sample repository `bank` (six repositories, fifteen months) is built into a
# temporary folder; to look at your own, set `repositories` and `config` to it.

# %%
import tempfile
from pathlib import Path

import conway
from sample_repos import build_bank

folder = Path(tempfile.mkdtemp())
repositories = build_bank(folder / "bank")
config = Path("../sample_repos/bank.toml")

# %%
history = conway.mine(*repositories)
boundaries = conway.read_boundaries(config, history)
assessment = conway.assess(history, boundaries)
assessment

# %% [markdown]
# ## The headline
#
# A change set is *autonomous* if one team can write, approve and release it alone. *Streams* are
# how many change sets go on beside each other without needing a common team.

# %%
conway.plot.autonomy_trend(assessment)

# %%
conway.plot.streams_trend(assessment)

# %% [markdown]
# What moved the streams from quarter to quarter: how work is distributed over the teams, or how
# much change sets need other teams. Both are logarithms and add up to the step of the streams.

# %%
steps = assessment.to_pandas("parallelism.teams.trend")
steps.filter(regex="from|until|changes|streams.value|step.*value")

# %% [markdown]
# ## Who needs whom
#
# Through approval: another team must approve files that the author's team may not. Through
# authorship: another team's people wrote commits of the same change set. `visiting` counts the
# change sets in which the author's team owns none of the files; `intended` those that teams mean
# to have.

# %%
conway.plot.handoffs(assessment)

# %%
pairs = assessment.to_pandas("handoff_pairs")
pairs[["from", "to", "changes", "per_100.value", "visiting", "intended", "written"]].head(10)

# %%
result = assessment.to_json()
result["handoff_ways"]

# %% [markdown]
# How the first pair moved, and what stands behind it: services, files, rules and change sets.

# %%
trend = assessment.to_pandas("handoff_trend")
first = result["handoff_pairs"][0]
trend[(trend["from"] == first["from"]) & (trend["to"] == first["to"])]

# %%
first["services"], first["files"], first["rules"], first["sets"]

# %% [markdown]
# ## What must be released together

# %%
assessment.to_pandas("lockstep.units").head(10)

# %% [markdown]
# ## Does anybody wait?
#
# A handoff says that a second team was needed, not that anyone waited. Waits are shown as excess
# over what chance and size explain; "not established" is a result.

# %%
result["waits"]

# %% [markdown]
# ## The four constraints
#
# Validation, integration, coordination and release: measured, a proxy from git, or unknown.

# %%
assessment.to_pandas("constraints")

# %%
result["largest_observed"]

# %% [markdown]
# ## How much hangs on the settings
#
# The same headline under other choices, and if some of the authors were in fact in another team.

# %%
choices = assessment.to_pandas("sensitivity")
choices.filter(regex="choice|setting|counted|autonomous_share.value|handoffs.*value|^streams.value")

# %%
assessment.to_pandas("inference.effects").filter(regex="errors|status|value")

# %% [markdown]
# ## The same on 48 repositories of one organisation
#
# Only where the real histories are present; reading them takes two minutes.

# %%
real = Path("../../shared/histories")
bundles = sorted((real / "govuk").glob("*.bundle"))
if bundles:
    store = folder / "govuk.conway"
    govuk = conway.mine(*bundles, store=store, jobs=2)
    table = (real / "govuk-teams.csv").resolve()
    toml = folder / "govuk.toml"
    toml.write_text(f'[teams]\nsource = "{table}"\n[window]\nsince = "2022-01-01"\n')
    organisation = conway.assess(govuk, conway.read_boundaries(toml, govuk))
    print(organisation.explain())
    columns = ["from", "to", "changes", "per_100.value", "visiting", "written"]
    print(organisation.to_pandas("handoff_pairs")[columns].head(10).to_string())
