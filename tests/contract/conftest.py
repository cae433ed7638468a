"""PERKESO's own content, as a front-end gets it."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.factories import StandardPageFactory


@pytest.fixture
def published_content(db: None) -> None:
    """All of `content/`, and one page of each type that it has none of."""
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
