"""Numbers that no row can have, because they are beyond any integer of the database."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import IntegerField
from django.db.models.lookups import In, Range


class IntegerFieldIn(In):
    """Leaves out what is beyond the field's range; Django does so in all its other lookups."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """The values to compare with; raises EmptyResultSet if none is within the range."""
        if self.rhs_is_direct_value():
            kind = self.lhs.output_field.get_internal_type()
            least, most = connection.ops.integer_field_range(kind)
            self.rhs = [value for value in self.rhs if _is_within(value, least, most)]
        return super().process_rhs(compiler, connection)


class IntegerFieldRange(Range):
    """Ends at the field's range; raises EmptyResultSet if it lies beyond."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """The least and the greatest value to compare with."""
        if self.rhs_is_direct_value() and all(isinstance(value, int) for value in self.rhs):
            kind = self.lhs.output_field.get_internal_type()
            least, most = connection.ops.integer_field_range(kind)
            low, high = self.rhs
            low = low if least is None else max(low, least)
            high = high if most is None else min(high, most)
            if low > high:
                raise EmptyResultSet
            self.rhs = (low, high)
        return super().process_rhs(compiler, connection)


def register_lookups() -> None:
    """Use them for all integers, which keys and numbers of uses are."""
    IntegerField.register_lookup(IntegerFieldIn)
    IntegerField.register_lookup(IntegerFieldRange)


def _is_within(value: Any, least: int | None, most: int | None) -> bool:
    return not isinstance(value, int) or (
        (least is None or least <= value) and (most is None or value <= most)
    )
