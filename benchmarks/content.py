"""The content of the benchmark: PERKESO's own, and enough pages for a list."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from wagtail.models import Locale

from cms.pages.models import HomePage, StandardPage

#: Number of standard pages, of which lists show 20.
PAGES = 200


def make_content(pages: int = PAGES) -> None:
    """Fill an empty database, with so many standard pages at least."""
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    home = HomePage.objects.get(locale=Locale.get_default())
    for number in range(home.get_children().type(StandardPage).count(), pages):
        page = StandardPage(
            title=f"Halaman {number}",
            slug=f"halaman-{number}",
            locale=home.locale,
            summary="Ringkasan halaman ini dalam satu ayat.",
        )
        page.body = [
            (
                "text",
                {
                    "heading": "Latar belakang",
                    "anchor": "latar",
                    "body": "<p>Perlindungan keselamatan sosial.</p>" * 5,
                },
            )
        ]
        home.add_child(instance=page)
        page.save_revision().publish()
    if connection.vendor == "postgresql":
        # As autovacuum does eventually: without statistics the planner picks poor indexes.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
