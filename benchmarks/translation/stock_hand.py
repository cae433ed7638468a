"""The shortest way through wagtail-localize's own editor."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By

from benchmarks.translation.content import in_english, target_of
from benchmarks.translation.hand import Hand

OPEN = "li.incomplete"
OTHER_TAB = ".js-translation-editor .w-tabs__tab[aria-selected=false]"
LOCALES = ".form-side button.w-dropdown__toggle"
PUBLISH = "button[name=action][value=publish]"


class StockHand(Hand):
    """A translator with wagtail-localize alone."""

    def translate_all(self, article: Any) -> None:
        self.open_from_report(target_of(article))
        self.translate_open()

    def translate_changes(self, article: Any) -> None:
        """The editor shows what was synced, so the source is synced first."""
        self.open_from_report(article)
        self.part = "syncing"
        self.click(".w-slim-header button.w-dropdown__toggle")
        self.follow("a[href*='/localize/update/']")
        self.follow("#main form input[type=submit]")
        self.part = "going to the translation"
        # The panel stays open from visit to visit.
        if not self.all(LOCALES):
            self.click("[data-side-panel-toggle=status]")
        self.click(LOCALES)
        self.follow(f"a[href='{edit_url(target_of(article))}'][lang]")
        self.translate_open()

    def open_from_report(self, page: Any) -> None:
        """The report of translations has both pages; the first page of the admin has none."""
        self.arrive()
        report = reverse("wagtail_localize:translations_report")
        self.click(f".sidebar-sub-menu-item:has(a[href='{report}']) > button")
        self.follow(f"a[href='{report}']")
        self.follow(f"#main a[href='{edit_url(page)}']")

    def translate_open(self) -> None:
        """Translate what is not translated, on all tabs, and publish."""
        self.wait(lambda: bool(self.all(PUBLISH)))
        while self.count_open():
            if not self.all(OPEN):
                self.part = "finding"
                self.click(OTHER_TAB)
            self.translate_next()
        self.part = "publishing"
        self.follow(PUBLISH)

    def translate_next(self) -> None:
        """Translate the first string that is shown without a translation."""
        self.part = "editing"
        before = self.count_open()
        source = self.all(f"{OPEN} > p")[0].text
        self.click(f"{OPEN} button")
        self.wait(lambda: self.focused.tag_name == "textarea")
        self.write(in_english(source))
        self.part = "saving"
        if self.with_keys:
            self.press(Keys.ENTER)
        else:
            self.click(f"{OPEN} li:has(button) + li button")
        self.wait(lambda: self.count_open() < before and not self.all("li .icon-spinner"))
        if self.all("li.errored"):
            message = f"{source!r} was not saved."
            raise AssertionError(message)

    def count_open(self) -> int:
        """How many strings are not translated, on all tabs."""
        return len(self.browser.find_elements(By.CSS_SELECTOR, OPEN))


def edit_url(page: Any) -> str:
    """Where a page is edited."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
