"""The base of the machine's rules: people with browsers, and what was written and chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client, TestCase
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from lxml import html
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from tests.html_forms import HtmlForm, forms_in
from tests.publishing.languages.documents import Public
from tests.publishing.languages.reading import SNIPPETS
from tests.publishing.languages.stream_forms import stream_values
from tests.publishing.languages.words import TEXT, language_of, marks, new_text
from wagtail_localize_desk.extending import UntranslatedTextError
from wagtail_localize_desk.models import HeldPublication, TranslatedString

ANY = st.integers(min_value=0, max_value=10_000)
PEOPLE = ("pegawai", "penerbit", "penterjemah", "pentadbir")
#: The field of the page that lists untranslated texts.
CHOICE = "publish_untranslated"
#: Forms of other people's open tabs: what is not there any more is no fault.
MISSING = (302, 403, 404, 409)


@dataclass(frozen=True)
class Place:
    """A page or snippet in a locale."""

    key: str
    locale: str


class Newsroom(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        # Above the numbers of the initial content.
        self.number = 1000
        self.locales = {each.language_code: each for each in Locale.objects.all()}
        self.people = {name: self.browser_of(name) for name in PEOPLE}
        #: What readers have had after the last step.
        self.public = Public()
        #: The words of every translation that was saved.
        self.saved: set[str] = set()
        #: By the mark of a translation: those of the texts that it was made from.
        self.made_from: dict[str, set[str]] = defaultdict(set)
        #: By place: the marks of the foreign texts that somebody chose to be public there.
        self.chosen: dict[Place, set[str]] = defaultdict(set)
        #: By key of a source that waits for its translations: what readers have meanwhile.
        self.held: dict[str, dict[str, frozenset[str]]] = {}

    @staticmethod
    def browser_of(name: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=name))
        return client

    # Content

    def words(self, language: str) -> str:
        self.number += 1
        return new_text(language, self.number)

    @staticmethod
    def pick(found: Sequence[Any], number: int) -> Any:
        return found[number % len(found)] if found else None

    def things(self, **which: Any) -> list[Any]:
        """All pages that are no aliases, and all snippets, in a stable order."""
        pages = Page.objects.filter(depth__gt=1, alias_of=None, **which).order_by("pk").specific()
        snippets = (each for model in SNIPPETS.values() for each in model.objects.filter(**which))
        return [*pages, *sorted(snippets, key=lambda each: (each._meta.label, each.pk))]

    def sources(self) -> list[Any]:
        return self.things(locale=self.locales["ms"])

    def translations(self, **which: Any) -> list[Translation]:
        found = Translation.objects.filter(**which).order_by("pk")
        return list(found.select_related("source__locale", "target_locale"))

    def target_of(self, translation: Translation) -> Any:
        """The page or snippet of a translation; None if it was deleted."""
        try:
            target = translation.get_target_instance()
        except ObjectDoesNotExist:
            return None
        return target.specific if isinstance(target, Page) else target

    def rows(
        self, translation: Translation, *, with_address: bool = False
    ) -> list[TranslatedString]:
        """The strings of a translation; its address is in no language."""
        found = TranslatedString.objects.filter(
            object_key=translation.source.object_id,
            target_language=translation.target_locale.language_code,
            number__isnull=False,
        )
        found = found if with_address else found.exclude(path="slug")
        return list(found.order_by("number", "pk"))

    def note_saved(self, row: TranslatedString, words: str) -> None:
        """Keep in mind that somebody saved `words` as the translation of a string."""
        self.saved.add(words)
        for mark in marks(words):
            self.made_from[mark] |= marks(row.source_words)

    @staticmethod
    def place_of(thing: Any) -> Place:
        return Place(str(thing.translation_key), thing.locale.language_code)

    # Requests

    @staticmethod
    @contextmanager
    def request() -> Iterator[None]:
        """A block in which a request begins and ends its own transaction."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            yield

    def post(self, who: str, url: str, data: Any = None, **options: Any) -> Any:
        with self.request():
            response = self.people[who].post(url, data or {}, **options)
        assert response.status_code < 500, (url, response.status_code)
        return response

    def publish(self, who: str, url: str, data: Any, places: Sequence[Place], choose: bool) -> Any:
        """Send a form that publishes; with `choose` also untranslated texts, as they are listed.

        A choice is an administrator's.
        """
        response = self.post(who, url, data)
        listed = listed_texts(response)
        if listed is None or not choose:
            return response
        response = self.post("pentadbir", url, data)
        form = next((each for each in forms_in(response.content.decode()) if CHOICE in each), None)
        if form is None:
            return response
        for place in places:
            self.chosen[place] |= {mark for mark in listed if language_of(mark) != place.locale}
        return self.post("pentadbir", form.action, form.values)

    def choose_by_code(self, error: UntranslatedTextError) -> None:
        """Keep in mind that code publishes what `error` lists."""
        for found in error.found:
            place = Place(str(found.instance.translation_key), found.target_language)
            self.chosen[place] |= {mark for text in found.texts for mark in marks(text.words)}

    @staticmethod
    def edit_address(thing: Any) -> str:
        return str(AdminURLFinder().get_edit_url(thing))

    def form_of(self, who: str, thing: Any) -> HtmlForm | None:
        """The ordinary editor of a page or snippet; None if this person has none now."""
        page = self.people[who].get(self.edit_address(thing))
        assert page.status_code == 200 or page.status_code in MISSING, page.status_code
        if page.status_code != 200:
            return None
        forms = {form.id: form for form in forms_in(page.content.decode())}
        form = forms.get("w-editor-form") or forms.get("page-edit-form")
        if form is not None:
            now = type(thing).objects.get(pk=thing.pk)
            form.values.update(dict(stream_values(now.get_latest_revision_as_object())))
        return form

    def rewrite(self, form: HtmlForm, number: int, words: str) -> bool:
        """Put `words` in the place of a text of a form; whether there is one."""
        names = [name for name, value in form.values.items() if TEXT.search(str(value))]
        if not names:
            return False
        name = self.pick(names, number)
        value = form.values[name]
        old = self.pick(sorted({each.group() for each in TEXT.finditer(value)}), number)
        form.values[name] = value.replace(old, words)
        return True

    def submit(self, who: str, thing: Any, locale: str, with_subtree: bool = False) -> None:
        data: dict[str, Any] = {"locales": [self.locales[locale].pk]}
        if with_subtree:
            data["include_subtree"] = "on"
        if isinstance(thing, Page):
            url = named_url("wagtail_localize:submit_page_translation", thing.pk)
        else:
            options = thing._meta
            place = (options.app_label, options.model_name, thing.pk)
            url = named_url("wagtail_localize:submit_snippet_translation", *place)
        self.post(who, url, data)

    def live_places(self, thing: Any) -> set[str]:
        model = Page if isinstance(thing, Page) else type(thing)
        found = model.objects.filter(translation_key=thing.translation_key, live=True)
        return set(found.values_list("locale__language_code", flat=True))

    # What waits

    def holds(self, key: str) -> HeldPublication | None:
        return HeldPublication.objects.filter(object_key=key).first()

    def note_held(self, thing: Any) -> None:
        """Keep in mind what readers have while a source waits for its translations."""
        key = str(thing.translation_key)
        if self.holds(key) is None or key in self.held:
            return
        found = {code: self.public.own_marks(key, code) for code in self.followers_of(thing)}
        self.held[key] = {code: marks for code, marks in found.items() if marks is not None}

    def followers_of(self, thing: Any) -> list[str]:
        """The languages that wait together: the source's, and those of its translations."""
        translations = self.translations(
            source__object_id=thing.translation_key, source__locale=thing.locale, enabled=True
        )
        codes = [each.target_locale.language_code for each in translations]
        return [thing.locale.language_code, *codes]

    def end_of_waiting(self, key: str) -> None:
        """After a step that may end it: forget what readers had."""
        if self.holds(key) is None:
            self.held.pop(key, None)


def listed_texts(response: Any) -> set[str] | None:
    """The marks of the texts on the page that asks for a choice; None if it is another page."""
    if response.status_code != 200 or b"<dl>" not in response.content:
        return None
    page = html.fromstring(response.content.decode())
    return marks(" ".join(each.text_content() for each in page.iter("dd")))


def named_url(name: str, *args: Any) -> str:
    return reverse(name, args=args)
