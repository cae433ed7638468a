"""Submissions of many pages: the request adds a row, and a worker does one page after another.

Each page has a transaction of its own, which also records what became of it. A worker that is
killed therefore loses at most the page that it was at, and the next one begins with that page.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation
from wagtail_localize.operations import TranslationCreator

from wagtail_localize_desk.models import Submission, SubmittedPage
from wagtail_localize_desk.submitting import create_unasked, may_submit

logger = logging.getLogger(__name__)

#: What the form for submissions asks for, asked again for each page.
RIGHTS = ("wagtail_localize.submit_translation", "wagtailadmin.access_admin")
#: How often a page is begun that the worker did not survive, or that the database refused.
ATTEMPTS = 3
#: How long a finished submission can be looked at.
KEPT = timedelta(days=30)


class NotCreatedError(Exception):
    """wagtail-localize has made no translation of a page, and has not said why."""


# The request


def enqueue(user: Any, page: Page, locales: Iterable[Locale]) -> Submission:
    """Add the submission of `page` and all below it; the same one that still waits is returned."""
    languages = [locale.language_code for locale in locales]
    for waiting in Submission.objects.filter(user=user, page_pk=page.pk, finished_at=None):
        if waiting.languages == languages:
            return waiting
    return Submission.objects.create(
        user=user, page_pk=page.pk, languages=languages, total=page.get_descendant_count() + 1
    )


# The worker


def submit_next_page() -> bool:
    """Do the next step of the oldest submission that no other worker is at.

    Returns whether there was one: call it until it returns False. Raises `DatabaseError` if the
    database cannot be reached.
    """
    unfinished = Submission.objects.filter(finished_at=None).order_by("created_at", "pk")
    return any(_advance(pk) for pk in unfinished.values_list("pk", flat=True))


def delete_old() -> None:
    """Delete submissions that were finished long ago."""
    Submission.objects.filter(finished_at__lt=timezone.now() - KEPT).delete()


def _advance(submission_pk: int) -> bool:
    with _claimed(submission_pk) as submission:
        if submission is None:
            return False
        if submission.listed_at is None:
            _list_pages(submission)
            return True
        item = _next_item(submission)
        if item is None:
            submission.finished_at = timezone.now()
            submission.save(update_fields=["finished_at"])
            return True
        # Counted before the work, in a transaction that a killed worker has committed.
        item.attempts += 1
        if item.attempts > ATTEMPTS:
            item.state = SubmittedPage.State.FAILED
        item.save(update_fields=["attempts", "state"])
        if item.state == SubmittedPage.State.FAILED:
            return True
    with translation.override(_language_of(submission.user)):
        try:
            _submit(submission_pk, item.pk)
        except DatabaseError:
            logger.exception("Page %s was not submitted; it is tried again.", item.page_pk)
        except Exception as error:
            logger.exception("Page %s cannot be submitted.", item.page_pk)
            SubmittedPage.objects.filter(pk=item.pk, state=SubmittedPage.State.WAITING).update(
                state=SubmittedPage.State.FAILED, problem=_reason(error)
            )
    return True


@contextmanager
def _claimed(submission_pk: int) -> Iterator[Submission | None]:
    """A transaction that has the row of a submission; None if it is finished or in other hands."""
    with transaction.atomic():
        unfinished = Submission.objects.filter(pk=submission_pk, finished_at=None)
        if connection.features.has_select_for_update_skip_locked:
            own = unfinished.select_for_update(skip_locked=True).values_list("pk", flat=True)
            is_ours = bool(own) and bool(unfinished.update(worked_at=timezone.now()))
        else:
            # On SQLite the first statement writes, so two workers come one after the other.
            is_ours = bool(unfinished.update(worked_at=timezone.now()))
        with_user = Submission.objects.select_related("user__wagtail_userprofile")
        found = with_user.get(pk=submission_pk) if is_ours else None
        yield found


def _list_pages(submission: Submission) -> None:
    """List the pages in the order of the tree, so parents come before what is below them."""
    top = Page.objects.filter(pk=submission.page_pk).first()
    pages: list[int] = [submission.page_pk]
    if top is not None and submission.include_subtree:
        tree = Page.objects.descendant_of(top, inclusive=True).order_by("path")
        pages = list(tree.values_list("pk", flat=True))
    SubmittedPage.objects.bulk_create(
        [SubmittedPage(submission=submission, page_pk=pk) for pk in pages], batch_size=200
    )
    submission.total = len(pages)
    submission.listed_at = timezone.now()
    submission.save(update_fields=["total", "listed_at"])


def _next_item(submission: Submission) -> SubmittedPage | None:
    waiting = submission.pages.filter(state=SubmittedPage.State.WAITING)
    found: SubmittedPage | None = waiting.order_by("pk").first()
    return found


def _submit(submission_pk: int, item_pk: int) -> None:
    with _claimed(submission_pk) as submission:
        if submission is None:
            return
        item = submission.pages.filter(pk=item_pk, state=SubmittedPage.State.WAITING).first()
        if item is None:
            return
        item.state = _submit_page(submission, item.page_pk)
        item.save(update_fields=["state"])


def _submit_page(submission: Submission, page_pk: int) -> SubmittedPage.State:
    """Submit a page as its user; raises `NotCreatedError` or what the project's code raises."""
    user = submission.user
    if user is None or not user.has_perms(RIGHTS):
        return SubmittedPage.State.LEFT_OUT
    # Another submission may have the same page, and be at it in another worker.
    no_key = connection.features.has_select_for_no_key_update
    locked = Page.objects.select_for_update(no_key=no_key).filter(pk=page_pk).first()
    if locked is None:
        return SubmittedPage.State.DELETED
    page = locked.specific
    locales = [
        locale
        for locale in Locale.objects.filter(language_code__in=submission.languages)
        if locale.pk != page.locale_id
    ]
    if not locales:
        return SubmittedPage.State.NO_LANGUAGE
    if not may_submit(user, page, locales):
        return SubmittedPage.State.LEFT_OUT
    done = _translated_into(page, enabled=True)
    missing = [locale for locale in locales if locale.pk not in done]
    if missing:
        create_unasked(TranslationCreator(user, missing), page)
        if not {locale.pk for locale in missing} <= _translated_into(page):
            raise NotCreatedError
    return SubmittedPage.State.DONE


def _translated_into(page: Page, **conditions: bool) -> set[int]:
    """The locales into which the page is submitted already, and has its translation."""
    submitted = Translation.objects.filter(
        source__object_id=page.translation_key, source__locale_id=page.locale_id, **conditions
    )
    of_page = page.get_translations().filter(
        alias_of=None, locale_id__in=submitted.values("target_locale_id")
    )
    return set(of_page.values_list("locale_id", flat=True))


def _language_of(user: Any) -> str:
    profile = getattr(user, "wagtail_userprofile", None)
    return str(profile.get_preferred_language() if profile else settings.LANGUAGE_CODE)


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return ""
