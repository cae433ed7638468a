"""Waiting while another transaction publishes: never in a circle, and never without need."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.admin.views.pages.bulk_actions import PublishBulkAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    GroupApprovalTask,
    Locale,
    Page,
    Site,
    TaskState,
    Workflow,
    WorkflowState,
    WorkflowTask,
)
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from cms.pages.models import HomePage, StandardPage
from tests.factories import HomePageFactory, StandardPageFactory
from tests.publishing.processes import in_process, outcome
from wagtail_delivery.extending import publishing, verify
from wagtail_delivery.models import PublishedDocument, Route

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="Needs a database server for two processes; SQLite's test database is in memory.",
    ),
]
#: Seconds, long enough for another process to reach its next lock.
A_WHILE = 1.5


@pytest.fixture(autouse=True)
def home() -> HomePage:
    """Only pages of a site are public."""
    page = HomePageFactory()
    Site.objects.create(hostname="localhost", port=80, is_default_site=True, root_page=page)
    return page


@pytest.fixture
def pages(home: HomePage) -> list[StandardPage]:
    """Two published pages."""
    found = [StandardPageFactory(title=slug, slug=slug) for slug in ("a", "b")]
    for page in found:
        page.save_revision().publish()
    return [StandardPage.objects.get(pk=page.pk) for page in found]


@contextmanager
def another_process_publishing(then: Callable[[], Any] | None = None) -> Iterator[None]:
    """Within this context another process publishes; `then` runs at the end of its transaction."""
    reached, reach = os.pipe()
    ended, end = os.pipe()

    def work() -> None:
        with publishing():
            os.write(reach, b".")
            os.read(ended, 1)
            if then is not None:
                then()

    pid = in_process(work)
    try:
        assert os.read(reached, 1)
        yield
    finally:
        os.write(end, b".")
        code = outcome(pid)
        for descriptor in (reached, reach, ended, end):
            os.close(descriptor)
    assert code == 0


def draft_of(page: Page, title: str) -> Any:
    """A revision of `page` with another title."""
    fresh = page.specific_class.objects.get(pk=page.pk)
    fresh.title = title
    return fresh.save_revision()


def superuser() -> Any:
    return get_user_model().objects.create_superuser("ketua", "ketua@example.org", "rahsia")


# No deadlocks


def test_two_transactions_publish_the_same_pages_in_opposite_order(
    pages: list[StandardPage],
) -> None:
    def publish_all(order: list[StandardPage], title: str) -> None:
        with transaction.atomic():
            for page in order:
                draft_of(page, title).publish()
                time.sleep(A_WHILE / 2)

    first = in_process(lambda: publish_all(pages, "Pertama"))
    second = in_process(lambda: publish_all(pages[::-1], "Kedua"))
    assert [outcome(first), outcome(second)] == [0, 0]
    titles = {page.title for page in StandardPage.objects.filter(slug__in=["a", "b"])}
    assert len(titles) == 1
    assert not list(verify())


def test_the_bulk_action_publishes_the_same_pages_in_opposite_order() -> None:
    """If a page has no revision, the action saves one in its transaction before it publishes."""
    pages = [StandardPageFactory(title=slug, slug=slug, live=False) for slug in ("a", "b")]
    superuser()
    one_by_one = PublishBulkAction.execute_action

    def publish_all(order: list[StandardPage]) -> None:
        def slowly(self: Any, objects: list[Page], **context: Any) -> tuple[int, int]:
            assert len(objects) == len(order)
            for page in order:
                one_by_one([page], **context)
                time.sleep(A_WHILE / 2)
            return len(objects), 0

        PublishBulkAction.execute_action = slowly
        client = Client()
        client.force_login(get_user_model().objects.get())
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        chosen = "&".join(f"id={page.pk}" for page in order)
        response = client.post(f"{address}?next=/admin/&{chosen}", {"include_descendants": ""})
        assert response.status_code == 302, response.content

    first = in_process(lambda: publish_all(pages))
    second = in_process(lambda: publish_all(pages[::-1]))
    assert [outcome(first), outcome(second)] == [0, 0]
    assert PublishedDocument.objects.filter(type="standard_page").count() == 2
    assert not list(verify())


def draft_and_publish(page: StandardPage) -> None:
    """As `wagtail_localize_desk` publishes a translation."""
    with transaction.atomic():
        draft_of(page, "Baharu").publish()


def add_a_child(page: StandardPage) -> None:
    """Treebeard lock the parent's row."""
    home = HomePage.objects.get()
    home.add_child(instance=StandardPage(title="Anak", slug="anak", locale=home.locale))


