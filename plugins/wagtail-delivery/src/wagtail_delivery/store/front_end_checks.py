"""Checks whether a front-end shows what was published: one row for each page, at its last publish.

A page is asked for again and again, with growing waits, until the front-end shows the version that
the document has now, or for ten minutes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from wagtail.models import Site

from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.identifiers import DEFAULT
from wagtail_delivery.models import FrontEndCheck, PublishedDocument
from wagtail_delivery.store.growing_waits import GrowingWait

#: The first is before the first look.
WAIT = GrowingWait(first=timedelta(seconds=2), growth=2, longest=timedelta(minutes=1))
#: For how long a front-end is asked.
PATIENCE = timedelta(minutes=10)
#: So long other workers leave alone what one has begun.
CLAIM = timedelta(seconds=30)


def expect_at_front_end(sources: Iterable[str]) -> None:
    """Let workers look for the documents of `sources`, which were published, at the front-end."""
    front_ends = delivery_settings().FRONT_ENDS
    if not front_ends:
        return
    pages = PublishedDocument.objects.filter(source__in=list(sources)).exclude(path="")
    now = timezone.now()
    # Asked for once for all pages.
    addresses: dict[str, str] = {}
    checks = []
    for page in pages.only("site"):
        if page.site not in addresses:
            addresses[page.site] = front_end_of(page)
        if addresses[page.site]:
            checks.append(FrontEndCheck(document=page, published_at=now, due_at=now + WAIT.first))
    FrontEndCheck.objects.bulk_create(
        checks,
        update_conflicts=True,
        unique_fields=["document"],
        update_fields=["published_at", "due_at", "attempts", "seen_at", "problem"],
    )


def front_end_of(page: PublishedDocument) -> str:
    """The configured address of the front-end of the page's site; empty without one."""
    front_ends = delivery_settings().FRONT_ENDS
    if page.site in front_ends:
        return front_ends[page.site]
    if DEFAULT in front_ends:
        site = Site.objects.filter(is_default_site=True).first()
        if site is not None and page.site == f"{site.hostname}:{site.port}".lower():
            return front_ends[DEFAULT]
    return ""


def claim_check() -> FrontEndCheck | None:
    """Begin with the check that is due first."""
    now = timezone.now()
    due = FrontEndCheck.objects.filter(due_at__lte=now).select_related("document")
    check = due.order_by("due_at", "pk").first()
    if check is None:
        return None
    # Whoever updates the row has it.
    mine = FrontEndCheck.objects.filter(pk=check.pk, due_at=check.due_at).update(
        attempts=F("attempts") + 1, due_at=now + CLAIM
    )
    check.attempts += 1
    return check if mine else None


def record_answer(check: FrontEndCheck, versions: Collection[str], problem: str) -> None:
    """Keep what the front-end showed: the `versions` that it names, or why it names none."""
    # A publish in the meantime began anew.
    row = FrontEndCheck.objects.filter(pk=check.pk, published_at=check.published_at)
    now = timezone.now()
    current = PublishedDocument.objects.filter(pk=check.document_id).values_list("etag", flat=True)
    if not problem and set(versions) & set(current):
        row.update(seen_at=now, due_at=None, problem="")
        return
    wait = WAIT.after(check.attempts + 1)
    is_last = now + wait - check.published_at > PATIENCE
    row.update(
        due_at=None if is_last else now + wait, problem=problem or FrontEndCheck.OTHER_VERSION
    )
