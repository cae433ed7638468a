"""What code made of which texts."""

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
from wagtail_delivery.content.titles import is_title_untranslated
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


def told(stream: Any) -> list[str]:
    """All that stands in a stream of the blocks above."""
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
def test_a_stream_without_one_text(stream: Any, path: str, missing: str) -> None:
    whole = told(stream)
    [made] = variants_without(told, stream, [path])
    assert made == ["" if text == missing else text for text in whole]
    assert told(stream) == whole


@pytest.mark.parametrize(
    "path", ["", "x", "s", "s.x", "s.talks", "s.talks.three", "q.x", "s.name.x"]
)
def test_what_leads_to_no_text_changes_nothing(stream: Any, path: str) -> None:
    assert list(variants_without(told, stream, [path])) == []


def test_a_text_by_itself() -> None:
    assert list(variants_without(str, "Kata", [""])) == [""]
    assert list(variants_without(lambda value: value.source, RichText("<p>x</p>"), [""])) == [""]
    assert list(variants_without(str, 3, ["", "x"])) == []


def test_code_that_cannot_do_without(db: None) -> None:
    page = Page(title="Tajuk", locale=Locale.get_default())
    assert list(variants_without(lambda other: other.title[0], page, ["title"])) == [None]
    assert page.title == "Tajuk"


def status(*untranslated: str) -> TranslationStatus:
    return TranslationStatus("ms", "partial", frozenset(untranslated))


@pytest.mark.parametrize("kind", [cached_property, functools.cached_property])
def test_what_is_remembered_is_made_anew(
    db: None, monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    remembered = kind(lambda page: page.title.upper())
    remembered.__set_name__(Page, "shout")
    monkeypatch.setattr(Page, "shout", remembered, raising=False)
    page = Page(title="Tajuk", seo_title="Enjin", locale=Locale.get_default())
    for _ in range(2):
        assert page.shout == "TAJUK"
        assert is_title_untranslated(page, status("title"), lambda one: one.shout)
        assert not is_title_untranslated(page, status("seo_title"), lambda one: one.shout)


def test_what_was_not_loaded_is_not_asked_for(
    make_page: MakePage, django_assert_num_queries: Any
) -> None:
    made = make_page("Tajuk", seo_title="Enjin")
    page = Page.objects.only("title").get(pk=made.pk)
    with django_assert_num_queries(0):
        assert not is_title_untranslated(page, status("seo_title", "search_description"))
        assert is_title_untranslated(page, status("seo_title", "title"))


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
def test_texts_that_differ(made: Any, other: Any, pointers: list[str]) -> None:
    assert list(differing_texts(made, other)) == pointers


@pytest.mark.parametrize(
    ("location", "told"),
    [
        (Location("/body/0/value", "body.q"), {"/body/0/value": "ms"}),
        (Location("/body/0/value", "body.x"), {}),
        # A text of the thing itself, which has the same name as one in a block without a path.
        (Location("/body/0/value"), {}),
    ],
)
def test_a_block_is_made_of_what_stands_in_it(
    compilation: Callable[..., Compilation], location: Location, told: dict[str, str]
) -> None:
    making = compilation("en", status=status("body.q", "q", ""))
    making.mark_computed(location, "KATA", str.upper, "Kata")
    assert making.languages == told
