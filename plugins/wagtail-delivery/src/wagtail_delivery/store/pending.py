"""The queue of documents that follow a publish: what shows something that changed.

A row is written in the transaction of the change and deleted in the one that compiles its document,
so no document is forgotten, whatever ends in between. A document is in the queue once, however many
things that it shows have changed.
"""

# ruff: noqa: S608 - the names of tables and columns are the code's own

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from wagtail_delivery.hashes import dependency_hash
from wagtail_delivery.identifiers import SIGN_VALID
from wagtail_delivery.models import (
    Dependency,
    PendingDependents,
    PendingDocument,
    PublishedDocument,
    WorkerSign,
)
from wagtail_delivery.store.failures import Failure, stored_failure
from wagtail_delivery.store.following import record_count
from wagtail_delivery.store.growing_waits import GrowingWait
from wagtail_delivery.store.routes import chunks
from wagtail_delivery.store.rows import delete_rows, marks, table_of

#: What a new reason to compile a document does to its row. What failed is tried again at once.
ON_CONFLICT = (
    "ON CONFLICT (source) DO UPDATE SET attempts = 0, not_before = NULL, failure = '', "
    "is_withdrawal = excluded.is_withdrawal OR {table}.is_withdrawal, causes = CASE "
    "WHEN {table}.causes LIKE '%%' || excluded.causes || '%%' THEN {table}.causes "
    "WHEN LENGTH({table}.causes) > 10000 THEN excluded.causes "
    "ELSE {table}.causes || excluded.causes END, "
    "recorded_at = CASE WHEN excluded.is_withdrawal AND NOT {table}.is_withdrawal "
    "THEN excluded.recorded_at ELSE {table}.recorded_at END"
)
#: Dependents that a worker adds to the queue at once.
ADDED_BY_WORKER = 2000
COLUMNS = "source, is_withdrawal, causes, recorded_at, attempts, failure"
#: Things published together that are each remembered as the cause; of more, the first ones are.
MOST_CAUSES = 50
#: So long other workers leave alone what one has begun, and the documents of a killed worker wait.
CLAIM = timedelta(seconds=5)
#: How often workers sign.
SIGN_INTERVAL = timedelta(seconds=5)
WAIT = GrowingWait(first=timedelta(seconds=5), growth=3, longest=timedelta(hours=1))


@dataclass(frozen=True)
class Reason:
    """Why documents are to be compiled."""

    #: The sources of what was published; without any, its dependency keys.
    causes: tuple[str, ...]
    #: Whether something that they may show is no longer public.
    is_withdrawal: bool


def enqueue(sources: Iterable[str], reason: Reason) -> None:
    """Add `sources` to the queue."""
    table = table_of(PendingDocument)
    moment, causes = timezone.now(), _marked(reason.causes)
    same = _values(causes, moment, is_withdrawal=reason.is_withdrawal)
    for chunk in chunks(sources):
        values = ", ".join(["(%s, %s, %s, %s, 0, '')"] * len(chunk))
        parameters = [part for source in chunk for part in (source, *same)]
        conflict = ON_CONFLICT.format(table=table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({COLUMNS}) VALUES {values} {conflict}", parameters
            )


def enqueue_dependents(
    keys: Collection[str], reason: Reason, at_least: int, without: Collection[str]
) -> None:
    """Let a worker add the sources of the documents that depend on any of `keys`.

    Those of `without` are left out: they are compiled now. There are `at_least` so many others; the
    change is not to cost more where there are more, so they are not counted here.
    """
    PendingDependents.objects.create(
        keys=sorted(set(map(dependency_hash, keys))),
        without=sorted(without),
        after=0,
        waiting=at_least,
        is_withdrawal=reason.is_withdrawal,
        causes=_marked(reason.causes),
        recorded_at=timezone.now(),
    )


def add_next_dependents() -> bool:
    """Add more of the documents that wait for it; call it under the lock; whether there were any.

    A document that is compiled in the meantime may be added although it is up to date.
    """
    row = PendingDependents.objects.order_by("-is_withdrawal", "pk").first()
    if row is None:
        return False
    if not row.after:
        row.waiting = _count(row)
        record_count(_unmarked(row.causes), row.waiting)
    added, are_more = _add_dependents(row, ADDED_BY_WORKER)
    if are_more:
        row.waiting = max(row.waiting - added, 0)
        row.save(update_fields=["after", "waiting"])
    else:
        row.delete()
    return True


def count_following(cause: str) -> int:
    """How many documents are still to be compiled because `cause` was published."""
    waiting = waiting_for(cause).count()
    for row in PendingDependents.objects.filter(causes__contains=_marked([cause])):
        waiting += row.waiting if row.after else _count(row)
    return waiting


