"""Keys that no row can have, because they are greater than any integer of the database."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField
from django.db.models.lookups import In


class IntegerFieldIn(In):
    """Leaves out what is beyond the field's range; Django does so in all its other lookups."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """The values to compare with; raises EmptyResultSet if none is within the range."""
        if self.rhs_is_direct_value():
            kind = self.lhs.output_field.get_internal_type()
            least, most = connection.ops.integer_field_range(kind)
            self.rhs = [value for value in self.rhs if _is_within(value, least, most)]
        return super().process_rhs(compiler, connection)


def register_lookup() -> None:
    """Use it for all integers, which keys are."""
    IntegerField.register_lookup(IntegerFieldIn)


def _is_within(value: Any, least: int | None, most: int | None) -> bool:
    return not isinstance(value, int) or (
        (least is None or least <= value) and (most is None or value <= most)
    )
