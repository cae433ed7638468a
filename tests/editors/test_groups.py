"""The permissions of each group, tried in the admin itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from cms.editors.groups import ensure_groups
from cms.operations.demo_accounts import ACCOUNTS
from cms.pages.models import HomePage, StandardPage
from cms.snippets.models import Act
from tests.factories import (
    ActFactory,
    HomePageFactory,
    OrganisationFactory,
    RegulationFactory,
    StandardPageFactory,
    factory_for,
    snippet_types,
)
from tests.html_forms import forms_in
from wagtail_localize_desk.extending import TranslationReviewTask

OFFICER = "Pegawai Komunikasi"
PUBLISHER = "Penerbit"
TRANSLATOR = "Penterjemah"
ADMINISTRATOR = "Pentadbir"
ALL = {OFFICER, PUBLISHER, TRANSLATOR, ADMINISTRATOR}

Attempt = Callable[[Client], bool]
numbers = count(1)


@pytest.fixture
def home(malay: Locale) -> HomePage:
    return HomePageFactory(locale=malay)


@pytest.fixture
def english_home(english: Locale) -> HomePage:
    return HomePageFactory(locale=english)


@pytest.fixture
def members(home: HomePage, english_home: HomePage) -> dict[str, Client]:
    """A client for a member of each group; the home pages of both languages exist."""
    ensure_groups()
    return {name: browser_of(name) for name in ALL}


@pytest.fixture
def one_person_publishes(settings: Any) -> None:
    """Members publish what they wrote: tried is whether they have the right to publish."""
    settings.REVIEW_BY_SECOND_PERSON = False


def browser_of(*groups: str) -> Client:
    user = User.objects.create_user(f"user{next(numbers)}", f"user{next(numbers)}@example.test")
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def groups_that_may(members: dict[str, Client], attempt: Attempt) -> set[str]:
    """The groups whose member succeeds in the attempt."""
    return {name for name, client in members.items() if attempt(client)}


def opens(address: str) -> Attempt:
    """Try to open a page of the admin; it answers 404 about what the user may not see."""

    def attempt(client: Client) -> bool:
        response = client.get(address)
        assert response.status_code in (200, 302, 403, 404)
        return response.status_code == 200

    return attempt


def page_form(page: Page, **values: Any) -> dict[str, Any]:
    """All values of a standard page's edit form, whatever parts of it a user sees."""
    return {
        "title": page.title,
        "slug": page.slug,
        "body-count": 0,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "comments-MIN_NUM_FORMS": 0,
        "go_live_at": "",
        "expire_at": "",
        **values,
    }


def act_form(act: Act, **values: Any) -> dict[str, Any]:
    """All values of an Act's edit form."""
    return {
        "title": act.title,
        "number": act.number,
        "year": act.year,
        "status": "unknown",
        "slug": act.slug,
        "go_live_at": "",
        "expire_at": "",
        **values,
    }


