"""Strings are approved by a second person, or sent back with a comment."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask
from wagtail_localize.models import StringTranslation

from tests.newsroom.content import (
    HEADING,
    republish,
    segment_at,
    string_at,
    strings,
    target_of,
    translate,
    translation_of,
)
from tests.newsroom.people import member, publisher_of, translator_of
from wagtail_localize_desk import review
from wagtail_localize_desk.access import RefusedError
from wagtail_localize_desk.findings import accept_finding
from wagtail_localize_desk.models import Reason, State, StringComment, TranslatedString
from wagtail_localize_desk.review_models import CommentIsFixedError
from wagtail_localize_desk.review_steps import ready_for_review
from wagtail_localize_desk.versions import history_of, restore_version

pytestmark = pytest.mark.django_db


def write(article: Any, en: Any, user: User, words: str = "Heading") -> TranslatedString:
    """`user` writes the heading, as the translation editor does."""
    segment = segment_at(article, HEADING)
    StringTranslation.objects.update_or_create(
        translation_of=segment.string,
        context=segment.context,
        locale=en,
        defaults={"data": words, "has_error": False, "last_translated_by": user},
    )
    return string_at(article, en, HEADING)


def reason_of(result: review.Review) -> str:
    assert not result.approved
    [(_row, reason)] = result.refused
    return reason


def test_a_second_person_approves_and_is_named(article, en, translator, publisher):
    row = write(article, en, translator)
    result = review.approve([row], publisher)
    assert ([found.pk for found in result.approved], result.refused) == ([row.pk], [])
    row.refresh_from_db()
    assert (row.state, row.author, row.words) == (State.APPROVED, translator, "Heading")
    entry = history_of(article.translation_key, "en", HEADING).last()
    assert (entry.state_after, entry.author, entry.method) == (State.APPROVED, publisher, "review")
    assert entry.author_name == str(publisher)


@pytest.mark.parametrize("kind", ["publisher", "superuser"])
def test_nobody_approves_what_they_wrote(article, en, english_home, kind, settings):
    writer = publisher_of(english_home)
    if kind == "superuser":
        writer = User.objects.create_superuser("root")
    row = write(article, en, writer)
    assert "You wrote" in reason_of(review.approve([row], writer))
    assert string_at(article, en, HEADING).state == State.TRANSLATED
    settings.WAGTAIL_LOCALIZE_DESK_REVIEW_BY_SECOND_PERSON = False
    assert review.approve([row], writer).approved


def test_confirming_or_restoring_is_no_detour_to_ones_own_approval(
    article, en, english_home, publisher
):
    second, third = publisher_of(english_home), publisher_of(english_home)
    first = write(article, en, publisher)
    # Saved again with the same words, by somebody else.
    TranslatedString.objects.filter(pk=first.pk).update(state=State.NEEDS_REVIEW, reason="memory")
    row = write(article, en, second)
    for user in (publisher, second):
        assert "You wrote" in reason_of(review.approve([row], user))
    change = history_of(article.translation_key, "en", HEADING).first()
    write(article, en, third, "Other words")
    row = restore_version(change, third)
    for user in (publisher, third):
        assert "You wrote" in reason_of(review.approve([row], user))
    assert review.approve([row], User.objects.create_superuser("root")).approved


def test_who_wrote_other_words_before_may_approve(article, en, translator, publisher):
    write(article, en, publisher)
    row = write(article, en, translator, "Better heading")
    assert review.approve([row], publisher).approved


def test_translators_and_strangers_review_nothing(article, en, translator, publisher, english_home):
    row = write(article, en, publisher)
    for user in (translator_of(english_home), member()):
        for act in (
            lambda user=user: review.approve([row], user),
            lambda user=user: review.send_back(row, user, "No"),
        ):
            with pytest.raises(RefusedError) as caught:
                act()
            assert caught.value.refusal.status == 403
    assert string_at(article, en, HEADING).state == State.TRANSLATED


def test_changed_words_lose_their_approval(article, en, translator, publisher):
    row = write(article, en, translator)
    review.approve([row], publisher)
    write(article, en, translator)
    assert string_at(article, en, HEADING).state == State.APPROVED  # the same words
    write(article, en, translator, "Other heading")
    assert string_at(article, en, HEADING).state == State.TRANSLATED


def test_a_changed_source_takes_the_approval(article, en, translator, publisher):
    review.approve([write(article, en, translator)], publisher)
    data = article.body.get_prep_value()
    data[0]["value"]["heading"] = "Tajuk baharu"
    republish(article, body=data)
    row = string_at(article, en, HEADING)
    assert (row.state, row.reason) == (State.NEEDS_REVIEW, Reason.SOURCE_CHANGED)
    assert "source has changed" in reason_of(review.approve([row], publisher))


def test_an_error_takes_the_approval(article, en, translator, publisher):
    review.approve([write(article, en, translator)], publisher)
    stored = segment_at(article, HEADING).string.translations.get(locale=en)
    stored.set_field_error([ValidationError("Too long")])
    row = string_at(article, en, HEADING)
    assert (row.state, row.reason) == (State.NEEDS_REVIEW, Reason.ERROR)
    assert "cannot be used" in reason_of(review.approve([row], publisher))


def test_words_that_changed_meanwhile_are_not_approved_unread(article, en, translator, publisher):
    seen = write(article, en, translator)
    write(article, en, translator, "Something else")
    assert "meanwhile" in reason_of(review.approve([seen], publisher))


def test_what_has_no_words_cannot_be_approved(article, en, publisher):
    assert "no translation" in reason_of(
        review.approve([string_at(article, en, HEADING)], publisher)
    )


def test_approving_costs_the_same_for_all_strings(
    article, en, publisher, django_assert_max_num_queries
):
    translate(article, en)
    found = list(strings(article, en))
    assert len(found) > 4
    with django_assert_max_num_queries(18):
        review.approve(found, publisher)
    one = found[:1]
    TranslatedString.objects.filter(pk=one[0].pk).update(state=State.TRANSLATED)
    publisher = User.objects.get(pk=publisher.pk)
    cache.clear()
    with django_assert_max_num_queries(18):
        review.approve(one, publisher)


def test_what_a_check_refuses_is_not_approved_until_somebody_accepts_it(
    article, en, translator, publisher
):
    row = write(article, en, translator, words="Tajuk")
    outcome = review.approve([row], publisher)
    assert not outcome.approved
    ((refused, reason),) = outcome.refused
    assert (refused.pk, reason) == (row.pk, "The translation has the same words as the source.")
    assert review.approval_obstacles([row], publisher) == {row.pk: reason}

    accept_finding(row, "unchanged", "It is a name.", publisher)
    assert review.approve([row], publisher).approved


def test_a_string_is_sent_back_with_a_comment(article, en, translator, publisher):
    row = write(article, en, translator)
    with pytest.raises(RefusedError):
        review.send_back(row, publisher, "  ")
    comment = review.send_back(row, publisher, "The official name is another one.")
    row.refresh_from_db()
    assert (row.state, row.reason, row.author) == (
        State.NEEDS_REVIEW,
        Reason.SENT_BACK,
        translator,
    )
    assert (comment.author, comment.words, comment.is_send_back) == (publisher, "Heading", True)
    assert "sent back" in reason_of(review.approve([row], publisher))
    assert row in review.open_rows(translation_of(article, en))
    write(article, en, translator, "Official heading")
    assert string_at(article, en, HEADING).state == State.TRANSLATED
    assert list(review.comments_on(article.translation_key, "en")) == [comment]


def test_translators_and_reviewers_talk_about_strings(article, en, translator, publisher):
    row = string_at(article, en, HEADING)
    question = review.comment_on(row, translator, "Is this the headline?")
    with pytest.raises(RefusedError):
        review.comment_on(row, member(), "Me too")
    review.resolve(question, publisher)
    resolved = StringComment.objects.get()
    assert (resolved.resolved_by, resolved.resolved_by_name) == (publisher, str(publisher))
    review.resolve(question, translator)
    assert StringComment.objects.get().resolved_by == publisher


def test_comments_are_not_changed_and_outlive_their_text(article, en, translator):
    comment = review.comment_on(string_at(article, en, HEADING), translator, "What is this?")
    for change in (
        comment.save,
        comment.delete,
        StringComment.objects.all().delete,
        lambda: StringComment.objects.update(text="Nothing"),
    ):
        with pytest.raises(CommentIsFixedError):
            change()
    data = article.body.get_prep_value()
    data[0]["value"]["heading"] = "x"
    republish(article, body=[])
    assert StringComment.objects.get().string.number is None
    article.delete()
    assert StringComment.objects.get().text == "What is this?"


# Ready for review


def put_into_workflow(home: Page, *groups: Group) -> Workflow:
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Approval")
    task.groups.set(groups)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(page=home, workflow=workflow)
    return workflow


def test_a_finished_translation_goes_to_review_as_a_draft(
    article, en, english_home, translator, publisher
):
    put_into_workflow(english_home, *publisher.groups.all())
    translate(article, en)
    state = ready_for_review(translation_of(article, en), translator)
    target = target_of(article, en)
    assert target.workflow_in_progress
    assert (state.requested_by, target.live) == (translator, False)
    assert state.current_task_state.revision.as_object().title == "EN Berita"
    # Now it is the reviewers'.
    with pytest.raises(RefusedError) as caught:
        ready_for_review(translation_of(article, en), translator)
    assert caught.value.refusal.status == 409


def test_what_is_not_finished_does_not_go_to_review(article, en, english_home, translator):
    put_into_workflow(english_home)
    translate(article, en, HEADING)
    revision = target_of(article, en).latest_revision_id
    with pytest.raises(review.NotReadyError) as caught:
        ready_for_review(translation_of(article, en), translator)
    assert [row.path for row in caught.value.rows] == [HEADING]
    assert str(caught.value) == "1 string is not translated or needs your review."
    target = target_of(article, en)
    assert (target.latest_revision_id, target.workflow_in_progress) == (revision, False)


def test_without_a_workflow_the_answer_says_so(article, en, translator):
    WorkflowPage.objects.all().delete()
    translate(article, en)
    with pytest.raises(review.NotReadyError, match="No workflow"):
        ready_for_review(translation_of(article, en), translator)


def test_what_was_sent_back_resumes_its_workflow(article, en, english_home, translator, publisher):
    put_into_workflow(english_home, *publisher.groups.all())
    translate(article, en)
    state = ready_for_review(translation_of(article, en), translator)
    state.current_task_state.specific.reject(user=publisher)
    again = ready_for_review(translation_of(article, en), translator)
    assert again.pk == state.pk
    assert target_of(article, en).workflow_in_progress
