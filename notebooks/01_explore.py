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
# # Explore a history
#
# Who can ship alone, who needs whom, and what would help. The sample repository `shop`
# (twelve services, five teams, eighteen months) is built into a temporary folder; to look at your
# own, set `repository` and `config` to it.

# %%
import tempfile
from pathlib import Path

import conway
from sample_repos.shop import build_shop

folder = Path(tempfile.mkdtemp())
repository = build_shop(folder / "shop")
config = Path("../sample_repos/shop.toml")

# %% [markdown]
# ## Facts
#
# Everything that git knows, unfiltered.

# %%
history = conway.mine(repository)
history

# %%
history.changes.head()

# %% [markdown]
# ## Boundaries
#
# Where services, release units and teams are, and who must approve, as of each change.

# %%
boundaries = conway.read_boundaries(config, history)
boundaries

# %% [markdown]
# ## Measure
#
# How much of the work one team can ship alone, and who needs whom.

# %%
assessment = conway.assess(history, boundaries)
assessment

# %%
conway.plot.handoffs(assessment)

# %% [markdown]
# Click a service to see its change sets over time.

# %%
conway.plot.explore(assessment)

# %% [markdown]
# ## What changes together

# %%
assessment.coupling.head(10)

# %% [markdown]
# ## Where code and organisation disagree

# %%
assessment.gaps

# %% [markdown]
# ## What would help
#
# The advice is fitted on the earlier part of the window and tested on the later one.

# %%
plan = conway.recommend(assessment, moves=5)
plan

# %% [markdown]
# ## A plan of your own

# %%
outcome = conway.simulate(assessment, [conway.Reassign("search", to="discovery")])
outcome

# %% [markdown]
# ## The report

# %%
trial = conway.backtest(history, boundaries)
conway.report(assessment, plan, trial).save(folder / "review.html")
