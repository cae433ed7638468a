"""Lists, choosers and other admin views of snippets."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.snippets.models import get_snippet_models

from cms.snippets.models import Act, Regulation
from tests.factories import ActFactory, RegulationFactory, factory_for

SNIPPETS = [model for model in get_snippet_models() if model.__module__.startswith("cms.")]


def address(model, view: str, *args: object) -> str:
    return reverse(model.snippet_viewset.get_url_name(view), args=args)


@pytest.fixture(params=SNIPPETS, ids=lambda model: model.__name__)
def model(request):
    return request.param


@pytest.fixture
def snippet(model, admin):
    snippet = factory_for(model)()
    snippet.save_revision().publish()
    return snippet


@pytest.mark.parametrize(
    "view", ["edit", "history", "usage", "delete", "unpublish", "workflow_history"]
)
def test_every_view_of_a_snippet_opens(admin: Client, snippet, view: str) -> None:
    assert admin.get(address(type(snippet), view, snippet.pk)).status_code == 200


@pytest.mark.parametrize("view", ["list", "add"])
def test_every_view_of_a_type_opens(admin: Client, model, view: str) -> None:
    assert admin.get(address(model, view)).status_code == 200


def test_a_list_can_be_searched_filtered_and_sorted_at_once(admin: Client, snippet) -> None:
    """Wagtail responds with 500 to a search in a list sorted by a field that is not indexed."""
    model = type(snippet)
    words = str(snippet).split()[0]
    keys = [c.sort_key for c in model.snippet_viewset.list_display[1:] if c.sort_key]
    assert "locale_id" in keys
    for key in [*keys, *(f"-{key}" for key in keys)]:
        query = {"q": words, "ordering": key, "locale": "ms", "live": "true"}
        response = admin.get(address(model, "list"), query)
        assert response.status_code == 200, key
        assert list(response.context["object_list"]) == [snippet], key


def test_each_filter_of_a_list_works_with_a_search(admin: Client, snippet) -> None:
    model = type(snippet)
    words = str(snippet).split()[0]
    for name in model.snippet_viewset.list_filter:
        value = getattr(snippet, name)
        value = getattr(value, "pk", value)
        response = admin.get(address(model, "list"), {"q": words, name: value})
        assert response.status_code == 200, name
        assert list(response.context["object_list"]) == [snippet], name


def test_a_chooser_finds_a_snippet_in_its_language(admin: Client, snippet) -> None:
    chooser = type(snippet).snippet_viewset.chooser_viewset
    url = reverse(chooser.get_url_name("choose_results"))
    words = str(snippet).split()[0]
    found = admin.get(url, {"q": words, "locale": "ms"})
    assert str(snippet).split("'")[0] in found.content.decode()
    elsewhere = admin.get(url, {"q": words, "locale": "en"})
    assert str(snippet) not in elsewhere.content.decode()


def test_the_list_shows_unknown_dates_as_unknown(admin: Client) -> None:
    ActFactory(in_force_date=None)
    html = admin.get(address(Act, "list")).content.decode()
    assert "Tidak diketahui" in html
    assert not re.search(r">\s*None\s*<", html)


def test_the_list_shows_known_dates_in_malay(admin: Client) -> None:
    ActFactory(in_force_date="2017-06-01")
    html = admin.get(address(Act, "list")).content.decode()
    assert "Jun 2017" in html


def test_the_list_shows_unknown_gazette_numbers_as_unknown(admin: Client) -> None:
    RegulationFactory(gazette_number="")
    assert "Tidak diketahui" in admin.get(address(Regulation, "list")).content.decode()


def test_a_list_queries_the_acts_and_languages_of_its_rows_once(
    admin: Client, django_assert_max_num_queries
) -> None:
    RegulationFactory.create_batch(5)
    with django_assert_max_num_queries(200) as asked:
        admin.get(address(Regulation, "list"))
    queries = [query["sql"] for query in asked.captured_queries]
    of_acts = [sql for sql in queries if sql.startswith('SELECT "snippets_act"')]
    assert len(of_acts) <= 1, "one query for the Acts in the filter, none per row"
    assert not [sql for sql in queries if 'WHERE "wagtailcore_locale"."id" =' in sql]


def test_all_snippets_are_in_one_menu(admin: Client) -> None:
    html = admin.get(reverse("wagtailadmin_home")).content.decode()
    for model in SNIPPETS:
        assert address(model, "list") in html
    assert f'{reverse("wagtailsnippets:index")}"' not in html
