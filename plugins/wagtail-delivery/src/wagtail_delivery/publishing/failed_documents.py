"""Documents that could not be compiled, as those may read it who see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.coreutils import get_content_languages
from wagtail.models import Page, Site, TranslatableMixin

from wagtail_delivery.compiler.sites import SITE_SOURCE
from wagtail_delivery.models import PendingDocument, PublishedDocument
from wagtail_delivery.publishing.error_texts import title_of
from wagtail_delivery.store.failures import read_failure
from wagtail_delivery.store.sources import load_all


@dataclass(frozen=True)
class FailedDocument:
    """One row of the queue, in the words of its reader."""

    pk: int
    title: str
    #: What it is, and its language; empty if it has none.
    kind: str
    language: str
    reason: str
    #: Where the reader may edit it; None if they may not.
    edit_url: str | None
    recorded_at: datetime
    attempts: int
    #: None if it is to be tried at once.
    next_attempt: datetime | None


def failed_documents(rows: Sequence[PendingDocument], user: Any) -> list[FailedDocument]:
    """Those of `rows` of which `user` may know: what is public, and what they may edit."""
    sources = [row.source for row in rows]
    public = set(
        PublishedDocument.objects.filter(source__in=sources).values_list("source", flat=True)
    )
    things = _things(sources)
    finder = AdminURLFinder(user)
    found = []
    for row in rows:
        thing = things.get(row.source)
        edit_url = finder.get_edit_url(thing) if thing is not None else None
        if thing is not None and (edit_url or row.source in public):
            found.append(_described(row, thing, edit_url))
    return found


def _described(row: PendingDocument, thing: models.Model, edit_url: str | None) -> FailedDocument:
    return FailedDocument(
        pk=row.pk,
        title=title_of(thing),
        kind=_kind(thing),
        language=language_name(_language(row.source, thing)),
        reason=read_failure(row.failure).in_language(get_language()),
        edit_url=edit_url,
        recorded_at=row.recorded_at,
        attempts=row.attempts,
        next_attempt=row.not_before,
    )


def language_name(code: str) -> str:
    """The name of a content language in the reader's; empty without a code."""
    return str(get_content_languages().get(code, code))


def _kind(thing: models.Model) -> str:
    if isinstance(thing, Page):
        return str(type(thing).get_verbose_name())
    return capfirst(str(thing._meta.verbose_name))


def _language(source: str, thing: models.Model) -> str:
    if source.startswith(SITE_SOURCE):
        return source.rpartition(":")[2]
    return str(thing.locale.language_code) if isinstance(thing, TranslatableMixin) else ""


def _things(sources: Iterable[str]) -> dict[str, models.Model]:
    """What documents are compiled from, by source; for those of a site, the site."""
    of_sites = {
        source: source.removeprefix(SITE_SOURCE).partition(":")[0]
        for source in sources
        if source.startswith(SITE_SOURCE)
    }
    things = load_all(source for source in sources if source not in of_sites)
    sites = Site.objects.in_bulk(set(map(int, of_sites.values())))
    return things | {source: sites[int(pk)] for source, pk in of_sites.items() if int(pk) in sites}
