"""The scripts that correct other packages' JavaScript, run in a browser."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.staticfiles.finders import find
from selenium.webdriver import Chrome

from tests.browser.conftest import browser

__all__ = ["browser"]


def source(name: str) -> str:
    path = find(f"admin_language/{name}")
    return Path(path).read_text(encoding="utf-8")


def open_page(browser: Chrome, html: str) -> None:
    browser.get(f"data:text/html;charset=utf-8,{quote(html)}")


@pytest.mark.parametrize(
    ("language", "date", "month", "ago", "number"),
    [
        ("ms", "9 Ogos 2026", "Ogos", "3 hari lalu", "1,234.5"),
        ("en", "August 9, 2026", "August", "3 days ago", "1,234.5"),
        ("de", "9. August 2026", "August", "vor 3 Tagen", "1.234,5"),
    ],
)
def test_dates_are_in_the_language_of_the_page(browser, language, date, month, ago, number):
    """A script that passes a locale of its own gets that one."""
    open_page(browser, f'<html lang="{language}"><script>{source("dates.js")}</script>')
    said = browser.execute_script(
        """
        const day = new Date(2026, 7, 9, 12);
        const long = { dateStyle: 'long' };
        return {
          date: day.toLocaleDateString(undefined, long),
          list: day.toLocaleDateString([], long),
          text: new Intl.DateTimeFormat(undefined, long).format(day),
          called: Intl.DateTimeFormat([], long).format(day),
          month: day.toLocaleString(undefined, { month: 'long' }),
          ago: new Intl.RelativeTimeFormat().format(-3, 'day'),
          number: new Intl.NumberFormat().format(1234.5),
          asked: day.toLocaleDateString('fr', long),
          kind: new Intl.DateTimeFormat() instanceof Intl.DateTimeFormat,
        };
        """
    )
    assert said == {
        **dict.fromkeys(("date", "list", "text", "called"), date),
        "month": month,
        "ago": ago,
        "number": number,
        "asked": "9 août 2026",
        "kind": True,
    }
