"""The checks report every way for untranslated text to become public, with the remedy."""

from __future__ import annotations

import ast
import hashlib
import inspect
from types import SimpleNamespace

import pytest
from django.core.checks import WARNING, run_checks
from wagtail.models import Page
from wagtail_localize.models import TranslationSource

from tests.newsroom.models import Footnote, Plain, Term, Topic
from wagtail_localize_desk import checks, patches


def ids() -> list[str]:
    return [message.id for message in run_checks(tags=["translation"])]


def test_a_safe_project_passes():
    assert ids() == []


def test_publishing_on_submission_is_an_error(settings):
    settings.WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = True
    assert ids() == ["wagtail_localize_desk.E001"]
    del settings.WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE
    (message,) = run_checks(tags=["translation"])
    assert message.id == "wagtail_localize_desk.E001"
    assert message.hint == "Set WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False."


def test_snippets_without_drafts_are_warnings(monkeypatch):
    monkeypatch.setattr(checks, "get_snippet_models", lambda: [Topic, Term, Footnote, Plain])
    found = run_checks(tags=["translation"])
    assert [message.obj for message in found] == [Term, Footnote]
    assert {message.id for message in found} == {"wagtail_localize_desk.W002"}
    assert {message.level for message in found} == {WARNING}
    assert "DraftStateMixin" in found[0].hint


def test_texts_of_children_that_are_not_translatable_are_warnings(monkeypatch):
    relation = SimpleNamespace(name="plain", related_model=Plain)
    monkeypatch.setattr(checks, "get_all_child_relations", lambda model: [relation])
    found = run_checks(tags=["translation"])
    assert {message.id for message in found} == {"wagtail_localize_desk.W004"}
    assert "newsroom.Plain" in found[0].msg
    assert found[0].hint == "Add TranslatableMixin to the model."


@pytest.mark.parametrize("patch", patches.PATCHES, ids=str)
def test_a_patch_replaced_by_another_app_is_reported(monkeypatch, patch):
    monkeypatch.setattr(patch.owner, patch.name, lambda *args, **kwargs: None)
    (message,) = run_checks(tags=["translation"])
    assert message.id == "wagtail_localize_desk.E003"
    assert str(patch) in message.msg
    assert patch.risk in message.msg


def test_a_misspelt_type_is_an_error(settings):
    settings.WAGTAIL_LOCALIZE_DESK_PUBLISH_TOGETHER = ["newsroom.Article", "newsroom.Plain", "x"]
    found = run_checks(tags=["translation"])
    assert {message.id for message in found} == {"wagtail_localize_desk.E005"}
    assert ["'newsroom.Plain'" in found[0].msg, "'x'" in found[1].msg] == [True, True]


def test_simple_mode_is_a_warning(settings):
    settings.WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE = "simple"
    assert ids() == ["wagtail_localize_desk.W001"]


def test_the_patched_code_has_not_changed_upstream():
    """A failure means a new wagtail-localize: compare its code with the patch, then update."""
    digests = {
        str(patch): hashlib.sha256(source_of(patch).encode()).hexdigest()[:16]
        for patch in patches.PATCHES
    }
    assert digests == DIGESTS


def test_the_code_that_is_relied_on_has_not_changed_upstream():
    """The plugin does again what the first does, and leaves out what the second saves last."""
    relied_on = (TranslationSource._get_segments_for_translation, Page.save_revision)
    digests = [
        hashlib.sha256(inspect.getsource(method).encode()).hexdigest()[:16] for method in relied_on
    ]
    assert digests == ["881620476f6f91b6", "8160cfa1e278dd7c"]


