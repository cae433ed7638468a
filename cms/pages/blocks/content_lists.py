"""Sections that show snippets: roles, Acts, schemes and contact details."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ListBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.pages.blocks.section import SectionBlock


class RolesBlock(SectionBlock):
    """The organisation's roles, in the order chosen here."""

    roles = ListBlock(SnippetChooserBlock("snippets.Role"), label=_("Roles"), min_num=1)

    class Meta:
        template = "pages/blocks/roles.html"
        label = _("Roles")
        icon = "tasks"


class ActsBlock(SectionBlock):
    """Acts, in the order chosen here."""

    acts = ListBlock(SnippetChooserBlock("snippets.Act"), label=_("Acts"), min_num=1)

    class Meta:
        template = "pages/blocks/acts.html"
        label = _("Acts")
        icon = "doc-full"


class SchemesBlock(SectionBlock):
    """Schemes, in the order chosen here."""

    schemes = ListBlock(SnippetChooserBlock("snippets.Scheme"), label=_("Schemes"), min_num=1)

    class Meta:
        template = "pages/blocks/schemes.html"
        label = _("Schemes")
        icon = "clipboard-list"


class ContactBlock(SectionBlock):
    """The organisation's contact details."""

    organisation = SnippetChooserBlock(
        "snippets.Organisation",
        label=_("Organisation"),
        help_text=_("Its address, telephone numbers and e-mail address are shown here."),
    )

    class Meta:
        template = "pages/blocks/contact.html"
        label = _("Contact")
        icon = "mail"
