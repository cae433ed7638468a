"""Hard-coded English in other packages' templates is translated."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template import Engine
from django.template.loader import get_template
from django.template.loaders.app_directories import Loader as AppDirectoriesLoader
from django.test import Client
from django.utils.translation import override
from wagtail.admin.forms.search import SearchForm
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.users.models import UserProfile

from cms.admin_language.template_loader import REPLACEMENTS, SCRIPTS

pytestmark = pytest.mark.django_db


def screen(path: str) -> Callable[[str], str]:
    """Reads the page at `path` with an account that uses the given language."""

    def read(language: str) -> str:
        user = User.objects.create_superuser("pentadbir", "p@example.test", "rahsia")
        UserProfile.objects.create(user=user, preferred_language=language)
        client = Client()
        client.force_login(user)
        return client.get(path).content.decode()

    return read


def rendered(template: str, **context: Any) -> Callable[[str], str]:
    def read(language: str) -> str:
        with override(language):
            return get_template(template).render(context)

    return read


COUNTER = rendered(
    "wagtailadmin/shared/side_panel_toggle.html",
    toggle={"has_counter": True, "icon_name": "comment"},
    count=None,
)


def image_chooser(language: str) -> str:
    get_image_model().objects.create(title="Bangunan", file=get_test_image_file())
    return screen("/admin/images/chooser/results/?multiple=1")(language)


EMBED = SimpleNamespace(url="", title="", provider_name="Tiub", author_name="Aminah")
#: Template name to a way to read it, and patterns expected in Malay and in English.
EXPECTED = {
    "wagtailadmin/home.html": (screen("/admin/"), 'value="Cari"', 'value="Search"'),
    "wagtailadmin/shared/header.html": (
        rendered(
            "wagtailadmin/shared/header.html",
            search_url="wagtailadmin_pages:search",
            search_form=SearchForm(),
        ),
        'value="Cari"',
        'value="Search"',
    ),
    "wagtailadmin/shared/headers/_actions.html": (
        rendered("wagtailadmin/shared/headers/_actions.html"),
        '<nav aria-label="Tindakan"',
        '<nav aria-label="Actions"',
    ),
    "wagtailadmin/shared/user_avatar.html": (
        rendered("wagtailadmin/shared/user_avatar.html", user=None, username=""),
        r"\bsistem\b",
        r"\bthe system\b",
    ),
    "wagtailadmin/shared/side_panel_toggle.html": (COUNTER, "", ""),
    "wagtailadmin/tables/boolean_cell.html": (
        rendered("wagtailadmin/tables/boolean_cell.html", value=True),
        r">\s*ya\s*<",
        r">\s*yes\s*<",
    ),
    "wagtailimages/chooser/results.html": (
        image_chooser,
        '<label title="Pilih Bangunan"',
        '<label title="Select Bangunan"',
    ),
    "wagtailembeds/embed_editor.html": (
        rendered("wagtailembeds/embed_editor.html", embed=EMBED),
        r"Penyedia: Tiub.*Pengarang: Aminah",
        r"Provider: Tiub.*Author: Aminah",
    ),
    "wagtaillocales/index.html": (screen("/admin/locales/"), r"\b0 halaman\b", r"\b0 pages\b"),
}


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("template", REPLACEMENTS)
def test_a_patched_template_is_in_the_active_language(template, language):
    read, malay, english = EXPECTED[template]
    own, other = (malay, english) if language == "ms" else (english, malay)
    text = read(language)
    assert re.search(own, text, re.DOTALL)
    assert not other or not re.search(other, text, re.DOTALL)


def test_a_missing_user_or_count_is_not_shown_as_none():
    assert "None" not in rendered("wagtailadmin/shared/user_avatar.html", user=None)("ms")
    assert "None" not in COUNTER("ms")


def test_each_replaced_text_is_in_the_installed_template():
    """An upgrade may have fixed or moved it; then the replacement must follow."""
    loader = AppDirectoriesLoader(Engine.get_default())
    for name, changes in (REPLACEMENTS | SCRIPTS).items():
        contents = next(
            loader.get_contents(origin)
            for origin in loader.get_template_sources(name)
            if Path(origin.name).exists()
        )
        for before, _after in changes:
            assert before in contents, f"{name} no longer contains {before}"
        assert get_template(name)
