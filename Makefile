# PERKESO CMS. `make help` lists what there is; only Python 3.11+, git and make must be installed.

.DEFAULT_GOAL := help

# The first Python on the path that is new enough; another one: make run PYTHON=/path/to/python3.13
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
RUN := .venv/bin/python
# More arguments for pytest: make test ARGS="tests/operations -k secret"
ARGS ?=
# The plugins are tested in Wagtail projects of their own, each with its settings, from the plugin's
# folder; not when ARGS asks for something in particular.
PROJECTS := $(if $(ARGS),,$(sort $(wildcard $(addsuffix /settings*.py,\
	tests/* tests/*/* plugins/*/tests plugins/*/tests/* plugins/*/tests/*/*))))
# The PostgreSQL of `make check`; the user must be allowed to create databases.
POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/perkeso_cms
# Exits with 1 when it has changed a file, and with 0 when there is nothing to change.
PYPROJECT_FMT := .venv/bin/pyproject-fmt --config pyproject-fmt.toml --no-print-diff \
	pyproject.toml $(wildcard plugins/*/pyproject.toml)

.PHONY: run
run: environment ## Set up what is missing, then serve on HOST:PORT (127.0.0.1:8000)
	@$(RUN) -m cms.operations.catalogues
	@exec $(RUN) manage.py serve --set-up

.PHONY: test
test: development-environment ## Run the tests, on SQLite or on the PostgreSQL of DATABASE_URL
	@$(RUN) -m cms.operations.catalogues
	@set -e; for settings in $(PROJECTS); do \
		root="$${settings%%/tests/*}"; [ "$$root" != "$$settings" ] || root=.; \
		inner="$${settings#"$$root"/}"; \
		module=$$(echo "$${inner%.py}" | tr / .); \
		echo "== $${settings%/*} in a project of its own ($$module)"; \
		(cd "$$root" && "$(CURDIR)/$(RUN)" -m pytest "$${inner%/*}" --ds="$$module"); \
	done
	@echo "== PERKESO CMS"
	@exec $(RUN) -m pytest $(ARGS)

.PHONY: lint
lint: development-environment ## Check style, types, imports between parts, migrations, and translations
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	.venv/bin/typos
	$(PYPROJECT_FMT) --check
	$(RUN) -m mypy
	$(RUN) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo
	$(RUN) manage.py makemigrations --check --dry-run --settings cms.settings.test
	$(RUN) -m devtools.catalogues check

.PHONY: messages-check
messages-check: development-environment ## Check that all the admin says is translated, and by the list of terms
	@exec $(RUN) -m devtools.catalogues check

.PHONY: messages-update
messages-update: development-environment ## After an upgrade: bring locale/packages to the installed versions
	@exec $(RUN) -m devtools.catalogues update

.PHONY: check
check: ## All that CI runs: the tests on SQLite, the tests on POSTGRES_URL, packages, lint
	$(MAKE) test DATABASE_URL=
	$(MAKE) test DATABASE_URL=$(POSTGRES_URL)
	$(MAKE) packages ARGS="--postgres $(POSTGRES_URL) --driver psycopg2"
	$(MAKE) lint

.PHONY: format
format: development-environment ## Format the code and mend what can be mended by itself
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
	.venv/bin/typos --write-changes
	$(PYPROJECT_FMT) || $(PYPROJECT_FMT)

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
	$(RUN) -m uv pip compile pyproject.toml requirements.txt --universal --quiet $(UPGRADE) --extra dev \
		--custom-compile-command "make requirements" -o requirements-dev.txt

.PHONY: packages
packages: development-environment ## Build the plugins' packages and use them in a foreign project
	@exec $(RUN) -m devtools.packages $(ARGS)

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
