"""Translators' actions, string by string."""

from __future__ import annotations

from typing import Any

from django.test import TestCase
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from tests.publishing.secrets.base import ANY, Editors
from tests.publishing.secrets.words import ENGLISH, SECRET
from wagtail_localize_desk.extending import publishing_untranslated


def something_is_submitted(machine: Any) -> bool:
    return bool(Translation.objects.exists())


class TranslationRules(Editors):
    @rule(number=ANY)
    def submit_for_translation(self, number: int) -> None:
        found = [*self.pages(locale=self.malay, alias_of=None), *self.snippets(locale=self.malay)]
        with TestCase.captureOnCommitCallbacks(execute=True):
            translate_object(self.pick(found, number), [self.english])

    @precondition(something_is_submitted)
    @rule(number=ANY, secret=st.booleans(), share=st.sampled_from([1, 2]))
    def translate(self, number: int, secret: bool, share: int) -> None:
        """Translate some or all strings; they stay private until the translation is published."""
        translation = self.translation(number)
        segments = StringSegment.objects.filter(source=translation.source).order_by("order")
        for segment in list(segments)[::share]:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=self.english,
                context=segment.context,
                defaults={
                    "data": SECRET if secret else f"Text {self.count()} {ENGLISH}",
                    "translation_type": "manual",
                },
            )

    @precondition(something_is_submitted)
    @rule(number=ANY)
    def publish_a_translation(self, number: int) -> None:
        translation = self.translation(number)
        if SECRET in translation.source.content_json.replace(f'"editor_note": "{SECRET}"', ""):
            # The source is a draft; publishing its translation rightly shows its words.
            return
        # Also the words that a draft of the English page has brought: publishing shows all of them.
        secret = StringTranslation.objects.filter(data__contains=SECRET, locale=self.english)
        secret.delete()
        with TestCase.captureOnCommitCallbacks(execute=True), publishing_untranslated():
            translation.save_target(publish=True)

    @precondition(something_is_submitted)
    @rule(number=ANY, from_source=st.booleans())
    def save_a_translation_as_draft(self, number: int, from_source: bool) -> None:
        """Save a draft; `from_source` first updates the source, as `Sync translated pages` does."""
        translation = self.translation(number)
        with TestCase.captureOnCommitCallbacks(execute=True):
            if from_source:
                translation.source.update_from_db()
            translation.save_target(publish=False)

    @precondition(something_is_submitted)
    @rule(number=ANY)
    def stop_or_restart_a_translation(self, number: int) -> None:
        translation = self.translation(number)
        translation.enabled = not translation.enabled
        translation.save(update_fields=["enabled"])

    def translation(self, number: int) -> Translation:
        return self.pick(list(Translation.objects.order_by("pk")), number)
