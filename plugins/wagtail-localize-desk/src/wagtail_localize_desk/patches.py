"""Every attribute of other packages that this plugin replaces.

wagtail-localize has no setting or hook for writing a translation to its target, nor for deciding
who may submit, change or discard one. All of its views end in the attributes below, so replacing
them covers every entry point without a fork. A system check fails if another app replaces them as
well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from wagtail_localize.models import TranslationSource
from wagtail_localize.operations import TranslationCreator
from wagtail_localize.views import convert, edit_translation
from wagtail_localize.views.report import TranslationsReportView
from wagtail_localize.views.snippets_api import SnippetViewSet
from wagtail_localize.views.submit_translations import (
    SubmitPageTranslationView,
    SubmitTranslationForm,
    SubmitTranslationView,
)
from wagtail_localize.views.update_translations import UpdateTranslationsView

from wagtail_localize_desk import draft_copies, guarded_views, rights
from wagtail_localize_desk.alias_conversion import convert_to_alias
from wagtail_localize_desk.restrictions import sync_view_restrictions
from wagtail_localize_desk.target_writer import create_or_update_translation


@dataclass(frozen=True)
class Patch:
    """One attribute of another package, and its replacement."""

    #: The class or module that has the attribute.
    owner: Any
    name: str
    replacement: Callable[..., Any]
    #: The consequence of running without the patch, as the end of an error message.
    risk: str
    #: The upstream issue or pull request that would make the patch unnecessary, if there is one.
    upstream: str = ""

    def __str__(self) -> str:
        return f"{self.owner.__name__.rpartition('.')[2]}.{self.name}"

    def is_applied(self) -> bool:
        return getattr(self.owner, self.name, None) is self.replacement


PATCHES = (
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
        convert,
        "convert_to_alias",
        convert_to_alias,
        risk="a user without the right to publish may take a public translation offline",
    ),
    Patch(
        TranslationCreator,
        "create_translations",
        guarded_views.create_translations,
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
        "render",
        guarded_views.render_editor,
        risk="the editor of translations shows the titles of drafts that its user may not see",
    ),
    Patch(
        edit_translation,
        "restart_translation",
        guarded_views.restart_translation,
        risk="a user who may change some snippets may restart all of their translations",
    ),
    Patch(
        TranslationsReportView,
        "get_queryset",
        guarded_views.reported_translations,
        risk="the report names drafts that its user may not see",
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
        setattr(patch.owner, patch.name, patch.replacement)


def missing() -> Iterator[Patch]:
    """Patches that are not in place, because another app replaced the attribute later."""
    return (patch for patch in PATCHES if not patch.is_applied())
