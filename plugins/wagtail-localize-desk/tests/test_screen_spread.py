"""The same words in other places: what is told, what is filled in, and what is left alone."""

from __future__ import annotations

from threading import Thread
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation

from tests.newsroom.content import (
    BODY,
    HEADING,
    POINT_TEXT,
    body,
    publish_translation,
    published_article,
    published_topic,
    stop,
    string_at,
    strings,
    submit,
    target_of,
)
from tests.newsroom.people import browser_of, member, publisher_of, translator_of
from tests.screen_desk import Screen, speak_english
from wagtail_localize_desk.models import Method, Reason, State, TranslatedString
from wagtail_localize_desk.review import approve
from wagtail_localize_desk.screen import spreading

pytestmark = pytest.mark.django_db

WORDS = "Hubungi kami"
OTHERS = 3


@pytest.fixture
def client(user):
    return browser_of(user)


def with_words(home, en, *, number: int = 0, **fields):
    fields = {"body": body(heading=WORDS, text=f"<p>Teks {number}</p>", point="Isi"), **fields}
    page = published_article(home, title=f"Halaman {number}", slug=f"halaman-{number}", **fields)
    submit(page, en)
    return page


@pytest.fixture
def pages(home, english_home, en):
    """Articles with the same heading."""
    return [with_words(home, en, number=number) for number in range(OTHERS + 1)]


@pytest.fixture
def first(pages, en):
    return string_at(pages[0], en, HEADING)


@pytest.fixture
def screen(client, pages, en):
    return Screen(client, target_of(pages[0], en))


def spread_url(string) -> str:
    return reverse("wagtail_localize_desk:spread_string", args=[string.pk])


def saved(client, page, en, string, text="Contact us"):
    """The screen after the string was saved."""
    screen = Screen(client, target_of(page, en))
    answer = screen.save(string, text)
    assert answer.status_code == 200
    return screen.of(answer.json()["html"])


def states(pages, en):
    return [string_at(page, en, HEADING).state for page in pages[1:]]


# What is told


def test_saving_tells_where_the_same_words_stand_untranslated(client, pages, en, first):
    row = saved(client, pages[0], en, first).row(first)
    told = row.select_one(".desk-elsewhere")
    assert "stand untranslated in 3 other places" in told.get_text()
    button = told.button
    assert button["aria-labelledby"].split() == [button["id"], f"string-{first.pk}-name"]
    listed = BeautifulSoup(client.get(spread_url(first)).content, "html.parser")
    names = [item.get_text() for item in listed.select(".desk-screen li")]
    assert [name.split(",")[0] for name in names] == ["Halaman 1", "Halaman 2", "Halaman 3"]
    # Telling changes nothing.
    assert states(pages, en) == [State.UNTRANSLATED] * OTHERS


def test_approving_tells_it_as_well(client, english_home, pages, en, first):
    saved(client, pages[0], en, first)
    reviewer = publisher_of(english_home)
    speak_english(reviewer)
    screen = Screen(browser_of(reviewer), target_of(pages[0], en))
    answer = screen.post("approve_string", first)
    assert answer.json()["outcome"] == "approved"
    assert "3 other places" in answer.json()["html"]


@pytest.mark.parametrize("text", ["   ", ""])
def test_what_is_not_saved_tells_nothing(screen, first, text):
    answer = screen.save(first, text)
    assert answer.status_code == 422
    assert "desk-elsewhere" not in answer.json()["html"]


def test_a_string_that_stands_once_tells_nothing(client, pages, en):
    once = string_at(pages[0], en, BODY)
    assert "desk-elsewhere" not in str(saved(client, pages[0], en, once, "Text 0").html)


def test_without_scripts_a_message_leads_to_the_places(client, screen, first):
    response = screen.save(first, "Contact us", with_script=False)
    page = BeautifulSoup(client.get(response["Location"]).content, "html.parser")
    message = page.select_one(".messages .info")
    assert "3 other places" in message.get_text()
    address = message.a["href"]
    form = BeautifulSoup(client.get(address).content, "html.parser").select_one(".desk-screen form")
    data = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    done = client.post(address, data)
    assert done.status_code == 302
    assert done["Location"].count("#") == 1
    page = BeautifulSoup(client.get(done["Location"]).content, "html.parser")
    assert "filled in at 3 other places" in page.select_one(".messages .success").get_text()


# What is filled in


def test_one_press_fills_in_all_places_for_review_and_publishes_nothing(
    client, user, pages, en, first
):
    live = publish_translation(pages[1], en)
    revisions = live.revisions.count()
    screen = saved(client, pages[0], en, first)
    answer = screen.post("spread_string", first).json()
    assert answer["outcome"] == "spread"
    twins = [string_at(page, en, HEADING) for page in pages[1:]]
    assert answer["filled"] == [twin.pk for twin in twins]
    for twin in twins:
        assert (twin.words, twin.made_from, twin.state, twin.reason) == (
            "Contact us",
            WORDS,
            State.NEEDS_REVIEW,
            Reason.MEMORY,
        )
        entry = twin.changes.get()
        assert (entry.method, entry.author) == (Method.MEMORY, user)
    stored = StringTranslation.objects.filter(context__path=HEADING, data="Contact us")
    assert stored.count() == OTHERS + 1
    live = target_of(pages[1], en)
    assert live.body[0].value["heading"] == WORDS
    assert live.revisions.count() == revisions
    # Told once, and not offered again.
    row = screen.of(answer["html"]).row(first)
    assert "filled in at 3 other places" in row.get_text()
    assert row.select_one(".desk-elsewhere form") is None