def add_a_sibling(page: StandardPage) -> None:
    """Treebeard moves the later siblings and updates the parent's count."""
    sibling = StandardPage(title="Adik", slug="adik", locale=page.locale)
    page.add_sibling("left", instance=sibling)


def delete_a_query(page: StandardPage) -> None:
    """Treebeard updates the parent's count before it deletes anything."""
    with transaction.atomic():
        Page.objects.filter(slug="b").delete()


def save_in_a_transaction(page: StandardPage) -> None:
    with transaction.atomic():
        page.save()


def edit_in_the_admin(page: StandardPage) -> None:
    client = Client()
    client.force_login(superuser())
    values = {"title": "Baharu", "slug": page.slug, "body-count": 0, "action-publish": "1"}
    values |= {f"comments-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM")}
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), values)
    assert response.status_code == 302, response.content


@pytest.mark.parametrize(
    "act",
    [
        draft_and_publish,
        add_a_child,
        add_a_sibling,
        delete_a_query,
        save_in_a_transaction,
        edit_in_the_admin,
    ],
)
def test_a_waiting_transaction_holds_no_rows_that_the_publishing_one_needs(
    act: Callable[[StandardPage], None], pages: list[StandardPage]
) -> None:
    def publish_all() -> None:
        draft_of(HomePage.objects.get(), "Utama baharu").publish()
        for page in pages:
            draft_of(page, "Serentak").publish()

    with another_process_publishing(publish_all):
        pid = in_process(lambda: act(pages[0]))
        time.sleep(A_WHILE)
    assert outcome(pid) == 0
    assert not list(verify())


def test_an_approval_and_a_publish_of_the_same_page(pages: list[StandardPage]) -> None:
    """The approval updates the workflow's states, which publishing cancels."""
    user = superuser()
    draft_of(pages[0], "Menunggu")
    workflow = Workflow.objects.create(name="Semakan")
    task = GroupApprovalTask.objects.create(name="Kelulusan")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    workflow.start(StandardPage.objects.get(pk=pages[0].pk), user)
    state = TaskState.objects.get().specific

    with another_process_publishing(lambda: draft_of(pages[0], "Serentak").publish()):
        approving = in_process(lambda: state.approve(user=user))
        time.sleep(A_WHILE)
    assert outcome(approving) == 0
    assert WorkflowState.objects.get().status != WorkflowState.STATUS_IN_PROGRESS
    assert not list(verify())


def test_a_page_published_meanwhile_takes_precedence_over_a_redirect(
    home: HomePage, pages: list[StandardPage]
) -> None:
    path = PublishedDocument.objects.get(source=f"pages.standardpage:{pages[0].pk}").path

    def publish_there() -> None:
        page = StandardPageFactory(title="Baharu", slug="baharu", live=False)
        page.save_revision().publish()

    address = path.replace("/a/", "/baharu")
    with another_process_publishing(publish_there):
        pid = in_process(lambda: Redirect.add_redirect(address, redirect_to=pages[0]) and None)
        time.sleep(A_WHILE)
    assert outcome(pid) == 0
    route = Route.objects.get(site="", path=f"{address}/", origin="")
    assert route.document is not None
    assert route.document.path == route.path
    assert not list(verify())


# No needless waiting


def log_in() -> None:
    response = Client().post(
        reverse("wagtailadmin_login"), {"username": "ketua", "password": "rahsia"}
    )
    assert response.status_code == 302


def save_a_string(client: Client) -> None:
    translation = Translation.objects.get()
    segment = StringSegment.objects.filter(context__path="title").get()
    address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    response = client.put(address, "value=Translated", "application/x-www-form-urlencoded")
    assert response.status_code == 201, response.content
    assert StringTranslation.objects.get().data == "Translated"


def save_a_draft(client: Client, page: StandardPage) -> None:
    values = {"title": "Draf", "slug": page.slug, "body-count": 0}
    values |= {f"comments-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM")}
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), values)
    assert response.status_code == 302, response.content
    assert StandardPage.objects.get(pk=page.pk).get_latest_revision().content["title"] == "Draf"


def lock(client: Client, page: StandardPage) -> None:
    response = client.post(reverse("wagtailadmin_pages:lock", args=[page.pk]))
    assert response.status_code == 302
    assert StandardPage.objects.get(pk=page.pk).locked


def test_private_changes_do_not_wait_for_a_publish(pages: list[StandardPage]) -> None:
    translate_object(pages[1], [Locale.objects.get(language_code="en")])
    client = Client()
    client.force_login(superuser())
    with another_process_publishing():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        log_in()
        save_a_string(client)
        save_a_draft(client, pages[0])
        lock(client, pages[0])
        connection.close()
    assert not list(verify())