#: Digests of the patched code in wagtail-localize 1.14.5 and Wagtail 8.0.1.
DIGESTS = {
    "RegexValidator.regex": "e3b0c44298fc1c14",
    "TranslationSource.create_or_update_translation": "7f832deec952280a",
    "TranslationSource.sync_view_restrictions": "7ded2c21247d41f0",
    "TranslationSource.refresh_segments": "8b4f1be4fdecda67",
    "PublishRevisionAction.execute": "7992684908b0ab68",
    "PublishRevisionAction._publish_revision": "8dba54173a5f2ce7",
    "WorkflowState.on_finish": "e3b0c44298fc1c14",
    "DeletePageAction.check": "27cc766cb7293fc6",
    "RevertToPageRevisionAction.check": "72844df0b8d15f1b",
    "UnpublishAction._unpublish_object": "78b485559d16aa46",
    "MovePageAction._move_page": "a384427d3ea73cf8",
    "UnpublishView.render_to_response": "e3b0c44298fc1c14",
    "DeleteView.render_to_response": "e3b0c44298fc1c14",
    "MoveConfirmView.render_to_response": "e3b0c44298fc1c14",
    "BulkAction.render_to_response": "e3b0c44298fc1c14",
    "CopyPageAction._copy_page": "7216585e2e85a2e1",
    "auth.require_admin_access": "29ce458bb5ba7f58",
    "extract.StringSegmentValue": "f1d9c38083770fb1",
    "extract.extract_strings": "13fc18297c67f915",
    "ingest.restore_strings": "9ae6bfac46052a8a",
    "strings.validate_element": "2e3f587594f17c40",
    "strings.extract_ids": "05469a9c3dc89995",
    "StreamFieldSegmentExtractor.handle_block": "6f044fa621415607",
    "StreamFieldSegmentExtractor.handle_struct_block": "561328a83279ab5c",
    "StreamFieldSegmentsWriter.handle_block": "62851675df042816",
    "ingest.ingest_segments": "df89cd673d3f89f2",
    "models.ingest_segments": "2df23ba3a893ac6b",
    "StringTranslation.objects": "e3b0c44298fc1c14",
    "Translation.import_po": "4ec08c262d99722d",
    "Translation.export_po": "5b79d2b117f9a214",
    "Translation.get_status_display": "b132c3b32fd7c255",
    "models.cleanup_translation_on_delete": "a2c109118f7b03a0",
    "convert.convert_to_alias": "c2e5ba46f22265d5",
    "TranslationCreator.create_translations": "e2b31d6201c5191f",
    "SubmitTranslationForm.__init__": "89e98c40f09d3364",
    "SubmitTranslationView.dispatch": "a7f9745855e959e9",
    "SubmitPageTranslationView.get_object": "79eabb22ab7cdceb",
    "SubmitTranslationView.form_valid": "548e97577d752fe7",
    "UpdateTranslationsView.dispatch": "a7f9745855e959e9",
    "UpdateTranslationsView.get_context_data": "f44b46a6461e06ad",
    "UpdateTranslationsView.form_valid": "2ba07750b639a363",
    "edit_translation.user_can_edit_instance": "1d551c471156b909",
    "edit_translation.edit_translation": "c7c73ba5c5d3fe24",
    "edit_translation.restart_translation": "c4f03db6d258c3e5",
    "edit_translation.edit_string_translation": "aaab8e99534eaa22",
    "edit_translation.edit_override": "3800a90916436fa4",
    "edit_translation.preview_translation": "12edfaea9ea36f4f",
    "edit_translation.machine_translate": "54b1f42b879993f9",
    "edit_translation.stop_translation": "11506f62a5eaac19",
    "edit_translation.upload_pofile": "e2e57d16613a5a13",
    "edit_translation.download_pofile": "c3485496daa690c9",
    "TranslationsReportView.get_queryset": "9fedb606e138e38b",
    "TranslationsReportView.decorate_paginated_queryset": "e3b0c44298fc1c14",
    "TranslationsReportView.results_template_name": "e3b0c44298fc1c14",
    "SnippetViewSet.get_queryset": "bc0a24ba9abc527b",
}


def source_of(patch: patches.Patch) -> str:
    """The code of a patched function or method, or its import, from the file of its package.

    Nothing for what Django adds to a class.
    """
    module = inspect.getmodule(patch.owner)
    text = inspect.getsource(module)
    body = ast.parse(text).body
    if inspect.isclass(patch.owner):
        body = next(node.body for node in body if getattr(node, "name", "") == patch.owner.__name__)
    found = (
        node
        for node in body
        if getattr(node, "name", "") == patch.name
        or (isinstance(node, ast.ImportFrom) and patch.name in {alias.name for alias in node.names})
    )
    code = next(found, None)
    return ast.get_source_segment(text, code) if code is not None else ""
