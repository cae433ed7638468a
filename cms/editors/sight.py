"""What a user may see of others' content in the admin: the one place that decides it.

A user sees what is public, and what they have a right to work on. What they do not see is answered
as if it did not exist.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet
from wagtail.models import Page
from wagtail.permissions import policy_registry

ROOT_DEPTH = 1
#: A user with one of these rights on a page finds it in the page explorer, with its drafts.
EXPLORING = ("add", "change", "publish", "lock", "unlock")
#: A user with one of these rights on something else finds it in Wagtail's lists or choosers.
SHOWING = (*EXPLORING, "delete", "view", "choose")


def is_editor(user: Any) -> bool:
    """Whether the user may use the admin."""
    return bool(user.has_perm("wagtailadmin.access_admin"))


def sees_drafts(user: Any, page: Page) -> bool:
    """Whether the user may read the drafts of a page: they may work on it, or review it."""
    if not user.is_active or user.is_superuser:
        return bool(user.is_active)
    permissions = page.permissions_for_user(user)
    return bool(permissions.permissions or permissions.can_edit())


def is_shown(user: Any, instance: Model) -> bool:
    """Whether the admin shows `instance` to `user`."""
    if isinstance(instance, Page):
        public = Page.objects.live().public().filter(pk=instance.pk)
        return instance.depth == ROOT_DEPTH or sees_drafts(user, instance) or public.exists()
    policy = policy_registry.get(instance)
    return bool(policy.user_has_any_permission_for_instance(user, SHOWING, instance))


def shown(user: Any, model: type[Model]) -> QuerySet[Any]:
    """The entries or files of a type that the admin shows to `user`."""
    policy = policy_registry.get_by_type(model)
    found: QuerySet[Any] = policy.instances_user_has_any_permission_for(user, SHOWING)
    return found


def shown_pages(user: Any, pages: QuerySet[Page]) -> QuerySet[Page]:
    """Those of `pages` that the admin shows to `user`."""
    policy = policy_registry.get_by_type(Page)
    own = policy.instances_user_has_any_permission_for(user, EXPLORING)
    public = Page.objects.live().public()
    return pages.filter(
        Q(depth=ROOT_DEPTH)
        | Q(pk__in=own.order_by().values("pk"))
        | Q(pk__in=public.order_by().values("pk"))
    )
