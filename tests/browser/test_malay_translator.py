"""A translator's tasks in the admin, all in Malay."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from selenium.webdriver import Keys
from wagtail.models import Locale
from wagtail_localize.models import Translation

from cms.pages.models import ProfilePage
from cms.snippets.models import Role
from tests.browser.malay_desk import MalayDesk

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


DUMMY = "wagtail_localize.machine_translators.dummy.DummyTranslator"


@pytest.fixture
def english(profile: ProfilePage) -> ProfilePage:
    return profile.get_translation(Locale.objects.get(language_code="en"))


def open_editor(desk: MalayDesk, page: ProfilePage) -> None:
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.find(".desk-screen--with-script .desk-string")


def test_translating(malay_desk: MalayDesk, english: ProfilePage, settings: LazySettings) -> None:
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": DUMMY}
    desk = malay_desk
    desk.enter("penterjemah")
    desk.look("dashboard")
    open_editor(desk, english)
    desk.look("translation")
    desk.screen.written += ["Our profile"]
    desk.type_over(".desk-string__field", "Our profile")
    desk.press_button(".desk-string button[type=submit]")
    desk.find(".desk-string--translated")
    desk.look("translation-saved")
    desk.press_button(".desk-string a[id$=history]")
    desk.find("dialog[open] .desk-history")
    desk.look("history-of-a-string")
    desk.press_button("dialog[open] form[method=dialog] button")
    desk.press_button(".desk-string a[id$=similar]")
    desk.find(".desk-string .desk-offers > li")
    desk.look("similar-translations")
    desk.press_button("[data-action='desk-screen#showMemory:prevent']")
    desk.find("dialog[open] #desk-memory-q").send_keys("profile", Keys.ENTER)
    desk.find("dialog[open] .desk-pair mark")
    desk.look("memory")
    desk.press(Keys.ESCAPE)
    desk.press_button("[data-action='desk-screen#showHelp']")
    desk.look("shortcuts")
    desk.press(Keys.ESCAPE)
    desk.press_button(".desk-string button[value=remove]")
    desk.find(".desk-string--untranslated")
    open_editor(desk, english)
    desk.press_button("form[action*='machine'] button")
    desk.find(".messages li")
    desk.find(".desk-string--needs_review")
    desk.look("translated-by-a-machine")
    desk.visit("memory-page", "wagtail_localize_desk:memory", query="?q=profile")
    desk.visit("strings-to-translate", "wagtail_localize_desk:strings", query="?state=")
    desk.visit("translations", "wagtail_localize:translations_report")


def test_submitting_for_translation(
    malay_desk: MalayDesk, profile: ProfilePage, english: ProfilePage
) -> None:
    desk = malay_desk
    desk.enter("pentadbir")
    desk.visit("submit-for-translation", "wagtail_localize:submit_page_translation", profile.pk)
    role = Role.objects.filter(locale__language_code="ms").first()
    desk.visit(
        "submit-an-entry",
        "wagtail_localize:submit_snippet_translation",
        *("snippets", "role", role.pk),
    )
    translation = Translation.objects.filter(
        source__object_id=profile.translation_key, target_locale__language_code="en"
    ).get()
    desk.visit("updating", "wagtail_localize:update_translations", translation.source.pk)
    open_editor(desk, english)
    desk.look("translation-with-all-rights")
    desk.visit("alias", "wagtail_localize:convert_to_alias", english.pk)
    entry = role.get_translation(Locale.objects.get(language_code="en"))
    desk.open("wagtailsnippets_snippets_role:edit", entry.pk)
    desk.find(".desk-screen--with-script .desk-string")
    desk.look("translation-of-an-entry")
