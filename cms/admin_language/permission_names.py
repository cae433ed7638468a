"""Permissions, which are called in the database as they are in English."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.models import Permission
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from wagtail.users.templatetags import wagtailusers_tags

#: What each action with a model is called.
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
#: What Wagtail makes of such names where the model is said already.
NAMES = (
    gettext_noop("Can choose"),
    gettext_noop("Can lock"),
    gettext_noop("Can publish"),
    gettext_noop("Can unlock"),
)


def permission_name(permission: Permission) -> str:
    """What `permission` allows, in the language of the moment."""
    model = permission.content_type.model_class()
    action, _sign, rest = permission.codename.partition("_")
    is_regular = permission.name.startswith("Can ") and action in ACTIONS
    if model is None or rest != model._meta.model_name or not is_regular:
        return gettext(permission.name)
    return str(ACTIONS[action] % {"model_name": model._meta.verbose_name})


def mend() -> None:
    """Call each by its name in the language of the moment."""
    Permission.__str__ = _describe  # type: ignore[assignment, method-assign]
    wagtailusers_tags.register.inclusion_tag(
        "wagtailusers/groups/includes/formatted_permissions.html"
    )(_with_translated_names(wagtailusers_tags.format_permissions))


def _describe(permission: Permission) -> str:
    return f"{permission.content_type} | {permission_name(permission)}"


def _with_translated_names(format_permissions: Any) -> Any:
    @wraps(format_permissions)
    def format_with_translated_names(permission_bound_field: Any) -> Any:
        context = format_permissions(permission_bound_field)
        for row in context["object_perms"]:
            for cell in row.values():
                # These instances are the table's own and are not saved.
                if isinstance(cell, dict):
                    cell["perm"].name = permission_name(cell["perm"])
        return context

    return format_with_translated_names
