"""Who wrote a change cannot publish it alone: every way that we know to get past it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from wagtail.log_actions import registry as log_registry
from wagtail.models import (
    GroupApprovalTask,
    Locale,
    Page,
    Revision,
    Task,
    Workflow,
    WorkflowTask,
)
from wagtail.users.models import UserProfile
from wagtail_localize.models import (
    String,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from cms.core.working_translation_action import set_working_translation
from cms.editors.groups import ensure_groups
from cms.editors.second_person import rule
from cms.editors.second_person.authorship import _text, writers
from cms.pages.models import HomePage, StandardPage
from cms.snippets.models import Act
from tests.factories import ActFactory, HomePageFactory, StandardPageFactory
from tests.snippets.forms import submit

Attempt = Callable[["World", Client, StandardPage], Any]


class World:
    """A home page, with an officer, two publishers and an administrator."""

    def __init__(self, home: HomePage) -> None:
        self.home = home
        ensure_groups()
        self.officer = account("aminah", "Pegawai Komunikasi")
        self.publisher = account("badrul", "Penerbit")
        self.other = account("chandra", "Penerbit")
        self.administrator = account("devi", "Pentadbir")

    def page(self) -> StandardPage:
        """A public page that nobody in particular wrote."""
        page = StandardPageFactory(parent=self.home, locale=self.home.locale)
        page.save_revision().publish()
        return StandardPage.objects.get(pk=page.pk)


def account(name: str, group: str) -> Client:
    client = Client()
    client.user = User.objects.create_user(name, f"{name}@example.test", first_name=name.title())
    client.user.groups.add(Group.objects.get(name=group))
    client.force_login(client.user)
    return client


@pytest.fixture(scope="module")
def shared_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for the module; what a test changes in it is rolled back after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(HomePageFactory(locale=Locale.get_default()))
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world: World, db: None) -> World:
    return shared_world


def fresh(content: Any) -> Any:
    return type(content)._base_manager.get(pk=content.pk)


def edit(content: Any) -> str:
    if isinstance(content, Page):
        return reverse("wagtailadmin_pages:edit", args=[content.pk])
    return reverse(content.snippet_viewset.get_url_name("edit"), args=[content.pk])


def write(client: Client, content: Any, title: str, action: str = "", **values: Any) -> Any:
    """Change the title in the editor; returns the response, messages and all."""
    response = send(client, content, {"title": title, **values}, action)
    return client.get(response.url) if response.status_code == 302 else response


def send(client: Client, content: Any, values: dict[str, Any], action: str = "") -> Any:
    """Submit the form of the editor with the blocks that its scripts would add: none."""
    blocks = {"body-count": "0"} if isinstance(content, Page) else {}
    return submit(client, edit(content), {**blocks, **values}, action)


def publish(client: Client, content: Any, **values: Any) -> Any:
    """Press "Publish" without a change."""
    return send(client, content, values, "action-publish")


def is_public(content: Any, title: str) -> bool:
    current = fresh(content)
    return bool(current.live and current.title == title)


def alone(content: Any) -> list[str]:
    """Who used the exception, from the log."""
    entries = log_registry.get_logs_for_instance(content).filter(action=rule.LOG_ACTION)
    return [entry.user.username for entry in entries]


# The path that is meant


@pytest.mark.parametrize("factory", [StandardPageFactory, ActFactory])
def test_an_officer_writes_and_a_publisher_publishes(world: World, factory: Any) -> None:
    content = factory(locale=world.home.locale)
    content.save_revision().publish()
    write(world.officer, content, "Ditulis pegawai", "action-submit")
    assert not is_public(content, "Ditulis pegawai")
    publish(world.publisher, content)
    assert is_public(content, "Ditulis pegawai")
    assert alone(content) == []


def test_a_publisher_schedules_what_an_officer_wrote(world: World) -> None:
    page = world.page()
    write(world.officer, page, "Esok")
    at = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    publish(world.publisher, page, go_live_at=at)
    assert fresh(page).scheduled_revision is not None
    Revision.objects.filter(approved_go_live_at__isnull=False).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1)
    )
    Page.objects.filter(pk=page.pk).update(go_live_at=None)
    revision = fresh(page).scheduled_revision
    revision.content["go_live_at"] = None
    revision.save()
    call_command("publish_scheduled")
    assert is_public(page, "Esok")


# Ways past it, each by a publisher who wrote the change


def by_button(world: World, client: Client, page: StandardPage) -> None:
    write(client, page, "Sendiri", "action-publish")


def by_button_later(world: World, client: Client, page: StandardPage) -> None:
    write(client, page, "Sendiri")
    publish(client, page)


def after_a_colleague_saved_it_again(world: World, client: Client, page: StandardPage) -> None:
    write(client, page, "Sendiri")
    send(world.officer, page, {})
    publish(client, page)


def after_a_colleague_changed_something_else(
    world: World, client: Client, page: StandardPage
) -> None:
    write(client, page, "Sendiri")
    send(world.officer, page, {"search_description": "Huraian"})
    publish(client, page)


def by_approving_their_own_submission(world: World, client: Client, page: StandardPage) -> None:
    write(client, page, "Sendiri", "action-submit")
    approve(client, page)


def by_approving_what_an_officer_submitted_for_them(
    world: World, client: Client, page: StandardPage
) -> None:
    write(client, page, "Sendiri")
    send(world.officer, page, {}, "action-submit")
    approve(client, page)


def by_changing_it_while_approving(world: World, client: Client, page: StandardPage) -> None:
    write(world.officer, page, "Pegawai", "action-submit")
    approve(client, page, title="Sendiri")


def by_the_dialog_for_comments(world: World, client: Client, page: StandardPage) -> None:
    write(client, page, "Sendiri", "action-submit")
    state = fresh(page).current_workflow_task_state
    client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]),
        {"comment": "Baik"},
    )


def by_cancelling_the_workflow_and_publishing(
    world: World, client: Client, page: StandardPage
) -> None:
    write(client, page, "Sendiri", "action-submit")
    send(client, page, {}, "action-cancel-workflow")
    publish(client, page)


def in_bulk(world: World, client: Client, page: StandardPage) -> None:
    write(client, page, "Sendiri")
    bulk_publish(client, page)


def in_bulk_with_the_parent(world: World, client: Client, page: StandardPage) -> None:
    page.unpublish()
    write(client, page, "Sendiri")
    bulk_publish(client, world.home, include_descendants="on")


def by_a_schedule(world: World, client: Client, page: StandardPage) -> None:
    at = timezone.localtime() + timedelta(days=1)
    values = {"go_live_at": at.strftime("%Y-%m-%d %H:%M")}
    write(client, page, "Sendiri", "action-publish", **values)
    assert fresh(page).scheduled_revision is None
    call_command("publish_scheduled")


def by_the_admin_api(world: World, client: Client, page: StandardPage) -> None:
    write(client, page, "Sendiri")
    response = client.post(reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"]))
    assert response.status_code == 403


def by_reverting(world: World, client: Client, page: StandardPage) -> None:
    write(client, page, "Sendiri")
    own = fresh(page).latest_revision
    publish(world.other, page)
    write(world.other, page, "Dibetulkan", "action-save")
    publish(client, page)
    assert is_public(page, "Dibetulkan")
    address = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, own.pk])
    submit(client, address, {"body-count": "0"}, "action-publish")


def by_an_older_revision(world: World, client: Client, page: StandardPage) -> None:
    write(client, page, "Sendiri")
    own = fresh(page).latest_revision
    write(world.officer, page, "Pegawai")
    publish(world.other, page)
    with pytest.raises(rule.SecondPersonRequiredError):
        own.publish(user=client.user, skip_permission_checks=True)


def by_overwriting_what_a_colleague_approved(
    world: World, client: Client, page: StandardPage
) -> None:
    """An editor that stayed open overwrites the revision that it saved last, now a public one."""
    write(client, page, "Disemak", "action-submit")
    approve(world.other, page)
    assert is_public(page, "Disemak")
    revision = fresh(page).latest_revision
    assert revision.user == client.user
    write(client, page, "Sendiri", overwrite_revision_id=str(revision.pk))
    assert fresh(page).latest_revision == revision
    bulk_publish(client, page)
    publish(client, page)


def after_taking_it_offline(world: World, client: Client, page: StandardPage) -> None:
    write(client, page, "Sendiri")
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert not fresh(page).live
    publish(client, page)


def by_a_copy(world: World, client: Client, page: StandardPage) -> None:
    client.post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {
            "new_title": "Sendiri",
            "new_slug": "sendiri",
            "new_parent_page": world.home.pk,
            "publish_copies": "on",
        },
    )
    copy = Page.objects.filter(slug="sendiri").first()
    assert copy is None or not copy.live
    write(client, page, "Sendiri")


def by_the_api_for_copies(world: World, client: Client, page: StandardPage) -> None:
    client.post(
        reverse("wagtailadmin_api:pages:action", args=[page.pk, "copy"]),
        {"keep_live": "true", "slug": "sendiri", "title": "Sendiri"},
    )
    assert not Page.objects.filter(slug="sendiri", live=True).exists()
    client.post(
        reverse("wagtailadmin_api:pages:action", args=[page.pk, "create_alias"]),
        {"update_slug": "cermin"},
    )
    assert not Page.objects.filter(slug="cermin", live=True).exists()


WAYS = [
    by_button,
    by_button_later,
    after_a_colleague_saved_it_again,
    after_a_colleague_changed_something_else,
    by_approving_their_own_submission,
    by_approving_what_an_officer_submitted_for_them,
    by_changing_it_while_approving,
    by_the_dialog_for_comments,
    by_cancelling_the_workflow_and_publishing,
    in_bulk,
    in_bulk_with_the_parent,
    by_a_schedule,
    by_the_admin_api,
    by_reverting,
    by_an_older_revision,
    by_overwriting_what_a_colleague_approved,
    after_taking_it_offline,
    by_a_copy,
    by_the_api_for_copies,
]


def approve(client: Client, content: Any, **values: Any) -> Any:
    """Press "Approve" in the editor."""
    fields = {"workflow-action-name": "approve", "action-workflow-action": "true", **values}
    return send(client, content, fields)


def bulk_publish(client: Client, *pages: Page, **values: Any) -> Any:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    query = "&".join(f"id={page.pk}" for page in pages)
    home = reverse("wagtailadmin_home")
    return client.post(f"{address}?{query}&next={home}", values, follow=True)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_publisher_cannot_publish_what_they_wrote(world: World, way: Attempt) -> None:
    page = world.page()
    way(world, world.publisher, page)
    assert not is_public(page, "Sendiri")


@pytest.mark.parametrize("way", [by_button, by_button_later, after_a_colleague_saved_it_again])
def test_nor_an_entry(world: World, way: Attempt) -> None:
    act: Any = ActFactory(locale=world.home.locale)
    act.save_revision().publish()
    way(world, world.publisher, act)
    assert not is_public(act, "Sendiri")
    way(world, world.administrator, act)
    assert is_public(act, "Sendiri")


def test_nor_something_new(world: World) -> None:
    address = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", world.home.pk])
    values = {"title": "Baharu", "slug": "baharu", "body-count": "0"}
    submit(world.publisher, address, values, "action-publish")
    assert not StandardPage.objects.get(slug="baharu").live
    address = reverse(Act.snippet_viewset.get_url_name("add"))
    values = {"title": "Akta Baharu", "number": "1", "year": "2024", "status": "unknown"}
    response = submit(world.publisher, address, values, "action-publish")
    assert response.status_code == 302
    act = Act.objects.get(title="Akta Baharu")
    assert not act.live
    assert act.latest_revision.user == world.publisher.user


def test_a_colleague_publishes_what_a_publisher_wrote(world: World) -> None:
    page = world.page()
    write(world.publisher, page, "Berdua")
    publish(world.other, page)
    assert is_public(page, "Berdua")
    assert alone(page) == []


def test_what_was_public_goes_online_again_by_anybody_who_may_publish(world: World) -> None:
    """An emergency ends as quickly as it began: the text has been reviewed."""
    page = world.page()
    write(world.publisher, page, "Disemak")
    publish(world.other, page)
    write(world.other, page, "Disemak lagi")
    publish(world.publisher, page)
    for client in (world.publisher, world.other):
        client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
        assert not fresh(page).live
        publish(client, page)
        assert is_public(page, "Disemak lagi")


def test_text_changed_back_has_no_author(world: World) -> None:
    page = world.page()
    title = page.title
    write(world.publisher, page, "Tersilap")
    revision = fresh(page).latest_revision
    write(world.publisher, page, title, overwrite_revision_id=str(revision.pk))
    assert writers(fresh(page)) == set()


# What is said


def test_a_refused_publish_keeps_the_text_and_says_whom_to_ask(world: World) -> None:
    page = world.page()
    html = write(world.publisher, page, "Sendiri", "action-publish").content.decode()
    assert fresh(page).get_latest_revision_as_object().title == "Sendiri"
    assert "disimpan sebagai draf" in html
    assert "Chandra" in html


@pytest.mark.parametrize("factory", [StandardPageFactory, ActFactory])
def test_the_menu_says_so_before_anybody_presses(world: World, factory: Any) -> None:
    content = factory(locale=world.home.locale)
    content.save_revision().publish()

    def menu(client: Client) -> tuple[bool, str]:
        page = BeautifulSoup(client.get(edit(content)).content, "html.parser")
        reason = page.find(class_="second-person")
        return (
            page.find(attrs={"name": "action-publish"}) is not None,
            reason.get_text(strip=True) if reason else "",
        )

    publishes, hint = menu(world.publisher)
    assert publishes
    assert "orang kedua" in hint
    write(world.publisher, content, "Sendiri")
    publishes, reason = menu(world.publisher)
    assert not publishes
    assert "Chandra" in reason
    assert "Badrul" not in reason
    assert menu(world.other)[0]
    publishes, reason = menu(world.officer)
    assert not publishes
    assert "Chandra" in reason


def test_the_form_for_something_new_says_so(world: World) -> None:
    page = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", world.home.pk])
    act = reverse(Act.snippet_viewset.get_url_name("add"))
    for address in (page, act):
        html = world.publisher.get(address).content.decode()
        assert 'name="action-publish"' not in html
        assert "Chandra" in html
        assert 'name="action-publish"' in world.administrator.get(address).content.decode()


def test_in_bulk_one_message_names_each(world: World) -> None:
    own, of_officer = world.page(), world.page()
    write(world.publisher, own, "Milik sendiri")
    write(world.officer, of_officer, "Milik pegawai")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    html = world.publisher.get(f"{address}?id={own.pk}&id={of_officer.pk}").content.decode()
    assert "Chandra" in html
    html = bulk_publish(world.publisher, own, of_officer).content.decode()
    messages = BeautifulSoup(html, "html.parser").select(".messages li[class]")
    [message] = [each for each in messages if "Milik" in each.get_text()]
    assert "Milik sendiri" in message.get_text()
    assert "Milik pegawai" in message.get_text()
    assert is_public(of_officer, "Milik pegawai")
    assert not is_public(own, "Milik sendiri")


# The exception


@pytest.mark.parametrize("way", [by_button, by_button_later, in_bulk, by_reverting])
def test_an_administrator_may_and_it_is_logged(world: World, way: Attempt) -> None:
    page = world.page()
    way(world, world.administrator, page)
    assert is_public(page, "Sendiri")
    assert set(alone(page)) == {"devi"}


def test_an_administrator_who_reviewed_it_uses_no_exception(world: World) -> None:
    page = world.page()
    write(world.officer, page, "Pegawai")
    publish(world.administrator, page)
    assert is_public(page, "Pegawai")
    assert alone(page) == []


def test_the_button_of_the_exception_says_what_it_does(world: World) -> None:
    page = world.page()
    write(world.administrator, page, "Sendiri")
    html = world.administrator.get(edit(page)).content.decode()
    assert "Terbitkan tanpa orang kedua" in html


def test_a_public_copy_by_an_administrator_is_logged(world: World) -> None:
    page = world.page()
    values = {"new_title": "Salinan", "new_slug": "salinan", "new_parent_page": world.home.pk}
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])
    world.administrator.post(address, {**values, "publish_copies": "on"})
    copy = Page.objects.get(slug="salinan")
    assert copy.live
    assert alone(copy) == ["devi"]


def test_the_right_can_be_given_to_a_group(world: World) -> None:
    group = Group.objects.get(name="Penerbit")
    html = world.administrator.get(reverse("wagtailusers_groups:edit", args=[group.pk]))
    assert "tanpa orang kedua" in html.content.decode()
    assert not world.publisher.user.has_perm(rule.PERMISSION)
    assert world.administrator.user.has_perm(rule.PERMISSION)


def test_the_rule_can_be_turned_off(world: World, settings: Any) -> None:
    settings.REVIEW_BY_SECOND_PERSON = False
    page = world.page()
    write(world.publisher, page, "Sendiri", "action-publish")
    assert is_public(page, "Sendiri")
    assert alone(page) == []


def test_programs_publish_what_they_write(world: World) -> None:
    page = world.page()
    page.title = "Daripada fail"
    page.save_revision().publish()
    assert is_public(page, "Daripada fail")


# Workflows of several steps


def test_the_author_approves_no_step(world: World) -> None:
    workflow = Workflow.objects.get(name="Semakan dan penerbitan")
    second = GroupApprovalTask.objects.create(name="Semakan kedua")
    second.groups.set(Group.objects.filter(name="Penerbit"))
    WorkflowTask.objects.create(workflow=workflow, task=second, sort_order=1)
    page = world.page()
    write(world.publisher, page, "Sendiri", "action-submit")
    approve(world.other, page)
    assert fresh(page).current_workflow_task_state.task.name == "Semakan kedua"
    approve(world.publisher, page)
    assert not is_public(page, "Sendiri")
    approve(world.other, page)
    assert is_public(page, "Sendiri")


def test_disabling_a_step_publishes_nothing_of_ones_own(world: World) -> None:
    page = world.page()
    write(world.publisher, page, "Sendiri", "action-submit")
    task = Task.objects.get(name="Kelulusan Penerbit").specific
    with pytest.raises(rule.SecondPersonRequiredError):
        task.deactivate(user=world.publisher.user)
    assert not is_public(page, "Sendiri")


# Translations


@pytest.fixture
def translation(world: World, english: Locale) -> Translation:
    HomePageFactory(locale=english, translation_key=world.home.translation_key)
    ensure_groups()
    page = world.page()
    source, _created = TranslationSource.get_or_create_from_instance(page)
    made = Translation.objects.create(source=source, target_locale=english)
    made.save_target(publish=False)
    return made


def translate(translation: Translation, client: Client, text: str) -> None:
    for segment in StringSegment.objects.filter(source=translation.source):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={
                "data": text,
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "last_translated_by": client.user,
            },
        )


def publish_translation(translation: Translation, client: Client) -> bool:
    target = translation.get_target_instance()
    client.post(edit(target), {"action": "publish"})
    return bool(fresh(target).live)


def test_a_publisher_publishes_what_a_translator_wrote(
    world: World, translation: Translation
) -> None:
    translate(translation, world.officer, "Written by somebody else")
    assert publish_translation(translation, world.publisher)
    assert translation.get_target_instance().title == "Written by somebody else"


def test_whoever_translated_a_string_does_not_publish_it(
    world: World, translation: Translation
) -> None:
    translate(translation, world.publisher, "Own words")
    translation.save_target(user=world.officer.user, publish=False)
    assert not publish_translation(translation, world.publisher)
    target = translation.get_target_instance()
    bulk_publish(world.publisher, target)
    assert not fresh(target).live
    assert publish_translation(translation, world.other)


def test_the_translators_screen_says_it_before_anybody_presses_a_button(
    world: World, translation: Translation
) -> None:
    translate(translation, world.publisher, "Own words")

    def shown(client: Client) -> tuple[bool, str]:
        html = BeautifulSoup(
            client.get(edit(translation.get_target_instance())).content, "html.parser"
        )
        reason = html.find(class_="second-person")
        can_publish = html.select_one(".desk-footer [name=action][value=publish]") is not None
        return can_publish, reason.get_text(strip=True) if reason else ""

    assert not shown(world.publisher)[0]
    translation.save_target(user=world.other.user, publish=True)
    assert shown(world.publisher) == (True, "")
    translate(translation, world.publisher, "Own words again")
    can_publish, reason = shown(world.publisher)
    assert not can_publish, "though no revision has the words yet"
    assert reason == rule.refusal(world.publisher.user, translation.get_target_instance())
    assert "Chandra" in reason
    assert shown(world.other) == (True, "")


def test_a_draft_of_ones_own_is_not_published_as_a_translation(
    world: World, english: Locale
) -> None:
    HomePageFactory(locale=english, translation_key=world.home.translation_key)
    ensure_groups()
    page = world.page()
    client = world.publisher
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    write(client, page, "Words of mine")
    source, _created = TranslationSource.get_or_create_from_instance(fresh(page))
    made = Translation.objects.create(source=source, target_locale=english)
    made.save_target(publish=False)
    translate(made, client, "Words of mine")
    assert not publish_translation(made, client)
    assert publish_translation(made, world.other)


def test_a_mark_that_readers_see_needs_a_second_person_too(
    world: World, translation: Translation, settings: LazySettings
) -> None:
    # The words do not matter here.
    settings.WAGTAIL_LOCALIZE_DESK_BLOCKING_CHECKS = []
    translate(translation, world.officer, "Text")
    assert publish_translation(translation, world.publisher)
    target = fresh(translation.get_target_instance())
    assert not set_working_translation(target, True, world.publisher.user)
    assert not fresh(target).working_translation
    assert fresh(target).workflow_in_progress
    approve_address = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[target.pk, "approve", fresh(target).current_workflow_task_state.pk],
    )
    world.other.post(approve_address, {"comment": ""})
    assert fresh(target).working_translation


def test_strings_of_ones_own_elsewhere_do_not_matter(
    world: World, translation: Translation, english: Locale
) -> None:
    translate(translation, world.officer, "Text")
    other = world.page()
    source, _created = TranslationSource.get_or_create_from_instance(other)
    string = String.objects.first()
    context = StringSegment.objects.filter(source=source).first().context
    StringTranslation.objects.create(
        translation_of=string,
        locale=english,
        context=context,
        data="Elsewhere",
        last_translated_by=world.publisher.user,
    )
    assert publish_translation(translation, world.publisher)


@pytest.mark.parametrize(
    ("made", "saved"),
    [
        ("<p>a</p>", '<p data-block-key="x1y2z">a</p>'),
        ("<p>a</p>\n<p>b &quot;c&quot;</p>", '<p data-block-key="1">a</p><p>b "c"</p>'),
        ('<p><strong>a</strong><a linktype="page" id="3">b</a></p>',
         '<p><b>a</b><a id="3" linktype="page">b</a></p>'),
        (None, ""),
        ('[{"type": "text", "value": {"body": "<p>a</p>"}}]',
         '[{"type": "text", "value": {"body": "<p data-block-key=\'1\'>a</p>", "anchor": ""},'
         ' "id": "7"}]'),
    ],
)  # fmt: skip
def test_a_form_that_saves_what_code_has_made_writes_nothing(made: Any, saved: Any) -> None:
    assert _text({"body": made}) == _text({"body": saved})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a</p>", "<p><b>a</b></p>"),
        ('<p><a id="3" linktype="page">b</a></p>', '<p><a id="4" linktype="page">b</a></p>'),
        ("a", ""),
        (True, False),
        (0, None),
        ('[{"type": "text", "value": "a", "id": "1"}]', "[]"),
    ],
)
def test_every_change_of_the_text_has_a_writer(one: Any, other: Any) -> None:
    assert _text({"body": one}) != _text({"body": other})


@pytest.mark.parametrize("factory", [StandardPageFactory, ActFactory])
@pytest.mark.parametrize(
    ("language", "name", "told"),
    [
        ("ms", "reject", "Perubahan diminta bagi"),
        ("ms", "approve", "telah diluluskan"),
        ("en", "reject", "Changes have been requested for"),
        ("en", "approve", "has been approved"),
    ],
)
def test_a_reviewer_is_told_what_they_decided(
    world: World, factory: Any, language: str, name: str, told: str
) -> None:
    content = world.page() if factory is StandardPageFactory else factory(locale=world.home.locale)
    write(world.officer, content, "Teks baharu", "action-submit")
    UserProfile.get_for_user(world.publisher.user)
    UserProfile.objects.update(preferred_language=language)
    fields = {"workflow-action-name": name, "action-workflow-action": "true"}
    answer = send(world.publisher, fresh(content), fields)
    shown = world.publisher.get(answer.url)
    message = BeautifulSoup(shown.content, "html.parser").find(class_="messages").get_text()
    assert told in message
    assert "Teks baharu" in message


@pytest.mark.parametrize(
    ("language", "label", "again"),
    [
        ("ms", "Hantar untuk semakan", "Hantar semula untuk semakan"),
        ("en", "Submit for review", "Submit again for review"),
    ],
)
def test_the_button_that_submits_has_one_name(
    world: World, language: str, label: str, again: str
) -> None:
    page = world.page()
    UserProfile.get_for_user(world.officer.user)
    UserProfile.objects.update(preferred_language=language)

    def button() -> str:
        html = BeautifulSoup(world.officer.get(edit(page)).content, "html.parser")
        return html.find(attrs={"name": "action-submit"}).get_text(strip=True)

    assert button() == label
    write(world.officer, page, "Teks baharu", "action-submit")
    send(
        world.publisher,
        fresh(page),
        {"workflow-action-name": "reject", "action-workflow-action": "true"},
    )
    assert button() == again