def edit_page_address(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def snippet_address(instance: Any, view: str = "edit") -> str:
    return reverse(instance.snippet_viewset.get_url_name(view), args=[instance.pk])


def published_page(parent: Page) -> StandardPage:
    page = StandardPageFactory(parent=parent, locale=parent.locale)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def draft_page(parent: Page) -> StandardPage:
    return StandardPageFactory(parent=parent, locale=parent.locale, live=False)


def send_page(client: Client, page: Page, action: str = "", **values: Any) -> StandardPage:
    """Submit the edit form of a page; returns the page as it is then."""
    client.post(edit_page_address(page), page_form(page, **values, **{action: "1"}))
    return StandardPage.objects.get(pk=page.pk)


def send_act(client: Client, act: Act, action: str = "", **values: Any) -> Act:
    """Submit the edit form of an Act; returns the Act as it is then."""
    client.post(snippet_address(act), act_form(act, **values, **{action: "1"}))
    return Act.objects.get(pk=act.pk)


# The groups themselves


def test_the_groups_of_the_demo_accounts_exist(members: dict[str, Client]) -> None:
    assert set(ACCOUNTS.values()) == ALL


def test_ensuring_the_groups_again_changes_nothing(
    members: dict[str, Client], django_assert_max_num_queries: Any
) -> None:
    def state() -> list[Any]:
        return [
            sorted(Group.objects.values_list("name", "permissions__codename")),
            sorted(GroupPagePermission.objects.values_list("group", "page", "permission")),
            sorted(WorkflowPage.objects.values_list("page", "workflow")),
            sorted(WorkflowContentType.objects.values_list("content_type", "workflow")),
            Workflow.objects.count(),
        ]

    before = state()
    with django_assert_max_num_queries(40):
        ensure_groups()
    assert state() == before


def test_changes_by_administrators_are_kept(home: HomePage, malay: Locale) -> None:
    ensure_groups()
    group = Group.objects.get(name=OFFICER)
    group.permissions.remove(Permission.objects.get(codename="change_act"))
    GroupPagePermission.objects.get(
        group=group, page=home, permission__codename="add_page"
    ).delete()
    other = Workflow.objects.create(name="Lain")
    WorkflowPage.objects.filter(page=home).update(workflow=other)
    ensure_groups()
    assert not group.permissions.filter(codename="change_act").exists()
    assert not GroupPagePermission.objects.filter(
        group=group, page=home, permission__codename="add_page"
    ).exists()
    assert WorkflowPage.objects.get(page=home).workflow == other


def test_a_deleted_group_is_restored_completely(members: dict[str, Client]) -> None:
    before = set(
        GroupPagePermission.objects.filter(group__name=TRANSLATOR).values_list("page", "permission")
    )
    assert before
    Group.objects.get(name=TRANSLATOR).delete()
    ensure_groups()
    after = GroupPagePermission.objects.filter(group__name=TRANSLATOR)
    assert set(after.values_list("page", "permission")) == before


def test_home_pages_created_later_get_permissions(malay: Locale, english: Locale) -> None:
    ensure_groups()
    assert not GroupPagePermission.objects.filter(group__name=TRANSLATOR).exists()
    home, english_home = HomePageFactory(locale=malay), HomePageFactory(locale=english)
    members = {name: browser_of(name) for name in ALL}
    assert groups_that_may(members, opens(edit_page_address(home))) == ALL - {TRANSLATOR}
    assert groups_that_may(members, opens(edit_page_address(english_home))) == ALL
    workflow = Workflow.objects.get(name="Semakan dan penerbitan")
    assert {home.get_workflow(), english_home.get_workflow()} == {workflow}
    before = GroupPagePermission.objects.count()
    ensure_groups()
    assert GroupPagePermission.objects.count() == before


def test_home_pages_without_groups_get_no_permissions(malay: Locale) -> None:
    before = GroupPagePermission.objects.count()
    HomePageFactory(locale=malay)
    assert GroupPagePermission.objects.count() == before


def test_one_workflow_with_one_task_for_everything(members: dict[str, Client]) -> None:
    workflow = Workflow.objects.get(name="Semakan dan penerbitan")
    [task] = workflow.tasks
    assert set(task.specific.groups.values_list("name", flat=True)) == {PUBLISHER, ADMINISTRATOR}
    for page in HomePage.objects.all():
        assert page.get_workflow() == workflow
    for model in snippet_types():
        assert model.get_default_workflow() == workflow


def test_an_earlier_workflow_gets_the_task_that_reviews_translations_once(
    members: dict[str, Client],
) -> None:
    workflow = Workflow.objects.get(name="Semakan dan penerbitan")
    [task] = workflow.tasks
    groups = set(task.specific.groups.all())
    WorkflowTask.objects.all().delete()
    TranslationReviewTask.objects.all().delete()
    old = GroupApprovalTask.objects.create(name="Kelulusan Penerbit")
    old.groups.set(groups)
    WorkflowTask.objects.create(workflow=workflow, task=old, sort_order=0)
    ensure_groups()
    [task] = workflow.tasks
    assert isinstance(task.specific, TranslationReviewTask)
    assert set(task.specific.groups.all()) == groups
    # An administrator may take another one for good.
    WorkflowTask.objects.update(task=old)
    ensure_groups()
    assert [task.pk for task in workflow.tasks] == [old.pk]


# Pages


def test_groups_that_see_pages(members: dict[str, Client], home: HomePage) -> None:
    assert groups_that_may(
        members, opens(reverse("wagtailadmin_explore", args=[home.pk]))
    ) == ALL - {TRANSLATOR}


@pytest.mark.parametrize(("language", "allowed"), [("ms", ALL - {TRANSLATOR}), ("en", ALL)])
def test_groups_that_edit_pages(
    members: dict[str, Client], language: str, allowed: set[str]
) -> None:
    home = HomePage.objects.get(locale__language_code=language)

    def edits(client: Client) -> bool:
        page = send_page(client, published_page(home), title="Baharu")
        assert page.title != "Baharu"
        assert page.live
        return page.get_latest_revision_as_object().title == "Baharu"

    assert groups_that_may(members, edits) == allowed
    assert groups_that_may(members, opens(edit_page_address(published_page(home)))) == allowed
    assert groups_that_may(members, opens(edit_page_address(home))) == allowed


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.usefixtures("one_person_publishes")
def test_groups_that_publish_pages(members: dict[str, Client], language: str) -> None:
    home = HomePage.objects.get(locale__language_code=language)

    def publishes(client: Client) -> bool:
        page = send_page(client, draft_page(home), "action-publish")
        return page.live

    def publishes_changes(client: Client) -> bool:
        page = send_page(client, published_page(home), "action-publish", title="Baharu")
        return page.title == "Baharu"

    def schedules(client: Client) -> bool:
        at = timezone.localtime() + timedelta(days=2)
        page = send_page(
            client,
            draft_page(home),
            "action-publish",
            go_live_at=at.strftime("%Y-%m-%d %H:%M"),
        )
        assert not page.live
        return page.approved_schedule

    def unpublishes(client: Client) -> bool:
        page = published_page(home)
        client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
        return not Page.objects.get(pk=page.pk).live

    for attempt in (publishes, publishes_changes, schedules, unpublishes):
        assert groups_that_may(members, attempt) == {PUBLISHER, ADMINISTRATOR}, attempt.__name__


def test_groups_that_create_and_delete_pages(
    members: dict[str, Client], home: HomePage, english_home: HomePage
) -> None:
    def creates_below(parent: Page) -> Attempt:
        def creates(client: Client) -> bool:
            slug = f"halaman-baharu-{next(numbers)}"
            address = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", parent.pk])
            client.post(address, page_form(StandardPage(title=slug, slug=slug)))
            return StandardPage.objects.filter(slug=slug).exists()

        return creates

    editors = {OFFICER, PUBLISHER, ADMINISTRATOR}
    assert groups_that_may(members, creates_below(home)) == editors
    assert groups_that_may(members, creates_below(english_home)) == editors


@pytest.mark.parametrize("language", ["ms", "en"])
def test_publishers_and_owners_delete_and_move_pages(
    members: dict[str, Client], language: str
) -> None:
    home = HomePage.objects.get(locale__language_code=language)

    def form(client: Client, page: Page) -> None:
        client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))

    def bulk(client: Client, page: Page) -> None:
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        client.post(f"{address}?id={page.pk}")

    def api(client: Client, page: Page) -> None:
        client.post(reverse("wagtailadmin_api:pages:action", args=[page.pk, "delete"]))

    def move(client: Client, page: Page) -> None:
        place = published_page(home)
        client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, place.pk]))

    def api_move(client: Client, page: Page) -> None:
        address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "move"])
        place = published_page(home)
        client.post(address, {"destination_page_id": place.pk, "position": "last-child"})

    def removes(make: Callable[[Page], StandardPage], way: Any, *, own: bool = False) -> Attempt:
        def attempt(client: Client) -> bool:
            page = make(home)
            if own:
                Page.objects.filter(pk=page.pk).update(owner=client.user)
            way(client, page)
            return not Page.objects.child_of(home).filter(pk=page.pk).exists()

        return attempt

    publishers, owners = {PUBLISHER, ADMINISTRATOR}, {OFFICER, PUBLISHER, ADMINISTRATOR}
    assert groups_that_may(members, removes(published_page, form)) == publishers
    assert groups_that_may(members, removes(published_page, form, own=True)) == publishers
    for way in (form, bulk, api, move, api_move):
        assert groups_that_may(members, removes(draft_page, way)) == publishers, way.__name__
    for way in (move, api_move):
        found = groups_that_may(members, removes(draft_page, way, own=True))
        assert found == owners, way.__name__
    # Pages need the right to be added in another place, but not to be deleted.
    deleting = owners | ({TRANSLATOR} if language == "en" else set())
    assert groups_that_may(members, removes(draft_page, form, own=True)) == deleting


