"""A user in front of the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import translation
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

#: Exceptions while a page is still loading.
NOT_YET = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)


class Desk:
    """An officer in front of the browser."""

    def __init__(self, browser: Chrome, server: str) -> None:
        self.browser = browser
        self.server = server

    def open(self, name: str, *args: Any, query: str = "") -> None:
        with translation.override("ms"):
            self.browser.get(self.server + reverse(name, args=args) + query)

    def wait(self, found: Callable[[Chrome], Any], seconds: float = 60) -> Any:
        return WebDriverWait(self.browser, seconds, ignored_exceptions=NOT_YET).until(found)

    def find(self, selector: str) -> WebElement:
        return self.wait(lambda browser: browser.find_element(By.CSS_SELECTOR, selector))

    def click(self, selector: str) -> None:
        """Click on the element once it can be clicked."""

        def clicked(browser: Chrome) -> bool:
            browser.find_element(By.CSS_SELECTOR, selector).click()
            return True

        self.wait(clicked)

    def reads(self, selector: str, text: str) -> None:
        """Wait until the element has the text `text`."""
        try:
            self.wait(lambda _browser: self.find(selector).text == text)
        except TimeoutException:
            assert self.find(selector).text == text

    def count(self, selector: str) -> int:
        return len(self.browser.find_elements(By.CSS_SELECTOR, selector))

    def press(self, *keys: str) -> None:
        """Press keys in the focused element."""
        chain = ActionChains(self.browser)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    def log_in(self, name: str, password: str) -> None:
        self.open("wagtailadmin_login")
        self.find("input[name=username]").send_keys(name, Keys.TAB, password, Keys.ENTER)
        self.find(".w-dashboard")
