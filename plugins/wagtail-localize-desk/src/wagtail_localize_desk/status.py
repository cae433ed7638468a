"""The translation status of published pages and snippets.

The status describes the published text, not drafts that translators have saved since. It changes
only when the instance or its source is published, unpublished or deleted, or when its translation
is stopped or started.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import DraftStateMixin, Locale, Page, TranslatableMixin
from wagtail_localize.models import Translation

from wagtail_localize_desk.models import HeldPublication, RevisionTexts
from wagtail_localize_desk.revision_texts import (
    current_rows,
    stale_in,
    texts_in,
    untranslated_in,
)
from wagtail_localize_desk.source_content import changed_fields, content_of, field_digests
from wagtail_localize_desk.text_languages import languages_of
from wagtail_localize_desk.untranslated import UntranslatedParts, UntranslatedTexts

Status = Literal["source", "complete", "partial", "stale"]


class PublishedTranslation(NamedTuple):
    """The translation status of one published page or snippet.

    `source`: written in its own locale. `complete`: every text is translated. `partial`: the texts
    at `untranslated` are still in the language of `source_locale`. `stale`: the source has been
    published with different content since this translation was made; `stale` then lists the texts
    whose source has changed, and `untranslated` those that were never translated.
    """

    source_locale: str
    status: Status
    #: wagtail-localize content paths, such as `sections.<block id>.heading`.
    untranslated: frozenset[str]
    #: The rich texts among them that are translated in part, by content path.
    untranslated_parts: Mapping[str, UntranslatedParts] = MappingProxyType({})
    #: Content paths of texts whose source has other words now, or none.
    stale: frozenset[str] = frozenset()
    #: The languages of those untranslated texts that are not in that of `source_locale`, because
    #: they were not translated into it either. Of several languages in a text, the first.
    untranslated_languages: Mapping[str, str] = MappingProxyType({})


def translation_status(instance: models.Model) -> PublishedTranslation:
    """The translation status of the published version of `instance`, in at most three queries.

    A source without a revision, such as one from a fixture, needs one more for each child relation,
    and a source that is a translation itself has a status of its own, which takes as many again.

    Text that came from a source stays the source's, whatever happens to the translation, until
    somebody writes something else in its place. An instance without any such text, whose
    translation was stopped and which was then edited by hand, is a source of its own.
    """
    if not isinstance(instance, TranslatableMixin):
        language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
        return PublishedTranslation(language, "source", frozenset())
    return _status_of(instance, frozenset())


def _status_of(instance: Any, followers: frozenset[str]) -> PublishedTranslation:
    """The status of `instance`; `followers` are the languages that were translated from it."""
    record = record_of_live_text(instance)
    if record is None:
        return PublishedTranslation(instance.locale.language_code, "source", frozenset())
    texts = texts_in(record)
    missing = untranslated_in(texts)
    if missing.paths and record.is_source_translated:
        missing = languages_of(missing, texts, record)
    if goes_its_own_way(record):
        if not missing.paths:
            return PublishedTranslation(record.target_language, "source", frozenset())
        return _published(record, "partial", missing)
    status: Status = "partial" if missing.paths else "complete"
    source = _published_source(instance, record)
    if source is None:
        return _published(record, status, missing)
    stale = stale_in(texts, _public_hashes(record))
    followers |= {record.target_language}
    if record.is_source_translated and record.source_language not in followers:
        # What follows from a stale text is stale, although its own source has not changed.
        above = _status_of(source, followers)
        stale |= above.stale & texts.keys()
        status = "stale" if above.status == "stale" else status
    if stale or _differs(source, record):
        status = "stale"
    return _published(record, status, missing, stale)


def _published(
    record: RevisionTexts,
    status: Status,
    missing: UntranslatedTexts,
    stale: frozenset[str] = frozenset(),
) -> PublishedTranslation:
    return PublishedTranslation(
        record.source_language, status, missing.paths, missing.parts, stale, missing.languages
    )


def _public_hashes(record: Any) -> Iterable[tuple[int, UUID | None]]:
    """The strings of the source that readers have, and the hashes of their words.

    Where a newer source waits for its translations, that is not the one that translators have.
    """
    if record.held_hashes is not None:
        return [(int(pk), UUID(key)) for pk, key in record.held_hashes.items()]
    rows = current_rows(record.object_key, record.target_language)
    return rows.values_list("pk", "source_hash")


def record_of_live_text(instance: Any) -> Any:
    """The record of the live text of `instance`, if any."""
    records = _records().filter(
        object_key=instance.translation_key,
        # Not the code of `instance.locale`, which may take a query.
        target_language__in=Locale.objects.filter(pk=instance.locale_id).values("language_code"),
    )
    live_revision_id = getattr(instance, "live_revision_id", None)
    if live_revision_id is not None:
        return records.filter(revision=live_revision_id).first()
    # Published without a revision, or the revision was purged: use the latest earlier record.
    if getattr(instance, "last_published_at", None) is not None:
        records = records.filter(saved_at__lte=instance.last_published_at)
    return records.first()


def records_of_live_texts(instances: Iterable[Any]) -> dict[UUID, Any]:
    """The records of the live texts of snippets in one language, by translation key.

    In one query, or one more for each whose live revision was purged.
    """
    instances = list(instances)
    revisions = {each.live_revision_id for each in instances} - {None}
    # The latest comes last.
    found: dict[UUID, Any] = {
        record.object_key: record for record in _records().filter(revision__in=revisions).reverse()
    }
    for purged in (each for each in instances if each.live_revision_id is None):
        if record := record_of_live_text(purged):
            found[record.object_key] = record
    return found


def _records() -> QuerySet[RevisionTexts]:
    translations = Translation.objects.filter(
        source__object_id=OuterRef("object_key"),
        target_locale__language_code=OuterRef("target_language"),
    )
    return RevisionTexts.objects.annotate(
        held_hashes=Subquery(
            HeldPublication.objects.filter(
                object_key=OuterRef("object_key"), source_language=OuterRef("source_language")
            ).values("public_hashes")[:1]
        ),
        is_submitted=Exists(translations),
        is_followed=Exists(translations.filter(enabled=True)),
        is_source_translated=Exists(
            RevisionTexts.objects.filter(
                object_key=OuterRef("object_key"), target_language=OuterRef("source_language")
            )
        ),
    ).order_by("-saved_at", "-pk")


def goes_its_own_way(record: Any) -> bool:
    """Whether the text no longer follows a source.

    There is no translation, or it was stopped and the text was saved without it.
    """
    return not record.is_submitted or (record.is_by_hand and not record.is_followed)


def _differs(source: Any, record: RevisionTexts) -> bool:
    """Whether a published source differs from the content that the translation was made from."""
    model = source.specific_class if isinstance(source, Page) else type(source)
    if model is None:
        return False
    revision = getattr(source, "live_revision", None)
    if revision is not None:
        content: dict[str, Any] = revision.content
    else:
        content = content_of(source.specific if isinstance(source, Page) else source)
    return bool(changed_fields(model, record.source_digests, field_digests(model, content)))


def _published_source(instance: models.Model, record: RevisionTexts) -> Any:
    """The published source, or None if it is not published."""
    model = instance.get_translation_model()  # type: ignore[attr-defined]
    found = model._default_manager.filter(
        translation_key=record.object_key, locale__language_code=record.source_language
    )
    if issubclass(model, DraftStateMixin):
        found = found.filter(live=True).select_related("live_revision")
    return found.first()
