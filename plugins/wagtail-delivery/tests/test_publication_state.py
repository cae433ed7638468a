"""What editors read after a publish: in the message, in the status panel, and in the report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.auth.models import Group, Permission, User
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from tests import samples
from tests.followers import SHOWN_IN, broken, drain, queued, rename
from tests.samples import published
from tests.stored import document_of
from tests.testapp import models as app
from wagtail_delivery.compiler.documents import source_of
from wagtail_delivery.encoding.base import EncodingError, Location
from wagtail_delivery.encoding.scalars import ChoiceEncoder
from wagtail_delivery.models import PendingDocument, PublishedDocument, WorkerSign
from wagtail_delivery.publishing import publication_messages, publication_state
from wagtail_delivery.publishing.error_texts import failure_of
from wagtail_delivery.publishing.fault_reports import reporting_to
from wagtail_delivery.publishing.publication_state import locale_states, progress_of
from wagtail_delivery.store.failures import Failure, read_failure, stored_failure
from wagtail_delivery.store.pending import waiting_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("editor", "e@example.org", "x")


@pytest.fixture
def editor(client: Client, superuser: User) -> Client:
    client.force_login(superuser)
    return client


@pytest.fixture
def limited(db: None, home: Page) -> User:
    """Somebody who may change and publish one of the pages, and nothing else."""
    return User.objects.create_user("limited", "l@example.org", "x")


def grant(user: User, page: Page) -> None:
    """Let `user` change and publish `page`."""
    group = Group.objects.create(name=f"Editors of {page.pk}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("change_page", "publish_page"):
        permission = Permission.objects.get(
            codename=codename, content_type__app_label="wagtailcore"
        )
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    user.groups.add(group)


@contextmanager
def told(rf: Any, user: User) -> Iterator[list[str]]:
    """The messages to `user`, who publishes in this block."""
    request = rf.post("/")
    request.user, request.session = user, {}
    request._messages = FallbackStorage(request)
    found: list[str] = []
    with reporting_to(request):
        yield found
    found += [" ".join(str(message).split()) for message in get_messages(request)]


def panel_url(thing: Any) -> str:
    return reverse(
        "wagtail_delivery_admin:publication",
        args=[thing._meta.app_label, thing._meta.model_name, thing.pk],
    )


def test_the_message_tells_what_is_public_and_what_follows(
    seats: list[Any], topic: Any, rf: Any, superuser: User
) -> None:
    with told(rf, superuser) as messages:
        rename(topic)
    [message] = messages
    assert "Public since " in message
    assert "0 of 5 other documents that show this have been updated." in message
    assert "5 follow in the background." in message
    assert f"{reverse('wagtailsnippets_testapp_drafttopic:edit', args=[topic.pk])}#" in message


def test_without_a_worker_the_message_tells_that_all_are_updated(
    seats: list[Any], topic: Any, rf: Any, superuser: User
) -> None:
    WorkerSign.objects.all().delete()
    with told(rf, superuser) as messages:
        rename(topic)
    [message] = messages
    assert "5 other documents that show this have been updated." in message


def test_the_message_tells_what_could_not_follow(
    seats: list[Any],
    topic: Any,
    rf: Any,
    settings: Any,
    superuser: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "DEPENDENTS_AT_ONCE": SHOWN_IN}
    monkeypatch.setattr(publication_state, "LISTED", 2)
    with told(rf, superuser) as messages, broken(*seats[:4]):
        rename(topic)
    first, *rest = messages
    assert "1 of 5 other documents that show this have been updated." in first
    for number, message in enumerate(rest[:2]):
        assert f"“Seat {number}” shows this and could not be updated: " in message
        assert "it is broken" in message
    assert rest[2:] == ["2 more documents show this and could not be updated."]


def test_a_draft_tells_nothing(rf: Any, topic: Any, superuser: User) -> None:
    topic.title = "Draft"
    with told(rf, superuser) as messages:
        topic.save_revision()
    assert messages == []


def test_several_things_published_at_once_are_counted(rf: Any, editor: Client, home: Page) -> None:
    pages = [published(app.EventPage(title=t, slug=t, type="talk"), home) for t in ("one", "two")]
    for page in pages:
        page.title += " more"
        page.save_revision()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    query = "&".join(f"id={page.pk}" for page in pages)
    response = editor.post(f"{address}?{query}&next=/", {"include_descendants": ""})
    messages = [str(message).strip() for message in get_messages(response.wsgi_request)]
    assert any(text.startswith("2 documents are public in this version") for text in messages)


def test_an_error_in_the_message_does_not_reach_the_publisher(
    rf: Any, topic: Any, superuser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(publication_messages, "_report", fail)
    with told(rf, superuser) as messages:
        rename(topic)
    assert messages == []
    assert document_of(topic) is not None


def test_a_document_waits_for_each_thing_that_was_published(
    seats: list[Any], topic: Any, home: Page
) -> None:
    """Publishing another thing that it shows takes nothing away from the first one's count."""
    rename(topic)
    assert len(queued()) == waiting_for(source_of(topic)).count() == SHOWN_IN
    PendingDocument.objects.update(causes="\nother:1\n")
    rename(topic, "Later")
    queued()
    causes = set(PendingDocument.objects.values_list("causes", flat=True))
    assert causes == {f"\nother:1\n\n{source_of(topic)}\n"}
    rename(topic, "Latest")
    queued()
    assert set(PendingDocument.objects.values_list("causes", flat=True)) == causes


