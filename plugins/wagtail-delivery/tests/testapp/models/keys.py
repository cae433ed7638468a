"""Snippets for each class of primary key, without locales or drafts."""

from __future__ import annotations

import uuid

from django.db import models
from wagtail.snippets.models import register_snippet


class Named(models.Model):
    name = models.CharField(max_length=100)

    api_fields = ["id", "name"]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


@register_snippet
class AutoKeyed(Named):
    id = models.AutoField(primary_key=True)


@register_snippet
class SmallAutoKeyed(Named):
    id = models.SmallAutoField(primary_key=True)


@register_snippet
class BigAutoKeyed(Named):
    id = models.BigAutoField(primary_key=True)


@register_snippet
class UuidKeyed(Named):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)


@register_snippet
class TextKeyed(Named):
    code = models.CharField(primary_key=True, max_length=255)

    api_fields = ["code", "name"]


@register_snippet
class ForeignKeyed(Named):
    """Its primary key is a relation."""

    keyed = models.OneToOneField(TextKeyed, on_delete=models.CASCADE, primary_key=True)

    api_fields = ["keyed", "name"]
