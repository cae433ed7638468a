"""Anchors of sections: filled in, unique within a page, the same in all languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from wagtail.blocks import StreamBlockValidationError
from wagtail.rich_text import RichText

from cms.pages.blocks.section import fill_anchors
from cms.pages.blocks.streams import BodyBlock, ProfileSectionsBlock
from tests.factories import ProfilePageFactory, StandardPageFactory


def text(heading: str, anchor: str = "") -> tuple[str, dict[str, Any]]:
    return ("text", {"heading": heading, "anchor": anchor, "body": RichText("<p>Teks</p>")})


def anchors(stream: Any) -> list[str]:
    return [child.value["anchor"] for child in stream]


def stream(*sections: tuple[str, dict[str, Any]]) -> Any:
    return ProfileSectionsBlock().to_python(list(sections))


def test_an_empty_anchor_is_made_from_the_heading() -> None:
    cleaned = ProfileSectionsBlock().clean(stream(text("Latar Belakang"), text("Visi & Misi")))
    assert anchors(cleaned) == ["latar-belakang", "visi-misi"]


def test_a_given_anchor_stays_when_the_heading_changes() -> None:
    cleaned = ProfileSectionsBlock().clean(stream(text("Sejarah", "latar-belakang")))
    assert anchors(cleaned) == ["latar-belakang"]


def test_equal_headings_get_different_anchors() -> None:
    given = stream(text("Akta"), text("Akta"), text("Lain", "akta-2"), text("Akta"))
    assert anchors(ProfileSectionsBlock().clean(given)) == ["akta", "akta-3", "akta-2", "akta-4"]


@pytest.mark.parametrize("heading", ["社會保障", "!!!", "சமூக"])
def test_a_heading_without_latin_letters_gets_the_type_as_anchor(heading: str) -> None:
    assert anchors(fill_anchors(stream(text(heading), text(heading)))) == ["text", "text-2"]


def test_a_section_without_a_heading_gets_no_anchor() -> None:
    """The editor saves while somebody types; an anchor from the type's name would stay for good."""
    assert anchors(fill_anchors(stream(text(""), text("Visi")))) == ["", "visi"]


def test_the_anchor_of_a_long_heading_is_valid() -> None:
    block = ProfileSectionsBlock()
    filled = block.clean(stream(text("panjang " * 31), text("panjang " * 31)))
    assert len(set(anchors(filled))) == 2
    assert anchors(block.clean(filled)) == anchors(filled)


def test_a_duplicate_anchor_is_an_error_of_the_second_block_in_malay() -> None:
    given = stream(text("Satu", "sama"), text("Dua", "lain"), text("Tiga", "sama"))
    with translation.override("ms"), pytest.raises(StreamBlockValidationError) as raised:
        ProfileSectionsBlock().clean(given)
    errors = raised.value.block_errors
    assert set(errors) == {2}
    assert errors[2].block_errors["anchor"].messages == [
        "Bahagian lain pada halaman ini sudah menggunakan alamat ini."
    ]


def faq(*questions: tuple[str, str], heading: str = "Soalan") -> tuple[str, dict[str, Any]]:
    items = [
        {"question": question, "answer": RichText("<p>Ya</p>"), "anchor": anchor}
        for question, anchor in questions
    ]
    return ("faq", {"heading": heading, "anchor": "", "questions": items})


def test_each_question_has_an_anchor_that_is_unique_on_the_page() -> None:
    questions = (("Siapa?", ""), ("Siapa?", ""), ("", ""), ("Bila?", "tarikh"))
    given = BodyBlock().to_python([faq(*questions, heading="Siapa"), text("Siapa")])
    cleaned = fill_anchors(given)
    assert anchors(cleaned) == ["siapa", "siapa-4"]
    found = [question["anchor"] for question in cleaned[0].value["questions"]]
    assert found == ["siapa-2", "siapa-3", "", "tarikh"]


def test_a_duplicate_anchor_of_a_question_is_an_error_of_that_question() -> None:
    questions = (("Apa?", "apa"), ("Siapa?", "siapa"), ("Bila?", "siapa"))
    given = BodyBlock().to_python([text("Apa", "apa"), faq(*questions)])
    with pytest.raises(StreamBlockValidationError) as raised:
        BodyBlock().clean(given)
    assert set(raised.value.block_errors) == {1}
    errors = raised.value.block_errors[1].block_errors
    assert set(errors) == {"questions"}
    at_questions = errors["questions"].block_errors
    assert {number: set(at.block_errors) for number, at in at_questions.items()} == {
        0: {"anchor"},
        2: {"anchor"},
    }


@pytest.mark.parametrize("anchor", ["dua kata", "é", 'a"b', "a/b", "#a", "x" * 101])
def test_an_anchor_may_contain_only_plain_characters(anchor: str) -> None:
    with pytest.raises(StreamBlockValidationError) as raised:
        ProfileSectionsBlock().clean(stream(text("Satu", anchor)))
    assert set(raised.value.block_errors[0].block_errors) == {"anchor"}


def test_blocks_without_anchors_may_be_mixed_with_sections() -> None:
    call_out = {"tone": "warning", "heading": "Akta", "body": RichText("<p>Awas</p>")}
    given = BodyBlock().to_python([("call_out", call_out), text("Akta"), ("call_out", call_out)])
    cleaned = BodyBlock().clean(given)
    assert cleaned[1].value["anchor"] == "akta"
    assert "anchor" not in cleaned[0].value


def test_ids_of_blocks_are_kept() -> None:
    given = stream(text("Satu"))
    given[0].id = "0b2a2d9a-4a5b-4a43-8fb5-9c52ad5f9a62"
    assert ProfileSectionsBlock().clean(given)[0].id == given[0].id


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "field"), [(ProfilePageFactory, "sections"), (StandardPageFactory, "body")]
)
def test_pages_saved_by_code_have_anchors_too(factory: Any, field: str) -> None:
    page = factory(**{field: [text("Latar Belakang"), text("Latar Belakang")]})
    saved = type(page).objects.get()
    assert anchors(getattr(saved, field)) == ["latar-belakang", "latar-belakang-2"]


@pytest.mark.django_db
def test_code_cannot_save_a_duplicate_anchor() -> None:
    with pytest.raises(ValidationError) as raised:
        ProfilePageFactory(sections=[text("Satu", "sama"), text("Dua", "sama")])
    assert set(raised.value.error_dict) == {"sections"}


@pytest.mark.django_db
def test_a_revision_of_json_has_its_anchors_filled() -> None:
    page = ProfilePageFactory()
    page.sections = [{"type": "text", "value": {"heading": "Moto", "body": "<p>x</p>"}}]
    page.save_revision().publish()
    page.refresh_from_db()
    assert anchors(page.sections) == ["moto"]