def test_the_progress_counts_down_to_nothing(seats: list[Any], topic: Any, superuser: User) -> None:
    rename(topic)
    progress = progress_of(source_of(topic), superuser)
    assert (progress.done, progress.total, progress.waiting) == (0, 5, 5)
    with broken(seats[4]):
        drain()
    progress = progress_of(source_of(topic), superuser)
    assert (progress.done, progress.waiting, progress.failed) == (4, 0, 1)
    PendingDocument.objects.update(not_before=None)
    drain()
    progress = progress_of(source_of(topic), superuser)
    assert (progress.done, progress.total, progress.failed) == (5, 5, 0)


def test_what_nothing_shows_any_more_has_nothing_that_follows(
    seats: list[Any], topic: Any, superuser: User
) -> None:
    rename(topic)
    drain()
    other = samples.draft_topic("Other")
    for seat in seats:
        seat.topic = other
        seat.save_revision().publish()
    rename(topic, "Latest")
    assert progress_of(source_of(topic), superuser).total == 0


def test_public_since_is_the_last_publish(topic: Any) -> None:
    [state] = [one for one in locale_states(topic) if one.is_public]
    assert timezone.now() - state.since < timedelta(minutes=1)
    document = document_of(topic)
    assert state.version == document.etag
    assert state.updated is None


def test_a_later_version_by_something_shown_is_told_apart(home: Page, topic: Any) -> None:
    seat = published(
        app.SeatPage(title="S", slug="s", parent="p", site="x", position=1, topic=topic), home
    )
    hour = timezone.now() - timedelta(hours=1)
    PublishedDocument.objects.update(public_since=hour, version_since=hour)
    Page.objects.filter(pk=seat.pk).update(last_published_at=hour)
    rename(topic)
    [state] = [one for one in locale_states(seat) if one.is_public]
    assert state.since == hour
    assert timezone.now() - state.updated < timedelta(minutes=1)


def test_a_document_without_a_visible_change_keeps_its_moment(topic: Any) -> None:
    hour = timezone.now() - timedelta(hours=1)
    PublishedDocument.objects.update(public_since=hour, version_since=hour)
    topic.save()
    assert document_of(topic).version_since == hour


def test_what_is_published_below_an_unpublished_page_is_not_public(home: Page) -> None:
    parent = published(app.PlainPage(title="Parent", slug="parent"), home)
    child = published(app.PlainPage(title="Child", slug="child"), parent)
    Page.objects.get(pk=parent.pk).specific.unpublish()
    child = Page.objects.get(pk=child.pk).specific
    assert any(state.is_hidden for state in locale_states(child))
    assert not any(state.is_public for state in locale_states(child))


def test_the_panel_of_a_page_and_a_snippet_tells_it(
    editor: Client, seats: list[Any], topic: Any
) -> None:
    rename(topic)
    for address, expected in (
        (reverse("wagtailadmin_pages:edit", args=[seats[0].pk]), "Public since "),
        (
            reverse("wagtailsnippets_testapp_drafttopic:edit", args=[topic.pk]),
            "0 of 5 other documents that show this have been updated.",
        ),
    ):
        html = editor.get(address).content.decode()
        assert 'id="publication-status"' in html
        assert expected in html
        assert "wagtail_delivery/admin/publication.js" in html


def test_a_new_page_has_no_such_part(editor: Client, home: Page) -> None:
    address = reverse("wagtailadmin_pages:add", args=["testapp", "plainpage", home.pk])
    assert 'id="publication-status"' not in editor.get(address).content.decode()


def test_the_script_asks_while_something_follows(
    editor: Client, seats: list[Any], topic: Any
) -> None:
    rename(topic)
    answer = editor.get(panel_url(topic)).json()
    assert answer["every"] == 2_000
    assert "0 of 5 other documents" in answer["html"]
    # Each number would be read out.
    assert answer["summary"] == "Other documents are being updated."
    with broken(seats[4]):
        drain()
    answer = editor.get(panel_url(topic)).json()
    assert answer["every"] == 10_000
    assert "Seat 4" in answer["html"]
    assert "it is broken" in answer["html"]
    assert answer["summary"].endswith("Could not be updated: 1.")
    PendingDocument.objects.all().delete()
    assert editor.get(panel_url(topic)).json()["every"] == 0


@pytest.mark.parametrize(
    "address",
    [
        "testapp/nothing/1/",
        "nothing/nothing/1/",
        "auth/user/1/",
        "testapp/drafttopic/x/",
        "testapp/drafttopic/999999/",
    ],
)
def test_what_has_no_document_is_not_found(editor: Client, address: str) -> None:
    prefix = panel_url(app.DraftTopic(pk=1)).removesuffix("testapp/drafttopic/1/")
    assert editor.get(prefix + address).status_code == 404


