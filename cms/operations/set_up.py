"""Everything between an empty folder and a database that can be served, step by step.

Each step does nothing where its work is done, so that a second start takes seconds and an
interrupted one goes on where it stopped; none overwrites what a person changed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from cms.editors.groups import ensure_groups
from cms.operations import catalogues, demo_accounts, static_files

Say = Callable[[str], None]


def set_up(say: Say, *, content: bool) -> dict[str, str]:
    """Run all steps, telling each through `say`; `content` says whether to load the text as well.

    Returns the demo accounts made now with their passwords. Raises `CommandError` with one sentence
    where the folder, the database or a catalogue does not allow it, and `SystemCheckError` where
    the system checks find errors.
    """
    data_folder(settings.DATA_DIR)
    compile_catalogues(say)
    connect()
    migrate(say)
    check()
    collect_static_files(say)
    if content:
        load_content(say)
    groups()
    return accounts(say)


def data_folder(folder: Path) -> None:
    """Make sure that files can be written to `folder`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise CommandError(
            f"The folder {folder} cannot be written ({problem.strerror}); "
            "give another as DATA_DIR or change its rights."
        ) from problem


def compile_catalogues(say: Say) -> None:
    """Compile the message catalogues that changed."""
    try:
        changed = catalogues.compile_changed(settings.BASE_DIR)
    except catalogues.CatalogueError as problem:
        raise CommandError(str(problem)) from problem
    if changed:
        say(f"Compiled {len(changed)} message catalogues.")


def connect() -> None:
    """Make sure that the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as problem:
        where = "/".join(
            str(connection.settings_dict[part])
            for part in ("HOST", "NAME")
            if connection.settings_dict[part]
        )
        reason = str(problem).strip().splitlines()[0]
        raise CommandError(f"The database {where} cannot be used: {reason}") from problem


def migrate(say: Say) -> None:
    """Apply the migrations that the database lacks.

    The command runs also where none is missing: what follows migrations, such as permissions, may
    have been interrupted.
    """
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        say(f"Bringing the database up to date: {len(missing)} migrations ...")
    call_command("migrate", interactive=False, verbosity=0)


def check() -> None:
    """Run the system checks, now that there is a database that they can ask."""
    BaseCommand().check()


def collect_static_files(say: Say) -> None:
    """Collect the admin's static files if any changed."""
    if not static_files.is_current():
        say("Collecting static files ...")
        static_files.collect()


def load_content(say: Say) -> None:
    """Load the text in `content/`; pages that were edited stay as they are."""
    say("Loading the content ...")
    call_command("load_content")


def groups() -> None:
    """Create the editors' groups and give them the rights that they lack."""
    ensure_groups()


def accounts(say: Say) -> dict[str, str]:
    """Create the demo accounts at the first start; elsewhere lock those that a copy brought."""
    if settings.DEMO_ACCOUNTS:
        return demo_accounts.create_at_first_start()
    if locked := demo_accounts.lock():
        say(f"Locked {locked} demo accounts that came with this database.")
    return {}
