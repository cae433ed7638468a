"""Entries of the change log: one for each change that the public can see."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from wagtail_delivery.identifiers import DEFAULT_SITE
from wagtail_delivery.models import Change, PublishedDocument
from wagtail_delivery.store.routes import PAGE_ORIGIN


@dataclass(frozen=True)
class Shown:
    """What caches may hold of a document: the keys of its responses, and its addresses."""

    surrogate_keys: str = ""
    #: Each as (site, path), the earliest first.
    addresses: tuple[tuple[str, str], ...] = ()


def shown_of(document: PublishedDocument, *, with_addresses: bool) -> Shown:
    """What the public saw of `document` before it is changed; its addresses only if they change."""
    addresses: list[tuple[str, str]] = []
    if with_addresses and document.path:
        # The default site has its routes under its own name too.
        routes = document.routes.filter(origin=PAGE_ORIGIN).exclude(site=DEFAULT_SITE)
        addresses = list(routes.order_by("pk").values_list("site", "path"))
    return Shown(document.surrogate_keys, tuple(addresses))


def log_change(action: str, document: PublishedDocument, before: Shown) -> None:
    """Record that `document` was written (Change.UPSERT) or is removed (Change.DELETE)."""
    keys = {*before.surrogate_keys.split(), *document.surrogate_keys.split(), document.collection}
    here = (document.site, document.path)
    is_upsert = action == Change.UPSERT
    Change.objects.create(
        action=action,
        collection=document.collection,
        resource_id=document.resource_id,
        locale=document.locale,
        type=document.type,
        site=document.site,
        path=document.path,
        paths_before=[list(one) for one in dict.fromkeys(before.addresses) if one != here],
        etag=document.etag if is_upsert else "",
        surrogate_keys=" ".join(sorted(keys)),
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
