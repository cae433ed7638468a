"""Every attribute of Wagtail that this app replaces, in one table: who may change what of others.

Wagtail has no setting or hook for these rules, and several views and actions share each of them.
"""

from __future__ import annotations

from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.admin.action_menu import SubmitForModerationMenuItem as SubmitPage
from wagtail.admin.api.actions.publish import PublishPageAPIAction
from wagtail.admin.api.serializers import PageTranslationsField
from wagtail.admin.forms.models import (
    WagtailAdminDraftStateFormMixin,
    WagtailAdminModelForm,
)
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView, ExternalLinkView
from wagtail.admin.views.generic import CopyViewMixin
from wagtail.admin.views.generic.chooser import ChosenResponseMixin, CreateViewMixin
from wagtail.admin.views.pages.create import CreateView as CreatePageView
from wagtail.admin.views.pages.edit import EditView as EditPageView
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import (
    AbstractGroupApprovalTask,
    AbstractPage,
    CollectionViewRestriction,
    PagePermissionTester,
)
from wagtail.models.audit_log import ModelLogEntryManager
from wagtail.snippets.action_menu import SubmitForModerationMenuItem as SubmitSnippet
from wagtail.snippets.views.chooser import BaseSnippetChooseView
from wagtail.snippets.views.snippets import CreateView as CreateSnippetView
from wagtail.snippets.views.snippets import EditView as EditSnippetView

from cms.core.patching import Patch
from cms.editors import (
    admin_api,
    choosing,
    confirmations,
    deletion,
    private_collections,
    records,
    references,
    review_words,
    schedules,
    titles,
)
from cms.editors.second_person import forms as second_person_forms
from cms.editors.second_person import rule

WAGTAIL = "wagtail 8.0.1"

