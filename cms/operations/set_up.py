"""Set-up steps from an empty folder to a database that can be served.

Each step is idempotent: a second start takes seconds and an interrupted one resumes. No step
overwrites an editor's changes.
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

Report = Callable[[str], None]


def set_up(report: Report, *, content: bool) -> dict[str, str]:
    """Run all steps and report progress; `content` also loads the text in `content/`.

    Returns user names with passwords of the demo accounts created now. Raises `CommandError` with
    one sentence if the folder, the database or a catalogue is unusable, and `SystemCheckError` if
    a system check fails.
    """
    ensure_data_folder(settings.DATA_DIR)
    compile_catalogues(report)
    check_database()
    migrate(report)
    run_system_checks()
    collect_static_files(report)
    if content:
        load_content(report)
    create_groups()
    return update_demo_accounts(report)


def ensure_data_folder(folder: Path) -> None:
    """Create `folder` and check that files can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise CommandError(
            f"Cannot write to the folder {folder} ({problem.strerror}); "
            "set DATA_DIR to another folder or change its permissions."
        ) from problem


def compile_catalogues(report: Report) -> None:
    """Compile the message catalogues that changed."""
    try:
        changed = catalogues.compile_changed(settings.BASE_DIR)
    except catalogues.CatalogueError as problem:
        raise CommandError(str(problem)) from problem
    if changed:
        report(f"Compiled {len(changed)} message catalogues.")


def check_database() -> None:
    """Check that the database answers."""
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
        raise CommandError(f"Cannot use the database {where}: {reason}") from problem


def migrate(report: Report) -> None:
    """Apply missing migrations.

    The command runs even when none is missing, because its `post_migrate` handlers, which create
    permissions for example, may have been interrupted.
    """
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        report(f"Applying {len(missing)} migrations ...")
    call_command("migrate", interactive=False, verbosity=0)


def run_system_checks() -> None:
    """Run the system checks, some of which query the database."""
    BaseCommand().check()


def collect_static_files(report: Report) -> None:
    """Collect the static files if any has changed."""
    if not static_files.is_current():
        report("Collecting static files ...")
        static_files.collect()


def load_content(report: Report) -> None:
    """Load the text in `content/`; edited pages are kept."""
    report("Loading the content ...")
    call_command("load_content")
    # At the first start: terms that officers deleted do not come again.
    call_command("load_terms", settings.BASE_DIR / "content" / "terms.csv", if_none=True)


def create_groups() -> None:
    """Create the editors' groups and add missing permissions."""
    ensure_groups()


def update_demo_accounts(report: Report) -> dict[str, str]:
    """Create the demo accounts at the first start, or lock them where they are not allowed."""
    if settings.DEMO_ACCOUNTS:
        return demo_accounts.create_at_first_start()
    if locked := demo_accounts.lock():
        report(f"Locked {locked} demo accounts that came with this database.")
    return {}