def test_only_those_who_may_edit_a_thing_read_its_state(
    client: Client, seats: list[Any], topic: Any, limited: User
) -> None:
    grant(limited, seats[0])
    client.force_login(limited)
    assert client.get(panel_url(seats[0])).status_code == 200
    assert client.get(panel_url(seats[1])).status_code == 404
    assert client.get(panel_url(topic)).status_code == 404
    client.logout()
    assert client.get(panel_url(seats[0])).status_code == 302


def test_titles_of_what_is_not_public_are_for_those_who_may_edit_it(
    seats: list[Any], topic: Any, limited: User
) -> None:
    grant(limited, seats[0])
    with broken(*seats[:3]):
        rename(topic)
        drain()
    PublishedDocument.objects.filter(source=source_of(seats[2])).delete()
    progress = progress_of(source_of(topic), limited)
    assert progress.failed == 3
    titles = {failed.title: bool(failed.edit_url) for failed in progress.failures}
    assert titles == {"Seat 0": True, "Seat 1": False}
    assert progress.unlisted == 1


@pytest.mark.skipif(not project.USE_I18N, reason="one language")
def test_a_reason_is_read_in_the_readers_language(settings: Any) -> None:
    settings.WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("ms", "Malay")]
    with pytest.raises(EncodingError) as raised:
        ChoiceEncoder([("a", "A")], nullable=False).encode("z", Location("/kind"), None)
    failure = read_failure(stored_failure(failure_of(raised.value)))
    assert "is not one of the choices" in failure.in_language("en")
    assert "bukan salah satu pilihan" in failure.in_language("ms")
    assert failure.in_language("fr") == failure.in_language("en")


def report(client: Client) -> str:
    return str(client.get(reverse("wagtail_delivery_admin:failed")).content.decode())


def test_the_report_lists_what_failed_and_why(editor: Client, seats: list[Any], topic: Any) -> None:
    assert "follow without a failure so far" in report(editor)
    with broken(seats[0]):
        rename(topic)
        drain()
    html = report(editor)
    assert "Seat 0" in html
    assert "it is broken" in html
    assert "Seat 1" not in html
    assert reverse("wagtailadmin_pages:edit", args=[seats[0].pk]) in html


def test_the_report_has_only_what_its_reader_may_edit(
    client: Client, seats: list[Any], topic: Any, limited: User
) -> None:
    grant(limited, seats[0])
    client.force_login(limited)
    with broken(seats[0], seats[1]):
        rename(topic)
        drain()
    html = report(client)
    assert "Seat 0" in html
    assert "Seat 1" not in html
    client.post(reverse("wagtail_delivery_admin:try_again"))
    waiting = PendingDocument.objects.get(source=source_of(seats[1]))
    assert waiting.not_before is not None


def test_the_report_is_for_those_who_publish(client: Client, home: Page, limited: User) -> None:
    limited.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(limited)
    for address, send in (("failed", client.get), ("try_again", client.post)):
        response = send(reverse(f"wagtail_delivery_admin:{address}"))
        assert response.status_code == 302
        assert response["Location"] == reverse("wagtailadmin_home")
    assert reverse("wagtail_delivery_admin:failed") not in home_html(client)


def test_the_menu_leads_to_the_report(editor: Client) -> None:
    assert reverse("wagtail_delivery_admin:failed") in home_html(editor)


def home_html(client: Client) -> str:
    return str(client.get(reverse("wagtailadmin_home")).content.decode())


def test_trying_again_is_due_at_once(editor: Client, seats: list[Any], topic: Any) -> None:
    with broken(seats[0], seats[1]):
        rename(topic)
        drain()
    row = PendingDocument.objects.get(source=source_of(seats[0]))
    editor.post(reverse("wagtail_delivery_admin:try_again"), {"document": row.pk})
    drain()
    assert queued() == {source_of(seats[1])}
    editor.post(reverse("wagtail_delivery_admin:try_again"))
    drain()
    assert queued() == set()


def test_without_a_worker_trying_again_compiles(
    editor: Client, seats: list[Any], topic: Any
) -> None:
    with broken(seats[0]):
        rename(topic)
        drain()
    WorkerSign.objects.all().delete()
    editor.post(reverse("wagtail_delivery_admin:try_again"))
    assert queued() == set()


def test_a_site_that_could_not_be_updated_is_in_the_report(editor: Client, home: Page) -> None:
    samples.draft_topic("Unrelated")
    source = PublishedDocument.objects.filter(collection="site").first().source
    failure = stored_failure(Failure({"": "it is broken"}))
    PendingDocument.objects.create(
        source=source, is_withdrawal=False, recorded_at=timezone.now(), failure=failure
    )
    assert reverse("wagtailsites:edit", args=[home.sites_rooted_here.get().pk]) in report(editor)
