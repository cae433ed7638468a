from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from wagtail.documents.models import Document
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Site,
)
from wagtail.rich_text import EmbedHandler, LinkHandler, RichText, features

from tests.unit.conftest import MakePage, translate
from wagtail_delivery.content.dependency_keys import (
    address_key,
    children_key,
    key_of,
    order_key,
    table_key,
)
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.content.translation_status import TranslationStatus
from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.html.text import html_to_text
from wagtail_delivery.encoding.rich_text import RichTextEncoder

#: What project code may have read before.
READ_BEFORE = {table_key(Site), table_key(Locale)}
MakeCompilation = Callable[..., Compilation]
Encode = Callable[..., dict[str, str]]


class TitleHandler(LinkHandler):
    """Shows the title of a page, as a project's own handler may show a snippet's title."""

    identifier = "rujukan"
    shows_title = True

    @staticmethod
    def get_model() -> type[models.Model]:
        return Page


class CollectionTitleHandler(LinkHandler):
    """Shows the title of an instance without a locale and without drafts."""

    identifier = "koleksi"
    shows_title = True

    @staticmethod
    def get_model() -> type[models.Model]:
        return Collection


class PlainHandler(LinkHandler):
    """A handler with Wagtail's documented interface only."""

    identifier = "pautan"

    @staticmethod
    def get_model() -> type[models.Model]:
        return Collection

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, str]) -> str:
        return f'<a href="/koleksi/{cls.get_instance(attrs).pk}/">'


class BadgeHandler(EmbedHandler):
    identifier = "lencana"

    @staticmethod
    def expand_db_attributes(attrs: dict[str, str]) -> str:
        return f"<b>{attrs['nama']}</b>"


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    for handler in (TitleHandler, CollectionTitleHandler, PlainHandler):
        monkeypatch.setitem(features.get_link_types(), handler.identifier, handler)
    monkeypatch.setitem(features.get_embed_types(), BadgeHandler.identifier, BadgeHandler)


@pytest.fixture
def encode(make_compilation: MakeCompilation) -> Encode:
    def encoded(value: Any, locale: str = "ms", **more: Any) -> dict[str, str]:
        result = RichTextEncoder().encode(
            value, Location("/body", "body"), make_compilation(locale, **more)
        )
        TypeAdapter(RichTextEncoder().annotation).validate_python(result, strict=True)
        return result

    return encoded


def path_of(page: Page) -> str:
    address = SiteSnapshot().address_of(page)
    assert address is not None
    return address[1]


def html_of(link: str, **ids: Any) -> str:
    return f"<p>{link.format(**ids)}</p>"


# Text without references


@pytest.mark.parametrize("value", [None, "", RichText("")])
def test_an_empty_value_is_an_empty_text(encode: Encode, value: Any) -> None:
    assert encode(value) == {"html": "", "text": ""}


@pytest.mark.parametrize(
    "html",
    [
        "<p>Akta 4 &amp; 5 &lt;1969&gt;&nbsp;&eacute; é “petikan” &#39;x&#39;</p>",
        "<p>  dua  ruang\n\tdan baris </p>\n\n<hr/>",
        "<h2>Tajuk</h2><ul><li>Satu<br/></li></ul>",
        '<p><a href="https://perkeso.gov.my/?a=1&amp;b=2">luar</a> <a href="#sini">sauh</a></p>',
        '<p><a href="/dalam/">dalam</a> <a href="tel:1300228000">telefon</a></p>',
        "<p>tidak ditutup <b>tebal",
        "<P>Besar</P ><HR />",
    ],
)
def test_html_without_references_keeps_its_bytes(encode: Encode, html: str) -> None:
    assert encode(html)["html"] == html
    assert encode(RichText(html))["html"] == html


def test_the_editors_block_keys_are_left_out(encode: Encode) -> None:
    html = '<p data-block-key="x1y2z">A <b>b</b></p><li data-block-key="&quot;">"d"</li>'
    assert encode(html)["html"] == '<p>A <b>b</b></p><li>"d"</li>'


def test_empty_list_items_are_left_out_of_html_and_text(encode: Encode) -> None:
    html = "<ol><li><ol><li>perenggan</li></ol></li></ol><ul><li>a</li><li></li><li>b</li></ul>"
    assert encode(html) == {
        "html": "<ol><li>perenggan</li></ol><ul><li>a</li><li>b</li></ul>",
        "text": "perenggan\na\nb",
    }


