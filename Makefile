# One command for each thing a person does with this project. `make` alone lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PYTEST := $(BIN)/pytest

.DEFAULT_GOAL := help
.PHONY: help setup run test test-all check bench bench-desk bench-setup bench-match faults faults-mutations screenshots card messages requirements clean

help:            ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-17s %s\n", $$1, $$2}'

setup: $(VENV)/.ready  ## create .venv with the leadgen command, from hash-pinned requirements
$(VENV)/.ready: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup       ## everything on this machine: web, worker, sweeper, broker, sandbox school
	@$(BIN)/leadgen up

test: setup      ## the suite on SQLite and the embedded broker, under six minutes on two cores
	$(PYTEST) -m "not slow" -n 2 --dist worksteal

# The browser's driver keeps an event loop running in its process, which the sandbox's own would meet; so those tests run
# apart. What is painted when is measured last, and alone.
test-all: setup  ## the suite on SQLite and PostgreSQL, the browser, and the bounded faults
	LEADGEN_TEST_ALL=1 $(PYTEST) -n 2 --dist worksteal --ignore tests/browser --ignore tests/sights
	LEADGEN_TEST_ALL=1 $(PYTEST) -n 2 --dist loadscope tests/sights tests/browser --ignore tests/browser/test_paint.py
	LEADGEN_TEST_ALL=1 $(PYTEST) tests/browser/test_paint.py

check: setup     ## lint, format, types, import contracts, migrations equal models, consents have all they need
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -q tests/stages/test_migrations.py tests/web/test_consent_lint.py

bench: setup     ## measured figures as JSON, each beside its ceiling
	$(BIN)/python -m tests.benchmarks

bench-desk: setup  ## five reviewers at a desk of 200,000 inquiries and 1,000,000 deliveries, on PostgreSQL
	$(BIN)/python -m tests.benchmarks.desk

bench-setup: setup  # scikit-learn, which nothing else uses
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt

bench-match: bench-setup  ## searches over 7,000, 100,000 and 1,000,000 campuses beside PostGIS, BallTree, Redis and geopy
	$(BIN)/python -m tests.benchmarks.match

faults: setup    ## the fault tests alone and at length, on both databases, with their table
	LEADGEN_TEST_ALL=1 LEADGEN_FAULTS=long $(PYTEST) tests/faults

faults-mutations: setup  ## break each promise on purpose, in a copy, and see the tests notice
	$(BIN)/python -m tests.faults.mutations

screenshots: setup  ## take the pictures in docs/screenshots anew (needs Chromium)
	LEADGEN_TEST_ALL=1 LEADGEN_SCREENSHOTS=1 $(PYTEST) -q -n 2 --dist loadscope tests/sights tests/browser/test_prospect.py tests/browser/test_workplaces.py

card: setup      ## draw the picture that goes with a shared link anew (needs Chromium)
	$(BIN)/python -m tests.browser.draw_card

messages: setup  ## gather the words that are marked for translation
	$(BIN)/python -m tests.words.gather

api-reference: setup  ## write the reference in docs/api.md from what the door for systems is
	$(BIN)/python -m tests.api_reference

requirements:    ## compile requirements from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --extra test pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml -c requirements.txt -o requirements-production.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --extra bench pyproject.toml -c requirements.txt -o requirements-bench.txt

clean:           ## remove the environment and caches, never data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache *.egg-info
