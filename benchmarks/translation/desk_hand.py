"""The shortest way through the desk's screen."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from benchmarks.translation.content import in_english, target_of
from benchmarks.translation.hand import CONTROL, Hand

FIELDS = ".desk-screen--with-script .desk-string__field"
PUBLISH = ".desk-footer button[name=action][value=publish]"
PUBLISHED = ".desk-footer__published"
UNTRANSLATED, NEEDS_REVIEW = (f".desk-string--{name}" for name in ("untranslated", "needs_review"))


class DeskHand(Hand):
    """A translator with the desk.

    The screen opens at the first string that is to do, and what publishes saves the last one.
    """

    def translate_all(self, article: Any) -> None:
        self.open_screen(article)
        for left in range(len(self.all(UNTRANSLATED)), 0, -1):
            self.part = "writing"
            row = self.focused_row()
            self.write(in_english(source_of(row)))
            # The focus goes to the next one that is to do.
            if left > 1:
                self.save(row)
        self.publish()

    def translate_changes(self, article: Any) -> None:
        self.open_screen(article)
        for left in range(len(self.all(NEEDS_REVIEW)), 0, -1):
            row = self.focused_row()
            self.change_to(in_english(source_of(row)))
            if left > 1:
                self.save(row)
        self.publish()

    def change_to(self, text: str) -> None:
        """Change what is in the field, over what the screen has selected if that is all of it."""
        script = """
            const { value, selectionStart, selectionEnd } = document.activeElement;
            return [value.slice(0, selectionStart), value.slice(selectionEnd)];
        """
        before, after = self.browser.execute_script(script)
        self.part = "writing"
        if text.startswith(before) and text.endswith(after) and self.is_something_selected():
            self.write(text[len(before) : len(text) - len(after)])
        else:
            self.part = "selecting old words"
            self.press("a", CONTROL)
            self.write(text)

    def is_something_selected(self) -> bool:
        """Whether typing replaces words."""
        script = "const f = document.activeElement; return f.selectionStart < f.selectionEnd"
        return bool(self.browser.execute_script(script))

    def open_screen(self, article: Any) -> None:
        """The first page lists what is to translate."""
        self.arrive()
        address = reverse("wagtailadmin_pages:edit", args=[target_of(article).pk])
        self.follow(f"#main a[href$='{address}#to-do']")
        self.wait(lambda: bool(self.all(FIELDS)))

    def focused_row(self) -> WebElement:
        """The string in whose field the focus is."""
        script = "return document.activeElement.closest('.desk-string')"
        self.wait(lambda: self.browser.execute_script(script) is not None)
        row: WebElement = self.browser.execute_script(script)
        return row

    def save(self, row: WebElement) -> None:
        """Save, go to the next string, and wait until the server has answered."""
        self.part = "saving"
        name = row.get_attribute("id")
        if self.with_keys:
            self.press(Keys.ENTER, CONTROL)
        else:
            self.click(f"#{name}-next")
        self.wait(lambda: self._is_saved(name))

    def publish(self) -> None:
        """Publish; the screen stays, and says when it is done."""
        self.part = "publishing"
        self.click(PUBLISH)
        self.wait(lambda: bool(self.all(PUBLISHED)))
        if self.all(f"{UNTRANSLATED}, {NEEDS_REVIEW}"):
            raise AssertionError("The last string was not saved.")

    def _is_saved(self, name: str | None) -> bool:
        script = """
            const row = document.getElementById(arguments[0]);
            const active = document.activeElement.closest('.desk-string');
            return row.classList.contains('desk-string--translated') &&
              Boolean(active) && active !== row;
        """
        return bool(self.browser.execute_script(script, name))


def source_of(row: WebElement) -> str:
    """The source that a row shows."""
    return str(row.find_element(By.CSS_SELECTOR, "[data-desk-string-target=source]").text)
