"""Schedules of pages and entries, in the editor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, Revision
from wagtail.users.models import UserProfile

from tests.factories import ActFactory, HomePageFactory, StandardPageFactory
from tests.snippets.forms import filled, submit


@pytest.fixture(params=["page", "entry"])
def content(request: pytest.FixtureRequest, malay: Locale) -> Any:
    if request.param == "page":
        made = StandardPageFactory(parent=HomePageFactory(locale=malay), locale=malay)
    else:
        made = ActFactory(locale=malay)
    made.save_revision().publish()
    return fresh(made)


def fresh(content: Any) -> Any:
    return type(content)._base_manager.get(pk=content.pk)


def save(client: Client, content: Any, action: str = "", **values: Any) -> Any:
    return submit(client, address_of(content), {**body(content), **values}, action)


def address_of(content: Any) -> str:
    if isinstance(content, Page):
        return reverse("wagtailadmin_pages:edit", args=[content.pk])
    return reverse(content.snippet_viewset.get_url_name("edit"), args=[content.pk])


def body(content: Any) -> dict[str, str]:
    return {"body-count": "0"} if isinstance(content, Page) else {}


def typed(**ahead: float) -> str:
    return (timezone.localtime() + timedelta(**ahead)).strftime("%d/%m/%Y %H:%M")


def test_what_expired_on_time_can_be_saved_and_published_again(admin: Client, content: Any) -> None:
    response = save(
        admin, content, "action-publish", go_live_at=typed(days=1), expire_at=typed(days=2)
    )
    assert response.status_code == 302
    _let_time_pass(content, days=3)
    call_command("publish_scheduled")
    call_command("publish_scheduled")
    assert fresh(content).expired
    response = save(admin, content, title="Selepas tamat tempoh")
    assert response.status_code == 302
    draft = fresh(content).get_latest_revision_as_object()
    assert draft.title == "Selepas tamat tempoh"
    assert (draft.go_live_at, draft.expire_at) == (None, None)
    save(admin, content, "action-publish")
    call_command("publish_scheduled")
    assert fresh(content).live
    assert fresh(content).expire_at is None


def _let_time_pass(content: Any, **passed: float) -> None:
    """Move all that is planned into the past, with seconds as code would set them."""
    ago = timedelta(**passed)
    [revision] = Revision.objects.for_instance(content).filter(approved_go_live_at__isnull=False)
    for name in ("go_live_at", "expire_at"):
        moment = timezone.datetime.fromisoformat(revision.content[name])
        revision.content[name] = (moment - ago + timedelta(seconds=7)).isoformat()
    revision.approved_go_live_at -= ago
    revision.save()


@pytest.mark.parametrize("name", ["go_live_at", "expire_at"])
@pytest.mark.parametrize("action", ["", "action-publish", "action-submit"])
def test_a_draft_whose_date_has_passed_can_be_saved(
    admin: Client, content: Any, name: str, action: str
) -> None:
    save(admin, content, **{name: typed(days=1)})
    _let_time_pass_for_draft(content, name)
    response = save(admin, content, action, title="Kemudian")
    assert response.status_code == 302
    draft = fresh(content).get_latest_revision_as_object()
    assert (draft.title, getattr(draft, name)) == ("Kemudian", None)


def _let_time_pass_for_draft(content: Any, name: str) -> None:
    revision = fresh(content).latest_revision
    moment = timezone.datetime.fromisoformat(revision.content[name])
    revision.content[name] = (moment - timedelta(days=2)).isoformat()
    revision.save()


def test_a_public_version_that_has_a_passed_date_can_be_saved(admin: Client, content: Any) -> None:
    """Such as one that nobody unpublished, because no worker ran."""
    passed = timezone.now() - timedelta(days=1)
    type(content)._base_manager.update(expire_at=passed, go_live_at=passed - timedelta(days=1))
    fresh(content).save_revision()
    assert save(admin, content, "action-publish", title="Kemudian").status_code == 302
    assert (fresh(content).title, fresh(content).expire_at) == ("Kemudian", None)


def test_an_earlier_version_whose_expiry_has_passed_can_be_restored(
    admin: Client, content: Any
) -> None:
    save(admin, content, expire_at=typed(days=1))
    _let_time_pass_for_draft(content, "expire_at")
    earlier = fresh(content).latest_revision
    passed = timezone.localtime(earlier.as_object().expire_at).strftime("%d/%m/%Y %H:%M")
    save(admin, content)
    assert fresh(content).get_latest_revision_as_object().expire_at is None
    # The form of the earlier version sends its date.
    response = save(admin, content, revision=str(earlier.pk), expire_at=passed)
    assert response.status_code == 302


def test_a_date_that_passes_while_the_form_is_open_does_not_stop_automatic_saves(
    admin: Client, content: Any
) -> None:
    save(admin, content, expire_at=typed(days=1))
    _let_time_pass_for_draft(content, "expire_at")
    # Only this version had the date, and an automatic save overwrites it.
    content.revisions.exclude(pk=fresh(content).latest_revision_id).delete()
    url, data = filled(admin, address_of(content), body(content))
    assert data["expire_at"]
    for title in ("Pertama", "Kedua"):
        data["title"] = title
        data["overwrite_revision_id"] = str(fresh(content).latest_revision_id)
        response = admin.post(url, data, headers={"accept": "application/json"})
        assert response.json()["success"], response.json()
        # As Wagtail's script does with the answer.
        for name, value in response.json()["field_updates"].items():
            data[name] = value
    draft = fresh(content).get_latest_revision_as_object()
    assert (draft.title, draft.expire_at) == ("Kedua", None)


def test_a_past_date_that_somebody_types_is_refused(admin: Client, content: Any) -> None:
    response = save(admin, content, "action-publish", expire_at=typed(days=-1))
    assert response.status_code == 200
    assert fresh(content).expire_at is None


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("ms", "", "waktu Kuala Lumpur, UTC+8"),
        ("ms", "Asia/Kuching", "waktu Kuching, UTC+8"),
        ("en", "", "Kuala Lumpur time, UTC+8"),
    ],
)
def test_the_schedule_shows_the_time_zone_of_the_user(
    admin: Client, content: Any, language: str, zone: str, shown: str
) -> None:
    UserProfile.objects.update(preferred_language=language, current_time_zone=zone)
    page = admin.get(address_of(content)).content.decode()
    dialog = page[page.index("schedule-publishing-dialog") :]
    for name in ("go_live_at", "expire_at"):
        field = dialog[dialog.index(f'id="id_{name}"') :]
        assert shown in field[: field.index("</span>")]


def test_an_impossible_schedule_says_why_above_the_form(admin: Client, content: Any) -> None:
    response = save(
        admin, content, "action-publish", go_live_at=typed(days=2), expire_at=typed(days=1)
    )
    assert response.status_code == 200
    form = response.context["form"]
    assert form.errors["expire_at"]
    [reason] = form.non_field_errors()
    assert reason.startswith("Jadual: ")
    assert "tamat tempoh" in reason
    assert reason in response.content.decode()


def test_publishing_in_bulk_what_has_expired_lets_it_stay(admin: Client, malay: Locale) -> None:
    page = StandardPageFactory(
        parent=HomePageFactory(locale=malay),
        locale=malay,
        live=False,
        expired=True,
        expire_at=timezone.now() - timedelta(days=1),
    )
    page.save_revision()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    admin.post(f"{address}?id={page.pk}")
    call_command("publish_scheduled")
    assert fresh(page).live
