"""The page for the review of one translation: its strings, its steps, and who is to do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.models import WorkflowMixin
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import policy_registry
from wagtail_localize.models import Translation

from wagtail_localize_desk.access import (
    FORBIDDEN,
    Refusal,
    RefusedError,
    change_refusal,
    refused,
    review_refusal,
    target_of,
)
from wagtail_localize_desk.models import State
from wagtail_localize_desk.progress import edit_url, of_targets, state_of, with_progress
from wagtail_localize_desk.review import NotReadyError, approval_obstacles, rows_of, send_back
from wagtail_localize_desk.review_models import Assignment
from wagtail_localize_desk.review_steps import (
    approve_translation,
    ready_for_review,
    return_translation,
    review_url,
)


class AssignmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who is to translate, and until when."""

    class Meta:
        model = Assignment
        fields = ("assignee", "due_on")
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, target: Any, **kwargs: Any) -> None:
        """Offer the active users who may change `target`."""
        super().__init__(*args, **kwargs)
        policy: BasePermissionPolicy = policy_registry.get_by_type(type(target))
        users = get_user_model()._default_manager.filter(is_active=True)
        allowed = policy.users_with_permission_for_instance("change", target).values("pk")
        field = self.fields["assignee"]
        field.queryset = users.filter(pk__in=allowed).order_by("pk")  # type: ignore[attr-defined]


def review_translation(request: HttpRequest, translation_id: int) -> HttpResponseBase:
    """The page, and its forms: ready, approve, return, assign."""
    translation = get_object_or_404(
        of_targets(
            with_progress(
                Translation.objects.select_related(
                    "source__specific_content_type", "source__locale", "target_locale"
                )
            )
        ),
        pk=translation_id,
    )
    target = target_of(translation)
    if target is None:
        raise Http404
    changing = change_refusal(request.user, translation, target)
    reviewing = review_refusal(request.user, translation, target)
    if all(refusal and refusal.status == FORBIDDEN for refusal in (changing, reviewing)):
        return refused(request, Refusal(FORBIDDEN, str(changing.reason if changing else "")))
    form = AssignmentForm(
        request.POST if request.POST.get("action") == "assign" else None,
        instance=_assignment_of(translation),
        target=target,
    )
    if request.method == "POST":
        try:
            if _act(request, translation, form):
                return redirect(review_url(translation))
        except RefusedError as error:
            if not isinstance(error, NotReadyError):
                return refused(request, error.refusal)
            messages.error(request, error.refusal.reason)
            return redirect(review_url(translation))
    rows = list(rows_of(translation).prefetch_related("comments"))
    obstacles = approval_obstacles(rows, request.user) if reviewing is None else {}
    context = {
        "translation": translation,
        "target": target,
        "state": state_of(translation),
        "edit_url": edit_url(translation),
        "strings": [(row, obstacles.get(row.pk, "")) for row in rows],
        "changing": changing,
        "reviewing": reviewing,
        "is_in_review": isinstance(target, WorkflowMixin) and target.workflow_in_progress,
        "is_open": translation.open_count > 0,
        "is_approved": state_of(translation) == State.APPROVED,
        "form": form,
    }
    return render(request, "wagtail_localize_desk/review.html", context)


def _assignment_of(translation: Translation) -> Assignment:
    key = {
        "object_key": translation.source.object_id,
        "target_language": translation.target_locale.language_code,
    }
    return Assignment.objects.filter(**key).first() or Assignment(**key)


def _act(request: HttpRequest, translation: Translation, form: AssignmentForm) -> bool:
    """Carry out what the form asks for; returns whether it is done."""
    actions: dict[str, Callable[[], bool]] = {
        "ready": lambda: _ready(request, translation),
        "approve": lambda: _approve(request, translation),
        "return": lambda: _return(request, translation),
        "assign": lambda: _assign(request, form),
    }
    act = actions.get(request.POST.get("action", ""))
    if act is None:
        raise Http404
    return act()


def _ready(request: HttpRequest, translation: Translation) -> bool:
    ready_for_review(translation, request.user)
    messages.success(request, _("The translation is with its reviewers."))
    return True


def _approve(request: HttpRequest, translation: Translation) -> bool:
    review = approve_translation(translation, request.user, request.POST.get("comment", ""))
    count = len(review.refused)
    if count:
        text = ngettext(
            "%(count)d string was not approved. The reason is beside it.",
            "%(count)d strings were not approved. The reasons are beside them.",
            count,
        )
        messages.warning(request, text % {"count": count})
    else:
        messages.success(request, _("The translation is approved."))
    return True


def _return(request: HttpRequest, translation: Translation) -> bool:
    """Send back the strings with a comment, and then the whole."""
    comment = request.POST.get("comment", "")
    said = {row: request.POST.get(f"comment-{row.pk}", "").strip() for row in rows_of(translation)}
    said = {row: text for row, text in said.items() if text}
    if not said and not comment.strip():
        raise NotReadyError(_("Say in a comment what the translator should change."))
    for row, text in said.items():
        send_back(row, request.user, text)
    target = target_of(translation)
    if isinstance(target, WorkflowMixin) and target.workflow_in_progress:
        return_translation(translation, request.user, comment)
    messages.success(request, _("The translation is with its translator again."))
    return True


def _assign(request: HttpRequest, form: AssignmentForm) -> bool:
    if not form.is_valid():
        return False
    assignment = form.save(commit=False)
    assignment.assigned_by, assignment.assigned_at = request.user, timezone.now()
    assignment.save()
    messages.success(request, _("The assignment is saved."))
    return True


urlpatterns = [path("translations/<int:translation_id>/", review_translation, name="review")]
