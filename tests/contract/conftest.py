"""PERKESO's own content, published."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker
from wagtail.blocks.stream_block import StreamValue

from cms.content_files.entry_types import identity
from tests.factories import StandardPageFactory


@pytest.fixture(scope="module")
def published_content(loaded_content: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """All of `content/`, and one page of each type that it lacks.

    Loaded once for a module whose tests only read, and rolled back after it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        # Its text marks it as an example, not PERKESO's; its ids are the same in every run.
        page = StandardPageFactory(
            title="Contoh halaman", slug="contoh-halaman", translation_key=identity("contoh")
        )
        page.summary = "Halaman ini hanya contoh."
        block = {
            "type": "text",
            "id": str(identity("contoh", "teks")),
            "value": {"heading": "Contoh teks", "anchor": "contoh-teks", "body": "<p>Teks.</p>"},
        }
        page.body = StreamValue(page.body.stream_block, [block], is_lazy=True)
        page.save_revision().publish()
        yield
        transaction.set_rollback(True)
