"""Publish a page and a snippet, and read them from the API, with the installed packages."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
django.setup()

from cms.home.models import Curator, ExhibitPage  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from wagtail.models import Locale, Page, Site  # noqa: E402

import cms  # noqa: E402
import wagtail_delivery  # noqa: E402
import wagtail_localize_desk  # noqa: E402

API = "/api/v1"
HERE = Path(__file__).resolve().parent


def check_packages() -> None:
    """The project has its own `cms`, and the plugins come from site-packages."""
    assert Path(cms.__file__ or "").is_relative_to(HERE), cms.__file__
    for plugin in (wagtail_delivery, wagtail_localize_desk):
        assert "site-packages" in Path(plugin.__file__ or "").parts, plugin.__file__


def publish() -> tuple[ExhibitPage, Curator]:
    locale, _ = Locale.objects.get_or_create(language_code="en")
    curator = Curator(name="Ada", locale=locale, live=False)
    curator.save()
    curator.save_revision().publish()
    page = ExhibitPage(title="Maps", slug="maps", curator=curator, introduction="<p>Old maps</p>")
    Page.get_first_root_node().add_child(instance=page)
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=page, is_default_site=True)
    page.save_revision().publish()
    draft = ExhibitPage.objects.get(pk=page.pk)
    draft.title = "Secret"
    draft.save_revision()
    return page, curator


def get(path: str, status: int = 200, /, **query: str) -> Any:
    response = Client().get(f"{API}{path}", query)
    assert response.status_code == status, (path, response.status_code, response.content)
    return response.json()


def check_api(page: ExhibitPage, curator: Curator) -> None:
    found = get("/resolve", path="/")
    assert found["title"] == "Maps", found
    assert found["introduction"]["text"] == "Old maps", found
    assert found["colour"] == "#C0FFEE", found
    assert found["curator"]["title"] == "Ada", found
    assert found["meta"]["translation"]["status"] == "source", found
    assert get(f"/pages/{page.translation_key}") == found
    assert get(f"/curators/{curator.translation_key}")["name"] == "Ada"
    assert [card["title"] for card in get("/pages")["items"]] == ["Maps"]
    assert [card["title"] for card in get("/curators")["items"]] == ["Ada"]
    assert get("/site")["home"]["title"] == "Maps"
    assert get("/health/ready") == {"status": "ok"}
    assert "ExhibitPage" in get("/openapi.json")["components"]["schemas"]
    assert get("/resolve", 404, path="/none/")["status"] == 404
    # A connection prepares the queries that it repeats.
    for _ in range(20):
        assert get(f"/pages/{page.translation_key}") == found
        assert get("/resolve", path="/") == found
        assert len(get("/pages", order="-title")["items"]) == 1


def driver() -> str:
    if connection.vendor != "postgresql":
        return connection.vendor
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    return f"postgresql with {'psycopg 3' if is_psycopg3 else 'psycopg2'}"


if __name__ == "__main__":
    check_packages()
    check_api(*publish())
    call_command("delivery_verify")
    print(
        f"wagtail-delivery {version('wagtail-delivery')} and wagtail-localize-desk "
        f"{version('wagtail-localize-desk')} work on {driver()}."
    )
