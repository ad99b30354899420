PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test test-online bench setup lint types contracts clean

run: $(READY)
	@sh .ci/system-packages run
	@$(BIN)/maquette

test: $(READY)
	@sh .ci/system-packages test
	$(BIN)/python -m pytest $(ARGS)

# Makes the converters' own environments from the package registry, and tries what they convert.
test-online: $(READY)
	$(BIN)/python -m pytest -m online tests/bundles/workers $(ARGS)

bench: $(READY)
	$(BIN)/python -m tests.bench $(ARGS)

setup: $(READY)

$(READY): pyproject.toml constraints.txt .ci/setup
	@sh .ci/setup $(PYTHON) $(VENV)
	@touch $@

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
