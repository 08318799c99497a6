# Two commands for a newcomer: make demo, make test. Everything lives in .venv and build/.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
TESTS ?=
JOBS ?=

.PHONY: setup develop demo test check bench nightly lock generated
setup: .venv/.ready
develop: .venv/.develop

.venv/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

.venv/.develop: .venv/.ready requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

# ONCE=1 stops by itself; DIR=... builds elsewhere.
demo: setup
	$(BIN)/lmx demo $(if $(ONCE),--once) $(if $(DIR),--dir $(DIR))

# TESTS='tests/unit -k merkle' narrows; JOBS=2 spreads over processes.
test: develop
	$(BIN)/python -m pytest -q $(if $(JOBS),-p xdist -n $(JOBS)) $(TESTS)

check: develop
	$(BIN)/ruff check gateway adapters certs tests
	$(BIN)/ruff format --check gateway adapters certs tests
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: develop
	$(BIN)/python -m tests.bench.main

# The long volumes: ten times the property examples.
nightly: develop
	LMX_NIGHTLY=1 $(BIN)/python -m pytest -q $(TESTS)

# Renew both locks from pyproject.toml (needs pip-tools).
lock:
	$(BIN)/pip-compile -q --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-trusted-host \
	  --strip-extras --no-header --extra build -o requirements.lock pyproject.toml
	$(BIN)/pip-compile -q --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-trusted-host \
	  --strip-extras --no-header --extra build --extra dev -c requirements.lock -o requirements-dev.lock \
	  pyproject.toml
