"""Rich text is cleaned by what Wagtail's features can store."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from draftjs_exporter.dom import DOM
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.editor_html import WhitelistRule
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    BlockElementHandler,
    InlineEntityElementHandler,
    InlineStyleElementHandler,
)
from wagtail.rich_text import features as registry
from wagtail.whitelist import attribute_rule

from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.html.tokens import StartTag, tokens_of
from wagtail_delivery.encoding.rich_text import RichTextEncoder

Clean = Callable[..., dict[str, str]]


@pytest.fixture
def clean(make_compilation: Callable[..., Compilation]) -> Clean:
    def encoded(html: str, features: list[str] | None = None) -> dict[str, str]:
        encoder = RichTextEncoder(features=features)
        return encoder.encode(html, Location(), make_compilation())

    return encoded


@pytest.mark.parametrize(
    ("stored", "html", "text"),
    [
        # The content of scripts and styles goes, the text of all else stays.
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>", "ab"),
        ("<style>p{color:red}</style><p>a</p>", "<p>a</p>", "a"),
        ("<p>a<SCRIPT src=//x.example/></script>b</p>", "<p>ab</p>", "ab"),
        ("<script>alert(1)", "", ""),
        ('<p>a<img src=https://x.example/p.gif onerror="alert(1)">b</p>', "<p>ab</p>", "ab"),
        ('<iframe src="https://x.example/">fallback</iframe><p>a</p>', "<p>a</p>", "a"),
        ("<p><textarea>a &lt;b></textarea></p>", "<p>a &lt;b&gt;</p>", "a <b>"),
        ("<p>a<!-- nota dalaman --><!DOCTYPE x><?php b ?></p>", "<p>a</p>", "a"),
        ('<p><font color="red"><u>a</u></font> <span>b</span></p>', "<p>a b</p>", "a b"),
        # Attributes.
        ('<p style="x" class="y" id="z" lang="en" onclick="a()">a</p>', "<p>a</p>", "a"),
        ("<h2 id='a'>a</h2><hr class=x/>b", "<h2>a</h2><hr>b", "a\nb"),
        ("<p/onclick=alert(1)>a</p onclick=b>", "<p>a</p>", "a"),
        ("<p>a</p>\n", "<p>a</p>\n", "a"),
        # Links.
        ('<a href="javascript:1">a</a>', "a", "a"),
        ('<a href=" &#1;Java\tScript:1">a</a>', "a", "a"),
        ('<a href="data:text/html,x">a</a> <a href="vbscript:1">b</a>', "a b", "a b"),
        ("<a name=x>a</a>", "a", "a"),
        (
            '<a href="https://x.example/" target="_blank" rel="y" onclick="z()">a</a>',
            '<a href="https://x.example/">a</a>',
            "a",
        ),
        (
            '<a href="https://x.example/" href="javascript:1">a</a>',
            '<a href="https://x.example/">a</a>',
            "a",
        ),
        ('<a href="javascript:1" href="https://x.example/">a</a>', "a", "a"),
        # Elements that make a line leave a paragraph.
        ("<h1>a</h1><h1>b</h1>", "<p>a</p><p>b</p>", "a\nb"),
        ("<section>a<p>b</p>c</section>", "<p>a</p><p>b</p><p>c</p>", "a\nb\nc"),
        ("<section><b>a</b> b</section>", "<p><b>a</b> b</p>", "a b"),
        ("<section>\n<p>a</p>\n</section>", "\n<p>a</p>\n", "a"),
        (
            "<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>",
            "<p>a b</p><p>c</p>",
            "a b\nc",
        ),
        (
            "<ul><li>a<section>b</section></li></ul>",
            "<ul><li>a<p>b</p></li></ul>",
            "a\nb",
        ),
        ("<p>a<section>b</section>c</p>", "<p>a b c</p>", "a b c"),
        (
            "<h1>a<embed embedtype='media' url='/x'/>b</h1>",
            '<p>a</p><p><a href="/x">/x</a></p><p>b</p>',
            "a\n/x\nb",
        ),
        # Tags that close nothing, or close in another order.
        ("a</section></font>b</p>", "ab</p>", "ab"),
        ("<b>a<font>b</b>c</font>", "<b>ab</b>c", "abc"),
        ("<<font>script>a<</font>/script>", "&lt;script>a&lt;/script>", "<script>a</script>"),
    ],
)
def test_what_no_feature_can_store_is_removed(
    clean: Clean, stored: str, html: str, text: str
) -> None:
    encoded = clean(stored)
    assert encoded == {"html": html, "text": text}


EVERYTHING = (
    '<h2 data-block-key="a">Tajuk &amp; &lt;lagi&gt;</h2><h3 data-block-key="b">x</h3>'
    '<p data-block-key="c">a <b>b</b> <i>c</i> <sup>1</sup><sub>2</sub><s>3</s><code>4</code>'
    '<br/><a href="https://x.example/?a=1&amp;b=2">d</a> <a href="#e">e</a></p>'
    '<ul><li data-block-key="d">f<ol><li data-block-key="e">g</li></ol></li></ul><hr/>'
    '<blockquote data-block-key="f">h</blockquote>'
)
EVERY_FEATURE = ["h2", "h3", "bold", "italic", "superscript", "subscript", "strikethrough"]
EVERY_FEATURE += ["code", "link", "ul", "ol", "hr", "blockquote"]


def test_what_the_editor_stores_keeps_its_bytes(clean: Clean) -> None:
    converter = ContentstateConverter(EVERY_FEATURE)
    stored = converter.to_database_format(converter.from_database_format(EVERYTHING))
    bare = re.sub(' data-block-key="[^"]*"', "", stored)
    assert re.sub("<[^>]*>", "", bare) == re.sub("<[^>]*>", "", EVERYTHING)
    assert clean(stored, EVERY_FEATURE)["html"] == bare


def test_the_features_of_the_field_decide(clean: Clean) -> None:
    stored = '<h2>a</h2><p><b>b</b> <i>c</i> <a href="https://x.example/">d</a></p>'
    assert clean(stored, ["bold"])["html"] == "<p>a</p><p><b>b</b> c d</p>"
    assert clean(stored, [])["html"] == "<p>a</p><p>b c d</p>"
    assert clean(stored, ["h2", "italic", "link"])["html"] == stored.replace("<b>b</b>", "b")


def test_references_need_the_feature_that_stores_them(clean: Clean) -> None:
    stored = (
        '<a linktype="document" id="0">a</a><embed embedtype="media" url="https://x.example/"/>'
    )
    assert "https://x.example/" in clean(stored, ["embed"])["html"]
    assert clean(stored, ["link", "image"])["html"] == "a"


def test_a_field_without_features_has_those_of_its_editor(clean: Clean, settings: Any) -> None:
    stored = "<h2>a</h2><p><b>b</b></p>"
    assert clean(stored)["html"] == stored
    draftail = "wagtail.admin.rich_text.DraftailRichTextArea"
    settings.WAGTAILADMIN_RICH_TEXT_EDITORS = {
        "default": {"WIDGET": draftail, "OPTIONS": {"features": ["h2"]}}
    }
    assert clean(stored)["html"] == "<h2>a</h2><p>b</p>"


# A project's own features


class StockHandler(InlineEntityElementHandler):
    """Keeps the name of a share and the number of shares."""

    mutability = "IMMUTABLE"

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, str]:
        return {"stock": attrs["data-stock"], "count": attrs.get("data-count", "")}


def stock_entity(props: dict[str, Any]) -> Any:
    attributes = {"data-stock": props["stock"], "data-count": props["count"], "onclick": "a()"}
    return DOM.create_element("span", attributes, props["children"])


class BrokenHandler(InlineEntityElementHandler):
    mutability = "IMMUTABLE"

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, str]:
        raise KeyError("data-missing")


OWN_RULES: dict[str, Any] = {
    "intro": {
        "from_database_format": {'p[class="intro"]': BlockElementHandler("intro")},
        "to_database_format": {
            "block_map": {"intro": {"element": "p", "props": {"class": "intro"}}}
        },
    },
    "stock": {
        "from_database_format": {"span[data-stock]": StockHandler("STOCK")},
        "to_database_format": {"entity_decorators": {"STOCK": stock_entity}},
    },
    "mark": {
        "from_database_format": {"mark": InlineStyleElementHandler("MARK")},
        "to_database_format": {
            "style_map": {"MARK": {"element": "mark", "props": {"class": "m", "style": "x:y"}}}
        },
    },
    "broken": {
        "from_database_format": {"q[data-broken]": BrokenHandler("BROKEN")},
        "to_database_format": {"entity_decorators": {"BROKEN": stock_entity}},
    },
    "script": {
        "from_database_format": {"script": InlineStyleElementHandler("SCRIPT")},
        "to_database_format": {"style_map": {"SCRIPT": "script"}},
    },
}


@pytest.fixture
def own_features(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    registry.get_default_features()
    converters = registry.converter_rules_by_converter
    for name, rule in OWN_RULES.items():
        monkeypatch.setitem(converters["contentstate"], name, rule)
    classic = [WhitelistRule("figure", attribute_rule({"id": True, "src": True}))]
    monkeypatch.setitem(converters["editorhtml"], "classic", classic)
    return [*OWN_RULES, "classic"]


@pytest.mark.parametrize(
    ("stored", "html"),
    [
        ('<p class="intro">a</p>', '<p class="intro">a</p>'),
        ('<p class="other" id="x">a</p>', "<p>a</p>"),
        ('<p class="intro" style="x">a</p>', '<p class="intro">a</p>'),
        # Only the feature's own code knows that it stores the count.
        (
            '<span data-stock="X" data-count="2" class="y" onclick="a()">a</span>',
            '<span data-stock="X" data-count="2">a</span>',
        ),
        ('<span class="y">a</span>', "a"),
        ('<mark class="m" style="x:y">a</mark>', '<mark class="m" style="x:y">a</mark>'),
        ('<mark class="n" style="z">a</mark>', "<mark>a</mark>"),
        ('<q data-broken="1" id="2">a</q>', '<q data-broken="1">a</q>'),
        ('<figure id="x" class="y" src="javascript:1">a</figure>', '<figure id="x">a</figure>'),
        # Not even a feature may bring scripts.
        ("<p>a<script>b</script></p>", "<p>a</p>"),
    ],
)
def test_a_projects_own_features_are_known(
    clean: Clean, own_features: list[str], stored: str, html: str
) -> None:
    assert clean(stored, own_features)["html"] == html
    assert clean(html, own_features)["html"] == html


# Any markup

NASTY = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<ul>", "</ul>", "<li>", "</li>", "<br/>", " ", "a", "b"),
        *(
            "<script>",
            "</script>",
            "<style>",
            "</style>",
            "<!--",
            "-->",
            "<textarea>",
            "</textarea>",
        ),
        *("<section>", "</section>", "<td>", "<tr onclick=x>", "</table>", "<h2 onclick='x'>"),
        *("<a href='javascript:x'>", '<a href="https://x.example/" style=x>', "</a>", "<a>"),
        *("<img src=x onerror=x>", "<svg onload=x>", "<", ">", "<a/href='&#106;avascript:x'>"),
        *("<xmp>", "</xmp>", "<iframe srcdoc=x>", "</iframe>", "&lt;script&gt;", "<math>", "</h2>"),
    ]
)
ALLOWED = {"p", "b", "ul", "li", "br", "h2", "a"}


@given(pieces=st.lists(NASTY, max_size=20))
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_else_leaves_in_any_html(clean: Clean, pieces: list[str]) -> None:
    html = clean("".join(pieces))["html"]
    for token in tokens_of(html):
        if isinstance(token, StartTag):
            assert token.name in ALLOWED
            assert token.attributes == ({"href": "https://x.example/"} if token.name == "a" else {})
    assert "<!" not in html
    assert clean(html)["html"] == html
