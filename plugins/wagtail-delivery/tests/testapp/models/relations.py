"""Every class of relation, to every kind of target."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from tests.testapp.models.participation import (
    DraftTopic,
    FullTopic,
    PlainTopic,
    SilentTopic,
    TranslatableTopic,
    Vehicle,
)


class Place(models.Model):
    """Not a snippet, but with `api_fields`."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    topic = models.ForeignKey(PlainTopic, null=True, on_delete=models.SET_NULL, related_name="+")

    api_fields = ["name", "email", "topic"]

    def __str__(self) -> str:
        return self.name


class Unspoken(models.Model):
    """Neither a snippet nor with `api_fields`."""

    secret = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.secret


@register_snippet
class Relations(ClusterableModel):
    name = models.CharField(max_length=100)
    #: Cards
    plain = models.ForeignKey(PlainTopic, on_delete=models.CASCADE, related_name="relations")
    optional_plain = models.ForeignKey(
        PlainTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    draft = models.ForeignKey(
        DraftTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="relations"
    )
    translatable = models.ForeignKey(
        TranslatableTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    full = models.ForeignKey(
        FullTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    vehicle = models.ForeignKey(
        Vehicle, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    event_page = models.ForeignKey(
        "testapp.EventPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    one_to_one = models.OneToOneField(
        PlainTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="one_relation"
    )
    itself = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    #: Targets without documents
    silent = models.ForeignKey(
        SilentTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL)
    place_by_code = models.ForeignKey(
        Place,
        null=True,
        blank=True,
        to_field="code",
        on_delete=models.SET_NULL,
        related_name="relations_by_code",
    )
    unspoken = models.ForeignKey(Unspoken, null=True, blank=True, on_delete=models.SET_NULL)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    site = models.ForeignKey("wagtailcore.Site", null=True, blank=True, on_delete=models.SET_NULL)
    image = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    document = models.ForeignKey(
        "wagtaildocs.Document", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: Many
    many = models.ManyToManyField(PlainTopic, blank=True, related_name="relations_many")
    many_through = models.ManyToManyField(
        PlainTopic, through="testapp.Membership", blank=True, related_name="+"
    )
    many_drafts = models.ManyToManyField(DraftTopic, blank=True, related_name="+")
    many_parental = ParentalManyToManyField(PlainTopic, blank=True, related_name="+")
    many_places = models.ManyToManyField(Place, blank=True, related_name="+")
    many_images = models.ManyToManyField("wagtailimages.Image", blank=True, related_name="+")
    api_fields = [
        "name",
        "plain",
        "plain_id",
        "optional_plain",
        "draft",
        "translatable",
        "full",
        "vehicle",
        "page",
        "event_page",
        "one_to_one",
        "itself",
        "relations_set",
        "silent",
        "place",
        "place_by_code",
        "place_by_code_id",
        "unspoken",
        "user",
        "site",
        "image",
        "document",
        "many",
        "many_through",
        "many_drafts",
        "many_parental",
        "many_places",
        "many_images",
        "memberships",
        "visits",
        "steps",
        "lessons",
    ]
    card_fields = ["name"]
    search_fields = [index.FilterField("plain"), index.FilterField("plain_id")]

    class Meta:
        verbose_name_plural = "relations"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """The through table of a many-to-many relation, with a column of its own."""

    relations = models.ForeignKey(Relations, on_delete=models.CASCADE, related_name="memberships")
    topic = models.ForeignKey(PlainTopic, on_delete=models.CASCADE)
    since = models.DateField(null=True)

    api_fields = ["since"]

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return str(self.since)


class Visit(models.Model):
    """Has a composite primary key."""

    pk = models.CompositePrimaryKey("relations_id", "number")
    relations = models.ForeignKey(Relations, on_delete=models.CASCADE, related_name="visits")
    number = models.IntegerField()

    api_fields = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class Step(Orderable):
    """An inline child with a relation; `api_fields` does not name its order."""

    relations = ParentalKey(Relations, on_delete=models.CASCADE, related_name="steps")
    topic = models.ForeignKey(PlainTopic, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    api_fields = ["relations", "sort_order", "topic", "page"]


class Lesson(Orderable):
    """An inline child that says nothing without its topic, which may be a draft."""

    relations = ParentalKey(Relations, on_delete=models.CASCADE, related_name="lessons")
    topic = models.ForeignKey(FullTopic, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=100)

    api_fields = ["topic", "note"]


class Remark(models.Model):
    """Has a generic foreign key."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=100)
    about = GenericForeignKey("content_type", "object_id")
    text = models.CharField(max_length=100)

    api_fields = ["text"]

    def __str__(self) -> str:
        return self.text


@register_snippet
class Shelf(models.Model):
    """Its books have an order kept by Django (`order_with_respect_to`)."""

    name = models.CharField(max_length=100)

    api_fields = ["name", "books"]

    class Meta:
        verbose_name_plural = "shelves"

    def __str__(self) -> str:
        return self.name


@register_snippet
class Book(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="books")
    title = models.CharField(max_length=100)

    # Not `_order` itself: Wagtail's API v3 accepts no name with a leading underscore.
    api_fields = ["shelf"]

    class Meta:
        order_with_respect_to = "shelf"

    def __str__(self) -> str:
        return self.title
