# The verbs of this project. Each sets itself up; see README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup demo test check bench prove lock

setup: $(READY)

$(READY): setup.py pyproject.toml requirements.lock tools/system-packages
	@echo "Setting up $(VENV): once, for some minutes …"
	sh tools/system-packages base
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	touch $@

demo: $(READY)
	$(BIN)/seiriken-demo $(ARGS)

test: $(READY)
	sh tools/system-packages test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	sh tools/system-packages test
	$(BIN)/python -m bench $(ARGS)

prove: $(READY)
	sh tools/system-packages test
	$(BIN)/python -m bench.prove $(ARGS)

# The lock holds hashes and no addresses; it is the same for every platform and Python.
lock: $(READY)
	$(BIN)/uv pip compile setup.py --extra dev --universal --generate-hashes \
	    --no-emit-index-url --no-header --python-version 3.11 --upgrade \
	    --output-file requirements.lock
