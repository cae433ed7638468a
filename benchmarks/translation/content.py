"""The content of both sides, without anything of the desk."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from string import ascii_letters, ascii_lowercase, ascii_uppercase
from typing import Any

import yaml
from django.apps import apps
from django.contrib.auth.models import User
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

PROFILE = Path(__file__).resolve().parents[2] / "content/ms/profile_pages.yaml"
MARKUP = re.compile(r"(<[^>]*>|\{/?\d+\}|&\w+;)")
#: Each letter is the other half of the alphabet's.
OTHER_LETTERS = str.maketrans(
    ascii_letters,
    ascii_lowercase[13:] + ascii_lowercase[:13] + ascii_uppercase[13:] + ascii_uppercase[:13],
)
#: Members of a section that are no texts.
NAMES = {"type", "kind", "organisation", "roles"}


def prepare() -> User:
    """Show all of an article in its editor, and make home pages in three languages.

    Returns a superuser, who does all the work.

    wagtail-localize's editor leaves out the fields that the page's editor has no panel for, as that
    of the test project has none for the body.
    """
    article = apps.get_model("newsroom", "Article")
    article.content_panels = [*article.content_panels, "body"]
    malay = Locale.objects.get(language_code="ms")
    root = Page.get_first_root_node()
    root.get_children().get().delete()
    root.refresh_from_db()
    home = root.add_child(instance=Page(title="Utama", slug="utama", locale=malay))
    for code, title in (("en", "Home"), ("ta", "Mugappu")):
        translated = home.copy_for_translation(Locale.objects.create(language_code=code))
        translated.title = title
        translated.save_revision().publish()
    return User.objects.create_superuser("pentadbir", "pentadbir@example.test", "x")


def home() -> Page:
    """The Malay home page."""
    return Page.objects.get(depth=2, locale__language_code="ms")


def section(heading: str, body: str = "", points: tuple[str, ...] = ()) -> dict[str, Any]:
    """A block of the test project's article."""
    items = [
        {"type": "item", "id": str(uuid.uuid4()), "value": {"text": point, "on": None}}
        for point in points
    ]
    text = f"<p>{body}</p>" if body else ""
    value = {"heading": heading, "body": text, "points": items}
    return {"type": "section", "id": str(uuid.uuid4()), "value": value}


def with_strings(count: int) -> list[dict[str, Any]]:
    """The sections of an article that has so many strings; its title and slug are two of them."""
    pairs, rest = divmod(count - 2, 2)
    sections = [section(f"Tajuk {number}", f"Perenggan {number}.") for number in range(pairs)]
    return sections + [section("Tajuk akhir")] * rest


def profile() -> list[dict[str, Any]]:
    """PERKESO's profile as sections; their texts are the profile's own."""
    (page,) = yaml.safe_load(PROFILE.read_text(encoding="utf-8")).values()
    return [_section(values) for values in page["sections"].values()]


def _section(values: dict[str, Any]) -> dict[str, Any]:
    events = values.get("events", {}).values()
    body = values.get("body") or values.get("text") or ""
    unread = set(values) - NAMES - {"heading", "body", "text", "events"}
    if unread:
        message = f"{PROFILE.name} has members that the benchmark does not read: {sorted(unread)}."
        raise ValueError(message)
    return section(values["heading"], body, tuple(event["text"] for event in events))


def publish_article(title: str, slug: str, sections: list[dict[str, Any]]) -> Any:
    """A published Malay article."""
    above = home()
    article = apps.get_model("newsroom", "Article")(
        title=title, slug=slug, body=json.dumps(sections), locale=above.locale, live=False
    )
    above.add_child(instance=article)
    article.save_revision().publish()
    return type(article).objects.get(pk=article.pk)


def change_and_publish(article: Any, sections: list[dict[str, Any]]) -> None:
    """Publish an article with other sections."""
    article = type(article).objects.get(pk=article.pk)
    article.body = json.dumps(sections)
    article.save_revision().publish()


def texts_of(sections: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    """The texts of sections: where each is held, and by which name."""
    for block in sections:
        yield block["value"], "heading"
        if block["value"]["body"]:
            yield block["value"], "body"
        for item in block["value"]["points"]:
            yield item["value"], "text"


def change_word(holder: dict[str, Any], name: str, number: int) -> None:
    """Replace the first word of a text."""
    text = holder[name]
    tag = "<p>" if text.startswith("<p>") else ""
    _word, space, rest = text.removeprefix(tag).partition(" ")
    end = "" if space or not tag else "</p>"
    holder[name] = f"{tag}Baharu{number}{space}{rest}{end}"


def translation_of(article: Any) -> Translation:
    """The only translation of an article."""
    return Translation.objects.get(source__object_id=article.translation_key)


def target_of(article: Any) -> Any:
    """The translated article."""
    locale = translation_of(article).target_locale
    return type(article).objects.get(translation_key=article.translation_key, locale=locale)


def segments_of(article: Any) -> list[StringSegment]:
    """The strings of an article."""
    found = StringSegment.objects.filter(source__object_id=article.translation_key)
    return list(found.select_related("string", "context").order_by("order"))


def translate(article: Any) -> None:
    """Translate all strings of an article that are not translated."""
    locale = translation_of(article).target_locale
    for segment in segments_of(article):
        StringTranslation.objects.get_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=locale,
            defaults={"data": in_english(segment.string.data)},
        )


def in_english(source: str) -> str:
    """A text of about the length of its translation, without words of the source.

    Tags, pieces and characters that are written as `&...;` stay. That of a slug is one too.
    """
    parts = MARKUP.split(source)
    parts[::2] = [part.translate(OTHER_LETTERS) for part in parts[::2]]
    mark = "en-" if " " not in source and source.islower() else "EN "
    return mark + "".join(parts)
