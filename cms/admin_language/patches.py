"""Every attribute of another package that this app replaces, in one table.

Django and Wagtail have no setting or hook for these texts. A system check fails when other code has
replaced a patch, and a test fails when a patched package is upgraded, so that each row is reviewed.
"""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.forms import DateField, DateTimeField, TimeField, boundfield
from django.forms.fields import BaseTemporalField
from django.forms.utils import pretty_name
from wagtail.admin import mail
from wagtail.admin.ui import tables
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.pages import delete, utils
from wagtail.admin.views.pages.bulk_actions import delete as bulk_delete
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.snippets.widgets import AdminSnippetChooser
from wagtail.users.templatetags import wagtailusers_tags
from wagtail_localize.models import StringTranslation

from cms.admin_language import (
    date_entry,
    derived_labels,
    eager_messages,
    permission_names,
    replacements,
)
from cms.core.patching import Patch

DJANGO = "django 5.2.19"
WAGTAIL = "wagtail 8.0.1"
WAGTAIL_LOCALIZE = "wagtail-localize 1.14.5"

#: Originals are wrapped once, when this module is imported, so `apply()` is idempotent.
FUNCTIONS = (
    Patch(
        boundfield,
        "pretty_name",
        derived_labels.translated_pretty_name(pretty_name),
        "form fields without a label are labelled in English",
        f"{DJANGO}: django/forms/boundfield.py",
    ),
    Patch(
        tables,
        "capfirst",
        derived_labels.translated_capfirst(tables.capfirst),
        "columns without a label are headed in English",
        f"{WAGTAIL}: wagtail/admin/ui/tables/__init__.py",
    ),
    Patch(
        Permission,
        "__str__",
        permission_names.describe_permission,
        "permissions are named in English",
        f"{DJANGO}: django/contrib/auth/models.py",
    ),
    Patch(
        wagtailusers_tags.register,
        "tags",
        permission_names.tags_with_translated_names(
            wagtailusers_tags.register.tags, wagtailusers_tags.format_permissions
        ),
        "the form of a group names permissions in English",
        f"{WAGTAIL}: wagtail/users/templatetags/wagtailusers_tags.py",
    ),
    Patch(
        AdminSnippetChooser,
        "__init__",
        replacements.with_lazy_texts(AdminSnippetChooser.__init__),
        "the buttons of a snippet chooser stay in the language of its first user",
        f"{WAGTAIL}: wagtail/snippets/widgets.py",
    ),
    Patch(
        SnippetViewSet,
        "breadcrumbs_items",
        replacements.with_lazy_labels(SnippetViewSet.breadcrumbs_items),
        "the breadcrumbs of snippets stay in the language of the first user",
        f"{WAGTAIL}: wagtail/snippets/views/snippets.py",
    ),
    Patch(
        StringTranslation,
        "get_comment",
        replacements.with_local_date(StringTranslation.get_comment),
        "the date of a translation has an English month and is in UTC",
        f"{WAGTAIL_LOCALIZE}: wagtail_localize/models.py",
    ),
    Patch(
        PageTitleColumn,
        "get_header_context_data",
        replacements.with_page_model_name(PageTitleColumn.get_header_context_data),
        'a search of pages counts "None"',
        f"{WAGTAIL}: wagtail/admin/ui/tables/pages.py",
    ),
    Patch(
        SpreadsheetExportMixin,
        "get_heading",
        replacements.with_model_of_filterset(SpreadsheetExportMixin.get_heading),
        "exported reports are headed by names in code",
        f"{WAGTAIL}: wagtail/admin/views/mixins.py",
    ),
    # Two views have imported the function by name.
    *(
        Patch(
            module,
            "type_to_delete_confirmation",
            replacements.confirm_site_name,
            "the confirmation before many pages are deleted is in English",
            f"{WAGTAIL}: wagtail/admin/views/pages/utils.py",
        )
        for module in (utils, delete, bulk_delete)
    ),
    Patch(
        mail,
        "render_to_string",
        replacements.in_language_of_recipient(mail.render_to_string),
        "the HTML of an e-mail is in the language of the user who caused it",
        f"{WAGTAIL}: wagtail/admin/mail.py",
    ),
)
FIELDS = f"{DJANGO}: django/forms/fields.py"
PICKERS = f"{WAGTAIL}: wagtail/admin/widgets/datetime.py"
DATES = (
    Patch(
        BaseTemporalField,
        "to_python",
        date_entry.to_python,
        "dates with the name of a month are refused",
        FIELDS,
    ),
    *(
        Patch(
            owner,
            "default_error_messages",
            date_entry.MESSAGES[kind],
            "an error of a date does not say which form is wanted",
            FIELDS,
        )
        for owner, kind in ((DateField, "date"), (DateTimeField, "datetime"), (TimeField, "time"))
    ),
    *(
        Patch(
            owner,
            "get_config",
            date_entry.keeping_what_is_typed(owner.get_config),
            "the calendar replaces a typed date that it cannot read by today's",
            PICKERS,
        )
        for owner in date_entry.PICKERS
    ),
    *(
        patch
        for owner, kind in ((AdminDateInput, "date"), (AdminDateTimeInput, "datetime"))
        for patch in (
            Patch(
                owner,
                "template_name",
                date_entry.HINT_TEMPLATES[kind],
                "a field for a date does not show the wanted form",
                PICKERS,
            ),
            Patch(
                owner,
                "get_context",
                date_entry.showing_the_form(owner.get_context),
                "a field for a date does not show the wanted form",
                PICKERS,
            ),
        )
    ),
)
TEXTS = (
    *(
        Patch(
            message.owner,
            message.name,
            message.replacement,
            "the text stays in the language that was active when its class was imported",
            f"{WAGTAIL}: {message.source}",
        )
        for message in eager_messages.eager_messages()
    ),
    *(
        Patch(*label, "the label, derived from a name in code, is in English")
        for label in derived_labels.derived_labels()
    ),
)
PATCHES = (*FUNCTIONS, *DATES, *TEXTS)
