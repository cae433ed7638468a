"""Saving strings on the translator's screen, and what is refused there."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail_localize.models import StringTranslation

from tests.newsroom.content import (
    BODY,
    HEADING,
    body,
    publish_translation,
    published_article,
    republish,
    stop,
    string_at,
    submit,
    target_of,
    translate,
)
from tests.newsroom.people import browser_of, publisher_of, translator_of
from tests.screen_desk import Screen, speak_english
from wagtail_localize_desk.models import Method, Reason, State, StringComment

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(user):
    return browser_of(user)


@pytest.fixture
def colleague(english_home):
    """The browser of another translator."""
    user = translator_of(english_home)
    speak_english(user)
    return browser_of(user)


@pytest.fixture
def reviewer(english_home):
    user = publisher_of(english_home)
    speak_english(user)
    return browser_of(user)


@pytest.fixture
def screen(client, article, en):
    return Screen(client, target_of(article, en))


def test_a_saved_string_is_translated_and_in_the_history(screen, user, article, en):
    row = string_at(article, en, HEADING)
    response = screen.save(row, "Heading")
    assert response.status_code == 200
    assert response.json()["outcome"] == "saved"
    assert response.json()["state"] == State.TRANSLATED
    row.refresh_from_db()
    assert (row.words, row.state, row.author, row.method) == (
        "Heading",
        State.TRANSLATED,
        user,
        Method.HAND,
    )
    entry = row.changes.get()
    assert (entry.words_before, entry.words_after, entry.author) == ("", "Heading", user)
    stored = StringTranslation.objects.get(context__path=HEADING)
    assert (stored.data, stored.last_translated_by, stored.has_error) == ("Heading", user, False)
    assert publish_translation(article, en).body[0].value["heading"] == "Heading"


def test_a_saved_title_is_the_title_in_lists(screen, article, en):
    screen.save(string_at(article, en, "title"), "News")
    assert target_of(article, en).draft_title == "News"


def test_a_string_is_saved_without_a_script(screen, article, en):
    row = string_at(article, en, HEADING)
    edit = reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])
    response = screen.save(row, "Heading\r\nin two lines", with_script=False, next=edit)
    assert (response.status_code, response["Location"]) == (302, f"{edit}#string-{row.pk}")
    row.refresh_from_db()
    assert row.words == "Heading<br/>in two lines"


def test_the_same_words_confirm_a_string_that_needs_review(client, article, en):
    translate(article, en)
    republish(article, body=body(heading="Tajuk."))
    row = string_at(article, en, HEADING)
    assert row.reason == Reason.SOURCE_CHANGED
    Screen(client, target_of(article, en)).save(row, "EN Tajuk")
    row.refresh_from_db()
    assert (row.state, row.reason, row.made_from) == (State.TRANSLATED, "", "Tajuk.")


def test_saving_what_is_saved_changes_nothing(client, article, en):
    translate(article, en)
    row = string_at(article, en, HEADING)
    response = Screen(client, target_of(article, en)).save(row, "EN Tajuk")
    assert response.json()["outcome"] == "unchanged"
    assert row.changes.count() == 1


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        (HEADING, "   ", "A blank text is no translation"),
        (HEADING, "\n", "A blank text is no translation"),
        ("title", "x" * 300, "at most 255 characters"),
        ("slug", "our news", "“slug”"),
        ("intro", "See Act 4", "{1}…{/1}"),
        ("intro", "See {1}Act 4", "Write {/1} after {1}"),
        (HEADING, "x\x00", "cannot be stored"),
    ],
)
@pytest.mark.parametrize("with_script", [True, False])
def test_what_is_not_saved_says_why_and_keeps_the_text(
    client, article, en, path, text, reason, with_script
):
    republish(article, intro='<p>Lihat <a href="/x/">Akta 4</a></p>')
    row = string_at(article, en, path)
    screen = Screen(client, target_of(article, en))
    response = screen.save(row, text, with_script=with_script)
    assert response.status_code == 422
    html = response.json()["html"] if with_script else response.content.decode()
    shown = screen.of(html).row(row)
    assert reason in shown.select_one(".error-message").get_text()
    assert shown.textarea["aria-invalid"] == "true"
    assert shown.textarea["aria-describedby"].startswith(f"string-{row.pk}-error")
    assert screen.of(html).text(row) == text.replace("\x00", "\x00")
    row.refresh_from_db()
    assert (row.words, row.changes.count()) == ("", 0)
    assert not StringTranslation.objects.filter(context__path=path).exists()


@pytest.mark.parametrize("with_script", [True, False])
def test_the_second_of_two_translators_gets_both_texts(
    screen, colleague, user, article, en, with_script
):
    row = string_at(article, en, HEADING)
    other = Screen(colleague, target_of(article, en))
    assert other.save(row, "Their heading").status_code == 200
    response = screen.save(row, "My heading", with_script=with_script)
    assert response.status_code == 409
    html = response.json()["html"] if with_script else response.content.decode()
    shown = screen.of(html)
    assert shown.text(row) == "My heading"
    assert shown.row(row).select_one(".desk-string__conflict .desk-string__text").get_text() == (
        "Their heading"
    )
    assert "member-" in shown.row(row).select_one(".error-message").get_text()
    row.refresh_from_db()
    assert row.words == "Their heading"
    # With the version that the answer has, the text is chosen.
    assert shown.save(row, "My heading").status_code == 200
    row.refresh_from_db()
    assert (row.words, row.author) == ("My heading", user)
    assert [entry.words_after for entry in row.changes.all()] == ["Their heading", "My heading"]


def test_the_same_text_of_two_translators_is_no_conflict(screen, colleague, article, en):
    row = string_at(article, en, HEADING)
    Screen(colleague, target_of(article, en)).save(row, "Heading")
    response = screen.save(row, "Heading")
    assert (response.status_code, response.json()["outcome"]) == (200, "unchanged")


@pytest.mark.parametrize("is_translated", [True, False])
def test_a_source_that_changed_meanwhile_is_shown_before_the_text_is_saved(
    client, article, en, is_translated
):
    if is_translated:
        translate(article, en)
    screen = Screen(client, target_of(article, en))
    republish(article, body=body(heading="Tajuk lain"))
    row = string_at(article, en, HEADING)
    response = screen.save(row, "Other heading")
    assert response.status_code == 409
    shown = screen.of(response.json()["html"])
    assert "The source has changed" in shown.row(row).select_one(".error-message").get_text()
    assert shown.row(row).select_one(".desk-string__source .desk-string__text").get_text() == (
        "Tajuk lain"
    )
    assert shown.text(row) == "Other heading"
    assert shown.save(row, "Other heading").status_code == 200


def test_a_removed_translation_stays_in_the_history(client, article, en):
    translate(article, en)
    row = string_at(article, en, HEADING)
    screen = Screen(client, target_of(article, en))
    assert screen.save(row, "", action="remove").status_code == 200
    row.refresh_from_db()
    assert (row.words, row.state) == ("", State.UNTRANSLATED)
    assert row.changes.last().words_before == "EN Tajuk"
    assert not StringTranslation.objects.filter(context__path=HEADING).exists()


def test_any_version_can_be_brought_back(client, article, en):
    row = string_at(article, en, HEADING)
    for text in ("First", "Second"):
        Screen(client, target_of(article, en)).save(row, text)
    history = client.get(reverse("wagtail_localize_desk:string_history", args=[row.pk]))
    assert history.status_code == 200
    assert b"First" in history.content
    first = row.changes.first()
    url = reverse("wagtail_localize_desk:restore_string", args=[row.pk, first.pk])
    assert url in history.content.decode()
    response = client.post(url, headers={"X-Requested-With": "XMLHttpRequest"})
    assert response.json()["outcome"] == "saved"
    row.refresh_from_db()
    assert (row.words, row.method) == ("First", Method.RESTORE)


def test_a_version_of_another_string_is_not_brought_back(client, article, en):
    translate(article, en)
    row, other = string_at(article, en, HEADING), string_at(article, en, "title")
    url = reverse("wagtail_localize_desk:restore_string", args=[row.pk, other.changes.first().pk])
    assert client.post(url).status_code == 404


# Rights


def calls(row) -> list[tuple[str, dict[str, str]]]:
    def address(name, *more):
        return reverse(f"wagtail_localize_desk:{name}", args=[row.pk, *more])

    return [
        (address("save_string"), {"text": "Changed"}),
        (address("restore_string", row.changes.first().pk), {}),
        (address("approve_string"), {}),
        (address("comment_string"), {"comment": "Why?"}),
    ]


def test_those_without_rights_change_nothing(home, article, en):
    translate(article, en)
    row = string_at(article, en, HEADING)
    stranger = browser_of(translator_of(home))
    for url, data in calls(row):
        assert stranger.post(url, data).status_code == 403, url
    history = reverse("wagtail_localize_desk:string_history", args=[row.pk])
    assert stranger.get(history).status_code == 403
    row.refresh_from_db()
    assert (row.words, row.changes.count()) == ("EN Tajuk", 1)
    assert not StringComment.objects.exists()


def test_a_locked_translation_opens_and_is_not_changed(client, article, en):
    translate(article, en)
    target = target_of(article, en)
    type(target).objects.filter(pk=target.pk).update(locked=True)
    screen = Screen(client, target)
    row = string_at(article, en, HEADING)
    assert screen.row(row).textarea.has_attr("readonly")
    assert screen.html.select_one(".help-warning") is not None
    assert screen.save(row, "Changed").status_code == 409
    assert "detail" in screen.save(row, "Changed").json()
    row.refresh_from_db()
    assert row.words == "EN Tajuk"


def test_a_stopped_translation_is_not_changed(screen, article, en):
    row = string_at(article, en, HEADING)
    stop(article, en)
    assert screen.save(row, "Changed").status_code == 409


def test_strings_that_are_not_there_are_not_found(screen, client, article, en):
    row = string_at(article, en, HEADING)
    version = screen.version(row)
    republish(article, body=body(heading=""))
    url = reverse("wagtail_localize_desk:save_string", args=[row.pk])
    assert client.post(url, {"text": "x", "version": version}).status_code == 404
    unknown = reverse("wagtail_localize_desk:save_string", args=[10**9])
    assert client.post(unknown, {"text": "x"}).status_code == 404


# Review


def test_a_colleague_approves_and_the_writer_does_not(screen, reviewer, article, en):
    row = string_at(article, en, HEADING)
    screen.save(row, "Heading")
    assert "data-approve" not in str(Screen(screen.client, screen.target).row(row))
    seen = Screen(reviewer, screen.target)
    assert seen.row(row).select_one("[data-approve]") is not None
    response = seen.post("approve_string", row)
    assert (response.status_code, response.json()["outcome"]) == (200, "approved")
    row.refresh_from_db()
    assert row.state == State.APPROVED


def test_reviewers_do_not_approve_their_own_words_and_are_told(reviewer, article, en):
    row = string_at(article, en, HEADING)
    screen = Screen(reviewer, target_of(article, en))
    screen.save(row, "Heading")
    again = Screen(reviewer, screen.target)
    assert again.row(row).select_one("[data-approve]") is None
    assert "You wrote these words" in again.row(row).get_text()
    assert again.post("approve_string", row).status_code == 409


def test_words_that_were_not_seen_are_not_approved(screen, reviewer, article, en):
    row = string_at(article, en, HEADING)
    screen.save(row, "Heading")
    seen = Screen(reviewer, screen.target)
    Screen(screen.client, screen.target).save(row, "Changed")
    assert seen.post("approve_string", row).status_code == 409
    row.refresh_from_db()
    assert row.state == State.TRANSLATED


def test_a_reviewer_sends_back_with_a_comment(screen, reviewer, article, en):
    row = string_at(article, en, HEADING)
    screen.save(row, "Heading")
    seen = Screen(reviewer, screen.target)
    refused = seen.post("comment_string", row, action="send_back", comment=" ")
    assert refused.status_code == 409
    response = seen.post("comment_string", row, action="send_back", comment="Not so short.")
    assert response.json()["outcome"] == "sentBack"
    shown = Screen(screen.client, screen.target).row(row)
    assert "Not so short." in shown.get_text()
    comment = StringComment.objects.get()
    url = reverse("wagtail_localize_desk:resolve_comment", args=[row.pk, comment.pk])
    assert screen.client.post(url).status_code == 302
    comment.refresh_from_db()
    assert comment.resolved_at is not None


def test_ready_for_review_shows_what_is_left(client, article, en):
    target = target_of(article, en)
    job = Screen(client, target).html.find(
        formaction=lambda url: url is not None and url.endswith("/review/")
    )
    response = client.post(job["formaction"])
    assert response.status_code == 302
    assert target_of(article, en).current_workflow_state is None


def test_a_draft_is_made_of_the_strings(client, article, en):
    translate(article, en)
    target = target_of(article, en)
    job = Screen(client, target).html.find(
        formaction=lambda url: url is not None and url.endswith("/draft/")
    )
    assert client.post(job["formaction"]).status_code == 302
    draft = target_of(article, en).get_latest_revision_as_object()
    assert (draft.title, draft.live) == ("EN Berita", False)


# Effort


@pytest.mark.parametrize("count", [20, 200])
def test_a_string_is_saved_with_few_queries(
    client, home, english_home, en, count, django_assert_max_num_queries
):
    text = "".join(f"<p>Perenggan {number}</p>" for number in range(count))
    article = published_article(home, body=body(text=text))
    submit(article, en)
    translate(article, en)
    row = string_at(article, en, BODY, 7)
    screen = Screen(client, target_of(article, en))
    screen.save(row, "Warm")
    screen = Screen(client, target_of(article, en))
    with django_assert_max_num_queries(100) as queries:
        assert screen.save(row, "Changed").json()["outcome"] == "saved"
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 12, "\n".join(asked)


def test_a_title_that_stands_elsewhere_is_saved_with_few_queries(
    admin_client, home, english_home, en, django_assert_max_num_queries
):
    """Its page is named by it, and the other place is counted and told."""
    first = published_article(home, slug="satu")
    second = published_article(home, slug="dua")
    for article in (first, second):
        submit(article, en)
    row = string_at(first, en, "title")
    screen = Screen(admin_client, target_of(first, en))
    with django_assert_max_num_queries(100) as queries:
        answer = screen.save(row, "News").json()
    assert answer["outcome"] == "saved"
    assert f'id="string-{row.pk}-elsewhere"' in answer["html"]
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 12, "\n".join(asked)
