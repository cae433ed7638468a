"""Keeps the texts in step with what is published and with what editors save.

What is public is read from the delivery plugin's documents, in the transaction of the publish.
What editors work on is their latest revision, or the row itself where there is none, as of a page
that mirrors another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.models import Locale, Page, Revision

from cms.snippets.models.base import Snippet
from cms.text_search.editors_text import editors_passages
from cms.text_search.models import IndexedText
from cms.text_search.passages import Passage, published_passages, text_of
from wagtail_delivery.extending import documents_changed, published_texts

#: Things that are read at a time while everything is indexed again.
BATCH = 100


def is_searched(model: type[Model] | None) -> bool:
    """Whether this is a type of pages or entries."""
    return model is not None and issubclass(model, Page | Snippet) and model is not Page


def searched_models() -> list[type[Any]]:
    """The types of pages and entries, whose text is searched."""
    return [model for model in apps.get_models() if is_searched(model)]


def register_signal_handlers() -> None:
    """Follow publishes, drafts and deletions; called once."""
    documents_changed.connect(_on_documents, dispatch_uid="cms.text_search")
    post_save.connect(_on_revision, sender=Revision, dispatch_uid="cms.text_search")
    post_save.connect(_on_row, dispatch_uid="cms.text_search.rows")
    post_delete.connect(_on_deletion, dispatch_uid="cms.text_search")


def index_everything() -> Iterator[int]:
    """Index every page and entry again; yields how many are done after each batch."""
    done = 0
    for model in searched_models():
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            rows = model._base_manager.filter(pk__in=keys[start : start + BATCH])
            with transaction.atomic():
                found = list(rows.select_related("latest_revision"))
                _index_public(found)
                for row in found:
                    _index_editors(row, row.latest_revision)
                    done += 1
            yield done
    IndexedText.objects.exclude(content_type__in=_types()).delete()


def _types() -> list[ContentType]:
    return list(ContentType.objects.get_for_models(*searched_models()).values())


def _on_documents(sources: Collection[str], **kwargs: Any) -> None:
    models = {model._meta.label_lower: model for model in searched_models()}
    keys: dict[str, list[str]] = {}
    for source in sources:
        label, _, pk = source.partition(":")
        if label in models:
            keys.setdefault(label, []).append(pk)
    for label, pks in keys.items():
        _index_public(list(models[label]._base_manager.filter(pk__in=pks)))


def _on_revision(instance: Revision, raw: bool = False, **kwargs: Any) -> None:
    """A draft was saved. Wagtail also saves old revisions, when it schedules or approves them."""
    model = instance.content_type.model_class()
    if not raw and is_searched(model) and instance.is_latest_revision():
        _put(model, instance.object_id, instance.content, instance.object_str)


def _on_row(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A row without drafts was saved, perhaps with dates as texts; the database has them right."""
    if not raw and is_searched(type(instance)) and instance.latest_revision_id is None:
        _index_editors(type(instance)._base_manager.get(pk=instance.pk), None)


def _on_deletion(instance: Any, **kwargs: Any) -> None:
    if is_searched(type(instance)):
        _rows_of(type(instance), [instance.pk]).delete()


def _index_public(rows: Collection[Any]) -> None:
    """What is public of `rows`, which are of one model: the texts of their documents."""
    sources = {f"{row._meta.label_lower}:{row.pk}": row for row in rows}
    texts = published_texts(sources)
    written, gone = [], []
    for source, row in sources.items():
        passages = published_passages(source, texts[source])
        if passages:
            values = (type(row), row.pk, row.locale_id, str(row), passages)
            written.append(_row(*values, is_public=True))
        else:
            gone.append(row)
    _store(written)
    if gone:
        keys = [row.pk for row in gone]
        _rows_of(type(gone[0]), keys).filter(is_public=True).delete()


def _index_editors(row: Any, revision: Revision | None) -> None:
    """What editors of `row` work on."""
    if revision is None:
        _put(type(row), row.pk, row.serializable_data(), str(row))
    else:
        _put(type(row), row.pk, revision.content, revision.object_str)


def _put(model: type[Model], pk: Any, content: dict[str, Any], title: str) -> None:
    locale_id = content.get("locale") or Locale.get_default().pk
    passages = editors_passages(model, content)
    _store([_row(model, pk, locale_id, title, passages, is_public=False)])


def _row(
    model: type[Model],
    pk: Any,
    locale_id: int,
    title: str,
    passages: list[Passage],
    *,
    is_public: bool,
) -> IndexedText:
    return IndexedText(
        content_type=ContentType.objects.get_for_model(model),
        object_id=str(pk),
        is_public=is_public,
        locale_id=locale_id,
        title=title,
        passages=[passage.as_json() for passage in passages],
        folded=text_of(passages),
    )


def _store(rows: Collection[IndexedText]) -> None:
    IndexedText.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["content_type", "object_id", "is_public"],
        update_fields=["locale", "title", "passages", "folded"],
    )


def _rows_of(model: type[Model], pks: Iterable[Any]) -> Any:
    return IndexedText.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=map(str, pks)
    )
