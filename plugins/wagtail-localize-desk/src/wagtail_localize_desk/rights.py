"""Who may see the text of a page or snippet, and who may work on a translation.

wagtail-localize asks for the right to submit and, for a translation, for the right to edit its
page. It asks nothing about the source, whose text a submission copies into another locale, and asks
for snippets only whether the user may change some of the same type.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from wagtail.models import DraftStateMixin, Page
from wagtail.permissions import policy_registry

from wagtail_localize_desk.file_text_models import FileTexts

#: Each of these rights gives the text of a draft.
EDITING = ("change", "publish")


def may_see(user: Any, instance: Model) -> bool:
    """Whether `user` may read the text of `instance`: it is public, or they may change it."""
    return is_public(instance) or may_change_or_publish(user, instance)


def may_change_or_publish(user: Any, instance: Model) -> bool:
    if isinstance(instance, Page):
        permissions = instance.permissions_for_user(user)
        return bool(permissions.can_edit() or permissions.can_publish())
    policy = policy_registry.get_by_type(type(instance))
    return bool(policy.user_has_any_permission_for_instance(user, EDITING, instance))


def may_change(user: Any, instance: Model) -> bool:
    """Whether `user` may change this one page or snippet."""
    if isinstance(instance, Page):
        return bool(instance.permissions_for_user(user).can_edit())
    policy = policy_registry.get_by_type(type(instance))
    return bool(policy.user_has_permission_for_instance(user, "change", instance))


def may_publish(user: Any, instance: Model) -> bool:
    """Whether `user` may publish this one page or snippet."""
    if isinstance(instance, Page):
        return bool(instance.permissions_for_user(user).can_publish())
    policy = policy_registry.get_by_type(type(instance))
    return bool(policy.user_has_permission_for_instance(user, "publish", instance))


def is_public(instance: Model) -> bool:
    """Whether anybody may read the text of `instance`."""
    if isinstance(instance, DraftStateMixin) and not instance.live:
        return False
    if isinstance(instance, FileTexts) and instance.is_private:
        return False
    return not isinstance(instance, Page) or not instance.get_view_restrictions().exists()


def changeable(user: Any, model: type[Model]) -> QuerySet[Any]:
    """The pages or snippets of a type that `user` may change or publish."""
    policy = policy_registry.get_by_type(model)
    found: QuerySet[Any] = policy.instances_user_has_any_permission_for(user, EDITING)
    return found


def listed(user: Any, model: type[Model]) -> QuerySet[Any]:
    """The snippets of a type whose names Wagtail's own list shows to `user`."""
    policy = policy_registry.get_by_type(model)
    found: QuerySet[Any] = policy.instances_user_has_any_permission_for(user, ("view", *EDITING))
    return found
