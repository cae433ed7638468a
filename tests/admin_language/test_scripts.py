"""The scripts that correct other packages' JavaScript, run in a browser."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.staticfiles.finders import find
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

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


EDITOR = """
<html lang="ms">
  <script data-heading="Terjemahan daripada %(source)s kepada %(target)s"
          data-more-actions="Tindakan lain">{script}</script>
  <div class="js-translation-editor" data-props='{props}'></div>
</html>
"""
#: Markup as wagtail-localize renders it; the last two are a translator's own text.
DRAW = """
const editor = document.querySelector('.js-translation-editor');
const add = (html) => editor.insertAdjacentHTML('beforeend', html);
add('<section><div><h3>$& to English translation</h3></div></section>');
add('<button class="w-dropdown__toggle"><span class="w-sr-only">More actions</span></button>');
add('<section><div><h3>Malay to English translation</h3></div></section>');
add('<ul><li><span class="w-sr-only">More actions</span> More actions</li></ul>');
"""


def test_the_translation_editor_is_in_the_language_of_the_page(browser):
    props = {"sourceLocale": {"displayName": "$&"}, "locale": {"displayName": "English"}}
    open_page(
        browser,
        EDITOR.format(props=json.dumps(props), script=source("translation_editor.js")),
    )
    browser.execute_script(DRAW)

    def heading(browser: Chrome) -> str:
        return browser.execute_script("return document.querySelector('h3').textContent")

    WebDriverWait(browser, 10).until(lambda browser: heading(browser).startswith("Terjemahan"))
    assert browser.execute_script(
        "return [...document.querySelectorAll('h3, button, li')].map(one => one.textContent)"
    ) == [
        "Terjemahan daripada $& kepada English",
        "Tindakan lain",
        "Malay to English translation",
        "More actions More actions",
    ]


def test_a_page_without_the_editor_is_unchanged(browser):
    script = source("translation_editor.js")
    open_page(browser, f"<h3>More actions</h3><script>{script}</script>")
    assert browser.execute_script("return document.querySelector('h3').textContent") == (
        "More actions"
    )
