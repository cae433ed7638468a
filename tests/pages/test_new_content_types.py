"""Adding a content type takes three files: its model, its import and its test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("cms", "content", "locale", "templates", "tests", "manage.py", "pyproject.toml")

OFFICE = """
from typing import ClassVar

from django.db import models
from wagtail.api import APIField

from cms.snippets.models.base import SluggedSnippet
from cms.snippets.panels import tabbed, title_panel


class Office(SluggedSnippet):
    title = models.CharField(verbose_name="nama", max_length=255, help_text="Name.")

    edit_handler = tabbed([title_panel("title")])
    api_fields: ClassVar[list[APIField]] = [
        APIField("slug"), APIField("title"), APIField("working_translation")
    ]
    card_fields: ClassVar[list[str]] = ["slug", "title"]

    class Meta(SluggedSnippet.Meta):
        verbose_name = "pejabat"
        verbose_name_plural = "pejabat"

    def __str__(self) -> str:
        return self.title
"""
NOTICE = """
from typing import ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.api import APIField

from cms.pages.models.base import BasePage


class NoticePage(BasePage):
    words = models.TextField(verbose_name="kata", help_text="Words.")

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("words")]
    api_fields: ClassVar[list[APIField]] = [APIField("words"), *BasePage.api_fields]

    class Meta:
        verbose_name = "notis"
        verbose_name_plural = "notis"
"""
TEST_OFFICE = """
import factory
import pytest
from django.urls import reverse

from cms.snippets.models import Office
from tests.factories import LocalisedFactory


class OfficeFactory(LocalisedFactory):
    class Meta:
        model = Office

    title = "Pejabat Ipoh"


@pytest.mark.django_db
def test_an_office(client, admin_client):
    office = OfficeFactory()
    office.save_revision().publish()
    found = client.get("/api/v1/offices/pejabat-ipoh").json()
    assert (found["type"], found["title"]) == ("office", "Pejabat Ipoh")
    assert "/offices" in client.get("/api/v1/openapi.json").json()["paths"]
    viewset = Office.snippet_viewset
    for name, args in (("list", ()), ("add", ()), ("edit", (office.pk,))):
        page = admin_client.get(reverse(viewset.get_url_name(name), args=args))
        assert page.status_code == 200
        assert "Pejabat" in page.content.decode()
    preview = office.make_preview_request()
    assert "Pejabat Ipoh" in preview.rendered_content
"""
TEST_NOTICE = """
import pytest
from django.urls import reverse

from cms.pages.models import HomePage, NoticePage
from tests.factories import PageFactory, SiteFactory


class NoticePageFactory(PageFactory):
    class Meta:
        model = NoticePage

    words = "Tutup"


@pytest.mark.django_db
def test_a_notice(client, admin_client):
    SiteFactory()
    page = NoticePageFactory()
    page.save_revision().publish()
    found = client.get(f"/api/v1/pages/{page.translation_key}").json()
    assert (found["type"], found["words"]) == ("notice_page", "Tutup")
    home = HomePage.objects.get()
    for name, args in (
        ("add", ("pages", "noticepage", home.pk)), ("edit", (page.pk,)), ("view_draft", (page.pk,))
    ):
        assert admin_client.get(reverse(f"wagtailadmin_pages:{name}", args=args)).status_code == 200
"""
GENERAL_TESTS = ("tests/pages/test_content_types.py", "tests/contract/test_drafts_stay_private.py")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project in which a snippet and a page type have been added."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    for app, module, model, test in (
        ("snippets", "office", OFFICE, TEST_OFFICE),
        ("pages", "notice_page", NOTICE, TEST_NOTICE),
    ):
        name = {"office": "Office", "notice_page": "NoticePage"}[module]
        (tmp_path / "cms" / app / "models" / f"{module}.py").write_text(dedent(model))
        init = tmp_path / "cms" / app / "models" / "__init__.py"
        imported = f"from cms.{app}.models.{module} import {name}\n"
        init.write_text(f"{init.read_text()}\n{imported}")
        (tmp_path / "tests" / app / f"test_{module}.py").write_text(dedent(test))
    run(tmp_path, "manage.py", "makemigrations", "--settings", "cms.settings.test")
    return tmp_path


def run(project: Path, *arguments: str) -> str:
    """Run Python in the copy; returns its output. Fails if it fails."""
    environment = {**os.environ, "PYTHONPATH": str(project), "DATA_DIR": str(project / "var")}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.skipif(connection.vendor != "sqlite", reason="The files are the same.")
def test_three_files_are_enough(project: Path) -> None:
    run(project, "manage.py", "check", "--settings", "cms.settings.test")
    own = ("tests/snippets/test_office.py", "tests/pages/test_notice_page.py")
    wanted = "office or notice or Office or Notice"
    output = run(project, "-m", "pytest", "-q", *GENERAL_TESTS, *own, "-k", wanted)
    # The general tests cover both types, in addition to the types' own tests.
    assert int(output.rsplit(" passed", 1)[0].split()[-1]) > 20


@pytest.mark.skipif(connection.vendor != "sqlite", reason="The files are the same.")
def test_missing_parts_are_reported(project: Path) -> None:
    test = project / "tests" / "snippets" / "test_office.py"
    test.unlink()
    model = project / "cms" / "snippets" / "models" / "office.py"
    model.write_text(
        model.read_text().replace('APIField("slug"), APIField("title"), APIField(', "APIField(")
    )
    with pytest.raises(AssertionError) as failure:
        run(project, "-m", "pytest", "-q", GENERAL_TESTS[0], "-k", "Office")
    assert "Office has no factory: write a OfficeFactory in its own test" in str(failure.value)
    assert "card_fields of Office has slug, title" in str(failure.value)
