"""What the public sees of a page or snippet: since when, where, and what still follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, TranslatableMixin

from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.locales import content_locales
from wagtail_delivery.models import FrontEndCheck, OverdueSchedule, PublishedDocument
from wagtail_delivery.publishing.due_schedules import source_of as schedule_of
from wagtail_delivery.publishing.failed_documents import (
    FailedDocument,
    failed_documents,
    language_name,
)
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.store.following import total_following
from wagtail_delivery.store.pending import count_following, waiting_for
from wagtail_delivery.store.sources import load_all

#: Failures that are listed one by one.
LISTED = 5
#: A version that is newer than its publish by more than this was made by something it shows.
SAME_PUBLISH = timedelta(minutes=1)


@dataclass(frozen=True)
class LocaleState:
    """What the public sees in one locale."""

    #: Name of the language; empty for content without a locale.
    language: str
    is_public: bool = False
    #: Since when what was published last is public; None if it was before this was recorded.
    since: datetime | None = None
    #: When it changed after that, by something that it shows.
    updated: datetime | None = None
    #: The document's `meta.version`.
    version: str = ""
    #: Published, but not public: it, or a page above it, is private, unpublished or expired.
    is_hidden: bool = False
    #: Whether the front-end shows it; None where none is asked.
    front_end: FrontEndCheck | None = None


@dataclass(frozen=True)
class Progress:
    """How far the other documents are that show what was published."""

    total: int = 0
    #: Documents that are still to be tried for the first time, and those that failed.
    waiting: int = 0
    failed: int = 0
    #: The first of those that failed and the reader may know of.
    failures: list[FailedDocument] = field(default_factory=list)

    @property
    def done(self) -> int:
        return max(self.total - self.waiting - self.failed, 0)

    @property
    def unlisted(self) -> int:
        """How many failed documents are not in `failures`."""
        return self.failed - len(self.failures)


def progress_of(cause: str, user: Any) -> Progress:
    """How far the documents are that follow the last publish of `cause`, as `user` may read it."""
    broken = waiting_for(cause).exclude(failure="")
    failed = broken.count()
    waiting = count_following(cause) - failed
    listed = list(broken.order_by("pk")[:LISTED]) if failed else []
    # One that was queued for another reason too may have been there before.
    total = max(total_following(cause), waiting + failed)
    return Progress(total, waiting, failed, failed_documents(listed, user))


def locale_states(thing: models.Model) -> list[LocaleState]:
    """What the public sees of `thing`, a specific instance, in each locale that the API serves.

    No more than the public knows: whether there is a draft in a locale is not told.
    """
    content_type = content_types().of_instance(thing)
    if content_type is None:
        return []
    stored = PublishedDocument.objects.filter(
        collection=content_type.collection, resource_id=identity_of(thing)
    ).defer("body", "card", "texts")
    stored = stored.select_related("front_end_check")
    documents = {document.locale: document for document in stored if not _is_expired(document)}
    things = load_all(document.source for document in documents.values())
    is_live = isinstance(thing, DraftStateMixin) and bool(thing.live)
    if not isinstance(thing, TranslatableMixin):
        return [_state("", documents.get(""), things, is_hidden=is_live)]
    own = thing.locale.language_code
    return [
        _state(language_name(code), documents.get(code), things, is_hidden=is_live and code == own)
        for code in content_locales().codes
    ]


def late_expiry(thing: models.Model) -> OverdueSchedule | None:
    """The expiry of `thing` that is overdue because it failed; None if none is."""
    moment = getattr(thing, "expire_at", None)
    if not isinstance(thing, DraftStateMixin) or not thing.live or not moment:
        return None
    if moment > timezone.now():
        return None
    model = Page if isinstance(thing, Page) else type(thing)
    found = OverdueSchedule.objects.filter(source=schedule_of(model, thing.pk), due_at=moment)
    return found.exclude(failure="").first()


def _state(
    language: str,
    document: PublishedDocument | None,
    things: dict[str, models.Model],
    *,
    is_hidden: bool,
) -> LocaleState:
    if document is None:
        return LocaleState(language, is_hidden=is_hidden)
    published = getattr(things.get(document.source), "last_published_at", None)
    moments = [moment for moment in (document.public_since, published) if moment is not None]
    since = max(moments, default=document.version_since)
    changed = document.version_since
    is_newer = since is not None and changed is not None and changed - since > SAME_PUBLISH
    return LocaleState(
        language,
        is_public=True,
        since=since,
        updated=changed if is_newer else None,
        version=document.etag,
        front_end=getattr(document, "front_end_check", None),
    )


def _is_expired(document: PublishedDocument) -> bool:
    return document.expires_at is not None and document.expires_at <= timezone.now()
