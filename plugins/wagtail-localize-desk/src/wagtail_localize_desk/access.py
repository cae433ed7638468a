"""Why a user may not work on a translation now: one rule for every address that changes it.

Without the right, the answer is 403. If the page or snippet cannot be changed at the moment,
because it is locked, in moderation, scheduled or stopped, the answer is 409. Both say why.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import CharField, Exists, Model, OuterRef, Q
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.actions.delete_page import DeletePageAction, DeletePagePermissionError
from wagtail.actions.revert_to_page_revision import (
    RevertToPageRevisionAction,
    RevertToPageRevisionPermissionError,
)
from wagtail.locks import BaseLock, ScheduledForPublishLock
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Page,
    Revision,
    WorkflowMixin,
    WorkflowState,
)
from wagtail_localize.models import Translation

from wagtail_localize_desk.rights import may_change, may_publish

BAD_REQUEST = 400
FORBIDDEN = 403
CONFLICT = 409


@dataclass(frozen=True)
class Refusal:
    """Why something is not done: an HTTP status, and a sentence for people."""

    status: int
    reason: str
    #: The address of a page that says more, if there is one.
    more_url: str = ""


class RefusedError(Exception):
    """Something was not done; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


# The rule


def change_refusal(
    user: Any, translation: Translation, target: Any = None, *, needs_enabled: bool = True
) -> Refusal | None:
    """Why `user` may not change the strings of `translation` now; None if they may.

    `target` saves a query if the caller has it. What starts or ends a translation does not need
    one that is in use (`needs_enabled=False`).
    """
    if target is None:
        target = target_of(translation)
    if target is None:
        return Refusal(CONFLICT, _("The page or entry of this translation was deleted."))
    if not may_change(user, target):
        return Refusal(FORBIDDEN, _("You have no right to change this translation."))
    if needs_enabled and not translation.enabled:
        return Refusal(
            CONFLICT, _("This translation was stopped. Restart it before you change its strings.")
        )
    return lock_refusal(user, target)


def review_refusal(user: Any, translation: Translation, target: Any = None) -> Refusal | None:
    """Why `user` may not review `translation` now; None if they may.

    Reviewers are those who may publish the target, or approve the workflow task that it is in.
    """
    if target is None:
        target = target_of(translation)
    if target is None:
        return Refusal(CONFLICT, _("The page or entry of this translation was deleted."))
    if not (may_publish(user, target) or may_approve_task(user, target)):
        return Refusal(FORBIDDEN, _("You have no right to review this translation."))
    if not translation.enabled:
        return Refusal(CONFLICT, _("This translation was stopped. Restart it before a review."))
    return lock_refusal(user, target)


def lock_refusal(user: Any, target: Any) -> Refusal | None:
    """Why nobody, or not this user, may change a page or snippet now, whatever their rights."""
    lock = _lock_of(target)
    if lock is None or not lock.for_user(user):
        return None
    message = unescape(strip_tags(str(lock.get_message(user) or ""))).strip()
    return Refusal(CONFLICT, message or str(lock.get_description(user)))


def _lock_of(target: Any) -> BaseLock | None:
    """The lock that Wagtail's editor would show; also of models that cannot be locked by hand."""
    if isinstance(target, LockableMixin):
        found: BaseLock | None = target.get_lock()
        return found
    if isinstance(target, DraftStateMixin) and target.approved_schedule:
        return ScheduledForPublishLock(target)
    task = target.current_workflow_task if isinstance(target, WorkflowMixin) else None
    return task.lock_class(target, task) if task is not None else None


def may_approve_task(user: Any, target: Any) -> bool:
    """Whether `target` is in a workflow task that `user` may approve."""
    task = target.current_workflow_task if isinstance(target, WorkflowMixin) else None
    if task is None:
        return False
    return any(name == "approve" for name, *_more in task.get_actions(target, user))


def target_of(translation: Translation) -> Any:
    """The page or snippet that `translation` is written to; None if it was deleted."""
    try:
        target = translation.get_target_instance()
    except ObjectDoesNotExist:
        return None
    return target.specific if isinstance(target, Page) else target


# Views


