# Everything a newcomer types. `make run` serves the demo; `make test` checks the whole house.

PORT ?= 8000
LAN ?=
PYTHON ?= python3
# The tests wait for disks, browsers and other processes more than they compute.
WORKERS ?= 4

BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header --upgrade pyproject.toml

.PHONY: run test soak bench pictures pins clean
.DELETE_ON_ERROR:

run: .venv/run.stamp
	@$(BIN)/noticeboard demo --port $(PORT) $(if $(LAN),--lan)

# Each step shows all that it finds, and a step that finds something ends the run.
test: .venv/dev.stamp
	@tools/debian-packages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(WORKERS)

soak: .venv/dev.stamp
	@tools/debian-packages
	NOTICEBOARD_SOAK=1 $(BIN)/python -m pytest -n $(WORKERS)

bench: .venv/dev.stamp
	$(BIN)/python -m bench

pictures: .venv/dev.stamp
	@tools/debian-packages
	$(BIN)/python tools/pictures.py

pins: .venv/dev.stamp
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --extra pdf --group dev --constraint requirements.txt --output-file requirements-dev.txt

# The home folder `var/` is somebody's board and stays.
clean:
	rm -rf .venv build dist pictures .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +

# A .pth file leads to the package, so that running it builds nothing; it is relative, so that the
# checkout can be moved.
.venv/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; name it with: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv is missing. Install it with: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
	@echo ../../../../src > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/noticeboard.pth"
	@printf '#!/bin/sh\nexec "$$(dirname "$$(readlink -f "$$0")")/python" -m noticeboard "$$@"\n' > $(BIN)/noticeboard
	@chmod +x $(BIN)/noticeboard
	@touch $@

.venv/run.stamp: .venv/python.stamp requirements.txt
	@echo "Installing the pinned packages, once …"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev.stamp: .venv/python.stamp requirements-dev.txt
	@echo "Installing the pinned packages with those for tests, once …"
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/run.stamp
