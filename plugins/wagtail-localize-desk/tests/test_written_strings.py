"""Every way in which a string is translated is recorded, with who, by what, before and after."""

from __future__ import annotations

import polib
import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.log_actions import LogContext
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation

from tests.newsroom.content import (
    BODY,
    HEADING,
    publish_translation,
    published_article,
    republish,
    segment_at,
    stop,
    string_at,
    strings,
    submit,
    target_of,
    translate,
    translate_string,
    translation_of,
)
from wagtail_localize_desk.extending import history_of, restore_version, translation_status
from wagtail_localize_desk.models import (
    HistoryIsAppendOnlyError,
    Method,
    Reason,
    State,
    StringChange,
    TranslatedString,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = User.objects.create_superuser("Aminah", password="x")
    client.force_login(user)
    return user


def string_url(article, en, path: str = HEADING) -> str:
    return reverse(
        "wagtail_localize:edit_string_translation",
        args=[translation_of(article, en).pk, segment_at(article, path).pk],
    )


def put(client, article, en, words: str, path: str = HEADING):
    return client.put(
        string_url(article, en, path),
        f"value={words}",
        content_type="application/x-www-form-urlencoded",
    )


def test_a_string_of_the_editor(client, user, article, en):
    assert put(client, article, en, "Heading").status_code == 201
    assert put(client, article, en, "Title").status_code == 200
    row = string_at(article, en, HEADING)
    assert (row.state, row.words, row.made_from) == (State.TRANSLATED, "Title", "Tajuk")
    assert (row.method, row.author, row.author_name) == (Method.HAND, user, "Aminah")
    first, second = row.changes.all()
    assert (first.words_before, first.words_after, first.author) == ("", "Heading", user)
    assert (second.words_before, second.words_after, second.state_before) == (
        "Heading",
        "Title",
        State.TRANSLATED,
    )
    assert row.written_at == second.at


def test_a_title_longer_than_its_field_is_kept_whole(client, user, article, en):
    assert put(client, article, en, "x" * 300, "title").status_code == 201
    assert string_at(article, en, "title").words == "x" * 300
    assert target_of(article, en).draft_title == "x" * 255
    assert put(client, article, en, "Title", "title").status_code == 200
    assert target_of(article, en).draft_title == "Title"


def test_a_removed_string_of_the_editor(client, user, article, en):
    put(client, article, en, "Heading")
    assert client.delete(string_url(article, en)).status_code == 200
    row = string_at(article, en, HEADING)
    assert (row.state, row.words, row.made_from) == (State.UNTRANSLATED, "", "")
    assert (row.changes.last().words_before, row.changes.last().author) == ("Heading", user)


def test_the_name_of_a_deleted_author_stays(client, user, article, en):
    put(client, article, en, "Heading")
    user.delete()
    row = string_at(article, en, HEADING)
    assert (row.author, row.author_name) == (None, "Aminah")
    assert [(entry.author, entry.author_name) for entry in row.changes.all()] == [(None, "Aminah")]


@pytest.mark.parametrize("words", ["", "   ", "\n", "&nbsp;", "<b> </b>"])
def test_a_blank_string_is_no_translation(article, en, words):
    translate(article, en)
    translate_string(segment_at(article, HEADING), en, words)
    row = string_at(article, en, HEADING)
    assert (row.state, row.words) == (State.UNTRANSLATED, "")
    assert row.changes.last().words_before == "EN Tajuk"
    stored = StringTranslation.objects.get(context__path=HEADING)
    assert stored.has_error
    assert stored.get_error()
    target = publish_translation(article, en)
    assert target.body[0].value["heading"] == "Tajuk"
    assert translation_status(target).untranslated == {HEADING}


def test_a_corrected_blank_string_is_a_translation(article, en):
    translate_string(segment_at(article, HEADING), en, " ")
    translate_string(segment_at(article, HEADING), en, "Heading")
    assert string_at(article, en, HEADING).state == State.TRANSLATED
    assert not StringTranslation.objects.get(context__path=HEADING).has_error


def test_words_that_cannot_be_used_need_review(article, en):
    translate_string(segment_at(article, HEADING), en, "<p>Heading</p>")
    row = string_at(article, en, HEADING)
    assert (row.state, row.reason) == (State.NEEDS_REVIEW, Reason.ERROR)
    assert row.words == "<p>Heading</p>"


def test_an_import_by_code_and_its_unfinished_entries(user, article, en):
    po = translation_of(article, en).export_po()
    for entry in po:
        if entry.msgctxt == HEADING:
            entry.msgstr = "Heading"
        if entry.msgctxt == "title":
            entry.msgstr, entry.flags = "News?", ["fuzzy"]
    translation_of(article, en).import_po(po, user=user, tool_name="Another program")
    finished, unfinished = string_at(article, en, HEADING), string_at(article, en, "title")
    assert (finished.method, finished.state, finished.words) == (
        Method.IMPORT,
        State.TRANSLATED,
        "Heading",
    )
    assert (unfinished.method, unfinished.state, unfinished.reason) == (
        Method.IMPORT,
        State.NEEDS_REVIEW,
        Reason.IMPORT,
    )
    assert unfinished.author == user


def test_an_import_that_deletes_the_rest(article, en):
    translate(article, en)
    translation_of(article, en).import_po(polib.POFile(), delete=True)
    assert {row.state for row in strings(article, en)} == {State.UNTRANSLATED}
    assert string_at(article, en, HEADING).changes.last().words_before == "EN Tajuk"


def test_machine_translation_needs_review(client, user, article, en, settings):
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {
        "CLASS": "wagtail_localize.machine_translators.dummy.DummyTranslator"
    }
    address = reverse("wagtail_localize:machine_translate", args=[translation_of(article, en).pk])
    client.post(address, {"next": "/admin/"})
    row = string_at(article, en, HEADING)
    assert (row.method, row.state, row.reason) == (
        Method.MACHINE,
        State.NEEDS_REVIEW,
        Reason.MACHINE,
    )
    assert row.author == user
    # A person who saves the same words confirms them.
    put(client, article, en, row.words)
    assert string_at(article, en, HEADING).state == State.TRANSLATED


def new_translation(article, en, words: str = "Heading") -> StringTranslation:
    segment = segment_at(article, HEADING)
    return StringTranslation(
        translation_of=segment.string, context=segment.context, locale=en, data=words
    )


def test_code_that_saves(article, en):
    new_translation(article, en).save()
    assert string_at(article, en, HEADING).words == "Heading"


def test_code_that_creates_in_bulk(article, en):
    StringTranslation.objects.bulk_create([new_translation(article, en)])
    row = string_at(article, en, HEADING)
    assert (row.words, row.state, row.changes.count()) == ("Heading", State.TRANSLATED, 1)
    StringTranslation.objects.bulk_create(
        [new_translation(article, en, "Ignored")], ignore_conflicts=True
    )
    assert string_at(article, en, HEADING).words == "Heading"


def test_code_that_updates_in_bulk(article, en):
    translate(article, en)
    StringTranslation.objects.filter(context__path=HEADING).update(data="One")
    assert string_at(article, en, HEADING).words == "One"
    stored = StringTranslation.objects.get(context__path=HEADING)
    stored.data = "Two"
    StringTranslation.objects.bulk_update([stored], ["data"])
    assert string_at(article, en, HEADING).words == "Two"
    stored.translation_of.translations.filter(pk=stored.pk).update(data="Three")
    words = [entry.words_after for entry in string_at(article, en, HEADING).changes.all()]
    assert words == ["EN Tajuk", "One", "Two", "Three"]


def test_what_was_missed_is_found_before_it_is_public(article, en):
    translate(article, en)
    StringTranslation._base_manager.filter(context__path=HEADING).update(data="Past the desk")
    publish_translation(article, en)
    row = string_at(article, en, HEADING)
    assert (row.words, row.changes.last().words_before) == ("Past the desk", "EN Tajuk")


def test_saving_other_fields_records_nothing(article, en):
    translate(article, en)
    before = StringChange.objects.count()
    StringTranslation.objects.update(tool_name="x")
    stored = StringTranslation.objects.first()
    stored.save(update_fields=["tool_name"])
    assert StringChange.objects.count() == before


def test_the_user_of_the_request_is_the_author_if_code_names_none(article, en, user):
    with LogContext(user=user):
        new_translation(article, en).save()
    assert string_at(article, en, HEADING).author == user


def test_the_history_cannot_be_changed(article, en):
    translate(article, en)
    entry = StringChange.objects.first()
    for change in (
        entry.save,
        entry.delete,
        StringChange.objects.all().delete,
        lambda: StringChange.objects.update(words_after="x"),
    ):
        with pytest.raises(HistoryIsAppendOnlyError):
            change()


# Versions


def test_any_version_can_be_brought_back(article, en, user):
    for words in ("One", "Two", "Three"):
        translate(article, en, **{HEADING: words})
    versions = history_of(article.translation_key, "en", HEADING)
    assert [entry.words_after for entry in versions] == ["One", "Two", "Three"]

    row = restore_version(versions[0], user)

    assert (row.words, row.state, row.method) == ("One", State.TRANSLATED, Method.RESTORE)
    assert row.author == user
    assert StringTranslation.objects.get(context__path=HEADING).data == "One"
    assert publish_translation(article, en).body[0].value["heading"] == "One"
    assert [entry.words_after for entry in versions.all()] == ["One", "Two", "Three", "One"]


def test_a_version_of_other_source_words_needs_review(article, en, user):
    translate(article, en)
    first = history_of(article.translation_key, "en", "title").get()
    republish(article, title="Lain")
    translate(article, en)
    row = restore_version(first, user)
    assert (row.state, row.reason) == (State.NEEDS_REVIEW, Reason.SOURCE_CHANGED)
    assert (row.words, row.made_from) == ("EN Berita", "Berita")


def test_a_removal_can_be_brought_back_and_undone(article, en, user):
    translate(article, en)
    StringTranslation.objects.get(context__path=HEADING).delete()
    written, removed = history_of(article.translation_key, "en", HEADING)
    restore_version(written, user)
    assert StringTranslation.objects.get(context__path=HEADING).data == "EN Tajuk"
    row = restore_version(removed, user)
    assert (row.state, row.words) == (State.UNTRANSLATED, "")
    assert not StringTranslation.objects.filter(context__path=HEADING).exists()


# Deletion


def kept(article, en) -> dict[str, str]:
    return {
        row.source_words: row.words
        for row in TranslatedString.objects.filter(object_key=article.translation_key)
        if row.words
    }


def test_a_deleted_translation_keeps_its_strings_and_offers_them_again(article, en):
    translate(article, en)
    before = kept(article, en)
    translation_of(article, en).get_target_instance().delete()
    assert not StringTranslation.objects.exists()
    assert kept(article, en) == before
    assert not strings(article, en, number__isnull=False).exists()

    submit(article, en)

    row = string_at(article, en, HEADING)
    assert (row.words, row.state, row.reason) == ("EN Tajuk", State.NEEDS_REVIEW, Reason.MEMORY)
    assert StringTranslation.objects.get(context__path=HEADING).data == "EN Tajuk"
    assert translation_of(article, en).get_target_instance().live is False


def test_a_deleted_source_keeps_its_strings(article, en, home):
    translate(article, en)
    before = kept(article, en)
    key = article.translation_key
    translation_of(article, en).get_target_instance().delete()
    article.delete()
    assert kept(article, en) == before

    again = published_article(home, slug="lagi", translation_key=key)
    submit(again, en)
    assert string_at(again, en, HEADING).words == "EN Tajuk"


def test_a_deleted_locale_keeps_its_strings(article):
    ta = Locale.objects.get_or_create(language_code="ta")[0]
    segment = segment_at(article, HEADING)
    translate_string(segment, ta, "தலைப்பு")
    ta.delete()
    row = TranslatedString.objects.get(target_language="ta")
    assert row.words == "தலைப்பு"


def test_an_untranslated_string_leaves_nothing_behind(article, en):
    republish(article, body="[]")
    assert not strings(article, en, path=BODY).exists()


def test_a_renamed_language_keeps_its_strings(article, en):
    translate(article, en)
    count = strings(article, en).count()
    en.language_code = "ta"
    en.save()
    assert strings(article, en).count() == count > 0
    assert translation_status(publish_translation(article, en)).status == "complete"


def test_a_stopped_translation_keeps_its_strings(article, en):
    translate(article, en)
    before = list(strings(article, en).values())
    stop(article, en)
    stop(article, en, again=True)
    assert list(strings(article, en).values()) == before
