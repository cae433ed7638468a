"""Content for the tests, and the actions of its editors and translators."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import translate_object

from tests.newsroom.models import Article, Topic, TopicLink
from wagtail_localize_desk.extending import publishing_untranslated
from wagtail_localize_desk.models import TranslatedString

SECTION = "6f1a2d3e-0000-4000-8000-000000000001"
POINT = "6f1a2d3e-0000-4000-8000-000000000002"
HEADING = f"body.{SECTION}.heading"
BODY = f"body.{SECTION}.body"
POINT_TEXT = f"body.{SECTION}.points.{POINT}.text"


def body(heading: str = "Tajuk", text: str = "<p>Satu</p><p>Dua</p>", point: str = "Isi") -> str:
    return json.dumps(
        [
            {
                "type": "section",
                "id": SECTION,
                "value": {
                    "heading": heading,
                    "body": text,
                    "points": [
                        {"type": "item", "id": POINT, "value": {"text": point, "on": "2020-01-01"}}
                    ],
                },
            }
        ]
    )


def published_article(home: Page, **fields: Any) -> Article:
    values = {"title": "Berita", "slug": "berita", "intro": "<p>Mula</p>", "body": body(), **fields}
    page = home.add_child(instance=Article(**values, locale=home.locale, live=False))
    page.save_revision().publish()
    return Article.objects.get(pk=page.pk)


def published_topic(locale: Locale, name: str = "Topik", label: str = "Pautan") -> Topic:
    topic = Topic(name=name, locale=locale, live=False)
    topic.links = [TopicLink(label=label, locale=locale)]
    topic.save()
    topic.save_revision().publish()
    return Topic.objects.get(pk=topic.pk)


def republish(instance: Any, **fields: Any) -> Any:
    """Change fields of `instance` and publish it, as an editor does who may publish anything."""
    instance = type(instance).objects.get(pk=instance.pk)
    for name, value in fields.items():
        setattr(instance, name, value)
    with publishing_untranslated():
        instance.save_revision().publish()
    return type(instance).objects.get(pk=instance.pk)


def submit(instance: Model, *locales: Locale, user: Any = None) -> None:
    translate_object(type(instance)._default_manager.get(pk=instance.pk), list(locales), user=user)


def submit_as_before(instance: Model, locale: Locale) -> None:
    """Translate a snippet without drafts, as wagtail-localize does without the plugin."""
    source, _created = TranslationSource.get_or_create_from_instance(instance)
    translation = Translation.objects.create(source=source, target_locale=locale)
    with publishing_untranslated():
        translation.save_target(publish=True)


def translation_of(instance: Any, locale: Locale) -> Translation:
    return Translation.objects.get(source__object_id=instance.translation_key, target_locale=locale)


def target_of(instance: Any, locale: Locale) -> Any:
    return type(instance)._default_manager.get(
        translation_key=instance.translation_key, locale=locale
    )


def translate(instance: Any, locale: Locale, *but: str, **words: str) -> None:
    """Translate all strings except those at the paths `but`, as the translation editor does."""
    source = TranslationSource.objects.get(
        object_id=instance.translation_key, locale=instance.locale
    )
    for segment in StringSegment.objects.filter(source=source).select_related("string", "context"):
        path = segment.context.path
        if path in but:
            continue
        translate_string(segment, locale, words.get(path) or f"EN {segment.string.data}")


def translate_string(segment: StringSegment, locale: Locale, words: str) -> StringTranslation:
    return StringTranslation.objects.update_or_create(
        translation_of=segment.string,
        context=segment.context,
        locale=locale,
        defaults={"data": words, "has_error": False, "field_error": ""},
    )[0]


def segment_at(instance: Any, path: str, data: str | None = None) -> StringSegment:
    found = StringSegment.objects.filter(
        source__object_id=instance.translation_key,
        source__locale=instance.locale,
        context__path=path,
    )
    if data is not None:
        found = found.filter(string__data=data)
    return found.get()


def synchronise(instance: Any) -> None:
    """Update the source as the button "Sync translated pages" does."""
    TranslationSource.objects.get(
        object_id=instance.translation_key, locale=instance.locale
    ).update_from_db()


def publish_translation(instance: Any, locale: Locale, user: Any = None) -> Any:
    """Publish what is translated, and the rest in the source's language."""
    with publishing_untranslated():
        translation_of(instance, locale).save_target(user=user, publish=True)
    return target_of(instance, locale)


def stop(instance: Any, locale: Locale, *, again: bool = False) -> None:
    """Stop a translation, or restart it."""
    translation = translation_of(instance, locale)
    translation.enabled = again
    translation.save(update_fields=["enabled"])


def strings(instance: Any, locale: Locale, **filters: Any) -> QuerySet[TranslatedString]:
    """The desk's strings of an instance in a locale."""
    return TranslatedString.objects.filter(
        object_key=instance.translation_key, target_language=locale.language_code, **filters
    ).order_by("pk")


def string_at(instance: Any, locale: Locale, path: str, number: int = 0) -> TranslatedString:
    return strings(instance, locale).get(path=path, number=number)