def test_another_place_of_the_same_page_and_an_entry_are_places_too(client, home, en, ms):
    page = with_words(home, en, body=body(heading=WORDS, text="<p>Teks</p>", point=WORDS))
    topic = published_topic(ms, name="Topik", label=WORDS)
    submit(topic, en)
    string = string_at(page, en, HEADING)
    screen = saved(client, page, en, string)
    assert screen.post("spread_string", string).json()["outcome"] == "spread"
    assert string_at(page, en, POINT_TEXT).words == "Contact us"
    assert strings(topic, en).get(source_words=WORDS).words == "Contact us"


def test_a_translation_that_somebody_removed_is_untranslated_again(client, pages, en, first):
    removed = string_at(pages[1], en, HEADING)
    other = saved(client, pages[1], en, removed, "Reach us")
    other.save(removed, "", action="remove")
    screen = saved(client, pages[0], en, first)
    screen.post("spread_string", first)
    removed.refresh_from_db()
    assert removed.words == "Contact us"
    words = list(removed.changes.values_list("words_after", flat=True))
    assert words == ["Reach us", "", "Contact us"]


def test_who_filled_in_does_not_approve_it(english_home, pages, en, first):
    editor = publisher_of(english_home)
    speak_english(editor)
    screen = saved(browser_of(editor), pages[0], en, first)
    screen.post("spread_string", first)
    review = approve([string_at(pages[1], en, HEADING)], editor)
    assert [reason for _row, reason in review.refused]


# What is left alone


def test_words_that_somebody_wrote_stay_in_every_state(client, pages, en, first):
    kept = []
    for page, state in zip(
        pages[1:], (State.TRANSLATED, State.NEEDS_REVIEW, State.APPROVED), strict=True
    ):
        twin = string_at(page, en, HEADING)
        saved(client, page, en, twin, f"Their words: {state}")
        TranslatedString.objects.filter(pk=twin.pk).update(state=state)
        kept.append(twin)
    screen = saved(client, pages[0], en, first)
    assert "desk-elsewhere" not in str(screen.html)
    answer = screen.post("spread_string", first).json()
    assert answer["filled"] == []
    for twin in kept:
        twin.refresh_from_db()
        assert twin.words.startswith("Their words")
        assert twin.changes.count() == 1


def test_what_is_locked_stopped_or_too_short_is_left_out_and_told(client, home, pages, en, first):
    Page.objects.filter(pk=target_of(pages[1], en).pk).update(locked=True)
    stop(pages[2], en)
    long = "Contact us " * 30
    topic = published_topic(Locale.objects.get(language_code="ms"), name="Topik", label=WORDS)
    submit(topic, en)
    screen = saved(client, pages[0], en, first, long)
    answer = screen.post("spread_string", first).json()
    assert states(pages, en) == [State.UNTRANSLATED, State.UNTRANSLATED, State.NEEDS_REVIEW]
    assert "filled in at 1 other place" in answer["reason"]
    assert "Halaman 1, Section › Heading (" in answer["reason"]
    assert "locked" in answer["reason"]
    # A stopped translation is no place at all.
    assert "Halaman 2" not in answer["reason"]
    assert "at most 100 characters" in answer["reason"]
    assert strings(topic, en).get(source_words=WORDS).words == ""
    # What is left is offered again.
    assert "2 other places" in answer["html"]


def test_places_of_others_are_neither_counted_nor_named_nor_filled_in(
    client, user, pages, en, ms, first
):
    user.groups.get().permissions.filter(codename="change_topic").delete()
    topic = published_topic(ms, name="Rahsia", label=WORDS)
    submit(topic, en)
    screen = saved(client, pages[0], en, first)
    assert "3 other places" in str(screen.html)
    assert "Rahsia" not in client.get(spread_url(first)).content.decode()
    screen.post("spread_string", first)
    assert strings(topic, en).get(source_words=WORDS).words == ""


def test_other_languages_and_other_words_stay(client, home, pages, en, first):
    ta = Locale.objects.create(language_code="ta")
    submit(pages[1], ta)
    other = with_words(home, en, number=9, body=body(heading=f"{WORDS}."))
    saved(client, pages[0], en, first).post("spread_string", first)
    assert string_at(pages[1], ta, HEADING).words == ""
    assert string_at(other, en, HEADING).words == ""


