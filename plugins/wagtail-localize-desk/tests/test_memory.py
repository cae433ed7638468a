"""What was translated anywhere is offered again, and never counts as finished by itself."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail_localize.models import StringTranslation

from tests.newsroom.content import (
    BODY,
    HEADING,
    body,
    publish_translation,
    published_article,
    string_at,
    strings,
    submit,
    translate,
)
from wagtail_localize_desk import memory
from wagtail_localize_desk.models import Method, Reason, State, TranslatedString
from wagtail_localize_desk.wording import hash_of

pytestmark = pytest.mark.django_db


def remember(words: str, translation: str, *, state: str = State.TRANSLATED, **fields) -> None:
    TranslatedString.objects.create(
        object_key="00000000-0000-4000-8000-000000000009",
        source_language="ms",
        target_language=fields.pop("target_language", "en"),
        path=f"text.{TranslatedString.objects.count()}",
        number=0,
        source_words=words,
        source_hash=hash_of(words),
        words=translation,
        made_from=fields.pop("made_from", words),
        state=state,
        **fields,
    )


def test_the_same_sentence_on_another_page_is_filled_in_for_review(home, english_home, article, en):
    translate(article, en)
    second = published_article(home, title="Kedua", slug="kedua", body=body(heading="Lain"))
    submit(second, en)

    row = string_at(second, en, BODY, 1)
    assert (row.words, row.state, row.reason) == ("EN Dua", State.NEEDS_REVIEW, Reason.MEMORY)
    assert row.changes.last().method == Method.MEMORY
    assert string_at(second, en, HEADING).state == State.UNTRANSLATED
    # The translation editor has it in its field.
    stored = StringTranslation.objects.filter(context__object_id=second.translation_key)
    assert "EN Dua" in set(stored.values_list("data", flat=True))


def test_a_draft_of_a_translator_is_no_memory_of_unfinished_work(home, english_home, article, en):
    translate(article, en)
    strings(article, en).update(state=State.NEEDS_REVIEW, reason=Reason.MACHINE)
    second = published_article(home, title="Kedua", slug="kedua")
    submit(second, en)
    assert {row.state for row in strings(second, en)} == {State.UNTRANSLATED}


def test_approved_words_are_preferred(article, home, english_home, en):
    remember("Dua", "Two")
    remember("Dua", "Deux", state=State.APPROVED)
    remember("Dua", "Later", state=State.TRANSLATED)
    remember("Dua", "Zwei", target_language="de")
    second = published_article(home, title="Kedua", slug="kedua")
    submit(second, en)
    assert string_at(second, en, BODY, 1).words == "Deux"


def test_words_of_a_former_source_are_not_offered(article, home, english_home, en):
    remember("Dua", "Old", made_from="Tiga")
    assert not memory.exact_matches([hash_of("Dua")], "ms", "en")


def test_similar_sentences_are_offered_by_similarity():
    remember("Majikan perlu mendaftar dalam tempoh 30 hari.", "Employers register within 30 days.")
    remember("Majikan perlu mendaftar dalam tempoh 60 hari.", "Employers register within 60 days.")
    remember("Borang boleh dimuat turun.", "Forms can be downloaded.")
    found = memory.similar("Majikan perlu mendaftar dalam tempoh 30 hari!", "ms", "en")
    assert [offer.string.words for offer in found] == [
        "Employers register within 30 days.",
        "Employers register within 60 days.",
    ]
    assert 100 > found[0].similarity > found[1].similarity >= memory.LEAST


def test_markup_does_not_make_sentences_different():
    remember('Baca <a id="a1">panduan</a> ini dahulu.', 'Read <a id="a1">this guide</a> first.')
    (offer,) = memory.similar("Baca panduan ini dahulu.", "ms", "en")
    assert offer.similarity == 100


def test_similar_strings_take_two_queries_however_many_there_are():
    for number in range(60):
        remember(f"Ayat yang ke-{number} dalam senarai panjang", f"Sentence {number}")
    with CaptureQueriesContext(connection) as queries:
        assert (
            len(memory.similar("Ayat yang ke-7 dalam senarai panjang", "ms", "en")) == memory.MOST
        )
    assert len(queries) == 2


def test_different_translations_of_the_same_words_are_all_offered():
    remember("Faedah hilang upaya", "Disablement benefit")
    remember("Faedah hilang upaya", "Disablement benefits", state=State.APPROVED)
    remember("Faedah hilang upaya", "Disablement benefit")
    found = memory.similar("Faedah hilang upaya", "ms", "en")
    assert [offer.string.words for offer in found] == [
        "Disablement benefits",
        "Disablement benefit",
    ]
    assert not memory.similar("Faedah hilang upaya", "en", "ms")


def test_a_phrase_is_found_across_markup_and_not_in_it():
    remember('Baca <a id="a1">Akta</a>  4 &amp; peraturannya', 'Read <a id="a1">Act</a> 4')
    for phrase in ("akta 4", "Akta 4 & peraturan", "ACT 4"):
        assert len(memory.concordance(phrase, "ms", "en")) == 1, phrase
    for phrase in ("id", "a1", "amp", "4 akta", "<a", "%", "Akta_4"):
        assert memory.concordance(phrase, "ms", "en") == [], phrase


def test_a_phrase_is_found_in_source_and_translation():
    remember("Faedah hilang upaya", "Disablement benefit")
    remember("Pencen ilat", "Invalidity pension")
    assert [row.words for row in memory.concordance("hilang UPAYA", "ms", "en")] == [
        "Disablement benefit"
    ]
    assert [row.source_words for row in memory.concordance("pension", "ms", "en")] == [
        "Pencen ilat"
    ]
    assert not memory.concordance("tiada", "ms", "en")


def test_what_is_filled_in_is_published_by_a_person_only(home, english_home, article, en):
    translate(article, en)
    publish_translation(article, en)
    second = published_article(home, title="Berita", slug="kedua")
    submit(second, en)
    states = {row.state for row in strings(second, en).exclude(path="slug")}
    assert states == {State.NEEDS_REVIEW}
    assert not second.get_translation_or_none(en) or not second.get_translation(en).live
