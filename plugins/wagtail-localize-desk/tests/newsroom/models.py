from __future__ import annotations

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import (
    DraftStateMixin,
    Orderable,
    Page,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
)
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail.snippets.models import register_snippet


class PointBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    on = blocks.DateBlock(required=False)


class SectionBlock(blocks.StructBlock):
    heading = blocks.CharBlock()
    body = blocks.RichTextBlock()
    points = blocks.ListBlock(PointBlock())


@register_snippet
class Topic(DraftStateMixin, RevisionMixin, PreviewableMixin, TranslatableMixin, ClusterableModel):
    """A snippet with drafts, a preview and translatable children."""

    name = models.CharField(max_length=100)
    number = models.IntegerField(default=0)
    email = models.EmailField(blank=True)

    class Meta(TranslatableMixin.Meta):
        pass

    def __str__(self) -> str:
        return self.name

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return HttpResponse(format_html("<h1>{}</h1>", self.name))


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


class FactsBlock(blocks.StructBlock):
    """A struct in a struct, with what is hard to find in it."""

    title = blocks.CharBlock()
    notes = blocks.ListBlock(blocks.CharBlock())
    picture = ImageBlock(required=False)


class BoxBlock(blocks.StructBlock):
    label = blocks.CharBlock()
    facts = FactsBlock()
    rows = blocks.ListBlock(blocks.ListBlock(blocks.TextBlock()))


class InnerStream(blocks.StreamBlock):
    text = blocks.TextBlock()
    box = BoxBlock()


#: Every class of block that Wagtail has.
ALL_BLOCKS = [
    ("char", blocks.CharBlock(required=False)),
    ("text", blocks.TextBlock()),
    ("rich", blocks.RichTextBlock()),
    ("quote", blocks.BlockQuoteBlock()),
    ("raw", blocks.RawHTMLBlock()),
    ("url", blocks.URLBlock()),
    ("email", blocks.EmailBlock()),
    ("regex", blocks.RegexBlock(regex=r"[A-Z]+")),
    ("integer", blocks.IntegerBlock()),
    ("float", blocks.FloatBlock()),
    ("decimal", blocks.DecimalBlock()),
    ("boolean", blocks.BooleanBlock(required=False)),
    ("date", blocks.DateBlock()),
    ("time", blocks.TimeBlock()),
    ("datetime", blocks.DateTimeBlock()),
    ("choice", blocks.ChoiceBlock(choices=[("a", "A")])),
    ("choices", blocks.MultipleChoiceBlock(choices=[("a", "A")])),
    ("static", blocks.StaticBlock()),
    ("page", blocks.PageChooserBlock()),
    ("snippet", SnippetChooserBlock(Topic)),
    ("document", DocumentChooserBlock()),
    ("image_chooser", ImageChooserBlock()),
    ("image", ImageBlock(required=False)),
    ("embed", EmbedBlock(required=False)),
    ("box", BoxBlock()),
    ("list", blocks.ListBlock(BoxBlock())),
    ("stream", InnerStream()),
    ("table", TableBlock()),
    (
        "typed",
        TypedTableBlock(
            [
                ("char", blocks.CharBlock()),
                ("rich", blocks.RichTextBlock()),
                ("number", blocks.IntegerBlock()),
                ("box", BoxBlock()),
                ("picture", ImageBlock()),
            ]
        ),
    ),
]


class Everything(Page):
    """A page with every class of field and block."""

    subtitle = models.CharField(max_length=255, blank=True)
    summary = models.TextField(blank=True)
    intro = RichTextField(blank=True)
    link = models.URLField(blank=True)
    contact = models.EmailField(blank=True)
    kind = models.CharField(max_length=10, choices=[("a", "A")], blank=True)
    code = models.SlugField(blank=True)
    count = models.IntegerField(default=0)
    picture = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = StreamField(ALL_BLOCKS, blank=True)


class Answer(TranslatableMixin, Orderable):
    page = ParentalKey(Everything, related_name="answers", on_delete=models.CASCADE)
    question = models.CharField(max_length=255)
    answer = RichTextField()

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.question


class ExternalLink(TranslatableMixin, Orderable):
    """An entry of a navigation."""

    page = ParentalKey(Everything, related_name="navigation", on_delete=models.CASCADE)
    label = models.CharField(max_length=100)
    url = models.URLField()

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.label
