"""The translation status of published pages and snippets.

The status describes the published text, not drafts that translators have saved since. It changes
only when the instance or its source is published, unpublished or deleted, or when its translation
is stopped or started.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import DraftStateMixin, Locale, Page, TranslatableMixin
from wagtail_localize.models import Translation

from wagtail_localize_desk.models import HeldPublication, RevisionTexts, TranslatedString
from wagtail_localize_desk.revision_texts import (
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
    return translation_statuses([instance])[0]


def translation_statuses(instances: Sequence[models.Model]) -> list[PublishedTranslation]:
    """The translation statuses of `instances`, in their order; see `translation_status`.

    The number of queries grows with the number of their models, and hardly with their own.
    """
    language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    translatable = [each for each in instances if isinstance(each, TranslatableMixin)]
    found = dict(
        zip(
            map(id, translatable), _statuses([(each, NOBODY) for each in translatable]), strict=True
        )
    )
    without_locale = PublishedTranslation(language, "source", frozenset())
    return [found.get(id(each), without_locale) for each in instances]


#: A thing with the languages that were translated from it.
WithFollowers = tuple[Any, frozenset[str]]
NOBODY: frozenset[str] = frozenset()


def _statuses(wanted: Sequence[WithFollowers]) -> list[PublishedTranslation]:
    records = _records_of([instance for instance, _ in wanted])
    following = [
        (instance, record)
        for (instance, _), record in zip(wanted, records, strict=True)
        if record is not None and not goes_its_own_way(record)
    ]
    sources = _published_sources(following)
    hashes = _public_hashes([record for _, record in following if record.pk in sources])
    above = _statuses_above(wanted, records, sources)
    languages = _languages_of(
        instance for (instance, _), record in zip(wanted, records, strict=True) if record is None
    )
    return [
        PublishedTranslation(languages[instance.locale_id], "source", frozenset())
        if record is None
        else _status_of(record, sources, hashes, above)
        for (instance, _), record in zip(wanted, records, strict=True)
    ]


def _languages_of(instances: Iterable[Any]) -> dict[Any, str]:
    """The language codes of the locales of `instances`, by primary key; one query at most."""
    found: dict[Any, str] = {}
    unknown = False
    for instance in instances:
        if type(instance).locale.is_cached(instance):
            found[instance.locale_id] = instance.locale.language_code
        else:
            unknown = True
    if unknown:
        found |= dict(Locale.all_objects.values_list("pk", "language_code"))
    return found


def _statuses_above(
    wanted: Sequence[WithFollowers], records: Sequence[Any], sources: Mapping[Any, Any]
) -> dict[Any, PublishedTranslation]:
    """The statuses of sources that are translations themselves, by the records made from them."""
    chained: dict[Any, WithFollowers] = {}
    for (_, followers), record in zip(wanted, records, strict=True):
        if record is not None and record.is_source_translated and record.pk in sources:
            reached = followers | {record.target_language}
            if record.source_language not in reached:
                chained[record.pk] = (sources[record.pk], reached)
    return dict(zip(chained, _statuses(list(chained.values())), strict=True)) if chained else {}


def _status_of(
    record: Any,
    sources: Mapping[Any, Any],
    hashes: Mapping[Any, Iterable[tuple[int, UUID | None]]],
    above: Mapping[Any, PublishedTranslation],
) -> PublishedTranslation:
    texts = texts_in(record)
    missing = untranslated_in(texts)
    if missing.paths and record.is_source_translated:
        missing = languages_of(missing, texts, record)
    if goes_its_own_way(record):
        if not missing.paths:
            return PublishedTranslation(record.target_language, "source", frozenset())
        return _published(record, "partial", missing)
    status: Status = "partial" if missing.paths else "complete"
    source = sources.get(record.pk)
    if source is None:
        return _published(record, status, missing)
    stale = stale_in(texts, hashes[record.pk])
    if record.pk in above:
        # What follows from a stale text is stale, although its own source has not changed.
        stale |= above[record.pk].stale & texts.keys()
        status = "stale" if above[record.pk].status == "stale" else status
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


def _public_hashes(records: Sequence[Any]) -> dict[Any, list[tuple[int, UUID | None]]]:
    """The strings of the sources that readers have, and the hashes of their words, by record.

    Where a newer source waits for its translations, that is not the one that translators have.
    """
    found: dict[Any, list[tuple[int, UUID | None]]] = {}
    asked: dict[tuple[UUID, str], list[Any]] = {}
    for record in records:
        found[record.pk] = []
        if record.held_hashes is not None:
            found[record.pk] = [(int(pk), UUID(key)) for pk, key in record.held_hashes.items()]
        else:
            asked.setdefault((record.object_key, record.target_language), []).append(record.pk)
    if asked:
        rows = TranslatedString.objects.filter(
            object_key__in={key for key, _ in asked},
            target_language__in={language for _, language in asked},
            number__isnull=False,
        )
        for key, language, pk, source_hash in rows.values_list(
            "object_key", "target_language", "pk", "source_hash"
        ):
            for record_pk in asked.get((key, language), ()):
                found[record_pk].append((pk, source_hash))
    return found


def _records_of(instances: Sequence[Any]) -> list[Any]:
    """The record of the live text of each of `instances`, or None."""
    # Not the codes of their locales, which may take a query each.
    languages = Locale.objects.filter(language_code=OuterRef("target_language"))
    rows = _records().annotate(locale_id=Subquery(languages.values("pk")[:1]))
    revisions = {getattr(each, "live_revision_id", None) for each in instances} - {None}
    unversioned = {
        each.translation_key
        for each in instances
        if getattr(each, "live_revision_id", None) is None
    }
    of_revision: dict[tuple[Any, Any, Any], Any] = {}
    others: dict[tuple[Any, Any], list[Any]] = {}
    for row in rows.filter(Q(revision__in=revisions) | Q(object_key__in=unversioned)):
        of_revision.setdefault((row.object_key, row.locale_id, row.revision_id), row)
        others.setdefault((row.object_key, row.locale_id), []).append(row)
    found = []
    for each in instances:
        place = (each.translation_key, each.locale_id)
        revision = getattr(each, "live_revision_id", None)
        if revision is not None:
            found.append(of_revision.get((*place, revision)))
            continue
        # Published without a revision, or the revision was purged: the latest earlier record.
        published = getattr(each, "last_published_at", None)
        earlier = (
            row for row in others.get(place, ()) if published is None or row.saved_at <= published
        )
        found.append(next(earlier, None))
    return found


def record_of_live_text(instance: Any) -> Any:
    """The record of the live text of `instance`, if any."""
    return _records_of([instance])[0]


def records_of_live_texts(instances: Iterable[Any]) -> dict[UUID, Any]:
    """The records of the live texts of snippets in one language, by translation key."""
    records = _records_of(list(instances))
    return {record.object_key: record for record in records if record is not None}


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


def _published_sources(following: Sequence[tuple[Any, Any]]) -> dict[Any, Any]:
    """The published sources of things, each given with its record, by the primary key of that."""
    asked: dict[Any, dict[tuple[UUID, str], list[Any]]] = {}
    for instance, record in following:
        place = (record.object_key, record.source_language)
        asked.setdefault(instance.get_translation_model(), {}).setdefault(place, []).append(record)
    found: dict[Any, Any] = {}
    for model, places in asked.items():
        rows = model._default_manager.filter(
            translation_key__in={key for key, _ in places},
            locale__language_code__in={language for _, language in places},
        ).select_related("locale")
        if issubclass(model, DraftStateMixin):
            rows = rows.filter(live=True).select_related("live_revision")
        for row in rows:
            for record in places.get((row.translation_key, row.locale.language_code), ()):
                found[record.pk] = row
    return found
