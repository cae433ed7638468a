"""Shared passwords of private pages and collections: wrong ones are counted and refused.

They are counted for each restriction and address. A limit for the restriction alone would let
anybody lock out all its readers. The counts are in the database, which all server processes share.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View
from wagtail.admin.auth import reject_request
from wagtail.forms import PasswordViewRestrictionForm
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction

from cms.login.client_address import client_address
from cms.login.models import SharedPasswordFailure
from cms.login.throttle import cool_off, end_of_lock

logger = logging.getLogger("cms.login")


class ThrottledPasswordForm(PasswordViewRestrictionForm):
    """Wagtail's form, which compares no password after too many wrong ones."""

    def __init__(self, *args: Any, name: str, address: str | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.name = name
        self.address = address
        self.seconds_left = 0

    def clean_password(self) -> str:
        """The password; raises `ValidationError` with the reason if it is not accepted."""
        self._refuse_if_locked()
        try:
            password: str = super().clean_password()
        except forms.ValidationError:
            record_failure(self.name, self.address)
            self._refuse_if_locked()
            raise
        return password

    def _refuse_if_locked(self) -> None:
        until = locked_until(self.name, self.address)
        if until is None:
            return
        self.seconds_left = max(1, math.ceil((until - timezone.now()).total_seconds()))
        minutes = math.ceil(self.seconds_left / 60)
        raise forms.ValidationError(
            ngettext(
                "Too many wrong passwords. Try again in %(minutes)d minute.",
                "Too many wrong passwords. Try again in %(minutes)d minutes.",
                minutes,
            ),
            code="locked_out",
            params={"minutes": minutes},
        )


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SharedPasswordView(View):
    """Asks for the password of a restriction, as Wagtail's views do."""

    http_method_names = ["get", "post", "head", "options"]
    model: type[Any]

    def get(self, request: HttpRequest, **ids: int) -> HttpResponseBase:
        """The form."""
        restriction = self.restriction(ids)
        return self.show(ThrottledPasswordForm(**self.form_kwargs(restriction)), ids)

    def post(self, request: HttpRequest, **ids: int) -> HttpResponseBase:
        """Open the restriction for this session, or show the form with the reason why not."""
        restriction = self.restriction(ids)
        form = ThrottledPasswordForm(request.POST, **self.form_kwargs(restriction))
        if form.is_valid():
            restriction.mark_as_passed(request)
            target = form.cleaned_data["return_url"]
            is_safe = url_has_allowed_host_and_scheme(
                target, request.get_host(), request.is_secure()
            )
            return redirect(target if is_safe else "/")
        response = self.show(form, ids)
        if form.seconds_left:
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response.headers["Retry-After"] = str(form.seconds_left)
        return response

    def restriction(self, ids: dict[str, int]) -> Any:
        """The restriction with the first id. Raises `Http404`."""
        [pk, *_others] = ids.values()
        return get_object_or_404(self.model, pk=pk, restriction_type=self.model.PASSWORD)

    def form_kwargs(self, restriction: Any) -> dict[str, Any]:
        return {
            "instance": restriction,
            "name": name_of(restriction),
            "address": client_address(self.request),
        }

    def show(self, form: forms.Form, ids: dict[str, int]) -> HttpResponseBase:
        """The page with the form."""
        raise NotImplementedError


class PagePasswordView(SharedPasswordView):
    """For the pages that only editors see; Wagtail asks those for the password too."""

    model = PageViewRestriction

    def dispatch(self, request: HttpRequest, *args: Any, **ids: int) -> HttpResponseBase:
        """Refuse all others as the pages do, whether there is such a page or not."""
        if not request.user.has_perm("wagtailadmin.access_admin"):
            refused: HttpResponseBase = reject_request(request)
            return refused
        return super().dispatch(request, *args, **ids)

    def show(self, form: forms.Form, ids: dict[str, int]) -> HttpResponseBase:
        page = get_object_or_404(Page, pk=ids["page_id"]).specific
        url = reverse("wagtailcore_authenticate_with_password", args=[*ids.values()])
        response: HttpResponseBase = page.serve_password_required_response(self.request, form, url)
        return response


class CollectionPasswordView(SharedPasswordView):
    """For documents, which anybody with the password may read."""

    model = CollectionViewRestriction

    def show(self, form: forms.Form, ids: dict[str, int]) -> HttpResponseBase:
        url = reverse("wagtaildocs_authenticate_with_password", args=[*ids.values()])
        context = {"form": form, "action_url": url}
        return TemplateResponse(self.request, "wagtaildocs/password_required.html", context)


def name_of(restriction: Any) -> str:
    """The name under which wrong passwords of a restriction are counted."""
    kind = "page" if isinstance(restriction, PageViewRestriction) else "collection"
    return f"{kind} {restriction.pk}"


def record_failure(name: str, address: str | None) -> None:
    """Count a wrong password, and forget those that count no longer."""
    now = timezone.now()
    SharedPasswordFailure.objects.filter(attempted_at__lte=now - cool_off()).delete()
    SharedPasswordFailure.objects.create(restriction=name, address=address, attempted_at=now)
    logger.warning("A wrong shared password for %s from %s.", name, address)


def failures() -> QuerySet[SharedPasswordFailure]:
    """The wrong passwords that count now, oldest first."""
    since = timezone.now() - cool_off()
    return SharedPasswordFailure.objects.filter(attempted_at__gt=since).order_by("attempted_at")


def locked_until(name: str, address: str | None) -> datetime | None:
    """When this address may try this restriction again, or None if it may now."""
    counted = failures().filter(address=address).values_list("restriction", "attempted_at")
    return end_of_locks(list(counted), name, address)


def end_of_locks(
    counted: Sequence[tuple[str, datetime]], name: str, address: str | None
) -> datetime | None:
    """As `locked_until`, from the restrictions and times of the address's failures, in order."""
    of_restriction = [(time, 1) for other, time in counted if other == name]
    ends = [end_of_lock(of_restriction, settings.AXES_FAILURE_LIMIT)]
    # All clients whose address is unknown would share this limit.
    if address is not None:
        limit = settings.LOGIN_FAILURES_PER_ADDRESS
        ends.append(end_of_lock([(time, 1) for _other, time in counted], limit))
    return max((end for end in ends if end), default=None)
