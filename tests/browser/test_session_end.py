"""A session that ends while an officer writes loses nothing."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from selenium.webdriver import Keys

from cms.pages.models import ProfilePage
from tests.browser.malay_desk import PASSWORD, SAVED, MalayDesk, draft_title

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def log_in_beside(desk: MalayDesk, name: str = "pegawai") -> None:
    """Log in in the dialog, by keyboard alone."""
    desk.browser.switch_to.frame(desk.find(".session-dialog iframe"))
    desk.find("input[name=username]").send_keys(name, Keys.TAB, PASSWORD, Keys.ENTER)
    desk.browser.switch_to.default_content()


def test_a_session_that_ends_while_someone_writes(
    malay_desk: MalayDesk, profile: ProfilePage
) -> None:
    desk = malay_desk
    desk.enter("pegawai")
    desk.open("wagtailadmin_pages:edit", profile.pk)
    title = desk.find("#id_title")
    title.send_keys("!")
    desk.find(SAVED)
    Session.objects.all().delete()
    title.send_keys(" baharu")
    desk.find(".session-dialog iframe")
    desk.look("session-ended")
    log_in_beside(desk)
    # The automatic save has waited, and is sent with the new log-in's token.
    desk.find(SAVED)
    assert draft_title(profile) == title.get_attribute("value")
    assert desk.count(".session-dialog") == 0

    title.send_keys("!")
    written = title.get_attribute("value")
    Session.objects.all().delete()
    desk.press_button(".action-save")
    log_in_beside(desk, "penerbit")
    # Another account does not go on unasked.
    desk.find("[data-answer=go-on]:not([hidden])")
    desk.look("session-of-another")
    desk.press_button("[data-answer=go-on]")
    desk.find(".messages .success")
    assert draft_title(profile) == written
