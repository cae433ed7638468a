"""How long the translation memory takes: make bench ARGS="memory" [--times 20]

Up to 50,000 different strings of 20 to 160 characters are in the memory. A changed sentence is
looked up by similarity, and a phrase by concordance. Times are medians. DATABASE_URL selects the
database; the default is a new SQLite database.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.project import set_up

SIZES = (5_000, 50_000)
VOCABULARY = (
    "majikan pekerja caruman perlindungan keselamatan sosial faedah tuntutan borang pejabat",
    "kemalangan pencen ilat bayaran tarikh bulan tahun gaji daftar mohon kaunter dokumen salinan",
    "pengesahan akaun bank hospital rawatan pemulihan waris tanggungan elaun latihan penjana",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args(arguments).times
    with set_up():
        from django.core.management import call_command
        from django.db import connection

        from wagtail_localize_desk import memory

        call_command("migrate", verbosity=0)
        print(f"{connection.vendor}; medians of {times}\n")
        print("| strings | look-up | found | ms |")
        print("|---|---|---|---|", flush=True)
        sentences: list[str] = []
        for size in SIZES:
            sentences += remember(len(sentences), size)
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE wagtail_localize_desk_translatedstring")
            changed = sentences[17].replace(" ", " ketua ", 1)
            looked_up: dict[str, Callable[[], Any]] = {
                "similar": lambda changed=changed: memory.similar(changed, "ms", "en"),
                "nothing similar": lambda: memory.similar("qqqq wwww " * 8, "ms", "en"),
                "concordance": lambda: list(memory.concordance("elaun latihan", "ms", "en")),
            }
            for name, look_up in looked_up.items():
                seconds, found = [], 0
                for _number in range(times):
                    start = time.perf_counter()
                    found = len(look_up())
                    seconds.append(time.perf_counter() - start)
                print(f"| {size} | {name} | {found} | {statistics.median(seconds) * 1000:.0f} |")
    return 0


def remember(first: int, last: int) -> list[str]:
    """Translated strings with different words."""
    from wagtail_localize_desk.models import State, TranslatedString
    from wagtail_localize_desk.wording import hash_of

    chance, words = random.Random(first), " ".join(VOCABULARY).split()
    sentences = [
        " ".join([*chance.choices(words, k=chance.randint(3, 20)), f"{number}."])
        for number in range(first, last)
    ]
    TranslatedString.objects.bulk_create(
        [
            TranslatedString(
                object_key=uuid.UUID(int=number // 20),
                source_language="ms",
                target_language="en",
                path=f"body.{number}",
                number=0,
                source_words=sentence,
                source_hash=hash_of(sentence),
                words=f"EN {sentence}",
                made_from=sentence,
                state=State.TRANSLATED,
            )
            for number, sentence in enumerate(sentences, first)
        ],
        batch_size=5_000,
    )
    return sentences
