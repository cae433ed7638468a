"""Other packages' templates, with their English made translatable and their scripts marked."""

from __future__ import annotations

from typing import Any

from django.template import Origin
from django.template.loaders.app_directories import Loader
from django.utils.translation import gettext_noop, ngettext_lazy

_SEARCH = ('value="Search"', "value=\"{% trans 'Search' %}\"")
#: Template name to pairs of original and replacement.
REPLACEMENTS = {
    "wagtailadmin/home.html": [_SEARCH],
    "wagtailadmin/shared/header.html": [_SEARCH],
    "wagtailadmin/shared/headers/_actions.html": [
        ('aria-label="Actions"', "{% load i18n %}aria-label=\"{% trans 'Actions' %}\"")
    ],
    "wagtailimages/chooser/results.html": [
        (
            'title="Select {% if collections %}{{ image.collection.name }} » {% endif %}',
            "title=\"{% trans 'Select' %} "
            "{% if collections %}{{ image.collection.name }} » {% endif %}",
        )
    ],
    "wagtailembeds/embed_editor.html": [
        ("Provider: ", "{% load i18n %}{% trans 'Provider' %}: "),
        ("Author: ", "{% load i18n %}{% trans 'Author' %}: "),
    ],
    # No user: the action was not taken by an account, such as loading content.
    "wagtailadmin/shared/user_avatar.html": [
        (
            "{{ user }}",
            "{% load i18n %}{% if user %}{{ user }}{% else %}{% trans 'the system' %}{% endif %}",
        )
    ],
    # Without a count the hidden counter would contain "None".
    "wagtailadmin/shared/side_panel_toggle.html": [
        ("{{ count|intcomma }}", '{{ count|default_if_none:""|intcomma }}')
    ],
    "wagtailadmin/tables/boolean_cell.html": [("value|stringformat:'s'", "value|yesno")],
    "wagtaillocales/index.html": [
        (
            "{{ locale.num_pages }} pages{% if locale.num_others %} + "
            "{{ locale.num_others }} others{% endif %}",
            "{% blocktrans count count=locale.num_pages %}{{ count }} page{% plural %}"
            "{{ count }} pages{% endblocktrans %}{% if locale.num_others %} + "
            "{% blocktrans count count=locale.num_others %}{{ count }} other{% plural %}"
            "{{ count }} others{% endblocktrans %}{% endif %}",
        )
    ],
}
#: The messages above that occur nowhere else; listed so that they are extracted.
MESSAGES = (
    gettext_noop("Author"),
    gettext_noop("Provider"),
    gettext_noop("the system"),
    ngettext_lazy("%(count)s page", "%(count)s pages"),
    ngettext_lazy("%(count)s other", "%(count)s others"),
)
_MARKED = '{% load content_policy %}<script nonce="{% script_nonce %}">'
#: Templates with scripts, which the content security policy asks to be marked.
SCRIPTS = {
    "wagtailadmin/panels/inline_panel.html": [("<script>", _MARKED)],
    "wagtailadmin/panels/multiple_chooser_panel.html": [("<script>", _MARKED)],
    "wagtail_localize/admin/submit_translation.html": [
        ('<script type="text/javascript">', _MARKED)
    ],
}


class TranslatableTemplateLoader(Loader):
    """Loads templates of installed apps and applies `REPLACEMENTS` and `SCRIPTS`."""

    def get_contents(self, origin: Origin) -> Any:
        contents = super().get_contents(origin)
        name = str(origin.template_name)
        for before, after in (*REPLACEMENTS.get(name, ()), *SCRIPTS.get(name, ())):
            contents = contents.replace(before, after)
        return contents
