"""A page and a snippet."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, Page, RevisionMixin, TranslatableMixin
from wagtail.snippets.models import register_snippet


class ColourField(models.Field):
    """A field class that only this project's encoder knows."""

    def db_type(self, connection: object) -> str:
        return "varchar(7)"


@register_snippet
class Curator(TranslatableMixin, DraftStateMixin, RevisionMixin, models.Model):
    name = models.CharField(max_length=100)

    panels = [FieldPanel("name")]
    api_fields = [APIField("name")]

    class Meta(TranslatableMixin.Meta):
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ExhibitPage(Page):
    introduction = RichTextField(blank=True)
    colour = ColourField(default="#c0ffee")
    curator = models.ForeignKey(
        Curator, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("curator")]
    api_fields = [APIField("introduction"), APIField("colour"), APIField("curator")]
