"""Every attribute of other packages that this plugin replaces.

wagtail-localize has no setting or hook for writing a translation to its target, nor for deciding
who may submit, change or discard one. All of its views end in the attributes below, so replacing
them covers every entry point without a fork. A system check fails if another app replaces them as
well.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core import validators
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.revert_to_page_revision import RevertToPageRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.admin import auth
from wagtail.models import WorkflowState
from wagtail_localize import models as upstream_models
from wagtail_localize import strings as upstream_strings
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import TranslationCreator
from wagtail_localize.segments import extract, ingest
from wagtail_localize.views import convert, edit_translation
from wagtail_localize.views.report import TranslationsReportView
from wagtail_localize.views.snippets_api import SnippetViewSet
from wagtail_localize.views.submit_translations import (
    SubmitPageTranslationView,
    SubmitTranslationForm,
    SubmitTranslationView,
)
from wagtail_localize.views.update_translations import UpdateTranslationsView

from wagtail_localize_desk import (
    access,
    affected_translations,
    block_texts,
    confirmations,
    draft_copies,
    guarded_views,
    held_publication,
    html_texts,
    machine_translation,
    open_strings,
    page_copies,
    report,
    rights,
    slugs,
    source_lifecycle,
    source_publication,
    submitting,
    together,
    written_strings,
)
from wagtail_localize_desk.alias_conversion import convert_to_alias
from wagtail_localize_desk.exchange import exporting
from wagtail_localize_desk.exchange import views as exchange_views
from wagtail_localize_desk.restrictions import sync_view_restrictions
from wagtail_localize_desk.target_writer import create_or_update_translation


@dataclass(frozen=True)
class Patch:
    """One attribute of another package, and its replacement."""

    #: The class or module that has the attribute.
    owner: Any
    name: str
    replacement: Any
    #: The consequence of running without the patch, as the end of an error message.
    risk: str
    #: The upstream issue or pull request that would make the patch unnecessary, if there is one.
    upstream: str = ""

    def __str__(self) -> str:
        return f"{self.owner.__name__.rpartition('.')[2]}.{self.name}"

    def apply(self) -> None:
        setattr(self.owner, self.name, self.replacement)

    def is_applied(self) -> bool:
        """Whether the replacement runs, be it within another app's `functools.wraps` wrapper."""
        found = getattr(self.owner, self.name, None)
        while found is not None and found is not self.replacement:
            found = getattr(found, "__wrapped__", None)
        return found is not None


@dataclass(frozen=True)
class WrappingPatch(Patch):
    """A method whose replacement gets the replaced one as its first argument.

    That is taken when the patch is applied, as another app may have replaced it before.
    """

    def apply(self) -> None:
        replaced, replacement = getattr(self.owner, self.name), self.replacement

        @functools.wraps(replaced)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return replacement(replaced, *args, **kwargs)

        wrapper.__dict__["replacement"] = replacement
        setattr(self.owner, self.name, wrapper)

    def is_applied(self) -> bool:
        found = getattr(self.owner, self.name, None)
        while found is not None and getattr(found, "replacement", None) is not self.replacement:
            found = getattr(found, "__wrapped__", None)
        return found is not None


@dataclass(frozen=True)
class ManagerPatch(Patch):
    """The default manager of another package's model, and the class of its replacement."""

    def apply(self) -> None:
        options = self.owner._meta
        options.local_managers[:] = [
            manager for manager in options.local_managers if manager.name != self.name
        ]
        self.owner.add_to_class(self.name, self.replacement())

    def is_applied(self) -> bool:
        return isinstance(getattr(self.owner, self.name, None), self.replacement)


@dataclass(frozen=True)
class ValidatorPatch(Patch):
    """An attribute of a validator that fields of models and forms share."""

    def __str__(self) -> str:
        return f"{type(self.owner).__name__}.{self.name}"

    def is_applied(self) -> bool:
        return getattr(self.owner, self.name) is self.replacement


