# make run: set everything up and serve the atlas at http://127.0.0.1:8000
# make test: set everything up and run every test

PYTHON ?= python3
BIN := .venv/bin
STAMPS := .make

.DEFAULT_GOAL := run
.PHONY: run setup test check format bench lock data data-check screenshots clean

run: $(STAMPS)/ready $(STAMPS)/assets
	@exec $(BIN)/atlas serve --pull

setup: $(STAMPS)/ready $(STAMPS)/assets

test: $(STAMPS)/developed $(STAMPS)/assets
	@sh tools/need_chromium.sh
	sh tools/need_postgres.sh $(BIN)/python -m pytest -n auto

check: $(STAMPS)/developed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMPS)/developed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMPS)/developed $(STAMPS)/assets
	$(BIN)/python -m pytest benchmarks --benchmark-only -p no:xdist
	-$(BIN)/python benchmarks/bench_page.py

data: $(STAMPS)/developed
	$(BIN)/python -m tools.build_data

# Needs the registry: fetches the pinned packages and compares what they give with what is committed.
data-check: $(STAMPS)/developed
	$(BIN)/python -m tools.build_data --check

screenshots: $(STAMPS)/developed $(STAMPS)/assets
	$(BIN)/python tools/screenshots.py

# The locks name versions and hashes, never an address. Needs uv.
lock:
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--extra build --extra dev --constraint requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv $(STAMPS) node_modules web/static/vendor dist

$(STAMPS)/venv:
	@command -v $(PYTHON) >/dev/null || { echo "Atlas needs Python 3.11 or newer (Debian: apt install python3 python3-venv)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Atlas needs Python 3.11 or newer; $(PYTHON) is older: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing (Debian: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/installed: $(STAMPS)/venv requirements.lock pyproject.toml
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The first analysis compiles its loops, and all that is kept is made: nobody who asks for it later waits for that.
$(STAMPS)/ready: $(STAMPS)/installed
	$(BIN)/atlas prepare >/dev/null
	@touch $@

$(STAMPS)/developed: $(STAMPS)/installed requirements-dev.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

$(STAMPS)/assets: package.json package-lock.json $(wildcard tools/vendor.mjs tools/govuk.scss)
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 18 or newer with npm (Debian: apt install nodejs npm)"; exit 1; }
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	npm run --silent vendor
	@mkdir -p $(STAMPS) && touch $@
