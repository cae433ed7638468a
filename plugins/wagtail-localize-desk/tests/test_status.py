"""The translation status of published pages and snippets."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale
from wagtail.signals import published
from wagtail_localize.models import StringTranslation, TranslationLog

from tests.newsroom.content import (
    BODY,
    HEADING,
    POINT_TEXT,
    body,
    publish_translation,
    published_article,
    published_topic,
    republish,
    submit,
    submit_as_before,
    synchronise,
    target_of,
    translate,
    translation_of,
)
from tests.newsroom.models import Article, Footnote, Plain, Term, Topic
from wagtail_localize_desk.checks import check_translations_are_recorded
from wagtail_localize_desk.extending import (
    PublishedTranslation,
    UntranslatedParts,
    keeping_translations,
    publishing_untranslated,
    translation_status,
)
from wagtail_localize_desk.models import RevisionTexts, StringChange, TranslatedString

pytestmark = pytest.mark.django_db


def status_of(instance, locale, at_most: int = 3) -> PublishedTranslation:
    with CaptureQueriesContext(connection) as queries:
        status = translation_status(target_of(instance, locale))
    # One query fetches the instance.
    assert len(queries) - 1 <= at_most, [query["sql"] for query in queries]
    return status


def publish(instance, locale) -> None:
    publish_translation(instance, locale)


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


def test_a_source_page_is_its_own_source(article):
    assert translation_status(article) == PublishedTranslation("ms", "source", frozenset())


def test_a_page_written_in_its_locale_is_its_own_source(english_home):
    assert translation_status(english_home) == PublishedTranslation("en", "source", frozenset())


def test_a_model_without_locales_is_a_source_in_the_project_language(db):
    plain = Plain.objects.create(text="x")
    assert translation_status(plain)[:3] == (settings.LANGUAGE_CODE, "source", frozenset())


def test_a_translation_with_all_strings_is_complete(article, en):
    translate(article, en)
    publish(article, en)
    assert status_of(article, en) == PublishedTranslation("ms", "complete", frozenset())


def test_untranslated_texts_are_listed_by_path(article, en):
    translate(article, en, HEADING, POINT_TEXT)
    publish(article, en)
    assert status_of(article, en)[:3] == ("ms", "partial", frozenset({HEADING, POINT_TEXT}))


def test_untranslated_children_are_listed_by_path(topic, en):
    path = f"links.{topic.links.get().translation_key}.label"
    translate(topic, en, path)
    publish(topic, en)
    assert status_of(topic, en)[:3] == ("ms", "partial", frozenset({path}))


def test_one_untranslated_paragraph_makes_a_rich_text_untranslated(article, en):
    translate(article, en)
    StringTranslation.objects.get(context__path=BODY, data="EN Dua").delete()
    publish(article, en)
    status = status_of(article, en)
    assert status.untranslated == {BODY}
    assert status.untranslated_parts == {BODY: UntranslatedParts(2, frozenset({1}))}


def test_a_text_without_any_translation_has_no_parts(article, en):
    translate(article, en, BODY)
    publish(article, en)
    assert BODY in status_of(article, en).untranslated
    assert status_of(article, en).untranslated_parts == {}


@pytest.mark.parametrize("is_moved", [False, True])
def test_parts_are_found_in_a_text_that_code_changed(article, en, is_moved):
    translate(article, en)
    StringTranslation.objects.get(context__path=BODY, data="EN Dua").delete()
    publish(article, en)
    target = target_of(article, en)
    if is_moved:
        field, _, _block = BODY.partition(".")
        value = getattr(target, field).get_prep_value()
        changed = json.dumps(value).replace("<p>EN Satu</p><p>Dua</p>", "<p>Dua</p><p>EN Satu</p>")
        assert changed != json.dumps(value)
        republish(target, **{field: changed})
    else:
        republish(target, priority=5)
    status = status_of(article, en)
    assert status.untranslated == {BODY}
    number = 0 if is_moved else 1
    assert status.untranslated_parts == {BODY: UntranslatedParts(2, frozenset({number}))}


def test_a_translation_identical_to_its_source_is_translated(article, en):
    translate(article, en, **{HEADING: "Tajuk"})
    publish(article, en)
    assert status_of(article, en).status == "complete"


def test_a_translation_with_an_error_is_untranslated(article, en):
    translate(article, en)
    StringTranslation.objects.filter(context__path=HEADING).update(has_error=True)
    publish(article, en)
    assert status_of(article, en).untranslated == {HEADING}


def test_an_empty_translation_is_untranslated(article, en):
    translate(article, en)
    StringTranslation.objects.filter(context__path=HEADING).update(data="")
    publish(article, en)
    assert status_of(article, en).untranslated == {HEADING}


def test_translations_into_other_languages_are_ignored(article, en):
    translate(article, Locale.objects.get_or_create(language_code="ta")[0])
    publish(article, en)
    assert HEADING in status_of(article, en).untranslated


def test_blank_strings_and_slugs_are_ignored(home, english_home, en):
    article = published_article(home, body=body(point="  "))
    submit(article, en)
    translate(article, en, "slug", POINT_TEXT)
    publish(article, en)
    assert status_of(article, en).status == "complete"


def test_saved_drafts_do_not_change_the_published_status(article, en):
    publish(article, en)
    before = status_of(article, en)
    assert HEADING in before.untranslated

    translate(article, en)
    assert status_of(article, en) == before
    translation_of(article, en).save_target(publish=False)
    assert status_of(article, en) == before

    publish(article, en)
    assert status_of(article, en).status == "complete"


def test_a_published_draft_has_the_status_it_was_saved_with(article, en):
    """A workflow publishes a revision saved earlier."""
    translate(article, en)
    publish(article, en)
    StringTranslation.objects.filter(context__path=HEADING).delete()
    translation_of(article, en).save_target(publish=False)
    draft = target_of(article, en).latest_revision
    translate(article, en)
    translation_of(article, en).save_target(publish=False)
    assert status_of(article, en).status == "complete"

    with publishing_untranslated():
        draft.publish()

    assert status_of(article, en).untranslated == {HEADING}


def test_deleting_translations_does_not_change_the_published_status(article, en):
    translate(article, en)
    publish(article, en)
    StringTranslation.objects.all().delete()
    assert status_of(article, en).status == "complete"


def test_the_status_is_known_to_handlers_of_the_published_signal(article, en):
    """Delivery APIs and caches read it there."""
    seen = []

    def receiver(sender, instance, **kwargs):
        seen.append(translation_status(instance))

    translate(article, en, HEADING)
    published.connect(receiver)
    try:
        publish(article, en)
    finally:
        published.disconnect(receiver)
    assert [status[:3] for status in seen] == [("ms", "partial", frozenset({HEADING}))]


def test_a_draft_of_the_source_does_not_make_stale(article, en):
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
    assert status_of(article, en)[:3] == ("ms", "stale", frozenset())


def test_republishing_an_unchanged_source_does_not_make_stale(article, en):
    translate(article, en)
    publish(article, en)
    republish(article)
    republish(article)
    synchronise(article)
    assert status_of(article, en).status == "complete"


def test_only_a_change_of_a_child_makes_a_snippet_stale(topic, en):
    translate(topic, en)
    publish(topic, en)
    topic = republish(topic)
    assert status_of(topic, en).status == "complete"
    link = topic.links.get()
    link.label = "Lain"
    topic.links = [link]
    topic.save_revision().publish()
    assert status_of(topic, en).status == "stale"


def test_syncing_alone_does_not_make_a_stale_translation_complete(article, en):
    translate(article, en)
    publish(article, en)
    republish(article, body=body(heading="Baharu"))
    synchronise(article)
    translate(article, en)
    assert status_of(article, en).status == "stale"

    publish(article, en)
    assert status_of(article, en).status == "complete"


def test_outdated_translations_are_not_listed_as_untranslated(article, en):
    """The live text is an older translation, not the source's text."""
    translate(article, en)
    publish(article, en)
    republish(article, body=body(heading="Baharu"))
    synchronise(article)
    assert status_of(article, en)[:3] == ("ms", "stale", frozenset())


