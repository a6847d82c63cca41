# Two commands: `make publish` and `make test`. Each sets up what is missing; nothing else is needed.
#
# Everything lives in .venv of this checkout; only Pango (and HarfBuzz's subsetter), which no Python package
# brings, is installed on the machine itself, and Chromium for `make test`. See CONTRIBUTING.md for the other targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

ISSUE ?= latest
# The first Python that is new enough and really runs (a version manager's shim may only look like one).
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then command -v "$$name"; break; fi; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes

.PHONY: help publish test lint types tests golden pictures fonts lock clean

help: ## show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

publish: .venv/ready ## publish the newest issue in content/ (ISSUE=9 names another)
	@$(BIN)/kanfa publish $(ISSUE)

test: lint types tests ## lint, types and all tests

lint: .venv/ready-dev
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet . && echo "lint: clean"

types: .venv/ready-dev
	@$(BIN)/mypy

tests: .venv/ready-dev
	@$(BIN)/pytest --quiet -n 2 --dist loadfile --cov --cov-report=term

golden: .venv/ready-dev ## write the golden outputs anew; review the diff before committing
	@$(BIN)/pytest --quiet tests/golden --update-golden
	@git --no-pager diff --stat -- tests/golden

pictures: .venv/ready-dev ## the README's pictures, taken with headless Chromium and pdftoppm
	@$(BIN)/python docs/pictures/take.py

fonts: .venv/ready-dev ## rebuild templates/pdf/fonts from their sources
	@$(BIN)/python templates/pdf/build_fonts.py

lock: .venv/ready-dev ## resolve the dependencies anew into requirements*.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--upgrade pyproject.toml --extra checkout -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--upgrade pyproject.toml --extra checkout --extra browser --extra dev -c requirements.txt -o requirements-dev.txt

clean: ## remove what the targets made here, but no release and no archive
	@if [ -x $(BIN)/kanfa ]; then $(BIN)/kanfa server stop --force; fi
	@rm -rf .venv .kanfa dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

# -- set-up ------------------------------------------------------------------------------------------

.venv/bin/python:
	@.ci/system-packages "$(PYTHON)"
	@"$(PYTHON)" -m venv .venv

.venv/ready: .venv/bin/python requirements.txt pyproject.toml .ci/system-packages
	@.ci/system-packages "$(PYTHON)"
	@if [ ! -e .venv/ready-dev ]; then echo "set-up: installing Python packages into .venv (a minute, once)"; \
		$(PIP) -r requirements.txt; else $(PIP) -r requirements-dev.txt; fi
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps --no-index --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q kanfa flows # an editable install leaves that to the first run of each command
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt .ci/system-packages
	@.ci/system-packages "$(PYTHON)" browser
	@echo "set-up: installing development packages into .venv"
	@$(PIP) -r requirements-dev.txt
	@touch $@
