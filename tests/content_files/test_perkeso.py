"""PERKESO's own content: the source text word for word, and only known facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from wagtail_localize.models import Translation

from cms.pages.models import ProfilePage
from cms.snippets.models import Act, Convention, Organisation, Regulation, Role, Scheme
from wagtail_localize_desk.extending import translation_status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_content")]

SOURCE = Path(__file__).parents[2] / "content" / "sources" / "profil.ms.txt"

#: Lines of the source that are not content, each with the reason.
LEFT_OUT = {
    "Profil": "The old site shows the page's title twice; it is kept once, as the title.",
    "Alamat emel ini dilindungi dari Spambot. Anda perlu hidupkan JavaScript untuk melihatnya.": (
        "An artefact of the old site, where a script hid the e-mail address."
    ),
}
#: Lines of the page that the source lacks: repetitions, and a heading for its last lines.
ADDED_SECTIONS = {"garis-masa"}
ADDED_HEADINGS = {"hubungi-kami"}


def of(model: Any, language: str) -> Any:
    return model.objects.filter(locale__language_code=language, live=True)


def source_lines() -> list[str]:
    """The source's lines of text, with single spaces and without bullets."""
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    texts = [" ".join(line.replace("•", " ").split()) for line in lines]
    texts = [text for text in texts if text]
    for line in LEFT_OUT:
        texts.remove(line)
    return texts


def page_lines(page: ProfilePage) -> Iterator[str]:
    """The text of a profile page, in reading order."""
    yield page.title
    for section in page.sections:
        value, anchor = section.value, section.value["anchor"]
        if anchor in ADDED_SECTIONS:
            continue
        if anchor not in ADDED_HEADINGS:
            yield value["heading"]
        if section.block_type == "text":
            yield from BeautifulSoup(value["body"].source, "html.parser").stripped_strings
        elif section.block_type == "statement":
            yield value["text"]
        elif section.block_type == "roles":
            yield from (role.text for role in value["roles"])
        elif section.block_type == "contact":
            organisation = value["organisation"]
            yield organisation.address
            yield from (phone.number for phone in organisation.phones.all())
            yield organisation.copyright_line
        else:
            pytest.fail(f"Add the texts of {section.block_type!r} here.")


def test_malay_is_the_source_word_for_word():
    assert list(page_lines(of(ProfilePage, "ms").get())) == source_lines()


def test_the_timeline_contains_only_words_of_the_text():
    page = of(ProfilePage, "ms").get()
    sections = {section.value["anchor"]: section.value for section in page.sections}
    text = sections["latar-belakang"]["body"].source
    events = sections["garis-masa"]["events"]
    assert [event["date"] for event in events] == [
        None,
        dt.date(1985, 7, 1),
        dt.date(1992, 1, 1),
    ]
    assert "1 Julai 1985" in text
    assert "1 Januari 1992" in text
    known_words = set(text.lower().replace(".", " ").split())
    for event in events:
        assert set(event["text"].lower().strip(".").split()) <= known_words


def test_only_known_facts_are_given():
    unknown = None
    acts = of(Act, "ms").order_by("number")
    assert [
        (
            act.number,
            act.year,
            act.abbreviation,
            act.authoritative_language,
            act.assent_date,
            act.gazette_date,
            act.in_force_date,
            act.brand,
            act.source,
        )
        for act in acts
    ] == [
        (
            4,
            1969,
            "AKSP",
            "en",
            dt.date(1969, 4, 2),
            dt.date(1969, 4, 10),
            unknown,
            "LINDUNG Pekerja",
            "P.U.(B) 80/1969",
        ),
        (789, 2017, "", "", unknown, unknown, dt.date(2017, 6, 1), "LINDUNG Kendiri", ""),
        (800, 2017, "", "", unknown, unknown, dt.date(2018, 1, 1), "LINDUNG Kerjaya", ""),
        (838, 2022, "", "", unknown, unknown, unknown, "LINDUNG Kasih", ""),
    ]
    assert {act.brand_since for act in acts} == {dt.date(2025, 8, 23)}
    assert {act.source_checked_on for act in acts} == {None}
    assert [[scheme.title for scheme in act.schemes.all()] for act in acts] == [
        ["Skim Bencana Pekerjaan", "Skim Keilatan"],
        ["Skim Keselamatan Sosial Pekerjaan Sendiri"],
        ["Sistem Insurans Pekerjaan"],
        ["Skim Keselamatan Sosial Suri Rumah"],
    ]
    regulation = of(Regulation, "ms").get()
    assert (regulation.act.number, regulation.year, regulation.gazette_number) == (4, 1971, "")
    convention = of(Convention, "ms").get()
    assert (convention.number, convention.year) == (102, 1952)
    roles = list(of(Role, "ms"))
    assert [role.sort_order for role in roles] == [1, 2, 3, 4, 5, 6]
    assert [[item.act.number for item in role.acts.all()] for role in roles] == [
        [4, 789, 800, 838],
        *[[]] * 5,
    ]
    for language in ("ms", "en"):
        assert of(Organisation, language).get().email == ""


def test_open_questions_for_editors_are_flagged():
    roles = list(of(Role, "ms"))
    assert "ke empat-empat" in roles[1].text
    assert "ke empat-empat" in roles[1].editor_note
    assert "konsep ‘ selaku pengamal" in roles[5].text
    assert "konsep ‘ selaku pengamal" in roles[5].editor_note
    assert "e-mel" in of(Organisation, "ms").get().editor_note
    assert [role.sort_order for role in roles if role.editor_note] == [2, 6]


def test_english_is_a_complete_working_translation():
    for model in (ProfilePage, Act, Convention, Organisation, Regulation, Role, Scheme):
        assert of(model, "ms").count() == of(model, "en").count() > 0
        for thing in of(model, "en"):
            assert thing.working_translation
            assert translation_status(thing)[:3] == ("ms", "complete", frozenset())
        for thing in of(model, "ms"):
            assert not thing.working_translation
            assert translation_status(thing)[:3] == ("ms", "source", frozenset())
    for translation in Translation.objects.all():
        total, translated = translation.get_progress()
        assert total == translated > 0
    titles = {act.number: act.title for act in of(Act, "en")}
    assert titles == {
        4: "Employees' Social Security Act 1969",
        789: "Self-Employment Social Security Act 2017",
        800: "Employment Insurance System Act 2017",
        838: "Housewives' Social Security Act 2022",
    }
    organisation = of(Organisation, "en").get()
    assert str(organisation) == "Social Security Organisation (SOCSO)"
    assert of(Convention, "en").get().title == (
        "ILO Social Security (Minimum Standards) Convention, 1952 (No. 102)"
    )
