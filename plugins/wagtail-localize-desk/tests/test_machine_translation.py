"""Machine translation: for review, without lost pieces or facts, and never public by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import StringTranslation

from tests.newsroom.content import (
    BODY,
    HEADING,
    body,
    publish_translation,
    published_article,
    republish,
    string_at,
    strings,
    submit,
    target_of,
    translation_of,
)
from tests.newsroom.people import browser_of, member, publisher_of
from tests.screen_desk import Screen, speak_english
from wagtail_localize_desk import machine_translation
from wagtail_localize_desk.models import Method, Reason, State
from wagtail_localize_desk.review import approve

pytestmark = pytest.mark.django_db

DUMMY = "wagtail_localize.machine_translators.dummy.DummyTranslator"
LIBRE = "wagtail_localize.machine_translators.libretranslate.LibreTranslator"
INTRO = '<p>Baca <a href="/x/">Akta 4</a> sebelum 1 Julai 1985</p>'


class FakeService:
    """A LibreTranslate server on this machine that answers what a test wants."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status = 200
        #: The answer for each text; by default itself in capital letters.
        self.answers: dict[str, str] = {}
        self.body: str | None = None
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                asked = json.loads(self.rfile.read(length))
                service.asked.append(asked)
                content = service.body
                if content is None:
                    texts = [service.answers.get(text, f"EN {text}") for text in asked["q"]]
                    content = json.dumps({"translatedText": texts})
                self.send_response(service.status)
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def service(settings) -> Iterator[FakeService]:
    service = FakeService()
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {
        "CLASS": LIBRE,
        "OPTIONS": {"LIBRETRANSLATE_URL": service.address, "API_KEY": "rahsia"},
    }
    yield service
    service.close()


@pytest.fixture
def client(user):
    return browser_of(user)


def press(client, page, en) -> list[str]:
    """Press the button of the screen; returns the messages."""
    screen = Screen(client, target_of(page, en))
    url = reverse("wagtail_localize:machine_translate", args=[translation_of(page, en).pk])
    form = screen.html.find("form", action=url)
    assert form is not None
    data = {field["name"]: field["value"] for field in form.select("input[name]")}
    response = client.post(url, data)
    assert response.status_code == 302, response.content
    html = BeautifulSoup(client.get(response["Location"]).content, "html.parser")
    return [message.get_text(" ", strip=True) for message in html.select(".messages li")]


def by_path(page, en) -> dict[str, Any]:
    return {f"{row.path} {row.number}": row for row in strings(page, en)}


def test_untranslated_strings_come_in_for_review_and_nothing_is_published(
    client, user, article, en, service
):
    live = publish_translation(article, en)
    revisions = live.revisions.count()
    (told, left_out) = press(client, article, en)
    assert "6 strings were translated by LibreTranslate, and need review." in told
    # The slug of wagtail-localize's words would be no slug.
    assert "Left out: Slug (" in left_out
    row = string_at(article, en, HEADING)
    assert (row.words, row.state, row.reason) == (
        "EN Tajuk",
        State.NEEDS_REVIEW,
        Reason.MACHINE,
    )
    entry = row.changes.get()
    assert (entry.method, entry.author) == (Method.MACHINE, user)
    stored = StringTranslation.objects.get(context__path=HEADING)
    assert (stored.data, stored.translation_type) == (
        "EN Tajuk",
        StringTranslation.TRANSLATION_TYPE_MACHINE,
    )
    live = target_of(article, en)
    assert live.body[0].value["heading"] == "Tajuk"
    assert live.revisions.count() == revisions
    (asked,) = service.asked
    assert (asked["source"], asked["target"], asked["api_key"]) == ("ms", "en", "rahsia")


def test_who_pressed_the_button_does_not_approve_what_came(english_home, article, en, service):
    editor = publisher_of(english_home)
    speak_english(editor)
    press(browser_of(editor), article, en)
    review = approve([string_at(article, en, HEADING)], editor)
    assert "wrote these words" in review.refused[0][1]


def test_words_of_people_stay_and_are_not_sent(client, article, en, service):
    written = string_at(article, en, HEADING)
    Screen(client, target_of(article, en)).save(written, "Our heading")
    republish(article, body=body(heading="Tajuk baharu"))
    press(client, article, en)
    written.refresh_from_db()
    assert written.words == "Our heading"
    assert written.reason == Reason.SOURCE_CHANGED
    assert "Tajuk baharu" not in service.asked[0]["q"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Read Act 4 before 1 July 1985", "{1}…{/1}"),
        ('Read <a id="a2">Act 4</a> before 1 July 1985', "{1}…{/1}"),
        ('Read <a id="a1">Act 44</a> before 1 July 1985', "Act 4"),
        ('Read <a id="a1">Act 4</a> before 1 July 1986', "1 Julai 1985"),
        ('Read <a id="a1">Act 4</a> <a id="a1">again</a>', "1 Julai 1985"),
        ("", "{1}…{/1}"),
        ("x\x00", "1"),
    ],
)
def test_an_answer_that_loses_pieces_or_facts_is_left_out(
    client, home, english_home, en, service, answer, reason
):
    article = published_article(home, intro=INTRO)
    submit(article, en)
    row = string_at(article, en, "intro")
    service.answers[row.source_words] = answer
    messages = press(client, article, en)
    assert any("Left out" in told and "Intro (" in told for told in messages)
    assert any(reason in told for told in messages), messages
    row.refresh_from_db()
    assert (row.words, row.state, row.changes.count()) == ("", State.UNTRANSLATED, 0)
    assert string_at(article, en, HEADING).reason == Reason.MACHINE


