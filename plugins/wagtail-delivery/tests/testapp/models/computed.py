"""Properties, methods and serializers in `api_fields`, with and without a type."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import typing
import uuid
from typing import Any, Literal, NamedTuple

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel
from rest_framework import serializers
from typing_extensions import TypedDict
from wagtail.api import APIField
from wagtail.images.api.fields import ImageRenditionField
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from tests.testapp.models.participation import DraftTopic, FullTopic, PlainTopic
from tests.testapp.models.relations import Unspoken
from tests.testapp.models.site_settings import ContactSettings, GlobalSettings

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from tests.testapp.models.pages import EventPage


class Opening(TypedDict):
    day: Literal["mon", "tue"]
    hours: list[tuple[int, int]]


class OldOpening(typing.TypedDict):
    """The standard library's, which Pydantic takes from Python 3.12 on alone."""

    day: str


@dataclasses.dataclass
class Distance:
    kilometres: decimal.Decimal
    place: str | None = None


class Pair(NamedTuple):
    first: int
    second: str


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


class Weather(BaseModel):
    temperature: float
    at: datetime.datetime


@register_snippet
class Computed(models.Model):
    name = models.CharField(max_length=100)
    amount = models.IntegerField(default=3)
    topics = models.ManyToManyField(PlainTopic, blank=True, related_name="+")
    draft = models.ForeignKey(
        DraftTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    full = models.ForeignKey(
        FullTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    #: Neither method nor property.
    constant = "always"

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> int:
        """How many there are.

        Only the first paragraph is for readers of the API.
        """
        return self.amount

    @property
    def half(self) -> float:
        return self.amount / 2

    @property
    def optional(self) -> str | None:
        return self.name or None

    @property
    def lazy(self) -> str:
        return _("Yes")  # type: ignore[return-value]

    @property
    def day(self) -> datetime.date:
        return datetime.date(2026, 1, self.amount)

    @property
    def moment(self) -> datetime.datetime | None:
        return datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

    @property
    def exact(self) -> decimal.Decimal:
        return decimal.Decimal("1.10")

    @property
    def identifier(self) -> uuid.UUID:
        return uuid.UUID(int=self.amount)

    @property
    def mood(self) -> Mood:
        return Mood.GOOD

    @property
    def literal(self) -> Literal["x", "y"] | None:
        return "x"

    @property
    def opening(self) -> Opening:
        return {"day": "mon", "hours": [(9, 17)]}

    @property
    def old_opening(self) -> OldOpening:
        return {"day": "mon"}

    @property
    def distance(self) -> Distance | None:
        return Distance(decimal.Decimal("1.5"))

    @property
    def pair(self) -> Pair:
        return Pair(1, "b")

    @property
    def weather(self) -> list[Weather]:
        return [Weather(temperature=30.5, at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))]

    @property
    def mapping(self) -> dict[str, list[int | None]]:
        return {"a": [1, None]}

    @property
    def words(self) -> set[str]:
        """A set has another order in each process."""
        return {"b", "d", "a", "c"}

    @property
    def html_text(self) -> str:
        """Text with an address, and with what looks like HTML."""
        return "AT&T <b>bold</b> &amp; name@example.org"

    @cached_property
    def cached(self) -> list[PlainTopic]:
        return list(self.topics.order_by("title"))

    @property
    def heaviest(self) -> PlainTopic | None:
        return PlainTopic.objects.order_by("-weight").first()

    @property
    def drafts(self) -> QuerySet[DraftTopic]:
        return DraftTopic.objects.order_by("pk")

    @property
    def events(self) -> Iterable[EventPage]:
        return typing.cast("Any", Page.objects.type(_event_page()).specific())

    @property
    def chosen_page(self) -> Page | None:
        return self.page

    @property
    def unspoken_thing(self) -> Unspoken | None:
        return Unspoken.objects.first()

    @property
    def full_topic(self) -> FullTopic | None:
        return self.full

    @property
    def page_url(self) -> str | None:
        return self.page.full_url if self.page else None

    @property
    def page_type(self) -> str | None:
        """Reads the table of content types, of which Django keeps a copy in memory."""
        return self.page.specific._meta.label if self.page else None

    @property
    def global_motto(self) -> str:
        return GlobalSettings.load().motto

    @property
    def phones(self) -> list[str]:
        return [setting.phone for setting in ContactSettings.objects.order_by("pk")]

    def method(self) -> int:
        """Doubles."""
        return self.amount * 2

    def method_with_default(self, factor: int = 5) -> int:
        return self.amount * factor

    @classmethod
    def class_method(cls) -> str:
        return cls.__name__

    @staticmethod
    def static_method() -> bool:
        return True

    @property
    def untyped(self):
        return {"a": [1, 2.5, None, {"b": datetime.date(2026, 1, 1)}], "c": _("Yes")}

    def untyped_method(self):
        return (self.amount, "two")

    @property
    def any_typed(self) -> Any:
        return None

    @property
    def wrongly_imported(self) -> NotThere:  # type: ignore[name-defined]  # noqa: F821
        return 1

    @property
    def union_of_models(self) -> PlainTopic | DraftTopic | None:
        return None

    api_fields = [
        "constant",
        "number",
        "half",
        "optional",
        "lazy",
        "day",
        "moment",
        "exact",
        "identifier",
        "mood",
        "literal",
        "opening",
        "old_opening",
        "distance",
        "pair",
        "weather",
        "mapping",
        "words",
        "html_text",
        "cached",
        "heaviest",
        "drafts",
        "events",
        "chosen_page",
        "unspoken_thing",
        "full_topic",
        "page_url",
        "page_type",
        "global_motto",
        "phones",
        "method",
        "method_with_default",
        "class_method",
        "static_method",
        "untyped",
        "untyped_method",
        "any_typed",
        "wrongly_imported",
        "union_of_models",
    ]


def _event_page() -> type[Page]:
    from tests.testapp.models.pages import EventPage

    return EventPage


# Serializers


class TopicSerializer(serializers.ModelSerializer):
    class Meta:
        model = PlainTopic
        fields = ["id", "title", "slug", "weight"]


class RichTopicSerializer(serializers.Serializer):
    """Nested, and with a method."""

    title = serializers.CharField()
    heavy = serializers.SerializerMethodField()
    opaque = serializers.SerializerMethodField()
    secret = serializers.CharField(write_only=True)

    def get_heavy(self, topic: PlainTopic) -> bool:
        return topic.weight > 1

    def get_opaque(self, topic):
        return {"weight": topic.weight}


class DraftSerializer(serializers.ModelSerializer):
    class Meta:
        model = DraftTopic
        fields = ["title"]


class LoudField(serializers.Field):
    def to_representation(self, value: str) -> str:
        return value.upper()


class MuteField(serializers.Field):
    def to_representation(self, value):
        return [value]


class SizeDict(TypedDict):
    length: int


class SizeField(serializers.Field):
    def to_representation(self, value: str) -> SizeDict:
        return {"length": len(value)}


@register_snippet
class Serialized(models.Model):
    name = models.CharField(max_length=100)
    price = models.DecimalField(max_digits=6, decimal_places=2, default=decimal.Decimal("2.50"))
    image = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    topic = models.ForeignKey(
        PlainTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    topics = models.ManyToManyField(PlainTopic, blank=True, related_name="+")
    draft = models.ForeignKey(
        DraftTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    drafts = models.ManyToManyField(DraftTopic, blank=True, related_name="+")

    api_fields = [
        APIField("thumbnail", serializer=ImageRenditionField("fill-4x4", source="image")),
        APIField("image", serializer=ImageRenditionField("width-4|format-png")),
        APIField("topic", serializer=TopicSerializer()),
        APIField("topics", serializer=TopicSerializer(many=True)),
        APIField("rich_topic", serializer=RichTopicSerializer(source="topic")),
        APIField("loud", serializer=LoudField(source="name")),
        APIField("mute", serializer=MuteField(source="name")),
        APIField("size", serializer=SizeField(source="name")),
        APIField(
            "topic_key",
            serializer=serializers.PrimaryKeyRelatedField(source="topic", read_only=True),
        ),
        APIField(
            "topic_keys",
            serializer=serializers.PrimaryKeyRelatedField(
                source="topics", many=True, queryset=PlainTopic.objects.all()
            ),
        ),
        APIField(
            "topic_names", serializer=serializers.StringRelatedField(source="topics", many=True)
        ),
        APIField(
            "topic_slug",
            serializer=serializers.SlugRelatedField(
                source="topic", slug_field="slug", read_only=True
            ),
        ),
        APIField("topic_title", serializer=serializers.CharField(source="topic.title", default="")),
        APIField("price", serializer=serializers.DecimalField(max_digits=6, decimal_places=2)),
        APIField(
            "letters",
            serializer=serializers.ListField(child=serializers.CharField(), source="name"),
        ),
        APIField("raw", serializer=serializers.ReadOnlyField(source="name")),
        APIField("as_json", serializer=serializers.JSONField(source="name")),
        APIField(
            "counts",
            serializer=serializers.DictField(child=serializers.IntegerField(), source="get_counts"),
        ),
        APIField(
            "kinds",
            serializer=serializers.MultipleChoiceField(choices=["a", "b"], source="get_kinds"),
        ),
        APIField("draft", serializer=DraftSerializer()),
        APIField("drafts", serializer=DraftSerializer(many=True)),
    ]

    def __str__(self) -> str:
        return self.name

    def get_counts(self) -> dict[str, int]:
        return {letter: self.name.count(letter) for letter in self.name}

    def get_kinds(self) -> list[str]:
        return ["b", "a"]
