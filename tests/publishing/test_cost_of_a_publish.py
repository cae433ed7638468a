"""What a publish costs does not grow with what stands beside it or shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page

from benchmarks.bulk import Pair, copy_pair, publish_pair
from cms.pages.models import StandardPage
from cms.snippets.models import Act
from tests.factories import ActFactory, bilingual_home
from wagtail_delivery.extending import compile_next_pending, rebuild
from wagtail_delivery.models import PublishedDocument, WorkerSign

pytestmark = pytest.mark.django_db

#: Copies of a page and of its translation that are made in bulk, and those of few.
MANY, FEW = 500, 3
#: What django-treebeard does for each page that gets another place, and what is not counted.
SHIFTED = 'UPDATE "wagtailcore_page" SET "path" = ('


def test_a_publish_costs_the_same_beside_a_thousand_pages() -> None:
    act = ActFactory(title="Akta lama")
    act.save_revision().publish()
    section, pair = content(act)
    copy_and_rebuild(pair, section, FEW)
    few = costs(act, section)
    assert PublishedDocument.objects.count() < 20
    copy_and_rebuild(pair, section, MANY)
    assert PublishedDocument.objects.count() > 2 * MANY
    many = costs(act, section)
    for name in few:
        # A cache that the first publish filled may make it cheaper.
        assert many[name] <= few[name] + 6, (name, few, many)
    assert many["one page"] <= 160
    # All that show it are left to the worker.
    assert many["an Act"] <= 80
    assert many["a page that is added"] <= 60
    # Wagtail's own are 50.
    assert many["a page that is moved"] <= 60


def content(act: Act) -> tuple[Pair, Pair]:
    """A section in two languages, and a page and its translation that show the Act."""
    malay, english = (Locale.objects.get_or_create(language_code=code)[0] for code in ("ms", "en"))
    bilingual_home(malay, english)
    link = f'<p>Lihat <a linktype="act" id="{act.translation_key}">Akta</a>.</p>'
    body = [("text", {"heading": "Latar", "anchor": "latar", "body": link})]
    return publish_pair("bahagian", []), publish_pair("salinan", body)


def copy_and_rebuild(pair: Pair, section: Pair, count: int) -> None:
    parents = Pair(*(Page.objects.get(pk=page.pk).specific for page in section.pages))
    copy_pair(pair, count, parents)
    for progress in rebuild():
        assert progress.failures == []


def costs(act: Act, section: Pair) -> dict[str, int]:
    """The queries of each change, where a worker compiles what follows."""
    found = {name: queries(step) for name, step in changes(act, section)}
    while compile_next_pending():
        pass
    return found


def changes(act: Act, section: Pair) -> Iterator[tuple[str, Callable[[], Any]]]:
    parent = Page.objects.get(pk=section.malay.pk)
    page = parent.get_children().first().specific
    page.summary += "x"
    yield "one page", page.save_revision().publish
    act = Act.objects.get(pk=act.pk)
    act.title += "x"
    yield "an Act", act.save_revision().publish
    number = parent.numchild
    added = StandardPage(title=f"Baharu {number}", slug=f"baharu-{number}", locale=parent.locale)
    yield "a page that is added", partial(parent.add_child, instance=added)
    parent = Page.objects.get(pk=section.malay.pk)
    last, first = parent.get_children().last(), parent.get_children().first()
    yield "a page that is moved", partial(last.move, first, pos="left")


def queries(step: Callable[[], Any]) -> int:
    WorkerSign.objects.update_or_create(pk=1, defaults={"seen_at": timezone.now()})
    with CaptureQueriesContext(connection) as captured:
        step()
    return sum(not query["sql"].startswith(SHIFTED) for query in captured)
