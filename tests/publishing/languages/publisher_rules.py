"""Publishers of translations: every way to publish, and to stop, restart or convert one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from wagtail.actions.publish_revision import PublishPermissionError
from wagtail.models import Page
from wagtail_localize.models import Translation

from tests.publishing.languages.base import ANY, Newsroom, named_url
from tests.publishing.languages.translator_rules import has_translations
from wagtail_localize_desk.extending import UntranslatedTextError, publishing_untranslated

WAYS = ["screen", "screen", "code", "bulk", "draft", "editor"]


class PublisherRules(Newsroom):
    @precondition(has_translations)
    @rule(number=ANY, how=st.sampled_from(WAYS), choose=st.booleans())
    def publish_a_translation(self, number: int, how: str, choose: bool) -> None:
        self.publish_translation(self.pick(self.translations(), number), how, choose)

    def publish_translation(self, translation: Translation, how: str, choose: bool) -> None:
        target = self.target_of(translation)
        if target is None:
            return
        place = self.place_of(target)
        if how == "screen":
            url = named_url("wagtail_localize_desk:publish", translation.pk)
            self.publish("penerbit", url, {}, [place], choose)
        elif how == "draft":
            self.post("penterjemah", named_url("wagtail_localize_desk:save_draft", translation.pk))
        elif how == "editor":
            # wagtail-localize's own button.
            url = self.edit_address(target)
            self.publish("penerbit", url, {"action": "publish"}, [place], choose)
        elif how == "bulk" and isinstance(target, Page):
            url = named_url("wagtail_bulk_action", "wagtailcore", "page", "publish")
            url += f"?id={target.pk}"
            self.publish("pentadbir", url, {"action": "publish"}, [place], choose)
        else:
            self.publish_by_code(lambda: translation.save_target(publish=True), choose)

    def publish_by_code(self, publish: Any, choose: bool) -> None:
        try:
            with self.request(), transaction.atomic():
                publish()
        except UntranslatedTextError as error:
            if choose:
                self.choose_by_code(error)
                with self.request(), publishing_untranslated():
                    publish()
        except (ValidationError, PermissionDenied, PublishPermissionError):
            # It waits for its source, or has another page's address.
            return

    @precondition(has_translations)
    @rule(number=ANY, is_publishing=st.booleans(), choose=st.booleans())
    def sync(self, number: int, is_publishing: bool, choose: bool) -> None:
        """What somebody took offline stays offline."""
        source = self.pick(self.translations(), number).source
        targets = [self.target_of(each) for each in self.translations(source=source)]
        offline = {(type(each), each.pk) for each in targets if each and was_taken_offline(each)}
        data = {"publish_translations": "on"} if is_publishing else {}
        places = [self.place_of(each) for each in targets if each is not None]
        url = named_url("wagtail_localize:update_translations", source.pk)
        self.publish("pentadbir", url, data, places, choose)
        for model, pk in offline:
            assert not model.objects.get(pk=pk).live, (model, pk)

    @precondition(has_translations)
    @rule(number=ANY)
    def stop_or_restart(self, number: int) -> None:
        translation = self.pick(self.translations(), number)
        target = self.target_of(translation)
        if target is None:
            return
        if translation.enabled:
            url = named_url("wagtail_localize:stop_translation", translation.pk)
            self.post("pentadbir", url)
        else:
            data = {"localize-restart-translation": "1"}
            self.post("pentadbir", self.edit_address(target), data)

    @precondition(lambda machine: machine.stopped())
    @rule(
        number=ANY,
        place=ANY,
        choose=st.booleans(),
        is_publishing=st.booleans(),
        by_code=st.booleans(),
    )
    def edit_a_stopped_translation(
        self, number: int, place: int, choose: bool, is_publishing: bool, by_code: bool
    ) -> None:
        """Write one text in the ordinary editor; the others stay what they were."""
        target = self.pick(self.stopped(), number)
        where = self.place_of(target)
        if by_code:
            # What failed was rolled back, so each attempt needs the row as it is.
            found = type(target).objects
            self.publish_by_code(lambda: found.get(pk=target.pk).save_revision().publish(), choose)
            return
        form = self.form_of("pentadbir", target)
        words = self.words(where.locale)
        if form is None or not self.rewrite(form, place, words):
            return
        if is_publishing:
            form.values["action-publish"] = "action-publish"
        url = form.action or self.edit_address(target)
        self.publish("pentadbir", url, form.values, [where], choose)

    def stopped(self) -> list[Any]:
        found = (self.target_of(each) for each in self.translations(enabled=False))
        return [each for each in found if each is not None]

    @precondition(has_translations)
    @rule(number=ANY)
    def convert_to_an_alias(self, number: int) -> None:
        """The page shows its source now, which readers of its language never get."""
        target = self.target_of(self.pick(self.translations(), number))
        if isinstance(target, Page) and target.depth > 2:
            self.post("pentadbir", named_url("wagtail_localize:convert_to_alias", target.pk))
            self.forget_choices_of(target)

    def forget_choices_of(self, target: Any) -> None:
        self.chosen.pop(self.place_of(target), None)


def was_taken_offline(target: Any) -> bool:
    return not target.live and target.first_published_at is not None
