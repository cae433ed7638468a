"""Every class of field with a single value, required and optional."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.db import models
from django.db.models.functions import Upper
from taggit.managers import TaggableManager
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import WagtailImageField
from wagtail.snippets.models import register_snippet

from tests.testapp.blocks import scalar_blocks
from tests.testapp.own_fields import ColourField, PointField, ShortText


def own_folder() -> str:
    return str(Path(__file__).parent)


@register_snippet
class AllFields(models.Model):
    big_integer = models.BigIntegerField(help_text="As large as they come.")
    binary = models.BinaryField()
    boolean = models.BooleanField()
    char = models.CharField("a short text", max_length=100)
    date = models.DateField()
    date_time = models.DateTimeField()
    decimal = models.DecimalField(max_digits=20, decimal_places=4)
    duration = models.DurationField()
    email = models.EmailField()
    file = models.FileField(upload_to="files")
    file_path = models.FilePathField(path=own_folder)
    float = models.FloatField()
    ip_address = models.GenericIPAddressField()
    image = models.ImageField(upload_to="images")
    wagtail_image = WagtailImageField(upload_to="images")
    integer = models.IntegerField()
    json = models.JSONField()
    positive_big_integer = models.PositiveBigIntegerField()
    positive_integer = models.PositiveIntegerField()
    positive_small_integer = models.PositiveSmallIntegerField()
    slug = models.SlugField()
    small_integer = models.SmallIntegerField()
    text = models.TextField()
    time = models.TimeField()
    url = models.URLField()
    uuid = models.UUIDField(default=uuid.uuid4)
    generated = models.GeneratedField(
        expression=Upper("char"), output_field=models.CharField(max_length=100), db_persist=True
    )
    rich_text = RichTextField()
    stream = StreamField(scalar_blocks(required=True))
    tags = TaggableManager()
    colour = ColourField()
    point = PointField()
    short_text = ShortText()

    api_fields = [
        "big_integer",
        "binary",
        "boolean",
        "char",
        "date",
        "date_time",
        "decimal",
        "duration",
        "email",
        "file",
        "file_path",
        "float",
        "ip_address",
        "image",
        "wagtail_image",
        "integer",
        "json",
        "positive_big_integer",
        "positive_integer",
        "positive_small_integer",
        "slug",
        "small_integer",
        "text",
        "time",
        "url",
        "uuid",
        "generated",
        "rich_text",
        "stream",
        "tags",
        "colour",
        "point",
        "short_text",
    ]

    class Meta:
        verbose_name = "every kind of field"

    def __str__(self) -> str:
        return self.char


@register_snippet
class AllOptionalFields(models.Model):
    big_integer = models.BigIntegerField(null=True, blank=True)
    binary = models.BinaryField(null=True, blank=True)
    boolean = models.BooleanField(null=True, blank=True)
    char = models.CharField(max_length=100, blank=True)
    null_char = models.CharField(max_length=100, null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    date_time = models.DateTimeField(null=True, blank=True)
    decimal = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    duration = models.DurationField(null=True, blank=True)
    email = models.EmailField(blank=True)
    null_email = models.EmailField(null=True, blank=True)
    file = models.FileField(upload_to="files", blank=True)
    null_file = models.FileField(upload_to="files", null=True, blank=True)
    file_path = models.FilePathField(path=own_folder, blank=True)
    null_file_path = models.FilePathField(path=own_folder, null=True, blank=True)
    float = models.FloatField(null=True, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    image = models.ImageField(upload_to="images", blank=True)
    wagtail_image = WagtailImageField(upload_to="images", blank=True)
    integer = models.IntegerField(null=True, blank=True)
    json = models.JSONField(null=True, blank=True)
    positive_big_integer = models.PositiveBigIntegerField(null=True, blank=True)
    positive_integer = models.PositiveIntegerField(null=True, blank=True)
    positive_small_integer = models.PositiveSmallIntegerField(null=True, blank=True)
    slug = models.SlugField(blank=True)
    small_integer = models.SmallIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)
    null_text = models.TextField(null=True, blank=True)
    time = models.TimeField(null=True, blank=True)
    url = models.URLField(blank=True)
    null_url = models.URLField(null=True, blank=True)
    uuid = models.UUIDField(null=True, blank=True)
    generated = models.GeneratedField(
        expression=models.F("integer") + 1,
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )
    rich_text = RichTextField(blank=True)
    null_rich_text = RichTextField(null=True, blank=True)
    stream = StreamField(scalar_blocks(required=False), blank=True)
    null_stream = StreamField(scalar_blocks(required=False), null=True, blank=True)
    tags = TaggableManager(blank=True)
    colour = ColourField(null=True, blank=True)
    point = PointField(null=True, blank=True)
    short_text = ShortText(blank=True)

    api_fields = [
        "big_integer",
        "binary",
        "boolean",
        "char",
        "null_char",
        "date",
        "date_time",
        "decimal",
        "duration",
        "email",
        "null_email",
        "file",
        "null_file",
        "file_path",
        "null_file_path",
        "float",
        "ip_address",
        "image",
        "wagtail_image",
        "integer",
        "json",
        "positive_big_integer",
        "positive_integer",
        "positive_small_integer",
        "slug",
        "small_integer",
        "text",
        "null_text",
        "time",
        "url",
        "null_url",
        "uuid",
        "generated",
        "rich_text",
        "null_rich_text",
        "stream",
        "null_stream",
        "tags",
        "colour",
        "point",
        "short_text",
    ]

    def __str__(self) -> str:
        return self.char or "nothing"
