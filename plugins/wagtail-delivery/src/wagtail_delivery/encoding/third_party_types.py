"""Types of code in installed packages, which a project cannot annotate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import AbstractPage, DraftStateMixin, WorkflowMixin

from wagtail_delivery.encoding.scalars import Uri

#: Return types of Wagtail's unannotated properties and methods, by the class that defines them.
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
    """The type of `owner.name`, if Wagtail defines it; None if it is unknown."""
    return TYPES.get((defining_class(owner, name), name))


def defining_class(owner: type[Any], name: str) -> type[Any]:
    """The class among the ancestors of `owner` that defines `name`."""
    return next((ancestor for ancestor in owner.__mro__ if name in vars(ancestor)), owner)


def class_label(found: type[Any]) -> str:
    """The label of a model, or the dotted path of another class."""
    meta: Any = getattr(found, "_meta", None)
    # An abstract model outside the installed apps has no app label.
    if meta and meta.app_label:
        return str(meta.label)
    return f"{found.__module__}.{found.__qualname__}"


def annotation_remedy(owner: type[Any], name: str, instead: str) -> str:
    """How a developer can give `owner.name` a type.

    `instead` is the alternative for code that belongs to a package.
    """
    found = defining_class(owner, name)
    if not is_packaged(found):
        return f"Add a return annotation to {class_label(found)}.{name}."
    return (
        f"{found.__module__}.{found.__qualname__}.{name} has no return annotation and belongs to "
        f"a package: {instead}"
    )


def is_packaged(found: type[Any]) -> bool:
    """Whether a class comes from an installed package."""
    file = getattr(sys.modules.get(found.__module__), "__file__", None)
    return bool({"site-packages", "dist-packages"} & set(Path(file or "").parts))
