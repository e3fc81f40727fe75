# Works with Python 3.11 or newer, git and make; uv is used where it is, pip where it is not.
# PYTHON=/path/to/python chooses the interpreter, VENV=folder the environment.

VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python, \
	$(shell command -v $(name) >/dev/null 2>&1 && $(name) -c \
	'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v $(name))))

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all check faults bench docs lock

help:
	@echo "make demo      build the sample show and publish it to a folder"
	@echo "make test      the tests that take minutes"
	@echo "make test-all  the longer tests and a seeded tenth of the fault runs"
	@echo "make check     style, types, import contracts, the house's own rules"
	@echo "make faults    all fault runs, with their figures"
	@echo "make bench     measurements, as ratios"
	@echo "make docs      write the generated part of docs/ anew"

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "setting up $(VENV) (once)"
	@if command -v uv >/dev/null 2>&1; then \
		{ test -x $(BIN)/python || uv venv -q --python "$(PYTHON)" $(VENV); } && \
		uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock && \
		uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
		{ test -x $(BIN)/pip || "$(PYTHON)" -m venv $(VENV); } && \
		$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

demo: $(STAMP)
	$(BIN)/podkit build
	$(BIN)/podkit publish
	@test -s published/feed.xml
	@echo "The sample show is published; its feed: $(CURDIR)/published/feed.xml"

test: $(STAMP)
	$(BIN)/python -m pytest -q -n auto -m "not long and not fault"

test-all: $(STAMP)
	PODKIT_FAULTS=$${PODKIT_FAULTS:-0.1} $(BIN)/python -m pytest -q -n auto -m "long or fault"

check: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house

faults: $(STAMP)
	$(BIN)/python benchmarks/faults/run.py

bench: $(STAMP)
	$(BIN)/python benchmarks/measure.py
	$(BIN)/python benchmarks/transcode.py --write

docs: $(STAMP)
	$(BIN)/python docs/generate.py

# For developers, after a change of dependencies: no address gets into the lock.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml --group test --group check --group build -o requirements.lock
