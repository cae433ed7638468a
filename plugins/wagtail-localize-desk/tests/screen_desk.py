"""A translator in front of the screen, as Django's test client."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile
from wagtail_localize.models import get_edit_url

from wagtail_localize_desk.models import TranslatedString


def speak_english(user: User) -> None:
    """Let the admin be in English for an account."""
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})


class Screen:
    """The screen of one translation, as its HTML is."""

    def __init__(self, client: Client, target: Any, query: str = "") -> None:
        self.client = client
        self.target = target
        response = client.get((get_edit_url(target) or "") + query)
        assert response.status_code == 200
        self.html = BeautifulSoup(response.content, "html.parser")

    def of(self, html: str) -> Screen:
        """The same screen with the HTML that a call has answered."""
        other = Screen.__new__(Screen)
        other.client, other.target = self.client, self.target
        other.html = BeautifulSoup(html, "html.parser")
        return other

    def row(self, string: TranslatedString) -> Tag:
        found = self.html.find(id=f"string-{string.pk}")
        assert isinstance(found, Tag)
        return found

    @property
    def names(self) -> list[str]:
        """The names of the shown strings."""
        return [
            tag.select_one(".desk-string__name").get_text(strip=True)
            for tag in self.html.select("[data-controller=desk-string]")
        ]

    def version(self, string: TranslatedString) -> str:
        return str(self.row(string).select_one("[name=version]")["value"])

    def text(self, string: TranslatedString) -> str:
        return self.row(string).textarea.get_text().removeprefix("\n")

    def post(self, name: str, string: TranslatedString, **data: str) -> Any:
        """Send another form of a string, as the script does."""
        url = reverse(f"wagtail_localize_desk:{name}", args=[string.pk])
        data = {"version": self.version(string), **data}
        return self.client.post(url, data, headers={"X-Requested-With": "XMLHttpRequest"})

    def save(
        self, string: TranslatedString, text: str, *, with_script: bool = True, **more: str
    ) -> Any:
        """Save a text, as the page's form or its script does."""
        data = {"text": text, "version": self.version(string), "number": "1", **more}
        headers = {"X-Requested-With": "XMLHttpRequest"} if with_script else {}
        url = reverse("wagtail_localize_desk:save_string", args=[string.pk])
        return self.client.post(url, data, headers=headers)
