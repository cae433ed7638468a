"""Wagtail's write API makes nothing public in the wrong language either."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from wagtail.models import APIToken, Page

from tests.newsroom.content import (
    HEADING,
    publish_translation,
    published_article,
    stop,
    string_at,
    submit,
    target_of,
    translate,
)
from tests.newsroom.models import Article
from tests.newsroom.people import member
from tests.test_access import STATES, snapshot
from wagtail_localize_desk.aliases import shows_another_locale
from wagtail_localize_desk.extending import translation_status

pytestmark = pytest.mark.django_db

ALL = ["add", "change", "publish", "lock", "unlock"]


class Program:
    """A program with the token of a publisher of every page."""

    def __init__(self) -> None:
        self.user = member(pages=Page.get_first_root_node(), actions=ALL)
        _stored, token = APIToken.create_token(user=self.user, name="program")
        # Wagtail answers with a server error where an alias is to be published.
        self.client = Client(
            raise_request_exception=False, headers={"authorization": f"Bearer {token}"}
        )

    def act(self, page: Page, action: str, **data: Any) -> HttpResponse:
        url = f"/api/v3/pages/{page.pk}/actions/{action}/"
        return self.client.post(url, data, content_type="application/json")

    def change(self, page: Page, action: str = "publish", **fields: Any) -> HttpResponse:
        data = {"meta": {"type": "newsroom.Article", "action": action}, **fields}
        return self.client.patch(f"/api/v3/pages/{page.pk}/", data, content_type="application/json")


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def powerful_program(program) -> Program:
    """One that Wagtail lets copy pages for translation."""
    program.user.is_superuser = True
    program.user.save()
    return program


def undeclared() -> list[tuple[Page, set[str]]]:
    """Public pages that show Malay under English."""
    pages = [page.specific for page in Page.objects.filter(locale__language_code="en", live=True)]
    return [
        (page, texts)
        for page in pages
        if (texts := {*translation_status(page).untranslated}) or shows_another_locale(page)
    ]


def test_nothing_untranslated_is_published(program, article, en):
    answer = program.act(target_of(article, en), "publish")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "“Berita”" in answer.json()["detail"]
    assert not target_of(article, en).live


def test_a_page_copied_for_translation_is_a_draft(powerful_program, home, english_home, en):
    article = published_article(home)
    assert powerful_program.act(article, "copy_for_translation", locale="en").status_code == 201
    assert not target_of(article, en).live
    answer = powerful_program.act(target_of(article, en), "publish")
    assert answer.status_code == 403
    assert undeclared() == []


@pytest.mark.parametrize("keep_live", [True, False])
def test_a_copy_below_another_language_keeps_its_own(program, english_home, article, keep_live):
    answer = program.act(
        article, "copy", destination_id=english_home.pk, keep_live=keep_live, slug="copy"
    )
    assert answer.status_code == 201, answer.content
    copy = Page.objects.get(slug="copy")
    assert program.act(copy, "publish").status_code == 200
    copy.refresh_from_db()
    assert (copy.locale.language_code, copy.live) == ("ms", True)
    assert undeclared() == []


def test_an_alias_in_another_language_is_not_public(powerful_program, home, english_home, en):
    article = published_article(home)
    answer = powerful_program.act(
        article, "create_alias", destination_id=english_home.pk, slug="alias"
    )
    assert answer.status_code == 201, answer.content
    assert Page.objects.get(slug="alias").locale.language_code == "ms"
    answer = powerful_program.act(article, "copy_for_translation", locale="en", alias=True)
    assert answer.status_code == 201, answer.content
    alias = target_of(article, en)
    assert not alias.live
    powerful_program.act(alias, "publish")
    powerful_program.act(alias, "convert_alias")
    powerful_program.act(alias, "publish")
    assert undeclared() == []
    assert not target_of(article, en).live


def test_a_page_is_not_moved_below_another_language(program, home, english_home):
    article = published_article(home)
    answer = program.act(article, "move", destination_id=english_home.pk, position="last-child")
    assert answer.status_code == 403, answer.content
    assert Article.objects.get(pk=article.pk).is_child_of(home)


def test_a_change_publishes_nothing_that_was_taken_over(program, article, en):
    translate(article, en, HEADING)
    stop(article, en)
    target = target_of(article, en)
    answer = program.change(target, title="News")
    assert answer.status_code == 403, answer.content
    assert not target_of(article, en).live
    assert undeclared() == []


def test_what_a_program_writes_is_kept(program, article, en):
    translate(article, en)
    publish_translation(article, en)
    stop(article, en)
    answer = program.change(target_of(article, en), title="Latest news")
    assert answer.status_code == 200, answer.content
    assert target_of(article, en).title == "Latest news"
    row = string_at(article, en, "title")
    assert (row.words, row.author) == ("Latest news", program.user)
    assert undeclared() == []


def test_a_version_from_before_the_translation_is_not_published(program, article, en):
    first = target_of(article, en).latest_revision
    translate(article, en)
    publish_translation(article, en)
    stop(article, en)
    target = target_of(article, en)
    answer = program.act(target, "revert", revision_id=first.pk)
    assert answer.status_code == 200, answer.content
    answer = program.act(target, "publish")
    assert answer.status_code == 403, answer.content
    assert undeclared() == []
    assert target_of(article, en).title == "EN Berita"


@pytest.mark.parametrize("state", STATES)
def test_no_program_changes_what_cannot_be_changed_now(program, article, en, state):
    translate(article, en)
    target = target_of(article, en)
    first = target.latest_revision
    STATES[state](target)
    before = snapshot()
    for answer in (
        program.change(target, title="News"),
        program.act(target, "publish"),
        program.act(target, "revert", revision_id=first.pk),
        program.act(target, "unpublish"),
        program.client.delete(f"/api/v3/pages/{target.pk}/"),
    ):
        assert answer.status_code == 403, answer.content
    assert snapshot() == before


def test_deleted_pages_keep_their_words(program, home, article, en):
    translate(article, en)
    assert program.client.delete(f"/api/v3/pages/{article.pk}/").status_code == 204
    again = published_article(home, translation_key=article.translation_key)
    submit(again, en)
    assert string_at(again, en, "title").words == "EN Berita"
    assert Article.objects.filter(locale=en, live=True).count() == 0
