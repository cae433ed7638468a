"""How far the published text is translated, and whether its source has moved on."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.signals import published
from wagtail_localize.models import StringTranslation, TranslationLog

from tests.newsroom.content import (
    BODY,
    HEADING,
    POINT_TEXT,
    body,
    published_article,
    published_topic,
    republish,
    submit,
    synchronise,
    target_of,
    translate,
    translation_of,
)
from tests.newsroom.models import Article, Footnote, Plain, Term, Topic
from wagtail_localize_desk.models import TranslationOrigin
from wagtail_localize_desk.status import PublishedTranslation, translation_status

pytestmark = pytest.mark.django_db


def status_of(instance, locale, at_most: int = 3) -> PublishedTranslation:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        status = translation_status(target_of(instance, locale))
    # One of them fetched the instance.
    assert len(queries) - 1 <= at_most, [query["sql"] for query in queries]
    return status


def publish(instance, locale) -> None:
    translation_of(instance, locale).save_target(publish=True)


@pytest.fixture
def article(home, english_home, en) -> Article:
    article = published_article(home)
    submit(article, en)
    return article


@pytest.fixture
def topic(ms, en) -> Topic:
    topic = published_topic(ms)
    submit(topic, en)
    return topic


def test_a_source_is_its_own(article):
    assert translation_status(article) == PublishedTranslation("ms", "source", frozenset())


def test_a_page_written_in_its_locale_is_its_own_source(english_home):
    assert translation_status(english_home) == PublishedTranslation("en", "source", frozenset())


def test_what_has_no_locale_is_a_source_in_the_project_language(db):
    plain = Plain.objects.create(text="x")
    assert translation_status(plain) == (settings.LANGUAGE_CODE, "source", frozenset())


def test_every_string_translated(article, en):
    translate(article, en)
    publish(article, en)
    assert status_of(article, en) == PublishedTranslation("ms", "complete", frozenset())


def test_the_paths_of_what_is_not_translated(article, en):
    translate(article, en, HEADING, POINT_TEXT)
    publish(article, en)
    assert status_of(article, en) == ("ms", "partial", frozenset({HEADING, POINT_TEXT}))


def test_children_have_paths_too(topic, en):
    path = f"links.{topic.links.get().translation_key}.label"
    translate(topic, en, path)
    publish(topic, en)
    assert status_of(topic, en) == ("ms", "partial", frozenset({path}))


def test_one_paragraph_of_a_rich_text_is_enough(article, en):
    translate(article, en)
    StringTranslation.objects.get(context__path=BODY, data="EN Dua").delete()
    publish(article, en)
    assert status_of(article, en).untranslated == {BODY}


def test_the_same_words_confirmed_by_a_person_are_translated(article, en):
    translate(article, en, **{HEADING: "Tajuk"})
    publish(article, en)
    assert status_of(article, en).status == "complete"


def test_a_translation_with_an_error_is_none(article, en):
    translate(article, en)
    StringTranslation.objects.filter(context__path=HEADING).update(has_error=True)
    publish(article, en)
    assert status_of(article, en).untranslated == {HEADING}


def test_an_empty_translation_is_none(article, en):
    translate(article, en)
    StringTranslation.objects.filter(context__path=HEADING).update(data="")
    publish(article, en)
    assert status_of(article, en).untranslated == {HEADING}


def test_the_translation_into_another_language_is_none(article, en):
    from wagtail.models import Locale

    translate(article, Locale.objects.get_or_create(language_code="ta")[0])
    publish(article, en)
    assert HEADING in status_of(article, en).untranslated


def test_blank_text_and_slugs_do_not_count(home, english_home, en):
    article = published_article(home, body=body(point="  "))
    submit(article, en)
    translate(article, en, "slug", POINT_TEXT)
    publish(article, en)
    assert status_of(article, en).status == "complete"


def test_what_is_saved_and_not_published_does_not_count(article, en):
    publish(article, en)
    before = status_of(article, en)
    assert HEADING in before.untranslated

    translate(article, en)
    assert status_of(article, en) == before
    translation_of(article, en).save_target(publish=False)
    assert status_of(article, en) == before

    publish(article, en)
    assert status_of(article, en).status == "complete"


def test_a_draft_of_the_translation_that_wagtail_publishes_counts(article, en):
    """A workflow publishes a revision that was saved before."""
    translate(article, en)
    publish(article, en)
    StringTranslation.objects.filter(context__path=HEADING).delete()
    translation_of(article, en).save_target(publish=False)
    draft = target_of(article, en).latest_revision
    translate(article, en)
    translation_of(article, en).save_target(publish=False)
    assert status_of(article, en).status == "complete"

    draft.publish()

    assert status_of(article, en).untranslated == {HEADING}


def test_taking_a_translation_back_does_not_touch_what_is_published(article, en):
    translate(article, en)
    publish(article, en)
    StringTranslation.objects.all().delete()
    assert status_of(article, en).status == "complete"


def test_it_is_known_while_the_thing_is_being_published(article, en):
    """Documents are compiled in the receivers of Wagtail's signals."""
    seen = []

    def receiver(sender, instance, **kwargs):
        seen.append(translation_status(instance))

    translate(article, en, HEADING)
    published.connect(receiver)
    try:
        publish(article, en)
    finally:
        published.disconnect(receiver)
    assert seen == [("ms", "partial", frozenset({HEADING}))]


