"""The checks report every way for untranslated text to become public, with the remedy."""

from __future__ import annotations

import ast
import hashlib
import inspect

import pytest
from django.core.checks import WARNING, run_checks

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


@pytest.mark.parametrize("patch", patches.PATCHES, ids=str)
def test_a_patch_replaced_by_another_app_is_reported(monkeypatch, patch):
    monkeypatch.setattr(patch.owner, patch.name, lambda *args, **kwargs: None)
    (message,) = run_checks(tags=["translation"])
    assert message.id == "wagtail_localize_desk.E003"
    assert str(patch) in message.msg
    assert patch.risk in message.msg


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


#: Digests of the patched code in wagtail-localize 1.14.5.
DIGESTS = {
    "TranslationSource.create_or_update_translation": "7f832deec952280a",
    "TranslationSource.sync_view_restrictions": "7ded2c21247d41f0",
    "convert.convert_to_alias": "c2e5ba46f22265d5",
    "TranslationCreator.create_translations": "e2b31d6201c5191f",
    "SubmitTranslationForm.__init__": "89e98c40f09d3364",
    "SubmitTranslationView.dispatch": "a7f9745855e959e9",
    "SubmitPageTranslationView.get_object": "79eabb22ab7cdceb",
    "SubmitTranslationView.form_valid": "548e97577d752fe7",
    "UpdateTranslationsView.dispatch": "a7f9745855e959e9",
    "UpdateTranslationsView.get_context_data": "f44b46a6461e06ad",
    "edit_translation.user_can_edit_instance": "1d551c471156b909",
    "edit_translation.edit_translation": "c7c73ba5c5d3fe24",
    "edit_translation.render": "0d64f5391cae1bb0",
    "edit_translation.restart_translation": "c4f03db6d258c3e5",
    "TranslationsReportView.get_queryset": "9fedb606e138e38b",
    "SnippetViewSet.get_queryset": "bc0a24ba9abc527b",
}


def source_of(patch: patches.Patch) -> str:
    """The code of a patched function or method, or its import, from the file of its package."""
    module = inspect.getmodule(patch.owner)
    text = inspect.getsource(module)
    body = ast.parse(text).body
    if inspect.isclass(patch.owner):
        body = next(node.body for node in body if getattr(node, "name", "") == patch.owner.__name__)
    code = next(
        node
        for node in body
        if getattr(node, "name", "") == patch.name
        or (isinstance(node, ast.ImportFrom) and patch.name in {alias.name for alias in node.names})
    )
    return ast.get_source_segment(text, code)
