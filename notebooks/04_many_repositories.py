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
# # Many repositories
#
# Changes in different repositories that belong together are one change set. The sample `bank` has
# one service a repository; to look at your own, set `repositories` and `config` to them.

# %%
import tempfile
from pathlib import Path

import conway
from sample_repos import build_bank

folder = Path(tempfile.mkdtemp())
repositories = build_bank(folder / "bank")
config = Path("../sample_repos/bank.toml")

# %% [markdown]
# ## Facts of all of them
#
# `jobs` processes read at a time. A cluster takes the place of the processes with one line, see
# [Past one machine](../docs/past-one-machine.md).

# %%
history = conway.mine(*repositories, jobs=2)
history

# %% [markdown]
# ## What belongs together
#
# By ticket, by branch name within days, by explicit link. The coverage table says how many changes
# were joined, and how many robots' changes were left out.

# %%
boundaries = conway.read_boundaries(config, history)
assessment = conway.assess(history, boundaries)
assessment

# %%
assessment.to_pandas("coverage")

# %% [markdown]
# ## Who needs whom, across repositories

# %%
conway.plot.handoffs(assessment)

# %% [markdown]
# ## Repositories that change together

# %%
conway.plot.coupling(assessment)

# %%
assessment.to_pandas("coupling").head(10)
