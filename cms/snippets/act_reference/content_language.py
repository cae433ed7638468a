"""The language of the text being edited.

Wagtail's converter for the editor receives only the rich text, and the active language is the
user's, not the text's. So hooks record the language when an edit form is requested.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.http import HttpRequest
from wagtail import hooks
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Page, TranslatableMixin

_language: ContextVar[str | None] = ContextVar("language of the edited text", default=None)


def content_language() -> str:
    """Language of the text being edited in this request, else the source language."""
    return _language.get() or get_supported_content_language_variant(settings.LANGUAGE_CODE)


@hooks.register("before_edit_page")
@hooks.register("before_edit_snippet")
def record_language_of_edited(request: HttpRequest, instance: Any) -> None:
    """An edit form has the language of its object."""
    if isinstance(instance, TranslatableMixin):
        _language.set(instance.locale.language_code)


@hooks.register("before_create_page")
def record_language_of_new_page(request: HttpRequest, parent: Page, model: type[Page]) -> None:
    """A new page has the language of its parent; children of the root choose theirs."""
    chosen = request.GET.get("locale") if parent.is_root() else None
    _language.set(chosen or parent.locale.language_code)


@hooks.register("before_create_snippet")
def record_language_of_new_snippet(request: HttpRequest, model: type[Any]) -> None:
    """A new snippet has the language in the URL."""
    _language.set(request.GET.get("locale"))


def _forget(**kwargs: Any) -> None:
    _language.set(None)


request_finished.connect(_forget, dispatch_uid="cms.snippets.act_reference.content_language")