PATCHES = (
    ValidatorPatch(
        validators.validate_unicode_slug,
        "regex",
        slugs.SLUG,
        risk="addresses in Tamil and other scripts with vowel signs are refused",
    ),
    Patch(
        TranslationSource,
        "create_or_update_translation",
        create_or_update_translation,
        risk="saving a draft of a translation may make it public",
        upstream="https://github.com/wagtail/wagtail-localize/issues/463",
    ),
    Patch(
        TranslationSource,
        "sync_view_restrictions",
        sync_view_restrictions,
        risk="the translation of a private page may become public",
    ),
    Patch(
        TranslationSource,
        "refresh_segments",
        source_publication.refresh_segments,
        risk="strings do not follow their source, and publishing it takes queries for each string",
    ),
    Patch(
        PublishRevisionAction,
        "execute",
        source_publication.publish,
        risk="a source can be public without its translations being marked as stale",
        upstream="https://github.com/wagtail/wagtail-localize/issues/832",
    ),
    WrappingPatch(
        PublishRevisionAction,
        "_publish_revision",
        held_publication.publish_revision,
        risk=(
            "untranslated texts become public in another language without anybody's choice, and "
            "what was to go public together with its translations goes public alone"
        ),
    ),
    WrappingPatch(
        WorkflowState,
        "on_finish",
        together.finish_workflow,
        risk="a translation goes public before its source at the end of a workflow",
    ),
    WrappingPatch(
        DeletePageAction,
        "check",
        access.check_deletion,
        risk="a program deletes a locked translation with the token of any editor",
    ),
    WrappingPatch(
        RevertToPageRevisionAction,
        "check",
        access.check_revert,
        risk="a program puts an old version into a locked page with the token of any editor",
    ),
    Patch(
        UnpublishAction,
        "_unpublish_object",
        source_lifecycle.unpublish_object,
        risk="translations stay public although their source was taken offline",
        upstream="https://github.com/wagtail/wagtail-localize/issues/15",
    ),
    Patch(
        MovePageAction,
        "_move_page",
        source_lifecycle.move_page,
        risk="translations stay where their source is no longer",
        upstream="https://github.com/wagtail/wagtail-localize/issues/469",
    ),
    *(
        Patch(
            view,
            "render_to_response",
            affected_translations.naming(view),
            risk="nobody is told which translations follow their source",
        )
        for view in affected_translations.VIEWS
    ),
    Patch(
        CopyPageAction,
        "_copy_page",
        page_copies.copy_page,
        risk="untranslated texts become public in another language by copying their page",
    ),
    Patch(
        auth,
        "require_admin_access",
        confirmations.require_admin_access,
        risk="nobody can choose to publish untranslated texts, nor is told why they are refused",
    ),
    *(
        Patch(
            owner,
            name,
            replacement,
            risk="alternative texts in rich text are not translated",
        )
        for owner, name, replacement in (
            (extract, "StringSegmentValue", html_texts.PlacedStringValue),
            (extract, "extract_strings", html_texts.extract_strings),
            (ingest, "restore_strings", html_texts.restore_strings),
        )
    ),
    Patch(
        upstream_strings,
        "validate_element",
        html_texts.validate_element,
        risk="submitting fails for texts with attributes on tags other than links",
    ),
    Patch(
        upstream_strings,
        "extract_ids",
        html_texts.extract_ids,
        risk="publishing fails for translations with tags that their source lacks",
    ),
    WrappingPatch(
        extract.StreamFieldSegmentExtractor,
        "handle_block",
        block_texts.segments_of_block,
        risk="tables and raw HTML are not translated, and submitting fails for empty embeds",
    ),
    Patch(
        extract.StreamFieldSegmentExtractor,
        "handle_struct_block",
        block_texts.segments_of_struct,
        risk="lists in a struct in a struct are not translated",
    ),
    WrappingPatch(
        ingest.StreamFieldSegmentsWriter,
        "handle_block",
        block_texts.block_with_segments,
        risk="translated tables and raw HTML cannot be published",
    ),
    *(
        Patch(
            owner,
            "ingest_segments",
            block_texts.ingest_segments,
            risk="rich text that nobody has translated differs from its source",
        )
        for owner in (ingest, upstream_models)
    ),
    ManagerPatch(
        StringTranslation,
        "objects",
        written_strings.RecordingManager,
        risk="translations that code writes in bulk are not recorded",
    ),
    Patch(
        Translation,
        "import_po",
        written_strings.import_po,
        risk="unfinished translations of an imported file count as finished",
    ),
    Patch(
        Translation,
        "export_po",
        exporting.export_po,
        risk="exported files say neither where a string is nor that it needs review",
    ),
    Patch(
        Translation,
        "get_status_display",
        open_strings.get_status_display,
        risk="the report says of outdated translations that they are up to date",
        upstream="https://github.com/wagtail/wagtail-localize/issues/832",
    ),
    Patch(
        upstream_models,
        "cleanup_translation_on_delete",
        written_strings.cleanup_translation_on_delete,
        risk="the translations of deleted content are lost",
        upstream="https://github.com/wagtail/wagtail-localize/issues/402",
    ),
    Patch(
        convert,
        "convert_to_alias",
        convert_to_alias,
        risk="a user without the right to publish may take a public translation offline",
    ),
    Patch(
        TranslationCreator,
        "create_translations",
        submitting.create_translations,
        risk="a submission may copy drafts and private pages that its user may not see",
    ),
    Patch(
        SubmitTranslationForm,
        "__init__",
        draft_copies.init_form,
        risk="the form offers to submit snippets that have no drafts, and nothing is submitted",
    ),
    Patch(
        SubmitTranslationView,
        "dispatch",
        guarded_views.submit,
        risk="a user may submit, and so read, a draft or private page by its address",
    ),
    Patch(
        SubmitPageTranslationView,
        "get_object",
        guarded_views.submitted_page,
        risk="the form for submissions shows the draft title of a live page",
    ),
    Patch(
        SubmitTranslationView,
        "form_valid",
        guarded_views.submit_form,
        risk="a submission may copy parents that its user may not see",
    ),
    Patch(
        UpdateTranslationsView,
        "dispatch",
        guarded_views.update,
        risk="a user may sync translations of a source that they may not see",
    ),
    Patch(
        UpdateTranslationsView,
        "get_context_data",
        guarded_views.update_context,
        risk="the form for syncing names translations that its user may not change",
    ),
    Patch(
        UpdateTranslationsView,
        "form_valid",
        machine_translation.sync,
        risk="a sync publishes what was unpublished on purpose, and what nobody has read",
        upstream="https://github.com/wagtail/wagtail-localize/issues/15",
    ),
    Patch(
        edit_translation,
        "user_can_edit_instance",
        rights.may_change,
        risk="a user who may change some snippets may translate, stop and export all of them",
    ),
    Patch(
        edit_translation,
        "edit_translation",
        guarded_views.edit_translation,
        risk="a user who may change some snippets may open all of their translations",
    ),
    Patch(
        edit_translation,
        "restart_translation",
        guarded_views.restart_translation,
        risk="a user who may change some snippets may restart all of their translations",
    ),
    Patch(
        edit_translation,
        "edit_string_translation",
        guarded_views.edit_string_translation,
        risk="strings of locked, moderated and stopped translations can be changed",
    ),
    Patch(
        edit_translation,
        "edit_override",
        guarded_views.edit_override,
        risk="values of locked, moderated and stopped translations can be changed",
    ),
    Patch(
        edit_translation,
        "preview_translation",
        guarded_views.preview_translation,
        risk="the translation of a snippet has no preview",
    ),
    Patch(
        edit_translation,
        "machine_translate",
        machine_translation.machine_translate,
        risk="a machine may translate what is locked, moderated or stopped, and lose what is in it",
    ),
    Patch(
        edit_translation,
        "stop_translation",
        guarded_views.stop_translation,
        risk="translations of locked and moderated texts can be stopped",
    ),
    Patch(
        edit_translation,
        "upload_pofile",
        exchange_views.upload,
        risk="a PO file is imported unseen, and the server fails on one that is damaged",
    ),
    Patch(
        edit_translation,
        "download_pofile",
        exchange_views.download_pofile,
        risk="the server fails on the download for a page that was deleted",
    ),
    Patch(
        TranslationsReportView,
        "get_queryset",
        report.reported_translations,
        risk="the report names drafts that its user may not see",
    ),
    Patch(
        TranslationsReportView,
        "decorate_paginated_queryset",
        report.described,
        risk="the report of translations fails",
    ),
    Patch(
        TranslationsReportView,
        "results_template_name",
        report.RESULTS_TEMPLATE,
        risk="the report takes several queries for each translation, and has no states",
    ),
    Patch(
        SnippetViewSet,
        "get_queryset",
        guarded_views.named_snippets,
        risk="the API for choosers names snippets that its user may not see",
    ),
)


def apply() -> None:
    """Put all patches in place; call it once, before the admin's URLs are loaded."""
    for patch in PATCHES:
        patch.apply()


def missing() -> Iterator[Patch]:
    """Patches that are not in place, because another app replaced the attribute later."""
    return (patch for patch in PATCHES if not patch.is_applied())
