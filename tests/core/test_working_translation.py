"""Mark a translation as official or as a working translation."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Locale, Page, Workflow, WorkflowTask

from cms.core.working_translation_action import (
    UnfinishedChangesError,
    set_working_translation,
)
from tests.factories import ActFactory, ProfilePageFactory
from tests.snippets.translating import submit_for_translation, translate


def url_of(content: Any) -> str:
    meta = content._meta
    return reverse("working_translation", args=[meta.app_label, meta.model_name, content.pk])


@pytest.fixture(params=[ActFactory, ProfilePageFactory], ids=["snippet", "page"])
def translated(request: pytest.FixtureRequest, english: Locale) -> Any:
    """A live English translation."""
    return translate(request.param(), english)


def test_the_mark_is_set_and_removed(admin: Client, translated: Any) -> None:
    page = admin.get(url_of(translated))
    assert "Tandakan sebagai terjemahan kerja" in page.content.decode()
    assert admin.post(url_of(translated)).status_code == 302
    translated.refresh_from_db()
    assert translated.working_translation
    assert translated.live
    assert not translated.has_unpublished_changes
    assert "Tandakan sebagai rasmi" in admin.get(url_of(translated)).content.decode()
    admin.post(url_of(translated))
    translated.refresh_from_db()
    assert not translated.working_translation


def test_reading_the_page_changes_nothing(admin: Client, translated: Any) -> None:
    admin.get(url_of(translated))
    translated.refresh_from_db()
    assert not translated.working_translation


def test_the_mark_is_published_and_in_the_history(admin: Client, translated: Any) -> None:
    before = translated.last_published_at
    admin.post(url_of(translated))
    translated.refresh_from_db()
    assert translated.last_published_at > before
    assert translated.live_revision.as_object().working_translation


def test_the_mark_of_a_draft_publishes_nothing(english: Locale) -> None:
    draft = submit_for_translation(ActFactory(), english).get_target_instance()
    assert not draft.live
    set_working_translation(draft, True, None)
    draft.refresh_from_db()
    assert not draft.live
    assert draft.working_translation
    assert draft.get_latest_revision_as_object().working_translation


def test_setting_the_mark_does_not_publish_other_changes(admin: Client, translated: Any) -> None:
    translated.title = "An unfinished title"
    translated.save_revision()
    response = admin.post(url_of(translated), follow=True)
    assert "perubahan yang belum diterbitkan" in response.content.decode()
    translated.refresh_from_db()
    assert not translated.working_translation
    assert translated.title != "An unfinished title"


def test_content_in_review_cannot_be_marked(translated: Any, django_user_model: Any) -> None:
    user = django_user_model.objects.create_superuser("penyemak")
    workflow = Workflow.objects.create(name="Semakan")
    task = GroupApprovalTask.objects.create(name="Kelulusan")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    translated.save_revision()
    workflow.start(translated, user)
    translated.refresh_from_db()
    with pytest.raises(UnfinishedChangesError):
        set_working_translation(translated, True, user)


def test_only_publishers_may_set_the_mark(
    client: Client, translated: Any, django_user_model: Any
) -> None:
    user = django_user_model.objects.create_user("pegawai", password="x")
    names = ["access_admin", "change_act", "view_act", "add_act"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    for response in (client.get(url_of(translated)), client.post(url_of(translated))):
        assert response.status_code in (302, 403)
    translated.refresh_from_db()
    assert not translated.working_translation


def test_anonymous_users_are_redirected_to_log_in(client: Client, translated: Any) -> None:
    response = client.post(url_of(translated))
    assert response.status_code == 302
    assert "login" in response["Location"]
    translated.refresh_from_db()
    assert not translated.working_translation


def test_locked_content_cannot_be_marked(
    admin: Client, translated: Any, django_user_model: Any
) -> None:
    other = django_user_model.objects.create_user("lain")
    type(translated).objects.filter(pk=translated.pk).update(locked=True, locked_by=other)
    admin.post(url_of(translated))
    translated.refresh_from_db()
    assert not translated.working_translation


@pytest.mark.parametrize("target", ["auth/user/1", "snippets/nothing/1", "snippets/act/999999"])
def test_only_existing_content_has_the_view(admin: Client, target: str) -> None:
    path = reverse("wagtailadmin_home") + f"working-translation/{target}/"
    assert admin.get(path, follow=True).status_code == 404
    assert admin.post(path, follow=True).status_code == 404


def test_lists_link_to_the_view_only_for_translations(admin: Client, translated: Any) -> None:
    source = translated.get_translations().get()
    if isinstance(translated, Page):
        listing = reverse("wagtailadmin_explore", args=[translated.get_parent().pk])
        source_listing = reverse("wagtailadmin_explore", args=[source.get_parent().pk])
    else:
        listing = reverse(type(translated).snippet_viewset.get_url_name("list"))
        source_listing = listing
    assert url_of(translated) in admin.get(listing).content.decode()
    assert url_of(source) not in admin.get(source_listing).content.decode()


def test_it_redirects_only_within_this_site(admin: Client, translated: Any) -> None:
    response = admin.post(url_of(translated), {"next": "https://jahat.test/"})
    assert "jahat.test" not in response["Location"]
    response = admin.post(url_of(translated), {"next": reverse("wagtailadmin_home")})
    assert response["Location"] == reverse("wagtailadmin_home")