def test_only_administrators_delete_branches(members: dict[str, Client], home: HomePage) -> None:
    def deletes(client: Client) -> bool:
        page = published_page(home)
        published_page(page)
        client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
        return not Page.objects.filter(pk=page.pk).exists()

    assert groups_that_may(members, deletes) == {ADMINISTRATOR}


def test_only_administrators_change_the_tree_above_the_home_pages(
    members: dict[str, Client], home: HomePage
) -> None:
    root = Page.get_first_root_node()
    Locale.objects.create(language_code="ta")
    address = reverse("wagtailadmin_pages:add", args=["pages", "homepage", root.pk])
    assert groups_that_may(members, opens(address)) == {ADMINISTRATOR}

    for client in members.values():
        for view in ("unpublish", "delete"):
            client.post(reverse(f"wagtailadmin_pages:{view}", args=[home.pk]))
        page = published_page(home)
        client.post(reverse("wagtailadmin_pages:move_confirm", args=[home.pk, page.pk]))
    home.refresh_from_db()
    assert home.live
    assert home.depth == 2


def test_groups_that_lock_and_restrict_pages(members: dict[str, Client], home: HomePage) -> None:
    def locks(client: Client) -> bool:
        page = published_page(home)
        client.post(reverse("wagtailadmin_pages:lock", args=[page.pk]))
        return Page.objects.get(pk=page.pk).locked

    def unlocks(client: Client) -> bool:
        page = published_page(home)
        Page.objects.filter(pk=page.pk).update(locked=True)
        client.post(reverse("wagtailadmin_pages:unlock", args=[page.pk]))
        return not Page.objects.get(pk=page.pk).locked

    def restricts(client: Client) -> bool:
        page = published_page(home)
        client.post(
            reverse("wagtailadmin_pages:set_privacy", args=[page.pk]),
            {"restriction_type": "login", "password": "", "groups": []},
        )
        return page.get_view_restrictions().exists()

    for attempt in (locks, unlocks, restricts):
        assert groups_that_may(members, attempt) == {PUBLISHER, ADMINISTRATOR}, attempt.__name__


# Snippets


@pytest.fixture
def english_act(english: Locale) -> Act:
    return ActFactory(locale=english)


