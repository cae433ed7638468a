"""Text of the source stays the source's until somebody writes something else in its place."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail_localize.models import StringTranslation, Translation

from tests.newsroom.content import (
    BODY,
    HEADING,
    POINT_TEXT,
    SECTION,
    body,
    publish_translation,
    published_article,
    published_topic,
    republish,
    stop,
    string_at,
    strings,
    submit,
    target_of,
    translate,
)
from tests.newsroom.models import Article, Topic
from wagtail_localize_desk.extending import (
    UntranslatedParts,
    history_of,
    publishing_untranslated,
    translation_status,
)
from wagtail_localize_desk.models import Method, Reason, State, TranslatedString

pytestmark = pytest.mark.django_db

MALAY = "Skim ini melindungi pekerja yang ditimpa bencana kerja."


@pytest.fixture
def article(home, english_home, en):
    """Its heading is translated, and the rest is Malay."""
    article = published_article(home, intro=f"<p>{MALAY}</p>")
    submit(article, en)
    translate(article, en, "title", "intro", BODY, POINT_TEXT)
    publish_translation(article, en)
    return article


def status_of(article, en):
    return translation_status(target_of(article, en))


def test_malay_parts_stay_malay_after_stop_and_a_changed_word(article, en):
    stop(article, en)
    edited = body(heading="EN Tajuk!", text="<p>Satu</p><p>Dua</p>")
    republish(target_of(article, en), body=edited)
    status = status_of(article, en)
    assert status[:3] == ("ms", "partial", {"title", "intro", BODY, POINT_TEXT})
    row = string_at(article, en, HEADING)
    assert (row.words, row.method, row.state) == ("EN Tajuk!", Method.PAGE, State.TRANSLATED)
    assert row.changes.last().words_before == "EN Tajuk"


def test_each_text_that_somebody_writes_is_a_translation(article, en):
    stop(article, en)
    republish(target_of(article, en), title="News", intro="<p>This scheme protects workers.</p>")
    assert status_of(article, en)[:3] == ("ms", "partial", {BODY, POINT_TEXT})
    assert string_at(article, en, "intro").words == "This scheme protects workers."
    assert string_at(article, en, "intro").made_from == MALAY

    text = "<p>One</p><p>Dua</p>"
    republish(target_of(article, en), body=body(heading="EN Tajuk", text=text, point="Content"))
    status = status_of(article, en)
    assert status.untranslated == {BODY}
    assert status.untranslated_parts == {BODY: UntranslatedParts(2, frozenset({1}))}

    text = "<p>One</p><p>Two</p>"
    republish(target_of(article, en), body=body(heading="EN Tajuk", text=text, point="Content"))
    assert status_of(article, en)[:3] == ("en", "source", frozenset())


def test_a_corrected_spelling_does_not_make_malay_english(article, en):
    stop(article, en)
    republish(target_of(article, en), intro=f"<p>{MALAY.replace('bencana', 'becana')}</p>")
    assert "intro" in status_of(article, en).untranslated


def test_old_words_of_the_source_are_its_own(article, en):
    """The page still shows them, and was not written anew."""
    stop(article, en)
    republish(article, intro="<p>Perkara yang lain sama sekali daripada dahulu.</p>", title="Lain")
    republish(target_of(article, en), priority=4)
    assert {"title", "intro"} <= status_of(article, en).untranslated
    assert not strings(article, en).filter(words__in=["Berita", MALAY]).exists()


def test_malay_text_that_was_moved_is_malay(article, en):
    stop(article, en)
    republish(target_of(article, en), intro="<p>Satu</p>", body="[]")
    assert status_of(article, en).untranslated == {"title", "intro"}


def test_a_blank_text_is_neither(article, en):
    stop(article, en)
    republish(target_of(article, en), intro="", title="News", body=body(point=" "))
    assert status_of(article, en).untranslated == {HEADING, BODY}


def test_a_translation_that_equals_its_source_stays_one(article, en):
    translate(article, en, "intro", BODY, POINT_TEXT, title="Berita", **{HEADING: "Tajuk"})
    publish_translation(article, en)
    stop(article, en)
    republish(target_of(article, en), priority=2)
    assert status_of(article, en).untranslated == {"intro", BODY, POINT_TEXT}


def test_an_earlier_revision_has_its_earlier_words(article, en):
    earlier = target_of(article, en).live_revision
    translate(article, en, "title", "intro", BODY, POINT_TEXT, **{HEADING: "Newer"})
    publish_translation(article, en)
    stop(article, en)
    target = earlier.as_object()
    with publishing_untranslated():
        target.save_revision().publish()
    status = status_of(article, en)
    assert HEADING not in status.untranslated
    assert string_at(article, en, HEADING).words == "Newer"


def test_the_handwritten_text_is_kept_and_shown_as_a_conflict(article, en):
    stop(article, en)
    republish(target_of(article, en), title="News", body=body(heading="By hand"))
    stop(article, en, again=True)

    for path, words in {"title": "News", HEADING: "By hand"}.items():
        row = string_at(article, en, path)
        assert (row.words, row.state, row.reason) == (
            words,
            State.NEEDS_REVIEW,
            Reason.CONFLICT,
        )
        assert StringTranslation.objects.get(context__path=path, locale=en).data == words
    assert "EN Tajuk" in {
        entry.words_before for entry in history_of(article.translation_key, "en", HEADING)
    }

    target = publish_translation(article, en)
    assert (target.title, target.body[0].value["heading"]) == ("News", "By hand")
    assert status_of(article, en).untranslated == {"intro", BODY, POINT_TEXT}


def test_a_conflict_is_settled_by_saving_either_text(article, en):
    stop(article, en)
    republish(target_of(article, en), body=body(heading="By hand"))
    stop(article, en, again=True)
    translate(article, en, **{HEADING: "By hand"})
    assert string_at(article, en, HEADING).state == State.TRANSLATED
    stop(article, en)
    stop(article, en, again=True)
    assert string_at(article, en, HEADING).state == State.TRANSLATED


def test_text_in_a_block_of_its_own_is_kept(article, en):
    """Such a block leaves the page when the translation is restarted and published."""
    stop(article, en)
    extra = json.loads(body())
    extra.append(
        json.loads(body(heading="Only here", text="<p>Extra</p>").replace(SECTION, "x"))[0]
    )
    republish(target_of(article, en), body=json.dumps(extra))
    row = TranslatedString.objects.get(words="Only here")
    assert (row.path, row.number, row.source_hash) == ("body.x.heading", None, None)
    stop(article, en, again=True)
    publish_translation(article, en)
    changes = TranslatedString.objects.get(words="Only here").changes.all()
    assert {entry.words_after for entry in changes} == {"Only here"}


def test_text_that_code_writes_into_a_running_translation_is_a_conflict(article, en):
    republish(target_of(article, en), title="By code")
    row = string_at(article, en, "title")
    assert (row.words, row.state, row.reason) == ("By code", State.NEEDS_REVIEW, Reason.CONFLICT)
    assert status_of(article, en).untranslated == {"intro", BODY, POINT_TEXT}


def test_the_editor_names_who_wrote_it(client, article, en):
    user = User.objects.create_superuser("Aminah", password="x")
    client.force_login(user)
    stop(article, en)
    target = target_of(article, en)
    response = client.post(
        reverse("wagtailadmin_pages:edit", args=[target.pk]),
        {
            "title": "News",
            "slug": target.slug,
            "intro": json.dumps(
                {"blocks": [{"key": "a", "text": "Here", "type": "unstyled"}], "entityMap": {}}
            ),
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "action-publish": "on",
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    row = string_at(article, en, "title")
    assert (row.words, row.author, row.author_name) == ("News", user, "Aminah")
    assert "title" not in status_of(article, en).untranslated


def test_a_deleted_source_leaves_its_text_behind(article, en):
    article.delete()
    target = Article.objects.get(locale=en)
    assert translation_status(target)[:3] == (
        "ms",
        "partial",
        {"title", "intro", BODY, POINT_TEXT},
    )
    republish(target, title="News")
    assert "title" not in translation_status(Article.objects.get(locale=en)).untranslated
    assert "intro" in translation_status(Article.objects.get(locale=en)).untranslated


def test_a_copy_that_was_never_submitted_is_the_sources_text(home, english_home, en):
    article = published_article(home)
    copy = article.copy_for_translation(en)
    republish(copy)
    assert status_of(article, en).untranslated == {"title", "intro", HEADING, BODY, POINT_TEXT}
    republish(copy, title="News")
    assert status_of(article, en)[:2] == ("ms", "partial")
    assert "title" not in status_of(article, en).untranslated


def test_an_alias_that_became_a_page_is_the_sources_text(home, english_home, en):
    article = published_article(home)
    article.copy_for_translation(en, alias=True)
    ConvertAliasPageAction(target_of(article, en), user=None).execute(skip_permission_checks=True)
    republish(target_of(article, en), intro="<p>Written here</p>")
    assert status_of(article, en).untranslated == {"title", HEADING, BODY, POINT_TEXT}


def test_a_translation_turned_into_an_alias_and_back(client, article, en):
    client.force_login(User.objects.create_superuser("root"))
    target = target_of(article, en)
    client.post(reverse("wagtail_localize:convert_to_alias", args=[target.pk]))
    assert not Translation.objects.exists()
    assert string_at(article, en, HEADING).words == "EN Tajuk"
    ConvertAliasPageAction(target_of(article, en), user=None).execute(skip_permission_checks=True)
    republish(target_of(article, en), title="News")
    assert status_of(article, en).untranslated == {"intro", HEADING, BODY, POINT_TEXT}

    submit(article, en)
    assert string_at(article, en, HEADING).words == "EN Tajuk"
    assert string_at(article, en, "title").words == "News"


def test_snippets_and_their_children(ms, en):
    topic = published_topic(ms, name="Nama")
    submit(topic, en)
    publish_translation(topic, en)
    path = f"links.{topic.links.get().translation_key}.label"
    assert status_of(topic, en).untranslated == {"name", path}
    stop(topic, en)
    target = target_of(topic, en)
    link = target.links.get()
    link.label = "Link"
    target.links = [link]
    with publishing_untranslated():
        target.save_revision().publish()
    assert status_of(topic, en)[:3] == ("ms", "partial", {"name"})
    stop(topic, en, again=True)
    publish_translation(topic, en)
    assert [link.label for link in Topic.objects.get(locale=en).links.all()] == ["Link"]


def test_text_of_a_hand_written_page_is_its_own(english_home):
    assert translation_status(english_home)[:3] == ("en", "source", frozenset())
    row = TranslatedString.objects.get(path="title")
    assert (row.words, row.made_from) == ("Home", "Utama")
