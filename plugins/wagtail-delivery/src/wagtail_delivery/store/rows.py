"""Many rows written or deleted by few statements.

Django makes an instance of each row and prepares each value, which costs more than all the rest of
storing a document.
"""

# ruff: noqa: S608 - the names of tables and columns are the code's own

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

from wagtail_delivery.models import CompressedField

_COMPRESSED = CompressedField()
_BINARY: models.BinaryField[bytes, bytes] = models.BinaryField()
#: Parameters of one statement; PostgreSQL's protocol numbers them with 16 bits.
MOST_PARAMETERS = 30_000


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert `rows`, each with the values of `columns` as the database adapter takes them."""
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    limit = min(connection.features.max_query_params or MOST_PARAMETERS, MOST_PARAMETERS)
    pending = iter(rows)
    marks = f"({', '.join(['%s'] * len(columns))})"
    while chunk := list(islice(pending, limit // len(columns))):
        values = ", ".join([marks] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {values}",
                [part for row in chunk for part in row],
            )


def delete_rows(rows: models.QuerySet[Any]) -> None:
    """Delete `rows`, which no other rows refer to.

    Django's own `delete` reads them first, for handlers of signals, which this app has for content.
    """
    rows._raw_delete(rows.db)


def binary(value: bytes) -> Any:
    """A value of a BinaryField as the database adapter takes it."""
    return _BINARY.get_db_prep_value(value, connection)


def compressed(value: bytes) -> Any:
    """A value of a CompressedField as the database adapter takes it."""
    return _COMPRESSED.get_db_prep_value(value, connection)