def test_a_bare_less_than_sign_opens_no_tag_where_another_is_removed(encode: Encode) -> None:
    html = encode('<<a linktype="tiada">script>alert(1)<</a>/script>')["html"]
    assert html == "&lt;script>alert(1)&lt;/script>"


def test_untranslated_text_is_marked_once(make_compilation: MakeCompilation) -> None:
    compilation = make_compilation(
        "en", status=TranslationStatus("ms", "partial", frozenset({"body"}))
    )
    RichTextEncoder().encode("<p>a</p><p>b</p>", Location("/body", "body"), compilation)
    RichTextEncoder().encode("", Location("/intro", "body"), compilation)
    assert compilation.languages == {"/body": "ms"}


# Links to pages


def test_a_link_to_a_page_is_its_path_in_the_documents_locale(
    encode: Encode, make_page: MakePage, english: Locale
) -> None:
    malay = make_page("Profil")
    translation = translate(malay, english, "Profile")
    stored = f'<p>Lihat <a linktype="page" id="{malay.pk}">profil <b>kami</b></a>.</p>'
    key = malay.translation_key
    assert encode(stored) == {
        "html": f'<p>Lihat <a href="{path_of(malay)}" data-id="{key}">profil <b>kami</b></a>.</p>',
        "text": "Lihat profil kami.",
    }
    assert f'<a href="{path_of(translation)}" data-id="{key}">' in encode(stored, "en")["html"]
    # The other way round: the text points at the translation.
    back = html_of('<a linktype="page" id="{id}">x</a>', id=translation.pk)
    assert f'href="{path_of(malay)}" data-id="{key}">' in encode(back)["html"]


def test_a_page_without_a_translation_is_linked_in_its_own_language(
    encode: Encode, make_page: MakePage
) -> None:
    page = make_page("Profil")
    stored = html_of('<a linktype="page" id="{id}">x</a>', id=page.pk)
    link = f'<a href="{path_of(page)}" data-id="{page.translation_key}" hreflang="ms">x</a>'
    assert encode(stored, "en")["html"] == f"<p>{link}</p>"


def test_a_draft_translation_is_not_linked(
    encode: Encode, make_page: MakePage, english: Locale
) -> None:
    page = make_page("Profil")
    translate(page, english, "Rahsia", live=False)
    stored = html_of('<a linktype="page" id="{id}">x</a>', id=page.pk)
    assert 'hreflang="ms"' in encode(stored, "en")["html"]
    assert "rahsia" not in encode(stored, "en")["html"]


@pytest.mark.parametrize("reason", ["draft", "private", "private parent", "nowhere"])
def test_a_page_that_is_not_public_is_not_linked_but_a_dependency(
    make_compilation: MakeCompilation, make_page: MakePage, home: Page, reason: str
) -> None:
    parent = make_page("Atas")
    page = make_page("Rahsia", parent, live=reason != "draft")
    if reason == "nowhere":
        page.move(Page.get_first_root_node(), "last-child")
    if reason.startswith("private"):
        PageViewRestriction.objects.create(
            page=page if reason == "private" else parent, restriction_type="login"
        )
    compilation = make_compilation()
    encoded = RichTextEncoder().encode(
        html_of('Lihat <a linktype="page" id="{id}">perkataan <i>ini</i></a>.', id=page.pk),
        Location(),
        compilation,
    )
    assert encoded["html"] == "<p>Lihat perkataan <i>ini</i>.</p>"
    assert compilation.dependencies == {address_key(key_of(page))}


@pytest.mark.parametrize(
    "identifier",
    ["999999", "", "0", "-1", "abc", "1e3", "9" * 30, "1; DROP TABLE", "\u0664", "&#0;"],
)
@pytest.mark.parametrize("kind", ["page", "document", "koleksi", "rujukan", "pautan"])
def test_a_broken_reference_is_not_a_link(
    make_compilation: MakeCompilation, kind: str, identifier: str
) -> None:
    compilation = make_compilation()
    stored = f'<p>A <a linktype="{kind}" id="{identifier}">b</a> c</p>'
    encoded = RichTextEncoder().encode(stored, Location(), compilation)
    assert encoded == {"html": "<p>A b c</p>", "text": "A b c"}
    # A project's handler may read anything.
    read = {table_key(Collection), *READ_BEFORE} if kind == "pautan" else set()
    assert compilation.dependencies <= read
    assert Page.objects.count()  # the transaction still works


