"""Writing strings of the desk to wagtail-localize's tables, in a fixed number of queries.

The caller records the change: nothing here sends the signals by which other writes are recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from wagtail_localize_desk.models import Method, TranslatedString
from wagtail_localize_desk.source_changes import is_usable, overwrite_upstream


def with_upstream(strings: QuerySet[TranslatedString]) -> QuerySet[Any]:
    """Strings with what wagtail-localize knows of them; all of it is None for what it lost."""
    segments = StringSegment.objects.filter(
        source__object_id=OuterRef("object_key"),
        source__locale__language_code=OuterRef("source_language"),
        context__path=OuterRef("path"),
        string__data_hash=OuterRef("source_hash"),
    ).order_by("order")
    translations = Translation.objects.filter(
        source__object_id=OuterRef("object_key"),
        source__locale__language_code=OuterRef("source_language"),
        target_locale__language_code=OuterRef("target_language"),
    )
    sources = TranslationSource.objects.filter(
        object_id=OuterRef("object_key"), locale__language_code=OuterRef("source_language")
    )
    locales = Locale.objects.filter(language_code=OuterRef("target_language"))
    return strings.annotate(
        upstream_string=Subquery(segments.values("string_id")[:1]),
        upstream_context=Subquery(segments.values("context_id")[:1]),
        field_path=Subquery(segments.values("context__field_path")[:1]),
        attrs=Subquery(segments.values("attrs")[:1]),
        translation_id=Subquery(translations.values("pk")[:1]),
        is_enabled=Subquery(translations.values("enabled")[:1]),
        content_type_id=Subquery(sources.values("specific_content_type_id")[:1]),
        target_locale_id=Subquery(locales.values("pk")[:1]),
    )


def write_upstream(strings: Iterable[Any], user: Any, tool: str = "") -> None:
    """Write or remove wagtail-localize's translations of strings from `with_upstream`.

    `tool` names the program that they come from.
    """
    known = [
        string
        for string in strings
        if string.upstream_string is not None and string.target_locale_id is not None
    ]
    written = [string for string in known if string.words]
    if written:
        overwrite_upstream(
            StringTranslation(
                **_upstream_key(string),
                data=string.words,
                translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE
                if string.method == Method.MACHINE
                else StringTranslation.TRANSLATION_TYPE_MANUAL,
                tool_name=tool,
                last_translated_by=user,
                updated_at=timezone.now(),
                has_error=not is_usable(string.source_words, string.words),
            )
            for string in written
        )
    for string in known:
        if not string.words:
            stored = StringTranslation._base_manager.filter(**_upstream_key(string))
            stored._raw_delete(stored.db)
        if string.path == "title":
            # wagtail-localize names a page in lists by its translated title, before it is
            # published.
            Page.objects.filter(
                translation_key=string.object_key, locale=string.target_locale_id
            ).update(draft_title=string.words or F("title"))


def _upstream_key(string: Any) -> dict[str, Any]:
    return {
        "translation_of_id": string.upstream_string,
        "context_id": string.upstream_context,
        "locale_id": string.target_locale_id,
    }