def test_a_draft_of_the_source_makes_nothing_stale(article, en):
    translate(article, en)
    publish(article, en)
    article.title = "Lain"
    article.save_revision()
    assert status_of(article, en).status == "complete"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Lain"},
        {"priority": 9},
        {"intro": ""},
        {"body": body(heading="Lain")},
        {"body": body(point="Lain")},
        {"body": "[]"},
    ],
)
def test_a_published_change_of_the_source_makes_stale(article, en, change):
    translate(article, en)
    publish(article, en)
    republish(article, **change)
    assert status_of(article, en) == ("ms", "stale", frozenset())


def test_publishing_the_source_without_a_change_makes_nothing_stale(article, en):
    translate(article, en)
    publish(article, en)
    republish(article)
    republish(article)
    synchronise(article)
    assert status_of(article, en).status == "complete"


def test_a_changed_child_of_a_snippet_makes_stale_and_a_second_look_does_not(topic, en):
    translate(topic, en)
    publish(topic, en)
    topic = republish(topic)
    assert status_of(topic, en).status == "complete"
    link = topic.links.get()
    link.label = "Lain"
    topic.links = [link]
    topic.save_revision().publish()
    assert status_of(topic, en).status == "stale"


def test_synchronising_alone_does_not_make_it_fresh(article, en):
    translate(article, en)
    publish(article, en)
    republish(article, body=body(heading="Baharu"))
    synchronise(article)
    translate(article, en)
    assert status_of(article, en).status == "stale"

    publish(article, en)
    assert status_of(article, en).status == "complete"


def test_stale_text_is_not_called_untranslated(article, en):
    """The live words are an older translation, not the source's words."""
    translate(article, en)
    publish(article, en)
    republish(article, body=body(heading="Baharu"))
    synchronise(article)
    assert status_of(article, en) == ("ms", "stale", frozenset())


def test_old_untranslated_text_stays_untranslated_when_the_source_moves_on(article, en):
    translate(article, en, HEADING)
    publish(article, en)
    republish(article, body=body(heading="Baharu"))
    synchronise(article)
    translate(article, en)
    assert status_of(article, en) == ("ms", "stale", frozenset({HEADING}))


def test_a_source_that_returns_to_its_words_makes_fresh_again(article, en):
    translate(article, en)
    publish(article, en)
    republish(article, title="Lain")
    assert status_of(article, en).status == "stale"
    republish(article, title="Berita")
    assert status_of(article, en).status == "complete"


def test_a_withdrawn_source_makes_nothing_stale(article, en):
    translate(article, en)
    publish(article, en)
    article.unpublish()
    assert status_of(article, en).status == "complete"


def enable(article, en, value: bool) -> None:
    translation = translation_of(article, en)
    translation.enabled = value
    translation.save()