@pytest.mark.parametrize(
    "tag",
    [
        '<a linktype="page">',
        "<a linktype='page' id>",
        '<a linktype="tiada" id="1">',
        '<a linktype="TIADA" href="javascript:alert(1)">',
    ],
)
def test_a_link_of_unknown_type_is_not_a_link(encode: Encode, tag: str) -> None:
    assert encode(f"<p>A {tag}b</a> c</p>")["html"] == "<p>A b c</p>"


@pytest.mark.parametrize(
    "written",
    [
        '<a id="{id}" linktype="page">x</a>',
        "<A LINKTYPE='page' ID='{id}'>x</A>",
        "<a linktype=page id={id}>x</a>",
        '<a\n linktype="page"\n id="{id}" title="a > b &quot;c&quot;" >x</a >',
        '<a linktype="&#112;age" id="{id}">x</a>',
        '<a linktype="page" id="{id}" id="1">x</a>',
        '<a linktype="page" id="{id}" href="https://lain.my/">x</a>',
    ],
)
def test_a_link_is_recognised_in_every_spelling(
    encode: Encode, make_page: MakePage, written: str
) -> None:
    page = make_page("Profil")
    link = f'<a href="{path_of(page)}" data-id="{page.translation_key}">x</a>'
    assert encode(f"<p>{written.format(id=page.pk)}</p>")["html"] in {
        f"<p>{link}</p>",
        f"<p>{link[:-4]}</a ></p>",
        f"<p>{link[:-4]}</A></p>",
    }


def test_nested_and_adjacent_links_are_all_resolved(encode: Encode, make_page: MakePage) -> None:
    one, two = make_page("Satu"), make_page("Dua")
    first, second = (
        f'<a href="{path_of(page)}" data-id="{page.translation_key}">' for page in (one, two)
    )
    stored = (
        f'<ul><li><b><a linktype="page" id="{one.pk}">1</a></b>'
        f'<a linktype="page" id="{two.pk}">2</a></li>'
        f'<li><a linktype="page" id="{two.pk}">3</a></li></ul>'
    )
    assert encode(stored) == {
        "html": f"<ul><li><b>{first}1</a></b>{second}2</a></li><li>{second}3</a></li></ul>",
        "text": "12\n3",
    }


def test_a_link_that_is_never_closed_ends_with_its_block(
    encode: Encode, make_page: MakePage
) -> None:
    page = make_page("Profil")
    stored = (
        f'<p><a linktype="page" id="{page.pk}">x</p><p>y</a></p><a linktype="page" id="{page.pk}">z'
    )
    link = f'<a href="{path_of(page)}" data-id="{page.translation_key}">'
    assert encode(stored)["html"] == f"<p>{link}x</a></p><p>y</p>{link}z</a>"


def test_a_link_in_a_link_ends_the_outer_one(encode: Encode, make_page: MakePage) -> None:
    page = make_page("Profil")
    link = f'<a href="{path_of(page)}" data-id="{page.translation_key}">'
    stored = f'<a href="https://x.my/">a <i>b <a linktype="page" id="{page.pk}">c</a></i> d</a> e'
    assert encode(stored)["html"] == f'<a href="https://x.my/">a <i>b </a>{link}c</a></i> d e'


def test_a_page_link_has_its_type_if_that_is_known(
    make_compilation: MakeCompilation, make_page: MakePage
) -> None:
    page = make_page("Profil")
    encoded = RichTextEncoder(lambda model: model._meta.model_name).encode(
        f'<a linktype="page" id="{page.pk}">x</a>', Location(), make_compilation()
    )
    assert f'data-type="page" data-id="{page.translation_key}">' in encoded["html"]


@pytest.mark.parametrize(
    ("port", "host"), [(80, "lain.my"), (443, "lain.my"), (8080, "lain.my:8080")]
)
def test_a_link_to_another_site_begins_with_its_host(
    encode: Encode, make_page: MakePage, home: Page, port: int, host: str
) -> None:
    own_page = make_page("Sini")
    other_root = Page.get_first_root_node().add_child(
        instance=Page(title="Lain", slug="lain", locale=home.locale)
    )
    other_page = make_page("Sana", other_root)
    stored = '<a linktype="page" id="{}">x</a>'
    own, own_path = SiteSnapshot().address_of(own_page) or ("", "")
    assert f'href="{own_path}"' in encode(stored.format(own_page.pk))["html"]
    Site.objects.create(hostname="lain.my", port=port, root_page=other_root)
    assert f'href="{own_path}"' in encode(stored.format(own_page.pk), site=own)["html"]
    assert (
        f'href="//{host}{path_of(other_page)}"'
        in encode(stored.format(other_page.pk), site=own)["html"]
    )
    # A document of no site may be shown on any.
    assert f'href="//{host}{path_of(other_page)}"' in encode(stored.format(other_page.pk))["html"]
    assert f'{own_path}"' in encode(stored.format(own_page.pk))["html"]
    assert f'href="{own_path}"' not in encode(stored.format(own_page.pk))["html"]


