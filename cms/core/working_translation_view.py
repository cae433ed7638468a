"""The admin page where a publisher marks a translation as official or as a working translation.

wagtail-localize replaces the edit form with an editor for text alone, so the mark has a page of its
own. Buttons in lists and in page headers link to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from cms.core.working_translation import WorkingTranslationMixin
from cms.core.working_translation_action import (
    UnfinishedChangesError,
    may_decide,
    set_working_translation,
)

URL_NAME = "working_translation"


class WorkingTranslationView(WagtailAdminTemplateMixin, TemplateView):
    """Asks for confirmation; POST toggles the mark of one page or snippet.

    What is in the source language is no translation: there is no such page for it.
    """

    template_name = "core/admin/working_translation.html"
    header_icon = "wagtail-localize-language"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        try:
            model = apps.get_model(kwargs["app_label"], kwargs["model_name"])
        except LookupError:
            raise Http404 from None
        if not issubclass(model, WorkingTranslationMixin):
            raise Http404
        self.content: Any = get_object_or_404(model, pk=unquote(kwargs["pk"]))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.content.locale.is_default:
            raise Http404
        lock = self.content.get_lock()
        if not may_decide(request.user, self.content) or (lock and lock.for_user(request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        value = not self.content.working_translation
        try:
            is_set = set_working_translation(self.content, value, request.user)
        except UnfinishedChangesError:
            messages.error(
                request,
                _("'%(title)s' has changes that are not published yet. Publish them first.")
                % {"title": self.content},
            )
        else:
            if not is_set:
                messages.warning(
                    request,
                    _("The mark of '%(title)s' is submitted for review: a second person sets it.")
                    % {"title": self.content},
                )
                return redirect(self.next_url)
            text = (
                _("'%(title)s' is now marked as a working translation.")
                if value
                else _("'%(title)s' is now marked as official.")
            )
            messages.success(request, text % {"title": self.content})
        return redirect(self.next_url)

    @property
    def next_url(self) -> str:
        """The page the user came from, else the edit page."""
        return (
            get_valid_next_url_from_request(self.request)
            or AdminURLFinder(self.request.user).get_edit_url(self.content)
            or reverse("wagtailadmin_home")
        )

    def get_page_title(self) -> str:
        return question(self.content)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(content=self.content, next_url=self.next_url, **kwargs)


def question(content: WorkingTranslationMixin) -> str:
    """The title of the page: the action that it offers."""
    if content.working_translation:
        return _("Mark as official")
    return _("Mark as working translation")


def buttons(content: Any, user: Any, next_url: str | None) -> Iterator[Button]:
    """The button for a translation that this user may mark; nothing for other content."""
    model = content.specific_class if isinstance(content, Page) else type(content)
    if not issubclass(model, WorkingTranslationMixin) or content.locale.is_default:
        return
    if not may_decide(user, content):
        return
    address = reverse(
        URL_NAME, args=[model._meta.app_label, model._meta.model_name, quote(content.pk)]
    )
    if next_url:
        address = f"{address}?{urlencode({'next': next_url})}"
    yield Button(
        _("Official or working translation"), address, icon_name="tick-inverse", priority=70
    )
