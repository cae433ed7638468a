"""The translator's screen: values that are no strings, and the other snippets a text shows."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from wagtail_localize.models import (
    MissingRelatedObjectError,
    MissingTranslationError,
    OverridableSegment,
    RelatedObjectSegment,
    SegmentOverride,
)

from tests.newsroom.content import (
    publish_translation,
    published_article,
    published_topic,
    republish,
    submit,
    target_of,
    translate,
    translation_of,
)
from tests.newsroom.models import Topic
from tests.newsroom.people import browser_of, translator_of
from tests.screen_desk import Screen, speak_english

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(user):
    return browser_of(user)


@pytest.fixture
def topic(ms, en):
    topic = republish(published_topic(ms), email="pejabat@example.org")
    submit(topic, en)
    return topic


def shown_topic(home, english_home, en) -> tuple:
    topic = published_topic(home.locale)
    article = published_article(home, topic=topic)
    submit(article, en)
    return topic, article


def related(client, article, en):
    name = Screen(client, target_of(article, en)).html.select_one("[id^=related-]")
    return name.find_parent("article")


def put(client, value, text: str | None):
    """Store a value, as the screen's script does; None leaves it out."""
    body = {} if text is None else {"value": text}
    return client.put(
        value["data-desk-value-url-value"],
        encode_multipart(BOUNDARY, body),
        content_type=MULTIPART_CONTENT,
    )


def test_a_value_of_the_source_may_be_another_in_the_translation(client, user, topic, en):
    value = Screen(client, target_of(topic, en)).html.select_one(".desk-value")
    assert value.select_one(".desk-string__name").get_text(strip=True) == "3. Email"
    assert value.select_one(".desk-string__state").get_text(strip=True) == "As in the source"
    assert value.select_one("input")["value"] == "pejabat@example.org"
    assert put(client, value, "office@example.org").status_code == 201
    changed = Screen(client, target_of(topic, en)).html.select_one(".desk-value")
    assert changed.select_one(".desk-string__state").get_text(strip=True) == "Changed here"
    assert changed.select_one("input")["value"] == "office@example.org"
    assert client.delete(value["data-desk-value-url-value"]).status_code == 200
    again = Screen(client, target_of(topic, en)).html.select_one(".desk-value")
    assert again.select_one("input")["value"] == "pejabat@example.org"


def test_a_value_that_does_not_fit_has_its_message_beside_it(client, user, topic, en):
    value = Screen(client, target_of(topic, en)).html.select_one(".desk-value")
    put(client, value, "office")
    translate(topic, en)
    client.post(
        reverse("wagtail_localize_desk:save_draft", args=[translation_of(topic, en).pk]),
        follow=True,
    )
    error = Screen(client, target_of(topic, en)).html.select_one(".desk-value .error-message")
    assert error.get_text(strip=True) == "Enter a valid email address."
    assert "hidden" not in error.attrs
    assert target_of(topic, en).email == "pejabat@example.org"


def test_a_value_that_is_missing_is_refused_with_the_reason(client, user, topic, en):
    value = Screen(client, target_of(topic, en)).html.select_one(".desk-value")
    answer = put(client, value, None)
    assert answer.status_code == 400
    assert answer.json() == {"detail": "The field value is missing from the form."}
    assert not SegmentOverride.objects.exists()


def test_a_value_without_a_field_in_the_editor_has_no_row(client, user, topic, en):
    segment = OverridableSegment.objects.get(source=translation_of(topic, en).source)
    SegmentOverride.objects.create(
        context=segment.context, locale=en, data_json=json.dumps("office@example.org")
    )
    segment.context.path = segment.context.path.replace("email", "number")
    segment.context.field_path = ""
    segment.context.save()
    assert Screen(client, target_of(topic, en)).html.select(".desk-string__name")


def test_what_a_text_shows_is_submitted_and_opened_from_there(client, home, english_home, en, user):
    topic, article = shown_topic(home, english_home, en)
    row = related(client, article, en)
    # wagtail-localize submits what a page shows together with the page.
    assert row.select_one(".desk-string__state").get_text(" ", strip=True) == (
        "2 of 2 strings still to do"
    )
    link = row.select_one("a")
    assert client.get(link["href"]).status_code == 200
    translate(topic, en)
    row = related(client, article, en)
    assert row.select_one(".desk-string__state").get_text(strip=True) == "Translated"


def test_what_is_not_translated_yet_can_be_submitted(client, home, english_home, en, user):
    topic, article = shown_topic(home, english_home, en)
    target_of(topic, en).delete()
    row = related(client, article, en)
    assert row.select_one(".desk-string__state").get_text(strip=True) == "Not translated"
    link = row.select_one("a")
    assert link.get_text(strip=True) == "Submit it for translation"
    assert client.get(link["href"]).status_code == 200


def test_what_was_deleted_and_translated_again_is_shown_again(home, english_home, en):
    topic, article = shown_topic(home, english_home, en)
    for instance in (topic, article):
        translate(instance, en)
        publish_translation(instance, en)
    assert target_of(article, en).topic.name == "EN Topik"
    target_of(topic, en).delete()
    assert publish_translation(article, en).topic is None
    submit(topic, en)
    publish_translation(topic, en)
    assert publish_translation(article, en).topic.name == "EN Topik"


def test_nothing_refers_to_what_is_gone_in_all_languages(home, english_home, en):
    topic, article = shown_topic(home, english_home, en)
    Topic.objects.filter(translation_key=topic.translation_key).delete()
    assert not RelatedObjectSegment.objects.exists()
    translate(article, en)
    assert publish_translation(article, en).topic is None


def test_a_title_is_shown_only_to_those_who_may_see_it(client, home, english_home, en):
    _topic, article = shown_topic(home, english_home, en)
    reader = translator_of(english_home)
    reader.groups.get().permissions.remove(
        *reader.groups.get().permissions.filter(codename="change_topic")
    )
    speak_english(reader)
    Topic.objects.update(live=False)
    row = related(browser_of(reader), article, en)
    assert "Topik" not in row.get_text(" ")
    assert "topic" in row.get_text()
    admin = User.objects.create_superuser("Chandra", password="x")
    speak_english(admin)
    assert "Topik" in related(browser_of(admin), article, en).get_text()


def test_without_a_fallback_what_is_missing_is_told(home, english_home, en):
    topic, article = shown_topic(home, english_home, en)
    source = translation_of(article, en).source
    with pytest.raises(MissingTranslationError):
        source.create_or_update_translation(en)
    translate(article, en)
    source.create_or_update_translation(en)
    target_of(topic, en).delete()
    with pytest.raises(MissingRelatedObjectError):
        source.create_or_update_translation(en)
