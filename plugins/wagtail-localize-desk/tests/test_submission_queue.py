"""Many pages are submitted by a worker, each once, and only as their user may at that time."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation, TranslationLog

from tests.newsroom.content import body, published_article, published_topic, target_of
from tests.newsroom.models import Article
from tests.newsroom.people import browser_of, member, translator_of
from wagtail_localize_desk import submission_queue
from wagtail_localize_desk.extending import submit_next_page
from wagtail_localize_desk.models import Submission, SubmittedPage
from wagtail_localize_desk.submission_queue import delete_old, enqueue
from wagtail_localize_desk.submission_views import recent_submissions

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

State = SubmittedPage.State
#: For one page, with the search index of SQLite, three times.
MOST_QUERIES = 143
#: Those of a new translation: the copy, and its first draft.
REVISIONS = 2


@pytest.fixture
def top(home: Page, english_home: Page) -> Article:
    """A page with six pages below it, two of them deeper."""
    top = published_article(home, title="Atas", slug="atas")
    add_pages(top, 4)
    add_pages(page_at("anak-1"), 2, name="cucu")
    return Article.objects.get(pk=top.pk)


@pytest.fixture
def user(top: Article) -> User:
    """Somebody who may submit; all pages are public."""
    return member()


@pytest.fixture
def submission(user: User, top: Article, en: Locale) -> Submission:
    return enqueue(user, top, [en])


def add_pages(parent: Page, number: int, name: str = "anak") -> None:
    for each in range(number):
        parent = Page.objects.get(pk=parent.pk)
        slug = f"{name}-{each}"
        published_article(parent, title=slug.title(), slug=slug, body=body(heading=f"Tajuk {slug}"))


def page_at(slug: str) -> Page:
    return Page.objects.get(slug=slug, locale__language_code="ms")


def work(steps: int = 100) -> None:
    """Let a worker do its steps, or all of them."""
    while steps and submit_next_page():
        steps -= 1


def states(submission: Submission) -> dict[str, str]:
    """What became of the pages, by slug; by primary key if the page is gone."""
    slugs = dict(Page.objects.values_list("pk", "slug"))
    return {
        slugs.get(item.page_pk, str(item.page_pk)): item.state
        for item in submission.pages.order_by("pk")
    }


def form_address(page: Page) -> str:
    return reverse("wagtail_localize:submit_page_translation", args=[page.pk])


def post(client: Client, page: Page, *locales: Locale) -> Any:
    form = {"locales": [locale.pk for locale in locales], "include_subtree": "on"}
    return client.post(form_address(page), form)


def progress(client: Client, submission: Submission, **headers: str) -> Any:
    address = reverse("wagtail_localize_desk:submission", args=[submission.pk])
    return client.get(address, headers=headers)


# The request


def queries_of_a_step() -> int:
    """How many queries the worker's next step takes, without the statements of transactions."""
    with CaptureQueriesContext(connection) as queries:
        work(1)
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


def test_a_page_takes_few_queries_wherever_it_is(submission):
    """Its parents are looked up together, and its content is read without what it refers to."""
    # The list, the top, and the first page below it.
    work(3)
    counts = [queries_of_a_step() for _page in range(5)]
    assert set(states(submission).values()) == {State.DONE}
    assert max(counts) <= MOST_QUERIES


def test_a_large_tree_is_left_to_the_worker(top, user, en):
    answer = post(browser_of(user), top, en)
    submission = Submission.objects.get()
    assert answer.url == reverse("wagtail_localize_desk:submission", args=[submission.pk])
    assert (submission.user, submission.languages, submission.total) == (user, ["en"], 7)
    assert not Translation.objects.exists()
    work()
    assert set(states(submission).values()) == {State.DONE}
    for page in Page.objects.descendant_of(top, inclusive=True).specific():
        target = target_of(page, en)
        assert not target.live
        assert target.alias_of_id is None
        assert target.latest_revision.user == user
    grandchild = target_of(page_at("cucu-1").specific, en)
    assert grandchild.get_parent().specific == target_of(page_at("anak-1").specific, en)