@pytest.mark.parametrize("model", snippet_types(), ids=lambda model: model.__name__)
def test_groups_that_edit_each_kind_of_snippet(
    members: dict[str, Client], malay: Locale, english: Locale, model: type[Any]
) -> None:
    make = factory_for(model)
    viewset = model.snippet_viewset
    assert groups_that_may(members, opens(reverse(viewset.get_url_name("list")))) == ALL
    assert groups_that_may(members, opens(snippet_address(make(locale=malay)))) == ALL - {
        TRANSLATOR
    }
    assert groups_that_may(members, opens(snippet_address(make(locale=english)))) == ALL
    # Each language has an organisation already, so nobody may create another one.
    assert groups_that_may(members, opens(reverse(viewset.get_url_name("add")))) == ALL - {
        TRANSLATOR
    }


@pytest.mark.parametrize(("language", "allowed"), [("ms", ALL - {TRANSLATOR}), ("en", ALL)])
def test_groups_that_change_snippets(
    members: dict[str, Client], language: str, allowed: set[str]
) -> None:
    locale = Locale.objects.get(language_code=language)

    def edits(client: Client) -> bool:
        act = send_act(client, ActFactory(locale=locale), title="Akta Baharu 2030")
        assert act.title != "Akta Baharu 2030"
        return act.get_latest_revision_as_object().title == "Akta Baharu 2030"

    def reverts(client: Client) -> bool:
        act = ActFactory(locale=locale)
        old = act.save_revision()
        act.title = "Akta Baharu 2030"
        act.save_revision()
        address = reverse(
            act.snippet_viewset.get_url_name("revisions_revert"), args=[act.pk, old.pk]
        )
        return opens(address)(client)

    def previews(client: Client) -> bool:
        address = snippet_address(ActFactory(locale=locale), "preview_on_edit")
        return client.post(address, {"title": "x"}).status_code == 200

    for attempt in (edits, reverts, previews):
        assert groups_that_may(members, attempt) == allowed, attempt.__name__


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.usefixtures("one_person_publishes")
def test_groups_that_publish_and_delete_snippets(members: dict[str, Client], language: str) -> None:
    locale = Locale.objects.get(language_code=language)

    def publishes(client: Client) -> bool:
        act = send_act(client, ActFactory(locale=locale), "action-publish", title="Akta 2030")
        return act.title == "Akta 2030"

    def schedules(client: Client) -> bool:
        at = timezone.localtime() + timedelta(days=2)
        act = send_act(
            client,
            ActFactory(locale=locale, live=False),
            "action-publish",
            go_live_at=at.strftime("%Y-%m-%d %H:%M"),
        )
        assert not act.live
        return act.approved_schedule

    def unpublishes(client: Client) -> bool:
        act = ActFactory(locale=locale)
        client.post(snippet_address(act, "unpublish"))
        act.refresh_from_db()
        return not act.live

    def deletes(client: Client) -> bool:
        act = ActFactory(locale=locale)
        client.post(snippet_address(act, "delete"))
        return not Act.objects.filter(pk=act.pk).exists()

    def deletes_from_the_list(client: Client) -> bool:
        act = ActFactory(locale=locale)
        address = reverse("wagtail_bulk_action", args=["snippets", "act", "delete"])
        client.post(f"{address}?id={act.pk}")
        return not Act.objects.filter(pk=act.pk).exists()

    def locks(client: Client) -> bool:
        act = ActFactory(locale=locale)
        client.post(snippet_address(act, "lock"))
        act.refresh_from_db()
        return act.locked

    for attempt in (publishes, schedules, unpublishes, deletes, deletes_from_the_list, locks):
        assert groups_that_may(members, attempt) == {PUBLISHER, ADMINISTRATOR}, attempt.__name__


def test_groups_that_create_snippets(members: dict[str, Client]) -> None:
    def creates(client: Client) -> bool:
        number = next(numbers)
        form = act_form(Act(title=f"Akta {number}", number=number, year=2001))
        client.post(reverse(Act.snippet_viewset.get_url_name("add")), form)
        return Act.objects.filter(number=number).exists()

    def copies(client: Client) -> bool:
        return opens(snippet_address(ActFactory(), "copy"))(client)

    assert groups_that_may(members, creates) == ALL - {TRANSLATOR}
    assert groups_that_may(members, copies) == ALL - {TRANSLATOR}


def test_the_address_of_a_copy_accepts_no_form(
    members: dict[str, Client], home: HomePage, malay: Locale
) -> None:
    """Its form is sent to the address for additions; here it would overwrite the original."""
    originals: list[Any] = [
        *(factory_for(model)(locale=malay) for model in snippet_types()),
        Site.objects.create(hostname="lain.test", root_page=home),
        User.objects.create_user("orang"),
        malay,
    ]
    copied = [
        (original, copy) for original in originals if (copy := copy_address(original)) is not None
    ]
    assert len(copied) == len(originals) - 1  # Organisations are not copied.
    members["superuser"] = browser_of()
    members["superuser"].user.is_superuser = True
    members["superuser"].user.save()
    for original, address in copied:
        before = type(original).objects.values().get(pk=original.pk)
        for client in members.values():
            form = copy_form(client, address)
            for headers in ({}, {"Accept": "application/json"}):
                response = client.post(address, form, headers=headers)
                assert response.status_code in (403, 405) or response.url == "/admin/"
        assert type(original).objects.values().get(pk=original.pk) == before


