"""Snippets by their features (drafts, locales, both, none) and their registration."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import TaggedItemBase
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index
from wagtail.snippets.models import register_snippet


@register_snippet
class PlainTopic(models.Model):
    """Neither drafts nor locales."""

    title = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100)
    weight = models.IntegerField(default=0)

    api_fields = ["title", "slug", "weight", "relations", "relations_many"]
    card_fields = ["slug", "weight"]
    search_fields = [index.FilterField("weight")]

    class Meta:
        ordering = ["-weight"]

    def __str__(self) -> str:
        return self.title


@register_snippet
class DraftTopic(DraftStateMixin, RevisionMixin, models.Model):
    """Drafts, no locales."""

    title = models.CharField(max_length=100)
    text = RichTextField(blank=True)

    api_fields = ["title", "text"]
    card_fields = ["text"]

    def __str__(self) -> str:
        return self.title


@register_snippet
class TranslatableTopic(TranslatableMixin, models.Model):
    """Locales, no drafts."""

    title = models.CharField(max_length=100)

    api_fields = ["title"]

    class Meta(TranslatableMixin.Meta):
        pass

    def __str__(self) -> str:
        return self.title


@register_snippet
class FullTopic(
    PreviewableMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """Every feature of a snippet."""

    title = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100)
    #: The envelope of a document has this name too.
    type = models.CharField(max_length=10, choices=[("a", "A"), ("b", "B")], default="a")
    meta = models.CharField(max_length=100, blank=True)
    path = models.CharField(max_length=100, blank=True)
    related = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="related_from"
    )
    tags = ClusterTaggableManager(through="testapp.TaggedTopic", blank=True)
    remarks = GenericRelation("testapp.Remark")
    revisions = GenericRelation(
        "wagtailcore.Revision", related_query_name="full_topic", for_concrete_model=False
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="full_topic",
        for_concrete_model=False,
    )

    api_fields = [
        APIField("id"),
        APIField("locale"),
        APIField("title"),
        APIField("slug"),
        APIField("type"),
        APIField("meta"),
        APIField("path"),
        APIField("related"),
        APIField("related_from"),
        APIField("tags"),
        APIField("remarks"),
        APIField("chapters"),
    ]
    card_fields = ["slug", "type"]
    search_fields = [
        index.FilterField("id"),
        index.FilterField("locale"),
        index.FilterField("title"),
        index.FilterField("type"),
    ]

    class Meta(TranslatableMixin.Meta):
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "testapp/preview.html"


class TaggedTopic(TaggedItemBase):
    content_object = ParentalKey(FullTopic, on_delete=models.CASCADE, related_name="tagged_items")


class Chapter(TranslatableMixin, Orderable, ClusterableModel):
    """A child with children."""

    topic = ParentalKey(FullTopic, on_delete=models.CASCADE, related_name="chapters")
    heading = models.CharField(max_length=100)

    api_fields = ["heading", "paragraphs"]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass


class Paragraph(Orderable, ClusterableModel):
    """A child of a child, with children."""

    chapter = ParentalKey(Chapter, on_delete=models.CASCADE, related_name="paragraphs")
    text = RichTextField()

    api_fields = ["text", "footnotes"]


class Footnote(Orderable):
    """A child of a child of a child."""

    paragraph = ParentalKey(Paragraph, on_delete=models.CASCADE, related_name="footnotes")
    text = models.CharField(max_length=100)

    api_fields = ["sort_order", "text"]


class HookTopic(models.Model):
    """Registered as a snippet in `wagtail_hooks`."""

    title = models.CharField(max_length=100)

    api_fields = ["title"]

    def __str__(self) -> str:
        return self.title


@register_snippet
class SilentTopic(models.Model):
    """Without `api_fields` it is not in the API."""

    title = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.title


@register_snippet
class EmptyTopic(models.Model):
    """With empty `api_fields`: in the API with its envelope alone."""

    title = models.CharField(max_length=100)

    api_fields: list[str] = []

    def __str__(self) -> str:
        return self.title


@register_snippet
class Vehicle(models.Model):
    """A snippet whose table another snippet inherits."""

    name = models.CharField(max_length=100)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)

    api_fields = ["name", "successor"]
    card_fields = ["name"]

    def __str__(self) -> str:
        return self.name


@register_snippet
class Car(Vehicle):
    doors = models.IntegerField()

    api_fields = [*Vehicle.api_fields, "doors"]
    card_fields = ["name", "doors"]


@register_snippet
class FastCar(Car):
    """A proxy of the same rows."""

    api_fields = ["name"]
    card_fields = ["name"]

    class Meta:
        proxy = True


@register_snippet
class Ranked(Orderable):
    """Editors can drag these into another order in Wagtail's listing."""

    title = models.CharField(max_length=100)

    api_fields = ["title", "sort_order"]
    search_fields = [index.FilterField("sort_order")]

    class Meta(Orderable.Meta):
        verbose_name_plural = "ranked"

    def __str__(self) -> str:
        return self.title


@register_snippet
class Notice(models.Model):
    """`secondapp` has a model with the same name."""

    text = models.CharField(max_length=100)

    api_fields = ["text"]

    def __str__(self) -> str:
        return self.text
