"""A refused publish loses nothing: the text is saved as a draft, and the reason told."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.views.pages.create import CreateView as CreatePageView
from wagtail.admin.views.pages.edit import EditView as EditPageView
from wagtail.snippets.views.snippets import CreateView as CreateSnippetView
from wagtail.snippets.views.snippets import EditView as EditSnippetView

from cms.editors.second_person import rule

Dispatch = Callable[..., HttpResponseBase]

_init_copy_form = CopyForm.__init__


def _keeping_text(upstream: Dispatch) -> Dispatch:
    """The `dispatch` of an editor that saves a draft where it may not publish."""

    @functools.wraps(upstream)
    def dispatch(view: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return upstream(view, request, *args, **kwargs)
        except rule.SecondPersonRequiredError as error:
            return _saved_as_draft(request, str(error))

    return dispatch


def _saved_as_draft(request: HttpRequest, reason: str) -> HttpResponseBase:
    """The response of a new view to the same form without the button that publishes.

    What the first view saved was rolled back, and its objects have the keys of those rows.
    """
    if not any(name.startswith("action-") for name in request.POST):
        # wagtail-localize's editor, which saves each string by itself.
        messages.error(request, reason)
        return HttpResponseRedirect(request.get_full_path())
    fields = request.POST.copy()
    for name in [name for name in fields if name.startswith(("action-", "workflow-action"))]:
        del fields[name]
    request.POST = fields  # type: ignore[assignment]
    match = request.resolver_match
    assert match is not None
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    messages.warning(request, _("Not published, but saved as a draft.") + " " + reason)
    return response


create_page = _keeping_text(CreatePageView.dispatch)
edit_page = _keeping_text(EditPageView.dispatch)
create_snippet = _keeping_text(CreateSnippetView.dispatch)
edit_snippet = _keeping_text(EditSnippetView.dispatch)


@functools.wraps(_init_copy_form)
def init_copy_form(form: CopyForm, *args: Any, **kwargs: Any) -> None:
    """The form that copies a page; its boxes that publish say who may use them."""
    _init_copy_form(form, *args, **kwargs)
    if rule.applies_to(form.user):
        for name in {"publish_copies", "alias"} & form.fields.keys():
            form.fields[name].disabled = True
            form.fields[name].help_text = _(
                "Needs a second person: make the copy as a draft, and submit it for review."
            )
