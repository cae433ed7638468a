"""Rich text that is translated in part has the language of each part."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale, Page
from wagtail.rich_text import LinkHandler, features

from tests.unit.conftest import MakePage, translate
from wagtail_delivery.content.translation_status import TranslationStatus, UntranslatedParts
from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.html.runs import text_runs
from wagtail_delivery.encoding.html.text import html_to_text, languages_of_lines
from wagtail_delivery.encoding.html.tokens import tokens_of
from wagtail_delivery.encoding.rich_text import RichTextEncoder

BODY = Location("/body", "body")


@pytest.fixture
def make(make_compilation: Callable[..., Compilation]) -> Callable[..., Compilation]:
    def with_parts(count: int, *numbers: int, locale: str = "en") -> Compilation:
        parts = {"body": UntranslatedParts(count, frozenset(numbers))}
        status = TranslationStatus("ms", "partial", frozenset({"body"}), parts)
        return make_compilation(locale, status=status)

    return with_parts


@pytest.mark.parametrize(
    ("stored", "count", "numbers", "html", "lines"),
    [
        (
            "<h3>a</h3><p>b</p><ul><li>c</li><li>d</li></ul>",
            4,
            [1],
            '<h3>a</h3><p lang="ms">b</p><ul><li>c</li><li>d</li></ul>',
            [1],
        ),
        (
            '<p data-block-key="x">a</p>\n<ul><li data-block-key="y">b <b>c</b></li></ul>',
            2,
            [1],
            '<p>a</p>\n<ul><li lang="ms">b <b>c</b></li></ul>',
            [1],
        ),
        # A text that does not fill its element, whose other content is translated.
        (
            "<ul><li>a<ul><li>b</li></ul></li></ul>",
            2,
            [0],
            '<ul><li><span lang="ms">a</span><ul><li>b</li></ul></li></ul>',
            [0],
        ),
        ("<p>a</p>b <i>c</i>", 2, [1], '<p>a</p><span lang="ms">b <i>c</i></span>', [1]),
        (
            "<p>x<sup>2</sup>y</p>",
            3,
            [1, 2],
            '<p>x<sup lang="ms">2</sup><span lang="ms">y</span></p>',
            [0],
        ),
        # Lines are those of the text.
        ("<p>a<br/><br/>b</p><p>c<br/>d</p>", 2, [1], None, [3, 4]),
        ("<p>a<br/><br/>b</p><p>c<br/>d</p>", 2, [0], None, [0, 2]),
        # What the markup becomes when it is cleaned.
        ("<section>a</section><section>b</section>", 2, [1], '<p>a</p><p lang="ms">b</p>', [1]),
        ("<p>a</p><script>x</script><p>b</p>", 2, [0], '<p lang="ms">a</p><p>b</p>', [0]),
        (
            "<ol><li><ol><li>a</li></ol></li></ol><p>b</p>",
            2,
            [0],
            '<ol><li lang="ms">a</li></ol><p>b</p>',
            [0],
        ),
    ],
)
def test_a_part_has_its_language(
    make: Callable[..., Compilation],
    stored: str,
    count: int,
    numbers: list[int],
    html: str | None,
    lines: list[int],
) -> None:
    compilation = make(count, *numbers)
    features = ["h3", "bold", "italic", "ul", "ol", "superscript"]
    encoded = RichTextEncoder(features=features).encode(stored, BODY, compilation)
    if html is not None:
        assert encoded["html"] == html
    assert encoded["text"] == html_to_text(encoded["html"])
    # The whole text is still named, for front-ends that know no parts.
    assert compilation.languages == {"/body": "ms"}
    assert compilation.lines == {"/body": lines}
    assert compilation.has_untranslated_text


@pytest.mark.parametrize(
    ("stored", "count"), [("<p>a</p><p>b</p>", 3), ("<p>a</p><p>b</p>", 1), ("<p>a<br/>b</p>", 2)]
)
def test_parts_that_do_not_fit_the_text_mark_all_of_it(
    make: Callable[..., Compilation], stored: str, count: int
) -> None:
    compilation = make(count, 0)
    assert RichTextEncoder().encode(stored, BODY, compilation)["html"] == stored
    assert compilation.languages == {"/body": "ms"}
    assert compilation.lines == {}


def test_a_text_in_its_own_language_has_no_parts(make: Callable[..., Compilation]) -> None:
    compilation = make(2, 0, locale="ms")
    assert "lang" not in RichTextEncoder().encode("<p>a</p><p>b</p>", BODY, compilation)["html"]
    assert compilation.languages == compilation.lines == {}


class TitleHandler(LinkHandler):
    identifier = "rujukan"
    shows_title = True

    @staticmethod
    def get_model() -> type[models.Model]:
        return Page


@pytest.mark.parametrize(("has_english", "langs"), [(True, ["en", ""]), (False, ["", "ms"])])
def test_a_title_has_its_language_if_its_part_has_another(
    make: Callable[..., Compilation],
    make_page: MakePage,
    english: Locale,
    monkeypatch: pytest.MonkeyPatch,
    has_english: bool,
    langs: list[str],
) -> None:
    monkeypatch.setitem(features.get_link_types(), "rujukan", TitleHandler)
    page = make_page("Akta")
    title = page.title
    if has_english:
        title = translate(page, english, "Act").title
    reference = f'<a linktype="rujukan" id="{page.pk}">x</a>'
    html = RichTextEncoder().encode(f"<p>a {reference}</p><p>b {reference}</p>", BODY, make(2, 0))[
        "html"
    ]
    first, second = (
        f'<a data-type="rujukan" data-id="{page.translation_key}"'
        f"{f' lang={chr(34)}{lang}{chr(34)}' if lang else ''}>{title}</a>"
        for lang in langs
    )
    assert html == f'<p lang="ms">a {first}</p><p>b {second}</p>'


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<ul>", "</ul>", "<li>", "</li>", "<br/>", " ", "\n"),
        *("A ", "B ", "<section>", "</section>", "<a href='/x'>", "</a>", "<sup>", "</sup>"),
    ]
)


@given(pieces=st.lists(PIECES, max_size=15), data=st.data())
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_untranslated_words_are_outside_the_marked_lines(
    make: Callable[..., Compilation], pieces: list[str], data: st.DataObject
) -> None:
    stored = "".join(pieces)
    tokens = list(tokens_of(stored))
    runs = text_runs(tokens)
    if not runs:
        return
    missing = data.draw(st.sets(st.sampled_from(range(len(runs))), min_size=1))
    words = {index for number in missing for index in runs[number]}
    stored = "".join(
        token.source.replace("A ", "MELAYU ").replace("B ", "MELAYU ")
        if index in words
        else token.source
        for index, token in enumerate(tokens)
    )
    compilation = make(len(runs), *missing)
    encoded = RichTextEncoder().encode(stored, BODY, compilation)
    lines = encoded["text"].split("\n")
    malay = {number for number, line in enumerate(lines) if "MELAYU" in line}
    assert malay <= set(compilation.lines["/body"])
    assert malay <= set(languages_of_lines(encoded["html"], {"ms"}))


def test_each_part_has_its_own_language(make_compilation: Callable[..., Compilation]) -> None:
    """In a chain of translations, a part can be in the language of any page above."""
    parts = {"body": UntranslatedParts(3, frozenset({0, 2}), {0: "ms", 2: "zh"})}
    status = TranslationStatus(
        "zh", "partial", frozenset({"body"}), parts, untranslated_languages={"body": "ms"}
    )
    compilation = make_compilation("en", status=status)
    location = Location("/body", "body")
    made = RichTextEncoder().encode("<p>a</p><p>b</p><p>c</p>", location, compilation)
    assert made["html"] == '<p lang="ms">a</p><p>b</p><p lang="zh">c</p>'
    assert compilation.languages == {"/body": "ms"}
    assert compilation.lines == {"/body": [0, 2]}
    assert compilation.line_languages == {"/body": ["ms", "zh"]}


def test_a_text_without_any_translation_can_be_in_several_languages(
    make_compilation: Callable[..., Compilation],
) -> None:
    """Of two languages in a line, the line has the first."""
    spoken = {0: "ms", 1: "ms", 2: "zh"}
    parts = {"body": UntranslatedParts(3, frozenset(spoken), spoken)}
    status = TranslationStatus(
        "zh", "partial", frozenset({"body"}), parts, untranslated_languages={"body": "ms"}
    )
    compilation = make_compilation("en", status=status)
    stored = "<p>a</p><p>b<sup>c</sup></p>"
    made = RichTextEncoder(features=["superscript"]).encode(stored, BODY, compilation)
    assert made["html"] == '<p lang="ms">a</p><p><span lang="ms">b</span><sup lang="zh">c</sup></p>'
    assert compilation.lines == {"/body": [0, 1]}
    assert compilation.line_languages == {}
    stored = "<p>a</p><p>b</p><p>c</p>"
    RichTextEncoder().encode(stored, BODY, compilation)
    assert compilation.lines == {"/body": [0, 1, 2]}
    assert compilation.line_languages == {"/body": ["ms", "ms", "zh"]}
