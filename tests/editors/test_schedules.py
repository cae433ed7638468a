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

from tests.factories import ActFactory, HomePageFactory, StandardPageFactory
from tests.snippets.forms import submit


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
    is_page = isinstance(content, Page)
    edit = (
        reverse("wagtailadmin_pages:edit", args=[content.pk])
        if is_page
        else reverse(content.snippet_viewset.get_url_name("edit"), args=[content.pk])
    )
    return submit(client, edit, {**({"body-count": "0"} if is_page else {}), **values}, action)


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


def test_a_past_date_that_somebody_types_is_refused(admin: Client, content: Any) -> None:
    response = save(admin, content, "action-publish", expire_at=typed(days=-1))
    assert response.status_code == 200
    assert fresh(content).expire_at is None


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
