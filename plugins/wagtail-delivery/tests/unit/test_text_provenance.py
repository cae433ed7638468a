"""Which texts computed output came from."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.models import Locale, Page
from wagtail.rich_text import RichText

from tests.unit.conftest import MakePage
from wagtail_delivery.content.text_provenance import differing_texts, variants_without
from wagtail_delivery.content.titles import untranslated_title_language
from wagtail_delivery.content.translation_status import TranslationStatus
from wagtail_delivery.encoding.base import Compilation, Location


class Speaker(blocks.StructBlock):
    name = blocks.CharBlock()
    life = blocks.RichTextBlock()
    talks = blocks.ListBlock(blocks.CharBlock())


SPEAKER = {
    "type": "speaker",
    "id": "s",
    "value": {
        "name": "Aminah",
        "life": "<p>Hidup</p>",
        "talks": [
            {"type": "item", "id": "one", "value": "Satu"},
            {"type": "item", "id": "two", "value": "Dua"},
        ],
    },
}
QUOTE = {"type": "quote", "id": "q", "value": "Kata"}


def texts_of(stream: Any) -> list[str]:
    """All texts in a stream of the blocks above."""
    found: list[str] = []
    for child in stream:
        if child.block_type == "quote":
            found.append(child.value)
        else:
            life = child.value["life"].source
            found += [child.value["name"], life, *child.value["talks"]]
    return found


@pytest.fixture
def stream() -> Any:
    block = blocks.StreamBlock([("speaker", Speaker()), ("quote", blocks.CharBlock())])
    return block.to_python([SPEAKER, QUOTE])


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("s.name", "Aminah"),
        ("s.life", "<p>Hidup</p>"),
        ("s.talks.two", "Dua"),
        ("q", "Kata"),
    ],
)
def test_one_text_of_a_stream_is_left_out(stream: Any, path: str, missing: str) -> None:
    whole = texts_of(stream)
    [variant] = variants_without(texts_of, stream, [path])
    assert variant == ["" if text == missing else text for text in whole]
    assert texts_of(stream) == whole


@pytest.mark.parametrize(
    "path", ["", "x", "s", "s.x", "s.talks", "s.talks.three", "q.x", "s.name.x"]
)
def test_a_path_that_leads_to_no_text_is_skipped(stream: Any, path: str) -> None:
    assert list(variants_without(texts_of, stream, [path])) == []


def test_a_text_outside_any_structure_becomes_empty() -> None:
    assert list(variants_without(str, "Kata", [""])) == [""]
    assert list(variants_without(lambda value: value.source, RichText("<p>x</p>"), [""])) == [""]
    assert list(variants_without(str, 3, ["", "x"])) == []


def test_code_that_fails_without_a_text_gives_none(db: None) -> None:
    page = Page(title="Tajuk", locale=Locale.get_default())
    assert list(variants_without(lambda other: other.title[0], page, ["title"])) == [None]
    assert page.title == "Tajuk"


def status(*untranslated: str) -> TranslationStatus:
    return TranslationStatus("ms", "partial", frozenset(untranslated))


@pytest.mark.parametrize("kind", [cached_property, functools.cached_property])
def test_cached_properties_are_computed_again(
    db: None, monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    cached = kind(lambda page: page.title.upper())
    cached.__set_name__(Page, "shout")
    monkeypatch.setattr(Page, "shout", cached, raising=False)
    page = Page(title="Tajuk", seo_title="Enjin", locale=Locale.get_default())
    for _ in range(2):
        assert page.shout == "TAJUK"
        assert untranslated_title_language(page, status("title"), lambda one: one.shout)
        assert not untranslated_title_language(page, status("seo_title"), lambda one: one.shout)


def test_deferred_fields_are_not_loaded(
    make_page: MakePage, django_assert_num_queries: Any
) -> None:
    made = make_page("Tajuk", seo_title="Enjin")
    page = Page.objects.only("title").get(pk=made.pk)
    with django_assert_num_queries(0):
        assert not untranslated_title_language(page, status("seo_title", "search_description"))
        assert untranslated_title_language(page, status("seo_title", "title"))


@pytest.mark.parametrize(
    ("made", "other", "pointers"),
    [
        ("a", "a", []),
        ("a", "", [""]),
        ("a", None, [""]),
        (1, 2, []),
        ({"a": "x", "b": "y", "n": 1}, {"a": "", "b": "y", "n": 0}, ["/a"]),
        ({"a/b~": "x"}, {}, ["/a~1b~0"]),
        ({"a": {"b": "x"}}, None, ["/a/b"]),
        (["a", "b"], ["a", ""], ["/1"]),
        (["a", "b", "c"], ["b", "c"], ["/0"]),
        (["b", "c"], ["", "b"], ["/1"]),
        ([{"a": "x", "b": "y"}], [{"a": "", "b": "y"}], ["/0/a"]),
        (["a"], None, ["/0"]),
    ],
)
def test_differing_texts_are_found_by_pointer(made: Any, other: Any, pointers: list[str]) -> None:
    assert list(differing_texts(made, other)) == pointers


@pytest.mark.parametrize(
    ("location", "languages"),
    [
        (Location("/body/0/value", "body.q"), {"/body/0/value": "ms"}),
        (Location("/body/0/value", "body.x"), {}),
        # A text of the instance itself, with the same name as one in a block without a path.
        (Location("/body/0/value"), {}),
    ],
)
def test_a_computed_block_depends_only_on_its_own_texts(
    make_compilation: Callable[..., Compilation], location: Location, languages: dict[str, str]
) -> None:
    compilation = make_compilation("en", status=status("body.q", "q", ""))
    compilation.mark_computed(location, "KATA", str.upper, "Kata")
    assert compilation.languages == languages