@pytest.mark.parametrize("most", [0, 7])
def test_a_small_tree_is_submitted_at_once(top, user, en, most):
    with override_settings(WAGTAIL_LOCALIZE_DESK_PAGES_AT_ONCE=most):
        assert post(browser_of(user), top, en).status_code == 302
    assert not Submission.objects.exists()
    assert Translation.objects.count() == 7


def test_a_page_without_its_subtree_is_submitted_at_once(top, user, en):
    browser_of(user).post(form_address(top), {"locales": [en.pk]})
    assert not Submission.objects.exists()
    assert Translation.objects.count() == 1


def test_the_request_takes_as_many_queries_for_more_pages(top, en):
    counts = []
    for _more in range(2):
        client = browser_of(member())
        client.get(reverse("wagtailadmin_home"))
        with CaptureQueriesContext(connection) as queries:
            assert post(client, top, en).status_code == 302
        counts.append(len(queries))
        add_pages(top, 10, name=f"lagi-{len(counts)}")
        top = Article.objects.get(pk=top.pk)
    assert Submission.objects.order_by("-pk").first().total == 17
    assert counts[0] == counts[1] <= 45


def test_the_same_submission_is_queued_once(top, user, en):
    client = browser_of(user)
    assert post(client, top, en).url == post(client, top, en).url
    assert Submission.objects.count() == 1


# The worker


