"""PERKESO's own content, published."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker
from wagtail.blocks.stream_block import StreamValue
from wagtail.documents import get_document_model

from cms.content_files.entry_types import identity
from tests.factories import StandardPageFactory
from tests.pages.body_blocks import download, faq, quote, stream, table, video


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
        # The rollback leaves the file of the module before, and the next would get another name.
        default_storage.delete("documents/contoh.pdf")
        file = ContentFile(b"contoh", name="contoh.pdf")
        form = get_document_model().objects.create(pk=900_001, title="Contoh borang", file=file)
        text = {"heading": "Contoh teks", "anchor": "contoh-teks", "body": "<p>Teks.</p>"}
        blocks = stream(
            text=text,
            table=table(),
            faq=faq(),
            download=download(form),
            video=video(),
            quote=quote(),
        )
        for block in blocks:
            block["id"] = str(identity("contoh", block["id"]))
        page.body = StreamValue(page.body.stream_block, blocks, is_lazy=True)
        page.save_revision().publish()
        yield
        transaction.set_rollback(True)
