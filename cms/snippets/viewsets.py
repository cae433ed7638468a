"""The snippets in the admin: one menu group, and lists with columns and filters."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import (
    BooleanColumn,
    Column,
    LiveStatusTagColumn,
    LocaleColumn,
    UpdatedAtColumn,
)
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.snippets.act_reference.expiry import EditActView
from cms.snippets.act_reference.removal_views import DeleteActView, UnpublishActView
from cms.snippets.columns import EntryColumn, KnownColumn
from cms.snippets.models import Act, Convention, Organisation, Regulation, Role, Scheme
from cms.snippets.models.base import Snippet
from cms.snippets.permissions import LocalePermissionsMixin


class ContentViewSet(LocalePermissionsMixin, SnippetViewSet):
    """Base of our viewsets, with the columns and filters at the end of every list.

    A search keeps the list's filters and order, so every field used for filtering or sorting must
    be a `FilterField` of the model.
    """

    related: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[list[Column]] = []
    filters: ClassVar[list[str]] = []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model._default_manager.select_related("locale", *self.related)

    @property
    def list_display(self) -> list[str | Column]:
        return [
            "__str__",
            *self.columns,
            LocaleColumn(label=_("Language"), sort_key="locale_id"),
            BooleanColumn(
                "working_translation",
                label=_("Working translation"),
                sort_key="working_translation",
            ),
            UpdatedAtColumn(label=_("Updated")),
            LiveStatusTagColumn(label=_("Status")),
        ]

    @property
    def list_filter(self) -> list[str]:
        return [*self.filters, "live", "working_translation"]


class ActViewSet(ContentViewSet):
    model = Act
    icon = "doc-full"
    edit_view_class = EditActView
    unpublish_view_class = UnpublishActView
    delete_view_class = DeleteActView
    columns = [
        Column("number", label=_("Number"), sort_key="number"),
        Column("year", label=_("Year"), sort_key="year"),
        Column("get_status_display", label=_("Legal status"), sort_key="status"),
        KnownColumn("in_force_date", label=_("In force since"), sort_key="in_force_date"),
    ]
    filters = ["status", "authoritative_language", "year"]


class RegulationViewSet(ContentViewSet):
    model = Regulation
    icon = "doc-empty"
    related = ("act",)
    columns = [
        EntryColumn("act", label=_("Act")),
        Column("year", label=_("Year"), sort_key="year"),
        KnownColumn("gazette_number", label=_("Gazette number"), sort_key="gazette_number"),
        Column("get_status_display", label=_("Legal status"), sort_key="status"),
    ]
    filters = ["act", "status", "year"]


class SchemeViewSet(ContentViewSet):
    model = Scheme
    icon = "clipboard-list"
    related = ("act",)
    ordering = ["act__number", "sort_order", "title"]
    columns = [
        EntryColumn("act", label=_("Act")),
        Column("sort_order", label=_("Position"), sort_key="sort_order"),
    ]
    filters = ["act"]


class RoleViewSet(ContentViewSet):
    model = Role
    icon = "tasks"
    columns = [Column("sort_order", label=_("Position"), sort_key="sort_order")]


class ConventionViewSet(ContentViewSet):
    model = Convention
    icon = "globe"
    columns = [
        Column("body", label=_("Adopting body"), sort_key="body"),
        Column("number", label=_("Number"), sort_key="number"),
        Column("year", label=_("Year"), sort_key="year"),
    ]
    filters = ["year"]


class OrganisationViewSet(ContentViewSet):
    model = Organisation
    icon = "site"
    # A copy would be a second organisation in its language.
    copy_view_enabled = False
    columns = [KnownColumn("email", label=_("E-mail address"))]


#: The explicit viewsets, in menu order; every other snippet gets a default one.
EXPLICIT: tuple[type[ContentViewSet], ...] = (
    OrganisationViewSet,
    RoleViewSet,
    ActViewSet,
    RegulationViewSet,
    SchemeViewSet,
    ConventionViewSet,
)


def viewsets() -> list[type[ContentViewSet]]:
    """A viewset for each snippet of the project; models must be loaded.

    A default viewset has the common columns and filters and its model's `icon`.
    """
    explicit = {viewset.model for viewset in EXPLICIT}
    others = [
        type(
            f"{model.__name__}ViewSet",
            (ContentViewSet,),
            {"model": model, "icon": getattr(model, "icon", ContentViewSet.icon)},
        )
        for model in apps.get_models()
        if issubclass(model, Snippet) and model not in explicit
    ]
    return [*EXPLICIT, *others]


class ContentViewSetGroup(SnippetViewSetGroup):
    """One menu for all snippets."""

    menu_label = _("Reference entries")
    menu_icon = "folder-open-1"
    menu_order = 200

    def __init__(self) -> None:
        self.items = viewsets()
        super().__init__()
