"""Redirects that Wagtail creates when pages move: only from addresses that were public."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.test.utils.form_data import nested_form_data

from tests.samples import published
from tests.stored import differences, document_of
from tests.test_redirects import resolve
from tests.testapp import models as app
from wagtail_delivery.models import Route

pytestmark = pytest.mark.django_db


def plain(slug: str, parent: Page, *, public: bool = True) -> Any:
    page = app.PlainPage(title=slug, slug=slug, live=False)
    if public:
        return published(page, parent)
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    return again(page)


def again(page: Page) -> Any:
    return Page.objects.get(pk=page.pk).specific


def rename(page: Page, slug: str) -> None:
    page = again(page)
    page.slug = slug
    page.save()


def move(page: Page, target: Page) -> None:
    again(page).move(again(target), pos="last-child")


def publish(page: Page) -> None:
    again(page).save_revision().publish()


def redirected() -> set[str]:
    return set(Redirect.objects.values_list("old_path", flat=True))


def test_a_draft_leaves_no_redirect_wherever_it_was(home: Page) -> None:
    shelf = plain("shelf", home)
    draft = plain("a", home, public=False)
    plain("below", draft, public=False)
    rename(draft, "b")
    move(draft, shelf)
    rename(draft, "c")
    publish(draft)
    assert redirected() == set()
    assert document_of(draft).path == "/shelf/c/"
    for path in ("/a/", "/b/", "/shelf/b/", "/a/below/"):
        assert resolve(path)["answer"] == 404, path
    rename(draft, "d")
    assert redirected() == {"/shelf/c"}
    assert resolve("/shelf/c")["location"] == "/shelf/d/"
    assert differences() == []


def test_a_slug_that_follows_a_title_as_it_is_typed_leaves_no_redirect(home: Page) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("editor", "e@example.org", "x"))
    at = reverse("wagtailadmin_pages:add", args=["testapp", "plainpage", home.pk])
    for title in ("No", "Notice of", "Notice of change"):
        values = {"title": title, "slug": title.lower().replace(" ", "-")}
        form = nested_form_data({**values, "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}})
        assert client.post(at, form).status_code == 302
        page = Page.objects.latest("pk")
        at = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert client.post(at, {**form, "action-publish": "1"}).status_code == 302
    assert document_of(page.specific).path == "/notice-of-change/"
    assert redirected() == set()
    for path in ("/no/", "/notice-of/"):
        assert resolve(path)["answer"] == 404, path


def test_only_descendants_that_were_public_have_redirects(home: Page) -> None:
    parent = plain("parent", home)
    plain("public", parent)
    plain("draft", parent, public=False)
    hidden = plain("hidden", parent, public=False)
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    publish(hidden)
    plain("under-hidden", hidden)
    past = plain("past", parent)
    past.unpublish()
    rename(parent, "moved")
    assert redirected() == {"/parent", "/parent/public"}
    assert resolve("/parent/public/")["location"] == "/moved/public/"
    for path in ("draft", "hidden", "hidden/under-hidden"):
        assert resolve(f"/parent/{path}/")["answer"] == 404, path
    assert resolve("/parent/past/")["answer"] == 410
    publish(past)
    assert resolve("/parent/past/")["location"] == "/moved/past/"
    assert differences() == []


def test_a_live_page_below_a_draft_leaves_no_redirect(home: Page) -> None:
    """It was never public there."""
    draft = plain("draft", home, public=False)
    plain("child", draft)
    rename(draft, "moved")
    assert redirected() == set()
    publish(draft)
    assert resolve("/draft/child/")["answer"] == 404
    assert resolve("/moved/child/")["answer"] == 200
    assert differences() == []


def test_a_page_that_is_moved_while_unpublished_redirects_from_its_public_addresses(
    home: Page,
) -> None:
    page = plain("a", home)
    page.unpublish()
    rename(page, "b")
    rename(page, "c")
    assert redirected() == {"/a"}
    assert resolve("/a/")["answer"] == 410
    publish(page)
    assert resolve("/a/")["location"] == "/c/"
    assert resolve("/b/")["answer"] == 404
    assert differences() == []


def test_a_draft_at_the_past_address_of_another_page_leaves_that_page_its_address(
    home: Page,
) -> None:
    page = plain("a", home)
    rename(page, "moved")
    draft = plain("a", home, public=False)
    rename(draft, "b")
    publish(draft)
    assert resolve("/a/")["location"] == "/moved/"
    assert set(Redirect.objects.values_list("redirect_page", flat=True)) == {page.pk}
    assert differences() == []


def test_an_alias_redirects_only_from_its_own_public_addresses(home: Page) -> None:
    page, draft = plain("page", home), plain("draft", home, public=False)
    alias = page.create_alias(update_slug="alias")
    of_draft = draft.create_alias(update_slug="of-draft")
    rename(alias, "alias-2")
    rename(of_draft, "of-draft-2")
    assert redirected() == {"/alias"}
    assert resolve("/alias/")["location"] == "/alias-2/"
    publish(draft)
    assert resolve("/of-draft/")["answer"] == 404
    assert differences() == []


def test_sites_have_addresses_of_their_own(home: Page, second_site: Site) -> None:
    """What was public at a path of one site was not public at that path of another."""
    there = again(second_site.root_page)
    publish(there)
    page = plain("page", home)
    draft = plain("page", there, public=False)
    rename(draft, "draft")
    publish(draft)
    assert redirected() == set()
    assert resolve("/page/", site="second.example:8080")["answer"] == 404
    move(page, there)
    rename(page, "moved")
    answer = resolve("/page/")
    assert (answer["location"], answer["site"]) == ("/moved/", "second.example:8080")
    assert resolve("/page/", site="second.example:8080")["location"] == "/moved/"
    assert differences() == []


def test_past_addresses_follow_a_site_that_is_renamed_or_becomes_the_default(
    home: Page, second_site: Site
) -> None:
    there = again(second_site.root_page)
    publish(there)
    page = plain("page", there)
    rename(page, "moved")
    second_site.hostname = "renamed.example"
    second_site.save()
    for name in ("second.example:8080", "renamed.example:8080"):
        assert resolve("/page/", site=name)["location"] == "/moved/"
    assert resolve("/page/")["answer"] == 404
    Site.objects.filter(is_default_site=True).get().delete()
    second_site.is_default_site = True
    second_site.save()
    assert resolve("/page/")["location"] == "/moved/"
    assert resolve("/moved/")["title"] == "page"
    assert differences() == []


@pytest.fixture
def older(home: Page) -> Any:
    """A public page, with redirects that Wagtail created before this package kept it from that."""
    page = plain("page", home)
    rename(page, "moved")
    site = Site.objects.get(is_default_site=True)
    Redirect.objects.all().delete()
    Redirect.objects.bulk_create(
        Redirect(old_path=path, site=site, redirect_page=page, automatically_created=True)
        for path in ("/page", "/draft", "/other/draft")
    )
    call_command("delivery_rebuild", verbosity=0)
    return again(page)


def test_an_older_redirect_from_an_address_that_never_was_public_is_not_delivered(
    older: Any,
) -> None:
    for _ in ("as rebuilt", "as changed"):
        assert resolve("/page/")["location"] == "/moved/"
        for path in ("/draft", "/draft/", "/other/draft/"):
            assert resolve(path)["answer"] == 404, path
        assert differences() == []
        older.save_revision().publish()
        Redirect.objects.get(old_path="/draft").save()


def test_an_automatic_redirect_that_an_editor_changes_is_the_editors_own(older: Any) -> None:
    redirect = Redirect.objects.get(old_path="/draft")
    redirect.redirect_page, redirect.redirect_link = None, "https://example.org/"
    redirect.save()
    assert not Redirect.objects.get(old_path="/draft").automatically_created
    assert resolve("/draft")["location"] == "https://example.org/"
    redirect.redirect_page, redirect.redirect_link = older, ""
    redirect.save()
    assert resolve("/draft")["location"] == "/moved/"
    assert differences() == []


def test_an_editors_redirect_from_any_address_is_delivered(home: Page) -> None:
    draft = plain("draft", home, public=False)
    Redirect.add_redirect("/draft", redirect_to=draft)
    rename(draft, "moved")
    publish(draft)
    assert resolve("/draft/")["location"] == "/moved/"
    assert differences() == []


def test_routes_below_a_routable_page_redirect_if_the_page_was_public(
    home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.RoutableIndexPage, "get_route_paths", lambda _: ["/", "/year/2026/"])
    page = app.RoutableIndexPage(title="Years", slug="draft", live=False)
    home.add_child(instance=page)
    rename(page, "years")
    publish(page)
    assert redirected() == set()
    rename(page, "moved")
    assert redirected() == {"/years", "/years/year/2026"}
    assert resolve("/years/year/2026/")["location"] == "/moved/year/2026/"
    Redirect.objects.bulk_create(
        [
            Redirect(
                old_path="/draft/year/2026",
                site=Site.objects.get(is_default_site=True),
                redirect_page=page,
                redirect_page_route_path="/year/2026/",
                automatically_created=True,
            )
        ]
    )
    call_command("delivery_rebuild", verbosity=0)
    assert resolve("/draft/year/2026/")["answer"] == 404
    assert differences() == []


def test_redirects_remain_when_a_page_changes_its_slug_and_not_its_address(home: Page) -> None:
    """Wagtail deletes all automatically created redirects if it has none to create."""
    page = plain("page", home)
    rename(page, "moved")
    other = published(app.ElsewherePage(title="Else", slug="else", address="there"), home)
    rename(other, "elsewhere")
    draft = plain("draft", home, public=False)
    rename(draft, "draft-2")
    assert redirected() == {"/page"}


def test_past_addresses_are_remembered_when_the_store_is_built_again(home: Page) -> None:
    page = plain("page", home)
    rename(page, "moved")
    Redirect.objects.all().delete()
    before = set(Route.objects.values_list("path", flat=True))
    call_command("delivery_rebuild", verbosity=0)
    assert set(Route.objects.values_list("path", flat=True)) == before
    assert resolve("/page/")["location"] == "/moved/"
