"""The rows of the home page, which most tests need: made once for each process, then inserted.

Publishing a page takes as long as many a test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.db import models, transaction

#: The models of the tables, each with its rows by primary key.
Tables = dict[type[models.Model], dict[Any, models.Model]]


@dataclass(frozen=True)
class Change:
    """What happened to the rows of one table."""

    model: type[models.Model]
    #: The primary keys of all rows before.
    before: frozenset[Any]
    #: The primary keys of the rows that were removed or changed.
    gone: Sequence[Any]
    #: The rows that were added, and the changed ones as they are now.
    new: Sequence[models.Model]

    def can_apply(self) -> bool:
        """Whether the table has the same rows as before."""
        return set(self.model._base_manager.values_list("pk", flat=True)) == self.before

    def apply(self) -> None:
        """Change the rows of the table alone: neither signals nor parents."""
        self.model._base_manager.filter(pk__in=self.gone)._raw_delete("default")
        if self.new:
            fields = self.model._meta.local_concrete_fields
            self.model._base_manager._insert(self.new, fields=fields, using="default", raw=True)


class Recorded:
    """Does something to the database by changing the rows that it once changed."""

    def __init__(
        self, act: Callable[[], None], *, depends_on: Sequence[type[models.Model]]
    ) -> None:
        """`act` has the same result wherever the tables that it changes and `depends_on` have.

        With a changed setting it may have another.
        """
        self.act = act
        self.depends_on = depends_on
        self.changes: list[Change] = []

    def record(self) -> None:
        """Do it, and remember the rows."""
        before = _tables()
        self.act()
        self.changes = list(_changes(before, _tables(), self.depends_on))

    def __call__(self) -> None:
        is_changed = isinstance(settings._wrapped, UserSettingsHolder)
        if is_changed or not all(change.can_apply() for change in self.changes):
            self.act()
            return
        with transaction.atomic():
            for change in self.changes:
                change.apply()


def _tables() -> Tables:
    found = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)
    return {
        model: {row.pk: row for row in model._base_manager.all()}
        for model in found
        if not model._meta.proxy
    }


def _changes(before: Tables, after: Tables, others: Sequence[type[models.Model]]) -> Any:
    for model, rows in after.items():
        old = before[model]
        changed = {pk for pk in old.keys() & rows.keys() if _values(old[pk]) != _values(rows[pk])}
        gone = [pk for pk in old if pk not in rows or pk in changed]
        new = [row for pk, row in rows.items() if pk not in old or pk in changed]
        if gone or new or model in others:
            yield Change(model, frozenset(old), gone, new)


def _values(row: models.Model) -> list[Any]:
    fields = row._meta.local_concrete_fields
    return [field.get_prep_value(getattr(row, field.attname)) for field in fields]
