"""A communications officer's tasks in the admin, all in Malay."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from cms.pages.models import ProfilePage, StandardPage
from cms.snippets.models import Act
from tests.browser.malay_desk import MalayDesk

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

INVALID = (
    "[data-contentpath=sections] "
    ":is([aria-invalid=true], .w-field--error, .error-message:not(:empty))"
)
EDITOR = "[data-contentpath='intro'] .public-DraftEditor-content"


def test_logging_in_and_finding_a_page(malay_desk: MalayDesk, profile: ProfilePage) -> None:
    desk = malay_desk
    desk.visit("login", "wagtailadmin_login")
    desk.find("input[name=username]").send_keys("pegawai", Keys.TAB, "salah", Keys.ENTER)
    desk.find(".messages .error")
    desk.look("login-refused")
    desk.visit("forgotten-password", "wagtailadmin_password_reset")
    desk.find("input[name=email]").send_keys("pegawai@example.test", Keys.ENTER)
    desk.wait(lambda browser: browser.current_url.endswith("/done/"))
    desk.look("password-sent")
    desk.enter("pegawai")
    desk.look("dashboard")
    desk.press_button("[data-a11y-dialog-show=keyboard-shortcuts-dialog]")
    desk.look("keyboard-shortcuts")
    menus = desk.browser.find_elements(By.CSS_SELECTOR, ".sidebar-sub-menu-item > button")
    assert len(menus) > 1
    for number, menu in enumerate(menus):
        desk.browser.execute_script("arguments[0].click()", menu)
        desk.look(f"menu-{number}")
    desk.visit("explorer", "wagtailadmin_explore", profile.get_parent().pk)
    desk.visit("page-types", "wagtailadmin_pages:add_subpage", profile.get_parent().pk)
    desk.visit("page-search", "wagtailadmin_pages:search", query="?q=Profil")
    desk.screen.written.append("zzz")
    desk.visit("page-search-nothing", "wagtailadmin_pages:search", query="?q=zzz")


# Automatic saving would replace parts of the form between two steps.
@override_settings(WAGTAIL_AUTOSAVE_INTERVAL=0)
def test_editing_the_profile(malay_desk: MalayDesk, profile: ProfilePage) -> None:
    desk = malay_desk
    desk.enter("pegawai")
    desk.open("wagtailadmin_pages:edit", profile.pk)
    desk.find("[data-contentpath=sections]")
    desk.look("editor")
    for panel in ("status", "preview", "checks", "comments"):
        desk.press_button(f"[data-side-panel-toggle={panel}]")
        desk.look(f"side-panel-{panel}")
    desk.look_at_tabs("editor", ".w-tabs")
    for number in range(desk.count_blocks("sections")):
        desk.insert_block("sections", number)
    desk.look("editor-every-block")
    desk.look_at_choosers()
    _comment(desk)
    desk.type_over("[name=title]", "")
    # A draft may have gaps, but a submission may not: every added block is empty and shows an
    # error.
    desk.press_button("[name=action-submit]")
    desk.find(".messages .error")
    desk.wait(lambda _browser: desk.count(INVALID) > 3)
    desk.look("editor-errors")


def test_writing_a_page(malay_desk: MalayDesk, profile: ProfilePage) -> None:
    desk = malay_desk
    desk.enter("pegawai")
    desk.open(
        "wagtailadmin_pages:add", "pages", StandardPage._meta.model_name, profile.get_parent().pk
    )
    desk.find("[data-contentpath=body]")
    desk.look("new-page")
    for number in range(desk.count_blocks("body")):
        desk.insert_block("body", number)
    desk.look("new-page-every-block")
    desk.look_at_choosers()
    desk.visit("preview-of-the-page", "wagtailadmin_pages:view_draft", profile.pk)


def test_submitting_and_uploading(
    malay_desk: MalayDesk, profile: ProfilePage, tmp_path: Path
) -> None:
    desk = malay_desk
    desk.enter("pegawai")
    desk.open("wagtailadmin_pages:edit", profile.pk)
    desk.find("[data-contentpath=sections]")
    desk.press_button("[name=action-submit]")
    desk.find(".messages .success")
    desk.look("submitted")
    desk.visit("history", "wagtailadmin_pages:history", profile.pk)
    desk.visit("workflow-history", "wagtailadmin_pages:workflow_history", profile.pk)
    desk.visit("usage", "wagtailadmin_pages:usage", profile.pk)
    desk.visit("dashboard-with-work", "wagtailadmin_home")

    desk.visit("upload", "wagtailimages:add_multiple")
    picture = tmp_path / "gambar.png"
    picture.write_bytes(get_test_image_file().file.getvalue())
    desk.screen.written += ["gambar", "gambar.png"]
    desk.find("input[type=file]").send_keys(str(picture))
    desk.find("#upload-list form")
    desk.look("uploaded")
    bad = tmp_path / "bukan-imej.png"
    bad.write_text("x")
    desk.screen.written.append(bad.name)
    desk.find("input[type=file]").send_keys(str(bad))
    desk.wait(lambda _browser: desk.count("#upload-list > li") == 2)
    desk.wait(lambda _browser: desk.count("#upload-list .upload-failure"))
    desk.look("upload-refused")


def test_entries(malay_desk: MalayDesk) -> None:
    """Snippets: the list, a new one with errors, and the views of an existing one."""
    desk = malay_desk
    desk.enter("pegawai")
    views = "wagtailsnippets_snippets_act"
    act = Act.objects.get(number=4, locale__language_code="ms")
    desk.visit("acts", f"{views}:list")
    desk.visit("acts-none", f"{views}:list", query="?q=zzz")
    desk.visit("act-new", f"{views}:add")
    desk.type_over("[name=number]", "-1")
    desk.press_button("button.action-save")
    desk.find(".messages .error")
    desk.look("act-errors")
    for name in ("edit", "history", "usage", "delete"):
        desk.visit(f"act-{name}", f"{views}:{name}", act.pk)


def test_errors(
    malay_desk: MalayDesk, profile: ProfilePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = malay_desk
    desk.enter("pegawai")
    desk.browser.get(f"{desk.server}/admin/tiada/")
    desk.look("not-found-in-the-admin")
    desk.browser.get(f"{desk.server}/ms/tiada/")
    desk.look("not-found")
    desk.visit("not-allowed", "wagtailusers_users:index")
    desk.visit("page-not-allowed", "wagtailadmin_pages:delete", Page.get_first_root_node().pk)
    desk.browser.get(f"{desk.server}/admin/pages/%00/")
    desk.look("bad-address")

    desk.open("wagtailadmin_pages:edit", profile.get_parent().pk)
    desk.find("[data-contentpath=intro]")
    desk.browser.delete_cookie(settings.SESSION_COOKIE_NAME)
    desk.press_button("button.action-save")
    desk.find(".session-dialog iframe")
    desk.open("wagtailadmin_login")
    desk.look("log-in")
    desk.browser.execute_script(
        "document.querySelector('[name=csrfmiddlewaretoken]').value = 'x'.repeat(64)"
    )
    desk.find("input[name=username]").send_keys("pegawai", Keys.TAB, "x", Keys.ENTER)
    desk.wait(lambda _browser: desk.count("input[name=username]") == 0)
    desk.look("form-not-trusted")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("wagtail.admin.auth.get_user_model", fail, raising=False)
    monkeypatch.setattr("wagtail.admin.views.account.LoginView.get_context_data", fail)
    desk.open("wagtailadmin_login")
    desk.look("server-error")


def _comment(desk: MalayDesk) -> None:
    """Comment on the title and begin a reply.

    A new comment vanishes when it loses the focus, and so does the field for a reply. So each step
    is repeated until its result is there.
    """

    def begun(_browser: Chrome) -> bool:
        if not desk.count(".comment__input"):
            desk.try_to_press("[data-contentpath=title] [data-comment-add]")
        return desk.count(".comment__button--primary") > 0

    def saved(browser: Chrome) -> bool:
        if not desk.count(".comment__text") and begun(browser):
            desk.try_to_type_over(".comment__input", "Sila semak")
            desk.try_to_press(".comment__button--primary:enabled")
        return desk.count(".comment__text") > 0

    def replied(_browser: Chrome) -> bool:
        if not desk.try_to_type_over(".comment__reply-input", "Setuju"):
            desk.try_to_press(".comment__text")
        return desk.count(".comment__reply-actions .comment__button--primary:enabled") > 0

    desk.wait(begun)
    desk.look("comment-new")
    desk.wait(saved)
    desk.look("comment")
    desk.press_button(".comment-header__action--more summary, .comment-header__action--more")
    desk.look("comment-menu")
    desk.wait(replied)
    desk.look("comment-reply")


def test_links_in_a_text(malay_desk: MalayDesk, profile: ProfilePage) -> None:
    """The toolbar of a text and its dialogs."""
    desk = malay_desk
    desk.enter("pegawai")
    desk.open("wagtailadmin_pages:edit", profile.get_parent().pk)
    desk.click(EDITOR)
    desk.press("Baca lagi")
    desk.press("/")
    desk.wait(lambda _browser: desk.count(".w-combobox__option") > 3)
    desk.look("commands")
    desk.press(Keys.ESCAPE)
    for name in ("LINK", "DOCUMENT", "ACT"):
        desk.click(EDITOR)
        ActionChains(desk.browser).key_down(Keys.CONTROL).send_keys("a").key_up(
            Keys.CONTROL
        ).perform()
        desk.click(f".Draftail-ToolbarButton[name='{name}']")
        desk.look_at_dialog(f"text-{name.lower()}")
        if name == "LINK":
            _links(desk)
        desk.close_dialog()


def _links(desk: MalayDesk) -> None:
    """The other kinds of links, each with its form."""
    count = desk.count(".modal .link-types a")
    assert count >= 4
    for number in range(count):
        links = desk.browser.find_elements(By.CSS_SELECTOR, ".modal .link-types a")
        address = links[number].get_attribute("href")
        desk.browser.execute_script("arguments[0].click()", links[number])
        desk.wait(
            lambda browser, address=address: (
                address
                not in [
                    link.get_attribute("href")
                    for link in browser.find_elements(By.CSS_SELECTOR, ".modal .link-types a")
                ]
            )
        )
        desk.look(f"link-{number}")