def copy_address(original: Any) -> str | None:
    viewset = getattr(original, "snippet_viewset", None)
    namespaces = {Site: "wagtailsites", User: "wagtailusers_users", Locale: "wagtaillocales"}
    name = viewset.get_url_name("copy") if viewset else f"{namespaces[type(original)]}:copy"
    try:
        return reverse(name, args=[original.pk])
    except NoReverseMatch:
        return None


def copy_form(client: Client, address: str) -> dict[str, Any]:
    """The values in the form of a copy, or some form for a user who cannot open it."""
    html = client.get(address).content.decode()
    for form in forms_in(html):
        if form.method == "post" and "title" in form:
            return dict(form.values.lists())
    return act_form(Act(title="Lain", number=1, year=2000))


def test_lists_link_translators_to_snippets_that_they_may_change(
    members: dict[str, Client], english_act: Act
) -> None:
    act = ActFactory()
    html = members[TRANSLATOR].get(reverse(Act.snippet_viewset.get_url_name("list")))
    text = html.content.decode()
    assert str(act) in text
    assert snippet_address(act) not in text
    assert snippet_address(english_act) in text
    assert snippet_address(english_act, "delete") not in text
    assert snippet_address(english_act, "copy") not in text
    html = members[PUBLISHER].get(reverse(Act.snippet_viewset.get_url_name("list")))
    assert snippet_address(act) in html.content.decode()


# Approval


def submitted_page(client: Client, home: HomePage) -> StandardPage:
    return send_page(client, draft_page(home), "action-submit")


@pytest.mark.parametrize(("language", "allowed"), [("ms", ALL - {TRANSLATOR}), ("en", ALL)])
def test_groups_that_submit_for_approval(
    members: dict[str, Client], language: str, allowed: set[str]
) -> None:
    home = HomePage.objects.get(locale__language_code=language)

    def submits_a_page(client: Client) -> bool:
        page = submitted_page(client, home)
        assert not page.live
        return page.workflow_in_progress

    def submits_a_snippet(client: Client) -> bool:
        act = send_act(client, ActFactory(locale=home.locale, live=False), "action-submit")
        assert not act.live
        return act.workflow_in_progress

    assert groups_that_may(members, submits_a_page) == allowed
    assert groups_that_may(members, submits_a_snippet) == allowed


def test_groups_that_approve(members: dict[str, Client], home: HomePage) -> None:
    def decides_on_a_page(decision: str, expected: Callable[[Page], bool]) -> Attempt:
        def attempt(client: Client) -> bool:
            page = submitted_page(members[OFFICER], home)
            task = page.current_workflow_task_state
            client.post(
                reverse("wagtailadmin_pages:workflow_action", args=[page.pk, decision, task.pk]),
                {"comment": "Terima kasih"},
            )
            return expected(StandardPage.objects.get(pk=page.pk))

        return attempt

    def approves_a_snippet(client: Client) -> bool:
        act = send_act(members[OFFICER], ActFactory(live=False), "action-submit")
        task = act.current_workflow_task_state
        name = act.snippet_viewset.get_url_name("workflow_action")
        client.post(reverse(name, args=[act.pk, "approve", task.pk]), {"comment": ""})
        act.refresh_from_db()
        return act.live

    deciders = {PUBLISHER, ADMINISTRATOR}
    assert (
        groups_that_may(members, decides_on_a_page("approve", lambda page: page.live)) == deciders
    )
    rejected = decides_on_a_page("reject", lambda page: not page.workflow_in_progress)
    assert groups_that_may(members, rejected) == deciders
    assert groups_that_may(members, approves_a_snippet) == deciders


def test_authors_cannot_change_content_in_review(
    members: dict[str, Client], home: HomePage
) -> None:
    page = submitted_page(members[OFFICER], home)
    for name, client in members.items():
        title = f"Pindaan {name}"
        changed = (
            send_page(client, page, title=title).get_latest_revision_as_object().title == title
        )
        assert changed is (name in {PUBLISHER, ADMINISTRATOR}), name


# Translation


@pytest.fixture
def translation(home: HomePage, english_home: HomePage, english: Locale) -> Translation:
    """A Malay page with an unfinished translation into English."""
    page = published_page(home)
    page.title = "Sejarah"
    page.save_revision().publish()
    english_home.translation_key = home.translation_key
    english_home.save()
    source, _created = TranslationSource.update_or_create_from_instance(page)
    job = Translation.objects.create(source=source, target_locale=english)
    job.save_target(publish=False)
    return job


def test_groups_that_submit_for_translation(
    members: dict[str, Client], home: HomePage, english_home: HomePage, english: Locale
) -> None:
    english_home.translation_key = home.translation_key
    english_home.save()

    def sends_a_page(client: Client) -> bool:
        page = published_page(home)
        client.post(
            reverse("wagtail_localize:submit_page_translation", args=[page.pk]),
            {"locales": [english.pk]},
        )
        made = page.get_translation_or_none(english)
        assert made is None or not made.live
        return made is not None

    def sends_a_snippet(client: Client) -> bool:
        act = ActFactory()
        client.post(
            reverse(
                "wagtail_localize:submit_snippet_translation", args=["snippets", "act", act.pk]
            ),
            {"locales": [english.pk]},
        )
        made = act.get_translation_or_none(english)
        assert made is None or not made.live
        return made is not None

    assert groups_that_may(members, sends_a_page) == ALL
    assert groups_that_may(members, sends_a_snippet) == ALL


