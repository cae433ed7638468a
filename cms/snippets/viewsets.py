"""How the snippets appear in the admin: one group in the menu, lists with columns and filters."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.snippets.models import Act, Convention, Organisation, Regulation, Role, Scheme


class ActViewSet(SnippetViewSet):
    model = Act
    icon = "doc-full"


class RegulationViewSet(SnippetViewSet):
    model = Regulation
    icon = "doc-empty"


class SchemeViewSet(SnippetViewSet):
    model = Scheme
    icon = "clipboard-list"


class RoleViewSet(SnippetViewSet):
    model = Role
    icon = "tasks"


class ConventionViewSet(SnippetViewSet):
    model = Convention
    icon = "globe"


class OrganisationViewSet(SnippetViewSet):
    model = Organisation
    icon = "site"


class ContentViewSetGroup(SnippetViewSetGroup):
    """One menu for all snippets."""

    menu_label = _("Organisation and law")
    menu_icon = "folder-open-1"
    menu_order = 200
    items = (
        OrganisationViewSet,
        RoleViewSet,
        ActViewSet,
        RegulationViewSet,
        SchemeViewSet,
        ConventionViewSet,
    )