def test_a_worker_that_is_killed_loses_the_page_that_it_was_at(top, submission, en, monkeypatch):
    work(3)
    original = submission_queue.create_unasked

    def killed(*args: Any) -> None:
        original(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(submission_queue, "create_unasked", killed)
    with pytest.raises(KeyboardInterrupt):
        work()
    assert [*states(submission).values()] == [State.DONE] * 2 + [State.WAITING] * 5
    assert Translation.objects.count() == 2
    revisions = {page.pk: page.revisions.count() for page in Page.objects.filter(locale=en)}

    monkeypatch.setattr(submission_queue, "create_unasked", original)
    work()
    assert set(states(submission).values()) == {State.DONE}
    assert Translation.objects.count() == 7
    for pk, number in revisions.items():
        assert Page.objects.get(pk=pk).revisions.count() == number


def test_a_page_that_kills_each_worker_is_given_up(top, submission, monkeypatch):
    original = submission_queue.create_unasked

    def killed(creator: Any, page: Page) -> None:
        if page.slug == "anak-0":
            raise KeyboardInterrupt
        original(creator, page)

    monkeypatch.setattr(submission_queue, "create_unasked", killed)
    for _worker in range(3):
        with pytest.raises(KeyboardInterrupt):
            work()
    work()
    found = states(submission)
    assert found.pop("anak-0") == State.FAILED
    assert set(found.values()) == {State.DONE}


def test_what_the_database_refuses_is_tried_again(top, submission, monkeypatch):
    original = submission_queue.create_unasked
    attempts = []

    def refused(creator: Any, page: Page) -> None:
        attempts.append(page.pk)
        if len(attempts) < 3:
            raise OperationalError("database is locked")
        original(creator, page)

    monkeypatch.setattr(submission_queue, "create_unasked", refused)
    work()
    assert set(states(submission).values()) == {State.DONE}
    assert len(attempts) == 7 + 2


def test_a_failure_in_the_middle_stops_nothing_and_is_told(top, submission, user, monkeypatch):
    original = submission_queue.create_unasked

    def failing(creator: Any, page: Page) -> None:
        original(creator, page)
        if page.slug == "anak-0":
            raise ValidationError("The slug is taken.")
        if page.slug == "anak-2":
            raise RuntimeError("secret")

    monkeypatch.setattr(submission_queue, "create_unasked", failing)
    work()
    found = states(submission)
    assert [found.pop(slug) for slug in ("anak-0", "anak-2")] == [State.FAILED] * 2
    assert set(found.values()) == {State.DONE}
    assert Translation.objects.count() == 5
    text = progress(browser_of(user), submission).content.decode()
    assert "Anak-0: The slug is taken." in text
    assert "Anak-2: Failed" in text
    assert "secret" not in text


def test_a_translation_that_upstream_cannot_save_is_a_failure(top, submission, monkeypatch):
    def refused(*args: Any, **kwargs: Any) -> None:
        raise ValidationError("not valid")

    monkeypatch.setattr(Translation, "save_target", refused)
    work()
    assert set(states(submission).values()) == {State.FAILED}
    assert not Translation.objects.exists()


def test_rights_are_asked_for_each_page_when_it_is_done(home, top, en):
    user = translator_of(home)
    for slug in ("anak-0", "anak-2"):
        page_at(slug).unpublish()
    submission = enqueue(user, top, [en])
    work(4)
    assert states(submission)["anak-0"] == State.DONE
    user.groups.first().page_permissions.all().delete()
    work()
    found = states(submission)
    assert found.pop("anak-2") == State.LEFT_OUT
    assert set(found.values()) == {State.DONE}
    assert not page_at("anak-2").has_translation(en)
    text = progress(browser_of(user), submission).content.decode()
    assert "Anak-2" not in text
    assert "1 page without a title here: Left out, because the right to it is missing" in text
    assert "Anak-0" not in text


def test_who_may_submit_no_longer_submits_nothing_more(top, user, submission):
    work(3)
    user.groups.clear()
    work()
    assert [*states(submission).values()] == [State.DONE] * 2 + [State.LEFT_OUT] * 5


@pytest.mark.parametrize("is_deleted", [True, False])
def test_an_account_that_is_gone_submits_nothing_more(top, user, submission, is_deleted):
    work(2)
    if is_deleted:
        user.delete()
    else:
        User.objects.update(is_active=False)
    work()
    assert [*states(submission).values()] == [State.DONE] + [State.LEFT_OUT] * 6
    submission.refresh_from_db()
    assert submission.user_name == user.username
    assert submission.finished_at
    admin = User.objects.create_superuser("admin")
    assert user.username in progress(browser_of(admin), submission).content.decode()


def test_a_page_that_is_deleted_meanwhile_is_told(top, user, submission):
    work(1)
    gone = page_at("anak-1")
    gone.get_children().last().delete()
    work()
    assert sorted(states(submission).values()) == [State.DELETED] + [State.DONE] * 6
    text = progress(browser_of(user), submission).content.decode()
    assert "1 page without a title here: The page was deleted meanwhile" in text


def test_a_tree_that_is_deleted_before_the_work_begins_is_told(top, user, submission):
    top.delete()
    work()
    assert [*states(submission).values()] == [State.DELETED]
    assert progress(browser_of(user), submission).status_code == 200


def test_a_language_that_is_deleted_meanwhile_is_told(top, user, en):
    tamil = Locale.objects.create(language_code="ta")
    only_tamil, both = enqueue(user, top, [tamil]), enqueue(user, top, [en, tamil])
    tamil.delete()
    work()
    assert set(states(only_tamil).values()) == {State.NO_LANGUAGE}
    assert set(states(both).values()) == {State.DONE}
    assert "The language was deleted" in progress(browser_of(user), only_tamil).content.decode()


def test_what_is_submitted_already_is_not_submitted_again(top, submission, en):
    enqueue(member(), top, [en])
    work()
    assert Submission.objects.filter(finished_at=None).count() == 0
    assert SubmittedPage.objects.filter(state=State.DONE).count() == 14
    for page in Page.objects.descendant_of(top, inclusive=True).specific():
        assert target_of(page, en).revisions.count() == REVISIONS


def test_a_stopped_translation_below_is_restarted_as_by_a_request(top, submission, en):
    work()
    Translation.objects.update(enabled=False)
    enqueue(member(), top, [en])
    work()
    assert not Translation.objects.filter(enabled=False).exists()


def test_old_submissions_are_deleted(top, submission, user, en):
    call_command("submit_translations")
    submission.refresh_from_db()
    assert submission.finished_at
    fresh = enqueue(user, page_at("anak-1"), [en])
    Submission.objects.update(created_at=timezone.now() - timedelta(days=40))
    Submission.objects.filter(pk=submission.pk).update(
        finished_at=timezone.now() - timedelta(days=31)
    )
    delete_old()
    assert [*Submission.objects.all()] == [fresh]
    assert not SubmittedPage.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_two_workers_at_once_submit_nothing_twice(top, submission, en, user):
    other = enqueue(user, page_at("anak-1"), [en])
    begin = threading.Barrier(2)
    problems: list[BaseException] = []

    def worker() -> None:
        try:
            begin.wait(10)
            call_command("submit_translations")
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not problems
    work()
    assert {*states(submission).values(), *states(other).values()} == {State.DONE}
    assert Translation.objects.count() == 7
    # Each time that a translation is written to its page.
    assert TranslationLog.objects.count() == 7


def test_a_page_that_another_worker_did_meanwhile_is_not_done_again(submission, monkeypatch):
    work(2)
    begun = submission_queue._submit

    def done_elsewhere(submission_pk: int, item_pk: int) -> None:
        begun(submission_pk, item_pk)
        before = Translation.objects.count()
        begun(submission_pk, item_pk)
        assert Translation.objects.count() == before

    monkeypatch.setattr(submission_queue, "_submit", done_elsewhere)
    work()
    assert set(states(submission).values()) == {State.DONE}
    assert set(submission.pages.values_list("attempts", flat=True)) == {1}


# The page that shows it


def test_the_progress_is_shown_to_its_user_and_to_superusers_only(submission, user):
    superuser = User.objects.create_superuser("admin")
    for account, status in ((user, 200), (superuser, 200), (member(), 404)):
        assert progress(browser_of(account), submission).status_code == status
    assert progress(Client(), submission).status_code == 302
    submission.pk += 1
    assert progress(browser_of(user), submission).status_code == 404


def test_the_dashboard_leads_back_to_the_progress(submission, user, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        (shown,) = recent_submissions(user)
    assert (shown.title, shown.languages, shown.is_finished) == ("Atas", "en", False)
    page = browser_of(user).get(reverse("wagtailadmin_home")).content.decode()
    assert shown.url in page
    other = member()
    assert shown.url not in browser_of(other).get(reverse("wagtailadmin_home")).content.decode()
    work()
    assert recent_submissions(user)[0].is_finished
    Submission.objects.update(finished_at=timezone.now() - timedelta(days=2))
    assert recent_submissions(user) == []


def test_the_progress_says_how_far_it_is_and_that_it_is_done(top, submission, home, en):
    client = browser_of(User.objects.create_superuser("admin"))
    text = progress(client, submission).content.decode()
    assert "The submission waits to begin." in text
    assert 'max="7" value="0"' in text
    work(5)
    part = progress(client, submission, x_requested_with="XMLHttpRequest").content.decode()
    assert "<html" not in part
    assert "4 of 7 pages" in part
    assert 'data-status="50% of the pages are worked off."' in part
    assert "data-finished" not in part
    work()
    text = progress(client, submission).content.decode()
    assert "All pages are worked off." in text
    assert "7 pages were submitted." in text
    assert "Refresh the progress" not in text
    for page in Page.objects.descendant_of(top, inclusive=True).specific():
        assert reverse("wagtailadmin_pages:edit", args=[target_of(page, en).pk]) in text


def test_translations_are_linked_for_those_who_may_open_them(top, submission, user, en):
    work()
    text = progress(browser_of(user), submission).content.decode()
    assert "Anak-0" in text
    assert reverse("wagtailadmin_pages:edit", args=[target_of(top, en).pk]) not in text


def test_a_submission_that_stands_still_says_whom_to_ask(submission, user):
    client = browser_of(user)
    assert "Ask an administrator" not in progress(client, submission).content.decode()
    Submission.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert "Ask an administrator" in progress(client, submission).content.decode()


def test_the_progress_takes_as_many_queries_for_more_pages(home, top, en):
    user = translator_of(home)
    client = browser_of(user)
    counts = []
    for page in (page_at("anak-1"), top):
        submission = enqueue(user, page, [en])
        work()
        progress(client, submission)
        with CaptureQueriesContext(connection) as queries:
            progress(client, submission)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_page_with_snippets_takes_those_that_the_user_may_see(home, ms, top, user, en):
    seen, draft = published_topic(ms), published_topic(ms, name="Rahsia")
    draft.unpublish()
    published_article(top, title="Topik", slug="topik", topic=seen)
    published_article(page_at("atas"), title="Topik 2", slug="topik-2", topic=draft)
    enqueue(user, page_at("atas").specific, [en])
    work()
    assert seen.has_translation(en)
    assert not draft.has_translation(en)
