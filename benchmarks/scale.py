"""A store of up to 100,000 documents: make bench-scale [ARGS="--sizes 1000,10000,100000"]

The content is made in bulk (`benchmarks.bulk`) and its documents by a rebuild. At each size one
process asks the API for a page, for the first and for the last 20 of its list, and publishes the
profile, again and again. Times are medians in milliseconds; each ratio is to the first size. Then
the home page gets another title, which every page below it shows, and a worker compiles them, with
a reader in between; the room that the store takes, by table, and the slowest of all page lists
(`benchmarks.plans`) are told. DATABASE_URL selects the database, which is filled; the default is a
new SQLite database, which tells neither.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.costs import cost_of
from benchmarks.plans import print_plans
from benchmarks.project import set_up

#: The items of a list that is measured, and of those that are read to reach its end.
FEW, MANY = 20, 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--times", type=int, default=100)
    options = parser.parse_args(arguments)
    with set_up():
        from django.db import connection

        from benchmarks.bulk import analyze
        from benchmarks.content import make_content
        from benchmarks.rebuild import check, fill, first_pair
        from wagtail_delivery.extending import rebuild
        from wagtail_delivery.models import PublishedDocument

        make_content(0)
        pair = first_pair()
        print(f"{connection.vendor}; medians of {options.times}\n")
        print("| documents | what | ms | queries | to the first size |")
        print("|---|---|---|---|---|", flush=True)
        first: dict[str, float] = {}
        for size in sorted(int(part) for part in options.sizes.split(",")):
            fill(pair, size)
            begin = time.perf_counter()
            for found in rebuild():
                check(found)
            made = time.perf_counter() - begin
            analyze()
            count = PublishedDocument.objects.count()
            for name, step in steps(pair).items():
                times = options.times if name != "publish" else max(options.times // 5, 1)
                costs = [cost_of(step) for _ in range(times + 1)][1:]
                median = statistics.median(cost.seconds for cost in costs) * 1000
                queries = statistics.median(cost.queries for cost in costs)
                growth = median / first.setdefault(name, median)
                print(
                    f"| {count:,} | {name} | {median:.2f} | {queries:.0f} | {growth:.1f}x |",
                    flush=True,
                )
            print(f"| {count:,} | rebuild | {made * 1000:.0f} | | |", flush=True)
        print_renaming(options.times)
        if connection.vendor == "postgresql":
            room(count)
            print_plans()
    return 0


def steps(pair: Any) -> dict[str, Callable[[], Any]]:
    """What is measured."""
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1")

    def get(path: str) -> Any:
        response = client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path} returned {response.status_code}")
        return response

    first = f"/api/v1/pages?locale=ms&limit={FEW}"
    last = last_address(get)
    page = pair.malay

    def publish() -> None:
        type(page).objects.get(pk=page.pk).save_revision().publish()

    detail = f"/api/v1/pages/{pair.malay.translation_key}?locale=ms"
    return {
        "a page": lambda: get(detail),
        "first of the list": lambda: get(first),
        "last of the list": lambda: get(last),
        "publish": publish,
    }


def print_renaming(times: int) -> None:
    """Print what it takes until all pages show another title of their home page."""
    from django.test import Client
    from django.utils import timezone

    from cms.pages.models import HomePage
    from wagtail_delivery.extending import compile_next_pending
    from wagtail_delivery.models import Following, WorkerSign

    home = HomePage.objects.get(locale__language_code="ms")
    client = Client(HTTP_HOST="127.0.0.1")
    address = f"/api/v1/pages/{home.translation_key}?locale=ms"
    alone = statistics.median(cost_of(lambda: client.get(address)).seconds for _ in range(times))
    WorkerSign.objects.update_or_create(pk=1, defaults={"seen_at": timezone.now()})
    home.title += " (baharu)"
    publish = cost_of(home.save_revision().publish)
    read: list[float] = []
    begin = time.perf_counter()
    while compile_next_pending():
        read.append(cost_of(lambda: client.get(address)).seconds)
    seconds = time.perf_counter() - begin
    count = Following.objects.get(source=f"pages.homepage:{home.pk}").total
    print(
        f"\nThe home page has another title: published in {publish.seconds * 1000:.0f} ms, "
        f"{count:,} documents follow in {seconds:.0f} s. Between the batches a reader waits "
        f"{statistics.median(read) * 1000:.2f} ms, and {alone * 1000:.2f} ms without them.",
        flush=True,
    )


def last_address(get: Callable[[str], Any]) -> str:
    """The address of the last items of the list of pages."""
    address = f"/api/v1/pages?locale=ms&limit={MANY}"
    cursor = last = None
    while True:
        found = get(f"{address}&cursor={cursor}" if cursor else address).json()
        if found["next"] is None:
            return f"/api/v1/pages?locale=ms&limit={FEW}" + (f"&cursor={last}" if last else "")
        last = cursor = found["next"]


def room(documents: int) -> None:
    """Print the bytes that each table of the store takes for a document."""
    from django.apps import apps
    from django.db import connection

    print("\n| table | rows a document | bytes a document | of these indexes |")
    print("|---|---|---|---|")
    total = 0.0
    for model in apps.get_app_config("wagtail_delivery").get_models():
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM FULL ANALYZE {connection.ops.quote_name(table)}")
            cursor.execute("SELECT pg_total_relation_size(%s), pg_indexes_size(%s)", [table] * 2)
            whole, indexes = cursor.fetchone()
        rows = model._default_manager.count()
        total += whole / documents
        print(
            f"| {model.__name__} | {rows / documents:.1f} | {whole / documents:.0f} "
            f"| {indexes / documents:.0f} |"
        )
    print(f"| all | | {total:.0f} | |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
