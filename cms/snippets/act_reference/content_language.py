"""The language of the text that is being edited.

Wagtail's converter for the editor is given the rich text and nothing else, and the interface's
language is the officer's, not the text's. So the language is noted when an edit form is asked for.
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
    """Language of the text that is edited in this request; the source language otherwise."""
    return _language.get() or get_supported_content_language_variant(settings.LANGUAGE_CODE)


@hooks.register("before_edit_page")
@hooks.register("before_edit_snippet")
def note_language_of_edited(request: HttpRequest, instance: Any) -> None:
    """The edit form is in the language of what it edits."""
    if isinstance(instance, TranslatableMixin):
        _language.set(instance.locale.language_code)


@hooks.register("before_create_page")
def note_language_of_new_page(request: HttpRequest, parent: Page, model: type[Page]) -> None:
    """A page is made in the language of its parent; only the root's children choose theirs."""
    chosen = request.GET.get("locale") if parent.is_root() else None
    _language.set(chosen or parent.locale.language_code)


@hooks.register("before_create_snippet")
def note_language_of_new_snippet(request: HttpRequest, model: type[Any]) -> None:
    """A snippet is made in the language that its address names."""
    _language.set(request.GET.get("locale"))


def _forget(**kwargs: Any) -> None:
    _language.set(None)


request_finished.connect(_forget, dispatch_uid="cms.snippets.act_reference.content_language")
