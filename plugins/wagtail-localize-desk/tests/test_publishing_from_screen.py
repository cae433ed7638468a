"""Publishing a translation from its screen: who may, what a script is told, and what it costs."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Page

from tests.newsroom.content import (
    body,
    published_article,
    republish,
    segment_at,
    stop,
    submit,
    target_of,
    translate,
    translate_string,
    translation_of,
)
from tests.newsroom.people import browser_of
from tests.screen_desk import Screen, speak_english
from wagtail_localize_desk.models import RevisionTexts

pytestmark = pytest.mark.django_db

SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
#: With what a superuser's browser needs before a view, and the search index of SQLite.
MOST_QUERIES = 60
#: What the first of several tests found, which the others find again.
QUERIES: dict[str, int] = {}


@pytest.fixture
def client(publisher):
    speak_english(publisher)
    return browser_of(publisher)


def publish_url(article, en) -> str:
    return reverse("wagtail_localize_desk:publish", args=[translation_of(article, en).pk])


def test_a_script_stays_on_the_screen_and_is_told(client, publisher, article, en):
    translate(article, en)
    button = Screen(client, target_of(article, en)).html.select_one(
        ".desk-footer button[value=publish]"
    )
    response = client.post(button["formaction"], headers=SCRIPT)
    assert response.json() == {
        "outcome": "published",
        "reason": "“EN Berita” was published in English.",
    }
    target = target_of(article, en)
    assert (target.live, target.title, target.draft_title) == (True, "EN Berita", "EN Berita")
    assert target.latest_revision_id == target.live_revision_id
    assert target.latest_revision.user == publisher


def test_without_scripts_the_screen_opens_again(client, article, en):
    translate(article, en)
    response = client.post(publish_url(article, en))
    assert response.url == reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])
    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert any("was published in English" in text for text in told)


def test_untranslated_texts_need_the_same_choice_as_ever(client, article, en):
    refused = client.post(publish_url(article, en), headers=SCRIPT)
    assert (refused.status_code, target_of(article, en).live) == (403, False)
    asked = client.post(publish_url(article, en))
    assert "Tajuk" in asked.content.decode()
    assert not target_of(article, en).live


def test_whoever_does_not_publish_is_back_on_the_screen(client, article, en):
    address = publish_url(article, en)
    asked = BeautifulSoup(client.post(address).content, "html.parser")
    back = asked.select_one("a.button-secondary")["href"]
    response = client.get(back)
    assert response.url == reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])
    assert not target_of(article, en).live


def test_who_may_only_change_does_not_publish(user, article, en):
    translate(article, en)
    response = browser_of(user).post(publish_url(article, en), headers=SCRIPT)
    assert response.status_code == 403
    assert not target_of(article, en).live


def test_what_is_stopped_or_locked_is_not_published(client, article, en):
    translate(article, en)
    target = target_of(article, en)
    Page.objects.filter(pk=target.pk).update(locked=True)
    assert client.post(publish_url(article, en), headers=SCRIPT).status_code == 409
    Page.objects.filter(pk=target.pk).update(locked=False)
    stop(article, en)
    assert client.post(publish_url(article, en), headers=SCRIPT).status_code == 409
    assert not target_of(article, en).live


def test_a_text_that_does_not_fit_is_refused_and_nothing_is_kept(client, article, en):
    translate(article, en)
    translate_string(segment_at(article, "slug"), en, "!!!")
    before = RevisionTexts.objects.count()
    response = client.post(publish_url(article, en), headers=SCRIPT)
    assert (response.status_code, response.json()["outcome"]) == (422, "refused")
    target = target_of(article, en)
    assert not target.live
    assert RevisionTexts.objects.count() == before


def test_a_title_that_is_too_long_is_found_by_the_publish_itself(client, article, en):
    """The revision is not checked apart, as the publish checks the same page."""
    translate(article, en, title="x" * 300)
    before = target_of(article, en).revisions.count()
    response = client.post(publish_url(article, en), headers=SCRIPT)
    assert (response.status_code, response.json()["outcome"]) == (422, "refused")
    assert segment_at(article, "title").string.translations.get().has_error
    assert target_of(article, en).revisions.count() == before


def test_the_slug_of_an_unread_page_leaves_no_old_address(client, article, en):
    translate(article, en, slug="news")
    client.post(publish_url(article, en), headers=SCRIPT)
    target = target_of(article, en)
    assert (target.slug, target.url_path.endswith("/news/")) == ("news", True)


def test_an_edited_translation_is_published_again(client, article, en):
    translate(article, en)
    client.post(publish_url(article, en), headers=SCRIPT)
    republish(article, body=body(heading="Lain"))
    translate(article, en)
    assert client.post(publish_url(article, en), headers=SCRIPT).status_code == 200
    assert target_of(article, en).body[0].value["heading"] == "EN Lain"


@pytest.mark.parametrize("count", [20, 200])
def test_a_translation_is_published_with_the_same_few_queries(
    admin_client, home, english_home, en, count, django_assert_max_num_queries
):
    def publish_one(number: int, *, most: int):
        text = "".join(f"<p>Perenggan {place}</p>" for place in range(count))
        article = published_article(home, slug=f"berita-{number}", body=body(text=text))
        submit(article, en)
        # With another title than before, as nearly all: Wagtail logs a renaming too.
        translate(article, en, slug=f"news-{number}", title=f"News {number}")
        url = publish_url(article, en)
        with django_assert_max_num_queries(most) as queries:
            response = admin_client.post(url, headers=SCRIPT)
        assert response.json()["outcome"] == "published"
        return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]

    publish_one(1, most=200)
    asked = publish_one(2, most=200)
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)
    assert len(asked) == QUERIES.setdefault("publish", len(asked))
