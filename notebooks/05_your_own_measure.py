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
# # Your own measure
#
# Every table is a pandas DataFrame and every result a plain mapping, so a question that conway
# does not ask is a group-by away. The columns are listed in [Tables](../docs/tables.md).

# %%
import tempfile
from pathlib import Path

import conway
from sample_repos import build_shop

folder = Path(tempfile.mkdtemp())
history = conway.mine(build_shop(folder / "shop"))
boundaries = conway.read_boundaries(Path("../sample_repos/shop.toml"), history)
assessment = conway.assess(history, boundaries)

# %% [markdown]
# ## From the facts
#
# How many files a change touches.

# %%
files = history.to_pandas()["change_files"]
sizes = files.groupby(["repository", "change"])["path"].nunique()
sizes.describe()

# %% [markdown]
# ## From the result
#
# Which team's services are needed by most other teams?

# %%
pairs = assessment.to_pandas("handoff_pairs")
pairs.groupby("to")["from"].nunique().sort_values(ascending=False)

# %% [markdown]
# ## As a graph
#
# Anything of networkx works on it.

# %%
import networkx as nx

graph = assessment.to_networkx()
sorted(nx.degree_centrality(graph).items(), key=lambda pair: -pair[1])[:5]

# %% [markdown]
# ## As JSON
#
# What a script reads, figure by figure: a number, an interval, or a reason.

# %%
assessment.to_json()["autonomy"]
