"""The pages run the admin's own scripts and no others."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.admin.widgets import AdminDateInput
from wagtail.snippets.models import get_snippet_models

from cms.pages.models import HomePage
from tests.factories import SiteFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


def browser(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(name, password="rahsia-besar"))
    return client


@pytest.fixture
def admin() -> Client:
    return browser("pentadbir")


def directives(response) -> dict[str, str]:
    policy = response["Content-Security-Policy"]
    return dict(part.split(" ", 1) for part in policy.split("; "))


def nonce_of(response) -> str:
    return re.search(r"'nonce-(\w+)'", directives(response)["script-src"])[1]


#: A script that a browser would run: neither from a file nor data.
INLINE = re.compile(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))([^>]*)>")


def screens() -> list[str]:
    page = StandardPageFactory()
    home = HomePage.objects.first()
    paths = [f"/admin/pages/{page.pk}/edit/", f"/admin/pages/{home.pk}/edit/", "/admin/"]
    paths += [f"/admin/pages/add/pages/profilepage/{home.pk}/", "/admin/login/"]
    paths += [
        f"/admin/snippets/{model._meta.app_label}/{model._meta.model_name}/add/"
        for model in get_snippet_models()
    ]
    return [*paths, "/admin/images/add/", "/admin/reports/site-history/", "/admin/images/"]


def test_every_inline_script_of_the_admin_has_the_nonce(admin):
    SiteFactory()
    marked = 0
    for path in screens():
        response = admin.get(path, follow=True)
        assert response.status_code == 200, path
        nonce = nonce_of(response)
        for attributes in INLINE.findall(response.text):
            assert f'nonce="{nonce}"' in attributes, f"{path}: <script{attributes}>"
            marked += 1
        # Those of blocks are within data, and run when the block is added.
        for attributes in re.findall(r"\\u003Cscript(.*?)\\u003E", response.text):
            if "src" not in attributes and "json" not in attributes:
                assert nonce in attributes, f"{path}: <script{attributes}>"
    assert marked > 5


def test_a_text_with_a_script_gets_no_nonce(admin):
    SiteFactory()
    script = "<script>alert(1)</script>"
    page = StandardPageFactory(title=script, summary=script)
    for path in (f"/admin/pages/{page.pk}/edit/", f"/admin/pages/{page.get_parent().pk}/"):
        text = admin.get(path, follow=True).text
        assert not re.search(r"<script[^>]*>alert", text)


def test_a_widget_marks_its_own_script_only():
    value = "<script>alert(1)</script>"
    html = AdminDateInput().render("date", value, {"id": "id_date"})
    assert html.count("<script") == html.count('<script nonce="') == 1
    assert "alert(1)&lt;/script" in html


def test_no_page_runs_what_it_does_not_serve(admin, client):
    SiteFactory()
    for response in (admin.get("/admin/"), client.get("/admin/login/"), client.get("/ms/tiada/")):
        found = directives(response)
        assert found["default-src"] == "'self'"
        assert "unsafe" not in found["script-src"]
        assert "http" not in response["Content-Security-Policy"]
        assert found["object-src"] == found["base-uri"] == "'none'"
        assert found["frame-ancestors"] == found["form-action"] == "'self'"
    assert directives(client.get("/ms/tiada/"))["script-src"] == "'self'"


def test_the_nonce_is_one_for_all_responses_to_an_account_and_unknown_to_others(admin):
    """The admin fetches parts of forms and puts them into a page that has an earlier nonce."""
    first = nonce_of(admin.get("/admin/"))
    assert nonce_of(admin.get("/admin/images/")) == first
    assert nonce_of(browser("lain").get("/admin/")) != first
    user = User.objects.get(username="pentadbir")
    user.set_password("lain-sekali")
    user.save()
    admin.force_login(user)
    assert nonce_of(admin.get("/admin/")) != first
    anonymous = Client()
    assert nonce_of(anonymous.get("/admin/login/")) != nonce_of(anonymous.get("/admin/login/"))


def test_a_view_keeps_a_policy_of_its_own(client):
    docs = client.get("/api/v1/docs")
    assert directives(docs)["frame-ancestors"] == "'none'"
    assert "script-src" not in directives(docs)
    assert "unsafe" not in directives(docs)["default-src"]
