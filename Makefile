# `make demo` and `make test` need Python 3.11 or later, git and make; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test coverage soak mutants bench-quick floors lint types layers check schemas wheel clean

demo: $(VENV)/installed
	@rm -rf demo
	@$(BIN)/compliance demo --show demo

test: $(VENV)/developing
	$(BIN)/pytest -n auto --dist worksteal

# The same tests, and which lines and branches they reach; takes twice as long.
coverage: $(VENV)/developing
	$(BIN)/pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered

# The same tests with twenty times as many examples for each property, drawn anew, a thousand kills, and more processes.
soak: $(VENV)/developing
	SOAK=1 $(BIN)/pytest -n auto --dist worksteal

# Small mistakes put into what judges and what falls due, 300 of them drawn by SEED: how many do the tests notice?
# Within an hour on two processors. Lists what survived, and fails where that is more than one in ten.
SAMPLE ?= 300
SEED ?= 1
mutants: $(VENV)/developing
	$(BIN)/python -m tests.mutants $(SAMPLE) $(SEED)

# What everyday commands cost as multiples of a floor; recorded in benchmarks/results. Nothing fails for it yet.
bench-quick: $(VENV)/developing
	$(BIN)/python -m benchmarks.quick

# The lowest release of each dependency that pyproject.toml allows, all at once: every module, and a day's commands.
floors:
	rm -rf $(VENV)-floors
	$(PYTHON) -m venv $(VENV)-floors
	$(VENV)-floors/bin/python tests/floors/declared.py >$(VENV)-floors/floors.txt
	$(VENV)-floors/bin/python -m pip install --quiet --requirement $(VENV)-floors/floors.txt
	$(VENV)-floors/bin/python -m pip install --quiet --editable . --no-deps
	$(VENV)-floors/bin/python -m pip check
	$(VENV)-floors/bin/python tests/floors/smoke.py

lint: $(VENV)/developing
	$(BIN)/ruff check compliance tests benchmarks
	$(BIN)/ruff format --check compliance tests benchmarks

types: $(VENV)/developing
	$(BIN)/mypy

layers: $(VENV)/developing
	$(BIN)/lint-imports

# This repository is a workspace itself.
check: $(VENV)/installed
	$(BIN)/compliance check
	$(BIN)/compliance gaps

# What files and what --json prints look like, for editors and programs.
schemas: $(VENV)/developing
	$(BIN)/compliance standards schema -o docs/schemas
	$(BIN)/python -m compliance.cli.output_schemas docs/schemas/output

wheel: $(VENV)/developing
	$(BIN)/python -m build --wheel

$(VENV)/installed: pyproject.toml
	$(PYTHON) -c "import sys; sys.exit('Python 3.11 or later is needed; name it with: make PYTHON=python3.11 …') if sys.version_info < (3, 11) else None"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/developing: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-floors demo build dist .coverage* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
