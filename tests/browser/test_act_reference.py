"""Insert references to Acts in the editor with the keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import translation
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from cms.pages.models import HomePage
from cms.snippets.models import Act
from tests.browser.desk import Desk
from tests.factories import ActFactory, HomePageFactory

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

EDITOR = "[data-contentpath='intro'] .public-DraftEditor-content"
REFERENCE = f"{EDITOR} .TooltipEntity"


class EditorDesk(Desk):
    """An officer in the editor of a page's introduction."""

    def choose_in_palette(self, description: str) -> None:
        """Open the editor's list of commands with a slash, filter it and choose the only match.

        The filter has no spaces, because a space closes the list.
        """
        self.press("/")
        self.wait(lambda _browser: self.count(".w-combobox__option") > 1)
        self.press(description.split()[-1])
        self.wait(lambda _browser: self.count(".w-combobox__option") == 1)
        self.press(Keys.ENTER)

    def tab_to(self, text: str) -> None:
        """Press the tab key until the element with `text` has the focus."""
        for _ in range(40):
            if self.browser.switch_to.active_element.text.strip() == text:
                return
            self.press(Keys.TAB)
        raise AssertionError(f"The tab key does not reach {text}.")

    def publish(self, words: str) -> None:
        """Publish once the form has `words`; the editor updates the form with a delay."""
        self.wait(lambda _browser: words in self.find("[name=intro]").get_attribute("value"))
        # The publish button in Wagtail's own menu of actions.
        button = self.find("[name=action-publish]")
        self.browser.execute_script("arguments[0].click()", button)
        self.find(".messages .success")


@pytest.fixture
def desk(page: HomePage, live_server: Any, browser: Chrome) -> EditorDesk:
    user = User.objects.create_superuser("pegawai", "pegawai@example.test", "rahsia-besar")
    UserProfile.objects.create(user=user, preferred_language="ms")
    desk = EditorDesk(browser, live_server.url)
    desk.log_in("pegawai", "rahsia-besar")
    return desk


@pytest.fixture
def act(db: None) -> Act:
    return ActFactory(title="Akta Keselamatan Sosial Pekerja 1969", number=4, year=1969)


@pytest.fixture
def page(db: None) -> HomePage:
    return HomePageFactory(locale=Locale.get_default(), intro="<p>Lihat sahaja.</p>")


def feature_name() -> str:
    with translation.override("ms"):
        return translation.gettext("Reference to an Act")


def stored(page: HomePage) -> str:
    page.refresh_from_db()
    return re.sub(r' data-block-key="\w+"', "", page.intro)


def test_a_reference_is_inserted_with_the_keyboard_and_shows_a_rename(
    desk: EditorDesk, page: HomePage, act: Act
) -> None:
    ActFactory(title="Akta Insurans Pekerjaan 2017", number=800, year=2017)
    ActFactory(title="Akta Draf 2030", number=900, year=2030, live=False)
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.click(EDITOR)
    desk.press(Keys.END, " Rujuk ")
    desk.choose_in_palette(feature_name())
    desk.find("[data-chooser-modal-choice]")
    assert "Akta Draf" not in desk.find(".modal-body").text
    desk.tab_to(act.title)
    desk.press(Keys.ENTER)
    desk.reads(REFERENCE, act.title)
    desk.wait(lambda _browser: desk.count(".modal-body") == 0)
    desk.wait(lambda _browser: desk.count(f"{EDITOR}:focus, {EDITOR} :focus") > 0)
    desk.press(" dan lain-lain.")
    desk.reads(EDITOR, f"Lihat sahaja. Rujuk {act.title} dan lain-lain.")
    desk.publish("lain-lain")
    reference = f'<a linktype="act" id="{act.translation_key}">{act.title}</a>'
    assert stored(page) == f"<p>Lihat sahaja. Rujuk {reference} dan lain-lain.</p>"

    renamed = "Akta Keselamatan Sosial Pekerja 1969 (Akta 4)"
    act.title = renamed
    act.save_revision().publish()
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.reads(REFERENCE, renamed)
    # A single backspace at the end of the reference removes it as a whole.
    desk.click(EDITOR)
    desk.press(Keys.END, *[Keys.ARROW_LEFT] * len(" dan lain-lain."), Keys.BACKSPACE)
    desk.wait(lambda _browser: desk.count(REFERENCE) == 0)
    desk.reads(EDITOR, "Lihat sahaja. Rujuk  dan lain-lain.")


def test_selected_words_become_the_title_and_keep_their_spaces(
    desk: EditorDesk, page: HomePage, act: Act
) -> None:
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.click(EDITOR)
    desk.press(Keys.HOME)
    # Select "Lihat " with its space.
    chain = ActionChains(desk.browser).key_down(Keys.SHIFT)
    for _ in "Lihat ":
        chain.send_keys(Keys.ARROW_RIGHT)
    chain.key_up(Keys.SHIFT).perform()
    desk.click(f".Draftail-ToolbarButton[aria-label^='{feature_name()}']")
    desk.click("[data-chooser-modal-choice]")
    desk.reads(REFERENCE, act.title)
    desk.reads(EDITOR, f"{act.title} sahaja.")


def test_a_reference_is_replaced_by_another(desk: EditorDesk, page: HomePage, act: Act) -> None:
    other = ActFactory(title="Akta Insurans Pekerjaan 2017", number=800, year=2017)
    HomePage.objects.filter(pk=page.pk).update(
        intro=f'<p>Lihat <a linktype="act" id="{act.translation_key}">akta</a> ini.</p>'
    )
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.click(REFERENCE)
    desk.click(".Tooltip__button")
    desk.wait(lambda browser: browser.find_element(By.LINK_TEXT, other.title)).click()
    desk.wait(lambda _browser: desk.count(".modal-body") == 0)
    desk.reads(EDITOR, f"Lihat {other.title} ini.")
    desk.publish(other.title)
    reference = f'<a linktype="act" id="{other.translation_key}">{other.title}</a>'
    assert stored(page) == f"<p>Lihat {reference} ini.</p>"


def test_a_deleted_act_does_not_break_the_editor(
    desk: EditorDesk, page: HomePage, act: Act
) -> None:
    intro = f'<p>Lihat <a linktype="act" id="{act.translation_key}">akta</a> ini.</p>'
    HomePage.objects.filter(pk=page.pk).update(intro=intro)
    act.delete()
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.reads(REFERENCE, "akta")
    desk.find(f"{REFERENCE} .icon-warning")
    desk.publish("akta")
    assert stored(page) == intro
