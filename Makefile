# Two commands set everything up: `make run` and `make test`. The rest is for developers.
.DEFAULT_GOAL := run
.PHONY: run test bench lock texts clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
SEMESTER ?= 2022/2023-1
SERVE ?= 1
PORT ?= 8866
OUT := data/local/reports

# Installed anew only when the lock or the project's description changes.
$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

## run: set up, make the store with the demo, compute a semester, write its workbook, serve the pages
run: $(VENV)/.installed
	mkdir -p $(OUT)
	$(BIN)/grants init --demo
	$(BIN)/grants allocate $(SEMESTER) --out $(OUT)/maximum.xlsx
ifneq ($(SERVE),0)
	$(BIN)/grants serve --port $(PORT)
endif

## test: set up, install what tests need beyond Python, run everything
test: $(VENV)/.installed
	./tests/install-system-packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2

## bench: ratios measured in one run, as a table
bench: $(VENV)/.installed
	$(BIN)/python tests/bench/bench.py

## lock: pin every dependency with its hashes; no addresses go into the file
lock: $(VENV)/.installed
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements.lock

## texts: compile the catalogues after a change of a .po file
texts: $(VENV)/.installed
	$(BIN)/python -m toolkit.texts.build

clean:
	rm -rf $(VENV) data/local .mypy_cache .ruff_cache .pytest_cache