def _add_dependents(row: PendingDependents, most: int) -> tuple[int, bool]:
    """Add the first `most` of the documents that `row` still is about.

    Returns how many they are, and whether there are more.
    """
    found = _dependents(row).values_list("document", flat=True)
    documents = list(found.distinct().order_by("document")[: most + 1])
    added = documents[:most]
    if added:
        table, document = map(table_of, (PendingDocument, PublishedDocument))
        keys = marks(row.keys)
        without = f"AND shown.source NOT IN ({marks(row.without)}) " if row.without else ""
        values = _values(row.causes, row.recorded_at, is_withdrawal=row.is_withdrawal)
        # The values are cast, because PostgreSQL cannot tell the type of a parameter in SELECT.
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({COLUMNS}) "
                "SELECT shown.source, CAST(%s AS boolean), CAST(%s AS text), "
                f"CAST(%s AS {_moment_type()}), 0, '' FROM {document} shown "
                "WHERE shown.id > %s AND shown.id <= %s AND EXISTS ("
                f"SELECT 1 FROM {table_of(Dependency)} depends "
                f"WHERE depends.document_id = shown.id AND depends.key IN ({keys})) "
                f"{without}{ON_CONFLICT.format(table=table)}",
                [*values, row.after, added[-1], *row.keys, *row.without],
            )
        row.after = added[-1]
    return len(added), len(documents) > most


def _count(row: PendingDependents) -> int:
    return _dependents(row).values("document").distinct().count()


def _dependents(row: PendingDependents) -> QuerySet[Dependency]:
    found = Dependency.objects.filter(key__in=row.keys, document__gt=row.after)
    return found.exclude(document__source__in=row.without) if row.without else found


def dequeue(sources: Iterable[str]) -> None:
    """Remove `sources` from the queue, because their documents are up to date."""
    for chunk in chunks(sources):
        delete_rows(PendingDocument.objects.filter(source__in=chunk))


def waiting_for(cause: str) -> QuerySet[PendingDocument]:
    """What is in the queue because `cause` was published, among other reasons."""
    return PendingDocument.objects.filter(causes__contains=_marked([cause]))


def sign_on() -> None:
    """Sign that a worker is there, if the last sign is some seconds old."""
    now = timezone.now()
    if not WorkerSign.objects.filter(pk=1, seen_at__gt=now - SIGN_INTERVAL).exists():
        WorkerSign.objects.update_or_create(pk=1, defaults={"seen_at": now})


def is_worker_alive() -> bool:
    """Whether a worker has signed lately, so a publish may leave documents to it."""
    return WorkerSign.objects.filter(seen_at__gt=timezone.now() - SIGN_VALID).exists()


def claim(most: int) -> list[PendingDocument]:
    """Begin with at most `most` documents, those first that may show what is no longer public.

    What was begun before, and failed or ended its worker, is claimed alone, after all others.
    """
    order = ("attempts", "-is_withdrawal", "pk")
    fresh = PendingDocument.objects.filter(attempts=0)
    rows = list(fresh.order_by(*order)[:most])
    now = timezone.now()
    if not rows:
        due = Q(not_before=None) | Q(not_before__lte=now)
        rows = list(PendingDocument.objects.filter(due).order_by(*order)[:1])
    # Committed before the work, so a document that ends each worker does not stop the others.
    pks = [row.pk for row in rows]
    PendingDocument.objects.filter(pk__in=pks).update(
        attempts=F("attempts") + 1, not_before=now + CLAIM
    )
    return rows


def claimed(rows: Iterable[PendingDocument]) -> list[PendingDocument]:
    """Those of the claimed `rows` that are still in the queue; call it under the lock."""
    still = PendingDocument.objects.in_bulk([row.pk for row in rows])
    return [still[row.pk] for row in rows if row.pk in still]


def release(rows: Iterable[PendingDocument]) -> None:
    """Give back claimed rows whose documents were not begun."""
    PendingDocument.objects.filter(pk__in=[row.pk for row in rows], attempts__gt=0).update(
        attempts=F("attempts") - 1, not_before=None
    )


def record_failure(row: PendingDocument, failure: Failure) -> None:
    """Keep the row of a document that could not be compiled, for a later attempt."""
    attempts = max(row.attempts, 1)
    PendingDocument.objects.filter(pk=row.pk).update(
        attempts=attempts,
        failure=stored_failure(failure),
        not_before=timezone.now() + WAIT.after(attempts),
    )


def retry_now(keys: Collection[int]) -> None:
    """Let workers try the failed documents with these primary keys again at once."""
    PendingDocument.objects.filter(pk__in=keys).exclude(failure="").update(not_before=None)


def _values(causes: str, moment: datetime, *, is_withdrawal: bool) -> list[Any]:
    return [is_withdrawal, causes, connection.ops.adapt_datetimefield_value(moment)]


def _marked(causes: Iterable[str]) -> str:
    return "".join(f"\n{cause}\n" for cause in causes)


def _unmarked(causes: str) -> list[str]:
    """The causes that `_marked` made one text of."""
    return causes.strip("\n").split("\n\n")


def _moment_type() -> str:
    return "timestamptz" if connection.vendor == "postgresql" else "text"
