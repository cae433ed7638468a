"""What a publish costs: make bench ARGS="publishing" [--times 30]

A page, an Act that the profile names, and the organisation, which all pages show, are published
again and again, each with another text. Before each publish the same change is saved as a draft,
which compiles nothing: Wagtail does nearly the same for both but for the documents. Times are
medians, and the ratio is the publish's to the draft's. The last page of a parent is then moved
before all others again and again, beside few and beside many: the ratio is that of the many to the
few. DATABASE_URL selects the database; the default is a new SQLite database.
"""

from __future__ import annotations

import argparse
import functools
import statistics
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.costs import Cost, cost_of
from benchmarks.project import set_up


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publishing", description=__doc__)
    parser.add_argument("--times", type=int, default=30)
    times = parser.parse_args(arguments).times
    with set_up():
        from django.db import connection

        from benchmarks.content import make_content
        from wagtail_delivery.models import Change

        make_content()
        print(f"{connection.vendor}; medians of {times}\n")
        print("| published | documents | queries | of a draft | ms | of a draft | ratio |")
        print("|---|---|---|---|---|---|---|", flush=True)
        for name, field, instance in published():
            before = Change.objects.count()
            drafts, publishes = measure(instance, field, times)
            documents = (Change.objects.count() - before) / times
            print(_row(name, documents, drafts, publishes), flush=True)
        print("\n| pages beside it | documents | queries | ms | ratio |")
        print("|---|---|---|---|---|", flush=True)
        few = None
        for parent in parents():
            before = Change.objects.count()
            costs = move_first(parent, times)
            documents = (Change.objects.count() - before) / times
            few = few or costs
            print(_row_of_moves(parent, documents, costs, few), flush=True)
    return 0


def parents() -> list[Any]:
    """Pages with few and with many pages below them."""
    from cms.pages.models import HomePage, StandardPage

    home = HomePage.objects.get(locale__language_code="ms")
    few = home.add_child(instance=StandardPage(title="Sedikit", slug="sedikit", locale=home.locale))
    for number in range(5):
        page = StandardPage(title=f"{number}", slug=f"{number}", locale=home.locale)
        few.add_child(instance=page)
    return [few, home]


def move_first(parent: Any, times: int) -> list[Cost]:
    """What `times` moves of the last page below `parent` before all others cost."""
    costs = []
    for _ in range(times):
        pages = type(parent).objects.get(pk=parent.pk).get_children()
        first, last = pages.first(), pages.last()
        costs.append(cost_of(functools.partial(last.move, first, pos="left")))
    return costs


def published() -> list[tuple[str, str, Any]]:
    """What is published: its name, the field that changes, and the instance."""
    from cms.pages.models import ProfilePage, StandardPage
    from cms.snippets.models import Act, Organisation

    pages = StandardPage.objects.filter(locale__language_code="ms")
    return [
        ("standard page", "summary", pages.first()),
        ("profile", "summary", ProfilePage.objects.get(locale__language_code="ms")),
        ("Act", "title", Act.objects.filter(locale__language_code="ms").first()),
        ("organisation", "name", Organisation.objects.get(locale__language_code="ms")),
    ]


def measure(instance: Any, field: str, times: int) -> tuple[list[Cost], list[Cost]]:
    """What `times` drafts and publishes of `instance` cost, in alternation."""
    original = getattr(instance, field)
    drafts, publishes = [], []
    # The first pair is a warm-up.
    for number in range(times + 1):
        instance = type(instance).objects.get(pk=instance.pk)
        setattr(instance, field, f"{original} {number}")
        drafts.append(cost_of(instance.save_revision))
        publishes.append(cost_of(instance.save_revision().publish))
    return drafts[1:], publishes[1:]


def _row(name: str, documents: float, drafts: list[Cost], publishes: list[Cost]) -> str:
    draft, publish = (
        statistics.median(cost.seconds for cost in costs) * 1000 for costs in (drafts, publishes)
    )
    queries = [statistics.median(cost.queries for cost in costs) for costs in (publishes, drafts)]
    return (
        f"| {name} | {documents:.0f} | {queries[0]:.0f} | {queries[1]:.0f} "
        f"| {publish:.0f} | {draft:.0f} | {publish / draft:.1f}x |"
    )


def _row_of_moves(parent: Any, documents: float, costs: list[Cost], few: list[Cost]) -> str:
    mine, least = (statistics.median(cost.seconds for cost in of) * 1000 for of in (costs, few))
    queries = statistics.median(cost.queries for cost in costs)
    beside = type(parent).objects.get(pk=parent.pk).numchild - 1
    return f"| {beside} | {documents:.0f} | {queries:.0f} | {mine:.0f} | {mine / least:.1f}x |"


if __name__ == "__main__":
    sys.exit(main())