def test_untranslated_text_stays_listed_when_the_source_changes(article, en):
    translate(article, en, HEADING)
    publish(article, en)
    republish(article, body=body(heading="Baharu"))
    synchronise(article)
    translate(article, en)
    assert status_of(article, en)[:3] == ("ms", "stale", frozenset({HEADING}))


def test_a_reverted_source_makes_its_translation_complete_again(article, en):
    translate(article, en)
    publish(article, en)
    republish(article, title="Lain")
    assert status_of(article, en).status == "stale"
    republish(article, title="Berita")
    assert status_of(article, en).status == "complete"


def test_an_unpublished_source_does_not_make_stale(article, en):
    translate(article, en)
    publish(article, en)
    article.unpublish()
    assert status_of(article, en).status == "complete"


def enable(article, en, value: bool) -> None:
    translation = translation_of(article, en)
    translation.enabled = value
    translation.save()


def test_a_page_rewritten_after_stopping_its_translation_is_a_source(article, en):
    translate(article, en)
    publish(article, en)
    enable(article, en, False)
    assert status_of(article, en).status == "complete"

    republish(target_of(article, en), title="Written here")

    assert status_of(article, en)[:3] == ("en", "source", frozenset())
    # The source may change: the page goes its own way.
    republish(article, intro="<p>Lain</p>")
    assert status_of(article, en)[:3] == ("en", "source", frozenset())