# Links to documents


def make_document(**more: Any) -> Document:
    return Document.objects.create(
        title="Borang", file=ContentFile(b"isi", name="borang.pdf"), **more
    )


def test_a_link_to_a_document_is_its_url(make_compilation: MakeCompilation) -> None:
    document = make_document()
    compilation = make_compilation()
    encoded = RichTextEncoder().encode(
        f'<p><a linktype="document" id="{document.pk}">Borang</a></p>', Location(), compilation
    )
    assert encoded["html"].startswith('<p><a href="/')
    assert encoded["html"].endswith(
        f'.pdf" data-type="document" data-id="{document.pk}">Borang</a></p>'
    )
    assert compilation.dependencies == {key_of(document), table_key(CollectionViewRestriction)}


def test_a_private_document_is_not_linked_but_a_dependency(
    make_compilation: MakeCompilation, private_collection: Collection
) -> None:
    document = make_document(collection=private_collection)
    compilation = make_compilation()
    encoded = RichTextEncoder().encode(
        f'<p><a linktype="document" id="{document.pk}">Borang</a></p>', Location(), compilation
    )
    assert encoded["html"] == "<p>Borang</p>"
    assert key_of(document) in compilation.dependencies


# References that show a title


def test_a_reference_shows_the_current_title_in_place_of_the_stored_words(
    make_compilation: MakeCompilation, make_page: MakePage, english: Locale
) -> None:
    page = make_page("Akta Keselamatan Sosial Pekerja 1969")
    translate(page, english, "Workers' Act <1969> & more")
    stored = (
        f'<p>Di bawah <a linktype="rujukan" id="{page.pk}">LAMA <b>LAMA</b><br/>LAMA</a>, ya.</p>'
    )
    tag = f'<a data-type="rujukan" data-id="{page.translation_key}">'
    compilation = make_compilation("en")
    encoded = RichTextEncoder().encode(stored, Location(), compilation)
    assert encoded == {
        "html": f"<p>Di bawah {tag}Workers' Act &lt;1969&gt; &amp; more</a>, ya.</p>",
        "text": "Di bawah Workers' Act <1969> & more, ya.",
    }
    of_the_tree = {order_key(), children_key(key_of(page))}
    assert compilation.dependencies == {key_of(page), *of_the_tree, *READ_BEFORE}
    page.title = "Akta 4"
    page.save()
    encoded = RichTextEncoder().encode(stored, Location(), make_compilation("ms"))
    assert encoded["text"] == "Di bawah Akta 4, ya."


def test_a_title_without_a_translation_has_its_language(
    encode: Encode, make_page: MakePage
) -> None:
    page = make_page("Akta 4")
    tag = f'<a data-type="rujukan" data-id="{page.translation_key}" lang="ms">'
    stored = f'<a linktype="rujukan" id="{page.pk}">LAMA</a>'
    assert encode(stored, "en")["html"] == f"{tag}Akta 4</a>"


def untranslated_title(page: Page) -> Callable[..., TranslationStatus]:
    """A translation plugin's status in which the title of `page` is still in Malay."""

    def status(self: SiteSnapshot, instance: models.Model) -> TranslationStatus:
        missing = {"title"} if instance == page else set()
        return TranslationStatus("ms", "partial", frozenset(missing))

    return status


