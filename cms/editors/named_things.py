"""The pages, entries, files and translations that an address of the admin names by their keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.urls import ResolverMatch
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.models import Translation, TranslationSource

from cms.core.admin_addresses import is_in_admin

#: Arguments that name a thing of one type in every address.
ARGUMENTS: dict[str, Callable[[], type[Model]]] = {
    "page_id": lambda: Page,
    "page_pk": lambda: Page,
    "page_to_move_id": lambda: Page,
    "parent_page_id": lambda: Page,
    "destination_id": lambda: Page,
    "image_id": get_image_model,
    "document_id": get_document_model,
    "doc_id": get_document_model,
    "translation_id": lambda: Translation,
    "translation_source_id": lambda: TranslationSource,
}
#: What `pk` and `object_id` name, by the namespace of the address.
NAMESPACES: dict[str, Callable[[], type[Model]]] = {
    "wagtailadmin_pages": lambda: Page,
    "wagtailadmin_api:pages": lambda: Page,
    "wagtailadmin_api:images": get_image_model,
    "wagtailadmin_api:documents": get_document_model,
    "wagtailimages_chooser": get_image_model,
    "wagtaildocs_chooser": get_document_model,
}
#: Namespaces of Wagtail's views of snippets; the app and the model follow.
SNIPPETS = ("wagtailsnippets_", "wagtailsnippetchoosers_")


def are_named_by(request: HttpRequest) -> bool:
    """Whether the address is one of the admin with arguments. Costs no query."""
    match = request.resolver_match
    return bool(match and match.kwargs) and is_in_admin(request)


def named_by(request: HttpRequest) -> list[tuple[str, Model]]:
    """Arguments with the things that they name and that exist.

    That of a translation is its target, and that of a translation's source the source itself.
    """
    match = request.resolver_match
    if match is None:
        return []
    named = []
    for argument, value in match.kwargs.items():
        model = _model_of(argument, match)
        thing = None if model is None else _thing(model, value)
        if thing is not None:
            named.append((argument, thing))
    return named


def _model_of(argument: str, match: ResolverMatch) -> type[Model] | None:
    if argument in ARGUMENTS:
        return ARGUMENTS[argument]()
    if argument not in {"pk", "object_id"}:
        return None
    if match.namespace in NAMESPACES:
        return NAMESPACES[match.namespace]()
    if "app_label" in match.kwargs and "model_name" in match.kwargs:
        return _seen_type(match.kwargs["app_label"], match.kwargs["model_name"])
    for prefix in SNIPPETS:
        if match.namespace.startswith(prefix):
            return _seen_type(*match.namespace.removeprefix(prefix).split("_", 1))
    return None


def _seen_type(app_label: str, model_name: str) -> type[Model] | None:
    """The type of pages or snippets of this name; other types have their own rules."""
    try:
        model: type[Model] = apps.get_model(app_label, model_name)
    except LookupError:
        return None
    return model if issubclass(model, (Page, *get_snippet_models())) else None


def _thing(model: type[Model], key: Any) -> Model | None:
    try:
        found: Any = model._base_manager.filter(pk=unquote(str(key))).first()
        if isinstance(found, Translation):
            found = found.get_target_instance()
        elif isinstance(found, TranslationSource):
            found = found.get_source_instance()
    except (ObjectDoesNotExist, ValidationError, ValueError, OverflowError):
        return None
    return found
