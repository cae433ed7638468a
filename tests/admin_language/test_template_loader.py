"""English words in templates of other packages are read as messages."""

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

from cms.admin_language.template_loader import MENDED

pytestmark = pytest.mark.django_db


def screen(path: str) -> Callable[[str], str]:
    """What an account reads at `path` that has the admin in a language."""

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
#: By the template: how to see it, and what it says then in Malay and in English.
SAID = {
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
@pytest.mark.parametrize("template", MENDED)
def test_a_template_that_is_mended_speaks_the_language_of_the_page(template, language):
    read, malay, english = SAID[template]
    here, elsewhere = (malay, english) if language == "ms" else (english, malay)
    text = read(language)
    assert re.search(here, text, re.DOTALL)
    assert not elsewhere or not re.search(elsewhere, text, re.DOTALL)


def test_what_nobody_did_is_done_by_nobody():
    assert "None" not in rendered("wagtailadmin/shared/user_avatar.html", user=None)("ms")
    assert "None" not in COUNTER("ms")


def test_each_word_that_is_mended_in_a_template_is_there():
    """An upgrade may have mended it, or moved it elsewhere."""
    loader = AppDirectoriesLoader(Engine.get_default())
    for name, changes in MENDED.items():
        contents = next(
            loader.get_contents(origin)
            for origin in loader.get_template_sources(name)
            if Path(origin.name).exists()
        )
        for before, _after in changes:
            assert before in contents, f"{name} does not say {before} any more"
        assert get_template(name)
