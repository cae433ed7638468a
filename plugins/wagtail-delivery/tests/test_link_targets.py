"""The links of a text are looked up together."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page
from wagtail.rich_text.pages import PageLinkHandler

from tests import samples
from tests.samples import published
from tests.testapp import models as app
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.link_targets import LinkTargets
from wagtail_delivery.encoding.rich_text import RichTextEncoder

pytestmark = pytest.mark.django_db


def encoded(links: list[str], locale: str) -> tuple[str, int]:
    """The HTML of a text with `links`, and the number of queries for it."""
    compilation = Compilation(SiteSnapshot(), locale)
    with CaptureQueriesContext(connection) as queries:
        found = RichTextEncoder().encode(f"<p>{''.join(links)}</p>", Location(), compilation)
    return found["html"], len(queries)


def page_links(home: Page, count: int) -> list[str]:
    pages = [
        published(app.PlainPage(title="Page", slug=f"page-{number}"), home)
        for number in range(count)
    ]
    return [f'<a linktype="page" id="{page.pk}">p</a>' for page in pages]


def test_the_queries_do_not_grow_with_the_links(home: Page) -> None:
    links = page_links(home, 12)
    links += [
        f'<a linktype="document" id="{samples.a_document().pk}">d</a>' for _ in range(len(links))
    ]
    html, queries = encoded(links, "en")
    assert (html.count('href="/page-'), html.count('data-type="document"')) == (12, 12)
    assert encoded([*links[:3], *links[12:15]], "en")[1] == queries


@pytest.mark.skipif(not settings.WAGTAIL_I18N_ENABLED, reason="one locale")
def test_the_queries_do_not_grow_with_the_links_to_translations(home: Page, ms: Locale) -> None:
    links = page_links(home, 12)
    home.copy_for_translation(ms).save_revision().publish()
    for page in app.PlainPage.objects.filter(slug__startswith="page-").order_by("pk")[:6]:
        copy = page.copy_for_translation(ms)
        if page.slug != "page-0":
            copy.save_revision().publish()
    html, queries = encoded(links, "ms")
    assert html.count('href="/ms/page-') == 5
    assert html.count('hreflang="en"') == 7
    assert encoded(links[:3], "ms")[1] == queries


@pytest.mark.skipif(not settings.WAGTAIL_I18N_ENABLED, reason="one locale")
def test_a_target_that_was_not_loaded_with_the_others_has_its_counterpart(
    home: Page, ms: Locale
) -> None:
    """As one that a project's own handler finds."""
    page_links(home, 3)
    home.copy_for_translation(ms).save_revision().publish()
    first, second, other = app.PlainPage.objects.filter(slug__startswith="page-").order_by("pk")
    translation = other.copy_for_translation(ms)
    translation.save_revision().publish()
    targets = LinkTargets(SiteSnapshot(), "ms")
    targets.load((PageLinkHandler, {"id": str(page.pk)}) for page in (first, second))
    assert targets.public_counterpart(other) == translation
    assert targets.public_counterpart(first) is None


def test_a_malformed_link_does_not_affect_the_others(home: Page) -> None:
    broken = [f'<a linktype="page" id="{identifier}">x</a>' for identifier in ("", "a", "9" * 30)]
    html, _ = encoded([*broken, *page_links(home, 2), "<a linktype='page'>x</a>"], "en")
    assert html.count("href=") == 2
    assert html.count("<a ") == 2