def test_groups_that_submit_what_is_not_public(
    members: dict[str, Client], home: HomePage, english_home: HomePage, english: Locale
) -> None:
    """A submission gives the whole text to those who may change the translation."""
    english_home.translation_key = home.translation_key
    english_home.save()

    def private_page() -> StandardPage:
        page = published_page(home)
        page.view_restrictions.create(restriction_type="login")
        return page

    def sends(make: Callable[[], Any], name: str, *args: str) -> Attempt:
        def attempt(client: Client) -> bool:
            source = make()
            address = reverse(f"wagtail_localize:{name}", args=[*args, source.pk])
            opened = opens(address)(client)
            client.post(address, {"locales": [english.pk]})
            assert source.has_translation(english) is opened
            return opened

        return attempt

    page, snippet = "submit_page_translation", "submit_snippet_translation"
    for attempt in (
        sends(lambda: draft_page(home), page),
        sends(private_page, page),
        sends(lambda: ActFactory(live=False), snippet, "snippets", "act"),
    ):
        assert groups_that_may(members, attempt) == ALL - {TRANSLATOR}


def test_rights_on_the_translations_of_snippets_follow_the_locale(
    members: dict[str, Client], home: HomePage
) -> None:
    tamil = Locale.objects.create(language_code="ta")
    HomePageFactory(locale=tamil, title="PERKESO Tamil")
    GroupPagePermission.objects.filter(
        group__name=TRANSLATOR, page__locale__language_code="ta"
    ).delete()
    source, _created = TranslationSource.update_or_create_from_instance(ActFactory(title="Sejarah"))
    job = Translation.objects.create(source=source, target_locale=tamil)
    job.save_target(publish=False)

    def stops(client: Client) -> bool:
        client.post(reverse("wagtail_localize:stop_translation", args=[job.pk]))
        return Translation.objects.filter(pk=job.pk, enabled=False).update(enabled=True) == 1

    def is_told(client: Client) -> bool:
        html = client.get(reverse("wagtail_localize:translations_report")).content.decode()
        return snippet_address(job.get_target_instance()) in html

    def attempt(client: Client) -> bool:
        return translates(client, job, f"History {next(numbers)}")

    download = opens(reverse("wagtail_localize:download_pofile", args=[job.pk]))
    for try_it in (stops, is_told, attempt, download):
        assert groups_that_may(members, try_it) == ALL - {TRANSLATOR}, try_it.__name__


def translates(client: Client, job: Translation, text: str) -> bool:
    segment = job.source.stringsegment_set.get(string__data="Sejarah")
    address = reverse("wagtail_localize:edit_string_translation", args=[job.pk, segment.pk])
    client.put(address, f"value={text}", content_type="application/x-www-form-urlencoded")
    return StringTranslation.objects.filter(data=text).exists()


def test_groups_that_translate(members: dict[str, Client], translation: Translation) -> None:
    def attempt(client: Client) -> bool:
        return translates(client, translation, f"History {next(numbers)}")

    assert groups_that_may(members, attempt) == ALL
    assert (
        groups_that_may(members, opens(edit_page_address(translation.get_target_instance()))) == ALL
    )
    stranger = browser_of()
    assert not attempt(stranger)


@pytest.mark.usefixtures("one_person_publishes")
def test_groups_that_publish_translations(
    members: dict[str, Client], translation: Translation
) -> None:
    def publishes(client: Client) -> bool:
        text = f"History {next(numbers)}"
        assert translates(client, translation, text)
        page = translation.get_target_instance()
        client.post(edit_page_address(page), {"action": "publish"})
        page.refresh_from_db()
        return page.live and page.title == text

    assert groups_that_may(members, publishes) == {PUBLISHER, ADMINISTRATOR}


# Images and documents


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("gambar.png", get_test_image_file().file.getvalue())


def upload(client: Client, address: str, name: str, file: Any) -> None:
    root = Collection.get_first_root_node()
    client.post(address, {"title": name, "file": file, "collection": root.pk})


def test_groups_that_add_images_and_documents(members: dict[str, Client]) -> None:
    def adds_an_image(client: Client) -> bool:
        name = f"Gambar {next(numbers)}"
        upload(client, reverse("wagtailimages:add"), name, picture())
        return get_image_model().objects.filter(title=name).exists()

    def adds_a_document(client: Client) -> bool:
        name = f"Dokumen {next(numbers)}"
        file = SimpleUploadedFile("laporan.pdf", b"%PDF-1.4")
        upload(client, reverse("wagtaildocs:add"), name, file)
        return get_document_model().objects.filter(title=name).exists()

    assert groups_that_may(members, adds_an_image) == ALL - {TRANSLATOR}
    assert groups_that_may(members, adds_a_document) == ALL - {TRANSLATOR}


