"""A translator's and a reviewer's day by keyboard alone, and what assistive technology gets."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale
from wagtail_localize.models import Translation
from wagtail_localize.operations import translate_object

from cms.handbook.reading import TRANSLATORS
from cms.pages.models import HomePage, StandardPage
from tests.browser.handbook_pictures import pictures
from tests.browser.officers_desk import DESKTOP, SUCCESS, TELEPHONE
from tests.browser.translators_desk import TranslatorsDesk
from wagtail_localize_desk.models import TranslatedString

# The server runs in another thread, so its data must be committed.
pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.serial,
]

TITLE = "Sistem saraan"
SIMILAR = "PERKESO telah melaksanakan sistem saraannya sendiri iaitu Sistem Saraan Baru PERKESO."
REMEMBERED = "SOCSO introduced a remuneration system of its own, the SOCSO New Remuneration System."
TWICE = "Cara membayar"
ONLINE = "Bayaran dibuat dalam talian."
BODY = [
    (TWICE, f"<p>{SIMILAR}</p><p>Baca <b>panduan caruman</b> sebelum membayar.</p>"),
    (TWICE, f"<p>{ONLINE}</p>"),
]
WORDS = [TITLE, SIMILAR, REMEMBERED, TWICE, "panduan caruman", ONLINE]
REVIEW = "#whole-comment"
PUBLISH = ".desk-footer button[value=publish]"
NAMES = [
    "Tajuk",
    "Bahagian teks › Tajuk bahagian",
    "Bahagian teks › Teks",
    "Bahagian teks › Teks",
    "Bahagian teks › Tajuk bahagian",
    "Bahagian teks › Teks",
    "Slug",
]
SENT_BACK = 3
WORDS += [
    SIMILAR.removeprefix("PERKESO telah "),
    "sebelum membayar.",
    "sistem-saraan",
    "Remuneration system",
]
PICTURE = ("Ibu pejabat", "Menara kaca di tepi taman")
WORDS += [*PICTURE, "Head office", "A tower of glass beside a park"]
WORDS += [
    "Betulkah istilah ini?",
    "Sebut nama sistem dahulu.",
    SIMILAR[:59],
    "How to pay",
    "Payment is made online.",
]


@pytest.fixture
def desk(content: None, live_server: Any, browser: Chrome) -> Iterator[TranslatorsDesk]:
    desk = TranslatorsDesk(browser, live_server.url)
    desk.hold(DESKTOP)
    desk.screen.written[:0] = WORDS
    yield desk
    assert not desk.foreign, "\n".join(
        f"{name}: {text}" for name, texts in desk.foreign.items() for text in texts
    )


@pytest.fixture
def page(content: None) -> StandardPage:
    """The English draft of a Malay page that was submitted for translation."""
    home = HomePage.objects.get(locale__language_code="ms")
    body = [
        {"type": "text", "id": str(uuid.uuid4()), "value": {"heading": heading, "body": text}}
        for heading, text in BODY
    ]
    source = home.add_child(
        instance=StandardPage(
            title=TITLE, slug="sistem-saraan", locale=home.locale, body=json.dumps(body), live=False
        )
    )
    source.save_revision().publish()
    english = Locale.objects.get(language_code="en")
    translate_object(StandardPage.objects.get(pk=source.pk), [english])
    return StandardPage.objects.get(locale=english, translation_key=source.translation_key)


def test_a_translation_from_the_dashboard_to_the_public(
    desk: TranslatorsDesk, page: StandardPage
) -> None:
    desk.log_in_by_keyboard("penterjemah")
    desk.picture("dashboard")
    open_from_dashboard(desk, page)
    desk.picture("screen")
    translate(desk)
    finish(desk, page)
    review(desk, page)
    correct(desk, page)
    approve_the_rest(desk)
    page.refresh_from_db()
    assert page.live
    assert page.title == "Remuneration system"
    assert {row.state for row in strings(page)} == {"approved"}
    translate_picture(desk, page)
    assert sorted(desk.handbook.names) == sorted(pictures(TRANSLATORS))


def test_nothing_on_the_screens_is_out_of_reach(
    desk: TranslatorsDesk, page: StandardPage, settings: LazySettings
) -> None:
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {
        "CLASS": "wagtail_localize.machine_translators.dummy.DummyTranslator"
    }
    desk.enter("penterjemah")
    translation = Translation.objects.get(source__object_id=page.translation_key)
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.listen()
    show_everything(desk)
    assert desk.unnamed_controls() == []
    assert desk.violations(".desk-screen") == []
    for opener, dialog in (("showHelp", "help"), ("showMemory:prevent", "memory")):
        desk.press_button(f"[data-action='desk-screen#{opener}']")
        assert desk.violations(f"[data-desk-screen-target={dialog}]") == []
        desk.press(Keys.ESCAPE)
    desk.press_button("a[id$=-history]")
    desk.find("dialog[open] .desk-history")
    assert desk.violations("[data-desk-screen-target=history]") == []
    first = TranslatedString.objects.get(object_key=page.translation_key, path="title")
    for name, arguments, query in (
        ("strings", (), "?state="),
        ("memory", (), "?q=saraan"),
        ("similar_strings", (first.pk,), ""),
        ("spread_string", (first.pk,), ""),
        ("string_history", (first.pk,), ""),
    ):
        desk.open(f"wagtail_localize_desk:{name}", *arguments, query=query)
        desk.find(".nice-padding")
        assert desk.violations(".nice-padding") == [], name
    desk.enter("penerbit")
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.listen()
    assert desk.unnamed_controls() == []
    assert desk.violations(".desk-screen") == []
    desk.open("wagtail_localize_desk:review", translation.pk)
    desk.find(REVIEW)
    assert desk.violations(".nice-padding") == []
    desk.hold(TELEPHONE)
    comments = desk.browser.find_elements(By.CSS_SELECTOR, "textarea[name^=comment-]")
    assert [field.is_displayed() for field in comments] == [True] * len(NAMES)


def test_publishing_saves_what_was_written_or_does_nothing(
    desk: TranslatorsDesk, page: StandardPage, settings: LazySettings
) -> None:
    settings.REVIEW_BY_SECOND_PERSON = False
    settings.WAGTAIL_LOCALIZE_DESK_REVIEW_BY_SECOND_PERSON = False
    desk.enter("penerbit")
    desk.open("wagtailadmin_pages:edit", page.pk, query="#to-do")
    desk.listen()
    desk.stands_at(f"1. {NAMES[0]}")
    desk.press("Remuneration system")
    is_asked_about_untranslated_texts(desk, page)
    for number, name in enumerate(NAMES[1:-1], start=2):
        desk.stands_at(f"{number}. {name}")
        desk.press(Keys.F2)
        save_and_next(desk)
    desk.stands_at("7. Slug")
    desk.press("remuneration-system")
    desk.go_to_string(4)
    desk.write_here("Without its piece.")
    desk.tab_to(PUBLISH)
    desk.press(Keys.ENTER)
    desk.hears("Tidak dilakukan: 1 teks")
    desk.stands_at("4. Bahagian teks › Teks")
    page.refresh_from_db()
    assert not page.live
    desk.press(Keys.F2)
    desk.tab_to(PUBLISH)
    desk.press(Keys.ENTER)
    desk.hears("telah diterbitkan")
    assert desk.here == "button"
    page.refresh_from_db()
    assert (page.live, page.slug) == (True, "remuneration-system")
    assert {row.state for row in strings(page)} == {"translated"}
    assert desk.unnamed_controls() == []
    assert desk.violations(".desk-screen") == []


def is_asked_about_untranslated_texts(desk: TranslatorsDesk, page: StandardPage) -> None:
    """What was written is saved, and a page lists the rest; nothing is published."""
    desk.tab_to(PUBLISH)
    desk.press(Keys.ENTER)
    back = "a.button-secondary[href$='/publish/']"
    desk.find(back)
    desk.look("untranslated")
    listed = desk.find(".nice-padding dl").text
    assert (SIMILAR in listed, TITLE in listed) == (True, False)
    desk.follow(back)
    desk.listen()
    assert not StandardPage.objects.get(pk=page.pk).live
    desk.hold_down(Keys.ALT, Keys.END)


def test_what_has_changed_is_selected_in_the_old_translation(
    desk: TranslatorsDesk, page: StandardPage
) -> None:
    for source, made_from, words in (
        (TITLE, "Sistem saraan 2024", "Remuneration system 2024"),
        (SIMILAR, "PERKESO mempunyai sistem saraannya sendiri.", "SOCSO has its own system."),
        (ONLINE, f"{ONLINE} Bawa wang.", "Payment is made online. Bring money."),
    ):
        rows = TranslatedString.objects.filter(object_key=page.translation_key, source_words=source)
        assert rows.update(
            words=words, made_from=made_from, state="needs_review", reason="source_changed"
        )
    desk.enter("penterjemah")
    desk.open("wagtailadmin_pages:edit", page.pk, query="#to-do")
    desk.listen()
    desk.stands_at("1. Tajuk")
    desk.wait(lambda _browser: "Dipilih" in desk.status and "2024" in desk.status)
    desk.press("2026")
    assert desk.text == "Remuneration system 2026"
    go_down(desk, 2)
    desk.hears("3.", "Bahagian yang dipilih mungkin perlu diubah")
    desk.press("SOCSO has introduced its own remuneration system.")
    assert desk.text == "SOCSO has introduced its own remuneration system."
    # One of its two sentences stands in the source as before.
    go_down(desk, 3)
    desk.hears("6.", "Bahagian yang dipilih mungkin perlu diubah")
    desk.press(Keys.BACKSPACE)
    assert desk.text == "Payment is made online. "
    # A key that moves the caret keeps what is selected.
    desk.hold_down(Keys.CONTROL, "z")
    desk.press(Keys.ARROW_RIGHT, "!")
    assert desk.text == "Payment is made online. Bring money.!"


def go_down(desk: TranslatorsDesk, steps: int) -> None:
    """Go to a string below, by its key."""
    for _step in range(steps):
        desk.hold_down(Keys.ALT, Keys.PAGE_DOWN)


def open_from_dashboard(desk: TranslatorsDesk, page: StandardPage) -> None:
    """Open the translation that waits, at what is to do."""
    desk.follow(f"#main a[href$='/pages/{page.pk}/edit/#to-do']")
    desk.listen()


def translate(desk: TranslatorsDesk) -> None:
    """Translate string after string, with all that helps."""
    desk.stands_at("1. Tajuk")
    desk.wait(lambda _browser: "1. Tajuk, Belum diterjemahkan" in desk.status)
    desk.press("Remuneration system")
    save_and_next(desk)
    desk.stands_at("2. Bahagian teks › Tajuk bahagian")
    desk.hears("Disimpan: 1. Tajuk.", "2. Bahagian teks › Tajuk bahagian, Belum diterjemahkan")
    copy_the_source_and_fill_in_elsewhere(desk)
    take_from_the_memory(desk)
    write_a_protected_piece(desk)
    desk.stands_at("5. Bahagian teks › Tajuk bahagian")
    assert desk.text == "How to pay"
    save_and_next(desk)
    desk.stands_at("6. Bahagian teks › Teks")
    comment(desk)
    desk.press("Payment is made online.")
    save_and_next(desk)
    desk.stands_at("7. Slug")
    desk.press("remuneration-system")
    save_and_next(desk)
    desk.hears("Disimpan: 7. Slug.", "Tiada lagi rentetan")
    desk.stands_at("7. Slug")


def copy_the_source_and_fill_in_elsewhere(desk: TranslatorsDesk) -> None:
    desk.press(Keys.F2)
    desk.hears("Sumber telah disalin ke dalam 2.")
    assert desk.text == TWICE
    desk.write_here("How to pay")
    save_and_next(desk)
    desk.stands_at("3. Bahagian teks › Teks")
    desk.hears("Disimpan: 2.", "Teks yang sama belum diterjemahkan di 1 tempat lain.", "3.")
    desk.picture("elsewhere", ".desk-elsewhere")
    desk.press(Keys.F9)
    desk.hears("diisi di 1 tempat lain")
    desk.stands_at("3. Bahagian teks › Teks")
    # The other place is on this screen, and shows it at once.
    desk.wait(lambda _browser: desk.count(".desk-string--needs_review") == 1)


def take_from_the_memory(desk: TranslatorsDesk) -> None:
    desk.find(".desk-offer")
    desk.picture("memory", ".desk-offer")
    desk.hold_down(Keys.ALT, ".")
    desk.hears("Dimasukkan ke dalam 3.", "% serupa")
    assert desk.text == REMEMBERED
    desk.hold_down(Keys.ALT, ",")
    desk.find("dialog[open] #desk-memory-q")
    desk.press("moto", Keys.ENTER)
    desk.find("dialog[open] .desk-pair mark")
    desk.picture("search")
    desk.press(Keys.ESCAPE)
    desk.stands_at("3. Bahagian teks › Teks")
    save_and_next(desk)


def write_a_protected_piece(desk: TranslatorsDesk) -> None:
    """A text without its piece is refused, and stays; then the piece is inserted."""
    desk.stands_at("4. Bahagian teks › Teks")
    desk.press("Read the guide.")
    desk.hold_down(Keys.CONTROL, "s")
    desk.hears("Tidak disimpan: 4.", "{1}…{/1}")
    desk.stands_at("4. Bahagian teks › Teks")
    desk.picture("piece", ".desk-string__field[aria-invalid=true]")
    assert desk.text == "Read the guide."
    assert desk.browser.switch_to.active_element.get_attribute("aria-invalid") == "true"
    desk.write_here("Read the ")
    desk.press(Keys.F4)
    desk.hears("{1}…{/1} disisipkan.")
    desk.press("contribution guide", Keys.END, " before paying.")
    assert desk.text == "Read the {1}contribution guide{/1} before paying."
    save_and_next(desk)


def comment(desk: TranslatorsDesk) -> None:
    desk.tab_to(".desk-comments summary")
    desk.press(Keys.ENTER)
    desk.tab_to(".desk-comments__field")
    desk.press("Betulkah istilah ini?")
    desk.tab_to("button[id$=-say]")
    desk.press(Keys.ENTER)
    desk.hears("Komen ditambah: 6.")
    desk.stands_at("6. Bahagian teks › Teks")
    assert desk.unnamed_controls() == []


def finish(desk: TranslatorsDesk, page: StandardPage) -> None:
    """Send the translation to its reviewers."""
    stored = strings(page)
    assert {row.state for row in stored} == {"translated"}
    assert {row.source_words: row.method for row in stored}[SIMILAR] == "memory"
    send_to_review(desk)
    desk.picture("ready")
    page.refresh_from_db()
    assert page.workflow_in_progress


def review(desk: TranslatorsDesk, page: StandardPage) -> None:
    """Approve all strings but one, which goes back with a comment."""
    desk.log_in_by_keyboard("penerbit")
    desk.look("to-review")
    desk.follow("#main a[href*='localize-desk/translations/']")
    desk.find(REVIEW)
    desk.picture("review")
    desk.follow(f"#main a[href$='/pages/{page.pk}/edit/']")
    desk.listen()
    go_down(desk, 1)
    for number, name in enumerate(NAMES, start=1):
        desk.stands_at(f"{number}. {name}")
        if number == SENT_BACK:
            send_back(desk)
            go_down(desk, 1)
            continue
        desk.press(Keys.F8)
        # The focus goes on, and what was sent back is nobody's to approve now.
        following = f"{number + 1}." if number < len(NAMES) else "Tiada lagi rentetan"
        desk.hears(f"Diluluskan: {number}.", following)
    desk.stands_at(f"{len(NAMES)}. {NAMES[-1]}")
    desk.picture("approve", ".desk-comments[open]")
    desk.follow(".desk-locales a[href*='localize-desk/translations/']")
    desk.find(REVIEW)
    desk.tab_to("#whole-comment")
    desk.press("Sila betulkan satu rentetan.")
    desk.tab_to("button[value=return]")
    desk.press(Keys.ENTER)
    desk.find(SUCCESS)


def send_back(desk: TranslatorsDesk) -> None:
    desk.tab_to(".desk-comments summary")
    desk.press(Keys.ENTER)
    desk.tab_to(".desk-comments__field")
    desk.press("Sebut nama sistem dahulu.")
    desk.tab_to("button[id$=-back]")
    desk.press(Keys.ENTER)
    desk.hears(f"Dikembalikan: {SENT_BACK}.")
    desk.stands_at(f"{SENT_BACK}. {NAMES[SENT_BACK - 1]}")


def correct(desk: TranslatorsDesk, page: StandardPage) -> None:
    """Find the string that came back, and send the whole again."""
    desk.log_in_by_keyboard("penterjemah")
    open_from_dashboard(desk, page)
    desk.stands_at(f"{SENT_BACK}. {NAMES[SENT_BACK - 1]}")
    desk.write_here("The SOCSO New Remuneration System is SOCSO's own remuneration system.")
    # It is saved first.
    send_to_review(desk)
    assert any("own remuneration system" in row.words for row in strings(page))


def send_to_review(desk: TranslatorsDesk) -> None:
    """End the work by its key."""
    keys = ActionChains(desk.browser).key_down(Keys.CONTROL).key_down(Keys.SHIFT)
    keys.send_keys(Keys.ENTER).key_up(Keys.SHIFT).key_up(Keys.CONTROL).perform()
    desk.find(SUCCESS)


def approve_the_rest(desk: TranslatorsDesk) -> None:
    """Approve what is left on the page of the review, which publishes it."""
    desk.log_in_by_keyboard("penerbit")
    desk.follow("#main a[href*='localize-desk/translations/']")
    desk.find(REVIEW)
    desk.tab_to("button[value=approve]")
    desk.press(Keys.ENTER)
    desk.find(SUCCESS)


def translate_picture(desk: TranslatorsDesk, page: StandardPage) -> None:
    """The texts of a picture come up as work of their own, and the public page shows them."""
    show_picture(page)
    desk.log_in_by_keyboard("penterjemah")
    desk.follow("#main a[href*='/filetexts/edit/'][href$='#to-do']")
    desk.listen()
    desk.stands_at("1. Tajuk")
    desk.press("Head office")
    save_and_next(desk)
    desk.stands_at("2. Perihalan")
    desk.press("A tower of glass beside a park")
    desk.picture("library", ".desk-string")
    send_to_review(desk)
    assert social_image(page)["alt"] == PICTURE[1]
    approve_the_rest(desk)
    shown = social_image(page)
    assert (shown["title"], shown["alt"]) == ("Head office", "A tower of glass beside a park")


def show_picture(page: StandardPage) -> None:
    """Publish the page in both languages with a picture."""
    source = page.get_translations().get(locale__language_code="ms").specific
    source.social_image = get_image_model().objects.create(
        title=PICTURE[0], description=PICTURE[1], file=get_test_image_file()
    )
    source.save_revision().publish()
    Translation.objects.get(source__object_id=page.translation_key).save_target(publish=True)


def social_image(page: StandardPage) -> Any:
    """The picture of the public English page."""
    response = Client().get(f"/api/v1/pages/{page.translation_key}", {"locale": "en"})
    return response.json()["social_image"]


def show_everything(desk: TranslatorsDesk) -> None:
    """A row for each thing that a row can show: offers, a refusal, a draft, and what is told."""
    field = "textarea[id^=string-][id$=-text]"
    fields = desk.browser.find_elements(By.CSS_SELECTOR, field)
    for number, text in ((1, "How to pay"), (2, "Satu 1 dua 2."), (3, "Read the guide.")):
        fields[number].send_keys(text)
        desk.hold_down(Keys.CONTROL, "s")
        fields = desk.browser.find_elements(By.CSS_SELECTOR, field)
        desk.hears("isimpan")
    desk.find(".desk-elsewhere form")
    desk.find(".desk-findings")
    desk.find("[aria-invalid=true]")
    fields = desk.browser.find_elements(By.CSS_SELECTOR, field)
    fields[0].send_keys("x")
    desk.find(".desk-string__draft:not([hidden])")
    for link in desk.browser.find_elements(By.CSS_SELECTOR, "a[id$=-similar]"):
        desk.click_on(link)
    desk.find(".desk-offer")
    for summary in desk.browser.find_elements(By.CSS_SELECTOR, ".desk-comments summary"):
        desk.click_on(summary)


def save_and_next(desk: TranslatorsDesk) -> None:
    desk.hold_down(Keys.CONTROL, Keys.ENTER)


def strings(page: StandardPage) -> list[TranslatedString]:
    return list(
        TranslatedString.objects.filter(object_key=page.translation_key, number__isnull=False)
    )
