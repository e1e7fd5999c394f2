# Two commands set everything up on a machine with Python >= 3.11: `make demo` and `make test`.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
# The rooms that touch the database: their tests run a second time, on PostgreSQL.
ON_SERVER := $(addprefix tests/,store workspace registry access jobs targeting cli web)
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test torture lint wheel-test lock lowest newest bench clean

demo: $(VENV)/.demo ## a synthetic district, analysed and shown on loopback
	$(BIN)/gisapp demo demo-workspace --port $(PORT)

test: $(VENV)/.test ## everything that must hold before a change lands
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadgroup
	$(BIN)/python -m pytest -n 2 --dist loadgroup --database postgresql $(ON_SERVER)

torture: $(VENV)/.test ## kill -9 at a hundred instants of an intake and of an acceptance, on both databases
	$(BIN)/python tests/services/torture.py --rounds 100

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python >= 3.11 tidak ditemukan / not found: install it, then run make again." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: .ci/lock.txt pyproject.toml gisapp/static/package-lock.json | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes -r .ci/lock.txt
	$(PIP) install --quiet --no-deps -e .
	@touch $@

$(VENV)/.test: .ci/lock-test.txt pyproject.toml gisapp/static/package-lock.json | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes -r .ci/lock-test.txt
	$(PIP) install --quiet --no-deps -e .
	@touch $@ $(VENV)/.demo

lint: $(VENV)/.test ## style and types, with the mends that are safe
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

lock: ## write both lock files anew from pyproject.toml
	uv pip compile pyproject.toml -q --no-config --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o .ci/lock.txt
	uv pip compile pyproject.toml -q --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o .ci/lock-test.txt

lowest newest: ## the suite with the oldest and with the newest allowed dependencies (needs uv)
	uv venv -q --clear --python $(PYTHON) .venv-$@
	uv pip install -q --python .venv-$@ --resolution $(if $(filter lowest,$@),lowest-direct,highest) --group dev -e .
	.venv-$@/bin/python -m pytest -n 2 --dist loadgroup

bench: $(VENV)/.demo ## first run of the default district: time, memory, compilation apart
	$(BIN)/python benchmarks/first_run.py

clean:
	rm -rf $(VENV) .venv-lowest .venv-newest demo-workspace build dist
