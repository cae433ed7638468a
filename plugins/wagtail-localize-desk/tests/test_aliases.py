"""An alias of a page in another locale is never public."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.checks import run_checks
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page
from wagtail.signals import page_unpublished
from wagtail_localize.models import LocaleSynchronization
from wagtail_localize.synctree import create_aliases_for_new_page

from tests.newsroom.content import (
    published_article,
    republish,
    submit,
    target_of,
    translate,
    translation_of,
)
from tests.newsroom.models import Article
from wagtail_localize_desk.aliases import shows_another_locale

pytestmark = pytest.mark.django_db


def public_aliases() -> list[Page]:
    return list(Page.objects.filter(alias_of__isnull=False, live=True))


def test_aliases_of_a_synced_tree_are_drafts(home, ms, en):
    published_article(home)
    LocaleSynchronization.objects.create(locale=en, sync_from=ms)
    assert Page.objects.filter(locale=en, alias_of__isnull=False).count() == 2
    assert public_aliases() == []

    create_aliases_for_new_page(published_article(home, slug="dua"))
    assert Page.objects.filter(locale=en, alias_of__isnull=False).count() == 3
    assert public_aliases() == []


def test_republishing_the_original_does_not_publish_its_alias(home, ms, en):
    article = published_article(home)
    LocaleSynchronization.objects.create(locale=en, sync_from=ms)
    republish(article, title="Lain")
    assert target_of(article, en).title == "Lain"
    assert public_aliases() == []


def test_an_alias_of_an_alias_in_another_locale_is_not_public(home, ms, en):
    article = published_article(home)
    LocaleSynchronization.objects.create(locale=en, sync_from=ms)
    alias = target_of(article, en)
    second = alias.create_alias(update_slug="copy", parent=alias.get_parent())
    assert shows_another_locale(second)
    republish(article, title="Lain")
    assert public_aliases() == []


def test_an_alias_that_comes_back_to_the_locale_of_its_page_is_public(home, ms, en):
    article = published_article(home)
    LocaleSynchronization.objects.create(locale=en, sync_from=ms)
    back = target_of(article, en).create_alias(update_slug="balik", parent=home, update_locale=ms)
    assert not shows_another_locale(back)
    republish(article, title="Lain")
    assert public_aliases() == [Page.objects.get(pk=back.pk)]


def test_an_alias_in_the_same_locale_stays_public(home):
    article = published_article(home)
    alias = article.create_alias(update_slug="lagi", parent=home)
    assert not shows_another_locale(alias)
    republish(article, title="Lain")
    assert public_aliases() == [Page.objects.get(pk=alias.pk)]


def test_a_translation_converted_to_an_alias_is_unpublished(client, home, english_home, en):
    client.force_login(User.objects.create_superuser("admin", password="x"))
    article = published_article(home)
    submit(article, en)
    translate(article, en)
    translation_of(article, en).save_target(publish=True)
    page = target_of(article, en)
    unpublished_pages = []

    def receiver(sender, instance, **kwargs):
        unpublished_pages.append(instance.pk)

    page_unpublished.connect(receiver)
    try:
        response = client.post(reverse("wagtail_localize:convert_to_alias", args=[page.pk]))
    finally:
        page_unpublished.disconnect(receiver)

    assert response.status_code == 302
    page.refresh_from_db()
    assert page.alias_of_id == article.pk
    assert not page.live
    assert unpublished_pages == [page.pk]


@pytest.mark.parametrize("rights", [("change",), ("add", "change"), ("change", "lock")])
def test_conversion_to_an_alias_requires_the_right_to_publish(
    client, home, english_home, en, rights
):
    article = published_article(home)
    submit(article, en)
    translate(article, en)
    translation_of(article, en).save_target(publish=True)
    page = target_of(article, en)
    translator = User.objects.create_user("translator", password="x")
    group = Group.objects.create(name="translators")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for right in rights:
        permission = Permission.objects.get(codename=f"{right}_page")
        GroupPagePermission.objects.create(group=group, page=english_home, permission=permission)
    translator.groups.add(group)
    client.force_login(translator)
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200

    url = reverse("wagtail_localize:convert_to_alias", args=[page.pk])
    for send in (client.get, client.post):
        # On PermissionDenied, Wagtail redirects to the dashboard with a message.
        assert send(url)["Location"] == reverse("wagtailadmin_home")
    translation = translation_of(article, en)
    translation.enabled = False
    translation.save()
    menu = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "localize-convert-to-alias" not in menu
    before, page = page, target_of(article, en)
    assert page.live
    assert (page.alias_of_id, page.title) == (None, before.title)
    client.force_login(User.objects.create_superuser("admin", password="x"))
    menu = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "localize-convert-to-alias" in menu


def test_the_check_reports_aliases_from_before_the_plugin(home, ms, en):
    article = published_article(home)
    LocaleSynchronization.objects.create(locale=en, sync_from=ms)
    assert run_checks(tags=["database"], databases=["default"]) == []
    Article.objects.filter(alias_of=article).update(live=True)
    same_locale = article.create_alias(update_slug="lagi", parent=home)
    assert same_locale.live

    found = run_checks(tags=["database"], databases=["default"])

    assert [message.id for message in found] == ["wagtail_localize_desk.E004"]
    assert target_of(article, en).url_path in found[0].msg
    assert "Unpublish" in found[0].hint
