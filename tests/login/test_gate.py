"""Log-ins have a bound of their own in each server process."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.contrib.auth.views import LoginView
from django.http import HttpResponse, UnreadablePostError
from django.test import Client, RequestFactory

from cms.login.gate import LoginGateMiddleware, is_login_view

FORM = {"username": "pegawai", "password": "salah"}
#: Seconds; reached only if a test fails.
LONG = 20


class Checks:
    """Stands for a view that checks passwords: it counts, and goes on when it is told."""

    def __init__(self) -> None:
        self.running = 0
        self.most = 0
        self.entered = threading.Semaphore(0)
        self.go_on = threading.Event()

    def __call__(self, request) -> HttpResponse:
        self.running += 1
        self.most = max(self.most, self.running)
        self.entered.release()
        assert self.go_on.wait(LONG)
        self.running -= 1
        return HttpResponse("checked")


@pytest.fixture
def checks() -> Iterator[Checks]:
    made = Checks()
    yield made
    made.go_on.set()


@pytest.fixture
def gate(settings, checks) -> LoginGateMiddleware:
    settings.LOGIN_THREADS = 2
    view = LoginView.as_view()

    def respond(request):
        return made.process_view(request, view, (), {}) or checks(request)

    made = LoginGateMiddleware(respond)
    return made


def in_thread(gate: LoginGateMiddleware) -> tuple[threading.Thread, list[HttpResponse]]:
    answers: list[HttpResponse] = []
    request = RequestFactory().post("/admin/login/", FORM)
    thread = threading.Thread(target=lambda: answers.append(gate(request)))
    thread.start()
    return thread, answers


def test_one_password_is_checked_at_a_time_and_those_without_a_place_are_sent_away(gate, checks):
    first, first_answers = in_thread(gate)
    assert checks.entered.acquire(timeout=LONG)
    second, second_answers = in_thread(gate)
    while gate.places._value:
        assert second.is_alive()
    third, third_answers = in_thread(gate)
    third.join(LONG)
    assert third_answers[0].status_code == 429
    assert int(third_answers[0]["Retry-After"]) > 0
    checks.go_on.set()
    for thread in (first, second):
        thread.join(LONG)
    assert [answer.status_code for answer in (*first_answers, *second_answers)] == [200, 200]
    assert checks.most == 1


def test_places_are_free_again_after_an_error(settings):
    settings.LOGIN_THREADS = 1
    view = LoginView.as_view()

    def respond(request):
        gate.process_view(request, view, (), {})
        raise RuntimeError("broken")

    gate = LoginGateMiddleware(respond)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="broken"):
            gate(RequestFactory().post("/admin/login/", FORM))
    assert gate.places.acquire(blocking=False)
    assert gate.turn.acquire(blocking=False)


def test_a_form_that_arrives_slowly_holds_no_place(gate, checks):
    request = RequestFactory().post("/admin/login/", FORM)
    checks.go_on.set()

    class Slow:
        def read(self, *args):
            assert gate.places._value == 2
            raise UnreadablePostError

        def close(self):
            """Closed after an error."""

    request._stream = Slow()
    assert gate(request).status_code == 400
    assert not checks.most


@pytest.fixture
def full_gate(monkeypatch) -> None:
    """No place is free in any gate that is made from now on."""

    class NoPlace:
        def __init__(self, value: int) -> None:
            """Takes a number of places as a semaphore does."""

        def acquire(self, *, blocking: bool) -> bool:
            return False

    monkeypatch.setattr("cms.login.gate.BoundedSemaphore", NoPlace)


@pytest.mark.usefixtures("full_gate")
@pytest.mark.parametrize("path", ["/admin/login/", "/ms/_util/login/"])
@pytest.mark.parametrize(
    ("language", "words"), [("ms", "Sila cuba lagi"), ("en", "Please try again")]
)
def test_whoever_is_sent_away_is_told_in_their_language(path, language, words):
    client = Client()
    client.cookies["django_language"] = language
    expected = "Sila cuba lagi" if path.startswith("/ms") else words
    response = client.post(path, FORM)
    assert response.status_code == 429
    assert expected in response.text
    assert response["Retry-After"] == "2"


@pytest.mark.usefixtures("full_gate")
@pytest.mark.django_db
def test_nothing_but_a_submitted_log_in_waits_for_a_place(client):
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/api/v1/").status_code == 200
    assert client.post("/admin/password_reset/", {"email": "a@example.test"}).status_code < 400


def test_the_views_of_all_log_in_pages_are_recognised():
    from django.urls import resolve

    assert is_login_view(resolve("/admin/login/").func)
    assert is_login_view(resolve("/ms/_util/login/").func)
    assert not is_login_view(resolve("/admin/").func)