@pytest.mark.parametrize(
    ("locale", "around", "own", "lang", "has_untranslated_text"),
    [
        ("en", "en", "en", "", False),
        ("en", "en", "ms", "ms", True),
        # A front-end marks the whole text with its recorded language.
        ("en", "ms", "en", "en", True),
        ("en", "ms", "ms", "ms", True),
        # A title in another language replaces the missing one and counts as untranslated.
        ("fr", "fr", "en", "en", True),
        ("fr", "fr", "ms", "ms", True),
        ("ms", "ms", "ms", "", False),
    ],
)
def test_a_title_has_its_language_if_the_surrounding_text_has_another(
    make_compilation: MakeCompilation,
    make_page: MakePage,
    english: Locale,
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    around: str,
    own: str,
    lang: str,
    has_untranslated_text: bool,
) -> None:
    malay = make_page("Akta 4")
    page = translate(malay, english, "Act 4")
    counterpart = malay if locale == "ms" else page
    if own == "ms" and locale != "ms":
        monkeypatch.setattr(SiteSnapshot, "translation_status", untranslated_title(page))
    missing = frozenset({"body"} if around != locale else ())
    compilation = make_compilation(locale, status=TranslationStatus("ms", "partial", missing))
    encoded = RichTextEncoder().encode(
        f'<a linktype="rujukan" id="{page.pk}">LAMA</a>', Location("/body", "body"), compilation
    )
    lang_attribute = f' lang="{lang}"' if lang else ""
    tag = f'<a data-type="rujukan" data-id="{page.translation_key}"{lang_attribute}>'
    assert encoded["html"] == f"{tag}{counterpart.title}</a>"
    assert compilation.has_untranslated_text is has_untranslated_text


def test_the_title_of_an_instance_without_a_locale_has_no_language(
    encode: Encode, db: None
) -> None:
    root = Collection.get_first_root_node()
    stored = f'<a linktype="koleksi" id="{root.pk}">LAMA</a>'
    assert encode(stored)["html"] == f'<a data-type="koleksi" data-id="{root.pk}">Root</a>'


def test_an_address_in_a_title_is_hidden(encode: Encode, make_page: MakePage) -> None:
    page = make_page("Tulis ke info@perkeso.gov.my")
    encoded = encode(f'<p><a linktype="rujukan" id="{page.pk}">x</a></p>')
    assert "Tulis ke info (at) perkeso.gov.my</a></p>" in encoded["html"]
    assert encoded["text"] == "Tulis ke info (at) perkeso.gov.my"


@pytest.mark.parametrize(
    "sentence",
    [
        "<p>Di bawah {0}, {0} dan {0}.</p>",
        "<ul><li>{0}</li><li>a {0}</li></ul>",
        "<p>a<b>{0}</b>b</p>",
        "{0}",
    ],
)
@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ('<a linktype="rujukan" id="{id}">Akta Lama</a>', "Akta Lama"),
        ("<A ID={id} LINKTYPE=rujukan>Akta &amp; <b>Lama</b></A>", "Akta &amp; <b>Lama</b>"),
        ('<a linktype="rujukan" id="{id}">Akta<script>x()</script><!-- y --></a>', "Akta"),
        (
            '<a linktype="rujukan" id="{id}">Akta <a href="/x">Lama</a></a>',
            'Akta <a href="/x">Lama</a>',
        ),
    ],
)
def test_a_reference_to_a_draft_keeps_the_words_of_the_text_without_a_link(
    encode: Encode, make_page: MakePage, sentence: str, reference: str, words: str
) -> None:
    stored = reference.format(id=make_page("RAHSIA", live=False).pk)
    html = sentence.format(words)
    assert encode(sentence.format(stored)) == {"html": html, "text": html_to_text(html)}


def test_words_in_place_of_a_title_lead_back_to_it(
    make_compilation: MakeCompilation, make_page: MakePage
) -> None:
    page = make_page("RAHSIA", live=False)
    stored = f'<p>Di bawah <a linktype="rujukan" id="{page.pk}">Akta Lama</a>, ya.</p>'
    compilation = make_compilation()
    encoded = RichTextEncoder().encode(stored, Location(), compilation)
    assert encoded == {"html": "<p>Di bawah Akta Lama, ya.</p>", "text": "Di bawah Akta Lama, ya."}
    assert key_of(page) in compilation.dependencies
    page.live, page.title = True, "Akta Baharu"
    page.save()
    encoded = RichTextEncoder().encode(stored, Location(), make_compilation())
    assert encoded["text"] == "Di bawah Akta Baharu, ya."


