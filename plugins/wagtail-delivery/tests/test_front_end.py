"""Whether the front-end shows what was published: it is asked, in the background, for a while."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from tests import samples
from tests.front_end import FrontEnd, serving
from tests.samples import published
from tests.stored import document_of
from tests.testapp import models as app
from wagtail_delivery.models import FrontEndCheck
from wagtail_delivery.publishing import front_end as asking
from wagtail_delivery.publishing.front_end import ask, check_next_front_end
from wagtail_delivery.store import front_end_checks
from wagtail_delivery.store.front_end_checks import CLAIM, PATIENCE, claim_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def front_end(settings: Any) -> Iterator[FrontEnd]:
    with serving() as found:
        settings.WAGTAIL_DELIVERY = {
            **settings.WAGTAIL_DELIVERY,
            "FRONT_ENDS": {"default": found.address},
        }
        yield found


@pytest.fixture
def page(home: Page, front_end: FrontEnd) -> Any:
    page = published(app.PlainPage(title="Plain", slug="plain"), home)
    make_due()
    return page


def make_due() -> None:
    FrontEndCheck.objects.update(due_at=timezone.now())


def check_of(page: Any) -> FrontEndCheck:
    return FrontEndCheck.objects.get(document__source__endswith=f"plainpage:{page.pk}")


def meta(version: str) -> str:
    return f'<!doctype html><head><META content="{version}" Name="Content-Version"></head><p>Hi'


def test_a_page_is_seen_by_the_header(page: Any, front_end: FrontEnd) -> None:
    front_end.show("/plain/", X_Content_Version=f'"other", "{document_of(page).etag}"')
    assert check_next_front_end()
    check = check_of(page)
    assert check.seen_at is not None
    assert check.due_at is None
    assert check.problem == ""
    assert front_end.asked == ["/plain/"]
    assert not check_next_front_end()


def test_a_page_is_seen_by_the_meta_element(page: Any, front_end: FrontEnd) -> None:
    front_end.show("/plain/", meta(document_of(page).etag))
    check_next_front_end()
    assert check_of(page).seen_at is not None


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        ({"body": meta("0000")}, FrontEndCheck.OTHER_VERSION),
        ({"body": "<p>Hi"}, FrontEndCheck.NO_VERSION),
        ({"status": 500}, FrontEndCheck.NOT_THERE),
        ({"status": 302, "Location": "https://elsewhere.example/plain/"}, FrontEndCheck.REDIRECT),
        ({"status": 302, "Location": "//127.0.0.1:1/plain/"}, FrontEndCheck.REDIRECT),
        ({"status": 301, "Location": "/plain/"}, FrontEndCheck.REDIRECT),
    ],
)
def test_a_page_that_is_not_seen_is_asked_for_again(
    page: Any, front_end: FrontEnd, shown: dict[str, Any], problem: str
) -> None:
    front_end.show("/plain/", **shown)
    check_next_front_end()
    check = check_of(page)
    assert (check.seen_at, check.problem, check.attempts) == (None, problem, 1)
    assert check.due_at > timezone.now()
    front_end.show("/plain/", meta(document_of(page).etag))
    make_due()
    check_next_front_end()
    assert check_of(page).seen_at is not None


def test_a_redirect_on_the_same_server_is_followed(page: Any, front_end: FrontEnd) -> None:
    front_end.show("/plain/", status=308, Location="/plain?a=1")
    front_end.show("/plain?a=1", meta(document_of(page).etag))
    check_next_front_end()
    assert check_of(page).seen_at is not None


def test_a_front_end_that_is_down_is_no_error(page: Any, settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        settings.WAGTAIL_DELIVERY = {
            **settings.WAGTAIL_DELIVERY,
            "FRONT_ENDS": {"default": address},
        }
        check_next_front_end()
    assert check_of(page).problem == FrontEndCheck.UNREACHABLE


def test_only_the_beginning_of_a_page_is_read(
    front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_BYTES", 1000)
    front_end.show("/long/", "x" * 1000 + meta("abc"))
    assert ask(front_end.address, "/long/").problem == FrontEndCheck.NO_VERSION


def test_a_page_that_arrives_too_slowly_is_given_up(
    front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TIMEOUT", -1)
    front_end.show("/slow/", meta("abc"))
    assert ask(front_end.address, "/slow/").problem == FrontEndCheck.UNREACHABLE


def test_a_path_below_the_front_end_is_kept(front_end: FrontEnd) -> None:
    front_end.show("/site/plain/", meta("abc"))
    assert ask(f"{front_end.address}/site", "/plain/").versions == {"abc"}


def test_a_version_that_became_newer_in_the_meantime_counts(page: Any, front_end: FrontEnd) -> None:
    """The front-end shows what the document is now, perhaps by something that it shows."""
    document = document_of(page)
    document.etag = "newer"
    document.save()
    front_end.show("/plain/", meta("newer"))
    check_next_front_end()
    assert check_of(page).seen_at is not None


def test_it_is_given_up_after_ten_minutes(page: Any, front_end: FrontEnd) -> None:
    FrontEndCheck.objects.update(published_at=timezone.now() - PATIENCE)
    check_next_front_end()
    check = check_of(page)
    assert check.due_at is None
    assert check.is_missed


def test_the_waits_grow_up_to_a_minute(page: Any, front_end: FrontEnd) -> None:
    waits = []
    for attempts in (0, 1, 2, 9, 100):
        FrontEndCheck.objects.update(attempts=attempts, due_at=timezone.now())
        check_next_front_end()
        waits.append(round((check_of(page).due_at - timezone.now()).total_seconds()))
    assert waits == [4, 8, 16, 60, 60]


def test_a_publish_while_it_is_asked_begins_anew(
    page: Any, front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    def publish(*_: Any) -> Any:
        again = Page.objects.get(pk=page.pk).specific
        again.title = "Again"
        again.save_revision().publish()
        return asking.Answer(frozenset([document_of(page).etag]))

    monkeypatch.setattr(asking, "ask", publish)
    check_next_front_end()
    check = check_of(page)
    assert (check.seen_at, check.attempts) == (None, 0)
    assert check.due_at is not None


def test_two_workers_ask_once(page: Any, front_end: FrontEnd) -> None:
    check = claim_check()
    assert check is not None
    assert claim_check() is None
    # The check of a killed worker is taken up again.
    FrontEndCheck.objects.update(due_at=timezone.now() - CLAIM)
    assert claim_check() is not None


def test_nothing_is_asked_without_a_front_end(home: Page) -> None:
    published(app.PlainPage(title="Plain", slug="plain"), home)
    assert not FrontEndCheck.objects.exists()
    assert not check_next_front_end()


def test_nothing_is_asked_for_snippets_nor_for_other_sites(
    front_end: FrontEnd, second_site: Any
) -> None:
    samples.draft_topic("Topic")
    FrontEndCheck.objects.all().delete()
    published(app.PlainPage(title="There", slug="there"), second_site.root_page.specific)
    assert not FrontEndCheck.objects.exists()


def test_a_site_by_its_name(front_end: FrontEnd, second_site: Any, settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = {
        **settings.WAGTAIL_DELIVERY,
        "FRONT_ENDS": {"second.example:8080": front_end.address},
    }
    page = published(app.PlainPage(title="There", slug="there"), second_site.root_page.specific)
    front_end.show("/there/", meta(document_of(page).etag))
    make_due()
    while check_next_front_end():
        pass
    assert check_of(page).seen_at is not None


def test_a_front_end_that_is_no_longer_configured_is_not_asked(page: Any, settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "FRONT_ENDS": {}}
    assert check_next_front_end()
    assert not FrontEndCheck.objects.filter(document__source__endswith=f":{page.pk}").exists()


def test_what_only_follows_is_not_asked_for(home: Page, front_end: FrontEnd) -> None:
    topic = samples.draft_topic("Topic")
    seat = app.SeatPage(title="S", slug="s", parent="p", site="x", position=1, topic=topic)
    published(seat, home)
    FrontEndCheck.objects.all().delete()
    topic.title = "After"
    topic.save()
    assert not FrontEndCheck.objects.exists()


def test_the_panel_tells_what_the_front_end_shows(
    client: Client, page: Any, front_end: FrontEnd
) -> None:
    client.force_login(User.objects.create_superuser("editor", "e@example.org", "x"))
    address = reverse("wagtail_delivery_admin:publication", args=["testapp", "plainpage", page.pk])

    def told() -> Any:
        return client.get(address).json()

    assert "Not looked for on the website yet." in told()["html"]
    assert told()["every"] == 2_000
    check_next_front_end()
    html = told()["html"]
    assert "Not seen on the website yet: it does not have the page. It is asked again." in html
    FrontEndCheck.objects.update(due_at=None)
    html = told()["html"]
    assert "<strong>Not seen on the website: it does not have the page." in html
    assert told()["every"] == 0
    FrontEndCheck.objects.update(seen_at=timezone.now(), problem="")
    assert "The website has shown it since " in told()["html"]


@pytest.mark.parametrize(
    "front_ends",
    [
        {"default": "www.example.org"},
        {"default": "https://www.example.org/"},
        {"default": "file:///etc/passwd"},
        {"default": "https://user@www.example.org"},
        {"www.example.org": "https://www.example.org"},
    ],
)
def test_an_address_that_cannot_be_asked_is_refused(
    settings: Any, front_ends: dict[str, str]
) -> None:
    from wagtail_delivery.conf import SettingError, delivery_settings

    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "FRONT_ENDS": front_ends}
    with pytest.raises(SettingError):
        delivery_settings()


def test_first_look_comes_soon_after_the_publish() -> None:
    assert timedelta(seconds=5) >= front_end_checks.WAIT.first
