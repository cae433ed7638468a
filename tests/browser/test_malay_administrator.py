"""An administrator's tasks in the admin, all in Malay."""

from __future__ import annotations

from base64 import b32decode
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Locale, Site, Task, Workflow
from wagtail.snippets.models import get_snippet_models

from cms.editors.groups import OFFICER
from cms.pages.models import HomePage, ProfilePage
from tests.browser.malay_desk import PASSWORD, MalayDesk
from tests.login.codes import code, give_app

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

#: The URL names of reports, listings and forms.
SCREENS = (
    *("wagtailadmin_reports:locked_pages", "wagtailadmin_reports:workflow"),
    *("wagtailadmin_reports:workflow_tasks", "wagtailadmin_reports:site_history"),
    *("wagtailadmin_reports:aging_pages", "wagtailadmin_reports:page_types_usage"),
    *("wagtailadmin_workflows:index", "wagtailadmin_workflows:add"),
    *("wagtailadmin_workflows:task_index", "wagtailadmin_workflows:select_task_type"),
    *("wagtailadmin_collections:index", "wagtailadmin_collections:add"),
    *("wagtailusers_users:index", "wagtailusers_users:add"),
    *("wagtailusers_groups:index", "wagtailusers_groups:add", "wagtailsites:index"),
    *("wagtailsites:add", "wagtaillocales:index", "wagtaillocales:add"),
    *("wagtailredirects:index", "wagtailredirects:add", "wagtailredirects:start_import"),
    *("wagtailimages:index", "wagtailimages:add", "wagtaildocs:index", "wagtaildocs:add"),
    *("wagtaildocs:add_multiple", "wagtailadmin_account", "wagtailadmin_pages:search"),
    *("wagtailsnippets:index", "wagtail_localize:translations_report", "login_locks"),
)


@pytest.fixture
def objects(malay_desk: MalayDesk, profile: ProfilePage) -> dict[str, Any]:
    """One object of each kind that administrators manage."""
    collection = Collection.get_first_root_node().add_child(name="Koleksi contoh")
    image = get_image_model().objects.create(title="Gambar contoh", file=get_test_image_file())
    document = Document(title="Dokumen contoh")
    document.file.save("contoh.txt", get_test_image_file().file)
    site = Site.objects.first()
    redirect = Redirect.objects.create(old_path="/lama", redirect_page=profile, site=site)
    officer = User.objects.get(username="pegawai")
    profile.title = "Profil PERKESO"
    profile.save_revision(user=officer)
    profile.get_workflow().start(profile, officer)
    profile.locked, profile.locked_by = True, officer
    profile.save()
    malay_desk.screen.written += [
        *("Koleksi contoh", "Gambar contoh", "Dokumen contoh", "Profil PERKESO"),
        *("contoh.txt", "/lama", image.filename, document.filename),
    ]
    return {
        "wagtailadmin_collections": collection,
        "wagtailimages": image,
        "wagtaildocs": document,
        "wagtailsites": site,
        "wagtailredirects": redirect,
        "wagtaillocales": Locale.objects.get(language_code="en"),
        "wagtailusers_users": officer,
        "wagtailusers_groups": Group.objects.get(name=OFFICER.name),
        "wagtailadmin_workflows": Workflow.objects.first(),
    }


def test_all_listings_with_entries(malay_desk: MalayDesk, objects: dict[str, Any]) -> None:
    malay_desk.enter("pentadbir")
    for name in SCREENS:
        malay_desk.visit(name.replace(":", "-"), name)
    for model in get_snippet_models():
        views = model.snippet_viewset
        malay_desk.visit(f"list-of-{views.model_name}", views.get_url_name("list"))


def test_each_object(malay_desk: MalayDesk, objects: dict[str, Any], profile: ProfilePage) -> None:
    """The form of each object, and the confirmation before deletion."""
    desk = malay_desk
    desk.enter("pentadbir")
    for views, thing in objects.items():
        desk.visit(f"{views}-edit", f"{views}:edit", thing.pk)
        remove = "disable" if views == "wagtailadmin_workflows" else "delete"
        desk.visit(f"{views}-{remove}", f"{views}:{remove}", thing.pk)
    desk.visit("image-address", "wagtailimages:url_generator", objects["wagtailimages"].pk)
    desk.visit("image-usage", "wagtailimages:image_usage", objects["wagtailimages"].pk)
    desk.visit("user-usage", "wagtailusers_users:usage", objects["wagtailusers_users"].pk)
    desk.visit("user-history", "wagtailusers_users:history", objects["wagtailusers_users"].pk)
    task = Task.objects.first()
    desk.visit("task", "wagtailadmin_workflows:edit_task", task.pk)
    desk.visit("workflow-usage", "wagtailadmin_workflows:usage", Workflow.objects.first().pk)
    desk.visit("delete-with-children", "wagtailadmin_pages:delete", profile.get_parent().pk)


