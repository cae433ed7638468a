# PERKESO CMS. `make help` lists the targets. Requires only Python 3.11+, git and make.

.DEFAULT_GOAL := help

# The first suitable Python on the path; to use another: make run PYTHON=/path/to/python3.13
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
RUN := .venv/bin/python
# Additional arguments for pytest: make test ARGS="tests/operations -k secret"
ARGS ?=
# The plugins are tested in Wagtail projects of their own; the runner finds those that ARGS asks for.
TESTS = $(RUN) -m devtools.testing --args='$(ARGS)'
# The PostgreSQL of `make check`; the user must be allowed to create databases.
POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/perkeso_cms
# Exits with 1 when it has changed a file, and with 0 when there is nothing to change.
PYPROJECT_FMT := .venv/bin/pyproject-fmt --config pyproject-fmt.toml --no-print-diff \
	pyproject.toml $(wildcard plugins/*/pyproject.toml)

.PHONY: run
run: environment ## Set up, then serve on HOST:PORT (127.0.0.1:8000)
	@$(RUN) -m cms.operations.catalogues
	@exec $(RUN) manage.py serve --set-up

.PHONY: test
test: development-environment ## Run the tests on SQLite, or on the PostgreSQL in DATABASE_URL
	@$(RUN) -m cms.operations.catalogues
	@$(TESTS)

.PHONY: test-fast
test-fast: development-environment ## Run the tests on SQLite but for the slow ones
	@$(RUN) -m cms.operations.catalogues
	@DATABASE_URL= $(TESTS) --fast

# The plugin's tests that depend on the driver: the API, and publishes in transactions of their own.
PSYCOPG3_TESTS := tests/test_atomicity.py tests/test_publishing.py tests/test_dependency_keys.py \
	tests/test_memory_following.py
PSYCOPG3_RUN := cd plugins/wagtail-delivery && DATABASE_URL=$(POSTGRES_URL) ../../.venv-psycopg3/bin/python -m pytest -n 2 -m "not any_database"

.PHONY: test-psycopg3
test-psycopg3: development-environment ## Run the delivery plugin's tests on POSTGRES_URL with psycopg 3
	@$(PYTHON) -m venv .venv-psycopg3
	@grep -v '^-e ' requirements-dev.txt > .venv-psycopg3/constraints.txt
	@$(RUN) -m uv pip install --quiet --python .venv-psycopg3/bin/python \
		--constraint .venv-psycopg3/constraints.txt --editable plugins/wagtail-delivery \
		--group plugins/wagtail-delivery/pyproject.toml:psycopg3
	$(PSYCOPG3_RUN) tests/api --ds=tests.api.settings
	$(PSYCOPG3_RUN) $(PSYCOPG3_TESTS) --ds=tests.settings_i18n

.PHONY: lint
lint: development-environment ## Check style, types, import rules, migrations and translations
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	.venv/bin/typos
	$(PYPROJECT_FMT) --check
	$(RUN) -m mypy
	$(RUN) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo
	$(RUN) manage.py makemigrations --check --dry-run --settings cms.settings.test
	$(RUN) -m devtools.catalogues check

.PHONY: messages-check
messages-check: development-environment ## Check that every message is translated, with the right terms
	@exec $(RUN) -m devtools.catalogues check

.PHONY: messages-update
messages-update: development-environment ## After an upgrade: move locale/packages to the installed versions
	@exec $(RUN) -m devtools.catalogues update

.PHONY: check
check: lint check-sqlite check-postgres test-psycopg3 check-packages ## Run all that CI runs

.PHONY: check-sqlite
check-sqlite: development-environment ## Run all tests on SQLite, and enforce the coverage floors
	@$(RUN) -m cms.operations.catalogues
	@DATABASE_URL= $(TESTS) --coverage

.PHONY: check-postgres
check-postgres: development-environment ## Run what depends on the database on POSTGRES_URL
	@$(RUN) -m cms.operations.catalogues
	@DATABASE_URL=$(POSTGRES_URL) $(TESTS) --only-database

.PHONY: format
format: development-environment ## Format the code and apply automatic fixes
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
	.venv/bin/typos --write-changes
	$(PYPROJECT_FMT) || $(PYPROJECT_FMT)

.PHONY: snapshots
snapshots: development-environment ## Update the snapshots of the public contract; review the diff
	@$(RUN) -m cms.operations.catalogues
	@exec $(RUN) -m pytest tests/contract --snapshot-update $(ARGS)

.PHONY: handbook
handbook: development-environment ## Make the pictures in the handbooks; review them
	@$(RUN) -m cms.operations.catalogues
	@HANDBOOK=1 DATABASE_URL= $(RUN) -m pytest tests/browser/test_officers_day.py \
		tests/browser/test_translators_day.py -q

.PHONY: bench
bench: development-environment ## Compare the delivery API with nginx and Wagtail's own APIs
	@$(RUN) -m cms.operations.catalogues
	@exec $(RUN) -m benchmarks $(ARGS)

.PHONY: bench-publish
bench-publish: development-environment ## Measure a publish that up to 10,000 documents show
	@$(RUN) -m cms.operations.catalogues
	@exec $(RUN) -m benchmarks dependents $(ARGS)

.PHONY: bench-scale
bench-scale: development-environment ## Measure a store of up to 100,000 documents
	@$(RUN) -m cms.operations.catalogues
	@exec $(RUN) -m benchmarks scale $(ARGS)

.PHONY: bench-translation
bench-translation: development-environment ## Compare queries and effort of translators with wagtail-localize alone
	@exec $(RUN) -m benchmarks translation $(ARGS)

.PHONY: requirements
requirements: development-environment ## Pin the packages in pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(RUN) -m uv pip compile pyproject.toml --universal --quiet $(UPGRADE) \
		--custom-compile-command "make requirements" -o requirements.txt
	$(RUN) -m uv pip compile pyproject.toml requirements.txt --universal --quiet $(UPGRADE) --extra dev \
		--custom-compile-command "make requirements" -o requirements-dev.txt

.PHONY: check-packages
check-packages: development-environment ## Use the plugins' packages on SQLite, and on POSTGRES_URL with both drivers
	@$(RUN) -m devtools.packages --postgres $(POSTGRES_URL)

.PHONY: packages
packages: development-environment ## Build the plugins' packages and use them in a foreign project
	@exec $(RUN) -m devtools.packages $(ARGS)

.PHONY: settings-table
settings-table: environment ## Update the tables of settings in README and the delivery plugin's docs
	@$(RUN) -m cms.operations.settings_table
	@cd plugins/wagtail-delivery && "$(CURDIR)/$(RUN)" -m tests.table_of_settings

.PHONY: environment
environment: supported-python
	@$(PYTHON) -I cms/operations/virtual_environment.py

.PHONY: development-environment
development-environment: supported-python
	@$(PYTHON) -I cms/operations/virtual_environment.py --dev

.PHONY: supported-python
supported-python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Python 3.11 or newer is needed; install it, or give its path: make run PYTHON=/path/to/python3' >&2; \
		exit 1; }

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
