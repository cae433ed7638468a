"""What all calls of one string have in common: who may make them, and how they are answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page
from wagtail_localize.models import Translation, get_edit_url

from wagtail_localize_desk.access import (
    Refusal,
    RefusedError,
    change_refusal,
    is_from_script,
    refused,
    review_refusal,
)
from wagtail_localize_desk.models import StringComment
from wagtail_localize_desk.rights import may_change
from wagtail_localize_desk.screen.checking import add_findings
from wagtail_localize_desk.screen.reviewing import add_obstacles
from wagtail_localize_desk.screen.rows import StringRow
from wagtail_localize_desk.screen.saving import editable_row, model_of
from wagtail_localize_desk.screen.spreading import elsewhere_message, same_words
from wagtail_localize_desk.screen.surroundings import read_workflow_once

ROW = "wagtail_localize_desk/screen/string.html"
P = ParamSpec("P")


class StringCall:
    """A request about one string, which is locked until the end of the transaction."""

    def __init__(self, request: HttpRequest, string_id: int) -> None:
        row = editable_row(string_id)
        if row is None or row.string.translation_id is None:
            raise Http404
        self.request, self.row = request, row
        self.user: Any = request.user
        self.target = _target_of(row)
        read_workflow_once(self.target)
        number = request.POST.get("number", "")
        row.number = int(number) if number.isdecimal() and len(number) < 7 else 1
        self._known = Translation(pk=row.string.translation_id, enabled=row.string.is_enabled)

    @property
    def translation(self) -> Translation:
        found: Translation = Translation.objects.select_related(
            "source__locale", "source__specific_content_type", "target_locale"
        ).get(pk=self.row.string.translation_id)
        return found

    @cached_property
    def change_refusal(self) -> Refusal | None:
        return change_refusal(self.user, self._known, self.target)

    @cached_property
    def review_refusal(self) -> Refusal | None:
        return review_refusal(self.user, self._known, self.target)

    def require_change(self) -> None:
        """Raise RefusedError unless the user may change the string now."""
        refusal = self.change_refusal
        if refusal is not None:
            raise RefusedError(refusal)

    def require_sight(self) -> None:
        """Raise RefusedError unless the user may change or review the translation at all."""
        refusal = self.review_refusal
        if not may_change(self.user, self.target) and refusal is not None:
            raise RefusedError(refusal)

    @property
    def is_script(self) -> bool:
        return is_from_script(self.request)

    @property
    def address(self) -> str:
        """Where a browser without scripts goes on."""
        address = get_valid_next_url_from_request(self.request) or get_edit_url(self.target)
        address = (address or reverse("wagtailadmin_home")).partition("#")[0]
        return f"{address}#string-{self.row.string.pk}"

    def context(self) -> dict[str, Any]:
        """What the template of a row needs."""
        row = self.row
        if row.string.has_comments:
            row.comments = list(StringComment.objects.filter(string=row.string.pk))
        add_findings([row])
        can_review = self.review_refusal is None
        if can_review:
            add_obstacles([row], self.user)
        return {
            "row": row,
            "can_review": can_review,
            "is_read_only": self.change_refusal is not None,
            "next": get_valid_next_url_from_request(self.request) or "",
        }

    def elsewhere(self) -> str:
        """That the same words stand untranslated elsewhere; an empty text if they do not."""
        if not self.row.string.has_twins:
            return ""
        count = same_words(self.row.string, self.user).count()
        return elsewhere_message(count) if count else ""

    def answer(
        self, outcome: str, status: int = 200, reason: str = "", filled: Sequence[int] = ()
    ) -> JsonResponse:
        """The row as it is now, for the script.

        `filled` are the primary keys of other strings that the call has changed, of which `reason`
        tells.
        """
        context = {**self.context(), "told": reason}
        if status == 200:
            context["elsewhere"] = self.elsewhere()
        return JsonResponse(
            {
                "outcome": outcome,
                "reason": reason or self.row.error,
                "state": self.row.string.state,
                "filled": list(filled),
                "stateLabel": self.row.string.get_state_display(),
                "html": render_to_string(ROW, context, self.request),
            },
            status=status,
        )


def _target_of(row: StringRow) -> Any:
    model: Any = model_of(row.string)
    found = model._default_manager.filter(
        translation_key=row.string.object_key, locale=row.string.target_locale_id
    )
    if issubclass(model, Page):
        # Spares a query of Wagtail's locks.
        found = found.annotate_approved_schedule()
    target = found.first()
    if target is None:
        raise Http404
    return target


def string_call(
    view: Callable[Concatenate[StringCall, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A view of one string in one transaction; what is refused is answered with the reason."""

    @wraps(view)
    def answered(
        request: HttpRequest, string_id: int, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        try:
            with transaction.atomic():
                return view(StringCall(request, string_id), *args, **kwargs)
        except RefusedError as error:
            return refused(request, error.refusal)

    return answered
