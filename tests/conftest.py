"""Shared by all tests: marks, the snapshot option, and isolation of the cache and the language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from cms.operations.catalogues import ROOT, compile_changed
from tests.nightly import NIGHTLY

# Django reads compiled catalogues only.
compile_changed(ROOT)

TESTS = Path(__file__).parent
#: The marks of all tests below a folder or in a file.
MARKS = {
    "admin_input/test_every_form.py": [pytest.mark.slow],
    "admin_input/test_pictures.py": [pytest.mark.any_database],
    "admin_language": [pytest.mark.any_database],
    "browser": [pytest.mark.any_database, pytest.mark.serial, pytest.mark.slow],
    "content_policy": [pytest.mark.any_database, pytest.mark.slow],
    # The fixtures of other folders load content on PostgreSQL.
    "content_files": [pytest.mark.any_database, pytest.mark.slow],
    "deploy": [pytest.mark.any_database, pytest.mark.serial, pytest.mark.slow],
    "editors/test_admin_rights.py": [pytest.mark.any_database, pytest.mark.slow],
    "editors/test_dashboard.py": [pytest.mark.slow],
    # Permissions are rows that every database reads alike.
    "editors/test_groups.py": [pytest.mark.any_database, pytest.mark.slow],
    "editors/test_private_collections.py": [pytest.mark.any_database],
    "editors/test_references.py": [pytest.mark.any_database, pytest.mark.slow],
    "editors/test_second_person.py": [pytest.mark.any_database, pytest.mark.slow],
    "editors/test_sight.py": [pytest.mark.any_database, pytest.mark.slow],
    "login/test_half_logged_in.py": [pytest.mark.any_database, pytest.mark.slow],
    "message_catalogues": [pytest.mark.slow],
    "operations/test_arrival.py": [pytest.mark.slow],
    "operations/test_refusals.py": [pytest.mark.slow],
    "operations/test_server.py": [pytest.mark.needs_database, pytest.mark.slow],
    "operations/test_settings_modules.py": [pytest.mark.slow],
    "operations/test_virtual_environment.py": [pytest.mark.slow],
    "pages/test_editing.py": [pytest.mark.slow],
    "pages/test_image_descriptions.py": [pytest.mark.any_database],
    "pages/test_language_of_texts.py": [pytest.mark.any_database],
    # It loads all of the content.
    "pages/test_public_language.py": [pytest.mark.any_database],
    "pages/test_everything_is_translated.py": [pytest.mark.any_database],
    "pages/test_new_content_types.py": [pytest.mark.slow],
    "pages/test_translation.py": [pytest.mark.slow],
    "publishing": [pytest.mark.slow],
    "publishing/test_locks.py": [pytest.mark.serial],
    # On PostgreSQL the plugin's random edits cover the store.
    "publishing/test_secrets.py": [] if NIGHTLY else [pytest.mark.any_database],
    "translation_quality": [pytest.mark.any_database],
    # These open every content type in the admin.
    "snippets/test_editing.py": [pytest.mark.slow],
    "snippets/test_lists.py": [pytest.mark.slow],
    "snippets/test_translation.py": [pytest.mark.slow],
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--snapshot-update",
        action="store_true",
        help="Update the snapshots of the public contract instead of comparing with them.",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [location for location in MARKS if not (TESTS / location).exists()]
    assert not missing, f"MARKS in tests/conftest.py has missing paths: {', '.join(missing)}"
    for item in items:
        for location, marks in MARKS.items():
            if item.path.is_relative_to(TESTS / location):
                for mark in marks:
                    item.add_marker(mark)


@pytest.fixture(scope="module")
def loaded_content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """All of `content/`, loaded once for a module.

    A test's changes are rolled back after it, and the content after the module.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_content", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Wagtail's cached site roots and renditions outlive the rows that a test rolled back."""
    cache.clear()


@pytest.fixture(autouse=True)
def restore_language() -> Iterator[None]:
    """Restore the language, because requests of Django's client leave theirs active."""
    with translation.override(translation.get_language()):
        yield
