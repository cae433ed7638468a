"""How long the admin's search in texts takes: make bench ARGS="texts" [--times 20]

Texts of about 4,000 characters are added to the index, up to 10,000, and searched for a phrase that
few have, that all have, and that none has. Times are medians of one page of results with its count.
DATABASE_URL selects the database; the default is a new SQLite database.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence

from benchmarks.project import set_up

SIZES = (1_000, 10_000)
#: Words of a text, and how many texts have the rare phrase.
WORDS = "caruman pekerja dan majikan bagi perlindungan keselamatan sosial " * 60
RARE = 500
PHRASES = {"rare": "frasa jarang", "common": "majikan bagi", "none": "tiada di mana-mana"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.texts", description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args(arguments).times
    with set_up():
        from django.contrib.auth.models import User
        from django.core.management import call_command
        from django.db import connection

        from cms.text_search.searching import texts_with

        call_command("migrate", verbosity=0)
        user = User.objects.create_superuser("pengukur")
        print(f"{connection.vendor}; medians of {times}\n")
        print("| texts | phrase | found | ms |")
        print("|---|---|---|---|", flush=True)
        made = 0
        for size in SIZES:
            make_texts(made, size)
            made = size
            for name, phrase in PHRASES.items():
                seconds, found = [], 0
                for _number in range(times):
                    start = time.perf_counter()
                    rows = texts_with(phrase, user)
                    found = rows.count()
                    list(rows[:20])
                    seconds.append(time.perf_counter() - start)
                median = statistics.median(seconds) * 1000
                print(f"| {size} | {name} | {found} | {median:.0f} |", flush=True)
    return 0


def make_texts(first: int, last: int) -> None:
    """Public texts in the index; they need no pages."""
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Locale

    from cms.pages.models import StandardPage
    from cms.text_search.models import IndexedText
    from cms.text_search.passages import Passage

    kind = ContentType.objects.get_for_model(StandardPage)
    locale = Locale.get_default()
    rows = []
    for number in range(first, last):
        text = f"{WORDS}{'frasa jarang' if number % RARE == 0 else ''}"
        passage = Passage(("body", "text", "body"), "body", text)
        rows.append(
            IndexedText(
                content_type=kind,
                object_id=f"x{number}",
                is_public=True,
                locale=locale,
                title=f"Halaman {number}",
                passages=[passage.as_json()],
                folded=text,
            )
        )
    IndexedText.objects.bulk_create(rows, batch_size=500)
