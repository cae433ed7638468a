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
COPIED = ("cms", "content", "docs", "locale", "templates", "tests", "manage.py", "pyproject.toml")

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
#: Lacks `slug` and `title` in its API, and a factory.
COUNTER = (
    OFFICE.replace("Office", "Counter")
    .replace("pejabat", "kaunter")
    .replace('APIField("slug"), APIField("title"), ', "")
)
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
#: By app: module, name and code of a model, and its test.
ADDED = (
    ("snippets", "office", "Office", OFFICE, TEST_OFFICE),
    ("snippets", "counter", "Counter", COUNTER, None),
    ("pages", "notice_page", "NoticePage", NOTICE, TEST_NOTICE),
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project in which two snippets and a page type have been added."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    for app, module, name, model, test in ADDED:
        (tmp_path / "cms" / app / "models" / f"{module}.py").write_text(dedent(model))
        init = tmp_path / "cms" / app / "models" / "__init__.py"
        imported = f"from cms.{app}.models.{module} import {name}\n"
        init.write_text(f"{init.read_text()}\n{imported}")
        if test:
            (tmp_path / "tests" / app / f"test_{module}.py").write_text(dedent(test))
    makemigrations = ("manage.py", "makemigrations", "--skip-checks")
    migrated = run(tmp_path, *makemigrations, "--settings", "cms.settings.test")
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy."""
    environment = {**os.environ, "PYTHONPATH": str(project), "DATA_DIR": str(project / "var")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="The files are the same.")
def test_three_files_are_enough_and_missing_parts_are_reported(project: Path) -> None:
    checked = run(project, "manage.py", "check", "--settings", "cms.settings.test")
    errors = [line for line in checked.stderr.splitlines() if "(wagtail_delivery.E" in line]
    assert errors, checked.stderr
    assert all(line.startswith("snippets.Counter: ") for line in errors), errors
    own = ("tests/snippets/test_office.py", "tests/pages/test_notice_page.py")
    wanted = "office or notice or counter"
    done = run(project, "-m", "pytest", "-q", "-rfE", *GENERAL_TESTS, *own, "-k", wanted)
    output = done.stdout[-8000:] + done.stderr[-2000:]
    summary = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    assert summary, output
    assert all("ounter" in line for line in summary), output
    # The general tests cover both whole types, in addition to the types' own tests.
    assert int(done.stdout.rsplit(" passed", 1)[0].split()[-1]) > 20
    assert "Counter has no factory: write a CounterFactory in its own test" in done.stdout
    assert "card_fields of Counter has slug, title" in done.stdout