@pytest.mark.parametrize("reason", ["draft", "private", "nowhere", "draft with a public past"])
def test_the_title_of_what_is_not_public_is_never_read(
    encode: Encode, make_page: MakePage, english: Locale, reason: str
) -> None:
    page = make_page("RAHSIA", live=reason in {"private", "nowhere"})
    translate(page, english, "RAHSIA juga", live=False)
    if reason == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    elif reason == "nowhere":
        page.move(Page.get_first_root_node(), "last-child")
    elif reason == "draft with a public past":
        page.title = "Awam dahulu"
        page.save_revision().publish()
        page.unpublish()
        page.title = "RAHSIA"
        page.save_revision()
        page.save()
    for locale in ("ms", "en"):
        encoded = encode(f'<p><a linktype="rujukan" id="{page.pk}">Akta</a></p>', locale)
        assert encoded == {"html": "<p>Akta</p>", "text": "Akta"}


@pytest.mark.parametrize(
    "stored",
    [
        '<p>Awam <a linktype="rujukan" id="{id}">LAMA</p><p>Awam</p>',
        '<p>Awam <a linktype="rujukan" id="{id}">LAMA<p>LAMA</p>LAMA</p><p>Awam</p>',
        '<ul><li>Awam <a linktype="rujukan" id="{id}"><b>LAMA</li></ul>Awam</a>Awam',
        'Awam <a linktype="rujukan" id="{id}">LAMA <b>LAMA',
        'Awam <a linktype="rujukan" id="{id}" LAMA',
        'Awam <a linktype="rujukan" id="{id}">LAMA</a LAMA',
        'Awam <a linktype="rujukan" id="{id}">LAMA</b></p>LAMA</a> Awam',
        'Awam <a linktype="rujukan" id="{id}"><a linktype="rujukan" id="{id}">LAMA</a>LAMA</a>',
        'Awam <a linktype="rujukan" id="{id}"><embed embedtype="lencana" nama="LAMA"/>LAMA</a>',
        '<section>Awam <a linktype="rujukan" id="{id}"><p>LAMA</p><section>LAMA</a>Awam',
    ],
)
def test_the_words_of_malformed_references_are_replaced_by_the_title(
    encode: Encode, make_page: MakePage, stored: str
) -> None:
    page = make_page("Akta Baharu")
    encoded = encode(stored.format(id=page.pk))
    assert "LAMA" not in encoded["html"] + encoded["text"]
    assert "Awam" in encoded["text"]


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<a>", "</a>", "<a href='/x'>", "<ul><li>", "</li></ul>"),
        *("<br/>", " ", "awam", "&amp;", "REF", "OPEN", "<embed embedtype='lencana' nama='x'/>"),
        *("<section>", "</section>", "<script>", "</script>"),
    ]
)


@given(pieces=st.lists(PIECES, max_size=15))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_words_and_titles_take_turns_within_any_html(
    encode: Encode, make_page: MakePage, pieces: list[str]
) -> None:
    page = Page.objects.filter(slug="rahsia").first() or make_page("RAHSIA", live=False)
    opened = f'<a linktype="rujukan" id="{page.pk}">LAMA'
    stored = "".join({"REF": f"{opened}</a>", "OPEN": opened}.get(piece, piece) for piece in pieces)
    Page.objects.filter(pk=page.pk).update(live=False)
    encoded = encode(stored)
    assert "RAHSIA" not in encoded["html"] + encoded["text"]
    Page.objects.filter(pk=page.pk).update(live=True)
    encoded = encode(stored)
    assert "LAMA" not in encoded["html"] + encoded["text"]
    assert encode(stored) == encoded


# Handlers of a project's own


def test_a_projects_own_handler_makes_its_own_link(make_compilation: MakeCompilation) -> None:
    root = Collection.get_first_root_node()
    compilation = make_compilation()
    encoded = RichTextEncoder().encode(
        f'<p><a linktype="pautan" id="{root.pk}">x</a></p>', Location(), compilation
    )
    assert encoded["html"] == f'<p><a href="/koleksi/{root.pk}/">x</a></p>'
    read = {table_key(Collection), *READ_BEFORE}
    assert compilation.dependencies == {key_of(root)} | read


