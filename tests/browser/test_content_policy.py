"""The content security policy lets the admin work, and stops scripts that are not its own."""

from __future__ import annotations

import pytest

from cms.pages.models import ProfilePage
from tests.browser.conftest import refused_scripts
from tests.browser.desk import Desk
from tests.browser.malay_desk import MalayDesk

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

#: Adds a script as an attacker's text would; the result tells whether it ran.
INJECT = """
window.ran = false;
const script = document.createElement("script");
script.text = "window.ran = true";
document.body.append(script);
return window.ran;
"""
#: Opens a date field, and counts the calendars that are visible.
CALENDARS = """
const field = document.querySelector("input[name$=-date], input[name*=_at]");
field.focus();
return document.querySelectorAll(".xdsoft_datetimepicker").length;
"""


@pytest.mark.usefixtures("content")
def test_an_injected_script_does_not_run_and_the_forms_own_do(
    live_server, browser, filled_database
) -> None:
    desk = MalayDesk(browser, live_server.url)
    desk.enter("pentadbir")
    profile = ProfilePage.objects.get(locale__language_code="ms")
    desk.open("wagtailadmin_pages:edit", profile.pk)
    desk.find("input[name=title]")
    assert desk.wait(lambda page: page.execute_script(CALENDARS)) > 0
    assert browser.execute_script(INJECT) is False
    # The fixture would report what was stopped here on purpose.
    assert len(refused_scripts(browser)) == 1


def test_the_description_of_the_api_is_shown(live_server, browser) -> None:
    browser.get(f"{live_server.url}/api/v1/docs")
    desk = Desk(browser, live_server.url)
    assert "PERKESO" in desk.find("#swagger-ui .title").text
