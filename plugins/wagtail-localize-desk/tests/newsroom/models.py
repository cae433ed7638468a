from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import DraftStateMixin, Orderable, Page, RevisionMixin, TranslatableMixin
from wagtail.snippets.models import register_snippet


class PointBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    on = blocks.DateBlock(required=False)


class SectionBlock(blocks.StructBlock):
    heading = blocks.CharBlock()
    body = blocks.RichTextBlock()
    points = blocks.ListBlock(PointBlock())


@register_snippet
class Topic(DraftStateMixin, RevisionMixin, TranslatableMixin, ClusterableModel):
    """A snippet with drafts and translatable children."""

    name = models.CharField(max_length=100)
    number = models.IntegerField(default=0)
    email = models.EmailField(blank=True)

    class Meta(TranslatableMixin.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class TopicLink(TranslatableMixin, Orderable):
    topic = ParentalKey(Topic, related_name="links", on_delete=models.CASCADE)
    label = models.CharField(max_length=100)

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.label


class Term(TranslatableMixin, models.Model):
    """A model without drafts or revisions, public once saved."""

    word = models.CharField(max_length=100)

    class Meta(TranslatableMixin.Meta):
        pass

    def __str__(self) -> str:
        return self.word


class Footnote(RevisionMixin, TranslatableMixin, models.Model):
    """A model with revisions but no drafts."""

    text = models.CharField(max_length=100)

    class Meta(TranslatableMixin.Meta):
        pass

    def __str__(self) -> str:
        return self.text


class Plain(models.Model):
    """A model that is not translatable."""

    text = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.text


class Article(Page):
    intro = RichTextField(blank=True)
    body = StreamField([("section", SectionBlock())], blank=True)
    priority = models.IntegerField(default=0)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL)

    content_panels = [*Page.content_panels, "intro", "topic"]
