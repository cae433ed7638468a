"""A browser for the tests: headless Chromium with a temporary profile.

It can reach only this machine.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import RLock
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from cms.editors.groups import OFFICER, PUBLISHER, TRANSLATOR, ensure_groups
from cms.pages.models import ProfilePage
from tests.browser.malay_desk import PASSWORD, MalayDesk

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
POLICY = "Content Security Policy"
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
    """A fresh browser; skips the test if Chromium or its driver is not installed.

    Fails at the end if the content security policy stopped anything.
    """
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
        assert not refused_scripts(driver)
    finally:
        driver.quit()


def refused_scripts(driver: Chrome) -> list[str]:
    """What the content security policy stopped, apart from a probe for touch screens."""
    messages = [entry["message"] for entry in driver.get_log("browser")]
    # Jcrop tries an event handler only where the browser has none of that name.
    return [text for text in messages if POLICY in text and "jquery.Jcrop" not in text]


@pytest.fixture(autouse=True)
def one_request_at_a_time() -> Iterator[None]:
    """Let the server answer one request at a time where all its threads share a connection.

    Django shares the connection of a database in memory. There, what one request stored within
    another's transaction was undone with that: a document that was uploaded beside a save that
    failed. Everywhere else each thread has a connection of its own.
    """
    if not (connection.vendor == "sqlite" and connection.is_in_memory_db()):
        yield
        return
    answer, lock = WSGIHandler.__call__, RLock()

    def answer_alone(handler: WSGIHandler, environ: Any, start_response: Any) -> Any:
        with lock:
            return answer(handler, environ, start_response)

    with mock.patch.object(WSGIHandler, "__call__", answer_alone):
        yield


@pytest.fixture(scope="session")
def filled_database() -> Iterator[sqlite3.Connection]:
    """Holds a copy of SQLite's database as `fill_database` left it for the first test."""
    kept = sqlite3.connect(":memory:")
    yield kept
    kept.close()


def fill_database() -> None:
    call_command("load_content", verbosity=0)
    ensure_groups()
    for name, group in (("pegawai", OFFICER), ("penerbit", PUBLISHER), ("penterjemah", TRANSLATOR)):
        user = User.objects.create_user(name, f"{name}@example.test", PASSWORD)
        user.groups.add(Group.objects.get(name=group.name))
    User.objects.create_superuser("pentadbir", "pentadbir@example.test", PASSWORD)


@pytest.fixture
def content(live_server: Any, filled_database: sqlite3.Connection) -> None:
    """PERKESO's content and an account in each group; copied for all tests but the first."""
    is_filled = filled_database.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    if connection.vendor != "sqlite":
        fill_database()
    elif is_filled:
        filled_database.backup(connection.connection)
        ContentType.objects.clear_cache()
    else:
        fill_database()
        connection.connection.backup(filled_database)


@pytest.fixture
def malay_desk(content: None, live_server: Any, browser: Chrome) -> Iterator[MalayDesk]:
    """A desk in front of PERKESO's content; fails at the end if a screen was faulty."""
    desk = MalayDesk(browser, live_server.url)
    yield desk
    assert not desk.foreign, "\n".join(
        f"{name}: {text}" for name, texts in desk.foreign.items() for text in texts
    )
    assert not desk.crowded


@pytest.fixture
def profile(malay_desk: MalayDesk) -> ProfilePage:
    return ProfilePage.objects.get(locale__language_code="ms")
