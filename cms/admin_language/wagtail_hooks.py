"""The admin's language menu, and its scripts and styles."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import ActionMenuItem

from cms.admin_language.languages import admin_languages

#: After all other entries.
LAST = 20_000


class LanguageMenuItem(MenuItem):
    """A language under its own name; shown while the admin is in another language."""

    def __init__(self, language: str, name: str) -> None:
        self.language = language
        super().__init__(
            name,
            reverse("choose_admin_language", args=[language]),
            name=f"language-{language}",
            icon_name="globe",
            order=LAST,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return self.language != get_language()

    def render_component(self, request: HttpRequest) -> Any:
        return ActionMenuItem(
            self.name, self.label, self.url, icon_name=self.icon_name, attrs={"lang": self.language}
        )


@hooks.register("insert_global_admin_css")
def list_styles() -> str:
    """Column headings may wrap, which leaves room for titles."""
    return format_html('<link rel="stylesheet" href="{}">', static("admin_language/lists.css"))


@hooks.register("insert_global_admin_js")
def date_script() -> str:
    """Wagtail's JavaScript formats some dates in the browser's language, not the page's."""
    return format_html('<script src="{}"></script>', static("admin_language/dates.js"))


def _register_menu_item(language: str, name: str) -> None:
    hooks.register("register_admin_menu_item", lambda: LanguageMenuItem(language, name))


for _language, _name in admin_languages().items():
    _register_menu_item(_language, _name)
