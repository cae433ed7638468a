"""Many rows written or deleted by few statements.

Django makes an instance of each row and prepares each value, which costs more than all the rest of
storing a document.
"""

# ruff: noqa: S608 - the names of tables and columns are the code's own

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
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
    names = ", ".join(map(connection.ops.quote_name, columns))
    limit = min(connection.features.max_query_params or MOST_PARAMETERS, MOST_PARAMETERS)
    pending = iter(rows)
    row = f"({marks(columns)})"
    while chunk := list(islice(pending, limit // len(columns))):
        values = ", ".join([row] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table_of(model)} ({names}) VALUES {values}",
                [part for each in chunk for part in each],
            )


def delete_rows(rows: models.QuerySet[Any]) -> None:
    """Delete `rows`, which no other rows refer to.

    Django's own `delete` reads them first, for handlers of signals, which this app has for content.
    """
    rows._raw_delete(rows.db)


def table_of(model: Any) -> str:
    """The quoted name of a model's table."""
    return connection.ops.quote_name(model._meta.db_table)


def marks(values: Sized) -> str:
    """A parameter's mark for each of `values`, for `IN`."""
    return ", ".join(["%s"] * len(values))


def binary(value: bytes) -> Any:
    """A value of a BinaryField as the database adapter takes it."""
    return _BINARY.get_db_prep_value(value, connection)


def compressed(value: bytes) -> Any:
    """A value of a CompressedField as the database adapter takes it."""
    return _COMPRESSED.get_db_prep_value(value, connection)