def test_who_may_not_work_on_the_string_spreads_nothing(home, client, pages, en, first):
    saved(client, pages[0], en, first)
    stranger = browser_of(member(pages=home, actions=["change"]))
    for answer in (stranger.get(spread_url(first)), stranger.post(spread_url(first))):
        assert answer.status_code == 403
    assert (
        client.post(reverse("wagtail_localize_desk:spread_string", args=[10**9])).status_code == 404
    )
    assert client.put(spread_url(first)).status_code == 405
    assert states(pages, en) == [State.UNTRANSLATED] * OTHERS


@pytest.mark.parametrize("version", ["", "0", "x", "\x00", "9" * 400])
def test_words_that_one_has_not_seen_are_not_spread(client, pages, en, first, version):
    saved(client, pages[0], en, first)
    answer = client.post(spread_url(first), {"version": version})
    assert answer.status_code == 409
    assert states(pages, en) == [State.UNTRANSLATED] * OTHERS


def test_a_string_that_is_not_translated_is_not_spread(screen, pages, en, first):
    answer = screen.post("spread_string", first)
    assert answer.status_code == 409
    assert "Translate this string first" in answer.json()["detail"]
    assert states(pages, en) == [State.UNTRANSLATED] * OTHERS


def test_all_places_or_none(client, pages, en, first):
    screen = saved(client, pages[0], en, first)
    with (
        mock.patch.object(spreading, "write_upstream", side_effect=OperationalError("gone")),
        pytest.raises(OperationalError),
    ):
        screen.post("spread_string", first)
    assert states(pages, en) == [State.UNTRANSLATED] * OTHERS
    assert StringTranslation.objects.filter(context__path=HEADING).count() == 1


def test_telling_takes_one_query_and_only_where_there_is_something_to_tell(
    client, pages, en, first
):
    once = string_at(pages[0], en, BODY)
    numbers = []
    for string in (once, first):
        saved(client, pages[0], en, string, "Text 0")
        screen = Screen(client, target_of(pages[0], en))
        with CaptureQueriesContext(connection) as queries:
            screen.save(string, "Contact us 0")
        numbers.append(len([sql for sql in queries if "SAVEPOINT" not in sql["sql"]]))
    assert numbers == [12, 13]


def test_each_further_page_takes_the_same_few_queries(client, home, en, pages, first):
    numbers = []
    for count in (3, 6):
        for number in range(OTHERS + 1, count + 1):
            with_words(home, en, number=number)
        strings_there = TranslatedString.objects.filter(path=HEADING).exclude(pk=first.pk)
        strings_there.update(words="", state=State.UNTRANSLATED, reason="")
        screen = saved(client, pages[0], en, first, f"Contact us {count}")
        with CaptureQueriesContext(connection) as queries:
            answer = screen.post("spread_string", first)
        assert len(answer.json()["filled"]) == count
        numbers.append(len(queries))
    assert numbers[1] - numbers[0] <= 3 * 3


# Together with others


@pytest.mark.needs_database
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks no single rows.")
def test_a_place_that_somebody_is_saving_is_left_out_without_waiting(client, pages, en, first):
    screen = saved(client, pages[0], en, first)
    twin = string_at(pages[1], en, HEADING)
    answers = []

    def press():
        answers.append(screen.post("spread_string", first).json())
        connection.close()

    with transaction.atomic():
        TranslatedString.objects.select_for_update().get(pk=twin.pk)
        thread = Thread(target=press)
        thread.start()
        thread.join(30)
        assert answers, "It waits for the one who saves."
    assert "Halaman 1, Section › Heading (Somebody else is changing it.)" in answers[0]["reason"]
    assert states(pages, en) == [State.UNTRANSLATED, State.NEEDS_REVIEW, State.NEEDS_REVIEW]


@pytest.mark.needs_database
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's test database has one writer.")
def test_two_who_spread_and_one_who_saves_at_once_lose_nothing(
    client, english_home, pages, en, first
):
    second = string_at(pages[1], en, HEADING)
    colleague = translator_of(english_home)
    speak_english(colleague)
    screens = [
        saved(client, pages[0], en, first),
        saved(browser_of(colleague), pages[1], en, second, "Reach us"),
    ]
    third = string_at(pages[2], en, HEADING)
    writer = Screen(browser_of(colleague), target_of(pages[2], en))
    answers = []
    jobs = [
        lambda: screens[0].post("spread_string", first),
        lambda: screens[1].post("spread_string", second),
        lambda: writer.save(third, "Written by hand"),
    ]

    def work(job):
        answers.append(job())
        connection.close()

    threads = [Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 3
    assert {answer.status_code for answer in answers} <= {200, 409}
    words = [string_at(page, en, HEADING).words for page in pages]
    assert words[:2] == ["Contact us", "Reach us"]
    third.refresh_from_db()
    saved_by_hand = any(answer.json().get("outcome") == "saved" for answer in answers)
    assert saved_by_hand == (third.words == "Written by hand")
    assert string_at(pages[3], en, HEADING).words in {"Contact us", "Reach us"}
    # Each change is in the history, once.
    for page in pages:
        row = string_at(page, en, HEADING)
        assert row.changes.last().words_after == row.words
        assert row.changes.count() == 1
