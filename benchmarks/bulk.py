"""Copies of a page and its translation, made in bulk: for stores of many documents.

A copy is made of rows: those of the pages, of their live revisions and of what wagtail-localize and
the desk keep of the translation. Only the pages that copies stand below, and the first pair, are
published as a person would.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from wagtail.models import Page, Revision
from wagtail_localize.models import (
    StringTranslation,
    TranslatableObject,
    Translation,
    TranslationSource,
)

from wagtail_localize_desk.models import RevisionTexts, TranslatedString

#: Pairs below one page, and pairs that are written at once.
SECTION, BATCH = 500, 250


@dataclass(frozen=True)
class Pair:
    """A published page, its translation, and what is kept of both."""

    malay: Any
    english: Any

    @property
    def pages(self) -> tuple[Any, Any]:
        """Both pages."""
        return self.malay, self.english


def publish_pair(slug: str, body: list[Any]) -> Pair:
    """Publish a standard page with this body, and its translation of all strings."""
    from wagtail_localize.operations import translate_object

    from cms.pages.models import HomePage, StandardPage

    home = HomePage.objects.get(locale__language_code="ms")
    page = StandardPage(title=f"Halaman {slug}", slug=slug, locale=home.locale, body=body)
    page.summary = "Ringkasan halaman ini dalam satu ayat."
    home.add_child(instance=page)
    page.save_revision().publish()
    english = HomePage.objects.get(locale__language_code="en").locale
    translate_object(page, [english])
    translation = Translation.objects.get(source__object_id=page.translation_key)
    for segment in translation.source.stringsegment_set.select_related("string", "context"):
        StringTranslation.objects.get_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=english,
            defaults={"data": _in_english(segment.string.data)},
        )
    translation.save_target(publish=True)
    return Pair(*(found.specific for found in (_read(page), page.get_translation(english))))


def copy_pair(pair: Pair, count: int, parents: Pair) -> None:
    """Make `count` copies of a pair below `parents`; their documents are not compiled."""
    numbers = iter(range(count))
    while batch := [number for number, _ in zip(numbers, range(BATCH), strict=False)]:
        _copy_batch(pair, batch, parents)
    for parent in parents.pages:
        Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + count)
    analyze()


def analyze() -> None:
    """Count the rows, as autovacuum does eventually: the planner picks poor indexes otherwise."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _read(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


def _in_english(words: str) -> str:
    is_slug = " " not in words and words.islower()
    return f"en-{words}" if is_slug else f"EN {words}"


def _copy_batch(pair: Pair, numbers: list[int], parents: Pair) -> None:
    keys = {number: uuid.uuid4() for number in numbers}
    revisions = {}
    for page, parent in zip(pair.pages, parents.pages, strict=True):
        revisions[page.pk] = _copy_pages(page, parent, keys)
    _copy_translations(pair, keys, revisions[pair.english.pk])


def _copy_pages(page: Any, parent: Any, keys: dict[int, uuid.UUID]) -> dict[int, Any]:
    """Copies of `page` with these translation keys; returns their revisions."""
    rows: dict[int, Page] = {}
    for number, key in keys.items():
        place = parent.numchild + number + 1
        slug = f"{page.slug}-{place}"
        rows[number] = _copy(
            Page.objects.get(pk=page.pk) if not rows else rows[next(iter(rows))],
            path=Page._get_path(parent.path, parent.depth + 1, place),
            depth=parent.depth + 1,
            slug=slug,
            url_path=f"{parent.url_path}{slug}/",
            title=f"{page.title} {place}",
            draft_title=f"{page.title} {place}",
            translation_key=key,
            live_revision=None,
            latest_revision=None,
        )
    Page.objects.bulk_create(rows.values())
    model = type(page)
    specific = []
    for row in rows.values():
        child = _copy(page, page_ptr_id=row.pk)
        specific.append(child)
    # Django has no bulk_create for models with a parent.
    model._base_manager._insert(specific, fields=model._meta.local_concrete_fields, using="default")
    live = page.live_revision
    revisions = {}
    for number, row in rows.items():
        own = {name: getattr(row, name) for name in ("path", "depth", "slug", "url_path", "title")}
        content = {**live.content, **own, "pk": row.pk, "translation_key": str(row.translation_key)}
        revisions[number] = _copy(live, object_id=str(row.pk), content=content)
    Revision.objects.bulk_create(revisions.values())
    for number, row in rows.items():
        row.live_revision_id = row.latest_revision_id = revisions[number].pk
    Page.objects.bulk_update(rows.values(), ["live_revision", "latest_revision"])
    return revisions


def _copy_translations(pair: Pair, keys: dict[int, uuid.UUID], revisions: dict[int, Any]) -> None:
    translation = Translation.objects.get(source__object_id=pair.malay.translation_key)
    objects = [_copy(translation.source.object, translation_key=key) for key in keys.values()]
    TranslatableObject.objects.bulk_create(objects)
    sources = [_copy(translation.source, object_id=key) for key in keys.values()]
    TranslationSource.objects.bulk_create(sources)
    Translation.objects.bulk_create(
        _copy(translation, source_id=source.pk, uuid=uuid.uuid4()) for source in sources
    )
    strings = list(TranslatedString.objects.filter(object_key=pair.malay.translation_key))
    record = RevisionTexts.objects.get(revision=pair.english.live_revision)
    copies = [
        (number, string.pk, _copy(string, object_key=key))
        for number, key in keys.items()
        for string in strings
    ]
    TranslatedString.objects.bulk_create(copy for *_, copy in copies)
    new = {(number, old): copy.pk for number, old, copy in copies}
    RevisionTexts.objects.bulk_create(
        _copy(
            record,
            object_key=key,
            revision_id=revisions[number].pk,
            texts={
                path: [[new.get((number, row), row), *rest] for row, *rest in shown]
                for path, shown in record.texts.items()
            },
        )
        for number, key in keys.items()
    )


def _copy(row: models.Model, **changes: Any) -> Any:
    """A new row of the same model with the same values, but for its primary key and `changes`."""
    model = type(row)
    is_child = bool(model._meta.parents)
    names = [
        each.attname
        for each in (model._meta.local_concrete_fields if is_child else model._meta.concrete_fields)
        if not each.primary_key
    ]
    values = {name: getattr(row, name) for name in names}
    for name, value in changes.items():
        values[model._meta.get_field(name).attname if "_id" not in name else name] = value  # type: ignore[union-attr]
    return model(**values)


def sections(pair: Pair, count: int) -> Iterator[tuple[Pair, int]]:
    """Pages to put `count` copies below, published one pair for each SECTION of them."""
    for begin in range(0, count, SECTION):
        slug = f"bahagian-{uuid.uuid4().hex[:8]}"
        yield publish_pair(slug, []), min(SECTION, count - begin)
