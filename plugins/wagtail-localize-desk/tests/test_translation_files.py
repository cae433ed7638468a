"""Strings go out in a file and come back in two steps: a page that lists the changes, and a yes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polib
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation

from tests.newsroom.content import (
    BODY,
    HEADING,
    POINT_TEXT,
    body,
    publish_translation,
    published_article,
    published_topic,
    republish,
    segment_at,
    string_at,
    strings,
    submit,
    target_of,
    translate,
    translate_string,
    translation_of,
)
from tests.newsroom.models import Article
from tests.newsroom.people import browser_of, member, publisher_of, translator_of
from tests.screen_desk import Screen, speak_english
from tests.test_access import STATES
from tests.translation_files import Preview, catalogue, downloaded, stored
from wagtail_localize_desk.exchange.entries import ExportedString
from wagtail_localize_desk.models import (
    Method,
    Reason,
    State,
    TranslatedString,
    UploadedTranslations,
)
from wagtail_localize_desk.review import approve

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(user: User) -> Client:
    return browser_of(user)


@pytest.fixture
def job(article: Article, en: Locale) -> Translation:
    return translation_of(article, en)


@pytest.fixture
def po(client: Client, job: Translation, tmp_path: Any) -> polib.POFile:
    return catalogue(downloaded(client, job), tmp_path)


def entry(po: polib.POFile, path: str, msgid: str | None = None) -> polib.POEntry:
    return next(
        each
        for each in po
        if each.msgctxt == path and not each.obsolete and msgid in (None, each.msgid)
    )


def uploaded(client: Client, job: Translation, po: polib.POFile) -> Preview:
    return Preview(client, job, str(po).encode())


# Out


def test_a_po_file_says_where_each_string_is_and_what_needs_review(article, en, client, job, user):
    translate(article, en)
    republish(article, body=body(heading="Tajuk baharu"))
    content = downloaded(client, job).decode()
    assert '"Language: en\\n"' in content
    po = polib.pofile(content)
    assert entry(po, POINT_TEXT).comment == "Section: Tajuk baharu › Points › Text"
    assert entry(po, "intro").comment == "Intro"
    assert [each.msgctxt for each in po if each.fuzzy] == [HEADING]
    assert entry(po, HEADING).previous_msgid == "Tajuk"
    assert entry(po, HEADING).msgstr == "EN Tajuk"


def test_upstreams_addresses_and_methods_are_the_same(article, en, client, job):
    translate(article, en)
    address = reverse("wagtail_localize:download_pofile", args=[job.pk])
    found = client.get(address)
    assert found.headers["Content-Disposition"] == 'attachment; filename="berita-en.po"'

    def entries(text: str) -> list[str]:
        return text.split("\n\n")[1:]

    assert entries(found.content.decode()) == entries(downloaded(client, job).decode())
    assert entries(found.content.decode()) == entries(str(job.export_po()))
    form = Screen(client, target_of(article, en)).html.select_one("form[enctype]")
    assert form["action"] == reverse("wagtail_localize_desk:upload", args=[job.pk])
    response = client.post(reverse("wagtail_localize:upload_pofile", args=[job.pk]), {})
    assert response.status_code == 302
    assert not UploadedTranslations.objects.exists()


def test_what_the_source_had_is_obsolete_in_the_file(article, en, client, job):
    translate(article, en)
    republish(article, body="[]")
    po = polib.pofile(downloaded(client, job).decode())
    assert {each.msgid for each in po.obsolete_entries()} == {"Tajuk", "Satu", "Dua", "Isi"}
    preview = uploaded(client, job, po)
    assert preview.counts == {"Unchanged": 3, "Obsolete": 4}


def test_a_download_needs_the_right_to_change_and_a_page(article, en, job, client):
    address = reverse("wagtail_localize_desk:export", args=[job.pk, "po"])
    assert browser_of(member()).get(address).status_code == 302
    assert client.get(address.replace("/po/", "/doc/")).status_code == 404
    target_of(article, en).delete()
    assert client.get(address).status_code == 404
    upstream = reverse("wagtail_localize:download_pofile", args=[job.pk])
    assert client.get(upstream).status_code == 404


# What would change


def test_nothing_is_written_before_somebody_has_confirmed(client, user, job, po, article, en):
    entry(po, HEADING).msgstr = "Heading"
    before = stored()
    preview = uploaded(client, job, po)
    assert stored() == before
    assert not StringTranslation.objects.exists()
    assert preview.counts == {"Will change": 1, "Without a translation in the file": 6}
    response = preview.confirm()
    assert response.status_code == 302
    row = string_at(article, en, HEADING)
    assert (row.words, row.state, row.method, row.author) == (
        "Heading",
        State.TRANSLATED,
        Method.IMPORT,
        user,
    )
    translation = StringTranslation.objects.get()
    assert (translation.data, translation.tool_name) == ("Heading", "PO file")
    assert translation.last_translated_by == user
    assert not UploadedTranslations.objects.exists()
    assert publish_translation(article, en).body[0].value["heading"] == "Heading"


def test_a_cancelled_upload_leaves_nothing(client, job, po):
    entry(po, HEADING).msgstr = "Heading"
    before = stored()
    preview = uploaded(client, job, po)
    assert preview.send("cancel").status_code == 302
    assert stored() == before
    assert not UploadedTranslations.objects.exists()
    assert client.get(preview.address).status_code == 404


def test_a_change_shows_old_and_new_words_their_difference_and_who_wrote_the_old(
    client, user, job, po, article, en
):
    Screen(client, target_of(article, en)).save(string_at(article, en, HEADING), "A long heading")
    entry(po, HEADING).msgstr = "A short heading"
    section = uploaded(client, job, po).section("finished")
    assert "Now A long heading" in section
    assert "In the file A short heading" in section
    assert "removed: long added: short" in section
    assert f"{user}, By hand" in section


def test_fuzzy_entries_need_review(client, user, job, po, article, en):
    entry(po, "title").msgstr = "News?"
    entry(po, "title").flags = ["fuzzy"]
    preview = uploaded(client, job, po)
    assert preview.counts == {"Will need review": 1, "Without a translation in the file": 6}
    preview.confirm()
    row = string_at(article, en, "title")
    assert (row.words, row.state, row.reason, row.author) == (
        "News?",
        State.NEEDS_REVIEW,
        Reason.IMPORT,
        user,
    )
    target = target_of(article, en)
    assert target.draft_title == "News?"


def test_what_cannot_be_imported_is_named(client, job, po, article, en):
    po.append(polib.POEntry(msgctxt="body.elsewhere", msgid="Lain", msgstr="Other place"))
    po.append(polib.POEntry(msgctxt=HEADING, msgid="Tajuk lama", msgstr="Old heading"))
    po.append(polib.POEntry(msgid="Isi", msgstr="No context"))
    po.append(
        polib.POEntry(
            msgctxt=POINT_TEXT,
            msgid="Isi",
            msgid_plural="Isi",
            msgstr_plural={0: "a point", 1: "points"},
        )
    )
    po.append(polib.POEntry(msgctxt=HEADING, msgid="Tajuk", msgstr="Was", obsolete=True))
    entry(po, "title").msgstr = "News"
    po.append(polib.POEntry(msgctxt="title", msgid="Berita", msgstr="Newspaper"))
    entry(po, "intro").msgstr = "Start"
    po.append(polib.POEntry(msgctxt="intro", msgid="Mula", msgstr="Start"))
    preview = uploaded(client, job, po)
    assert preview.counts == {
        "Will change": 1,
        "Without a translation in the file": 5,
        "Doubles": 1,
        "Other source text": 1,
        "Unknown place": 2,
        "Plural entries": 1,
        "Obsolete": 1,
    }
    # The comment with its place is the first line of an entry.
    first = str(po).split("\n").index('msgctxt "title"')
    assert f"Line {first} ·" in preview.section("doubles")
    assert "News" in preview.section("doubles")
    assert "Newspaper" in preview.section("doubles")
    assert "a point / points" in preview.section("plurals")
    assert "Old heading" in preview.section("unknown-texts")
    assert "Other place" in preview.section("unknown-contexts")
    assert "No context" in preview.section("unknown-contexts")
    assert "Was" in preview.section("obsolete")
    preview.confirm()
    assert [row.words for row in strings(article, en).exclude(words="")] == ["Start"]


def test_a_file_of_something_else_is_listed_in_part(client, job, po):
    for number in range(250):
        po.append(polib.POEntry(msgctxt=f"body.{number}", msgid="Lain", msgstr=f"Other {number}"))
    preview = uploaded(client, job, po)
    assert preview.counts["Unknown place"] == 250
    section = preview.section("unknown-contexts")
    assert "Other 199" in section
    assert "Other 200" not in section
    assert "And 50 more entries." in section


def test_very_long_texts_are_not_compared_word_by_word(client, job, article, en):
    translate_string(segment_at(article, BODY, "Satu"), en, "one two " * 3000)
    po = polib.pofile(downloaded(client, job).decode())
    entry(po, BODY, "Satu").msgstr = "two one " * 3000
    preview = uploaded(client, job, po)
    assert preview.html.select_one("del").get_text().count("one two") == 3000


BROKEN = {
    "blank": ("   ", "A blank text is no translation."),
    "too long": ("x" * 256, "255"),
    "tag": ("The <b>news</b>", "<b> is not in the source."),
    "block": ("<p>News</p>", "<p> is not in the source."),
    "attribute": ('<i onclick="x">News</i>', "Write &lt; for"),
    "comment": ("News<!-- -->", "Write &lt; for"),
    "less than": ("News < old", "Write &lt; for"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_words_that_do_not_fit_are_refused_with_the_reason(client, job, po, article, en, fault):
    words, reason = BROKEN[fault]
    entry(po, "title").msgstr = words
    entry(po, HEADING).msgstr = "Heading"
    preview = uploaded(client, job, po)
    assert reason in preview.section("refused")
    preview.confirm()
    assert string_at(article, en, "title").state == State.UNTRANSLATED
    assert string_at(article, en, HEADING).words == "Heading"


def test_a_file_has_the_pieces_of_its_source(client, home, english_home, en, tmp_path):
    linked = '<p>Lihat <a href="https://example.org/">Akta</a> ini</p>'
    article = published_article(home, body=body(text=linked))
    submit(article, en)
    job = translation_of(article, en)
    po = catalogue(downloaded(client, job), tmp_path)
    for words, is_right in (
        ("See this", False),
        ('See <a id="a2">the Act</a>', False),
        ('See <a id="a1">the Act</a>', True),
    ):
        entry(po, BODY).msgstr = words
        preview = uploaded(client, job, po)
        assert bool(preview.section("refused")) != is_right
    preview.confirm()
    text = publish_translation(article, en).body[0].value["body"].source
    assert text == '<p>See <a href="https://example.org/">the Act</a></p>'


def test_the_checks_of_the_screen_are_shown_before(client, home, english_home, en, tmp_path):
    article = published_article(home, body=body(heading="Caruman 1.75 %"))
    submit(article, en)
    job = translation_of(article, en)
    po = catalogue(downloaded(client, job), tmp_path)
    entry(po, HEADING).msgstr = "Contribution 17.5 %"
    section = uploaded(client, job, po).section("finished")
    assert "Cannot be approved: The source has “1.75" in section


# The same, and one change


def test_an_export_that_is_imported_changes_nothing(client, article, en, job, english_home):
    translate(article, en)
    reviewer = publisher_of(english_home)
    approve([string_at(article, en, "title")], reviewer)
    republish(article, body=body(heading="Tajuk baharu"))
    before = stored()
    preview = Preview(client, job, downloaded(client, job))
    assert preview.counts == {"Unchanged": 7}
    preview.confirm()
    assert stored() == before


def test_one_edit_of_an_export_changes_one_string(client, article, en, job):
    translate(article, en)
    po = polib.pofile(downloaded(client, job).decode())
    entry(po, HEADING).msgstr = "Another heading"
    before = list(TranslatedString.objects.exclude(path=HEADING).order_by("pk").values())
    preview = uploaded(client, job, po)
    assert preview.counts == {"Will change": 1, "Unchanged": 6}
    preview.confirm()
    assert list(TranslatedString.objects.exclude(path=HEADING).order_by("pk").values()) == before
    assert string_at(article, en, HEADING).words == "Another heading"


def test_the_flag_alone_is_a_change(client, user, article, en, job):
    translate(article, en)
    republish(article, body=body(heading="Tajuk!"))
    po = polib.pofile(downloaded(client, job).decode())
    entry(po, HEADING).flags = []
    entry(po, "title").flags = ["fuzzy"]
    preview = uploaded(client, job, po)
    assert preview.counts == {"Will change": 1, "Will need review": 1, "Unchanged": 5}
    preview.confirm()
    confirmed, doubted = string_at(article, en, HEADING), string_at(article, en, "title")
    assert (confirmed.state, confirmed.author, confirmed.is_current) == (
        State.TRANSLATED,
        user,
        True,
    )
    assert (doubted.state, doubted.reason) == (State.NEEDS_REVIEW, Reason.IMPORT)


def test_who_imports_words_does_not_approve_them(article, en, job, po, english_home):
    reviewer = publisher_of(english_home)
    speak_english(reviewer)
    entry(po, HEADING).msgstr = "Heading"
    uploaded(browser_of(reviewer), job, po).confirm()
    row = string_at(article, en, HEADING)
    assert approve([row], reviewer).refused
    assert approve([row], publisher_of(english_home)).approved


ODD = [
    "Quotes \"double\" and 'single' and \\ and \\n",
    "tab\there",
    "two\nlines\n\nand a third",
    "Windows\r\nlines\r\n",
    " spaces before and after  ",
    "𝒯𝓇𝒶𝓃𝓈 🇲🇾 👩‍👩‍👧",
    "نص عربي \u200fיחד\u200e",
    "no-break\u00a0space and soft\u00adhyphen, line\u2028separator",
    "<b>no tag</b> & &amp; {1} {{1}}",
    "-- hyphen-ated-words " * 9,
]


@pytest.mark.parametrize("words", ODD)
def test_text_survives_byte_for_byte(client, home, english_home, en, words, tmp_path):
    article = published_article(home, body=body(point=words))
    submit(article, en)
    job = translation_of(article, en)
    po = catalogue(downloaded(client, job), tmp_path)
    entry(po, POINT_TEXT).msgstr = entry(po, POINT_TEXT).msgid
    Preview(client, job, str(po).encode()).confirm()
    assert publish_translation(article, en).body[0].value["points"][0]["text"] == words
    preview = Preview(client, job, downloaded(client, job))
    assert preview.counts == {"Unchanged": 1, "Without a translation in the file": 6}


def test_plain_line_breaks_of_a_po_file_are_line_breaks(client, article, en, job, po):
    entry(po, POINT_TEXT).msgstr = "One\r\nTwo\n"
    entry(po, BODY, "Satu").msgstr = "One\nTwo"
    uploaded(client, job, po).confirm()
    value = publish_translation(article, en).body[0].value
    assert value["points"][0]["text"] == "One\r\nTwo\n"
    assert value["body"].source == "<p>One Two</p><p>Dua</p>"


@given(
    words=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_from_a_po_file(job: Translation, words: str) -> None:
    from wagtail_localize_desk.exchange.exporting import strings_of
    from wagtail_localize_desk.exchange.formats import PO

    [first, *_more] = strings_of(job)
    first.row.string.words = first.row.string.source_words = words
    [entry] = PO.read(PO.write(job, [ExportedString(first.row, "Place")]), job)
    assert (entry.source, entry.text) == (words, words)


# Meanwhile


def test_a_string_that_somebody_changes_meanwhile_is_not_overwritten(
    client, article, en, job, po, english_home
):
    entry(po, HEADING).msgstr = "From the file"
    entry(po, "title").msgstr = "News"
    preview = uploaded(client, job, po)
    colleague = translator_of(english_home)
    other = browser_of(colleague)
    Screen(other, target_of(article, en)).save(string_at(article, en, HEADING), "By hand")
    before = stored()
    response = preview.confirm()
    assert response.status_code == 409
    assert stored() == before
    section = preview.section("finished")
    assert section.count("Changed since the list was shown.") == 1
    assert "Now By hand" in section
    assert str(colleague) in section
    assert preview.confirm().status_code == 302
    row = string_at(article, en, HEADING)
    assert row.words == "From the file"
    assert "By hand" in {change.words_before for change in row.changes.all()}


def test_a_source_that_changes_meanwhile_makes_its_entries_unknown(client, article, en, job, po):
    entry(po, HEADING).msgstr = "Heading"
    preview = uploaded(client, job, po)
    republish(article, body=body(heading="Tajuk lain sama sekali"))
    preview.open()
    assert preview.counts == {"Without a translation in the file": 6, "Other source text": 1}
    assert "Heading" in preview.section("unknown-texts")
    preview.confirm()
    assert not strings(article, en).exclude(words="").exists()


@pytest.mark.parametrize("seen", ["", "[]", "x", '{"1": 2}'])
def test_a_confirmation_without_what_was_seen_is_no_confirmation(client, job, po, seen):
    entry(po, HEADING).msgstr = "Heading"
    preview = uploaded(client, job, po)
    response = client.post(preview.address, {"action": "confirm", "seen": seen})
    assert response.status_code == 409
    assert not StringTranslation.objects.exists()


def test_an_upload_is_its_uploaders_alone(client, job, po, english_home):
    entry(po, HEADING).msgstr = "Heading"
    preview = uploaded(client, job, po)
    other = browser_of(translator_of(english_home))
    assert other.get(preview.address).status_code == 404
    assert other.post(preview.address, {"action": "confirm"}).status_code == 404


def test_an_upload_expires(client, article, en, job, po):
    entry(po, HEADING).msgstr = "Heading"
    preview = uploaded(client, job, po)
    UploadedTranslations.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    response = preview.confirm()
    assert response.status_code == 302
    shown = client.get(response.url)
    assert "Upload the file again." in shown.content.decode()
    assert not StringTranslation.objects.exists()
    assert not UploadedTranslations.objects.exists()


def test_uploads_do_not_pile_up(client, user, home, english_home, en, job, po, monkeypatch):
    from wagtail_localize_desk import upload_models

    monkeypatch.setattr(upload_models, "MOST_OF_ONE_USER", 2)
    for _time in range(3):
        uploaded(client, job, po)
    assert UploadedTranslations.objects.count() == 1
    for number in range(3):
        article = published_article(home, title=f"T{number}", slug=f"t{number}")
        submit(article, en)
        other = translation_of(article, en)
        Preview(client, other, downloaded(client, other))
    assert UploadedTranslations.objects.count() == 2


@pytest.mark.parametrize("state", STATES)
def test_what_is_locked_meanwhile_is_not_imported(client, article, en, job, po, state):
    entry(po, HEADING).msgstr = "Heading"
    preview = uploaded(client, job, po)
    STATES[state](target_of(article, en))
    assert preview.confirm().status_code == 409
    assert not StringTranslation.objects.exists()
    assert client.post(preview.address, {"action": "cancel"}).status_code == 302
    assert not UploadedTranslations.objects.exists()


def test_who_loses_the_right_meanwhile_does_not_import(client, user, job, po):
    entry(po, HEADING).msgstr = "Heading"
    preview = uploaded(client, job, po)
    user.groups.get().page_permissions.all().delete()
    assert preview.confirm().status_code == 403
    assert not StringTranslation.objects.exists()


def test_a_snippet_takes_a_file_too(client, ms, english_home, en, tmp_path):
    topic = published_topic(ms)
    submit(topic, en)
    job = translation_of(topic, en)
    po = catalogue(downloaded(client, job), tmp_path)
    entry(po, "name").msgstr = "Topic"
    uploaded(client, job, po).confirm()
    assert string_at(topic, en, "name").words == "Topic"


def test_the_number_of_queries_does_not_grow(client, home, english_home, en, tmp_path):
    numbers = []
    for count, slug in ((3, "few"), (60, "many")):
        text = "".join(f"<p>Perenggan {number}</p>" for number in range(count))
        article = published_article(home, slug=slug, body=body(text=text))
        submit(article, en)
        job = translation_of(article, en)
        po = catalogue(downloaded(client, job), tmp_path)
        for each in po:
            if each.msgctxt != "slug":
                each.msgstr = f"EN {each.msgid}"
        preview = uploaded(client, job, po)
        with CaptureQueriesContext(connection) as shown:
            client.get(preview.address)
        with CaptureQueriesContext(connection) as confirmed:
            preview.confirm()
        assert strings(article, en).exclude(words="").count() == count + 4
        numbers.append((len(shown), len(confirmed)))
    [(shown_of_few, confirmed_of_few), (shown_of_many, confirmed_of_many)] = sorted(numbers)
    assert shown_of_few == shown_of_many < 25
    # SQLite changes some ten rows in one statement.
    assert confirmed_of_many - confirmed_of_few in (0, 1)
    assert confirmed_of_many < 30
