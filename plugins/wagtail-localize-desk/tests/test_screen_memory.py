"""The memory on the translator's screen: what is offered, to whom, and what is saved."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from tests.newsroom.content import (
    HEADING,
    body,
    published_article,
    published_topic,
    republish,
    string_at,
    strings,
    submit,
    target_of,
    translate,
)
from tests.newsroom.people import browser_of, member, translator_of
from tests.screen_desk import Screen, speak_english
from wagtail_localize_desk.access import RefusedError
from wagtail_localize_desk.models import Method, State, TranslatedString
from wagtail_localize_desk.screen.remembering import LONGEST, pairs_with

pytestmark = pytest.mark.django_db

SENTENCE = "Majikan perlu mendaftar dalam tempoh 30 hari"
MEMORY = reverse("wagtail_localize_desk:memory")
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def client(user):
    return browser_of(user)


@pytest.fixture
def remembered(home, english_home, en):
    """A translated article with the sentence."""
    page = published_article(home, title="Lama", slug="lama", body=body(heading=SENTENCE))
    submit(page, en)
    translate(page, en, **{HEADING: "Employers register within 30 days"})
    return page


@pytest.fixture
def new(home, english_home, en, remembered):
    """Another article with almost that sentence."""
    page = published_article(home, body=body(heading=f"{SENTENCE} bekerja"))
    submit(page, en)
    return page


def offers(client, string, **headers) -> BeautifulSoup:
    url = reverse("wagtail_localize_desk:similar_strings", args=[string.pk])
    response = client.get(url, headers=headers or SCRIPT)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def search(client, phrase: str, **more: str) -> BeautifulSoup:
    data = {"source": "ms", "target": "en", "q": phrase, **more}
    response = client.get(MEMORY, data, headers=SCRIPT)
    assert response.status_code == 200, response.content
    return BeautifulSoup(response.content, "html.parser")


# Similar translations


def test_a_similar_translation_is_offered_with_what_differs_and_where_it_is(
    client, new, remembered, en
):
    row = string_at(new, en, HEADING)
    (offer,) = offers(client, row).select(".desk-offer")
    text = " ".join(offer.get_text(" ").split())
    assert "91 % similar" in text
    assert "Translated" in text
    assert [tag.get_text() for tag in offer.select("ins")] == ["added:  bekerja"]
    assert not offer.select("del")
    origin = offer.a
    assert origin["href"] == reverse("wagtailadmin_pages:edit", args=[target_of(remembered, en).pk])
    assert origin.get_text() == "Lama"
    use = offer.button
    assert use["data-text"] == "Employers register within 30 days"
    names = use["aria-labelledby"].split()
    assert names[-1] == f"string-{row.pk}-name"
    assert set(names[:-1]) <= {tag["id"] for tag in offer.select("[id]")}
    row.refresh_from_db()
    assert row.words == ""


def test_the_page_without_scripts_has_the_same(client, new, en):
    html = offers(client, string_at(new, en, HEADING), Accept="text/html")
    assert html.h1.get_text(strip=True).startswith("Similar translations")
    assert "Employers register within 30 days" in html.get_text()


def test_the_translation_of_the_string_itself_is_no_offer(client, remembered, en):
    html = offers(client, string_at(remembered, en, HEADING))
    assert "Nothing similar" in html.get_text()


def test_the_pieces_of_an_offer_become_those_of_the_source(client, home, english_home, en):
    old = published_article(
        home,
        title="Lama",
        slug="lama",
        intro='<p>Baca <a href="/x/">panduan</a> dan <b>borang</b> ini dahulu</p>',
    )
    submit(old, en)
    translate(old, en, intro='Read this <b>form</b> and <a id="a1">guide</a> first')
    new = published_article(
        home,
        intro='<p>Baca <b>borang</b> dan <a href="/y/">panduan</a> ini dahulu</p>',
    )
    submit(new, en)
    row = string_at(new, en, "intro")
    (offer,) = offers(client, row).select(".desk-offer")
    text = offer.button["data-text"]
    assert text == "Read this {1}form{/1} and {2}guide{/2} first"
    response = Screen(client, target_of(new, en)).save(row, text, offer=offer.button["data-offer"])
    assert response.status_code == 200
    row.refresh_from_db()
    assert (row.words, row.method) == (
        'Read this <b>form</b> and <a id="a1">guide</a> first',
        Method.MEMORY,
    )


@pytest.mark.parametrize(
    ("intro", "reason"),
    [
        ("<p>Baca panduan ini dahulu</p>", "pieces that this source does not have"),
        (
            '<p>Baca <a href="/x/">panduan</a> ini <b>dahulu</b></p>',
            "This source has pieces that it does not have",
        ),
    ],
)
def test_an_offer_whose_pieces_do_not_fit_says_so_and_has_no_button(
    client, home, english_home, en, intro, reason
):
    old = published_article(
        home, title="Lama", slug="lama", intro='<p>Baca <a href="/x/">panduan</a> ini dahulu</p>'
    )
    submit(old, en)
    translate(old, en, intro='Read this <a id="a1">guide</a> first')
    new = published_article(home, intro=intro)
    submit(new, en)
    (offer,) = offers(client, string_at(new, en, "intro")).select(".desk-offer")
    assert reason in offer.get_text()
    assert "Read this guide first" in offer.get_text()
    assert offer.button is None


def test_what_is_saved_as_offered_is_from_the_memory_and_what_is_changed_by_hand(
    client, user, new, remembered, en
):
    row = string_at(new, en, HEADING)
    offer = str(string_at(remembered, en, HEADING).pk)
    screen = Screen(client, target_of(new, en))
    screen.save(row, "Employers register within 30 days", offer=offer)
    row.refresh_from_db()
    assert (row.state, row.method, row.author) == (State.TRANSLATED, Method.MEMORY, user)
    screen = Screen(client, target_of(new, en))
    screen.save(row, "Employers register within 30 working days", offer=offer)
    row.refresh_from_db()
    assert row.method == Method.HAND
    methods = [change.method for change in row.changes.all()]
    assert methods == [Method.MEMORY, Method.HAND]
    history = client.get(reverse("wagtail_localize_desk:string_history", args=[row.pk]))
    assert "Translation memory" in history.content.decode()


def test_an_offer_that_the_memory_does_not_have_is_by_hand(client, new, en):
    row = string_at(new, en, HEADING)
    screen = Screen(client, target_of(new, en))
    screen.save(row, "Employers register within 30 days", offer="999999999999999999")
    row.refresh_from_db()
    assert row.method == Method.HAND


@pytest.mark.parametrize("offer", ["x", "-1", "1.5", "9" * 40, "\x00"])
def test_an_offer_that_is_no_key_is_refused_and_nothing_is_saved(client, new, en, offer):
    row = string_at(new, en, HEADING)
    response = Screen(client, target_of(new, en)).save(row, "Employers", offer=offer)
    assert response.status_code == 400
    assert "no such string" in response.json()["detail"]
    row.refresh_from_db()
    assert row.words == ""


# Who sees what


def test_texts_of_others_are_neither_offered_nor_found_nor_told(client, user, en, ms, new):
    # A translator of pages, who may not change this kind of entry.
    user.groups.first().permissions.filter(codename="change_topic").delete()
    topic = published_topic(ms, name=f"{SENTENCE} bekerja", label="Rahsia kami")
    submit(topic, en)
    translate(topic, en)
    row = string_at(new, en, HEADING)
    assert len(offers(client, row).select(".desk-offer")) == 1
    assert not search(client, "rahsia").select(".desk-pair")
    admin = browser_of(User.objects.create_superuser("admin"))
    assert len(offers(admin, row).select(".desk-offer")) == 2
    assert len(search(admin, "rahsia").select(".desk-pair")) == 1
    # Nor does the history tell that a text is as it stands there.
    secret = strings(topic, en).get(path="name")
    Screen(client, target_of(new, en)).save(row, secret.words, offer=str(secret.pk))
    row.refresh_from_db()
    assert row.method == Method.HAND


def test_strings_of_deleted_content_are_offered_to_who_wrote_them_only(
    client, user, english_home, new, remembered, en
):
    row = string_at(new, en, HEADING)
    strings(remembered, en).filter(path=HEADING).update(author=user)
    target_of(remembered, en).delete()
    (offer,) = offers(client, row).select(".desk-offer")
    assert "(deleted, or not yours to see)" in offer.get_text()
    other = translator_of(english_home)
    speak_english(other)
    assert not offers(browser_of(other), row).select(".desk-offer")


def test_who_may_not_work_on_the_string_gets_no_offers(home, new, en):
    stranger = browser_of(member(pages=home, actions=["change"]))
    url = reverse("wagtail_localize_desk:similar_strings", args=[string_at(new, en, HEADING).pk])
    assert stranger.get(url).status_code == 403
    assert stranger.post(url).status_code == 405
    assert not search(stranger, "Employers").select(".desk-pair")


def test_a_string_that_does_not_exist_has_no_offers(client, new, en):
    assert (
        client.get(reverse("wagtail_localize_desk:similar_strings", args=[10**9])).status_code
        == 404
    )
    gone = string_at(new, en, HEADING)
    republish(new, body=body(heading="Sesuatu yang lain sama sekali"))
    TranslatedString.objects.filter(pk=gone.pk).update(number=None)
    url = reverse("wagtail_localize_desk:similar_strings", args=[gone.pk])
    assert client.get(url).status_code == 404


def test_a_locked_text_shows_offers_without_buttons(client, new, en):
    Page.objects.filter(pk=target_of(new, en).pk).update(locked=True)
    (offer,) = offers(client, string_at(new, en, HEADING)).select(".desk-offer")
    assert offer.button is None


# Concordance


@pytest.mark.parametrize("phrase", ["mendaftar DALAM", "within 30", "  30   days "])
def test_a_search_marks_what_it_finds_in_source_or_translation(client, remembered, phrase):
    html = search(client, phrase)
    (pair,) = html.select(".desk-pair")
    marked = [tag.get_text() for tag in pair.select("mark")]
    assert [text.casefold() for text in marked] == [" ".join(phrase.split()).casefold()]
    assert pair.a.get_text() == "Lama"
    source, text = pair.select(".desk-string__text")
    assert (source["lang"], text["lang"]) == ("ms", "en")
    assert (source.get_text().strip(), text.get_text().strip()) == (
        SENTENCE,
        "Employers register within 30 days",
    )


def test_what_is_searched_for_is_text_and_never_markup(client, remembered, en):
    strings(remembered, en).filter(path=HEADING).update(words="Acts &lt;b&gt; (sec. 5)")
    html = search(client, "<b> (SEC. 5)")
    assert [tag.get_text() for tag in html.select("mark")] == ["<b> (sec. 5)"]
    assert not html.select(".desk-pair b")


@pytest.mark.parametrize("phrase", ["", "   ", "x" * (LONGEST + 1), "a\x00b"])
def test_a_search_for_nothing_or_no_text_is_refused_with_the_reason(client, remembered, phrase):
    data = {"source": "ms", "target": "en", "q": phrase}
    response = client.get(MEMORY, data, headers=SCRIPT)
    assert response.status_code == 400
    assert response.json()["detail"]
    page = client.get(MEMORY, data)
    html = BeautifulSoup(page.content, "html.parser")
    assert page.status_code == 400
    assert html.find(id="desk-memory-error").get_text() == response.json()["detail"]
    assert html.find(id="desk-memory-q")["aria-describedby"] == "desk-memory-error"


def test_half_a_character_is_refused_before_a_database_sees_it(user):
    with pytest.raises(RefusedError) as error:
        pairs_with("a\ud800b", ("ms", "en"), user)
    assert error.value.refusal.status == 400


@pytest.mark.parametrize("name", ["source", "target"])
@pytest.mark.parametrize("code", ["xx", "", "\x00", "en-US' OR 1=1"])
def test_a_search_in_a_language_that_the_site_does_not_have_is_refused(
    client, remembered, name, code
):
    data = {"source": "ms", "target": "en", "q": "hari", name: code}
    assert client.get(MEMORY, data).status_code == 400


def test_the_search_opens_empty_and_asks_for_the_admin(client, remembered):
    html = BeautifulSoup(client.get(MEMORY).content, "html.parser")
    assert html.find(id="desk-memory-q")["value"] == ""
    assert not html.select(".desk-pair, .error-message")
    assert client.post(MEMORY).status_code == 405
    client.logout()
    assert client.get(MEMORY).status_code == 302


# Queries


@pytest.mark.parametrize("count", [1, 5])
def test_offers_and_searches_take_the_same_few_queries(client, home, english_home, en, count):
    for number in range(count):
        page = published_article(
            home, title=f"Lama {number}", slug=f"l-{number}", body=body(heading=SENTENCE)
        )
        submit(page, en)
        translate(page, en, **{HEADING: f"Employers register {number}"})
    new = published_article(home, body=body(heading=f"{SENTENCE} bekerja"))
    submit(new, en)
    row = string_at(new, en, HEADING)
    offers(client, row)
    with CaptureQueriesContext(connection) as queries:
        assert len(offers(client, row).select(".desk-offer")) == count
    assert len(queries) <= 16
    assert len(queries) == QUERIES.setdefault("offers", len(queries))
    with CaptureQueriesContext(connection) as queries:
        assert len(search(client, "mendaftar").select(".desk-pair")) == count
    assert len(queries) <= 10
    assert len(queries) == QUERIES.setdefault("search", len(queries))


#: What the first of several tests found, which the others find again.
QUERIES: dict[str, int] = {}