def test_a_projects_own_link_to_a_draft_is_not_a_link(
    encode: Encode, make_page: MakePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make_page("Rahsia", live=False)
    monkeypatch.setattr(PlainHandler, "get_model", staticmethod(lambda: Page))
    assert encode(f'<a linktype="pautan" id="{page.pk}">x</a>')["html"] == "x"


def test_links_without_a_type_go_through_their_handlers(
    encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = features.function_as_entity_handler(
        "external", lambda attrs: f'<a href="{attrs["href"]}" rel="nofollow">'
    )
    monkeypatch.setitem(features.get_link_types(), "external", handler)
    html = '<a href="https://x.my/">x</a> <a href="#y">y</a>'
    assert encode(html)["html"] == '<a href="https://x.my/" rel="nofollow">x</a> <a href="#y">y</a>'


def test_other_embeds_go_through_their_handlers(encode: Encode) -> None:
    assert encode('<embed embedtype="lencana" nama="A"/>')["html"] == "<b>A</b>"
    assert encode('<embed embedtype="lencana"/>')["html"] == ""
    assert encode('<p>a</p><embed embedtype="tiada"/><embed src="x"></embed>')["html"] == "<p>a</p>"


# E-mail


def test_mail_links_and_addresses_are_split(encode: Encode) -> None:
    encoded = encode(
        '<p data-block-key="a">E-mel <a href="mailto:info@perkeso.gov.my">info@perkeso.gov.my</a> '
        "atau aduan@perkeso.gov.my</p>"
    )
    info, aduan = (
        f'<a data-email-user="{user}" data-email-domain="perkeso.gov.my">'
        f"{user} (at) perkeso.gov.my</a>"
        for user in ("info", "aduan")
    )
    assert encoded["html"] == f"<p>E-mel {info} atau {aduan}</p>"
    assert encoded["text"] == "E-mel info (at) perkeso.gov.my atau aduan (at) perkeso.gov.my"


def test_an_address_across_markup_is_in_neither_form(encode: Encode) -> None:
    encoded = encode("<p>info@<b>perkeso</b>.gov.my</p>")
    assert "@" not in encoded["html"] + encoded["text"]


# Media


def test_media_comes_only_from_the_database(
    make_compilation: MakeCompilation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("The provider was requested.")

    monkeypatch.setattr("wagtail.embeds.embeds.get_finder_for_embed", no_network)
    url = 'https://video.my/?a=1&b="2"'
    stored = '<embed embedtype="media" url="https://video.my/?a=1&amp;b=&quot;2&quot;"/>'
    compilation = make_compilation()
    href = "https://video.my/?a=1&amp;b=&quot;2&quot;"
    assert RichTextEncoder().encode(stored, Location(), compilation) == {
        "html": f'<p><a href="{href}">https://video.my/?a=1&amp;b="2"</a></p>',
        "text": url,
    }
    assert compilation.dependencies == {table_key(Embed)}
    embed = Embed.objects.create(
        url=url,
        hash=get_embed_hash(url),
        type="video",
        html="<iframe src='https://video.my/e'></iframe>",
    )
    compilation = make_compilation()
    encoded = RichTextEncoder().encode(stored, Location(), compilation)
    assert encoded["html"] == "<div><iframe src='https://video.my/e'></iframe></div>"
    assert compilation.dependencies == {key_of(embed)}


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "java&#9;script:alert(1)"])
def test_a_media_url_that_must_not_be_linked_is_not(encode: Encode, url: str) -> None:
    assert encode(f'<p>a</p><embed embedtype="media" url="{url}"/>')["html"] == "<p>a</p>"


# Size


def test_ten_megabytes_take_a_minute_at_most(encode: Encode, make_page: MakePage) -> None:
    page = make_page("Akta 4")
    reference = f'<a linktype="rujukan" id="{page.pk}">LAMA</a>'
    paragraph = "<p>" + "Keselamatan sosial &amp; pekerjaan. " * 2_800 + "</p>"
    started = time.process_time()
    encoded = encode(paragraph * 100 + f"<p>{reference} a@b.my</p>")
    assert time.process_time() - started < 60
    assert encoded["text"].endswith("\nAkta 4 a (at) b.my")
    assert len(encoded["html"]) > 10_000_000


def test_tens_of_thousands_of_open_tags_take_seconds(encode: Encode) -> None:
    started = time.process_time()
    encode("<b>" * 30_000 + "x" + "</i>" * 30_000 + "</b>" * 30_000)
    assert time.process_time() - started < 30


def test_no_state_is_kept_from_one_document_to_the_next(
    encode: Encode, make_page: MakePage
) -> None:
    page = make_page("Profil")
    stored = f'<a linktype="page" id="{page.pk}">x</a>'
    assert "href" in encode(stored)["html"]
    page.live = False
    page.save()
    assert encode(stored)["html"] == "x"
