"""Pages of every kind."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from rest_framework.fields import Field
from taggit.models import TaggedItemBase
from wagtail.admin.panels import InlinePanel
from wagtail.api import APIField
from wagtail.blocks import RichTextBlock
from wagtail.contrib.forms.models import AbstractEmailForm, AbstractForm, AbstractFormField
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField, StreamField
from wagtail.images.api.fields import ImageRenditionField
from wagtail.models import Orderable, Page
from wagtail.search import index

from tests.testapp.blocks import CaptionedImageBlock, OptionalBlock, TeaserBlock, every_block
from tests.testapp.models.participation import DraftTopic, FullTopic, PlainTopic
from tests.testapp.models.relations import Place
from tests.testapp.models.site_settings import ContactSettings


class PlainPage(Page):
    """A page without content of its own."""

    api_fields: list[str] = []


class BlocksPage(Page):
    body = StreamField(every_block(required=True), blank=True)
    optional = StreamField([("nothing", OptionalBlock())], blank=True)
    one_kind = StreamField([("paragraph", RichTextBlock())], blank=True)
    no_kind = StreamField([], blank=True)

    api_fields = ["body", "optional", "one_kind", "no_kind"]


class FirstPicture(Field):
    """A serializer that reads what a stream chose."""

    def to_representation(self, page: Any) -> str:
        pictures = [block.value["image"] for block in page.body if block.block_type == "picture"]
        return pictures[0].title if pictures and pictures[0] else ""


class TeaserPage(Page):
    """Shows what its blocks chose by code of its own."""

    body = StreamField([("teaser", TeaserBlock()), ("picture", CaptionedImageBlock())], blank=True)

    api_fields = ["body", "lead", APIField("first_picture", serializer=FirstPicture(source="*"))]

    @property
    def lead(self) -> str:
        pages = [block.value["page"] for block in self.body if block.block_type == "teaser"]
        return next((page.title for page in pages if page and page.live), "")


class EventPage(Page):
    type = models.CharField(max_length=10, choices=[("talk", "Talk"), ("walk", "Walk")])
    summary = models.TextField(blank=True)
    date = models.DateField(null=True, blank=True)
    body = RichTextField(blank=True)
    image = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    topic = models.ForeignKey(
        PlainTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="events"
    )
    full_topics = ParentalManyToManyField(FullTopic, blank=True, related_name="event_pages")
    tags = ClusterTaggableManager(through="testapp.EventTag", blank=True)

    api_fields = [
        APIField("title"),
        APIField("type"),
        APIField("summary"),
        APIField("date"),
        APIField("body"),
        APIField("image"),
        APIField("thumbnail", serializer=ImageRenditionField("fill-4x4", source="image")),
        APIField("topic"),
        APIField("full_topics"),
        APIField("tags"),
        APIField("sessions"),
        APIField("siblings_count"),
        APIField("site_phone"),
        APIField("full_url"),
    ]
    card_fields = ["type", "date", "summary"]
    content_panels = [*Page.content_panels, "type", "summary", "tags", InlinePanel("sessions")]
    search_fields = [*Page.search_fields, index.FilterField("type"), index.FilterField("date")]

    @property
    def siblings_count(self) -> int:
        return self.get_siblings(inclusive=False).live().count()

    @property
    def site_phone(self) -> str | None:
        site = self.get_site()
        return ContactSettings.for_site(site).phone if site else None


class SeatPage(Page):
    """Its members have names of parameters of the list of pages."""

    parent = models.CharField(max_length=10)
    site = models.CharField(max_length=10)
    position = models.FloatField()
    topic = models.ForeignKey(DraftTopic, on_delete=models.CASCADE, related_name="+")
    topics = ParentalManyToManyField(FullTopic, blank=True, related_name="+")
    tags = ClusterTaggableManager(through="testapp.SeatTag", blank=True)

    api_fields = ["parent", "site", "position", "topic", "topics", "tags"]
    search_fields = [
        *Page.search_fields,
        *(index.FilterField(name) for name in api_fields),
    ]


class SeatTag(TaggedItemBase):
    content_object = ParentalKey(SeatPage, on_delete=models.CASCADE, related_name="tagged_items")


class EventTag(TaggedItemBase):
    content_object = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="tagged_items")


class Session(Orderable, ClusterableModel):
    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="sessions")
    name = models.CharField(max_length=100)

    api_fields = ["name", "speakers"]
    panels = ["name", InlinePanel("speakers")]


class Speaker(Orderable):
    session = ParentalKey(Session, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    topic = models.ForeignKey(
        PlainTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    api_fields = ["name", "email", "topic"]


class ConcertPage(EventPage):
    """A page type that inherits the table of another."""

    orchestra = models.CharField(max_length=100, blank=True)

    api_fields = [*EventPage.api_fields, APIField("orchestra")]


class FormField(AbstractFormField):
    page = ParentalKey("testapp.FormPage", on_delete=models.CASCADE, related_name="form_fields")


class FormPage(AbstractEmailForm):
    thank_you = RichTextField(blank=True)

    api_fields = ["thank_you", "to_address", "from_address", "subject", "form_fields"]


class SilentFormField(AbstractFormField):
    page = ParentalKey(
        "testapp.SilentFormPage", on_delete=models.CASCADE, related_name="form_fields"
    )

    api_fields: list[str] = []


class SilentFormPage(AbstractForm):
    """A form page whose fields the API does not expose."""

    api_fields: list[str] = []


class RoutableIndexPage(RoutablePageMixin, Page):
    intro = models.CharField(max_length=100, blank=True)

    api_fields = ["intro", "years", "contents", "place"]

    @path("")
    def index_route(self, request: Any) -> Any:
        return self.render(request)

    @path("year/<int:year>/")
    def year_route(self, request: Any, year: int) -> Any:
        return self.render(request)

    @property
    def years(self) -> list[str]:
        """Addresses of its sub-routes."""
        return [self.url + self.reverse_subpage("year_route", args=[2026])]

    @property
    def contents(self) -> list[str]:
        """The pages below it, in the order in which editors arrange them."""
        return [page.slug for page in self.get_children().live()]

    @property
    def place(self) -> str:
        """Where it is in the tree, which it reads without a query."""
        return str(self.path)


class ElsewherePage(Page):
    """A page with custom URL parts."""

    address = models.CharField(max_length=100)

    api_fields = ["address"]

    def get_url_parts(self, request: Any = None) -> Any:
        parts = super().get_url_parts(request)
        return (parts[0], parts[1], f"/elsewhere/{self.address}/") if parts else None


class ShelvedPage(Page):
    """A page whose address has the slugs of snippets, and which has none without them."""

    topic = models.ForeignKey(
        PlainTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    api_fields: list[str] = []

    def get_url_parts(self, request: Any = None) -> Any:
        parts = super().get_url_parts(request)
        heaviest = PlainTopic.objects.order_by("weight", "pk").last()
        if parts is None or self.topic is None or heaviest is None:
            return None
        return parts[0], parts[1], f"/{heaviest.slug}/{self.topic.slug}/{self.pk}/"


class FolderPage(Page):
    """Holds other pages and has no address of its own."""

    api_fields: list[str] = []

    def get_url_parts(self, request: Any = None) -> Any:
        return None


class GridPage(Page):
    api_fields = ["rows"]


class Row(Orderable, ClusterableModel):
    page = ParentalKey(GridPage, on_delete=models.CASCADE, related_name="rows")

    api_fields = ["cells"]


class Cell(models.Model):
    """A grandchild can have members that Wagtail's API v3 rejects elsewhere."""

    row = ParentalKey(Row, on_delete=models.CASCADE, related_name="cells")
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    object_id = models.CharField(max_length=100, blank=True)
    generic = GenericForeignKey("content_type", "object_id")
    code = models.CharField(max_length=10, null=True, blank=True)
    by_columns = models.ForeignObject(
        Place,
        null=True,
        on_delete=models.DO_NOTHING,
        from_fields=["code"],
        to_fields=["code"],
        related_name="+",
    )
    remarks = GenericRelation("testapp.Remark")

    api_fields = ["row", "_order", "content_type", "generic", "by_columns", "remarks"]

    class Meta:
        order_with_respect_to = "row"

    def __str__(self) -> str:
        return self.code or ""