def test_words_of_one_s_own_after_stopping_stand_for_themselves(article, en):
    publish(article, en)
    enable(article, en, False)
    assert status_of(article, en).status == "partial"

    republish(target_of(article, en), title="Written here")

    assert status_of(article, en) == ("en", "source", frozenset())
    # Until the translation is published again.
    enable(article, en, True)
    assert status_of(article, en) == ("en", "source", frozenset())
    publish(article, en)
    assert status_of(article, en).status == "partial"


def test_stopping_does_not_change_what_is_published(article, en):
    translate(article, en, HEADING)
    publish(article, en)
    republish(target_of(article, en), priority=5)
    before = status_of(article, en)
    assert before.untranslated == {HEADING}
    enable(article, en, False)
    assert status_of(article, en) == before


def test_a_revision_by_other_code_keeps_the_status_of_the_one_before(article, en):
    translate(article, en, HEADING)
    publish(article, en)
    translate(article, en)
    republish(target_of(article, en), priority=5)
    translation_of(article, en).save_target(publish=False)
    assert status_of(article, en).untranslated == {HEADING}


def test_a_translation_of_a_translation_names_its_own_source(home, english_home, en):
    from wagtail.models import Locale

    ta = Locale.objects.get_or_create(language_code="ta")[0]
    article = published_article(home)
    submit(article, en)
    translate(article, en)
    publish(article, en)
    english = target_of(article, en)

    submit(english, ta)
    translate(english, ta)
    publish(english, ta)

    assert translation_status(target_of(article, ta)).source_locale == "en"
    assert status_of(article, en).source_locale == "ms"
    republish(article, title="Lain")
    assert status_of(article, en).status == "stale"
    assert translation_status(target_of(article, ta)).status == "complete"


@pytest.mark.parametrize("model", [Term, Footnote])
def test_things_without_drafts(ms, en, model):
    name = "word" if model is Term else "text"
    thing = model.objects.create(**{name: "Kata"}, locale=ms)
    submit(thing, en)
    assert status_of(thing, en) == ("ms", "partial", frozenset({name}))
    translate(thing, en)
    publish(thing, en)
    assert status_of(thing, en).status == "complete"
    setattr(thing, name, "Lain")
    thing.save()
    if model is Footnote:
        thing.save_revision()
    assert status_of(thing, en).status == "stale"


def test_translations_from_before_the_plugin(article, topic, en):
    translate(article, en, HEADING)
    publish(article, en)
    translate(topic, en)
    publish(topic, en)
    TranslationOrigin.objects.all().delete()
    assert status_of(article, en, at_most=4) == ("ms", "partial", frozenset({HEADING}))
    assert status_of(topic, en, at_most=4).status == "complete"

    republish(topic, number=3)
    assert status_of(topic, en, at_most=4).status == "stale"
    synchronise(topic)
    assert status_of(topic, en, at_most=4).status == "stale"


def test_a_source_that_was_saved_without_a_revision(home, english_home, en):
    article = home.add_child(
        instance=Article(title="Berita", slug="berita", body=body(), locale=home.locale)
    )
    assert article.live
    submit(article, en)
    translate(article, en)
    publish(article, en)
    assert translation_status(target_of(article, en)).status == "complete"
    Article.objects.filter(pk=article.pk).update(priority=4)
    assert translation_status(target_of(article, en)).status == "stale"


def test_purged_revisions_lose_nothing(article, en):
    translate(article, en, HEADING)
    publish(article, en)
    target_of(article, en).live_revision.delete()
    assert TranslationLog.objects.filter(revision=None).exists()
    assert status_of(article, en) == ("ms", "partial", frozenset({HEADING}))


def test_a_deleted_source_leaves_a_text_of_its_own(article, en):
    translate(article, en)
    publish(article, en)
    article.delete()
    target = Article.objects.get(locale=en)
    assert translation_status(target) == ("en", "source", frozenset())


def test_a_base_page_has_the_status_of_its_specific_page(article, en):
    translate(article, en, HEADING)
    publish(article, en)
    republish(article, priority=3)
    target = target_of(article, en)
    assert translation_status(target.page_ptr) == translation_status(target)
    assert translation_status(target.page_ptr).status == "stale"
