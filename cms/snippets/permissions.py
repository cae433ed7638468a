"""Permissions on snippets, limited to the languages in which the user may work on pages.

Wagtail grants rights on pages by branches of the page tree, one per language, and rights on
snippets by model alone. Here the tree decides for snippets too: a translator with rights on the
English pages may change English entries and only read Malay ones that are published.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.utils import get_latest_str
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import GroupPagePermission, Locale, Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from cms.snippets.models.base import Snippet

ROOT_DEPTH = 1
#: Each of these gives the drafts of an entry in the user's languages.
WORKING = ("add", "change", "delete", "publish", "lock", "unlock")
#: Each of these shows an entry, and what is published of it.
SHOWING = (*WORKING, "view")
_CACHE = "_snippet_locales_cache"


class LocalePermissionPolicy(ModelPermissionPolicy):
    """Django's model permissions, limited to the user's languages.

    Elsewhere, `view` gives what is published. A language without pages limits nobody, unless it is
    the source language, whose entries all others are translated from.
    """

    def user_has_permission_in(self, user: Any, action: str, locale_id: int) -> bool:
        """Whether the user may perform `action` on all entries in this locale."""
        return self.user_has_permission(user, action) and works_in(user, locale_id)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if not self.user_has_permission(user, action):
            return False
        return works_in(user, instance.locale_id) or (action == "view" and instance.live)

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Any]:
        found: QuerySet[Any] = super().instances_user_has_any_permission_for(user, actions)
        return self.within_reach(found, user, actions)

    def within_reach(
        self, entries: QuerySet[Any], user: Any, actions: Collection[str]
    ) -> QuerySet[Any]:
        """Those of `entries` in the user's languages, and with `view` the published ones.

        By fields of the search index, so that what remains can be searched.
        """
        locale_ids = locales_of(user)
        if locale_ids is None:
            return entries
        reached = Q(locale_id__in=locale_ids)
        if "view" in actions and self.user_has_permission(user, "view"):
            reached |= Q(live=True)
        return entries.filter(reached)

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
        if "view" in actions and instance.live:
            found |= users.filter(pk__in=self.users_with_any_permission(["view"]).values("pk"))
        return found


def works_in(user: Any, locale_id: int) -> bool:
    """Whether this user's rights apply in this locale."""
    locale_ids = locales_of(user)
    return locale_ids is None or locale_id in locale_ids


def works_everywhere(user: Any) -> bool:
    """Whether this user's rights apply in every locale."""
    locale_ids = locales_of(user)
    return locale_ids is None or not Locale.objects.exclude(pk__in=locale_ids).exists()


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


def shown_to(user: Any, model: type[Model]) -> QuerySet[Any]:
    """The entries of a type that lists and choosers show to this user."""
    policy = policy_registry.get_by_type(model)
    found: QuerySet[Any] = policy.instances_user_has_any_permission_for(user, SHOWING)
    return found


def is_shown_to(user: Any, entry: Snippet) -> bool:
    """Whether lists and choosers show `entry` to this user."""
    policy = policy_registry.get(entry)
    return bool(policy.user_has_any_permission_for_instance(user, SHOWING, entry))


def sees_drafts_of(user: Any, entry: Snippet) -> bool:
    """Whether this user may read what is not published of `entry`."""
    policy = policy_registry.get(entry)
    return bool(policy.user_has_any_permission_for_instance(user, WORKING, entry))


def title_for(user: Any, entry: Snippet) -> str:
    """The title of `entry` in lists: of its latest draft, or the published one."""
    return get_latest_str(entry) if sees_drafts_of(user, entry) else str(entry)


class NarrowedPolicy:
    """A policy whose model-wide checks apply to one entry, or to one locale."""

    def __init__(
        self, policy: LocalePermissionPolicy, has_permission: Callable[[Any, str], bool]
    ) -> None:
        self.policy = policy
        self.user_has_permission = has_permission

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.policy, name)


class EntryView:
    """Mixin for admin views that edit or create one entry: checks rights on that entry.

    Wagtail's views check rights on the model alone.
    """

    @cached_property
    def permission_policy(self) -> LocalePermissionPolicy | NarrowedPolicy:
        model: type[Snippet] = self.model  # type: ignore[attr-defined]
        policy: LocalePermissionPolicy = policy_registry.get_by_type(model)
        # Some views do not keep their URL's arguments.
        pk = self.request.resolver_match.kwargs.get("pk")  # type: ignore[attr-defined]
        if pk is not None:
            entry = model._base_manager.filter(pk=unquote(str(pk))).first()
            return policy if entry is None else _on_entry(policy, entry)
        if isinstance(self, generic.CreateView):
            return _in_locale(policy, self.locale.pk)
        return policy


def _on_entry(policy: LocalePermissionPolicy, entry: Snippet) -> NarrowedPolicy:
    return NarrowedPolicy(
        policy,
        lambda user, action: policy.user_has_permission_for_instance(user, action, entry),
    )


def _in_locale(policy: LocalePermissionPolicy, locale_id: int) -> NarrowedPolicy:
    return NarrowedPolicy(
        policy, lambda user, action: policy.user_has_permission_in(user, action, locale_id)
    )


class EntryFilterSet(WagtailFilterSet):
    """The filters of a list; those by another entry offer the entries that the user may see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choice in self.filters.items():
            field = self._meta.model._meta.get_field(name) if name in self._meta.fields else None
            if isinstance(field, ForeignKey) and issubclass(field.related_model, Snippet):
                choice.queryset = shown_to(self.request.user, field.related_model)


class EntryList:
    """Mixin for lists: what the user may see, and links to what they may change."""

    base_filterset_class = EntryFilterSet

    def get_base_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_base_queryset()  # type: ignore[misc]
        policy: LocalePermissionPolicy = policy_registry.get_by_type(found.model)
        return policy.within_reach(found, self.request.user, SHOWING)  # type: ignore[attr-defined]

    def _get_title_column(
        self, field_name: str, column_class: type[Column] = TitleColumn, **kwargs: Any
    ) -> Column:
        if field_name == "__str__":
            kwargs["accessor"] = lambda entry: title_for(self.request.user, entry)  # type: ignore[attr-defined]
        return super()._get_title_column(field_name, column_class, **kwargs)  # type: ignore[misc]

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
