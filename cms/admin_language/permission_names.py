"""Names of permissions in the active language; the database has them in English."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.models import Permission
from django.template import Library
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

#: The message for each action on a model.
ACTIONS = {
    "add": _("Can add %(model_name)s"),
    "change": _("Can change %(model_name)s"),
    "choose": _("Can choose %(model_name)s"),
    "delete": _("Can delete %(model_name)s"),
    "lock": _("Can lock %(model_name)s"),
    "publish": _("Can publish %(model_name)s"),
    "unlock": _("Can unlock %(model_name)s"),
    "view": _("Can view %(model_name)s"),
}
#: Wagtail's short forms, shown in the row of a model.
MESSAGES = (
    gettext_noop("Can choose"),
    gettext_noop("Can lock"),
    gettext_noop("Can publish"),
    gettext_noop("Can unlock"),
)


def permission_name(permission: Permission) -> str:
    """The name of `permission` in the active language."""
    action = _action(permission)
    if action is None:
        return gettext(permission.name)
    model: Any = permission.content_type.model_class()
    return str(ACTIONS[action] % {"model_name": model._meta.verbose_name})


def _action(permission: Permission) -> str | None:
    """Which of `ACTIONS` on its own model a permission is for; None for any other."""
    model = permission.content_type.model_class()
    action, _sign, rest = permission.codename.partition("_")
    is_default = permission.name.startswith("Can ") and action in ACTIONS
    return action if model is not None and rest == model._meta.model_name and is_default else None


def describe_permission(permission: Permission) -> str:
    """Replaces `Permission.__str__`."""
    return f"{permission.content_type} | {permission_name(permission)}"


def tags_with_translated_names(tags: dict[str, Any], format_permissions: Any) -> dict[str, Any]:
    """Wagtail's template tags, with `format_permissions` registered anew around the original."""
    library = Library()
    library.inclusion_tag("wagtailusers/groups/includes/formatted_permissions.html")(
        _with_translated_names(format_permissions)
    )
    return {**tags, **library.tags}


def _with_translated_names(format_permissions: Any) -> Any:
    @wraps(format_permissions)
    def format_with_translated_names(permission_bound_field: Any) -> Any:
        context = format_permissions(permission_bound_field)
        for row in context["object_perms"]:
            for cell in row.values():
                # These instances belong to the table and are never saved.
                if isinstance(cell, dict):
                    cell["perm"].name = permission_name(cell["perm"])
            for cell in row.get("custom", ()):
                # Wagtail finds the short form by the model's name in English, if that is the
                # name of its class.
                if action := _action(cell["perm"]):
                    cell["name"] = f"Can {action}"
        return context

    return format_with_translated_names
