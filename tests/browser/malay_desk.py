"""Checks each screen of the admin for words that are not Malay.

With SCREENSHOTS=folder each screen is saved there as a picture, for problems that no test detects:
words that are cut off, or a layout that is too narrow for Malay.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from wagtail.models import Page, Site, Task, Workflow
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.models import StringTranslation

from cms.handbook.reading import BOOKS, handbook
from tests.browser.desk import Desk
from tests.browser.malay_words import Screen

PASSWORD = "rahsia-besar-2026"
#: The sign of a draft that was saved by itself.
SAVED = "[data-w-autosave-state-value=saved]"
BUSY = ".w-progress-bar, .loading-mask.loading"
#: Finds lists whose titles are narrower than a word, or that are wider than the screen.
CROWDED = """
return [...document.querySelectorAll("table.listing")].flatMap((list) => [
    ...[...list.querySelectorAll("tbody td.title")]
        .filter((title) => title.offsetWidth && title.offsetWidth < 160)
        .map((title) => `${title.innerText.trim()} has ${title.offsetWidth} pixels`),
    ...(list.getBoundingClientRect().right > document.documentElement.clientWidth + 1
        ? [`a list reaches to ${list.getBoundingClientRect().right} pixels`] : []),
]);
"""


def draft_title(page: Page) -> str:
    """The title of the latest draft of a page."""
    draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    return str(draft.title)


class MalayDesk(Desk):
    """Reads all texts of each screen."""

    def __init__(self, browser: Chrome, server: str) -> None:
        super().__init__(browser, server)
        self.screen = Screen(browser, written())
        self.foreign: dict[str, list[str]] = {}
        self.crowded: dict[str, list[str]] = {}
        self.numbers = count(1)

    def look(self, name: str) -> None:
        """Read all texts of the screen once it has loaded."""
        self.wait(
            lambda browser: browser.execute_script("return document.readyState") == "complete"
        )
        self.wait(lambda _browser: self.count(BUSY) == 0)
        if found := self.screen.foreign():
            self.foreign[name] = found
        if found := self.browser.execute_script(CROWDED):
            self.crowded[name] = found
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.browser.save_screenshot(f"{folder}/{name}-{next(self.numbers):03}.png")

    def visit(self, screen: str, name: str, *args: Any, query: str = "") -> None:
        """Open a URL by its name and read the screen."""
        self.open(name, *args, query=query)
        self.look(screen)

    def enter(self, name: str) -> None:
        self.browser.delete_all_cookies()
        self.log_in(name, PASSWORD)

    def press_button(self, selector: str) -> None:
        """Press a button once it exists, even in a closed menu."""
        self.wait(lambda _browser: self.try_to_press(selector))

    def try_to_press(self, selector: str) -> bool:
        """Press a button, even in a closed menu; false if there is none."""
        return self._run_on(selector, "arguments[0].click()")

    def type_over(self, selector: str, text: str) -> None:
        """Replace a field's value with `text` once the field exists, even if it is hidden."""
        self.wait(lambda _browser: self.try_to_type_over(selector, text))

    def try_to_type_over(self, selector: str, text: str) -> bool:
        """Replace a field's value, so that React notices; false if there is no field."""
        return self._run_on(
            selector,
            "const [field, text] = arguments;"
            "const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value');"
            "own.set.call(field, text);"
            "for (const name of ['input', 'change'])"
            "  field.dispatchEvent(new Event(name, {bubbles: true}))",
            text,
        )

    def _run_on(self, selector: str, script: str, *arguments: str) -> bool:
        """Run a script on the first match; false if there is none or React replaces it."""
        found = self.browser.find_elements(By.CSS_SELECTOR, selector)
        with suppress(StaleElementReferenceException):
            if found:
                self.browser.execute_script(script, found[0], *arguments)
                return True
        return False

    def look_at_dialog(self, name: str) -> None:
        """Wait until a dialog is open and has text; read it and each of its tabs."""
        self.wait(
            lambda browser: any(
                body.is_displayed() and body.text.strip()
                for body in browser.find_elements(By.CSS_SELECTOR, ".modal.in .modal-body")
            )
        )
        self.look(name)
        self.look_at_tabs(name, ".modal")

    def look_at_tabs(self, name: str, where: str) -> None:
        """Read each tab, then return to the first."""
        tabs = self.browser.find_elements(By.CSS_SELECTOR, f"{where} [role=tab]")
        for number, tab in enumerate([*tabs[1:], *tabs[:1]]):
            self.browser.execute_script("arguments[0].click()", tab)
            self.look(f"{name}-tab-{number}")

    def close_dialog(self) -> None:
        """Close the dialog; retried, because a dialog that is still opening stays open."""

        def closed(browser: Chrome) -> bool:
            browser.execute_script(
                "document.querySelectorAll('.modal.in .close').forEach(button => button.click())"
            )
            return self.count(".modal-body") == 0

        self.wait(closed)

    def count_blocks(self, name: str) -> int:
        """The number of block types that the page's stream `name` offers."""
        self._open_blocks(name)
        self.look(f"blocks-of-{name}")
        found = self.count(".w-combobox__option")
        self.press(Keys.ESCAPE)
        assert found > 2
        return found

    def insert_block(self, name: str, number: int) -> None:
        """Add a block of the type at index `number` to the stream `name`."""
        blocks = f"[data-contentpath={name}] [data-streamfield-child]"
        before = self.count(blocks)

        def inserted(browser: Chrome) -> bool:
            options = browser.find_elements(By.CSS_SELECTOR, ".w-combobox__option")
            if self.count(blocks) == before and options:
                browser.execute_script("arguments[0].click()", options[number])
            elif self.count(blocks) == before:
                self._open_blocks(name)
            return self.count(blocks) > before

        self.wait(inserted)

    def _open_blocks(self, name: str) -> None:
        buttons = self.browser.find_elements(
            By.CSS_SELECTOR, f"[data-contentpath={name}] .c-sf-add-button"
        )
        self.browser.execute_script("arguments[0].click()", buttons[-1])
        self.wait(lambda _browser: self.count(".w-combobox__option") > 0)

    def look_at_choosers(self) -> None:
        """Open one chooser of each kind in the form."""
        kinds = self.browser.execute_script(
            "return [...new Set([...document.querySelectorAll('.chooser')]"
            ".map(chooser => chooser.className))]"
        )
        assert kinds
        for kind in kinds:
            names = ".".join(kind.split())
            self.press_button(f".{names} [data-chooser-action-choose]")
            self.look_at_dialog(f"chooser-{names.replace('.', '-')}")
            self.close_dialog()


def written() -> Iterator[str]:
    """Texts that no catalogue has: titles, names, the words of the content and the handbook."""
    for page in Page.objects.specific():
        yield from (page.title, page.draft_title, page.slug)
        for block in getattr(page, "sections", ()):
            if "heading" in block.value:
                yield block.value["heading"]
    for model in get_snippet_models():
        for instance in model._default_manager.all():
            yield str(instance)
            yield from (
                value
                for value in (getattr(instance, field.name, "") for field in model._meta.fields)
                if isinstance(value, str)
            )
    for user in User.objects.all():
        yield from (user.username, user.email, user.get_full_name())
    for model in (Group, Task, Workflow):
        yield from model._default_manager.values_list("name", flat=True)
    for row in StringTranslation.objects.select_related("translation_of"):
        yield from (row.data, row.translation_of.data)
    for book in BOOKS:
        yield from (section.title for section in handbook(book, "ms").sections)
    for site in Site.objects.all():
        yield from (site.hostname, site.site_name)
