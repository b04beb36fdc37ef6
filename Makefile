# `make demo` and `make test` need Python 3.11 or later, git and make; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types layers check wheel clean

demo: $(VENV)/installed
	@rm -rf demo
	@$(BIN)/compliance demo --show demo

test: $(VENV)/developing
	$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered

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
	rm -rf $(VENV) demo build dist .coverage* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
