"""Review is a step of a Wagtail workflow: the strings are approved with it, or it stays open."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from wagtail.models import (
    GroupPagePermission,
    PageLogEntry,
)
from wagtail_localize.models import StringTranslation

from tests.newsroom.content import (
    HEADING,
    published_article,
    segment_at,
    string_at,
    strings,
    target_of,
    translate,
    translation_of,
)
from tests.newsroom.people import browser_of, member, publisher_of, translator_of
from tests.newsroom.workflows import workflow_on
from wagtail_localize_desk.access import RefusedError
from wagtail_localize_desk.models import State, StringComment, TranslatedString
from wagtail_localize_desk.review_steps import (
    approve_translation,
    ready_for_review,
    return_translation,
    review_url,
)

pytestmark = pytest.mark.django_db


def written_by(article: Any, en: Any, user: User) -> None:
    """All strings, translated by `user`."""
    translate(article, en)
    TranslatedString.objects.update(author=user)


@pytest.fixture
def in_review(article, en, english_home, translator, publisher):
    """The article, finished by the translator and with the publisher."""
    workflow_on(english_home, publisher)
    written_by(article, en, translator)
    ready_for_review(translation_of(article, en), translator)
    return article


def states(article: Any, en: Any) -> set[str]:
    return set(strings(article, en).values_list("state", flat=True))


def test_approving_the_step_approves_the_strings_and_publishes(in_review, en, publisher):
    target = target_of(in_review, en)
    step = target.current_workflow_task_state
    browser_of(publisher).post(
        reverse("wagtailadmin_pages:workflow_action", args=[target.pk, "approve", step.pk])
    )
    target = target_of(in_review, en)
    assert (target.live, target.title) == (True, "EN Berita")
    assert states(in_review, en) == {State.APPROVED}


def test_the_step_stays_open_while_the_reviewer_wrote_some_of_it(
    in_review, en, english_home, publisher
):
    row = string_at(in_review, en, HEADING)
    TranslatedString.objects.filter(pk=row.pk).update(author=publisher)
    target = target_of(in_review, en)
    step = target.current_workflow_task_state
    client = browser_of(publisher)
    response = client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[target.pk, "approve", step.pk]),
        follow=True,
    )
    assert response.redirect_chain[-1][0] == review_url(translation_of(in_review, en))
    assert "You wrote these words" in response.content.decode()
    left = strings(in_review, en).exclude(state=State.APPROVED)
    assert [found.path for found in left] == [HEADING]
    target = target_of(in_review, en)
    assert (target.live, target.workflow_in_progress) == (False, True)
    # Somebody else of the group finishes it.
    second = publisher_of(english_home)
    second.groups.add(*publisher.groups.all())
    assert not approve_translation(translation_of(in_review, en), second).refused
    assert target_of(in_review, en).live


def test_what_is_published_is_what_was_approved(in_review, en, english_home, publisher):
    """A reviewer changed a string after the draft was written; another one approves it."""
    second = publisher_of(english_home)
    second.groups.add(*publisher.groups.all())
    stored = segment_at(in_review, HEADING).string.translations.get(locale=en)
    stored.data, stored.last_translated_by = "Corrected heading", publisher
    stored.save()
    approve_translation(translation_of(in_review, en), second)
    target = target_of(in_review, en)
    assert target.body[0].value["heading"] == "Corrected heading"


def test_the_last_step_is_for_those_who_may_publish(article, en, english_home, translator):
    reviewer = member(pages=english_home, actions=["change"])
    workflow_on(english_home, reviewer)
    written_by(article, en, translator)
    ready_for_review(translation_of(article, en), translator)
    target = target_of(article, en)
    task = target.current_workflow_task
    assert "approve" not in {name for name, *_more in task.get_actions(target, reviewer)}
    with pytest.raises(RefusedError):
        approve_translation(translation_of(article, en), reviewer)
    assert not target_of(article, en).live
    GroupPagePermission.objects.create(
        group=reviewer.groups.get(),
        page=english_home,
        permission=Permission.objects.get(codename="publish_page"),
    )
    reviewer = User.objects.get(pk=reviewer.pk)
    approve_translation(translation_of(article, en), reviewer)
    assert target_of(article, en).live


def test_an_earlier_step_is_for_reviewers_without_that_right(
    article, en, english_home, translator, publisher
):
    reviewer = member()
    workflow_on(english_home, reviewer, publisher)
    written_by(article, en, translator)
    ready_for_review(translation_of(article, en), translator)
    approve_translation(translation_of(article, en), reviewer)
    assert states(article, en) == {State.APPROVED}
    assert not target_of(article, en).live
    approve_translation(translation_of(article, en), publisher)
    assert target_of(article, en).live


def test_a_translation_is_returned_with_comments_on_its_strings(
    in_review, en, translator, publisher
):
    row = string_at(in_review, en, HEADING)
    address = review_url(translation_of(in_review, en))
    client = browser_of(publisher)
    response = client.post(
        address,
        {"action": "return", f"comment-{row.pk}": "Use the official name.", "comment": "Almost."},
    )
    assert response.status_code == 302
    target = target_of(in_review, en)
    assert not target.workflow_in_progress
    assert target.current_workflow_state.current_task_state.comment == "Almost."
    assert string_at(in_review, en, HEADING).state == State.NEEDS_REVIEW
    assert StringComment.objects.get().text == "Use the official name."
    html = browser_of(translator).get(address).content.decode()
    assert "Use the official name." in html
    assert "Ready for review" in html


def test_a_return_without_a_word_is_refused(in_review, en, publisher):
    address = review_url(translation_of(in_review, en))
    html = browser_of(publisher).post(address, {"action": "return"}, follow=True).content.decode()
    assert "Say in a comment" in html
    assert target_of(in_review, en).workflow_in_progress
    with pytest.raises(RefusedError):
        return_translation(translation_of(in_review, en), translator_of(in_review), "No")


def test_a_text_that_is_no_translation_is_approved_as_in_wagtail(home, publisher):
    publisher = publisher_of(home)
    workflow = workflow_on(home, publisher)
    article = published_article(home)
    article.title = "Baharu"
    article.save_revision()
    workflow.start(article, publisher)
    task_state = article.current_workflow_task_state
    task_state.task.specific.on_action(task_state, publisher, "approve")
    article.refresh_from_db()
    assert article.title == "Baharu"


def test_who_wrote_and_who_publishes_is_known(in_review, en, translator, publisher):
    approve_translation(translation_of(in_review, en), publisher)
    target = target_of(in_review, en)
    assert target.live
    # The draft that the translator made shows what was approved, so it is not written again.
    assert target.live_revision.user == translator
    entry = PageLogEntry.objects.get(page=target, action="wagtail.publish")
    assert entry.user == publisher


def test_a_draft_that_lacks_a_later_word_is_written_again(in_review, en, translator, publisher):
    StringTranslation.objects.filter(
        context__object_id=in_review.translation_key, context__path="title"
    ).update(data="A later title", last_translated_by=translator)
    approve_translation(translation_of(in_review, en), publisher)
    target = target_of(in_review, en)
    assert (target.title, target.live_revision.user) == ("A later title", publisher)


# The page


def test_the_translators_next_step_is_the_review(article, en, english_home, translator, publisher):
    """And not a deletion."""
    workflow_on(english_home, publisher)
    written_by(article, en, translator)
    client = browser_of(translator)
    edit = reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])
    html = client.get(edit).content.decode()
    translation = translation_of(article, en)
    assert review_url(translation) in html
    assert reverse("wagtail_localize_desk:send_to_review", args=[translation.pk]) in html
    main = BeautifulSoup(html, "html.parser").select("footer nav > button.button")
    assert [button.get_text() for button in main] == ["Save all", "Ready for review"]
    client.post(review_url(translation), {"action": "ready"})
    assert target_of(article, en).workflow_in_progress


def test_the_page_is_for_those_who_translate_or_review(article, en, home, translator, publisher):
    address = review_url(translation_of(article, en))
    for user in (translator, publisher):
        assert browser_of(user).get(address).status_code == 200
    for user in (member(), translator_of(home)):
        for response in (
            browser_of(user).get(address),
            browser_of(user).post(address, {"action": "approve"}),
        ):
            assert response.status_code == 403
            assert "Berita" not in response.content.decode()


def test_the_page_costs_the_same_for_few_and_many_strings(
    home, english_home, en, publisher, django_assert_max_num_queries
):
    from tests.newsroom.content import submit

    for paragraphs in (2, 40):
        text = "".join(f"<p>Perenggan {number}</p>" for number in range(paragraphs))
        article = published_article(home, title=f"B{paragraphs}", slug=f"b{paragraphs}", intro=text)
        submit(article, en)
        client = browser_of(publisher)
        with django_assert_max_num_queries(40):
            client.get(review_url(translation_of(article, en)))


def test_a_translation_is_assigned_to_somebody_who_may_change_it(
    article, en, english_home, translator, publisher
):
    address = review_url(translation_of(article, en))
    client = browser_of(publisher)
    stranger = member()
    response = client.post(address, {"action": "assign", "assignee": stranger.pk, "due_on": ""})
    assert response.status_code == 200
    client.post(address, {"action": "assign", "assignee": translator.pk, "due_on": "2030-01-31"})
    html = client.get(reverse("wagtail_localize:translations_report")).content.decode()
    assert str(translator) in html
    assert "2030" in html
    assert Group.objects.exists()
