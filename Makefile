# make setup, demo, test, check, bench, bench-translate, bench-auth, nightly. Everything lives in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test check bench bench-translate bench-auth nightly
# Compiled here as pip compiles what it installs: where Python may write no bytecode as it runs
# (PYTHONDONTWRITEBYTECODE, code that is read-only), every start would compile our modules anew.
setup: .venv/.ready
	@$(BIN)/python -m compileall -q gateway adapters certs

.venv/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: setup
	$(BIN)/lmx demo $(if $(ONCE),--once)

test: setup
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

check: setup
	$(BIN)/ruff check gateway adapters certs tests
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m tests.bench $(if $(DATABASE),--database $(DATABASE))

bench-translate: setup
	$(BIN)/python -m tests.bench.translate

bench-auth: setup
	$(BIN)/python -m tests.bench.auth

# Every line runs, also after one that fails; what failed is told at the end.
nightly: setup
	@failed=; run() { echo "nightly: $$*"; env "$$@" || failed="$$failed\n  $$*"; }; \
	run LMX_FAULT_RECORDS=10000 $(BIN)/python -m pytest -q tests/journeys/test_faults.py; \
	run $(BIN)/python -m tests.bench.slow; \
	run $(BIN)/python -m tests.bench.volume; \
	run $(BIN)/python -m tests.bench.memory; \
	run $(BIN)/python -m tests.bench.fair; \
	run LMX_KILLS=10 $(BIN)/python -m pytest -q tests/journeys/test_kill.py; \
	run LMX_RECORDS=1000 $(BIN)/python -m pytest -q -n 2 tests/oracles/test_generated_records.py tests/contract/test_layout_pairs.py; \
	run LMX_STORE=postgresql $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder; \
	if [ -n "$$failed" ]; then printf "failed:$$failed\n"; exit 1; fi
