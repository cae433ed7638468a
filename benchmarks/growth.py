"""How lists behave as they grow: make bench ARGS="growth" [--sizes 1000,10000,100000] [--times 200]

One process asks the API for the first 20 items of a list over one database connection. It asks for
all, for those that a filter keeps nearly all of, and for those that a filter keeps few of, in turn.
A connection prepares what it repeats, and PostgreSQL may plan a prepared statement anew without
knowing the values, so early and late requests are told apart. Each time is a median; each ratio is
to the unfiltered list of the same size, or to the same list at the first size.

The documents are rows of the store and have no content behind them. DATABASE_URL selects the
database, which is filled; the default is a new SQLite database.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence

from benchmarks.project import set_up

#: Of so many documents, one has the rare value.
RARE = 1000
#: Requests that are planned for their values; PostgreSQL decides after five.
EARLY = 5
LISTS = {
    "all": "/api/v1/acts?limit=20",
    "nearly all": "/api/v1/acts?limit=20&status=in_force",
    "nearly all, descending": "/api/v1/acts?limit=20&status=in_force&order=-title",
    "few": "/api/v1/acts?limit=20&status=repealed",
    "none": "/api/v1/acts?limit=20&status=not_yet_in_force",
    "few of nearly all": "/api/v1/acts?limit=20&status=repealed&working_translation=false",
}
#: Documents that are stored at once.
_BATCH = 2000
#: What the stored documents come from, as no real one does.
_SOURCE = "benchmark"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--times", type=int, default=200, help="requests for each list")
    options = parser.parse_args(arguments)
    sizes = sorted(int(size) for size in options.sizes.split(","))
    with set_up():
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        remove()
        print(f"{connection.vendor}; medians of {options.times} requests, in ms\n")
        print("| documents | list | first 5 | later | to all | to the first size |")
        print("|---|---|---|---|---|---|", flush=True)
        first: dict[str, float] = {}
        stored = 0
        for size in sizes:
            store(stored, size)
            stored = size
            for line in table(size, options.times, first):
                print(line, flush=True)
        remove()
    return 0


def table(size: int, times: int, first: dict[str, float]) -> list[str]:
    """The rows of the table for a size; `first` has the times of the first size."""
    found = measure(times)
    lines = []
    whole = statistics.median(found["all"][EARLY:])
    for name, seconds in found.items():
        early, later = statistics.median(seconds[:EARLY]), statistics.median(seconds[EARLY:])
        growth = later / first.setdefault(name, later)
        lines.append(
            f"| {size:,} | {name} | {early * 1000:.2f} | {later * 1000:.2f} "
            f"| {later / whole:.1f}x | {growth:.1f}x |"
        )
    return lines


def measure(times: int) -> dict[str, list[float]]:
    """The seconds of each request, by the name of its list; all on one new connection."""
    from django.db import connection
    from django.test import Client

    connection.close()
    client = Client(HTTP_HOST="127.0.0.1")
    found: dict[str, list[float]] = {name: [] for name in LISTS}
    client.get("/api/v1/")
    for _ in range(times):
        for name, path in LISTS.items():
            start = time.perf_counter()
            response = client.get(path)
            found[name].append(time.perf_counter() - start)
            if response.status_code != 200:
                raise RuntimeError(f"{path} returned {response.status_code}")
    return found


def store(begin: int, end: int) -> None:
    """Store the Acts from number `begin` to before `end`, as the compiler would."""
    from django.db import connection

    for start in range(begin, end, _BATCH):
        _store_batch(range(start, min(start + _BATCH, end)))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # As autovacuum does eventually. It cannot run in a transaction.
            cursor.execute("VACUUM ANALYZE")


def _store_batch(numbers: range) -> None:
    from wagtail_delivery.hashes import Scope, list_hash
    from wagtail_delivery.models import DocumentOrder, PublishedDocument
    from wagtail_delivery.sort_keys import sort_key

    same = {"collection": "acts", "locale": "ms", "type": "act"}
    documents = PublishedDocument.objects.bulk_create(
        PublishedDocument(
            **same,
            resource_id=f"{number:08}",
            slug=f"akta-{number}",
            body=b"x" * 1500,
            translation_at=0,
            card=b'{"title":"%d"}' % number,
            etag=str(number),
            source=_SOURCE,
        )
        for number in numbers
    )
    scope = Scope("acts", "", "ms")
    DocumentOrder.objects.bulk_create(
        [
            DocumentOrder(document=document, list=list_hash(scope, name), value=sort_key(value))
            for document, number in zip(documents, numbers, strict=True)
            for name, value in _keys(number).items()
        ],
        batch_size=_BATCH,
    )


def _keys(number: int) -> dict[str, object]:
    return {
        "id": f"{number:08}",
        "number": number,
        # Not in the order of the numbers.
        "title": f"Akta {number * 7919 % 1_000_003}",
        "status": "in_force" if number % RARE else "repealed",
        "working_translation": False,
    }


def remove() -> None:
    """Remove what `store` has stored, here or in an earlier run."""
    from wagtail_delivery.models import PublishedDocument

    PublishedDocument.objects.filter(source=_SOURCE).delete()


if __name__ == "__main__":
    sys.exit(main())