def test_text_of_the_source_stays_the_sources_after_stopping_the_translation(article, en):
    publish(article, en)
    enable(article, en, False)
    before = status_of(article, en).untranslated
    assert {"title", "intro", BODY} <= before

    republish(target_of(article, en), title="Written here")

    assert status_of(article, en)[:3] == ("ms", "partial", before - {"title"})


def test_stopping_a_translation_does_not_change_the_published_status(article, en):
    translate(article, en, HEADING)
    publish(article, en)
    republish(target_of(article, en), priority=5)
    before = status_of(article, en)
    assert before.untranslated == {HEADING}
    enable(article, en, False)
    assert status_of(article, en) == before


def test_a_revision_by_other_code_carries_over_the_status(article, en):
    translate(article, en, HEADING)
    publish(article, en)
    translate(article, en)
    republish(target_of(article, en), priority=5)
    translation_of(article, en).save_target(publish=False)
    assert status_of(article, en).untranslated == {HEADING}


def test_a_translation_of_a_translation_has_the_nearer_source(home, english_home, en):
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
    # What hangs on the changed text is stale too, although its own source has not changed.
    assert translation_status(target_of(article, ta)).status == "stale"


@pytest.mark.parametrize("model", [Term, Footnote])
def test_models_without_drafts_have_a_status(ms, en, model):
    name = "word" if model is Term else "text"
    instance = model.objects.create(**{name: "Kata"}, locale=ms)
    submit_as_before(instance, en)
    assert status_of(instance, en)[:3] == ("ms", "partial", frozenset({name}))
    translate(instance, en)
    publish(instance, en)
    assert status_of(instance, en).status == "complete"
    setattr(instance, name, "Lain")
    instance.save()
    if model is Footnote:
        instance.save_revision()
    assert status_of(instance, en).status == "stale"


def forget_everything() -> None:
    """As if the plugin had not been installed until now."""
    StringChange.objects.all()._raw_delete("default")
    TranslatedString.objects.all()._raw_delete("default")
    RevisionTexts.objects.all().delete()


def test_translations_from_before_the_plugin_are_recorded(article, topic, en):
    translate(article, en, HEADING)
    publish(article, en)
    translate(topic, en)
    publish(topic, en)
    before = status_of(article, en), status_of(topic, en)
    assert before[0].untranslated == {HEADING}
    forget_everything()
    (message,) = check_translations_are_recorded(databases=["default"])
    assert message.id == "wagtail_localize_desk.W003"

    call_command("record_translations", stdout=StringIO())

    assert (status_of(article, en), status_of(topic, en)) == before
    assert check_translations_are_recorded(databases=["default"]) == []
    rows = list(TranslatedString.objects.values())
    call_command("record_translations", stdout=StringIO())
    assert list(TranslatedString.objects.values()) == rows
    assert {row["words"] for row in rows if row["path"] == "title"} == {"EN Berita"}

    republish(topic, name="Lain")
    assert status_of(topic, en)[:2] == ("ms", "stale")
    assert status_of(topic, en).stale == {"name"}


def test_a_translation_from_before_the_plugin_may_be_stale(article, en):
    translate(article, en)
    publish(article, en)
    republish(article, body=body(heading="Lain"))
    forget_everything()
    call_command("record_translations", stdout=StringIO())
    assert status_of(article, en)[:3] == ("ms", "stale", frozenset())
    assert HEADING in status_of(article, en).stale


