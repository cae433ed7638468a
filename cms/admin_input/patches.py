"""Every attribute of other packages that this app replaces, in one table."""

from __future__ import annotations

from django.db import connection
from modelcluster.forms import BaseTransientModelFormSet
from rest_framework.parsers import JSONParser
from wagtail.admin import utils as admin_utils
from wagtail.admin.compare import StructBlockComparison
from wagtail.admin.forms.choosers import URLOrAbsolutePathField
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.views import chooser
from wagtail.admin.views.account import LoginView
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.dismissibles import DismissiblesView
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.chooser import ChosenMultipleViewMixin
from wagtail.admin.views.generic.mixins import RevisionsRevertMixin
from wagtail.admin.views.pages.bulk_actions.delete import DeleteBulkAction
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.views.workflows import BaseTaskChooserView
from wagtail.admin.views.workflows import Edit as EditWorkflow
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.blocks.field_block import ChooserBlock
from wagtail.contrib.redirects import views as redirect_views
from wagtail.contrib.redirects.base_formats import XLSX
from wagtail.contrib.redirects.forms import ConfirmImportManagementForm, ImportForm
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.views.bulk_actions.add_tags import TagForm as DocumentTagForm
from wagtail.images.blocks import ImageBlockComparison
from wagtail.images.fields import WagtailImageField
from wagtail.images.views.bulk_actions.add_tags import TagForm as ImageTagForm
from wagtail.images.views.chooser import BaseImageChooseView

from cms.admin_input import comparing, forms, json_bodies, lists, redirect_imports
from cms.core.patching import Patch

WAGTAIL = "wagtail 8.0.1"
#: What follows without any of the patches.
CRASH = "the server fails on "

