"""Content with filters and orders for every kind of field."""

from __future__ import annotations

import uuid

from django.db import models
from taggit.managers import TaggableManager
from wagtail.api import APIField
from wagtail.models import DraftStateMixin, Page, RevisionMixin, TranslatableMixin
from wagtail.search import index
from wagtail.snippets.models import register_snippet


class BookPage(Page):
    released = models.DateField(null=True, blank=True)
    volumes = models.IntegerField(default=1)

    api_fields = [APIField("released"), APIField("volumes")]
    search_fields = [
        *Page.search_fields,
        index.FilterField("released"),
        index.FilterField("volumes"),
    ]


class EventPage(Page):
    """`released` is of another kind than in BookPage, and `site` has a reserved name."""

    released = models.CharField(max_length=50)
    order = models.CharField(max_length=50, blank=True)

    api_fields = [APIField("released"), APIField("order")]
    search_fields = [
        *Page.search_fields,
        index.FilterField("released"),
        index.FilterField("order"),
    ]


@register_snippet
class Publisher(TranslatableMixin, index.Indexed, models.Model):
    title = models.CharField(max_length=100)

    api_fields = [APIField("title")]

    class Meta(TranslatableMixin.Meta):
        ordering = ["-title"]

    def __str__(self) -> str:
        return self.title


@register_snippet
class Author(DraftStateMixin, RevisionMixin, TranslatableMixin, index.Indexed, models.Model):
    """Has a slug, and a filter for every kind of field."""

    class Genre(models.TextChoices):
        POETRY = "poetry", "Poetry"
        PROSE = "prose", "Prose"

    class Grade(models.IntegerChoices):
        FIRST = 1, "First"
        SECOND = 2, "Second"

    title = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100)
    rank = models.IntegerField(default=0)
    score = models.FloatField(default=0)
    price = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    alive = models.BooleanField(default=True)
    genre = models.CharField(max_length=10, choices=Genre.choices, blank=True)
    grade = models.IntegerField(choices=Grade.choices, null=True)
    code = models.UUIDField(default=uuid.uuid4)
    born = models.DateField(null=True)
    seen = models.DateTimeField(null=True)
    wakes = models.TimeField(null=True)
    tenure = models.DurationField(null=True)
    note = models.TextField(blank=True)
    # Names used by parameters of lists, or by Pydantic.
    limit = models.IntegerField(default=0)
    copy = models.CharField(max_length=10, blank=True)
    publisher = models.ForeignKey(Publisher, null=True, on_delete=models.SET_NULL)
    stamps = models.ManyToManyField("library.Stamp")
    tags = TaggableManager()

    NAMES = (
        *("slug", "rank", "score", "price", "alive", "genre", "grade", "code", "born", "seen"),
        *("wakes", "tenure", "note", "limit", "copy", "publisher", "stamps", "tags"),
    )
    api_fields = [APIField("title"), *(APIField(name) for name in NAMES)]
    card_fields = ["slug", "rank"]
    search_fields = [index.FilterField(name) for name in NAMES]

    class Meta(TranslatableMixin.Meta):
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.title


@register_snippet
class Stamp(index.Indexed, models.Model):
    """Neither translatable nor draftable, and without a slug."""

    title = models.CharField(max_length=100)
    value = models.IntegerField(default=0)

    api_fields = [APIField("title"), APIField("value")]
    search_fields = [index.FilterField("value")]

    def __str__(self) -> str:
        return self.title