PATCHES = (
    Patch(
        CopyViewMixin,
        # The view has none of its own: its form is sent to the address for additions.
        "http_method_names",
        ("get", "head", "options"),
        "a copy's form, sent to the address of the copy, overwrites the original",
        f"{WAGTAIL}: wagtail/admin/views/generic/models.py",
    ),
    Patch(
        PagePermissionTester,
        "can_delete",
        deletion.can_delete,
        "officers and translators delete and move the drafts of others",
        f"{WAGTAIL}: wagtail/models/pages.py",
    ),
    Patch(
        BulkAction,
        "get_actionable_objects",
        confirmations.get_actionable_objects,
        "bulk actions show the titles of drafts and files by ids in their address",
        f"{WAGTAIL}: wagtail/admin/views/bulk_action/base_bulk_action.py",
    ),
    Patch(
        MoveConfirmView,
        "dispatch",
        confirmations.confirm_move,
        "the confirmation of a move shows the titles of any two pages",
        f"{WAGTAIL}: wagtail/admin/views/pages/move.py",
    ),
    Patch(
        BrowseView,
        "get",
        choosing.browse,
        "the chooser of pages shows the title of any page by its id",
        f"{WAGTAIL}: wagtail/admin/views/chooser.py",
    ),
    Patch(
        ChosenMultipleView,
        "get",
        choosing.chosen_pages,
        "a call of the chooser of pages names any pages by their ids",
        f"{WAGTAIL}: wagtail/admin/views/chooser.py",
    ),
    Patch(
        ChosenResponseMixin,
        "get_chosen_response",
        choosing.chosen,
        "a call of a chooser names any entry or file by its id",
        f"{WAGTAIL}: wagtail/admin/views/generic/chooser.py",
    ),
    Patch(
        ChosenResponseMixin,
        "get_multiple_chosen_response",
        choosing.several_chosen,
        "a call of a chooser names any entries or files by their ids",
        f"{WAGTAIL}: wagtail/admin/views/generic/chooser.py",
    ),
    Patch(
        BaseSnippetChooseView,
        "get_object_list",
        choosing.offered_entries,
        "choosers offer the draft entries of others",
        f"{WAGTAIL}: wagtail/snippets/views/chooser.py",
    ),
    Patch(
        ExternalLinkView,
        "post",
        choosing.external_link,
        "the dialog for links names private pages and drafts by their address",
        f"{WAGTAIL}: wagtail/admin/views/chooser.py",
    ),
    Patch(
        WagtailAdminModelForm,
        "_post_clean",
        references.post_clean,
        "previews and public pages show drafts and private files whose ids were sent to a form",
        f"{WAGTAIL}: wagtail/admin/forms/models.py",
    ),
    Patch(
        AbstractPage,
        "get_admin_display_title",
        titles.display_title,
        "everybody reads the draft titles of published pages",
        f"{WAGTAIL}: wagtail/models/pages.py",
    ),
    Patch(
        ModelLogEntryManager,
        "viewable_by_user",
        records.log_entries,
        "the site's history has the titles of others' draft entries",
        f"{WAGTAIL}: wagtail/models/audit_log.py",
    ),
    Patch(
        WorkflowView,
        "get_queryset",
        records.reviews,
        "the report of reviews has the titles of others' draft entries",
        f"{WAGTAIL}: wagtail/admin/views/reports/workflows.py",
    ),
    Patch(
        WorkflowTasksView,
        "get_queryset",
        records.tasks,
        "the report of tasks has the titles of others' draft entries",
        f"{WAGTAIL}: wagtail/admin/views/reports/workflows.py",
    ),
    Patch(
        PublishPageAPIAction,
        "_action_from_data",
        admin_api.publish,
        "a refused call to publish a page saves a revision of it",
        f"{WAGTAIL}: wagtail/admin/api/actions/publish.py",
    ),
    Patch(
        PageTranslationsField,
        "to_representation",
        admin_api.translations,
        "the admin's API names drafts in other languages",
        f"{WAGTAIL}: wagtail/admin/api/serializers.py",
    ),
    Patch(
        ImagesAdminAPIViewSet,
        "get_queryset",
        admin_api.images,
        "the admin's API lists images that the user may not choose",
        f"{WAGTAIL}: wagtail/images/api/admin/views.py",
    ),
    Patch(
        DocumentsAdminAPIViewSet,
        "get_queryset",
        admin_api.documents,
        "the admin's API lists documents that the user may not choose",
        f"{WAGTAIL}: wagtail/documents/api/admin/views.py",
    ),
    Patch(
        CollectionViewRestriction,
        "accept_request",
        private_collections.accept_request,
        "those who manage private documents cannot open them",
        f"{WAGTAIL}: wagtail/models/view_restrictions.py",
    ),
    Patch(
        CreateViewMixin,
        "dispatch",
        choosing.create,
        "sending a form to a chooser that has none is an error of the server",
        f"{WAGTAIL}: wagtail/admin/views/generic/chooser.py",
    ),
    Patch(
        BaseChooser,
        "get_value_data",
        choosing.value_data,
        "a form names any page, entry or file whose id was sent to it",
        f"{WAGTAIL}: wagtail/admin/widgets/chooser.py",
    ),
    Patch(
        PublishRevisionAction,
        "_publish_revision",
        rule.publish_revision,
        "who wrote a change can publish it alone",
        f"{WAGTAIL}: wagtail/actions/publish_revision.py",
    ),
    Patch(
        PagePermissionTester,
        "can_publish_subpage",
        rule.can_publish_subpage,
        "who writes or copies a page can make it public alone",
        f"{WAGTAIL}: wagtail/models/pages.py",
    ),
    Patch(
        CopyPageAction,
        "_copy_page",
        rule.copy_page,
        "a copy that is public at once leaves no trace of who decided alone",
        f"{WAGTAIL}: wagtail/actions/copy_page.py",
    ),
    Patch(
        CreatePageAliasAction,
        "_create_alias",
        rule.create_alias,
        "an alias that is public at once leaves no trace of who decided alone",
        f"{WAGTAIL}: wagtail/actions/create_alias.py",
    ),
    Patch(
        AbstractGroupApprovalTask,
        "get_actions",
        rule.get_actions,
        "the admin offers to approve one's own text, which is then refused",
        f"{WAGTAIL}: wagtail/models/workflows.py",
    ),
    Patch(
        CopyForm,
        "__init__",
        second_person_forms.init_copy_form,
        "the form for copies offers to publish them, which is then refused",
        f"{WAGTAIL}: wagtail/admin/forms/pages.py",
    ),
    Patch(
        CreatePageView,
        "dispatch",
        second_person_forms.create_page,
        "an editor whose publish is refused loses what they typed",
        f"{WAGTAIL}: wagtail/admin/views/pages/create.py",
    ),
    Patch(
        EditPageView,
        "dispatch",
        second_person_forms.edit_page,
        "an editor whose publish is refused loses what they typed",
        f"{WAGTAIL}: wagtail/admin/views/pages/edit.py",
    ),
    Patch(
        CreateSnippetView,
        "dispatch",
        second_person_forms.create_snippet,
        "an editor whose publish is refused loses what they typed",
        f"{WAGTAIL}: wagtail/snippets/views/snippets.py",
    ),
    Patch(
        EditSnippetView,
        "dispatch",
        second_person_forms.edit_snippet,
        "an editor whose publish is refused loses what they typed",
        f"{WAGTAIL}: wagtail/snippets/views/snippets.py",
    ),
    Patch(
        WagtailAdminDraftStateFormMixin,
        "clean",
        schedules.clean,
        "content that has expired cannot be saved until its dates are emptied by hand",
        f"{WAGTAIL}: wagtail/admin/forms/models.py",
    ),
    Patch(
        WagtailAdminModelForm,
        "get_field_updates_for_resave",
        schedules.get_field_updates,
        "a date that passes while a form is open is sent again by each automatic save",
        f"{WAGTAIL}: wagtail/admin/forms/models.py",
    ),
    *(
        Patch(
            owner,
            "get_context_data",
            replacement,
            "the button that submits names the workflow, in whatever language that is",
            f"{WAGTAIL}: {source}",
        )
        for owner, replacement, source in (
            (SubmitPage, review_words.submit_page, "wagtail/admin/action_menu.py"),
            (SubmitSnippet, review_words.submit_snippet, "wagtail/snippets/action_menu.py"),
        )
    ),
    Patch(
        EditPageView,
        "add_save_confirmation_message",
        review_words.add_page_message,
        'whoever requests changes is told that the page "has been updated"',
        f"{WAGTAIL}: wagtail/admin/views/pages/edit.py",
    ),
    Patch(
        EditSnippetView,
        "get_success_message",
        review_words.get_snippet_message,
        'whoever requests changes is told that the entry is "updated"',
        f"{WAGTAIL}: wagtail/snippets/views/snippets.py",
    ),
)