_PATCHES = (
    Patch(
        ChosenMultipleViewMixin,
        "get",
        forms.chosen_multiple,
        CRASH + "a chooser's call with a key that is no number",
        f"{WAGTAIL}: wagtail/admin/views/generic/chooser.py",
    ),
    Patch(
        BaseChooser,
        "get_instance",
        forms.chosen_instance,
        CRASH + "a form that is shown again with a choice that is no number",
        f"{WAGTAIL}: wagtail/admin/widgets/chooser.py",
    ),
    Patch(
        ChooserBlock,
        "value_from_form",
        forms.chosen_in_block,
        CRASH + "a block whose choice is no number",
        f"{WAGTAIL}: wagtail/blocks/field_block.py",
    ),
    Patch(
        URLOrAbsolutePathField,
        "to_python",
        forms.address,
        CRASH + "the dialog for links without its field",
        f"{WAGTAIL}: wagtail/admin/forms/choosers.py",
    ),
    Patch(
        BaseTransientModelFormSet,
        "_construct_form",
        forms.construct_form,
        CRASH + "a form whose hidden keys are no numbers",
        "django-modelcluster 6.5: modelcluster/forms.py",
    ),
    Patch(
        admin_utils,
        "url_has_allowed_host_and_scheme",
        forms.is_address,
        CRASH + "a `next` that is no address",
        f"{WAGTAIL}: wagtail/admin/utils.py",
    ),
    Patch(
        LoginView,
        "get_redirect_url",
        forms.redirect_url,
        CRASH + "a `next` of the log-in page that is no address",
        f"{WAGTAIL}: wagtail/admin/views/account.py",
    ),
    Patch(
        ContentstateConverter,
        "to_database_format",
        forms.to_database_format,
        CRASH + "rich text with half an emoji, or in another format than the editor's",
        f"{WAGTAIL}: wagtail/admin/rich_text/converters/contentstate.py",
    ),
    Patch(
        WagtailImageField,
        "check_image_pixel_size",
        forms.check_pixel_size,
        CRASH + "an upload whose beginning is a picture and whose rest is not",
        f"{WAGTAIL}: wagtail/images/fields.py",
    ),
    Patch(
        StructBlockComparison,
        "htmlvalue",
        comparing.struct_value,
        CRASH + "a comparison of versions with an empty group of fields",
        f"{WAGTAIL}: wagtail/admin/compare.py",
    ),
    Patch(
        ImageBlockComparison,
        "htmlvalue",
        comparing.image_value,
        CRASH + "a comparison of versions with a picture that is empty or deleted",
        f"{WAGTAIL}: wagtail/images/blocks.py",
    ),
    Patch(
        DeleteBulkAction,
        "get_actionable_objects",
        lists.pages_to_delete,
        CRASH + "the deletion of a page together with one that lies below it",
        f"{WAGTAIL}: wagtail/admin/views/pages/bulk_actions/delete.py",
    ),
    Patch(
        EditWorkflow,
        "get_paginated_pages",
        lists.workflow_pages,
        CRASH + "a page number of a workflow's list that is none",
        f"{WAGTAIL}: wagtail/admin/views/workflows.py",
    ),
    Patch(
        BulkAction,
        "__init__",
        lists.begin_bulk_action,
        CRASH + "a bulk action on keys that are no numbers",
        f"{WAGTAIL}: wagtail/admin/views/bulk_action/base_bulk_action.py",
    ),
    Patch(
        BaseListingView,
        "search_queryset",
        lists.search_list,
        CRASH + "a search in a list that is filtered by usage, or sorted by a related field",
        f"{WAGTAIL}: wagtail/admin/views/generic/base.py",
    ),
    Patch(
        BaseImageChooseView,
        "filter_object_list",
        lists.filter_images,
        CRASH + "a search in a chooser's images of one tag",
        f"{WAGTAIL}: wagtail/images/views/chooser.py",
    ),
    Patch(
        chooser,
        "shared_context",
        lists.link_context,
        CRASH + "a chooser of links with a parent page that is no number",
        f"{WAGTAIL}: wagtail/admin/views/chooser.py",
    ),
    Patch(
        BaseTaskChooserView,
        "get_create_model",
        lists.task_type,
        CRASH + "a new task of a type that is none",
        f"{WAGTAIL}: wagtail/admin/views/workflows.py",
    ),
    Patch(
        RevisionsRevertMixin,
        "save_instance",
        forms.restore_version,
        CRASH + "an old version of an entry that is saved as a draft with an empty field",
        f"{WAGTAIL}: wagtail/admin/views/generic/mixins.py",
    ),
    Patch(
        ImageTagForm,
        "clean_tags",
        forms.clean_tags,
        CRASH + "a tag for several pictures that is too long for PostgreSQL",
        f"{WAGTAIL}: wagtail/images/views/bulk_actions/add_tags.py",
    ),
    Patch(
        DocumentTagForm,
        "clean_tags",
        forms.clean_tags,
        CRASH + "a tag for several documents that is too long for PostgreSQL",
        f"{WAGTAIL}: wagtail/documents/views/bulk_actions/add_tags.py",
    ),
    Patch(
        JSONParser,
        "parse",
        json_bodies.parse,
        CRASH + "JSON that is nested too deeply, or has half an emoji or NUL",
        "djangorestframework 3.18.3: rest_framework/parsers.py",
    ),
    Patch(
        DismissiblesView,
        "patch",
        json_bodies.dismiss,
        CRASH + "a note of dismissed notices that is no object",
        f"{WAGTAIL}: wagtail/admin/views/dismissibles.py",
    ),
    Patch(
        CopyView,
        "post",
        forms.copy_page,
        CRASH + "a copy of a page below a page that does not exist",
        f"{WAGTAIL}: wagtail/admin/views/pages/copy.py",
    ),
    Patch(
        ImportForm,
        "clean_import_file",
        redirect_imports.clean_import_file,
        "a file of redirects that cannot be read is refused in English, or fails the import",
        f"{WAGTAIL}: wagtail/contrib/redirects/forms.py",
    ),
    Patch(
        XLSX,
        "create_dataset",
        redirect_imports.xlsx_dataset,
        "a small workbook with a million rows keeps the server busy",
        f"{WAGTAIL}: wagtail/contrib/redirects/base_formats.py",
    ),
    Patch(
        ConfirmImportManagementForm,
        "clean",
        redirect_imports.clean_management_form,
        CRASH + "an import of redirects whose hidden fields are gone or changed",
        f"{WAGTAIL}: wagtail/contrib/redirects/forms.py",
    ),
    Patch(
        redirect_views,
        "process_import",
        redirect_imports.process_import,
        CRASH + "an import of redirects that is sent twice",
        f"{WAGTAIL}: wagtail/contrib/redirects/views.py",
    ),
    Patch(
        redirect_views,
        "create_redirects_from_dataset",
        redirect_imports.create_redirects,
        CRASH + "a file of redirects with a row that is too short, or redirects to nowhere",
        f"{WAGTAIL}: wagtail/contrib/redirects/views.py",
    ),
    Patch(
        Redirect,
        "normalise_path",
        redirect_imports.normalise_path,
        CRASH + "a redirect from an address that cannot be parsed",
        f"{WAGTAIL}: wagtail/contrib/redirects/models.py",
    ),
    Patch(
        Redirect,
        "clean",
        redirect_imports.clean_redirect,
        CRASH + "a redirect whose path has 255 characters without the slash",
        f"{WAGTAIL}: wagtail/contrib/redirects/models.py",
    ),
)


def _search_patches() -> tuple[Patch, ...]:
    """Those of the search on SQLite; the module has no table on another database."""
    if connection.vendor != "sqlite":
        return ()
    from modelsearch.backends.database.sqlite import query

    from cms.admin_input import sqlite_search

    return (
        Patch(
            query.Lexeme,
            "as_sql",
            sqlite_search.term,
            CRASH + "a search for a quotation mark (wagtail/wagtail#13227)",
            "modelsearch 1.3.2: modelsearch/backends/database/sqlite/query.py",
        ),
        Patch(
            query.SearchQueryExpression,
            "__init__",
            sqlite_search.phrase,
            CRASH + "a search for a phrase with a quotation mark",
            "modelsearch 1.3.2: modelsearch/backends/database/sqlite/query.py",
        ),
    )


PATCHES = (*_PATCHES, *_search_patches())
