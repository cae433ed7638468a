"""Each check tells what is wrong, and nothing of what is right."""

from __future__ import annotations

import pytest
from django.utils import translation

from tests.newsroom.content import HEADING, string_at, strings, translate
from tests.newsroom.models import Article
from wagtail_localize_desk.findings import accept_finding, blocking_findings, findings_of
from wagtail_localize_desk.models import State
from wagtail_localize_desk.quality.limits import length_limit
from wagtail_localize_desk.quality.pairs import ApprovedTerm, Pair
from wagtail_localize_desk.quality.running import BLOCKING, NAMES, findings
from wagtail_localize_desk.term_models import AcceptedFinding, Term

AGENCY = ApprovedTerm("Agensi", ("Agency",), ("Bureau",))
NAME = ApprovedTerm("Menara Agensi", ("Menara Agensi",))


def found(source: str, words: str, *, target: str = "en", **more) -> set[str]:
    pair = Pair(source, words, "ms", target, **more)
    with translation.override("en"):
        return {finding.check for finding in findings(pair)}


@pytest.mark.parametrize(
    ("check", "source", "words"),
    [
        ("blank", "Tajuk", "   "),
        ("blank", "Tajuk", "<b> </b>"),
        ("numbers", "Kadar 1.75 % sahaja", "Only 17.5 % is charged"),
        ("numbers", "Terdapat 40 pejabat", "There are offices"),
        ("amounts", "Yuran RM50", "Fee of 50"),
        ("amounts", "Yuran RM50", "Fee of US$50"),
        ("dates", "Mulai 1 Januari 1992", "From 51 January 1992"),
        ("dates", "Mulai 1 Januari 1992", "From 1 February 1992"),
        ("dates", "Dibuka 2.30 petang", "Opens at 2.30 a.m."),
        ("laws", "Di bawah Akta 4", "Under Act 44"),
        ("laws", "Di bawah Seksyen 16", "Under Act 16"),
        ("addresses", "Tulis kepada a@contoh.my", "Write to b@contoh.my"),
        ("links", 'Baca <a id="a1">ini</a>', "Read this"),
        ("links", 'Baca <a id="a1">ini</a>', 'Read <a id="a2">this</a>'),
        ("formatting", "<b>Nota</b> penting", "Important note"),
        ("unchanged", "Latar Belakang", "Latar Belakang"),
        (
            "language",
            "Memberi perlindungan kepada semua",
            "Memberi perlindungan kepada semua orang",
        ),
        (
            "language",
            "Borang diisi. Majikan perlu mendaftar segera.",
            "The form is filled in. Majikan perlu mendaftar segera.",
        ),
        ("repeated_words", "Borang itu dihantar", "The the form is sent"),
        ("spaces", "Borang itu dihantar", "The  form is sent"),
        ("spaces", "Borang itu dihantar", "The form is sent "),
        ("spaces", "Borang itu dihantar.", "The form is sent ."),
        ("spaces", "Borang, surat dan kad", "Forms,letters and cards"),
        ("punctuation", "Siapa yang layak?", "Who may apply"),
        ("punctuation", "Borang (lama) dihantar", "The (old form is sent"),
        ("length", "Majikan perlu mendaftarkan semua pekerja dengan segera", "x"),
        ("order", "Dari 5 hingga 8 orang", "From 8 to 5 people"),
    ],
)
def test_an_error_is_told(check, source, words):
    assert check in found(source, words)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Enam peranan utama", "6 principal roles"),
        ("Rekod disimpan selama 6 tahun", "Records are kept for six years"),
        ("Copyright 2023 © All rights reserved", "Copyright 2023 © All rights reserved"),
        ("1-300-22-8000", "1-300-22-8000"),
        ("a@contoh.my", "a@contoh.my"),
        ("P.U.(B) 80/1969", "P.U.(B) 80/1969"),
        ("Visi", "Vision"),
        ("Kad itu dihantar.", "It turned out that that card was sent."),
        ("Baca <a id='a1'>ini</a>", "Read <a id='a1'>this</a>"),
    ],
)
def test_what_is_right_is_not_told(source, words):
    assert found(source, words) == set()


def test_terms_are_written_as_agreed():
    assert found("Agensi ini besar", "This agency is big", terms=[AGENCY]) == set()
    assert found("Agensi ini besar", "This office is big", terms=[AGENCY]) == {"terms"}
    # The wrong word is told even if the right one is there too.
    assert "terms" in found("Agensi ini besar", "This agency is a big bureau", terms=[AGENCY])
    # A name that contains a term is another term.
    assert found("Di Menara Agensi", "At Menara Agensi", terms=[AGENCY, NAME]) == set()
    assert found("Menara Agensi", "Menara Agensi", terms=[AGENCY, NAME]) == set()


def test_a_language_that_the_model_lacks_is_not_judged():
    assert "language" not in found(
        "Memberi perlindungan kepada semua", "Memberi perlindungan semua orang", target="xx"
    )


def test_too_long_for_the_field():
    assert found("Tajuk", "A title", max_length=7) == set()
    assert found("Tajuk", "A title", max_length=6) == {"too_long"}


@pytest.mark.parametrize(
    ("path", "limit"),
    [("title", 255), ("slug", 255), ("intro", None), ("body.section.body", None), ("gone", None)],
)
def test_limits_are_those_of_fields_and_blocks(path, limit):
    assert length_limit(Article, path) == limit


def test_what_blocks_are_names_of_checks():
    assert BLOCKING < NAMES


@pytest.mark.django_db
class TestStrings:
    @pytest.fixture
    def row(self, article, en):
        translate(article, en, **{HEADING: "Tajuk"})
        return string_at(article, en, HEADING)

    def test_a_string_is_checked_with_the_terms_of_its_languages(self, row):
        assert [each.finding.check for each in findings_of(row)] == ["unchanged"]
        term = Term.objects.create(
            source_language="ms", target_language="en", term="Tajuk", translations="Tajuk"
        )
        assert findings_of(row) == []
        term.translations = "Title"
        term.save()
        assert {each.finding.check for each in findings_of(row)} == {"unchanged", "terms"}
        term.delete()
        assert len(findings_of(row)) == 1

    def test_a_string_without_words_has_no_findings(self, row):
        row.words = ""
        assert findings_of(row) == []

    def test_an_accepted_finding_blocks_no_longer_until_the_words_change(self, row, admin_user):
        assert list(blocking_findings([row])) == [row.pk]
        with pytest.raises(ValueError, match="reason"):
            accept_finding(row, "unchanged", "  ", admin_user)
        accept_finding(row, "unchanged", "A name.", admin_user)
        assert blocking_findings([row]) == {}
        (told,) = findings_of(row)
        assert told.accepted_because == "A name."
        assert AcceptedFinding.objects.get().author_name == admin_user.username

        row.change(State.TRANSLATED, method="hand", words="  Tajuk")
        row.save()
        assert list(blocking_findings([row])) == [row.pk]

    def test_the_setting_names_what_blocks(self, row, settings):
        settings.WAGTAIL_LOCALIZE_DESK_BLOCKING_CHECKS = ["numbers"]
        assert blocking_findings([row]) == {}
        assert [each.is_blocking for each in findings_of(row)] == [False]

    def test_many_strings_take_the_queries_of_one(
        self, row, article, en, django_assert_num_queries
    ):
        rows = list(strings(article, en))
        assert len(rows) > 5
        for checked, count in (([each for each in rows if each.path == HEADING], 4), (rows, 3)):
            # The terms are in the cache the second time.
            with django_assert_num_queries(count):
                blocking_findings(checked)
