"""What holds after each step, for everything that readers get."""

from __future__ import annotations

from wagtail.models import Page
from wagtail_localize.models import Translation

from tests.publishing.languages.base import Newsroom, Place
from tests.publishing.languages.documents import Declared, Shown, shown_texts, wrongly_declared
from tests.publishing.languages.reading import SNIPPETS, read_public
from tests.publishing.languages.words import language_of, leaves, marks
from wagtail_localize_desk.models import TranslatedString


class Checks(Newsroom):
    def note_initial_content(self) -> None:
        self.read()
        for row in TranslatedString.objects.exclude(words="").exclude(path="slug"):
            self.note_saved(row, row.words)
        for _collection, key, locale, _fallback in self.public.documents:
            own = self.public.own_marks(key, locale) or frozenset()
            self.chosen[Place(key, locale)] = {m for m in own if language_of(m) != locale}

    def read(self) -> None:
        self.public = read_public()

    def every_text_has_the_language_that_is_declared(self) -> None:
        for place, document in self.public.documents.items():
            found = wrongly_declared(document, Declared.by_document(document))
            assert not found, (place, found)
        for card in self.public.cards:
            found = wrongly_declared(card, Declared.by_card(card))
            assert not found, (card["id"], card["locale"], found)

    def no_other_language_is_public_that_nobody_chose(self) -> None:
        live = {
            Place(str(key), code)
            for model in (Page, *SNIPPETS.values())
            for key, code in model.objects.filter(live=True).values_list(
                "translation_key", "locale__language_code"
            )
        }
        # A choice ends when its page goes offline.
        for place in {*self.chosen} - live:
            del self.chosen[place]
        for (_collection, key, locale, fallback), document in self.public.documents.items():
            if fallback:
                continue
            allowed = {
                mark
                for place, found in self.chosen.items()
                if place.locale == locale
                for mark in found
            }
            wrong = [
                (mark, "/".join(pointer))
                for pointer, text in leaves(document)
                # A Malay page can be below a Tamil one, which is named as it is.
                if pointer[:2] != ("meta", "breadcrumbs")
                for mark in marks(text) - allowed
                if language_of(mark) != locale
            ]
            assert not wrong, (key, locale, wrong)

    def stale_is_told(self) -> None:
        """A text is stale if readers of its source have other words than it was made from."""
        for (_collection, key, _locale, fallback), document in self.public.documents.items():
            if not fallback:
                for text in shown_texts(document):
                    code = document["locale"]
                    if self.is_outdated(text, code):
                        assert text.is_stale, (key, code, text)
                        # What was written in its own language shows others' outdated texts.
                        status = document["meta"]["translation"]["status"]
                        assert status in ("stale", "source"), (key, code, text)
                    elif text.is_stale:
                        assert not self.is_current(text, code), (key, code, text)

    def outdated(self, key: str, locale: str) -> list[Shown]:
        """The outdated texts of a document's own."""
        document = self.public.document(key, locale)
        texts = shown_texts(document) if document else []
        return [text for text in texts if text.resource == key and self.is_outdated(text, locale)]

    def is_outdated(self, text: Shown, locale: str) -> bool:
        return any(
            language_of(mark) == locale and self.is_old(text.resource, locale, mark)
            for mark in text.marks
        )

    def is_old(self, resource: str, locale: str, mark: str) -> bool:
        """Whether the source that a translation follows has none of the texts that it is from."""
        sources = self.made_from.get(mark)
        followed = self.followed(resource, locale)
        if not sources or not followed:
            return False
        has = self.public.own_marks(resource, followed)
        if has is None:
            return False
        return all(
            source not in has
            or (language_of(source) == followed and self.is_old(resource, followed, source))
            for source in sources
        )

    def is_current(self, text: Shown, locale: str) -> bool:
        """Whether all of a text is made from what readers of its source have."""
        followed = self.followed(text.resource, locale)
        has = self.public.own_marks(text.resource, followed) if followed else None
        if has is None or self.is_stopped(text.resource, followed):
            # The source may have been outdated before its own translation was stopped.
            return False
        return all(
            language_of(mark) == locale
            and bool(self.made_from.get(mark, set()) & has)
            and not self.is_old(text.resource, locale, mark)
            for mark in text.marks
        )

    @staticmethod
    def is_stopped(resource: str, locale: str) -> bool:
        return Translation.objects.filter(
            source__object_id=resource, target_locale__language_code=locale, enabled=False
        ).exists()

    def followed(self, resource: str, locale: str) -> str:
        """The language that a page or snippet follows as a translation; "" if it does not."""
        if resource == "default":
            return ""
        found = Translation.objects.filter(
            source__object_id=resource, target_locale__language_code=locale, enabled=True
        ).values_list("source__locale__language_code", flat=True)
        return found[0] if len(found) == 1 else ""

    def what_waits_is_not_public(self) -> None:
        """Until all is approved, readers have what they had in all languages."""
        for key, before in self.held.items():
            for code, had in [*before.items()]:
                has = self.public.own_marks(key, code)
                if has is None:
                    # Offline, it waits no longer.
                    del before[code]
                else:
                    assert has == had, (key, code, has ^ had)
