"""A communications officer's day, from the first log-in to what front-ends and readers get.

One browser goes through all of it, because starting one and filling the database take longer than
any step. The pictures in the officers' handbook are taken on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from django.contrib.sessions.models import Session
from django.utils.text import slugify
from PIL import Image, ImageDraw
from selenium.common.exceptions import TimeoutException
from selenium.webdriver import Chrome, Keys

from cms.handbook.reading import OFFICERS
from cms.pages.models import HomePage, StandardPage
from tests.browser.handbook_pictures import pictures
from tests.browser.malay_desk import PASSWORD, SAVED
from tests.browser.officers_desk import (
    BODY,
    DESKTOP,
    OPTION,
    SUCCESS,
    TELEPHONE,
    OfficersDesk,
)

# The server runs in another thread, so its data must be committed.
pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.serial,
]

WORD = (Path(__file__).parent / "contributions_from_word.html").read_text(encoding="utf-8")
RATES = [
    ["Gaji sebenar bulan itu", "Majikan (RM)", "Pekerja (RM)"],
    ["Tidak melebihi RM30", "0.40", "0.10"],
    ["Melebihi RM30 tetapi tidak melebihi RM50", "0.70", "0.20"],
]
TITLE = "Kadar caruman pekerja"
SHORT = "Cara membayar caruman"
AUTHENTICATORS = ("Aegis, Google Authenticator", "Microsoft Authenticator")
CAPTION = "Kadar caruman bulanan"
FORM = "Borang pendaftaran majikan"
DESCRIPTION = "Kaunter bayaran dengan dua pegawai"
QUESTION = "Siapa yang mencarum?"
ANSWER = "Majikan dan pekerja mencarum setiap bulan."


@pytest.fixture
def desk(content: None, live_server: Any, browser: Chrome) -> Iterator[OfficersDesk]:
    desk = OfficersDesk(browser, live_server.url)
    desk.hold(DESKTOP)
    desk.screen.written += [TITLE, SHORT, CAPTION, f"{CAPTION} 2027", FORM, DESCRIPTION, QUESTION]
    desk.screen.written += ["kaunter.png", "borang.pdf"]
    yield desk
    assert not desk.foreign, "\n".join(
        f"{name}: {text}" for name, texts in desk.foreign.items() for text in texts
    )
    assert not desk.crowded


def test_a_page_on_its_way_from_word_to_the_public(desk: OfficersDesk, tmp_path: Path) -> None:
    begin(desk)
    write(desk, tmp_path)
    lose_the_session(desk)
    desk.submit()
    desk.picture("submitted")
    page = StandardPage.objects.get(title=TITLE)
    assert not page.live
    review_on_a_telephone(desk, page)
    check_what_front_ends_get(desk)
    check_the_plain_preview(desk)
    write_by_keyboard_alone(desk)
    write_on_a_telephone(desk)
    assert sorted(desk.handbook.names) == sorted(pictures(OFFICERS))


def begin(desk: OfficersDesk) -> None:
    """Log in, look around, and begin a page."""
    desk.open("wagtailadmin_login")
    desk.find("input[name=username]")
    desk.picture("log-in")
    desk.enter("pegawai")
    desk.picture("dashboard")
    desk.open("second_factor_set_up")
    desk.screen.written += [desk.find(".second-factor__key").text, *AUTHENTICATORS]
    desk.picture("second-factor")
    desk.open("wagtailadmin_pages:add", "pages", "standardpage", home().pk)
    desk.write("title", TITLE)
    desk.click_on(desk.add_buttons()[-1])
    desk.wait(lambda _browser: desk.count(OPTION))
    desk.picture("blocks")
    desk.press(Keys.ESCAPE)


def write(desk: OfficersDesk, folder: Path) -> None:
    """A table from Word, a picture with its description, a download, and a question."""
    table = desk.add_block("Jadual")
    desk.write(f"{table}-caption", CAPTION)
    desk.paste_table(WORD)
    desk.wait(lambda _browser: "0.70" in desk.find(f"[name='{table}-rows']").get_attribute("value"))
    desk.picture("table", ".table-editor__grid")

    picture = desk.add_block("Imej")
    file = folder / "kaunter.png"
    draw_counter().save(file)
    desk.upload(f"{picture}-image-image", file, "Kaunter", description=DESCRIPTION)
    desk.picture("picture")
    desk.finish_upload(f"{picture}-image-image")
    described = desk.find(f"[name='{picture}-image-alt_text']")
    assert described.get_attribute("value") == DESCRIPTION

    download = desk.add_block("Muat turun")
    desk.write(f"{download}-title", FORM)
    desk.write(f"{download}-form_number", "Borang 1")
    file = folder / "borang.pdf"
    file.write_bytes(b"%PDF-1.4 borang")
    desk.upload(f"{download}-files-0-value-document", file, "Borang 1")
    desk.finish_upload(f"{download}-files-0-value-document")
    chosen = desk.find(f"[name='{download}-files-0-value-document']")
    assert chosen.get_attribute("value")
    desk.picture("download", f"[name='{download}-title']")

    faq = desk.add_block("Soalan lazim")
    desk.write(f"{faq}-heading", "Soalan lazim")
    desk.write(f"{faq}-questions-0-value-question", QUESTION)
    desk.write_text(f"{faq}-questions-0-value-answer", ANSWER)
    desk.picture("questions", f"[name='{faq}-heading']")
    desk.find(SAVED)


def lose_the_session(desk: OfficersDesk) -> None:
    """Type on while the session ends, log in beside the text, and go on."""
    Session.objects.all().delete()
    desk.write("body-0-value-caption", " 2027")
    desk.find(".session-dialog iframe")
    desk.picture("session-ended")
    desk.log_in_beside("pegawai")
    desk.find(SAVED)


def review_on_a_telephone(desk: OfficersDesk, page: StandardPage) -> None:
    """The second person reads the page and publishes it, on a screen of 390 pixels."""
    desk.hold(TELEPHONE)
    desk.enter("penerbit")
    desk.picture("to-review")
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.find(BODY)
    assert not desk.is_too_wide()
    desk.picture("review")
    desk.press_button("[data-workflow-action-name=approve][data-workflow-action-modal-url]")
    desk.look_at_dialog("approve")
    desk.press_button(".modal [type=submit]")
    desk.find(SUCCESS)
    desk.look("published")
    desk.hold(DESKTOP)


def check_what_front_ends_get(desk: OfficersDesk) -> None:
    answer = requests.get(
        f"{desk.server}/api/v1/resolve", {"path": f"/ms/{slugify(TITLE)}/"}, timeout=30
    )
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["title"] == TITLE
    blocks = {block["type"]: block["value"] for block in document["body"]}
    assert blocks["table"]["caption"] == f"{CAPTION} 2027"
    assert blocks["table"]["rows"] == RATES
    assert blocks["table"]["first_row_is_header"]
    assert blocks["image"]["image"]["alt"] == DESCRIPTION
    assert blocks["image"]["image"]["sources"]
    assert blocks["download"]["form_number"] == "Borang 1"
    [file] = blocks["download"]["files"]
    assert file["document"]["media_type"] == "application/pdf"
    [question] = blocks["faq"]["questions"]
    assert question["question"] == QUESTION
    assert question["answer"]["text"] == ANSWER
    assert question["anchor"] == "siapa-yang-mencarum"


def check_the_plain_preview(desk: OfficersDesk) -> None:
    desk.browser.get(f"{desk.server}/ms/{slugify(TITLE)}/")
    shown = desk.find("main").text
    for words in (TITLE, *RATES[1], *RATES[2], FORM, QUESTION):
        assert words in shown, words
    picture = desk.find("main figure img")
    assert picture.get_attribute("alt") == DESCRIPTION
    assert desk.browser.execute_script("return arguments[0].naturalWidth", picture)
    desk.handbook.take("preview")


def write_by_keyboard_alone(desk: OfficersDesk) -> None:
    """Log in, write a page and submit it, with no pointer."""
    desk.browser.delete_all_cookies()
    desk.open("wagtailadmin_login")
    desk.tab_to("[name=username]")
    desk.press("pegawai", Keys.TAB, PASSWORD, Keys.ENTER)
    desk.find(".w-dashboard")
    desk.open("wagtailadmin_pages:add", "pages", "standardpage", home().pk)
    desk.find(f"{BODY} .c-sf-add-button")
    desk.tab_to("[name=title]")
    desk.press(SHORT)
    desk.tab_to(f"{BODY} .c-sf-add-button")
    desk.press(Keys.ENTER)
    desk.wait(lambda _browser: desk.count(OPTION) > 1)
    desk.press(Keys.TAB, "Bahagian teks")
    desk.wait(lambda _browser: desk.count(OPTION) == 1)
    desk.press(Keys.ENTER)
    desk.wait(lambda _browser: desk.is_focused("[name=body-0-value-heading]"))
    desk.press("Bila?")
    desk.tab_to(f"{BODY} [role=textbox]")
    # No list: Draftail had made one within another of it.
    desk.press("a. Sebelum 15 hari bulan.")
    desk.find(SAVED)
    submit_by_keyboard(desk)
    page = StandardPage.objects.get(title=SHORT)
    [text] = page.get_latest_revision_as_object().body
    assert text.value["heading"] == "Bila?"
    assert "a. Sebelum 15 hari bulan." in text.value["body"].source
    assert "<li" not in text.value["body"].source
    assert page.workflow_in_progress


def submit_by_keyboard(desk: OfficersDesk) -> None:
    """Choose "submit" below the form, again if an automatic save has just closed the menu."""
    for _ in range(3):
        desk.tab_to("footer .w-dropdown__toggle")
        desk.press(Keys.ENTER)
        desk.tab_to("[name=action-submit]")
        desk.press(Keys.ENTER)
        with suppress(TimeoutException):
            desk.wait(lambda _browser: desk.count(SUCCESS), seconds=20)
            return
    raise AssertionError("The page cannot be submitted by keyboard.")


def write_on_a_telephone(desk: OfficersDesk) -> None:
    """The same on a screen of 390 pixels."""
    desk.hold(TELEPHONE)
    desk.open("wagtailadmin_pages:add", "pages", "standardpage", home().pk)
    desk.write("title", SHORT)
    text = desk.add_block("Bahagian teks")
    desk.write(f"{text}-heading", "Di mana?")
    desk.write_text(f"{text}-body", "Di kaunter dan dalam talian.")
    assert not desk.is_too_wide()
    desk.look("on-a-telephone")
    desk.submit()
    assert StandardPage.objects.get(slug=f"{slugify(SHORT)}-2").workflow_in_progress


def draw_counter() -> Image.Image:
    """A picture of two people behind a counter."""
    picture = Image.new("RGB", (640, 360), "#dbeafe")
    pen = ImageDraw.Draw(picture)
    for x, colour in ((180, "#0f766e"), (420, "#312e81")):
        pen.ellipse((x - 40, 80, x + 40, 160), fill="#b45309")
        pen.rounded_rectangle((x - 70, 165, x + 70, 300), 40, fill=colour)
    pen.rectangle((40, 250, 600, 360), fill="#475569")
    return picture


def home() -> HomePage:
    return HomePage.objects.get(locale__language_code="ms")
