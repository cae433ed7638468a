"""The origin's content."""

from __future__ import annotations

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from cms.snippets.models import Act
from tests.factories import ActFactory, SiteFactory, StandardPageFactory

#: Their documents have more bytes than compression needs.
NOTE = "Akta ini melindungi pekerja. " * 40


def make_content() -> None:
    for number in range(1, 21):
        ActFactory(number=number, slug=f"akta-{number}", title=f"Akta {number} {NOTE}"[:200])
    Site.objects.all().delete()
    SiteFactory()
    page = StandardPageFactory(title="Halaman", slug="halaman")
    gone = StandardPageFactory(title="Lama", slug="lama")
    gone.unpublish()
    Redirect.objects.create(
        old_path=Redirect.normalise_path("/ms/dahulu/"), redirect_page=page, site=None
    )


def rename(slug: str, title: str) -> None:
    """Publish an Act with another title."""
    act = Act.objects.get(slug=slug)
    act.title = title
    act.save_revision().publish()
