"""Visibility of aliases: never public before their source, and as private as it is."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import Page, PageViewRestriction

from tests.clock import time_is
from tests.samples import published, reloaded
from tests.stored import body_of, differences, document_of
from tests.testapp import models as app

pytestmark = pytest.mark.django_db


@pytest.fixture
def parent(home: Page) -> app.PlainPage:
    return published(app.PlainPage(title="Parent", slug="parent"), home)


@pytest.fixture
def page(parent: app.PlainPage) -> app.EventPage:
    return published(app.EventPage(title="Event", slug="event", type="talk"), parent)


def alias_of(page: Page, parent: Page, slug: str) -> Any:
    return reloaded(page).create_alias(parent=reloaded(parent), update_slug=slug)


def restrict(page: Page, **how: Any) -> PageViewRestriction:
    how = how or {"restriction_type": PageViewRestriction.LOGIN}
    return PageViewRestriction.objects.create(page_id=page.pk, **how)


def test_an_alias_of_a_private_page_is_private(page: app.EventPage, home: Page) -> None:
    """So are its descendants and aliases of it, whichever of them is created first."""
    early = alias_of(page, home, "early")
    of_alias = alias_of(early, home, "of-alias")
    below = published(app.PlainPage(title="Below", slug="below"), reloaded(early))
    assert None not in [document_of(shown) for shown in (early, of_alias, below)]

    restriction = restrict(page)
    late = alias_of(page, home, "late")
    shown = (page, early, of_alias, below, late)
    assert [document_of(one) for one in shown] == [None] * 5
    assert differences() == []

    restriction.delete()
    assert None not in [document_of(one) for one in shown]
    assert differences() == []


def test_an_alias_does_not_inherit_privacy_from_its_sources_ancestors(
    page: app.EventPage, parent: app.PlainPage, home: Page
) -> None:
    """As in Wagtail, only the location of the alias counts."""
    restrict(parent)
    alias = alias_of(page, home, "outside")
    assert not reloaded(alias).get_view_restrictions()
    assert body_of(alias)["path"] == "/outside/"
    assert differences() == []


def test_converting_an_alias_into_a_page_keeps_it_private(page: app.EventPage, home: Page) -> None:
    alias = alias_of(page, home, "alias")
    of_alias = alias_of(alias, home, "of-alias")
    below = published(app.PlainPage(title="Below", slug="below"), reloaded(alias))
    readers = Group.objects.create(name="Readers")
    restrict(page, restriction_type=PageViewRestriction.GROUPS).groups.add(readers)

    ConvertAliasPageAction(reloaded(alias)).execute(skip_permission_checks=True)
    assert reloaded(alias).live
    (kept,) = PageViewRestriction.objects.filter(page=alias.pk)
    assert (kept.restriction_type, [*kept.groups.all()]) == ("groups", [readers])
    assert [document_of(one) for one in (alias, of_alias, below)] == [None] * 3
    assert reloaded(of_alias).get_view_restrictions()
    assert differences() == []


@pytest.mark.parametrize("alias_first", [True, False])
def test_deleting_a_private_page_withdraws_its_alias(
    alias_first: bool, page: app.EventPage, home: Page
) -> None:
    alias = alias_of(page, home, "alias")
    of_alias = alias_of(alias, home, "of-alias")
    restrict(page)
    for deleted in (alias, page) if alias_first else (page, alias):
        reloaded(deleted).delete()
        assert not reloaded(of_alias).live
        assert document_of(of_alias) is None
    assert differences() == []


@pytest.mark.parametrize("now", ["new", None])
def test_a_restriction_copied_to_an_alias_has_no_effect(
    now: str | None, page: app.EventPage, home: Page
) -> None:
    """Wagtail copies the page's restriction to the alias, and then ignores the copy."""
    restriction = restrict(page, restriction_type=PageViewRestriction.PASSWORD, password="old")
    alias = alias_of(page, home, "alias")
    assert PageViewRestriction.objects.filter(page=alias.pk, password="old")
    if now:
        restriction.password = now
        restriction.save()
    else:
        restriction.delete()
    ConvertAliasPageAction(reloaded(alias)).execute(skip_permission_checks=True)
    kept = reloaded(alias).get_view_restrictions()
    assert [one.password for one in kept] == ([now] if now else [])
    assert (document_of(alias) is None) is bool(now)
    assert differences() == []


def test_an_alias_of_a_scheduled_page_is_not_public_before_it(
    parent: app.PlainPage, home: Page
) -> None:
    """Wagtail publishes the alias at once, with the scheduled content."""
    page = app.EventPage(title="Old", slug="waiting", type="talk", live=False)
    parent.add_child(instance=page)
    alias = page.create_alias(parent=home, update_slug="elsewhere")
    page.title = "Secret"
    page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    page.save_revision().publish()
    alias = reloaded(alias)
    assert (alias.live, alias.title) == (False, "Old")
    assert document_of(alias) is None

    with time_is(page.go_live_at + datetime.timedelta(minutes=1)):
        call_command("publish_scheduled")
    alias = reloaded(alias)
    assert (alias.live, alias.title) == (True, "Secret")
    assert body_of(alias)["title"] == body_of(reloaded(page))["title"] == "Secret"
    assert differences() == []
