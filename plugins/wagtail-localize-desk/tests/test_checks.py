"""The checks report every way for untranslated text to become public, with the remedy."""

from __future__ import annotations

import hashlib
import inspect

import pytest
from django.core.checks import run_checks

from tests.newsroom.models import Footnote, Plain, Term, Topic
from wagtail_localize_desk import alias_conversion, checks, patches, restrictions


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


def test_snippets_without_drafts_are_errors(monkeypatch):
    monkeypatch.setattr(checks, "get_snippet_models", lambda: [Topic, Term, Footnote, Plain])
    found = run_checks(tags=["translation"])
    assert [message.obj for message in found] == [Term, Footnote]
    assert {message.id for message in found} == {"wagtail_localize_desk.E002"}
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
    import wagtail_localize.models

    module = inspect.getsource(wagtail_localize.models)
    start = module.index("    def create_or_update_translation(")
    end = module.index("    def get_ephemeral_translated_instance(")
    texts = {
        "TranslationSource.create_or_update_translation": module[start:end],
        "TranslationSource.sync_view_restrictions": inspect.getsource(restrictions._upstream),
        "convert.convert_to_alias": inspect.getsource(alias_conversion._upstream),
    }
    assert set(texts) == set(map(str, patches.PATCHES))
    digests = {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in texts.items()}
    assert digests == {
        "TranslationSource.create_or_update_translation": "4be3a29df0f67bef",
        "TranslationSource.sync_view_restrictions": "e0321e92cb4f62cc",
        "convert.convert_to_alias": "eac3f1fb14d11b25",
    }
