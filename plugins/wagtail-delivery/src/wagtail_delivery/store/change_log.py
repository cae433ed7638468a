"""Entries of the change log."""

from __future__ import annotations

from wagtail_delivery.models import Change, PublishedDocument


def log_change(action: str, document: PublishedDocument) -> None:
    """Record that `document` was written (Change.UPSERT) or removed (Change.DELETE)."""
    Change.objects.create(
        action=action,
        collection=document.collection,
        resource_id=document.resource_id,
        locale=document.locale,
        type=document.type,
        path=document.path,
        etag=document.etag if action == Change.UPSERT else "",
    )