def is_from_script(request: HttpRequest) -> bool:
    """Whether a script of the admin sent a request, and wants its answer without a page."""
    return request.headers.get("x-requested-with") == "XMLHttpRequest"


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a refused request: JSON for a script, a page of the admin for a person."""
    accepts_html = "text/html" in request.headers.get("accept", "text/html")
    if is_from_script(request) or not accepts_html or request.method in ("PUT", "DELETE"):
        return JsonResponse({"detail": refusal.reason}, status=refusal.status)
    return render(
        request,
        "wagtail_localize_desk/refused.html",
        {"reason": refusal.reason, "status": refusal.status, "more_url": refusal.more_url},
        status=refusal.status,
    )


def guarded(
    upstream: Callable[..., HttpResponseBase], *, needs_enabled: bool = True
) -> Callable[..., HttpResponseBase]:
    """A view of one translation, for those who may change it now."""

    @functools.wraps(upstream)
    def view(
        request: HttpRequest, translation_id: int, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        translation = get_object_or_404(Translation, pk=translation_id)
        target = target_of(translation)
        if target is None:
            raise Http404
        refusal = change_refusal(request.user, translation, target, needs_enabled=needs_enabled)
        if refusal is not None:
            return refused(request, refusal)
        try:
            return upstream(request, translation_id, *args, **kwargs)
        except MultiValueDictKeyError as error:
            # wagtail-localize's views take a field for granted, and the answer would be 500.
            reason = _("The field %(name)s is missing from the form.") % {"name": error.args[0]}
            return refused(request, Refusal(BAD_REQUEST, reason))

    return view


# Deletion


def locked_translations(user: Any, instance: Model) -> Iterator[tuple[Any, Refusal]]:
    """Translations that would be deleted with `instance`, and that `user` may not change now."""
    if not isinstance(instance, Page):
        if _is_translation(instance):
            refusal = lock_refusal(user, instance)
            if refusal is not None:
                yield instance, refusal
        return
    translations = Translation.objects.filter(
        source__object_id=OuterRef("translation_key"), target_locale_id=OuterRef("locale_id")
    )
    of_page = {
        "object_id": Cast(OuterRef("pk"), CharField()),
        "base_content_type": ContentType.objects.get_for_model(Page),
    }
    reviews = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS, **of_page)
    schedules = Revision.objects.filter(approved_go_live_at__isnull=False, **of_page)
    found = Page.objects.descendant_of(instance, inclusive=True).filter(
        Q(locked=True) | Exists(reviews) | Exists(schedules), Exists(translations)
    )
    for page in found.specific():
        refusal = lock_refusal(user, page)
        if refusal is not None:
            yield page, refusal


def _is_translation(instance: Any) -> bool:
    key = getattr(instance, "translation_key", None)
    if key is None:
        return False
    found = Translation.objects.filter(source__object_id=key, target_locale_id=instance.locale_id)
    return bool(found.exists())


def refuse_deletion(request: HttpRequest, *instances: Any) -> HttpResponse | None:
    """The hook before pages or snippets are deleted."""
    for instance in instances:
        for _locked, refusal in locked_translations(request.user, instance):
            return refused(request, refusal)
    return None


def check_deletion(
    check: Callable[..., None], action: DeletePageAction, skip_permission_checks: bool = False
) -> None:
    """Refuse to delete what a user may not change, also where no view runs the hooks."""
    check(action, skip_permission_checks)
    if action.user is not None and not skip_permission_checks:
        for _locked, refusal in locked_translations(action.user, action.page):
            raise DeletePagePermissionError(refusal.reason)


def check_revert(
    check: Callable[..., None],
    action: RevertToPageRevisionAction,
    skip_permission_checks: bool = False,
) -> None:
    """Refuse to put an old version in the place of a draft that a user may not change now."""
    check(action, skip_permission_checks)
    if action.user is not None and not skip_permission_checks:
        refusal = lock_refusal(action.user, action.instance)
        if refusal is not None:
            raise RevertToPageRevisionPermissionError(refusal.reason)


def _refuse_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    return refuse_deletion(request, page)


def _refuse_snippets(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    return refuse_deletion(request, *instances)


def _refuse_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    return refuse_deletion(request, *objects) if action_type == "delete" else None


def register_hooks() -> None:
    """Register the hooks on deletions."""
    hooks.register("before_delete_page", _refuse_page)
    hooks.register("before_delete_snippet", _refuse_snippets)
    hooks.register("before_bulk_action", _refuse_bulk)
