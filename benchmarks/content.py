"""What the benchmark serves: PERKESO's own content, and pages enough for a list."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from wagtail.models import Locale

from cms.pages.models import HomePage, StandardPage

#: Pages beside the profile, of which lists show 20.
PAGES = 200


def make_content() -> None:
    """Fill an empty database."""
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    home = HomePage.objects.get(locale=Locale.get_default())
    for number in range(home.get_children().type(StandardPage).count(), PAGES):
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
        # As autovacuum does by and by: without statistics the planner takes any index.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
