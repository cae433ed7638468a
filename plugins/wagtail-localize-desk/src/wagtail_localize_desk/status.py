"""The translation status of published pages and snippets.

The status describes the published text, not drafts that translators have saved since. It changes
only when the instance or its source is published, unpublished or deleted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.models import get_serializable_data_for_fields
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import DraftStateMixin, Page, Revision, RevisionMixin, TranslatableMixin
from wagtail_localize.models import TranslationLog

from wagtail_localize_desk.models import TranslationOrigin
from wagtail_localize_desk.revision_carry_over import ongoing
from wagtail_localize_desk.source_content import changed_fields, field_digests
from wagtail_localize_desk.untranslated import UntranslatedParts, untranslated_texts

Status = Literal["source", "complete", "partial", "stale"]


class PublishedTranslation(NamedTuple):
    """The translation status of one published page or snippet.

    `source`: written in its own locale. `complete`: every text is translated. `partial`: the texts
    at `untranslated` are still in the language of `source_locale`. `stale`: the source has been
    published with different content since this translation was made; `untranslated` then lists
    texts that were never translated.
    """

    source_locale: str
    status: Status
    #: wagtail-localize content paths, such as `sections.<block id>.heading`.
    untranslated: frozenset[str]
    #: The rich texts among them that are translated in part, by content path.
    untranslated_parts: Mapping[str, UntranslatedParts] = MappingProxyType({})


def translation_status(instance: models.Model) -> PublishedTranslation:
    """The translation status of the published version of `instance`, in at most three queries.

    Translations from before this plugin need one more query. A source without a revision, such as
    one from a fixture, needs one more for each child relation.

    An instance counts as a translation if wagtail-localize wrote its live text. After a translation
    is stopped and edited by hand, the instance is a source of its own.
    """
    if not isinstance(instance, TranslatableMixin):
        language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
        return PublishedTranslation(language, "source", frozenset())
    log = _log_of_live_text(instance)
    if log is None:
        return PublishedTranslation(instance.locale.language_code, "source", frozenset())
    origin: TranslationOrigin | None = getattr(log, "origin", None)
    if origin is not None:
        texts = origin.untranslated_texts()
    else:
        texts = untranslated_texts(log.source, log.locale_id)
    status: Status = "partial" if texts.paths else "complete"
    if _is_stale(instance, log, origin):
        status = "stale"
    return PublishedTranslation(log.source.locale.language_code, status, texts.paths, texts.parts)


def _log_of_live_text(instance: models.Model) -> TranslationLog | None:
    """The entry in wagtail-localize's log for the live text of `instance`, if any."""
    logs = TranslationLog.objects.filter(
        source__object_id=instance.translation_key,  # type: ignore[attr-defined]
        locale_id=instance.locale_id,  # type: ignore[attr-defined]
    )
    by_revision = {
        revision_id: pk for pk, revision_id in logs.values_list("pk", "revision_id").order_by("pk")
    }
    if not by_revision:
        return None
    live_revision_id = getattr(instance, "live_revision_id", None)
    known = logs.select_related("source__locale", "origin")
    if live_revision_id is None:
        # Published without a revision, or the revision was purged: use the latest earlier entry.
        if getattr(instance, "last_published_at", None) is not None:
            known = known.filter(created_at__lte=instance.last_published_at)  # type: ignore[attr-defined]
        return ongoing(known).first()
    if live_revision_id in by_revision:
        return known.get(pk=by_revision[live_revision_id])
    # `revision_carry_over` did not log this revision, so it is from before this plugin.
    made_at = Revision.objects.filter(pk=live_revision_id).values("created_at")
    return ongoing(known.filter(origin=None, created_at__lte=made_at)).first()


def _is_stale(
    instance: models.Model, log: TranslationLog, origin: TranslationOrigin | None
) -> bool:
    """Whether the published source differs from the content that the translation was made from."""
    content_type = ContentType.objects.get_for_id(log.source.specific_content_type_id)
    model = content_type.model_class()
    content = _published_source(instance, log)
    if content is None or model is None:
        return False
    now = field_digests(model, content)
    if origin is not None:
        return bool(changed_fields(model, origin.source_digests, now))
    # From before this plugin: compare with wagtail-localize's current copy of the source.
    snapshot = field_digests(model, json.loads(log.source.content_json))
    newer: bool = log.source.last_updated_at > log.created_at
    return newer or bool(changed_fields(model, snapshot, now))


def _published_source(instance: models.Model, log: TranslationLog) -> dict[str, Any] | None:
    """The content of the published source, or None if the source is not published."""
    model = instance.get_translation_model()  # type: ignore[attr-defined]
    found = model._default_manager.filter(
        translation_key=log.source.object_id, locale_id=log.source.locale_id
    )
    if issubclass(model, DraftStateMixin):
        found = found.filter(live=True).select_related("live_revision")
    source = found.first()
    if source is None:
        return None
    revision = getattr(source, "live_revision", None)
    if revision is not None:
        published: dict[str, Any] = revision.content
        return published
    if isinstance(source, Page):
        source = source.specific
    if isinstance(source, RevisionMixin):
        data = source.serializable_data()
    else:
        data = get_serializable_data_for_fields(source)
    plain: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    return plain