def test_a_source_without_a_revision_is_compared_by_its_fields(home, english_home, en):
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


def test_purging_revisions_does_not_change_the_status(article, en):
    translate(article, en, HEADING)
    publish(article, en)
    target_of(article, en).live_revision.delete()
    assert TranslationLog.objects.filter(revision=None).exists()
    assert status_of(article, en)[:3] == ("ms", "partial", frozenset({HEADING}))


def test_a_translation_without_its_deleted_source_is_a_source(article, en):
    translate(article, en)
    publish(article, en)
    article.delete()
    target = Article.objects.get(locale=en)
    assert translation_status(target)[:3] == ("en", "source", frozenset())


def test_a_base_page_has_the_status_of_its_specific_page(article, en):
    translate(article, en, HEADING)
    publish(article, en)
    republish(article, priority=3)
    target = target_of(article, en)
    assert translation_status(target.page_ptr) == translation_status(target)
    assert translation_status(target.page_ptr).status == "stale"


def test_a_chain_is_as_stale_as_its_first_text(article, en):
    """Tamil was translated from English, and English is outdated."""
    ta = Locale.objects.get_or_create(language_code="ta")[0]
    translate(article, en)
    english = publish_translation(article, en)
    submit(english, ta)
    translate(english, ta)
    publish_translation(english, ta)
    assert status_of(article, ta, at_most=6)[:3] == ("en", "complete", frozenset())
    republish(article, body=body(heading="Tajuk baharu"))
    status = status_of(article, ta, at_most=6)
    assert (status.source_locale, status.status, status.stale) == ("en", "stale", {HEADING})
    # English follows; Tamil still has the words of the old English text.
    translate(article, en, **{HEADING: "New heading"})
    publish_translation(article, en)
    assert status_of(article, ta, at_most=6).stale == {HEADING}
    translate(english, ta, **{HEADING: "Tamil heading"})
    publish_translation(english, ta)
    assert status_of(article, ta, at_most=6).status == "complete"


def test_untranslated_texts_of_a_chain_have_their_true_language(article, en):
    """English still shows a heading and a paragraph in Malay, and so do those made from it."""
    languages = [Locale.objects.get_or_create(language_code=code)[0] for code in ("ta", "zh")]
    translate(article, en, HEADING)
    StringTranslation.objects.get(context__path=BODY, data="EN Dua").delete()
    source = publish_translation(article, en)
    above = "en"
    for locale in languages:
        submit(source, locale)
        translate(source, locale, HEADING, BODY, POINT_TEXT)
        source = publish_translation(source, locale)
        status = status_of(article, locale, at_most=16)
        assert (status.source_locale, status.status) == (above, "partial")
        assert status.untranslated == {HEADING, BODY, POINT_TEXT}
        spoken = status.untranslated_languages
        assert spoken[HEADING] == "ms"
        assert spoken.get(POINT_TEXT, above) == "en"
        assert status.untranslated_parts[BODY].languages == {0: "en", 1: "ms"}
        assert spoken.get(BODY, above) == "en"
        above = locale.language_code
    # What is translated into English later does not change what is shown further down.
    translate(article, en)
    publish_translation(article, en)
    assert status_of(article, languages[1], at_most=16).untranslated_languages[HEADING] == "ms"


def test_malay_stays_malay_where_a_page_is_translated_back(article, ms, en):
    """The Malay page was deleted, and made again from the English one, which shows its heading."""
    translate(article, en, HEADING)
    StringTranslation.objects.get(context__path=BODY, data="EN Dua").delete()
    english = publish_translation(article, en)
    with keeping_translations():
        article.delete()
    submit(english, ms)
    publish_translation(english, ms)
    republish(english, priority=3)
    status = status_of(article, en, at_most=16)
    assert (status.source_locale, status.untranslated) == ("ms", {HEADING, BODY})
    assert status.untranslated_languages == {}
    assert status.untranslated_parts == {BODY: UntranslatedParts(2, frozenset({1}))}
    # The heading and that paragraph are Malay, so they are where they belong.
    status = status_of(article, ms, at_most=16)
    assert (status.source_locale, HEADING in status.untranslated) == ("en", False)
    assert status.untranslated_languages == {}
    assert status.untranslated_parts == {BODY: UntranslatedParts(2, frozenset({0}))}
