"""The strings of many translations in one list."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Locale

from tests.newsroom.content import (
    HEADING,
    body,
    published_article,
    republish,
    stop,
    string_at,
    strings,
    submit,
    target_of,
    translate,
)
from tests.newsroom.people import browser_of, translator_of
from tests.screen_desk import Screen, speak_english

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(english_home):
    user = translator_of(english_home)
    speak_english(user)
    return browser_of(user)


def listed(client, query: str = "") -> BeautifulSoup:
    response = client.get(reverse("wagtail_localize_desk:strings") + query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def keys(html: BeautifulSoup) -> set[int]:
    rows = html.select("[data-controller=desk-string]")
    return {int(row["data-desk-string-id-value"]) for row in rows}


def test_all_that_is_still_to_do(client, article, home, en):
    other = published_article(home, title="Lain", slug="lain")
    submit(other, en)
    translate(article, en, HEADING)
    wanted = {string_at(article, en, HEADING).pk, *strings(other, en).values_list("pk", flat=True)}
    assert keys(listed(client, "?locale=en")) == wanted
    assert keys(listed(client)) == wanted


def test_all_that_is_stale(client, article, home, en):
    translate(article, en)
    republish(article, body=body(heading="Lain"))
    html = listed(client, "?state=stale&locale=en")
    assert keys(html) == {string_at(article, en, HEADING).pk}
    link = html.select_one(".desk-section__title a")
    assert link["href"] == reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])


def test_a_search_in_both_languages(client, article, en):
    translate(article, en, **{HEADING: "Headline"})
    for words in ("tajuk", "headline"):
        assert keys(listed(client, f"?state=&q={words}")) == {string_at(article, en, HEADING).pk}


def test_a_string_is_saved_in_the_list(client, article, en):
    row = string_at(article, en, HEADING)
    screen = Screen(client, target_of(article, en)).of(str(listed(client)))
    assert screen.save(row, "Heading").status_code == 200
    assert row.pk not in keys(listed(client))


def test_only_what_one_may_change_and_what_is_in_use(client, article, home, en):
    stranger = browser_of(translator_of(home))
    assert keys(listed(stranger)) == set()
    Locale.objects.create(language_code="ta")
    submit(article, Locale.objects.get(language_code="ta"))
    own = set(strings(article, en).values_list("pk", flat=True))
    assert keys(listed(client)) == own
    stop(article, en)
    assert keys(listed(client)) == set()


def test_long_lists_have_pages(client, home, english_home, en, django_assert_max_num_queries):
    text = "".join(f"<p>Perenggan {number}</p>" for number in range(110))
    submit(published_article(home, body=body(text=text)), en)
    first, second = listed(client), listed(client, "?p=2")
    assert len(keys(first)) == len(keys(second)) == 50
    assert not keys(first) & keys(second)
    assert second.select_one(".desk-string__name").get_text().startswith("51. ")
    with django_assert_max_num_queries(40):
        listed(client, "?p=2")
