"""Automatic saves miss nothing that an officer types."""

from __future__ import annotations

import pytest

from cms.pages.models import ProfilePage
from tests.browser.malay_desk import SAVED, MalayDesk, draft_title

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

#: Types when the answer to an automatic save has come, and Wagtail has not read it yet.
TYPE_BEFORE_THE_ANSWER_IS_READ = """
const send = window.fetch;
window.fetch = async (...args) => {
  const answer = await send(...args);
  window.fetch = send;
  const title = document.querySelector("#id_title");
  title.dispatchEvent(new InputEvent("beforeinput", { bubbles: true }));
  title.value += " dan seterusnya";
  return answer;
};
"""

#: The editors of rich text write their values anew while they start, which no one has edited.
CLICK_BEFORE_THE_WIDGETS_START = """
const click = () => {
  const title = document.querySelector("#id_title");
  const app = window.wagtail?.app;
  if (!app?.getControllerForElementAndIdentifier(title.form, "w-unsaved")) {
    setTimeout(click, 1);
    return;
  }
  title.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  title.click();
};
document.addEventListener("DOMContentLoaded", click);
"""


def test_text_typed_before_wagtail_watches_is_saved(
    malay_desk: MalayDesk, profile: ProfilePage
) -> None:
    desk = malay_desk
    desk.enter("pegawai")
    desk.open("wagtailadmin_pages:edit", profile.pk)
    title = desk.find("#id_title")
    title.send_keys("!")
    desk.find(SAVED)
    assert draft_title(profile) == title.get_attribute("value")

    desk.browser.execute_script(TYPE_BEFORE_THE_ANSWER_IS_READ)
    title.send_keys("?")
    desk.wait(lambda _browser: draft_title(profile).endswith("!? dan seterusnya"))
    assert draft_title(profile) == title.get_attribute("value")


def test_a_form_that_is_only_clicked_into_is_not_saved(
    malay_desk: MalayDesk, profile: ProfilePage
) -> None:
    desk = malay_desk
    desk.enter("pegawai")
    revisions = profile.revisions.count()
    desk.browser.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": CLICK_BEFORE_THE_WIDGETS_START}
    )
    desk.open("wagtailadmin_pages:edit", profile.pk)
    desk.browser.execute_async_script("setTimeout(arguments[0], 5000)")
    assert not desk.count(SAVED)
    assert profile.revisions.count() == revisions
