# Needs Python >= 3.11, git and make; everything else goes into .venv.
#
#   make demo   build a sample repository and analyse it into demo/
#   make test   the quick tests
#   make lint   format, lint, types, layers
#   make long   the marked tests, notebooks and browser tests
#   make bench      mining against git and PyDriller; time and memory of the whole job
#   make evaluate   what the advice saves on history it has not seen
#   make docs       print the generated pages, pair the notebooks, build build/docs

PYTHON ?= $(shell for python in python3.11 python3 python3.13 python3.12; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -q -c constraints.txt
PYTEST := $(BIN)/python -m pytest -q -n auto
SPHINX := $(BIN)/python -m sphinx -q -W --keep-going -b html docs build/docs

.PHONY: help demo test lint long bench evaluate docs clean
help:
	@sed -n '3,9s/^# *//p' Makefile

.venv/.made:
	@test -n "$(PYTHON)" || { echo "conway needs Python 3.11 or newer" >&2; exit 1; }
	@echo "making .venv with $(PYTHON); the first time takes a minute or two"
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.core: .venv/.made pyproject.toml constraints.txt
	$(PIP) -e .
	@touch $@

.venv/.dev: .venv/.core
	$(PIP) -e ".[dev,report]"
	@touch $@

demo: .venv/.core
	@rm -rf build/shop build/shop.truth.json && mkdir -p build
	$(BIN)/python -m sample_repos shop build/shop
	$(BIN)/conway run build/shop -b sample_repos/shop.toml -o demo
	@echo "the report: $(CURDIR)/demo/review.html"

test: .venv/.dev
	$(PYTEST)

lint: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/.dask: .venv/.dev
	$(PIP) -e ".[dask]"
	@touch $@

.venv/.docs: .venv/.dev
	$(PIP) -e ".[docs]"
	@touch $@

long: .venv/.dev .venv/.dask .venv/.docs
	$(PYTEST) -m "slow or real or dask or browser"
	$(SPHINX)

bench: .venv/.dev
	$(BIN)/python -m tests.benchmarks.mining
	$(BIN)/python -m tests.benchmarks.bench
	$(BIN)/python -m tests.benchmarks.delivery

evaluate: .venv/.dev
	$(BIN)/python -m tests.evaluations

docs: .venv/.docs
	$(BIN)/python docs/generate.py
	$(BIN)/jupytext --quiet --to ipynb --update notebooks/*.py
	$(SPHINX)

clean:
	rm -rf .venv build demo
