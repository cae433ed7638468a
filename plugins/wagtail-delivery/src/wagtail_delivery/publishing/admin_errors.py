"""What an editor is told where a document cannot be made: that nothing is saved, and why.

In a form the editor's own words stay as they were typed, with the reason above them. To whatever
else there is in Wagtail's admin (deleting, moving, ordering, ...) the middleware answers.
"""

from __future__ import annotations

import functools
import logging
from http import HTTPStatus
from itertools import pairwise
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views import generic
from wagtail.admin.views.pages.create import CreateView as CreatePageView
from wagtail.admin.views.pages.edit import EditView as EditPageView

from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.publishing.transaction import drafting, publishing
from wagtail_delivery.schema.registry import content_types

logger = logging.getLogger("wagtail_delivery")

#: Where a request keeps the error that its first attempt ended with.
REFUSED = "wagtail_delivery_error"
MARK = "_wagtail_delivery_refusing"


def error_message(error: EncodingError) -> str:
    """Why nothing was saved, in the language of whoever asks."""
    thing = error.instance
    return _(
        "Nothing was saved: the website could not show “%(title)s” then. "
        "The reason is at %(place)s: %(reason)s"
    ) % {
        "title": _title(thing) if thing else "",
        "place": _path_in_form(error) or (thing._meta.verbose_name if thing else ""),
        "reason": error.reason,
    }


def _title(thing: models.Model) -> str:
    try:
        return str(thing)
    except Exception:  # what it is called may be what fails
        return f"{thing._meta.verbose_name} {thing.pk}"


def _path_in_form(error: EncodingError) -> str:
    """A JSON pointer as a way through a form: the field by its label, numbers from one."""
    steps = error.pointer.split("/")[1:]
    content_type = content_types().of_instance(error.instance) if error.instance else None
    labels = {
        member.name: str(getattr(member.field, "verbose_name", member.name))
        for member in (content_type.members if content_type else ())
    }
    named = [labels.get(step, step) for step in steps[:1]]
    for before, step in pairwise(steps):
        if step.isdecimal():
            named.append(str(int(step) + 1))
        elif not (before.isdecimal() and step == "value"):
            named.append(step)
    return " → ".join(named)


def report_in_forms() -> None:
    """Let the forms of Wagtail's admin tell the reason; once, when the app is ready."""
    for view in (
        CreatePageView,
        EditPageView,
        generic.CreateEditViewOptionalFeaturesMixin,
        generic.CreateView,
        generic.EditView,
    ):
        _report_in_form(view)


def _report_in_form(view_class: type[Any]) -> None:
    original = view_class.form_valid
    if MARK in getattr(original, "__dict__", {}):
        return

    @functools.wraps(original)
    def form_valid(self: Any, form: Any) -> Any:
        error: EncodingError | None = getattr(self.request, REFUSED, None)
        if error is not None:
            form.add_error(None, error_message(error))
            if hasattr(self, "get_error_message"):
                # Where a page's form looks into itself, other views are told beforehand.
                self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)
        try:
            # What is published, and the draft before it, is one thing; a draft waits for nobody.
            with drafting() if _saves_a_draft(self) else publishing():
                return original(self, form)
        except EncodingError as refused:
            _log(refused)
            return _retried(self.request, refused)

    setattr(form_valid, MARK, True)
    view_class.form_valid = form_valid


def _saves_a_draft(view: Any) -> bool:
    """Whether a form gives a thing that is there a draft, and does nothing else with it."""
    is_of_drafts = isinstance(view, EditPageView) or (
        isinstance(view, generic.EditView) and getattr(view, "draftstate_enabled", False)
    )
    # The button that saves a draft has no name; those that publish or submit have one.
    return is_of_drafts and not any(name.startswith("action-") for name in view.request.POST)


def _retried(request: HttpRequest, error: EncodingError) -> Any:
    """The answer to the same request, whose form is wrong now.

    The view that failed holds a page or snippet with the keys of rows that were taken back, and
    its files may have been stored. A browser's form shows no chosen file again anyway.
    """
    setattr(request, REFUSED, error)
    request.FILES.clear()
    match = request.resolver_match
    assert match is not None
    return match.func(request, *match.args, **match.kwargs)


def error_response(request: HttpRequest, error: EncodingError) -> HttpResponse | None:
    """The answer to an editor whose change no form was asked for; None to anybody else."""
    home = _admin_home()
    if request.method != "POST" or not home or not request.path.startswith(home):
        return None
    _log(error)
    # The language that the admin runs in ended with its view.
    profile = getattr(request.user, "wagtail_userprofile", None)
    language = profile.get_preferred_language() if profile else translation.get_language()
    with translation.override(language):
        text = error_message(error)
        if _is_of_script(request):
            told = {"success": False, "error_code": "refused", "error_message": text}
            return JsonResponse(told, status=HTTPStatus.CONFLICT)
        finder = AdminURLFinder(request.user)
        address = finder.get_edit_url(error.instance) if error.instance else None
        buttons = [messages.button(address, _("Edit it"))] if address else []
        messages.error(request, text, buttons=buttons)
    before = request.headers.get("referer", "")
    is_own = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(before if is_own else home)


def _admin_home() -> str:
    try:
        return reverse("wagtailadmin_home")
    except NoReverseMatch:
        return ""


def _is_of_script(request: HttpRequest) -> bool:
    is_script = request.headers.get("x-requested-with") == "XMLHttpRequest"
    return is_script or not request.accepts("text/html")


def _log(error: EncodingError) -> None:
    """Tell those who run the project: what an editor cannot mend, they can."""
    logger.error("Nothing was published: %s", error, exc_info=error)
