"""Entries of the change log: one for each change that the public can see."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction

from wagtail_delivery.identifiers import DEFAULT_SITE, PAGES
from wagtail_delivery.models import Change, PublishedDocument, Route
from wagtail_delivery.store.routes import PAGE_ORIGIN
from wagtail_delivery.surrogate_keys import keys_of_change


@dataclass(frozen=True)
class Shown:
    """What caches may hold a document under: its slug in the API, and its addresses."""

    slug: str = ""
    #: Each as (site, path), the earliest first.
    addresses: tuple[tuple[str, str], ...] = ()


def shown_of(
    documents: Iterable[PublishedDocument], with_addresses: Collection[int]
) -> dict[int, Shown]:
    """What the public saw of `documents` before they are changed, by primary key.

    `with_addresses` are the primary keys of those whose addresses change. One query.
    """
    rows = {document.pk: document for document in documents}
    addresses: dict[int, list[tuple[str, str]]] = {pk: [] for pk in rows}
    moved = [pk for pk in with_addresses if rows[pk].path]
    if moved:
        # The default site has its routes under its own name too.
        routes = Route.objects.filter(document__in=moved, origin=PAGE_ORIGIN)
        routes = routes.exclude(site=DEFAULT_SITE).order_by("pk")
        for pk, site, path in routes.values_list("document", "site", "path"):
            addresses[pk].append((site, path))
    return {pk: Shown(rows[pk].slug, tuple(addresses[pk])) for pk in rows}


def log_changes(action: str, documents: Iterable[tuple[PublishedDocument, Shown]]) -> None:
    """Record that documents were written (Change.UPSERT) or are removed (Change.DELETE).

    Each comes with what the public saw of it before.
    """
    Change.objects.bulk_create(_entry(action, *each) for each in documents)


def log_rearranged(
    keys: Iterable[str], addresses: Iterable[tuple[str, str]] = (), *, collection: str = PAGES
) -> None:
    """Record that responses with the surrogate keys `keys` differ, although no document changed.

    `addresses` are those of the responses, each as (site, path).
    """
    named = sorted({(site, path) for site, path in addresses if site != DEFAULT_SITE})
    Change.objects.create(
        action=Change.REARRANGED,
        collection=collection,
        paths_before=[list(one) for one in named],
        surrogate_keys=" ".join(sorted(set(keys))),
    )


def _entry(action: str, document: PublishedDocument, before: Shown) -> Change:
    here = (document.site, document.path)
    paths_before = [list(one) for one in dict.fromkeys(before.addresses) if one != here]
    slugs = sorted({document.slug, before.slug} - {""})
    is_upsert = action == Change.UPSERT
    keys = keys_of_change(
        document.collection,
        [document.resource_id, *slugs],
        [document.path, *(path for _site, path in paths_before)],
        is_removed=not is_upsert,
    )
    return Change(
        action=action,
        collection=document.collection,
        resource_id=document.resource_id,
        locale=document.locale,
        type=document.type,
        site=document.site,
        path=document.path,
        paths_before=paths_before,
        slugs=slugs,
        etag=document.etag if is_upsert else "",
        surrogate_keys=" ".join(sorted(set(keys))),
        expires_at=document.expires_at if is_upsert else None,
    )


def prune(until: datetime.datetime) -> int:
    """Remove the entries from before `until`; returns how many are gone.

    The last one of them stays as a mark without content: whoever has read up to there has missed
    nothing, and the log's number never falls.
    """
    with transaction.atomic():
        entries = Change.objects.order_by("sequence")
        kept = entries.filter(recorded_at__gte=until).first()
        old = entries.filter(sequence__lt=kept.sequence) if kept else entries
        mark = old.last()
        if mark is None or mark.action == Change.PRUNED:
            return 0
        removed, _ = old.exclude(pk=mark.pk).delete()
        emptied = Change(pk=mark.pk, action=Change.PRUNED, recorded_at=mark.recorded_at)
        # `auto_now_add` leaves the moment alone on an update.
        emptied.save(force_update=True)
        return removed + 1
