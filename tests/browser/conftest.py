"""A browser for the tests: Chromium without a window, with a profile of its own.

It can reach this machine and nothing else.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from cms.operations.catalogues import ROOT, compile_changed

compile_changed(ROOT)

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,1000",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    """A fresh browser. Where Chromium or its driver is not installed, the test is skipped."""
    if BROWSER is None or DRIVER is None:
        pytest.skip("no Chromium: install the packages chromium and chromium-driver")
    options = ChromeOptions()
    options.binary_location = BROWSER
    for option in (*OPTIONS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(option)
    environment = {**os.environ, "NO_PROXY": "*", "no_proxy": "*"}
    driver = Chrome(options=options, service=Service(DRIVER, env=environment))
    driver.set_page_load_timeout(120)
    try:
        yield driver
    finally:
        driver.quit()
