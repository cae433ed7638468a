"""What is locked, moderated, scheduled or stopped is changed by no address; the answer says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask
from wagtail_localize.models import StringTranslation, Translation

from tests.newsroom.content import (
    published_topic,
    segment_at,
    submit,
    target_of,
    translate,
    translation_of,
)
from tests.newsroom.people import browser_of, member, publisher_of, translator_of
from wagtail_localize_desk.access import change_refusal, lock_refusal
from wagtail_localize_desk.models import TranslatedString

pytestmark = pytest.mark.django_db


def lock(target: Any, user: User | None = None) -> None:
    target.locked, target.locked_by, target.locked_at = True, user, timezone.now()
    target.save(update_fields=["locked", "locked_by", "locked_at"])


def moderate(target: Any) -> None:
    """Put the target into a workflow whose reviewers are somebody else."""
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Approval")
    task.groups.set(member().groups.all())
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    target.save_revision()
    workflow.start(target, User.objects.create_user("requester"))


def schedule(target: Any) -> None:
    target.go_live_at = timezone.now() + timedelta(days=1)
    target.save_revision(approved_go_live_at=target.go_live_at)


STATES = {"locked": lock, "moderated": moderate, "scheduled": schedule}


@pytest.fixture
def machine(settings: Any) -> None:
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {
        "CLASS": "wagtail_localize.machine_translators.dummy.DummyTranslator"
    }


def answers(client: Client, job: Translation, path: str) -> dict[str, HttpResponse]:
    """The answers of all addresses that change a translation."""
    segment = segment_at(job.source.get_source_instance(), path)
    target = job.get_target_instance()

    def address(name: str, *args: Any) -> str:
        return reverse(f"wagtail_localize:{name}", args=[job.pk, *args])

    if isinstance(target, Page):
        edit = reverse("wagtailadmin_pages:edit", args=[target.pk])
        delete = reverse("wagtailadmin_pages:delete", args=[target.pk])
    else:
        edit = reverse("wagtailsnippets_newsroom_topic:edit", args=[target.pk])
        delete = reverse("wagtailsnippets_newsroom_topic:delete", args=[target.pk])
    string = address("edit_string_translation", segment.pk)
    form = "application/x-www-form-urlencoded"
    found = {
        "string": client.put(string, "value=Words", content_type=form),
        "string deleted": client.delete(string),
        "upload": client.post(
            address("upload_pofile"),
            {"file": SimpleUploadedFile("a.po", str(job.export_po()).encode())},
        ),
        "machine": client.post(address("machine_translate")),
        "publish": client.post(edit, {"action": "publish"}),
        "delete": client.post(delete),
        "stop": client.post(address("stop_translation")),
    }
    override = job.source.overridablesegment_set.first()
    if override is not None:
        found["override"] = client.put(
            address("edit_override", override.pk), "value=x", content_type=form
        )
    if isinstance(target, Page):
        found["convert"] = client.post(
            reverse("wagtail_localize:convert_to_alias", args=[target.pk])
        )
    return found


def snapshot() -> list[Any]:
    return [
        list(Translation.objects.values()),
        list(StringTranslation.objects.values()),
        list(TranslatedString.objects.order_by("pk").values()),
        list(Page.objects.values("pk", "live", "latest_revision_id", "alias_of_id")),
    ]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.usefixtures("machine")
def test_no_address_changes_a_page_that_cannot_be_changed_now(article, en, english_home, state):
    translate(article, en)
    STATES[state](target_of(article, en))
    job = translation_of(article, en)
    before = snapshot()
    for name, response in answers(browser_of(publisher_of(english_home)), job, "title").items():
        assert response.status_code == 409, name
        text = response.content.decode()
        assert {"locked": "locked", "moderated": "moderation", "scheduled": "scheduled"}[
            state
        ] in text, name
    assert snapshot() == before


@pytest.mark.usefixtures("machine")
def test_a_scheduled_snippet_is_not_changed(home, english_home, en):
    topic = published_topic(home.locale)
    submit(topic, en)
    schedule(target_of(topic, en))
    user = member(models=["change_topic", "publish_topic", "delete_topic"])
    before = snapshot()
    for name, response in answers(browser_of(user), translation_of(topic, en), "name").items():
        assert response.status_code == 409, name
    assert snapshot() == before


@pytest.mark.usefixtures("machine")
def test_without_rights_the_answer_is_403_with_the_reason(article, en, home):
    before = snapshot()
    user = translator_of(home)
    found = answers(browser_of(user), translation_of(article, en), "title")
    # Wagtail's own views redirect to the dashboard.
    for name in {"string", "string deleted", "upload", "machine", "stop"} & found.keys():
        assert found[name].status_code == 403, name
        assert "no right" in found[name].content.decode(), name
    assert snapshot() == before


def test_who_locked_a_page_still_works_on_it(article, en, english_home):
    user = publisher_of(english_home)
    lock(target_of(article, en), user)
    assert change_refusal(user, translation_of(article, en)) is None
    other = change_refusal(translator_of(english_home), translation_of(article, en))
    assert other is not None
    assert str(user) in other.reason
    assert "<" not in other.reason


def test_reviewers_of_the_current_task_may_change_what_is_in_moderation(article, en, english_home):
    target = target_of(article, en)
    moderate(target)
    reviewer = GroupApprovalTask.objects.get(name="Approval").groups.get().user_set.get()
    assert change_refusal(reviewer, translation_of(article, en)) is None
    assert lock_refusal(publisher_of(english_home), target).status == 409


def test_a_stopped_translation_takes_no_strings_until_it_is_restarted(article, en, english_home):
    user = translator_of(english_home)
    job = translation_of(article, en)
    Translation.objects.update(enabled=False)
    segment = segment_at(article, "title")
    string = reverse("wagtail_localize:edit_string_translation", args=[job.pk, segment.pk])
    response = browser_of(user).delete(string)
    assert response.status_code == 409
    assert "Restart" in response.json()["detail"]
    edit = reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])
    browser_of(user).post(edit, {"localize-restart-translation": "on"})
    assert change_refusal(user, translation_of(article, en)) is None


def test_a_locked_translation_is_not_restarted(article, en, english_home):
    Translation.objects.update(enabled=False)
    lock(target_of(article, en))
    edit = reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])
    response = browser_of(publisher_of(english_home)).post(
        edit, {"localize-restart-translation": "on"}
    )
    assert response.status_code == 409
    assert not Translation.objects.get().enabled


def test_the_text_of_a_locked_translation_may_be_read(article, en, english_home):
    lock(target_of(article, en))
    client = browser_of(translator_of(english_home))
    job = translation_of(article, en)
    assert client.get(reverse("wagtail_localize:download_pofile", args=[job.pk])).status_code == 200
    edit = reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])
    assert client.get(edit).status_code == 200


def test_a_sync_publishes_nothing_that_is_locked(article, en):
    translate(article, en)
    lock(target_of(article, en))
    client = browser_of(User.objects.create_superuser("root"))
    address = reverse(
        "wagtail_localize:update_translations", args=[translation_of(article, en).source_id]
    )
    assert client.post(address, {"publish_translations": "on"}).status_code == 409
    assert not target_of(article, en).live
    assert client.post(address, {}).status_code == 302


def test_a_page_is_not_deleted_with_locked_translations_below_it(article, en, english_home):
    lock(target_of(article, en))
    client = browser_of(User.objects.create_superuser("root"))
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    for address in (
        reverse("wagtailadmin_pages:delete", args=[english_home.pk]),
        f"{bulk}?id={english_home.pk}&next=/",
    ):
        assert client.post(address).status_code == 409
    assert Page.objects.filter(pk=english_home.pk).exists()
    assert client.post(reverse("wagtailadmin_pages:delete", args=[article.pk])).status_code == 302
