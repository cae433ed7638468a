"""How many queries the pages and calls of translators make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import Translation
from wagtail_localize.operations import translate_object

from benchmarks.translation.content import (
    publish_article,
    segments_of,
    target_of,
    translate,
    translation_of,
    with_strings,
)

TRANSLATIONS = 30
FORM = "application/x-www-form-urlencoded"
TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def count_queries(sizes: Sequence[int], user: User, *, with_desk: bool) -> list[tuple[str, int]]:
    """The queries of each step, with articles of so many strings."""
    rounds = Rounds(user, with_desk=with_desk)
    rounds.run(2)
    rounds.report()
    found = []
    for size in sizes:
        for name, queries in rounds.run(size):
            found.append((f"{name}, {size} strings", queries))
    return [*found, (f"report of {TRANSLATIONS} translations", rounds.report())]


class Rounds:
    """A superuser translates article after article."""

    def __init__(self, user: User, *, with_desk: bool) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.with_desk = with_desk
        self.articles = 0

    def run(self, size: int) -> list[tuple[str, int]]:
        """The queries of the steps from submitting an article to publishing its translation."""
        article = self._publish(size)
        found = [("submit", self._count(lambda: self._submit(article)))]
        if len(segments_of(article)) != size:
            raise AssertionError(f"The article has {len(segments_of(article))} strings.")
        address = reverse("wagtailadmin_pages:edit", args=[target_of(article).pk])
        found.append(("open untranslated", self._count(lambda: self.client.get(address))))
        save = self._saving(article, address)
        found.append(("save a string", self._count(save)))
        translate(article)
        found.append(("open translated", self._count(lambda: self.client.get(address))))
        publish = self._count(self._publishing(address))
        target = target_of(article)
        if not target.live or not target.title.startswith("EN "):
            raise AssertionError("The translation was not published.")
        return [*found, ("publish", publish)]

    def report(self) -> int:
        """The queries of the report, once there are enough translations."""
        english = Locale.objects.get(language_code="en")
        while Translation.objects.count() < TRANSLATIONS:
            translate_object(self._publish(2), [english])
        address = reverse("wagtail_localize:translations_report")
        return self._count(lambda: self.client.get(address))

    def _publish(self, size: int) -> Any:
        self.articles += 1
        number = self.articles
        return publish_article(f"Berita {number}", f"berita-{number}", with_strings(size))

    def _submit(self, article: Any) -> Any:
        address = reverse("wagtail_localize:submit_page_translation", args=[article.pk])
        english = Locale.objects.get(language_code="en")
        return self.client.post(address, {"locales": [english.pk]})

    def _saving(self, article: Any, address: str) -> Callable[[], Any]:
        """The call with which the editor saves the first string."""
        segment = segments_of(article)[0]
        text = f"EN {segment.string.data}"
        if not self.with_desk:
            names = [translation_of(article).pk, segment.pk]
            url = reverse("wagtail_localize:edit_string_translation", args=names)
            return lambda: self.client.put(
                url, f"value={text}", "application/x-www-form-urlencoded"
            )
        page = BeautifulSoup(self.client.get(address).content, "html.parser")
        form = page.select_one(".desk-string__form")
        if form is None:
            raise AssertionError("The screen has no string.")
        sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
        headers = {"X-Requested-With": "XMLHttpRequest"}
        data = {**sent, "text": text}
        return lambda: self.client.post(str(form["action"]), data, headers=headers)

    def _publishing(self, address: str) -> Callable[[], Any]:
        """The call of the editor's button."""
        if not self.with_desk:
            return lambda: self.client.post(address, {"action": "publish"})
        page = BeautifulSoup(self.client.get(address).content, "html.parser")
        button = page.select_one(".desk-footer button[value=publish]")
        if button is None:
            raise AssertionError("The screen has no button that publishes.")
        headers = {"X-Requested-With": "XMLHttpRequest"}
        return lambda: self.client.post(str(button["formaction"]), {}, headers=headers)

    def _count(self, step: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = step()
        if response.status_code >= 400:
            raise AssertionError(f"{response.request['PATH_INFO']}: {response.status_code}")
        made = [query["sql"].lstrip().upper() for query in captured.captured_queries]
        return sum(not sql.startswith(TRANSACTIONS) for sql in made)