def test_second_factor(malay_desk: MalayDesk) -> None:
    """Set-up, the recovery codes with what JavaScript adds, and the page that asks for a code."""
    desk = malay_desk
    desk.enter("pentadbir")
    desk.open("second_factor_set_up")
    key = desk.find(".second-factor__key").text
    desk.screen.written += [key, "Aegis, Google Authenticator", "Microsoft Authenticator"]
    desk.look("second-factor")
    desk.find("input[name=code]").send_keys(code(b32decode(key.replace("-", "")).hex()))
    desk.click("main form [type=submit]")
    assert desk.find("#recovery-codes-print").is_displayed()
    codes = [
        item.text for item in desk.browser.find_elements(By.CSS_SELECTOR, "#recovery-codes li")
    ]
    desk.screen.written += codes
    desk.look("recovery-codes")
    desk.visit("account-with-second-factor", "wagtailadmin_account")
    desk.visit("new-recovery-codes", "second_factor_recovery_codes")
    officer = User.objects.get(username="pegawai")
    give_app(officer)
    desk.visit("reset-second-factor", "second_factor_reset", officer.pk)
    desk.browser.delete_cookie("sessionid")
    desk.open("wagtailadmin_login")
    desk.find("input[name=username]").send_keys("pentadbir", Keys.TAB, PASSWORD, Keys.ENTER)
    desk.find("input[name=code]").send_keys(codes[0])
    desk.look("code")
    desk.press(Keys.ENTER)
    desk.find(".w-dashboard")
    desk.look("after-recovery-code")


def test_bulk_actions(malay_desk: MalayDesk, objects: dict[str, Any]) -> None:
    desk = malay_desk
    desk.enter("pentadbir")
    for label, model, views, actions in (
        ("auth", "user", "wagtailusers_users", ("delete", "assign_role", "set_active_state")),
        ("wagtailimages", "image", "wagtailimages", ("delete", "add_tags", "add_to_collection")),
        ("wagtaildocs", "document", "wagtaildocs", ("delete", "add_tags", "add_to_collection")),
    ):
        for action in actions:
            desk.visit(
                f"many-{model}-{action}",
                "wagtail_bulk_action",
                *(label, model, action),
                query=f"?id={objects[views].pk}&next=/admin/",
            )


def test_form_errors(malay_desk: MalayDesk, tmp_path: Any) -> None:
    desk = malay_desk
    desk.enter("pentadbir")
    desk.open("wagtailusers_users:add")
    desk.find("input[name=email]").send_keys("bukan e-mel")
    desk.find("input[name=password1]").send_keys("12345")
    desk.find("input[name=password2]").send_keys("54321")
    _submit(desk, "user-mistakes")
    desk.open("wagtailusers_users:add")
    for name, text in (
        *(("username", "pegawai"), ("email", "a@example.test"), ("first_name", "Ali")),
        *(("last_name", "Bakar"), ("password1", "12345"), ("password2", "12345")),
    ):
        desk.find(f"input[name={name}]").send_keys(text)
    _submit(desk, "user-mistakes-in-password")
    for name in ("wagtailadmin_workflows:add", "wagtailsites:add", "wagtailredirects:add"):
        desk.open(name)
        _submit(desk, f"{name.replace(':', '-')}-mistakes")
    desk.open("wagtailredirects:start_import")
    file = tmp_path / "buruk.csv"
    file.write_text("a\n")
    desk.screen.written += ["buruk.csv"]
    desk.find("input[type=file]").send_keys(str(file))
    desk.press_button("main form [type=submit]")
    desk.wait(lambda _browser: desk.count("input[type=file]") == 0 or desk.count(".messages li"))
    desk.look("import")


def test_an_account(malay_desk: MalayDesk) -> None:
    desk = malay_desk
    desk.enter("pegawai")
    desk.open("wagtailadmin_account")
    desk.look_at_tabs("account", ".w-tabs")
    desk.find("#id_password-old_password")
    desk.type_over("#id_password-old_password", "salah")
    desk.type_over("#id_password-new_password1", "a")
    desk.type_over("#id_password-new_password2", "b")
    desk.press_button("main form [type=submit]")
    desk.find(".error-message:not(:empty)")
    desk.look("account-mistakes")
    assert User.objects.get(username="pegawai").check_password(PASSWORD)


def test_home_page(malay_desk: MalayDesk) -> None:
    desk = malay_desk
    desk.enter("pentadbir")
    home = HomePage.objects.get(locale__language_code="ms")
    desk.open("wagtailadmin_pages:edit", home.pk)
    desk.find("[data-contentpath=intro]")
    desk.look_at_choosers()
    desk.visit("privacy", "wagtailadmin_pages:edit", home.pk)
    desk.press_button("[data-side-panel-toggle=status]")
    desk.press_button("[data-a11y-dialog-show=set-privacy]")
    desk.wait(lambda _browser: desk.count("#set-privacy [name=restriction_type]"))
    desk.look("set-privacy")


def _submit(desk: MalayDesk, name: str) -> None:
    """Submit the form unchanged and read its errors."""
    desk.browser.execute_script(
        "document.querySelectorAll('form').forEach(form => { form.noValidate = true; })"
    )
    desk.press_button("main form button[type=submit], main form input[type=submit]")
    desk.find(".messages .error, .error-message:not(:empty)")
    desk.look(name)
