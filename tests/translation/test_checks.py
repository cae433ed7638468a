"""The checks fail, with the remedy, where untranslated text would become public."""

from __future__ import annotations

import hashlib
import inspect

import pytest
from django.core.checks import run_checks

from cms.translation import checks, conversion, patches, restrictions
from tests.translation.newsroom.models import Footnote, Plain, Term, Topic


def ids() -> list[str]:
    return [message.id for message in run_checks(tags=["translation"])]


def test_this_project_is_safe():
    assert ids() == []


def test_the_default_of_wagtail_localize_is_refused(settings):
    settings.WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = True
    assert ids() == ["cms_translation.E001"]
    del settings.WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE
    (message,) = run_checks(tags=["translation"])
    assert message.id == "cms_translation.E001"
    assert message.hint == "Set WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False."


def test_snippets_without_drafts_are_named(monkeypatch):
    monkeypatch.setattr(checks, "get_snippet_models", lambda: [Topic, Term, Footnote, Plain])
    found = run_checks(tags=["translation"])
    assert [message.obj for message in found] == [Term, Footnote]
    assert {message.id for message in found} == {"cms_translation.E002"}
    assert "DraftStateMixin" in found[0].hint


@pytest.mark.parametrize("replacement", patches.REPLACEMENTS, ids=str)
def test_another_app_s_replacement_is_noticed(monkeypatch, replacement):
    monkeypatch.setattr(replacement.owner, replacement.name, lambda *args, **kwargs: None)
    (message,) = run_checks(tags=["translation"])
    assert message.id == "cms_translation.E003"
    assert str(replacement) in message.msg
    assert replacement.danger in message.msg


def test_simple_mode_is_warned_of(settings):
    settings.WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE = "simple"
    assert ids() == ["cms_translation.W001"]


def test_the_replaced_methods_are_still_the_ones_that_were_read():
    """When this fails, wagtail-localize has changed: compare its new code with ours first."""
    import wagtail_localize.models

    module = inspect.getsource(wagtail_localize.models)
    start = module.index("    def create_or_update_translation(")
    end = module.index("    def get_ephemeral_translated_instance(")
    texts = {
        "TranslationSource.create_or_update_translation": module[start:end],
        "TranslationSource.sync_view_restrictions": inspect.getsource(restrictions._upstream),
        "convert.convert_to_alias": inspect.getsource(conversion._upstream),
    }
    assert set(texts) == set(map(str, patches.REPLACEMENTS))
    digests = {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in texts.items()}
    assert digests == {
        "TranslationSource.create_or_update_translation": "4be3a29df0f67bef",
        "TranslationSource.sync_view_restrictions": "e0321e92cb4f62cc",
        "convert.convert_to_alias": "eac3f1fb14d11b25",
    }
