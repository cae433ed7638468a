"""What the database knows, read whenever the metrics are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.models import (
    Change,
    PendingDependents,
    PendingDocument,
    PendingImage,
    PublishedDocument,
    PurgeTarget,
    WorkerSign,
)


class StoredMetrics:
    """A collector of prometheus_client: the queues, the change log and how far caches are."""

    def collect(self) -> Iterator[Any]:
        """The metrics, each with its values now."""
        yield _gauge(
            "delivery_documents", "Documents in the store.", PublishedDocument.objects.count()
        )
        yield from _pending()
        yield _gauge(
            "delivery_pending_images",
            "Uploaded images whose files are to be made.",
            PendingImage.objects.count(),
        )
        yield from _workers()
        last = Change.objects.aggregate(last=Max("sequence"))["last"] or 0
        yield _gauge("delivery_change_sequence", "Number of the change log.", last)
        yield from _caches(last)


def _pending() -> Iterator[Any]:
    found = PendingDocument.objects.aggregate(
        documents=Count("pk"),
        withdrawals=Count("pk", filter=Q(is_withdrawal=True)),
        failed=Count("pk", filter=~Q(failure="")),
        since=Min("recorded_at"),
    )
    others = PendingDependents.objects.aggregate(
        documents=Sum("waiting", default=0),
        withdrawals=Sum("waiting", filter=Q(is_withdrawal=True), default=0),
        since=Min("recorded_at"),
    )
    yield _gauge(
        "delivery_pending_documents",
        "Documents that show a change and wait for a worker.",
        found["documents"] + others["documents"],
    )
    yield _gauge(
        "delivery_pending_withdrawals",
        "Those of them that may show what is no longer public.",
        found["withdrawals"] + others["withdrawals"],
    )
    yield _gauge(
        "delivery_pending_failed", "Those of them that could not be compiled.", found["failed"]
    )
    yield _gauge(
        "delivery_pending_age_seconds",
        "How long the oldest of them has waited.",
        _age(min(filter(None, (found["since"], others["since"])), default=None)),
    )


def _workers() -> Iterator[Any]:
    seen = WorkerSign.objects.aggregate(seen=Max("seen_at"))["seen"]
    if seen is not None:
        yield _gauge(
            "delivery_worker_seen_seconds", "How long ago a worker was last seen.", _age(seen)
        )


def _caches(last: int) -> Iterator[Any]:
    from prometheus_client.core import GaugeMetricFamily

    entries = GaugeMetricFamily(
        "delivery_purge_lag_entries",
        "Entries of the change log that a cache has not been purged of.",
        labels=["cache"],
    )
    seconds = GaugeMetricFamily(
        "delivery_purge_lag_seconds", "How old the oldest of them is.", labels=["cache"]
    )
    attempts = GaugeMetricFamily(
        "delivery_purge_failed_attempts",
        "How often the cache could not be purged of them so far.",
        labels=["cache"],
    )
    for target in PurgeTarget.objects.filter(name__in=delivery_settings().PURGE):
        behind = Change.objects.filter(sequence__gt=target.sequence)
        since = behind.order_by("sequence").values_list("recorded_at", flat=True).first()
        labels = [target.name]
        entries.add_metric(labels, behind.count() if last > target.sequence else 0)
        seconds.add_metric(labels, _age(since))
        attempts.add_metric(labels, target.attempts if target.failure else 0)
    yield from (entries, seconds, attempts)


def _age(moment: Any) -> float:
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0


def _gauge(name: str, description: str, value: float) -> Any:
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(name, description, value=value)
