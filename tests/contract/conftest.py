"""PERKESO's own content, as a front-end gets it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.factories import StandardPageFactory


@pytest.fixture(scope="module")
def published_content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """All of `content/`, and one page of each type that it has none of.

    Loaded once for a module whose tests only read, and taken back after it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_content", verbosity=0)
        page = StandardPageFactory(title="Piagam pelanggan", slug="piagam-pelanggan")
        page.summary = "Janji PERKESO kepada pelanggannya."
        page.body = [
            (
                "text",
                {"heading": "Janji kami", "anchor": "janji-kami", "body": "<p>Prihatin.</p>"},
            )
        ]
        page.save_revision().publish()
        yield
        transaction.set_rollback(True)
