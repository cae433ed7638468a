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
#: Within the first word of a field.
FIRST_WORD = (24, 20)


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
        rows = [row.get_attribute("id") for row in self.all(NEEDS_REVIEW)]
        for number, row_id in enumerate(rows, start=1):
            self.part = "selecting old words"
            row = self.focused_row()
            if self.with_keys:
                self.press("a", CONTROL)
                self.write(in_english(source_of(row)))
            else:
                row = self.browser.find_element(By.ID, row_id)
                self.double_click(row.find_element(By.CSS_SELECTOR, "textarea"), *FIRST_WORD)
                first = source_of(row).split(maxsplit=1)[0]
                self.write(f"EN{first}")
            if number < len(rows):
                self.save(row)
        self.publish()

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
