# `make reproduce` and `make test` do all their own set-up; `make help` lists the commands.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Any Python from 3.11 on: make env PYTHON=python3.12
PYTHON ?= python3
TORCH := 2.13.0
# Paths are relative, so that the folder may have any name, one with spaces too.
VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.complete
# -qq: errors are shown, warnings are not (of indexes that lack a package, most of them).
PIP := $(RUN) -m pip --disable-pip-version-check -qq install --root-user-action ignore
# One thread per process: the last bits of a sum depend on their number.
export OMP_NUM_THREADS := 1
# In the order of tests/conftest.py; by itself xdist takes files of few tests last, which are the longest.
PYTEST := $(RUN) -m pytest --mpl -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help env reproduce test test-slow verify verify-baseline audit bench lint docs figures-baseline lock clean

help:
	@echo 'make env               set up .venv, with the command .venv/bin/phase-diagram'
	@echo 'make reproduce         set up, then run everything from params.yaml to the figures'
	@echo 'make test              set up, then run the tests'
	@echo 'make test-slow         set up, then run the tests that take minutes: kills, faults, reruns, a cluster'
	@echo 'make verify            set up, then compare a tiny run with the results in verification/'
	@echo 'make verify-baseline   keep its results as those to compare with'
	@echo 'make audit             look for known vulnerabilities of the locked packages'
	@echo 'make bench             set up, then measure what is fast against what (benchmarks/results.md)'
	@echo 'make lint              check style and types (.pre-commit-config.yaml)'
	@echo 'make docs              set up, then build the site (docs/_build/html), warnings being errors'
	@echo 'make figures-baseline  draw the figures anew that the tests compare with'
	@echo 'make lock              choose new versions of all packages (needs uv)'
	@echo 'make clean             delete all results, those kept for resuming too'

env: $(STAMP)

# The stamp is written last: a set-up that was interrupted, or whose lock has changed, is redone.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("error: $(PYTHON) is Python " + sys.version.split()[0] + ", expected 3.11 or later; name another: make env PYTHON=python3.12")'
	@echo 'Setting up $(VENV) (some minutes the first time) ...' >&2
	@rm -f $(STAMP)
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --no-deps -r requirements.lock
	@$(PIP) torch==$(TORCH)
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(RUN) -m pip --disable-pip-version-check check >&2
	@touch $(STAMP)

reproduce: env
	@$(RUN) workflow/reproduce.py

test: env
	@$(PYTEST) -m 'not slow'

test-slow: env
	@$(PYTEST) -m slow

verify: env
	@$(RUN) workflow/verify.py

verify-baseline: env
	@$(RUN) workflow/verify.py --accept

audit: env
	@$(RUN) .ci/audit.py

bench: env
	@$(RUN) -m benchmarks

lint: env
	@$(RUN) -m pre_commit run --all-files

docs: env
	@$(RUN) -m sphinx --fail-on-warning --nitpicky --keep-going --quiet --jobs auto \
	    --doctree-dir docs/_build/doctrees docs docs/_build/html
	@echo 'docs/_build/html/index.html'

figures-baseline: env
	@$(RUN) -m pytest tests/figures --mpl-generate-path=tests/figures/baseline

lock:
	@command -v uv >/dev/null || { echo 'error: make lock needs uv: pip install uv' >&2; exit 1; }
	@uv pip compile pyproject.toml requirements/torch.in --extra dev --extra bench --override requirements/override.txt \
	    --universal --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements.lock

clean:
	@rm -rf .snakemake data/prepared results/runs results/figures results/studies results/*/made_from results/code results/parameters results/*/*.csv results/*/views.npz results/explorer results/explorer.* results/SHA256SUMS results/report.html dvc_plots
	@rm -rf .pytest_cache .ruff_cache .mypy_cache .hypothesis figure-comparison explorer-screenshots
	@rm -rf docs/_build docs/api/generated
