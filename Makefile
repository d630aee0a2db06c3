# Samplan. `make demo` to try it, `make test` to check a change; both set up what they need.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
# Compiled files are kept: every process starts several times faster with them.
export override PYTHONDONTWRITEBYTECODE :=

# A distribution's Python is built to be fast; one that was built by hand often runs a sixth slower.
NEW_ENOUGH := import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell /usr/bin/python3 -c '$(NEW_ENOUGH)' 2>/dev/null && echo /usr/bin/python3 || echo python3)
PY := .venv/bin/python
STAMP := .venv/.ready

# What tests write lies in memory where there is room: they wait for a disk thousands of times.
define in_memory
if [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 6000000 ] 2>/dev/null; then
  export TMPDIR=$$(mktemp -d /dev/shm/samplan-XXXXXX)
  chmod 711 "$$TMPDIR" # PostgreSQL runs as somebody else
  trap 'rm -rf "$$TMPDIR"' EXIT
fi
endef

.PHONY: help setup assets demo serve worker test test-postgresql check lint types tests docs bench bench-large wide soak audit sbom clean

help: ## List what make can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 26

setup: $(STAMP) assets ## Environment, stylesheet and editor

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) tools/setup.py
	@touch $@

assets: $(STAMP)
	@$(PY) web/editor/build.py

demo: setup ## Try it: fictional people, some forty cases, web and worker; Ctrl-C stops all
	@exec $(PY) -m cli demo

serve: setup ## Web and worker on the settings of the environment
	@exec $(PY) -m cli serve

worker: setup ## A worker alone
	@exec $(PY) -m cli worker

check: setup ## Check every pack in processes/
	@$(PY) -m cli check processes

# What runs beside the tests says nothing unless something is wrong.
lint: $(STAMP)
	@$(PY) -m ruff format --check --quiet .
	$(PY) -m ruff check --quiet .
	said=$$(.venv/bin/lint-imports 2>&1) || { echo "$$said"; exit 1; }

types: $(STAMP)
	@said=$$($(PY) -m mypy 2>&1) || { echo "$$said"; exit 1; }

tests: setup
	@$(in_memory)
	$(PY) tools/needs.py
	$(PY) -m pytest -n 2 --dist loadgroup -m "not soak and not wide" -q

test: setup ## What every change must pass: style, types, imports, tests, scenarios, PostgreSQL, browser
	@$(MAKE) --no-print-directory --jobs=3 lint types tests

docs: setup ## Make the tables and pictures of the documentation anew
	@$(PY) -m tests.docs.tables
	SAMPLAN_PICTURES=1 $(PY) -m pytest tests/docs -q

bench: setup ## Measure, as ratios within one run
	@$(PY) -m tests.bench

bench-large: setup ## Measure lists and sweeps among a million instances on PostgreSQL
	@$(PY) -m tests.bench.large

test-postgresql: setup ## The tests on PostgreSQL instead of SQLite, without a browser
	@$(in_memory)
	SAMPLAN_TEST_DATABASE=postgresql $(PY) -m pytest -n 2 --dist loadgroup -m "not soak and not browser" -q

wide: setup ## The breadth of what the tests sample; before a release
	@$(in_memory)
	$(PY) tools/needs.py
	$(PY) -m pytest -n 2 --dist loadgroup -m "wide" -q

soak: wide test-postgresql ## What takes long, and all tests on PostgreSQL
	@$(PY) -m pytest -m soak -q

audit: $(STAMP) ## Ask whether flaws are known of what we build on; 75: could not be asked
	@$(PY) -m tools.advisories

sbom: $(STAMP) ## Write what we build on to dist/, as CycloneDX
	@$(PY) tools/parts.py dist

clean: ## Remove what was built, keep data
	@rm -rf .venv web/static/built web/editor/node_modules .mypy_cache .ruff_cache .pytest_cache
