"""The check of the browser tests finds English words anywhere on a screen."""

from __future__ import annotations

import re
from urllib.parse import quote

from selenium.webdriver import Chrome

from tests.browser.malay_words import Screen

TITLE = "Akta Keselamatan Sosial Pekerja 1969"


def foreign(browser: Chrome, body: str, language: str = "ms", title: str = "Halaman") -> list[str]:
    page = f"<!doctype html><html lang={language}><title>{title}</title><body>{body}</body></html>"
    browser.get(f"data:text/html;charset=utf-8,{quote(page)}")
    return Screen(browser, [TITLE, "Housewives Act"]).foreign()


MALAY = (
    "<p>Simpan halaman ini</p>",
    f"<h1>{TITLE}</h1><p>Padam Housewives Act</p>",
    "<p>Padam Akta Keselamatan Sosial…</p><p>Padam Housewiv…</p>",
    "<p lang=en>Read more</p><a href=# lang=en>English</a><a>English</a>",
    "<textarea>My words</textarea><p contenteditable>My words</p><input value='My words'>",
    "<p>Dalam senarai dan perk…</p>",
    "<code>raise Error</code><script>let word = 'English'</script>",
    "<p>https://example.test/page</p><p>someone@example.test</p><td>/ms/profil/</td>",
    "<td>pages.HomePage</td>",
)
#: Contents of a page, each with its word that is not Malay.
ENGLISH = (
    ("<p>Simpan page</p>", "page"),
    ("<p>Saving…</p>", "saving"),
    ("<p>Padam Housewives Other…</p>", "other"),
    ("<td>None</td>", "none"),
    ("<p>Last edit</p>", "edit"),
    ("<td>Pages</td>", "pages"),
    ("<p>The English text</p>", "english"),
    ("<button aria-label=Close>x</button>", "close"),
    ("<p title=Close>x</p>", "close"),
    ("<img alt=Picture>", "picture"),
    ("<input placeholder=Search>", "search"),
    ("<input type=submit value=Submit>", "submit"),
    ("<select><option>Choose</option></select>", "choose"),
    ("<div style=display:none>Close</div>", "close"),
    ("<div hidden>Close</div>", "close"),
    ("<details><summary>Menu</summary>Close</details>", "close"),
    ("<template><p>Close</p></template>", "close"),
    ("<p data-w-tooltip-content-value=Close>x</p>", "close"),
    ("<p>Simpan <b>Housewives</b></p>", "housewives"),
    (
        "<div id=a></div><script>document.getElementById('a')"
        ".attachShadow({mode: 'open'}).innerHTML = '<p>Close</p>'</script>",
        "close",
    ),
)


def test_malay_texts_are_accepted(browser: Chrome) -> None:
    assert {body: found for body in MALAY if (found := foreign(browser, body))} == {}


def test_english_words_are_found(browser: Chrome) -> None:
    for body, word in ENGLISH:
        found = foreign(browser, body)
        assert len(found) == 1, f"{body}: {found}"
        assert re.search(rf"[(, ]{word}[),]", found[0]), f"{body}: {found}"


def test_the_title_of_the_page_is_checked(browser: Chrome) -> None:
    assert foreign(browser, "", title="Saved") == ["'Saved' (saved) in TITLE."]


def test_a_page_marked_as_english_is_checked_too(browser: Chrome) -> None:
    found = foreign(browser, "<p>Save</p>", language="en")
    assert found == ["The page says that it is in 'en'.", "'Save' (save) in P."]
