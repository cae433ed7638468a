"""Fields with choices."""

from __future__ import annotations

import datetime
import decimal

from django.db import models
from wagtail.snippets.models import register_snippet


class Size(models.TextChoices):
    SMALL = "s", "Small"
    LARGE = "l", "Large & wide"


class Level(models.IntegerChoices):
    NONE = 0, "None"
    HIGH = 3, "High"


GROUPED = [
    ("warm", [("red", "Red"), ("orange", "Orange")]),
    ("cold", [("blue", "Blue")]),
    ("x", "X"),
]


def from_a_function() -> list[tuple[str, str]]:
    return [("one", "1"), ("two", "2")]


@register_snippet
class AllChoices(models.Model):
    size = models.CharField(max_length=1, choices=Size)
    level = models.IntegerField(choices=Level)
    grouped = models.CharField(max_length=10, choices=GROUPED)
    computed = models.CharField(max_length=10, choices=from_a_function)
    yes_or_no = models.BooleanField(choices=[(True, "Yes"), (False, "No")])
    #: JSON enums cannot contain dates and decimals; these are typed by their class.
    day = models.DateField(choices=[(datetime.date(2026, 1, 1), "New year")])
    price = models.DecimalField(
        max_digits=5, decimal_places=2, choices=[(decimal.Decimal("1.50"), "Cheap")]
    )
    blank_size = models.CharField(max_length=1, choices=Size, blank=True)
    null_size = models.CharField(max_length=1, choices=Size, null=True, blank=True)
    null_level = models.IntegerField(choices=Level, null=True, blank=True)
    null_yes_or_no = models.BooleanField(
        null=True, blank=True, choices=[(True, "Yes"), (False, "No")]
    )
    explained = models.CharField(
        max_length=10, choices=[(None, "Choose"), ("a", "A"), ("b", "B")], blank=True, null=True
    )

    api_fields = [
        "size",
        "level",
        "grouped",
        "computed",
        "yes_or_no",
        "day",
        "price",
        "blank_size",
        "null_size",
        "null_level",
        "null_yes_or_no",
        "explained",
        "get_size_display",
        "get_null_level_display",
    ]

    def __str__(self) -> str:
        return self.get_size_display()
