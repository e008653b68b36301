# Every target uses the project's own virtual environment and nothing of the machine's but Python and make.
PYTHON ?= python3
# One after the other by default: what is timed by films and clouds is surest on a quiet machine.
WORKERS ?= 0
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test soak lint format up down bench lock clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[36m%-8s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready ## Install what the project needs into .venv and .build

$(VENV)/.ready: requirements/dev.lock requirements/uv.lock pyproject.toml layers/fonts/package-lock.json layers/fonts/collect.py tests/browser/package-lock.json
	@echo "Setting up, once: this takes a moment" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.13 setup"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: install your system's python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements/dev.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@cd layers/fonts && npm ci --silent
	@cd tests/browser && npm ci --silent
	@$(BIN)/python layers/fonts/collect.py
	@touch $@

demo: setup ## Start the local cloud and make a 20 s film: out/demo.mp4
	@$(BIN)/reelstep demo

test: setup lint ## Run every test, lint and types included (WORKERS=2: in two processes)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

soak: setup ## The long variants of tests: hundreds of faults, prints its figures
	@REELSTEP_SOAK=1 $(BIN)/python -m pytest --timeout 0 tests/unit/jobs/test_books_under_faults.py tests/local/test_books_under_faults.py tests/local/test_websocket_load.py
	@$(BIN)/python -m pytest -m soak -s

lint: setup ## ruff and mypy over everything shipped
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup ## Let ruff order imports and lines
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format -q .

up: setup ## Start the local cloud
	@$(BIN)/reelstep up

down: setup ## Stop the local cloud (its state is kept)
	@$(BIN)/reelstep down

bench: setup ## Measure the ratios of the README, into benchmarks/results/
	@test -x .build/moviepy/bin/python || $(BIN)/uv venv -q --python $(BIN)/python .build/moviepy
	@$(BIN)/uv pip sync -q --python .build/moviepy/bin/python --require-hashes requirements/moviepy.lock
	@$(BIN)/python -m benchmarks

lock: ## Resolve requirements/*.lock again (versions and hashes, no host names)
	@echo uv | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/uv.lock
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --extra cli --extra local --extra dev --generate-hashes --no-emit-index-url --no-header -q -o requirements/dev.lock
	@printf 'moviepy==2.1.2\nimageio-ffmpeg==0.6.0\n' | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/moviepy.lock

clean: ## Remove what can be made again (not .reelstep, which holds your films)
	@rm -rf $(VENV) .build cdk.out .mypy_cache .ruff_cache .pytest_cache layers/fonts/node_modules tests/browser/node_modules
