"""Translators and reviewers: strings in every way in which they come, drafts and review."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from tests.html_forms import forms_in
from tests.publishing.languages.base import ANY, Newsroom, named_url
from tests.publishing.languages.words import marks
from wagtail_localize_desk.models import State, TranslatedString
from wagtail_localize_desk.screen.saving import editable_row

SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def has_translations(machine: Any) -> bool:
    return bool(Translation.objects.exists())


class TranslatorRules(Newsroom):
    @rule(number=ANY, language=st.sampled_from(["en", "ta"]), of=st.sampled_from(["ms", "en"]))
    def submit_for_translation(self, number: int, language: str, of: str) -> None:
        """From Malay, or from English in a chain."""
        thing = self.pick(self.things(locale=self.locales[of]), number)
        if thing is not None and of != language:
            self.submit("pentadbir", thing, language)

    @precondition(has_translations)
    @rule(
        number=ANY,
        share=st.sampled_from([1, 2, 3]),
        how=st.sampled_from(["screen", "engine", "code", "file"]),
    )
    def translate(self, number: int, share: int, how: str) -> None:
        translation = self.pick(self.translations(), number)
        rows = self.rows(translation)[number % share :: share]
        if how == "file":
            self.upload(translation, rows)
            return
        for row in rows:
            self.save(translation, row, self.words(row.target_language), how)

    def translate_all(self, translation: Any, how: str) -> None:
        """Give new words to all strings that are not up to date."""
        for row in self.rows(translation, with_address=True):
            if row.state not in (State.TRANSLATED, State.APPROVED):
                words = self.words(row.target_language)
                if row.path == "slug":
                    words = f"alamat-{self.number}"
                self.save(translation, row, words, how)

    def save(self, translation: Translation, row: TranslatedString, words: str, how: str) -> None:
        """Save a string: on the screen, by wagtail-localize's own call, or by code."""
        if how == "code":
            with self.request():
                self.save_by_code(translation, row, words)
            self.note_saved(row, words)
        elif how == "engine":
            segment = self.segment_of(translation, row)
            if segment is not None:
                url = named_url(
                    "wagtail_localize:edit_string_translation", translation.pk, segment.pk
                )
                kind = "application/x-www-form-urlencoded"
                with self.request():
                    response = self.people["penterjemah"].put(
                        url, urlencode({"value": words}), content_type=kind
                    )
                if response.status_code in (200, 201):
                    self.note_saved(row, words)
        else:
            known = editable_row(row.pk)
            if known is not None:
                url = named_url("wagtail_localize_desk:save_string", row.pk)
                data = {"text": words, "version": known.version}
                response = self.post("penterjemah", url, data, headers=SCRIPT)
                if response.status_code == 200:
                    self.note_saved(row, words)

    @staticmethod
    def segment_of(translation: Translation, row: TranslatedString) -> StringSegment | None:
        return StringSegment.objects.filter(
            source=translation.source, context__path=row.path, string__data=row.source_words
        ).first()

    def save_by_code(self, translation: Translation, row: TranslatedString, words: str) -> None:
        segment = self.segment_of(translation, row)
        assert segment is not None, row
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=translation.target_locale,
            defaults={"data": words, "has_error": False, "field_error": ""},
        )

    def upload(self, translation: Translation, rows: list[TranslatedString]) -> None:
        """Import a PO file in two steps."""
        file, saved = translation.export_po(), {}
        for row in rows:
            for entry in file:
                if (entry.msgctxt, entry.msgid) == (row.path, row.source_words):
                    entry.msgstr = saved[row.pk] = self.words(row.target_language)
        url = named_url("wagtail_localize_desk:upload", translation.pk)
        content = SimpleUploadedFile("teks.po", str(file).encode())
        response = self.post("penterjemah", url, {"file": content})
        shown = self.people["penterjemah"].get(response.get("Location", url))
        if shown.status_code != 200:
            return
        forms = [each for each in forms_in(shown.content.decode()) if "seen" in each]
        if not forms:
            return
        data = forms[0].values
        data["action"] = "confirm"
        response = self.post("penterjemah", forms[0].action or response["Location"], data)
        if response.status_code == 302:
            for row in rows:
                if row.pk in saved:
                    self.note_saved(row, saved[row.pk])

    @precondition(has_translations)
    @rule(number=ANY, place=ANY, how=st.sampled_from(["blank", "remove", "delete"]))
    def take_a_string_back(self, number: int, place: int, how: str) -> None:
        """A blank text is no translation, and what is removed stays in the history."""
        translation = self.pick(self.translations(), number)
        row = self.pick(self.rows(translation), place)
        if row is None:
            return
        if how == "blank":
            with self.request():
                self.save_by_code(translation, row, "   ")
        elif how == "delete":
            with self.request():
                StringTranslation.objects.filter(
                    context__object_id=row.object_key,
                    context__path=row.path,
                    locale=translation.target_locale,
                ).delete()
        elif (known := editable_row(row.pk)) is not None:
            url = named_url("wagtail_localize_desk:save_string", row.pk)
            data = {"action": "remove", "version": known.version}
            self.post("penterjemah", url, data, headers=SCRIPT)

    @precondition(has_translations)
    @rule(number=ANY, is_finished=st.booleans())
    def send_to_review(self, number: int, is_finished: bool) -> None:
        translation = self.pick(self.translations(), number)
        if is_finished:
            self.translate_all(translation, "screen")
        self.post("penterjemah", named_url("wagtail_localize_desk:send_to_review", translation.pk))

    @precondition(has_translations)
    @rule(number=ANY, how=st.sampled_from(["approve", "approve", "return"]))
    def review(self, number: int, how: str) -> None:
        """A publisher approves a translation, or sends it back; old words can be right for new."""
        translation = self.pick(self.translations(), number)
        key = str(translation.source.object_id)
        url = named_url("wagtail_localize_desk:review", translation.pk)
        self.post("penerbit", url, {"action": how, "comment": "Semak"})
        if how == "approve":
            for row in self.rows(translation):
                if row.state == State.APPROVED:
                    for mark in marks(row.words):
                        self.made_from[mark] |= marks(row.source_words)
        self.end_of_waiting(key)
