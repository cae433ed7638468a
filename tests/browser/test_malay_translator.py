"""A translator's tasks in the admin, all in Malay."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from wagtail.models import Locale
from wagtail_localize.models import Translation

from cms.pages.models import ProfilePage
from cms.snippets.models import Role
from tests.browser.malay_desk import MalayDesk

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def english(profile: ProfilePage) -> ProfilePage:
    return profile.get_translation(Locale.objects.get(language_code="en"))


def open_editor(desk: MalayDesk, page: ProfilePage) -> None:
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.find(".js-translation-editor li")


def test_translating(malay_desk: MalayDesk, english: ProfilePage) -> None:
    desk = malay_desk
    desk.enter("penterjemah")
    desk.look("dashboard")
    open_editor(desk, english)
    desk.look("translation")
    desk.press_button(".js-translation-editor li button")
    desk.look("translation-of-a-string")
    field = desk.find(".js-translation-editor li textarea")
    desk.screen.written += ["Our profile", field.text]
    field.clear()
    field.send_keys("Our profile")
    buttons = desk.browser.find_elements(By.CSS_SELECTOR, ".js-translation-editor li button")
    desk.browser.execute_script("arguments[0].click()", buttons[0])
    desk.look("translation-saved")
    desk.look_at_tabs("translation", ".js-translation-editor, .w-tabs")
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
    desk.find(".js-translation-editor li")
    desk.look("translation-of-an-entry")
