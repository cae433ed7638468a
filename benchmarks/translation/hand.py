"""A translator's hand in front of the browser, which counts what it does."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from django.urls import reverse
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    # So wide that a side panel covers nothing.
    "--window-size=1920,1080",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
SECONDS = 60
#: Set in a page that is about to be left.
LEFT = "window.benchmarkLeft"


#: What was done, as numbers of each thing that is counted, by the part of the work.
Effort = dict[str, dict[str, int]]


@contextlib.contextmanager
def running_server() -> Iterator[str]:
    """A server of this process; yields its address."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()
        connections.close_all()


@contextlib.contextmanager
def browser_for(user: User, address: str) -> Iterator[Chrome]:
    """Headless Chromium in which the user is logged in.

    Raises FileNotFoundError without Chromium or its driver.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        message = "No Chromium: install chromium and chromium-driver, or use --without-browser."
        raise FileNotFoundError(message)
    client = Client()
    client.force_login(user)
    options = ChromeOptions()
    options.binary_location = program
    with tempfile.TemporaryDirectory(prefix="bench-browser-") as folder:
        for option in (*OPTIONS, f"--user-data-dir={folder}/profile"):
            options.add_argument(option)
        environment = {**os.environ, "NO_PROXY": "*", "no_proxy": "*"}
        browser = Chrome(options=options, service=Service(driver, env=environment))
        try:
            browser.get(f"{address}/static/none")
            name = settings.SESSION_COOKIE_NAME
            browser.add_cookie({"name": name, "value": client.cookies[name].value})
            yield browser
        finally:
            browser.quit()


class Hand:
    """Finds, clicks and presses as a user does; waits as a user does."""

    def __init__(self, browser: Chrome, address: str, *, with_keys: bool) -> None:
        self.browser = browser
        self.address = address
        self.with_keys = with_keys
        self.effort: Effort = {}
        #: The part of the work that is being done.
        self.part = ""

    def translate_all(self, article: Any) -> None:
        """Translate all strings of the article, and publish."""
        raise NotImplementedError

    def translate_changes(self, article: Any) -> None:
        """Find what has changed, translate it, and publish."""
        raise NotImplementedError

    def arrive(self) -> None:
        """Come to the first page of the admin; this is not counted, as all start there."""
        self.part = "opening"
        self.browser.get(self.address + reverse("wagtailadmin_home"))

    # What is counted

    def click(self, selector: str) -> None:
        """Click on the first element that is like this, and can be clicked."""
        self._count("clicks")

        def is_clicked() -> bool:
            element = self.all(selector)[0]
            self.show(element)
            element.click()
            return True

        self.wait(is_clicked)

    def press(self, key: str, modifier: str = "") -> None:
        """Press a key, maybe with another one held down."""
        self._count("keys")
        chain = ActionChains(self.browser)
        if modifier:
            chain.key_down(modifier)
        chain.send_keys(key)
        if modifier:
            chain.key_up(modifier)
        chain.perform()

    def write(self, text: str) -> None:
        """Write a text where the focus is, over what is selected."""
        self._count("letters", len(text))
        self.browser.execute_cdp_cmd("Input.insertText", {"text": text})

    def follow(self, selector: str) -> None:
        """Click on what loads another page, and wait for it."""
        self.wait(lambda: bool(self.all(selector)))
        self.browser.execute_script(f"{LEFT} = true")
        self.click(selector)
        self._count("loads")
        script = f"return !{LEFT} && document.readyState === 'complete'"
        self.wait(lambda: self.browser.execute_script(script))

    def _count(self, what: str, number: int = 1) -> None:
        parts = self.effort.setdefault(what, {})
        parts[self.part] = parts.get(self.part, 0) + number

    # What is not

    def show(self, element: WebElement) -> None:
        """Scroll to an element, clear of the bars above and below."""
        script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"
        self.browser.execute_script(script, element)

    def all(self, selector: str) -> list[WebElement]:
        """The visible elements that are like this."""
        found = self.browser.find_elements(By.CSS_SELECTOR, selector)
        return [element for element in found if element.is_displayed()]

    def wait(self, condition: Callable[[], Any]) -> None:
        """Wait until something is so; faults of a page that is still loading do not count."""
        waiting = WebDriverWait(
            self.browser, SECONDS, 0.05, ignored_exceptions=[WebDriverException, IndexError]
        )
        waiting.until(lambda _browser: condition())

    @property
    def focused(self) -> WebElement:
        """The element that has the focus."""
        return self.browser.switch_to.active_element


#: Ctrl, as the screens' shortcuts have it.
CONTROL = Keys.CONTROL