def test_groups_that_change_and_choose_the_images_of_others(members: dict[str, Client]) -> None:
    image = get_image_model().objects.create(title="Menara", file=picture())
    document = get_document_model().objects.create(
        title="Laporan", file=SimpleUploadedFile("laporan.pdf", b"%PDF-1.4")
    )
    for address in (
        reverse("wagtailimages:edit", args=[image.pk]),
        reverse("wagtailimages:delete", args=[image.pk]),
        reverse("wagtaildocs:edit", args=[document.pk]),
        reverse("wagtaildocs:delete", args=[document.pk]),
    ):
        assert groups_that_may(members, opens(address)) == {PUBLISHER, ADMINISTRATOR}, address
    for client in members.values():
        response = client.get(reverse("wagtailimages_chooser:choose"))
        assert "Menara" in response.json()["html"]
        response = client.get(reverse("wagtaildocs_chooser:choose"))
        assert "Laporan" in response.json()["html"]


# The rest of the admin


@pytest.mark.parametrize(
    "name",
    [
        "wagtailusers_users:index",
        "wagtailusers_users:add",
        "wagtailusers_groups:index",
        "wagtailusers_groups:add",
        "wagtailsites:index",
        "wagtailsites:add",
        "wagtaillocales:index",
        "wagtailadmin_workflows:index",
        "wagtailadmin_workflows:add",
        "wagtailadmin_workflows:task_index",
        "wagtailadmin_collections:index",
        "wagtailadmin_collections:add",
    ],
)
def test_only_administrators_open_the_rest_of_the_admin(
    members: dict[str, Client], name: str
) -> None:
    assert groups_that_may(members, opens(reverse(name))) == {ADMINISTRATOR}


def test_publishers_make_redirects(members: dict[str, Client], home: HomePage) -> None:
    def makes(client: Client) -> bool:
        path = f"/lama-{next(numbers)}"
        form = {"old_path": path, "site": "", "is_permanent": "on", "redirect_page": home.pk}
        client.post(reverse("wagtailredirects:add"), {**form, "redirect_link": ""})
        return Redirect.objects.filter(old_path=path).exists()

    assert groups_that_may(members, makes) == {PUBLISHER, ADMINISTRATOR}
    index = opens(reverse("wagtailredirects:index"))
    assert groups_that_may(members, index) == {PUBLISHER, ADMINISTRATOR}


def test_only_administrators_change_sites_users_and_locales(
    members: dict[str, Client], home: HomePage, english: Locale
) -> None:
    site = Site.objects.create(hostname="lain.test", root_page=home)
    group = Group.objects.get(name=OFFICER)
    locale = Locale.objects.create(language_code="ta")
    user = User.objects.create_user("orang")
    for address in (
        reverse("wagtailsites:edit", args=[site.pk]),
        reverse("wagtailsites:delete", args=[site.pk]),
        reverse("wagtailusers_groups:edit", args=[group.pk]),
        reverse("wagtailusers_users:edit", args=[user.pk]),
        reverse("wagtailusers_users:delete", args=[user.pk]),
        reverse("wagtaillocales:edit", args=[locale.pk]),
        reverse("wagtaillocales:delete", args=[locale.pk]),
    ):
        assert groups_that_may(members, opens(address)) == {ADMINISTRATOR}, address


def test_only_members_of_groups_may_enter_the_admin(members: dict[str, Client]) -> None:
    assert groups_that_may(members, opens(reverse("wagtailadmin_home"))) == ALL
    assert not opens(reverse("wagtailadmin_home"))(browser_of())


def test_the_form_for_groups_keeps_their_permissions(members: dict[str, Client]) -> None:
    """Opening and saving a group in the admin preserves all its permissions."""
    for name in ALL:
        group = Group.objects.get(name=name)
        before = set(group.permissions.values_list("codename", flat=True))
        address = reverse("wagtailusers_groups:edit", args=[group.pk])
        client = members[ADMINISTRATOR]
        html = client.get(address).content.decode()
        data = next(form.values for form in forms_in(html) if "permissions" in form)
        response = client.post(address, dict(data.lists()))
        assert response.status_code == 302
        assert set(group.permissions.values_list("codename", flat=True)) == before


