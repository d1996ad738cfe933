# What developers and the continuous integration run. `make help` lists it.
# Needs python3 (3.11 to 3.14, with venv) and make; everything else is set up in .venv by the first target that runs.

PYTHON ?=
WORKERS ?= 4
BIN := .venv/bin
PURE := core record access plan prepare detect respond disclose learn rehearse
PURE_TESTS = $(wildcard $(addprefix tests/,$(PURE)))
CODE = $(wildcard src lints tests bench .ci/environment.py)
QUIET_PYTEST = $(BIN)/python -m pytest --quiet --no-header
PARALLEL = -n $(WORKERS) --no-loadscope-reorder

# Without bytecode on disk every worker and every server that a test starts compiles all sources again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup test browser quick check pure bench spark soak mutants cover demo lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

setup: ## make or mend .venv (every target below does it by itself)
	@$(or $(PYTHON),python3) .ci/environment.py $(if $(PYTHON),,--keep)

test: setup ## the whole test suite, on SQLite and on PostgreSQL
	@MUSTER_TEST_FSYNC=$${MUSTER_TEST_FSYNC:-off} $(QUIET_PYTEST) $(PARALLEL) --durations=5 --durations-min=2

browser: setup ## the pages in a real Chromium, where there is one
	@$(QUIET_PYTEST) -m browser tests/browser

quick: setup ## all lints and the tests of the pure parts, side by side: under a minute
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target check pure

check: setup ## all lints: style, format, types, import directions, the house's own; all are run, whichever fails
	@failed=; \
	$(BIN)/ruff check --quiet --output-format concise $(CODE) || failed=1; \
	$(BIN)/ruff format --quiet --check --output-format concise $(CODE) || failed=1; \
	$(BIN)/python -m lints || failed=1; \
	$(BIN)/lint-imports --cache-dir .import_linter_cache --no-logo || failed=1; \
	$(BIN)/basedpyright --warnings || failed=1; \
	[ -z "$$failed" ]

pure: setup ## the tests of the pure parts, without corpora, databases and browsers
	@$(QUIET_PYTEST) -n 2 --hypothesis-profile quick -m "not soak and not corpora and not postgres and not browser and not thorough" $(PURE_TESTS)

bench: setup ## measure; figures go to standard output
	@$(BIN)/python .ci/environment.py --more bench
	@for file in bench/bench_*.py; do [ -e "$$file" ] || continue; $(BIN)/python "$$file" || exit 1; done

spark: setup ## hunting on a real Spark cluster on this machine (needs Java; adds 500 MB to .venv)
	@$(BIN)/python .ci/environment.py --more spark
	@MUSTER_SOAK=1 $(QUIET_PYTEST) -m spark tests/spark

soak: setup ## long runs, large sizes, many examples, Spark (needs Java); then the mutants
	@$(BIN)/python .ci/environment.py --more spark
	@MUSTER_SOAK=1 MUSTER_TEST_FSYNC=on $(QUIET_PYTEST) -m soak --timeout 3600
	@$(MAKE) --no-print-directory mutants

mutants: setup ## change record/ and access/ in many small ways: the tests must notice nine of ten
	@$(BIN)/python .ci/mutants.py

cover: setup ## branch coverage of record/ and access/ by their own tests: all of it
	@COVERAGE_CORE=ctrace $(BIN)/coverage run -m pytest --quiet --no-header $(wildcard tests/record tests/access)
	@$(BIN)/coverage report

demo: setup ## the example company under attack, live in the browser
	@$(BIN)/muster demo

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links

lock: setup ## write requirements.lock, and what `bench` and `spark` add, anew from pyproject.toml
	@$(COMPILE) --extra postgres --group dev --group build pyproject.toml --output-file requirements.lock
	@for group in bench spark; do \
		$(COMPILE) --group $$group --constraint requirements.lock --output-file requirements-$$group.lock || exit 1; \
	done

clean: ## remove everything that was made here, the environment too
	@rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov mutants build dist
	@find src tests lints -name __pycache__ -type d -prune -exec rm -rf {} +
