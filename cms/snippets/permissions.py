"""Permissions on snippets, limited to the languages in which the user may work on pages.

Wagtail grants rights on pages by branches of the page tree, one per language, and rights on
snippets by model alone. Here the tree decides for snippets too: a translator with rights on the
English pages may change English entries and only read Malay ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model, Q, QuerySet
from django.utils.functional import cached_property
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import GroupPagePermission, Locale, Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from cms.snippets.models.base import Snippet

ROOT_DEPTH = 1
_CACHE = "_snippet_locales_cache"


class LocalePermissionPolicy(ModelPermissionPolicy):
    """Django's model permissions, limited to the user's languages.

    Reading (`view`) is not limited. Nor is a language without pages, unless it is the source
    language, whose entries all others are translated from.
    """

    def user_has_permission_in(self, user: Any, action: str, locale_id: int) -> bool:
        """Whether the user may perform `action` on entries in this locale."""
        if not self.user_has_permission(user, action):
            return False
        return action == "view" or works_in(user, locale_id)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission_in(user, action, instance.locale_id)

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Any]:
        found: QuerySet[Any] = super().instances_user_has_any_permission_for(user, actions)
        if "view" in actions and self.user_has_permission(user, "view"):
            return found
        locale_ids = locales_of(user)
        return found if locale_ids is None else found.filter(locale_id__in=locale_ids)

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: Any
    ) -> QuerySet[Any]:
        permitted: QuerySet[Any] = self.users_with_any_permission(actions)
        if instance.locale_id in _locales_that_limit_nobody():
            return permitted
        users = get_user_model()._default_manager.all()
        in_language = users.filter(groups__in=_groups_in(instance.locale_id))
        found = users.filter(
            Q(is_superuser=True) | Q(pk__in=in_language.values("pk")),
            pk__in=permitted.values("pk"),
        )
        if "view" in actions:
            found |= users.filter(pk__in=self.users_with_any_permission(["view"]).values("pk"))
        return found


def works_in(user: Any, locale_id: int) -> bool:
    """Whether this user's rights apply in this locale."""
    locale_ids = locales_of(user)
    return locale_ids is None or locale_id in locale_ids


def locales_of(user: Any) -> frozenset[int] | None:
    """Primary keys of the locales in which this user has rights on pages; None means all.

    Cached on the user, as Wagtail's policies do, so for one request.
    """
    if not hasattr(user, _CACHE):
        setattr(user, _CACHE, _locales_of(user))
    found: frozenset[int] | None = getattr(user, _CACHE)
    return found


def _locales_of(user: Any) -> frozenset[int] | None:
    if user.is_superuser:
        return None
    rights = policy_registry.get_by_type(Page).get_cached_permissions_for_user(user)
    if any(right.page.depth == ROOT_DEPTH for right in rights):
        return None
    return frozenset(right.page.locale_id for right in rights) | _locales_that_limit_nobody()


def _locales_that_limit_nobody() -> frozenset[int]:
    with_pages = Page.objects.filter(depth__gt=ROOT_DEPTH).values("locale_id")
    source_language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    others = Locale.objects.exclude(language_code=source_language).exclude(pk__in=with_pages)
    return frozenset(others.values_list("pk", flat=True))


def _groups_in(locale_id: int) -> QuerySet[Group]:
    rights = GroupPagePermission.objects.filter(
        Q(page__locale_id=locale_id) | Q(page__depth=ROOT_DEPTH)
    )
    return Group.objects.filter(pk__in=rights.values("group_id"))


class PolicyInLocale:
    """A `LocalePermissionPolicy` whose model-wide checks apply to one locale."""

    def __init__(self, policy: LocalePermissionPolicy, locale_id: int) -> None:
        self.policy = policy
        self.locale_id = locale_id

    def user_has_permission(self, user: Any, action: str) -> bool:
        return self.policy.user_has_permission_in(user, action, self.locale_id)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.policy, name)


class EntryView:
    """Mixin for admin views that edit or create one entry: checks rights in the entry's language.

    Wagtail's views check rights on the model alone.
    """

    @cached_property
    def permission_policy(self) -> LocalePermissionPolicy | PolicyInLocale:
        policy = policy_registry.get_by_type(self.model)  # type: ignore[attr-defined]
        locale_id = self._locale_id()
        return policy if locale_id is None else PolicyInLocale(policy, locale_id)

    def _locale_id(self) -> int | None:
        model: type[Model] = self.model  # type: ignore[attr-defined]
        # Some views do not keep their URL's arguments.
        pk = self.request.resolver_match.kwargs.get("pk")  # type: ignore[attr-defined]
        if pk is not None:
            entries = model._base_manager.filter(pk=unquote(str(pk)))
            return entries.values_list("locale_id", flat=True).first()
        if isinstance(self, generic.CreateView):
            return self.locale.pk
        return None


class EntryList:
    """Mixin for lists: only entries the user may change link to the edit form."""

    def get_edit_url(self, instance: Any) -> str | None:
        return self._if_permitted("change", instance, super().get_edit_url(instance))  # type: ignore[misc]

    def get_copy_url(self, instance: Any) -> str | None:
        return self._if_permitted("add", instance, super().get_copy_url(instance))  # type: ignore[misc]

    def get_delete_url(self, instance: Any) -> str | None:
        return self._if_permitted("delete", instance, super().get_delete_url(instance))  # type: ignore[misc]

    def _if_permitted(self, action: str, instance: Any, url: str | None) -> str | None:
        return url if self.user_has_permission_for_instance(action, instance) else None  # type: ignore[attr-defined]


class LocalePermissionsMixin:
    """Mixin for a `SnippetViewSet` of a model with a `LocalePermissionPolicy`."""

    def construct_view(self, view_class: type[Any], **kwargs: Any) -> Any:
        bases: tuple[type[Any], ...] = (view_class,)
        if issubclass(view_class, PermissionCheckedMixin):
            bases = (EntryView, *bases)
        if issubclass(view_class, generic.IndexView):
            bases = (EntryList, *bases)
        view_class = type(view_class.__name__, bases, {"__module__": view_class.__module__})
        return super().construct_view(view_class, **kwargs)  # type: ignore[misc]


def register_policies() -> None:
    """Register the policy of every snippet; called before Wagtail looks one up."""
    for model in apps.get_app_config("snippets").get_models():
        if issubclass(model, Snippet):
            register_permission_policy(model, LocalePermissionPolicy(model), exact_class=True)
