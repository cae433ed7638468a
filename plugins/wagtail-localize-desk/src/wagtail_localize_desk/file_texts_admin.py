"""The texts of files in the admin: a snippet whose source is edited with its file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.admin.ui.tables import LiveStatusTagColumn, LocaleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_localize_desk.file_text_models import FileTexts, library_language


class FileTextsPolicy(ModelPermissionPolicy):  # type: ignore[misc]
    """Translations by the rights on the model; the library's own words by those on the file.

    Nobody adds texts by hand, and of the library's own nobody takes any away.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if not instance.is_of_library:
            return action != "add" and super().user_has_permission_for_instance(
                user, action, instance
            )
        file = instance.file
        if action not in ("view", "change") or file is None:
            return False
        policy = policy_registry.get_by_type(type(file))
        return bool(policy.user_has_permission_for_instance(user, "change", file))

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Any]:
        found: QuerySet[Any] = super().instances_user_has_any_permission_for(user, actions)
        return found.exclude(locale__language_code=library_language())


class _PolicyOnEntry:
    """A policy whose model-wide checks apply to one entry."""

    def __init__(self, policy: Any, entry: FileTexts) -> None:
        self.policy = policy
        self.entry = entry

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(self.policy.user_has_permission_for_instance(user, action, self.entry))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.policy, name)


class _EntryView:
    """Mixin for Wagtail's views of one entry, which ask for rights on the model alone."""

    @cached_property
    def permission_policy(self) -> Any:
        policy = policy_registry.get_by_type(FileTexts)
        pk = self.request.resolver_match.kwargs.get("pk")  # type: ignore[attr-defined]
        entry = None if pk is None else FileTexts.objects.filter(pk=unquote(str(pk))).first()
        return policy if entry is None else _PolicyOnEntry(policy, entry)


class _EntryList:
    """Mixin for lists: the translations that the user may see."""

    def get_base_queryset(self) -> QuerySet[Any]:
        policy = policy_registry.get_by_type(FileTexts)
        shown: QuerySet[Any] = policy.instances_user_has_any_permission_for(
            self.request.user,  # type: ignore[attr-defined]
            ("view", "change", "delete", "publish"),
        )
        return shown.select_related("locale")


class FileTextsViewSet(SnippetViewSet):  # type: ignore[misc]
    """Translations of the titles and descriptions of files."""

    model = FileTexts
    icon = "image"
    menu_label = _("Texts of files")
    add_to_admin_menu = True
    menu_order = 320
    copy_view_enabled = False
    list_display: ClassVar[list[Any]] = [
        "title",
        "description",
        LocaleColumn(label=_("Language"), sort_key="locale_id"),
        LiveStatusTagColumn(),
    ]
    list_filter: ClassVar[list[str]] = ["live"]
    search_fields: ClassVar[list[str]] = ["title", "description"]
    panels: ClassVar[list[Panel]] = [FieldPanel("title"), FieldPanel("description")]

    def construct_view(self, view_class: type[Any], **kwargs: Any) -> Any:
        bases: tuple[type[Any], ...] = (view_class,)
        if issubclass(view_class, PermissionCheckedMixin):
            bases = (_EntryView, *bases)
        if issubclass(view_class, generic.IndexView):
            bases = (_EntryList, *bases)
        narrowed = type(view_class.__name__, bases, {"__module__": view_class.__module__})
        return super().construct_view(narrowed, **kwargs)


def edit_the_file(request: HttpRequest, instance: Any) -> HttpResponse | None:
    """The hook before an entry is edited: the library's own words are edited with their file."""
    if not isinstance(instance, FileTexts) or not instance.is_of_library:
        return None
    file = instance.file
    url = AdminURLFinder(request.user).get_edit_url(file) if file is not None else None
    if url is None:
        raise PermissionDenied
    return redirect(url)


def keep_words_of_the_library(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """The hook before a bulk action; raises PermissionDenied for the library's own words."""
    if any(isinstance(each, FileTexts) and each.is_of_library for each in objects):
        raise PermissionDenied
    return None


def register() -> None:
    """Register the snippet, its rights and its hooks; call it once."""
    register_permission_policy(FileTexts, FileTextsPolicy(FileTexts))
    register_snippet(FileTextsViewSet)
    hooks.register("before_edit_snippet", edit_the_file)
    hooks.register("before_bulk_action", keep_words_of_the_library)
