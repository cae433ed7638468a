"""What is counted while things happen."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver

from wagtail_delivery.conf import delivery_settings

#: Read by prometheus_client when it is first imported.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
#: Upper bounds in seconds: of what happens in a transaction, and of what waits in queues.
IN_TRANSACTION = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
IN_MEMORY = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
IN_QUEUES = (0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600)
METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Recorder:
    """Counts in the files of this process."""

    def __init__(self) -> None:
        library = _library()
        # No registry: what is shown is read from the files of all processes.
        self._requests = library.Counter(
            "delivery_requests",
            "Requests to the delivery API by operation, method and status.",
            ["operation", "method", "status"],
            registry=None,
        )
        self._compiled = library.Counter(
            "delivery_compiled_documents",
            "Documents that were compiled, by what became of them.",
            ["outcome"],
            registry=None,
        )
        self._visible = library.Histogram(
            "delivery_publish_to_visible_seconds",
            "Time from a publish until its own document was public.",
            buckets=IN_TRANSACTION,
            registry=None,
        )
        self._followed = library.Histogram(
            "delivery_follow_seconds",
            "Time from a change until a document that shows it, and waited for a worker, was made.",
            buckets=IN_QUEUES,
            registry=None,
        )
        self._purges = library.Counter(
            "delivery_purges",
            "Attempts to purge a cache of some entries of the change log, by outcome.",
            ["cache", "outcome"],
            registry=None,
        )
        self._purged = library.Histogram(
            "delivery_publish_to_purged_seconds",
            "Time from a change of a document until a cache was purged of it.",
            ["cache"],
            buckets=IN_QUEUES,
            registry=None,
        )
        self._kept = library.Counter(
            "delivery_kept_answers",
            "Requests that the memory of answers could have had an answer to, by what it did.",
            ["outcome"],
            registry=None,
        )
        self._kept_by = {
            name: self._kept.labels(name) for name in ("fresh", "stale", "missing", "unconfirmed")
        }
        self._remembered = library.Histogram(
            "delivery_publish_to_memory_seconds",
            "Time from a change until a process no longer answered as before it.",
            buckets=IN_MEMORY,
            registry=None,
        )
        self._confirmed = library.Gauge(
            "delivery_memory_confirmed_timestamp_seconds",
            "When each process was last sure that its memory of answers has every change: that of "
            "the one that is furthest behind.",
            multiprocess_mode="livemin",
            registry=None,
        )
        #: Looking a child up by its labels takes longer than to count.
        self._requests_by: dict[tuple[str, str, int], Any] = {}

    def request(self, operation: str, method: str, status: int) -> None:
        """Count a request to the API."""
        key = (operation, method, status)
        child = self._requests_by.get(key)
        if child is None:
            known = method if method in METHODS else "other"
            child = self._requests.labels(operation, known, str(status))
            if known == method:
                self._requests_by[key] = child
        child.inc()

    def kept(self, outcome: str) -> None:
        """Count what the memory of answers did with a request."""
        self._kept_by[outcome].inc()

    def remembered(self, seconds: float) -> None:
        """Record how long a memory was without a change."""
        self._remembered.observe(seconds)

    def confirmed(self, timestamp: float) -> None:
        """Record when this process was sure to have every change."""
        self._confirmed.set(timestamp)

    def compiled(self, outcome: str) -> None:
        """Count a document that was compiled, or could not be."""
        self._compiled.labels(outcome).inc()

    def published(self, seconds: float) -> None:
        """Record how long a publish took, from its begin to its commit."""
        self._visible.observe(seconds)

    def followed(self, seconds: float) -> None:
        """Record how long a document that shows a change was out of date."""
        self._followed.observe(seconds)

    def purged(self, cache: str, seconds: list[float]) -> None:
        """Record how long a cache was out of date, for each entry that it was purged of."""
        self._purges.labels(cache, "done").inc()
        for each in seconds:
            self._purged.labels(cache).observe(each)

    def purge_failed(self, cache: str) -> None:
        """Count an attempt in which a cache was not purged."""
        self._purges.labels(cache, "failed").inc()


@lru_cache(maxsize=1)
def recorder() -> Recorder | None:
    """The recorder of this process; None if the metrics are off."""
    return Recorder() if delivery_settings().METRICS is not None else None


@receiver(setting_changed)
def _forget(*, setting: str, **_: Any) -> None:
    if setting == "WAGTAIL_DELIVERY":
        recorder.cache_clear()


def folder() -> Path:
    """The folder in which all processes count. Call it only if the metrics are on."""
    settings = delivery_settings().METRICS
    assert settings is not None
    return Path(os.environ.setdefault(FOLDER_VARIABLE, settings.FOLDER))


def _library() -> Any:
    """The module prometheus_client, which counts in files of `folder`."""
    folder().mkdir(parents=True, exist_ok=True)
    import prometheus_client
    from prometheus_client.values import ValueClass

    if not ValueClass._multiprocess:
        raise ImproperlyConfigured(
            "prometheus_client was imported before wagtail_delivery, so it counts for each process "
            f"alone. Set the environment variable {FOLDER_VARIABLE} to METRICS['FOLDER']."
        )
    return prometheus_client