def test_an_answer_that_keeps_them_is_taken_without_tags_of_its_own(
    client, home, english_home, en, service
):
    article = published_article(home, intro=INTRO)
    submit(article, en)
    row = string_at(article, en, "intro")
    service.answers[row.source_words] = (
        'Read <a id="a1">Act 4</a> before 1 July 1985<script>alert</script>'
    )
    press(client, article, en)
    row.refresh_from_db()
    assert row.words == 'Read <a id="a1">Act 4</a> before 1 July 1985alert'


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, "failed"),
        (403, json.dumps({"error": "Invalid API key rahsia"})),
        (200, "no JSON"),
        (200, json.dumps({"translatedText": ["one"]})),
        (200, json.dumps({})),
        (200, json.dumps([])),
        (200, json.dumps({"translatedText": None})),
    ],
)
def test_a_service_that_fails_gives_a_message_and_changes_nothing(
    client, article, en, service, status, answer, caplog
):
    service.status, service.body = status, answer
    (told,) = press(client, article, en)
    assert "LibreTranslate could not be reached, or has not answered as expected" in told
    assert {row.state for row in strings(article, en)} == {State.UNTRANSLATED}
    assert not StringTranslation.objects.exists()
    assert "Machine translation has failed" in caplog.text
    assert "rahsia" not in caplog.text + told


def test_a_service_that_is_not_there_gives_the_same_message(client, article, en, service):
    service.close()
    (told,) = press(client, article, en)
    assert "could not be reached" in told


def test_what_came_before_a_failure_stays(client, article, en, service, monkeypatch):
    monkeypatch.setattr(machine_translation, "MOST_TEXTS", 2)
    ask = machine_translation._ask

    def fail_later(*args: Any) -> Any:
        if len(service.asked) == 1:
            service.status = 500
        return ask(*args)

    monkeypatch.setattr(machine_translation, "_ask", fail_later)
    messages = press(client, article, en)
    assert any("could not be reached" in told for told in messages)
    states = [row.state for row in strings(article, en)]
    assert 0 < states.count(State.NEEDS_REVIEW) <= 2
    assert len(service.asked) == 2


def test_a_request_has_no_more_texts_than_services_take(client, home, english_home, en, service):
    text = "".join(f"<p>Perenggan ke-{number}</p>" for number in range(120))
    article = published_article(home, body=body(text=text))
    submit(article, en)
    press(client, article, en)
    sizes = [len(asked["q"]) for asked in service.asked]
    assert sum(sizes) == 125
    assert max(sizes) == machine_translation.MOST_TEXTS
    assert string_at(article, en, BODY, 119).reason == Reason.MACHINE


def test_a_page_that_is_locked_while_the_service_works_stays(
    client, article, en, service, monkeypatch
):
    ask = machine_translation._ask

    def lock(*args: Any) -> Any:
        Page.objects.filter(pk=target_of(article, en).pk).update(locked=True)
        return ask(*args)

    monkeypatch.setattr(machine_translation, "_ask", lock)
    url = reverse("wagtail_localize:machine_translate", args=[translation_of(article, en).pk])
    assert client.post(url).status_code == 409
    assert {row.state for row in strings(article, en)} == {State.UNTRANSLATED}


def test_words_that_somebody_wrote_while_the_service_worked_stay(
    client, article, en, service, monkeypatch
):
    ask = machine_translation._ask
    row = string_at(article, en, HEADING)

    def write(*args: Any) -> Any:
        Screen(client, target_of(article, en)).save(row, "Meanwhile")
        return ask(*args)

    monkeypatch.setattr(machine_translation, "_ask", write)
    press(client, article, en)
    row.refresh_from_db()
    assert (row.words, row.state) == ("Meanwhile", State.TRANSLATED)


def test_without_the_right_there_is_no_button_and_no_call(home, article, en, service):
    stranger = browser_of(member(pages=home, actions=["change"]))
    url = reverse("wagtail_localize:machine_translate", args=[translation_of(article, en).pk])
    assert stranger.post(url).status_code == 403
    assert not service.asked


def test_it_is_off_unless_the_project_names_a_service(client, article, en):
    html = Screen(client, target_of(article, en)).html
    url = reverse("wagtail_localize:machine_translate", args=[translation_of(article, en).pk])
    assert html.find("form", action=url) is None
    assert client.post(url).status_code == 404
    assert client.get(url).status_code == 405


def test_a_sync_publishes_no_words_of_a_machine(english_home, home, article, en, service):
    editor = publisher_of(english_home)
    editor.is_superuser = True
    editor.save()
    speak_english(editor)
    client = browser_of(editor)
    publish_translation(article, en)
    source = translation_of(article, en).source
    url = reverse("wagtail_localize:update_translations", args=[source.pk])
    data = {"publish_translations": "on", "use_machine_translation": "on"}
    response = client.post(url, data)
    if response.status_code == 200:
        # It asks first, because the Malay text becomes public.
        form = BeautifulSoup(response.content, "html.parser").select_one("main form, form")
        data |= {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
        response = client.post(url, data)
    assert response.status_code == 302
    assert string_at(article, en, HEADING).reason == Reason.MACHINE
    assert target_of(article, en).body[0].value["heading"] == "Tajuk"


def test_the_dummy_translator_does_the_same(client, article, en, settings):
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": DUMMY}
    messages = press(client, article, en)
    assert any("need review" in told for told in messages)
    assert {row.reason for row in strings(article, en)} == {Reason.MACHINE}
