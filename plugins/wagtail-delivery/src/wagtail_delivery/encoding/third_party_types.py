"""Code of packages, whose annotations a project cannot write."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import AbstractPage, DraftStateMixin, WorkflowMixin

from wagtail_delivery.encoding.scalars import Uri

#: What properties and methods of Wagtail give, by the class that has them: it does not say.
TYPES: dict[tuple[type[Any], str], Any] = {
    (AbstractDocument, "content_type"): str,
    (AbstractDocument, "file_extension"): str,
    (AbstractDocument, "filename"): str,
    (AbstractDocument, "get_file_size"): int | None,
    (AbstractDocument, "url"): Uri,
    (AbstractImage, "default_alt_text"): str,
    (AbstractImage, "filename"): str,
    (DraftStateMixin, "approved_schedule"): bool,
    (DraftStateMixin, "status_string"): str,
    (AbstractPage, "approved_schedule"): bool,
    (AbstractPage, "full_url"): Uri | None,
    (AbstractPage, "get_admin_display_title"): str,
    (AbstractPage, "get_full_url"): Uri | None,
    (AbstractPage, "get_url"): Uri | None,
    (AbstractPage, "get_verbose_name"): str,
    (AbstractPage, "page_type_display_name"): str,
    (AbstractPage, "url"): Uri | None,
    (WorkflowMixin, "status_string"): str,
}


def third_party_annotation(owner: type[Any], name: str) -> Any:
    """What `name` of `owner` gives, where it is Wagtail's; None where that is not known."""
    return TYPES.get((definer(owner, name), name))


def definer(owner: type[Any], name: str) -> type[Any]:
    """The class among the ancestors of `owner` that `name` of it comes from."""
    return next((ancestor for ancestor in owner.__mro__ if name in vars(ancestor)), owner)


def class_label(found: type[Any]) -> str:
    """The label of a model, or the dotted path of another class."""
    meta: Any = getattr(found, "_meta", None)
    # An abstract model outside the installed apps has no app label.
    if meta and meta.app_label:
        return str(meta.label)
    return f"{found.__module__}.{found.__qualname__}"


def annotation_remedy(owner: type[Any], name: str, instead: str) -> str:
    """How a developer gives `name` of `owner` a type; `instead`, where the code is a package's."""
    found = definer(owner, name)
    if not is_packaged(found):
        return f"Annotate what {class_label(found)}.{name} returns."
    return (
        f"{found.__module__}.{found.__qualname__}.{name} does not say what it returns, and is a "
        f"package's: {instead}"
    )


def is_packaged(found: type[Any]) -> bool:
    """Whether a class comes from an installed package."""
    file = getattr(sys.modules.get(found.__module__), "__file__", None)
    return bool({"site-packages", "dist-packages"} & set(Path(file or "").parts))
