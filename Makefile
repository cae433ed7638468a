# PERKESO CMS. `make help` lists what there is; only Python 3.11+, git and make must be installed.

.DEFAULT_GOAL := help

# The first Python on the path that is new enough; another one: make run PYTHON=/path/to/python3.13
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
RUN := .venv/bin/python
# More arguments for pytest: make test ARGS="tests/operations -k secret"
ARGS ?=
# The plugins are tested in Wagtail projects of their own; the runner finds those that ARGS asks for.
TESTS = $(RUN) -m devtools.testing --args='$(ARGS)'
# The PostgreSQL of `make check`; the user must be allowed to create databases.
POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/perkeso_cms

.PHONY: run
run: environment ## Set up what is missing, then serve on HOST:PORT (127.0.0.1:8000)
	@$(RUN) -m cms.operations.catalogues
	@exec $(RUN) manage.py serve --set-up

.PHONY: test
test: development-environment ## Run the tests, on SQLite or on the PostgreSQL of DATABASE_URL
	@$(RUN) -m cms.operations.catalogues
	@$(TESTS)

.PHONY: test-fast
test-fast: development-environment ## Run the tests on SQLite but for the slow ones; three minutes
	@$(RUN) -m cms.operations.catalogues
	@DATABASE_URL= $(TESTS) --fast

.PHONY: lint
lint: development-environment ## Check style, types, imports between parts, migrations, and translations
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo
	$(RUN) manage.py makemigrations --check --dry-run --settings cms.settings.test
	$(RUN) -m messages check

.PHONY: messages-check
messages-check: development-environment ## Check that all the admin says is translated, and by the list of terms
	@exec $(RUN) -m messages check

.PHONY: messages-update
messages-update: development-environment ## After an upgrade: bring locale/packages to the installed versions
	@exec $(RUN) -m messages update

.PHONY: check
check: lint check-sqlite check-postgres ## All that CI runs

.PHONY: check-sqlite
check-sqlite: development-environment ## Run all tests on SQLite, and hold the floors of coverage
	@$(RUN) -m cms.operations.catalogues
	@DATABASE_URL= $(TESTS) --coverage

.PHONY: check-postgres
check-postgres: development-environment ## Run what depends on the database on POSTGRES_URL
	@$(RUN) -m cms.operations.catalogues
	@DATABASE_URL=$(POSTGRES_URL) $(TESTS) --only-database

.PHONY: format
format: development-environment ## Format the code and mend what can be mended by itself
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

.PHONY: snapshots
snapshots: development-environment ## Write the public contract's snapshots anew; read the diff
	@$(RUN) -m cms.operations.catalogues
	@exec $(RUN) -m pytest tests/contract --snapshot-update $(ARGS)

.PHONY: bench
bench: development-environment ## Measure our API beside Wagtail's own
	@$(RUN) -m cms.operations.catalogues
	@exec $(RUN) -m benchmarks $(ARGS)

.PHONY: requirements
requirements: development-environment ## Pin the packages of pyproject.toml anew (UPGRADE=--upgrade for newer ones)
	$(RUN) -m uv pip compile pyproject.toml --universal --quiet $(UPGRADE) \
		--custom-compile-command "make requirements" -o requirements.txt
	$(RUN) -m uv pip compile pyproject.toml --universal --quiet $(UPGRADE) --extra dev -c requirements.txt \
		--custom-compile-command "make requirements" -o requirements-dev.txt

.PHONY: settings-table
settings-table: environment ## Write README's table of settings from cms/settings/environment.py
	@$(RUN) -m cms.operations.settings_table

.PHONY: environment
environment: supported-python
	@$(PYTHON) -I cms/operations/virtual_environment.py

.PHONY: development-environment
development-environment: supported-python
	@$(PYTHON) -I cms/operations/virtual_environment.py --dev

.PHONY: supported-python
supported-python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Python 3.11 or newer is needed; install one, or name one: make run PYTHON=/path/to/python3' >&2; \
		exit 1; }

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
