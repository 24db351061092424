# The tasks of this repository. Each makes the environment first if it is not there.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test lint types bench docs clean

$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	# Where the environment forbids writing bytecode, every start would compile guard anew.
	$(BIN)/python -m compileall -q guard
	@touch $@

demo: $(READY) ## Show every refusal on a small real repository, and the same commands passing
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh docs/demo/run

test: $(READY) ## Run every test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(READY) ## Style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## Types
	$(BIN)/mypy

bench: $(READY) ## Every benchmark's table: needs the network, node and some minutes
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit; done

docs: $(READY) ## Write docs/checks.md from the checks themselves
	$(BIN)/python docs/generate.py

clean: ## Remove what the other tasks made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
