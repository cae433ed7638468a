"""An officer finds where a text stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from cms.pages.models import HomePage, StandardPage
from cms.snippets.models import NavigationItem
from cms.text_search.models import IndexedText
from tests.factories import ActFactory, OrganisationFactory, RoleFactory
from tests.text_search.conftest import drafted, page_in

pytestmark = pytest.mark.django_db

Find = Callable[..., str]


def test_a_result_names_title_type_language_status_and_place_and_leads_there(
    officer: Client, home: HomePage, find: Find
) -> None:
    page = page_in(home, "Caruman dibayar oleh majikan setiap bulan.", title="Caruman bulanan")
    text = find(officer, "oleh majikan")
    assert "Found in 1 page or entry" in text
    for words in ("Caruman bulanan", "Standard page", "Malay", "live"):
        assert words in text
    assert "Body › Text section “Sejarah” › Text" in text
    assert "Caruman dibayar <mark>oleh majikan</mark> setiap bulan." in text
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    key = "8e1a3f0c-0000-4000-8000-000000000001"
    assert f'href="{edit}#:w:contentpath=body.{key}.body"' in text


def test_a_draft_of_yesterday_is_found(officer: Client, home: HomePage, find: Find) -> None:
    page_in(home, "Belum diterbitkan lagi.", live=False, title="Draf saya")
    assert "Draf saya" in find(officer, "belum diterbitkan")


def test_a_result_says_in_which_version_the_text_stands(
    officer: Client, home: HomePage, find: Find
) -> None:
    page = drafted(page_in(home, "Versi lama sahaja."), "Versi baharu sahaja.")
    assert "Not in the draft any more" in find(officer, "versi lama")
    assert "In the draft only" in find(officer, "versi baharu")
    page.get_latest_revision().publish()
    assert "No page or entry that you may see has" in find(officer, "versi lama")
    found = find(officer, "versi baharu")
    assert "In the draft only" not in found
    assert "Not in the draft any more" not in found


@pytest.mark.parametrize(
    "typed",
    [
        "CARUMAN PEKERJA’S",
        "  caruman \n pekerja's ",
        "Carúman pekerja's",
        "caru\u00adman pekerja's",
    ],
)
def test_case_accents_quotes_and_spaces_do_not_matter(
    officer: Client, home: HomePage, find: Find, typed: str
) -> None:
    page_in(home, "Caruman  Pekerja's ialah wajib")
    assert "<mark>Caruman" in find(officer, typed)


def test_accents_that_the_text_has_are_found_without(
    officer: Client, home: HomePage, find: Find
) -> None:
    page_in(home, "Sebuah cafe\u0301 di Kuching dan résumé")
    assert "<mark>cafe\u0301</mark>" in find(officer, "café")
    assert "<mark>résumé</mark>" in find(officer, "resume")


@pytest.mark.parametrize("phrase", ["50% potongan", 'kod "A_1"', "C:\\fail"])
def test_signs_stand_for_themselves(
    officer: Client, home: HomePage, find: Find, phrase: str
) -> None:
    page_in(home, "Ada 50% potongan dengan kod &quot;A_1&quot; di C:\\fail", title="Dengan")
    page_in(home, "Ada 505 potongan dengan kod &quot;AB1&quot; di C:fail", title="Tanpa")
    text = find(officer, phrase)
    assert "Dengan" in text
    assert "Found in 1 page" in text


@pytest.mark.parametrize(
    "phrase",
    ["", " ", '"', "'", "%", "_", "\\", "a", "\x00", "x\x00y", "🙂", "x" * 201, "x" * 5_000, "́"],
)
def test_whatever_is_typed_is_answered(
    officer: Client, home: HomePage, find: Find, phrase: str
) -> None:
    page_in(home, "Teks")
    assert "Found in" not in find(officer, phrase)


def test_half_a_character_and_an_endless_text_are_answered(officer: Client, home: HomePage) -> None:
    address = reverse("text_search")
    assert officer.get(f"{address}?q=%ED%A0%BD").status_code == 200
    assert officer.get(address, {"q": "x" * 5_001}).status_code == 400
    for query in ("p=0", "p=x", "p=99999999999999999999", "type=x", "language=x"):
        assert officer.get(f"{address}?q=teks&{query}").status_code == 200


def test_a_text_is_told_why_it_is_not_searched(officer: Client, home: HomePage, find: Find) -> None:
    assert "Write at least two characters." in find(officer, "x")
    assert "at most 200 characters" in find(officer, "x" * 201)


def test_every_kind_of_text_is_found(
    officer: Client, home: HomePage, malay: Locale, find: Find
) -> None:
    page = page_in(home)
    page.seo_title, page.search_description, page.summary = "Enjin", "Perihal carian", "Ringkas"
    page.body = StandardPage.body.field.stream_block.to_python(blocks())
    page.save_revision().publish()
    organisation = OrganisationFactory(locale=malay, phones=["1-300-22-8000"])
    organisation.editor_note = "Semak dengan Unit Perundangan"
    organisation.navigation.add(
        NavigationItem(label="Laman luar", url="https://luar.example/", locale=malay)
    )
    organisation.save_revision().publish()
    for phrase, place in {
        "Enjin": "Title tag",
        "Perihal carian": "Meta description",
        "Ringkas": "Summary",
        "RM 120.50": "Body › Table › Cells",
        "Adakah wajib?": "Body › Frequently asked questions “Soalan” › Questions",
        "1-300-22-8000": "Telephone numbers › Telephone number",
        "Laman luar": "Navigation items › Label",
        "luar.example": "Navigation items › External address",
        "Unit Perundangan": "Note to editors",
    }.items():
        text = find(officer, phrase)
        assert "Found in 1 page" in text, phrase
        assert place in text, phrase


def blocks() -> list[Any]:
    rows = [[{"id": "a", "text": "Gred"}, {"id": "b", "text": "RM 120.50"}]]
    questions = [
        {"type": "item", "id": "c", "value": {"question": "Adakah wajib?", "answer": "<p>Ya</p>"}}
    ]
    return [
        {"type": "table", "id": "d", "value": {"caption": "Kadar", "rows": rows}},
        {"type": "faq", "id": "e", "value": {"heading": "Soalan", "questions": questions}},
    ]


def test_rows_of_a_form_lead_to_their_panel(
    officer: Client, home: HomePage, malay: Locale, find: Find
) -> None:
    organisation = OrganisationFactory(locale=malay)
    organisation.navigation.add(NavigationItem(label="Ke luar", url="https://x.example/"))
    organisation.save_revision()
    edit = reverse(organisation.snippet_viewset.get_url_name("edit"), args=[organisation.pk])
    assert f'href="{edit}#:w:contentpath=navigation"' in find(officer, "ke luar")
    assert 'data-contentpath="navigation"' in officer.get(edit).content.decode()


def test_a_text_that_a_page_shows_of_another_thing_is_found_where_it_is_edited(
    officer: Client, home: HomePage, malay: Locale, find: Find
) -> None:
    act = ActFactory(locale=malay, title="Akta Contoh 1999")
    RoleFactory(locale=malay, text="Peranan", acts=[act]).save_revision().publish()
    act.save_revision().publish()
    text = find(officer, "Akta Contoh")
    assert "Found in 1 page or entry" in text
    assert "Peranan" not in text


def test_what_is_deleted_or_unpublished_is_not_found_as_such(
    officer: Client, translator: Client, home: HomePage, find: Find
) -> None:
    page = page_in(home, "Akan hilang")
    assert "<mark>Akan hilang" in find(translator, "akan hilang")
    page.unpublish()
    assert "<mark>" not in find(translator, "akan hilang")
    assert "<mark>" in find(officer, "akan hilang")
    Page.objects.get(pk=page.pk).delete()
    assert "<mark>" not in find(officer, "akan hilang")
    assert not IndexedText.objects.filter(object_id=str(page.pk)).exists()


def test_a_mirrored_page_is_found_too(
    officer: Client, home: HomePage, english_home: HomePage, find: Find
) -> None:
    page = page_in(home, "Teks cermin", title="Asal")
    page.create_alias(parent=home, update_slug="cermin")
    assert "Found in 2 pages" in find(officer, "teks cermin")


def test_type_and_language_narrow_the_results(
    officer: Client, home: HomePage, english_home: HomePage, malay: Locale, find: Find
) -> None:
    page_in(home, "Kata sama", title="Halaman Melayu")
    page_in(english_home, "Kata sama", title="English page")
    ActFactory(locale=malay, title="Akta kata sama").save_revision()
    assert "Found in 3" in find(officer, "kata sama")
    text = find(officer, "kata sama", type="pages.standardpage", language="en")
    assert "Found in 1" in text
    assert "English page" in text
    assert "Akta" in find(officer, "kata sama", type="snippets.act")


def test_results_have_pages_and_cost_the_same_queries(
    officer: Client, home: HomePage, django_assert_num_queries: Any
) -> None:
    address = reverse("text_search")
    page_in(home, "Berulang")
    officer.get(address, {"q": "berulang"})
    with django_assert_num_queries(QUERIES):
        officer.get(address, {"q": "berulang"})
    for _number in range(24):
        page_in(home, "Berulang")
    with django_assert_num_queries(QUERIES):
        text = officer.get(address, {"q": "berulang"}).content.decode()
    assert "Found in 25" in text
    assert text.count('<li class="text-search__result">') == 20
    second = officer.get(address, {"q": "berulang", "p": "2"}).content.decode()
    assert second.count('<li class="text-search__result">') == 5


#: Of the session, the rights, the choices of the form, and five for the results.
QUERIES = 15


def test_the_command_makes_the_same_index_again(officer: Client, home: HomePage) -> None:
    drafted(page_in(home, "Satu"), "Dua")
    before = sorted(IndexedText.objects.values_list("object_id", "is_public", "title", "folded"))
    IndexedText.objects.all().delete()
    call_command("index_text", verbosity=0)
    columns = IndexedText.objects.values_list("object_id", "is_public", "title", "folded")
    assert sorted(columns) == before


def test_the_search_is_in_the_menu_and_beside_the_search_for_pages(
    officer: Client, home: HomePage
) -> None:
    address = reverse("text_search")
    assert f'"url": "{address}"' in officer.get(reverse("wagtailadmin_home")).content.decode()
    pages = officer.get(reverse("wagtailadmin_pages:search"), {"q": "caruman"})
    assert f'href="{address}?q=caruman"' in pages.content.decode()
