"""What waits for its translations: released, withdrawn, or approved and published together."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.publishing.languages.base import ANY, named_url
from tests.publishing.languages.checks import Checks
from tests.publishing.languages.officer_rules import OfficerRules
from tests.publishing.languages.publisher_rules import WAYS, PublisherRules
from tests.publishing.languages.translator_rules import TranslatorRules


class HeldRules(OfficerRules, TranslatorRules, PublisherRules, Checks):
    @initialize(number=ANY, place=ANY, is_waiting=st.booleans())
    def begin(self, number: int, place: int, is_waiting: bool) -> None:
        """Every second day begins with something that waits, or these rules would rarely meet."""
        if is_waiting:
            self.publish_together(number, place)

    @rule(number=ANY, place=ANY)
    def publish_together(self, number: int, place: int) -> None:
        followed = [each for each in self.sources() if len(self.followers_of(each)) > 1]
        if followed:
            self.change(self.pick(followed, number), place, "together")

    @precondition(lambda machine: machine.held)
    @rule(number=ANY, place=ANY, how=st.sampled_from(WAYS), choose=st.booleans())
    def publish_before_the_source(self, number: int, place: int, how: str, choose: bool) -> None:
        """No way lets a translation out while its source waits, as is checked after the step."""
        key = self.pick(sorted(self.held), number)
        translation = self.pick(self.translations(source__object_id=key, enabled=True), number)
        row = self.pick(self.rows(translation), place) if translation else None
        if row is not None:
            self.save(translation, row, self.words(row.target_language), "code")
            self.publish_translation(translation, how, choose)

    @precondition(lambda machine: machine.held)
    @rule(number=ANY, how=st.sampled_from(["release", "withdraw", "publish"]))
    def end_the_waiting(self, number: int, how: str) -> None:
        key = self.pick(sorted(self.held), number)
        held = self.holds(key)
        if held is None:
            return
        url = named_url("wagtail_localize_desk:held", held.pk)
        self.post("penerbit", url, {"action": how, "reason": "Segera"})
        self.end_of_waiting(key)

    @precondition(lambda machine: machine.held)
    @rule(number=ANY, is_all=st.booleans())
    def approve_what_is_awaited(self, number: int, is_all: bool) -> None:
        """Translate and approve what a source waits for; the last approval publishes all of it."""
        key = self.pick(sorted(self.held), number)
        waiting = self.translations(source__object_id=key, enabled=True)
        before = self.public
        for translation in waiting if is_all else waiting[:1]:
            self.translate_all(translation, "code")
            review = named_url("wagtail_localize_desk:review", translation.pk)
            self.post("penerbit", review, {"action": "approve"})
        if self.holds(key) is None and key in self.held:
            self.end_of_waiting(key)
            self.read()
            assert self.public.own_marks(key, "ms") != before.own_marks(key, "ms")
            for translation in waiting:
                code = translation.target_locale.language_code
                document = self.public.document(key, code)
                if document is not None and translation.source.locale_id == self.locales["ms"].pk:
                    told = document["meta"]["translation"]
                    assert not self.outdated(key, code), (key, code, told)