def test_ids_in_an_address_name_nothing_that_lists_do_not_show(
    members: dict[str, Client], home: HomePage
) -> None:
    """Anybody can write ids into the addresses of confirmations and of choosers' calls."""
    group = Group.objects.create(name="Tetamu")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    guest = browser_of("Tetamu")
    secret = "Rahsia"
    draft = StandardPageFactory(parent=home, locale=home.locale, live=False, title=secret)
    private = StandardPageFactory(parent=home, locale=home.locale, title=secret)
    private.view_restrictions.create(restriction_type="login")
    public = published_page(home)
    act = ActFactory(title=secret, live=False)
    image = get_image_model().objects.create(title=secret, file=picture())
    document = get_document_model().objects.create(
        title=secret, file=SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    )
    addresses = [
        *(reverse("wagtailadmin_choose_page_child", args=[page.pk]) for page in (draft, home)),
        *(
            f"{reverse('wagtailadmin_choose_page_chosen_multiple')}?id={page.pk}"
            for page in (draft, private)
        ),
        f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'delete'])}?id={draft.pk}",
        f"{reverse('wagtail_bulk_action', args=['snippets', 'act', 'delete'])}?id={act.pk}",
        reverse("wagtailadmin_pages:move_confirm", args=[draft.pk, home.pk]),
        reverse("wagtailadmin_pages:move_confirm", args=[public.pk, private.pk]),
    ]
    for chooser, thing in {
        "wagtailimages_chooser": image,
        "wagtaildocs_chooser": document,
        "wagtailsnippetchoosers_snippets_act": act,
    }.items():
        addresses += [
            reverse(f"{chooser}:chosen", args=[thing.pk]),
            f"{reverse(f'{chooser}:chosen_multiple')}?id={thing.pk}",
        ]
    for address in addresses:
        assert secret not in guest.get(address).content.decode(), address
    html = guest.get(reverse("wagtailadmin_choose_page_child", args=[home.pk])).json()["html"]
    assert public.title in html
    for address in addresses[1:]:
        response = members[ADMINISTRATOR].get(address)
        assert response.status_code == 200 or "chosen" not in address, address


# Permissions in a single language


@pytest.fixture
def english_editor(members: dict[str, Client], english_home: HomePage) -> Client:
    """A member of a custom group that has all permissions, but only in English."""
    group = Group.objects.create(name="English desk")
    publisher = Group.objects.get(name=PUBLISHER)
    group.permissions.set(publisher.permissions.all())
    for right in GroupPagePermission.objects.filter(group=publisher, page=english_home):
        GroupPagePermission.objects.create(
            group=group, page=english_home, permission=right.permission
        )
    return browser_of("English desk")


@pytest.mark.usefixtures("one_person_publishes")
def test_permissions_on_pages_of_one_language_apply_only_to_its_snippets(
    english_editor: Client, malay: Locale, english: Locale
) -> None:
    def results(locale: Locale) -> dict[str, bool]:
        act = ActFactory(locale=locale)
        act = send_act(english_editor, act, "action-publish", title="Akta 2030")
        found = {"publish": act.title == "Akta 2030"}
        english_editor.post(snippet_address(act, "lock"))
        act.refresh_from_db()
        found["lock"] = act.locked
        english_editor.post(snippet_address(act, "unlock"))
        english_editor.post(snippet_address(act, "unpublish"))
        act.refresh_from_db()
        found["unpublish"] = not act.live
        found["copy"] = opens(snippet_address(act, "copy"))(english_editor)
        found["history"] = opens(snippet_address(act, "history"))(english_editor)
        found["usage"] = opens(snippet_address(act, "usage"))(english_editor)
        add = reverse(Act.snippet_viewset.get_url_name("add"))
        found["add"] = opens(f"{add}?locale={locale.language_code}")(english_editor)
        address = reverse("wagtail_bulk_action", args=["snippets", "act", "delete"])
        english_editor.post(f"{address}?id={act.pk}")
        found["bulk delete"] = not Act.objects.filter(pk=act.pk).exists()
        act = ActFactory(locale=locale)
        english_editor.post(snippet_address(act, "delete"))
        found["delete"] = not Act.objects.filter(pk=act.pk).exists()
        return found

    done = results(english)
    assert all(done.values()), done
    done = results(malay)
    assert not any(done.values()), done


def test_a_language_without_pages_limits_nobody_except_for_the_source(
    members: dict[str, Client], home: HomePage, english_home: HomePage
) -> None:
    tamil = Locale.objects.create(language_code="ta")
    act = ActFactory(locale=tamil)
    assert groups_that_may(members, opens(snippet_address(act))) == ALL
    english_home.delete()
    home.delete()
    act = ActFactory()
    assert groups_that_may(members, opens(snippet_address(act))) == {ADMINISTRATOR}


def test_the_methods_of_the_policy_are_consistent(
    members: dict[str, Client], malay: Locale, english: Locale
) -> None:
    from wagtail.permissions import policy_registry

    entries = [ActFactory(locale=malay), ActFactory(locale=english)]
    policy = policy_registry.get_by_type(Act)
    superuser = User.objects.create_superuser("super")
    nobody = User.objects.create_user("nobody")
    gone = User.objects.create_superuser("gone", is_active=False)
    users = [superuser, nobody, gone, *(client.user for client in members.values())]
    for action in ("add", "change", "publish", "view"):
        allowed = {
            (user, entry)
            for user in users
            for entry in entries
            if policy.user_has_permission_for_instance(user, action, entry)
        }
        listed = {
            (user, entry)
            for user in users
            for entry in policy.instances_user_has_permission_for(user, action)
        }
        found = {
            (user, entry)
            for entry in entries
            for user in policy.users_with_permission_for_instance(action, entry)
        }
        assert allowed == listed == found, action


def test_regulations_follow_the_same_rule(
    members: dict[str, Client], malay: Locale, english: Locale
) -> None:
    client = members[TRANSLATOR]
    assert opens(snippet_address(RegulationFactory(locale=english)))(client)
    assert not opens(snippet_address(RegulationFactory(locale=malay)))(client)
    assert opens(snippet_address(OrganisationFactory(locale=english)))(client)
