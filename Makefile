# Two commands matter: `make run` and `make test`. Everything else is listed by `make help`.
PYTHON ?= python3
BIN := .venv/bin
export CVTUBE_CONFIG ?= $(CURDIR)/config.py
# Compiled once, also where images switch that off: the product starts as several processes.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run dev test coverage bench-transcode bench-ingest bench-load bench-pages chaos check format messages settings spoken pictures lock build wheel clean decisions house lint types rules fast

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

run: ## Set everything up and run the product with demo videos (PORT=…, CVTUBE_HOME=…)
	@$(PYTHON) tools/prepare.py run
	@CVTUBE_PORT=$${PORT:-$${CVTUBE_PORT:-8321}} CVTUBE_HOME=$${CVTUBE_HOME:-$(CURDIR)/.home} exec $(BIN)/cvtube run --demo

dev: ## Run a site that reloads what is saved: Python, templates, scripts, styles (PORT=…, CVTUBE_HOME=…)
	@$(PYTHON) tools/prepare.py dev
	@CVTUBE_PORT=$${PORT:-$${CVTUBE_PORT:-8321}} CVTUBE_HOME=$${CVTUBE_HOME:-$(CURDIR)/.home} exec $(BIN)/python -m tools.dev

# Coverage costs nearly nothing where Python can say by itself what it runs (PEP 669, Python 3.12).
MONITORS = $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 12))'

test: ## Set everything up and run every test; says how much of the product they run (Python 3.12)
	@$(PYTHON) tools/prepare.py dev
	@if $(MONITORS); then $(MAKE) --no-print-directory coverage; else \
	$(BIN)/python -m pytest -n auto --dist worksteal $(TESTS) && \
	echo "Coverage is measured from Python 3.12 on. Slower, and here as well: make coverage"; fi

coverage: ## Run the tests and say how much of the product they run, with any Python
	@$(PYTHON) tools/prepare.py dev
	@if $(MONITORS); then export COVERAGE_CORE=sysmon; fi; \
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report= $(TESTS)
	@echo "The tests run $$($(BIN)/coverage report --format=total) % of the product's lines."

lint: ## Check format and style, of Python and of the front end
	@$(PYTHON) tools/prepare.py dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent check

types: ## Check types, and who imports whom
	@$(PYTHON) tools/prepare.py dev
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

rules: ## Run the rules of the house: words, layout, promises, migrations
	@$(PYTHON) tools/prepare.py dev
	$(BIN)/python -m pytest -q -n auto --dist worksteal tests/house

fast: lint types rules ## Everything of the gate that takes a minute: before each commit

check: lint types test ## The gate: format, style, types, import contracts, every test

bench-transcode: ## Measure transcoding against others, into docs/benchmarks (SAMPLES=…, ROUNDS=3, SECONDS=20)
	@$(PYTHON) tools/prepare.py dev
	@$(BIN)/python -m benchmarks --rounds $(or $(ROUNDS),3) --seconds $(or $(SECONDS),20) $(if $(SAMPLES),--samples $(SAMPLES))

bench-ingest: ## Measure how uploads are taken in, into docs/benchmarks (ROUNDS=7, MIB=32, DATABASE=postgresql://…)
	@$(PYTHON) tools/prepare.py dev
	@$(BIN)/python -m benchmarks.ingest --rounds $(or $(ROUNDS),7) --mib $(or $(MIB),32) $(if $(DATABASE),--database $(DATABASE))

bench-load: ## Measure pages beside many slow people into docs/benchmarks/load.json (SECONDS=120)
	@$(PYTHON) tools/prepare.py dev
	@$(BIN)/python -m benchmarks.load --seconds $(or $(SECONDS),120)

bench-pages: ## Have Lighthouse look at the pages, into docs/benchmarks/pages.json (ROUNDS=5)
	@$(PYTHON) tools/prepare.py dev
	@$(BIN)/python -m benchmarks.pages --rounds $(or $(ROUNDS),5)

chaos: ## Kill processes while people send videos, into docs/benchmarks/chaos.json (UPLOADS=104, KILLS=210, SEED=1, NAME=after)
	@$(PYTHON) tools/prepare.py dev
	@$(BIN)/python -m benchmarks.chaos --uploads $(or $(UPLOADS),104) --kills $(or $(KILLS),210) --seed $(or $(SEED),1) --name $(or $(NAME),after) $(if $(PATIENCE),--patience $(PATIENCE))

format: ## Format all files
	@$(PYTHON) tools/prepare.py dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent format

messages: ## Collect the texts to translate into the catalogues
	$(BIN)/python tools/messages.py

settings: ## Write config.py and docs/configuration.md from the settings
	$(BIN)/cvtube init-config --force config.py
	$(BIN)/cvtube init-config --force --documentation docs/configuration.md

decisions: ## Write the index of the decision records
	@$(PYTHON) tools/decisions.py

house: ## Measure the house: lines, files, names, walks, into docs/benchmarks/house.json (NAME=now)
	@$(PYTHON) -m tools.house --label $(or $(NAME),now)

spoken: ## Record what the studio's screens say, where a recording is missing
	@$(PYTHON) tools/prepare.py dev
	@$(BIN)/python -m tools.spoken

pictures: ## Take the pictures of the README and of docs/studio.md, while `make run` is up
	@$(PYTHON) tools/prepare.py dev
	@$(BIN)/python tools/pictures.py
	@$(BIN)/python tools/studio_pictures.py

lock: ## Renew the lock files from pyproject.toml and package.json
	@$(PYTHON) tools/prepare.py dev
	$(BIN)/python tools/lock.py

build: ## Build the browser's files and the translations
	@$(PYTHON) tools/prepare.py run

wheel: ## Build the package that other machines install, into dist/
	@$(PYTHON) tools/prepare.py run
	@rm -rf build/lib
	@$(PYTHON) tools/packages.py build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir dist

clean: ## Remove everything that is not in the repository, except the demo's data
	rm -rf .venv frontend/node_modules cvtube/static/build build dist *.egg-info
