"""Migrate each test database once, then copy it.

Migrating a Wagtail project takes about twenty seconds of processor time, in every process that runs
its tests. Here the first process stores its migrated database in the folder named by the variable
`MIGRATED_DATABASES`, and the others copy it: SQLite by its backup, PostgreSQL as a template. A copy
is used only for the same migrations, models and languages.

The rows are restored after a test with transactions of its own, not before the next one as Django
does, so the tests may run in any order.

`python -m devtools.testing.migrated`, with Django's settings in the environment, migrates ahead.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest import mock

import django
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management.base import no_translations
from django.core.management.commands import migrate
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

VARIABLE = "MIGRATED_DATABASES"
#: Settings that migrations depend on.
SETTINGS = (
    "AUTH_USER_MODEL",
    "DEFAULT_AUTO_FIELD",
    "INSTALLED_APPS",
    "LANGUAGE_CODE",
    "LANGUAGES",
    "USE_TZ",
    "WAGTAIL_CONTENT_LANGUAGES",
    "WAGTAIL_I18N_ENABLED",
)


class CopiedMigrations(migrate.Command):
    """`migrate` on a newly created database."""

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        kept = kept_for(connection)
        kept.parent.mkdir(parents=True, exist_ok=True)
        with locked(kept.with_suffix(".lock")):
            if not kept.exists():
                super().handle(*args, **options)
                keep(connection, kept)
                return
            copy(kept, connection)
        # Handlers of this signal are current code, whatever the age of the copy.
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def kept_for(connection: BaseDatabaseWrapper) -> Path:
    """The file of this project's migrated database."""
    return Path(os.environ[VARIABLE]) / f"{digest()}.{connection.vendor}"


def keep(connection: BaseDatabaseWrapper, kept: Path) -> None:
    """Store the database of `connection`; `kept` is the copy, or holds the template's name."""
    unfinished = kept.with_suffix(".unfinished")
    if connection.vendor == "sqlite":
        unfinished.unlink(missing_ok=True)
        connection.ensure_connection()
        target = sqlite3.connect(unfinished)
        connection.connection.backup(target)
        target.close()
    else:
        database = connection.settings_dict["NAME"]
        create(connection, f"{database}_migrated", template=database)
        unfinished.write_text(f"{database}_migrated", encoding="utf-8")
    unfinished.replace(kept)


def copy(kept: Path, connection: BaseDatabaseWrapper) -> None:
    """Replace the empty database of `connection` by the stored one."""
    if connection.vendor == "sqlite":
        source = sqlite3.connect(kept)
        copy_sqlite(source, connection)
        source.close()
    else:
        database = connection.settings_dict["NAME"]
        create(connection, database, template=kept.read_text(encoding="utf-8"))


def create(connection: BaseDatabaseWrapper, database: str, template: str) -> None:
    connection.close()
    quote = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(database)}")
        cursor.execute(f"CREATE DATABASE {quote(database)} TEMPLATE {quote(template)}")


def restoring(connection: BaseDatabaseWrapper) -> Callable[[], None]:
    """Returns a function that makes the database what it is now."""
    # Django serializes the rows if a test of this run asks for it, and would fill them in once more
    # before that test.
    vars(connection).pop("_test_serialized_contents", None)
    if connection.vendor == "sqlite":
        start = sqlite3.connect(":memory:")
        connection.connection.backup(start)
        return partial(copy_sqlite, start, connection)
    return partial(refill, connection, rows_of_tables(connection))


def copy_sqlite(source: sqlite3.Connection, connection: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    source.backup(connection.connection)


def rows_of_tables(connection: BaseDatabaseWrapper) -> dict[str, bytes]:
    """The rows of each PostgreSQL table, in the format of `COPY`."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            output = io.BytesIO()
            cursor.copy_expert(f"COPY {connection.ops.quote_name(table)} TO STDOUT", output)
            rows[table] = output.getvalue()
    return rows


def refill(connection: BaseDatabaseWrapper, rows: dict[str, bytes]) -> None:
    """Replace all rows, without models: their receivers would add rows of their own.

    Copying the template again would take more than a second on a server with fsync.
    """
    quoted = {table: connection.ops.quote_name(table) for table in rows}
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(quoted.values())}")
        for table, copied in rows.items():
            if copied:
                cursor.copy_expert(f"COPY {quoted[table]} FROM STDIN", io.BytesIO(copied))


@cache
def digest() -> str:
    """Identifies the schema and initial rows of this project's migrated database."""
    found = hashlib.sha256()
    for name in SETTINGS:
        found.update(f"{name}={getattr(settings, name, None)!r}\n".encode())
    for config in apps.get_app_configs():
        for path in deciding_files(config):
            found.update(f"{config.label} {path.name}\n".encode() + path.read_bytes())
    return found.hexdigest()[:20]


def deciding_files(config: AppConfig) -> list[Path]:
    """An app's migrations, or all its files if it has none: its models then make the tables."""
    module = settings.MIGRATION_MODULES.get(config.label, f"{config.name}.migrations")
    spec = find_spec(module) if module else None
    if spec is None or not spec.submodule_search_locations:
        return sorted(Path(config.path).rglob("*.py"))
    return sorted(Path(spec.submodule_search_locations[0]).glob("*.py"))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock between processes."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def migrations_copied() -> Iterator[None]:
    """Within this context, `migrate` copies a stored database if there is one."""
    with mock.patch.object(migrate, "Command", CopiedMigrations):
        yield


@contextmanager
def databases_restored() -> Iterator[None]:
    """Within this context, a test with transactions of its own leaves no rows behind."""
    # A model, which `main()` imports only after Django's set-up.
    from django.contrib.contenttypes.models import ContentType

    starts = [restoring(connection) for connection in connections.all()]

    def restore(_case: TransactionTestCase) -> None:
        for start in starts:
            start()
        ContentType.objects.clear_cache()

    with mock.patch.object(TransactionTestCase, "_fixture_teardown", restore):
        yield


def main() -> None:
    django.setup()
    connection = connections["default"]
    creation, before = connection.creation, connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        # A separate database for each project.
        connection.settings_dict["TEST"]["NAME"] = f"test_{before}_{digest()}"
    with migrations_copied():
        creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    # The class must be that of the importable module, not of `__main__`.
    import_module("devtools.testing.migrated").main()
