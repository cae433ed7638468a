"""Every block class in Wagtail, and custom blocks as projects build them."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from tests.testapp.choosers import TopicChooserBlock, UserChooserBlock

GROUPED = [("warm", [("red", "Red"), ("orange", "Orange")]), ("blue", "Blue")]


def colours() -> list[tuple[str, str]]:
    return [("red", "Red"), ("blue", "Blue")]


class ColourBlock(blocks.FieldBlock):
    """Descends from no block class that the API knows; `apps` registers it."""

    class Meta:
        default = "#fff"

    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        from django import forms

        self.field = forms.CharField(required=required)
        super().__init__(**kwargs)


class Counted(TypedDict):
    text: str
    words: int


class CountedBlock(blocks.CharBlock):
    """Has a custom API representation with a return annotation."""

    def get_api_representation(self, value: str, context: Any = None) -> Counted:
        return {"text": value or "", "words": len((value or "").split())}


class OpaqueBlock(blocks.CharBlock):
    """Has a custom API representation without a return annotation."""

    def get_api_representation(self, value, context=None):
        return {"reversed": (value or "")[::-1], "parts": [1, 2.5, None, True]}


class PriceBlock(blocks.StructBlock):
    """A struct with a custom API representation."""

    amount = blocks.DecimalBlock()
    currency = blocks.CharBlock(default="MYR")

    def get_api_representation(self, value: Any, context: Any = None) -> str | None:
        return f"{value['currency']} {value['amount']}" if value.get("amount") else None


class CaptionedImageBlock(blocks.StructBlock):
    """Reads the image that it chose."""

    image = ImageChooserBlock(required=False)
    caption = blocks.CharBlock(required=False)

    def get_api_representation(self, value: Any, context: Any = None) -> str:
        image = value.get("image")
        if image is None:
            return ""
        return f"{image.title} {image.get_rendition('width-8').url} {value['caption']}"


class TeaserBlock(blocks.StructBlock):
    """Reads what it chose, and shows what is live."""

    page = blocks.PageChooserBlock(required=False)
    topic = SnippetChooserBlock("testapp.FullTopic", required=False)
    more = blocks.ListBlock(blocks.PageChooserBlock())

    def get_api_representation(self, value: Any, context: Any = None) -> list[str]:
        chosen = [value.get("page"), value.get("topic"), *(value.get("more") or [])]
        return [thing.title for thing in chosen if thing is not None and thing.live]


class BadlyNamedBlock(blocks.StructBlock):
    """Child names with a meaning for Python, Pydantic or the API."""

    type = blocks.CharBlock()
    id = blocks.CharBlock()
    value = blocks.CharBlock()
    json = blocks.CharBlock()
    copy = blocks.CharBlock()
    schema = blocks.CharBlock()
    model_config = blocks.CharBlock()
    model_fields = blocks.CharBlock()
    _private = blocks.CharBlock()

    class Meta:
        label = "Bad & <ugly> names"


class SpeakerBlock(blocks.StructBlock):
    name = blocks.CharBlock(help_text="As it is pronounced.")
    email = blocks.EmailBlock(required=False)


class TalkBlock(blocks.StructBlock):
    title = blocks.CharBlock()
    speakers = blocks.ListBlock(SpeakerBlock())


def scalar_blocks(*, required: bool) -> list[tuple[str, blocks.Block]]:
    """Blocks with a single value."""
    return [
        ("char", blocks.CharBlock(required=required)),
        ("text", blocks.TextBlock(required=required)),
        ("quote", blocks.BlockQuoteBlock(required=required)),
        ("regex", blocks.RegexBlock(regex=r"^[A-Z]\d$", required=required)),
        ("email", blocks.EmailBlock(required=required)),
        ("url", blocks.URLBlock(required=required)),
        ("boolean", blocks.BooleanBlock(required=False)),
        ("integer", blocks.IntegerBlock(required=required)),
        ("float", blocks.FloatBlock(required=required)),
        ("decimal", blocks.DecimalBlock(required=required)),
        ("date", blocks.DateBlock(required=required)),
        ("time", blocks.TimeBlock(required=required)),
        ("date_time", blocks.DateTimeBlock(required=required)),
        ("rich_text", blocks.RichTextBlock(required=required)),
        ("raw_html", blocks.RawHTMLBlock(required=required)),
        ("choice", blocks.ChoiceBlock(choices=GROUPED, required=required)),
        ("computed_choice", blocks.ChoiceBlock(choices=colours, required=required)),
        ("multiple_choice", blocks.MultipleChoiceBlock(choices=GROUPED, required=required)),
        ("colour", ColourBlock(required=required)),
    ]


def relation_blocks(*, required: bool) -> list[tuple[str, blocks.Block]]:
    """Blocks with a relation."""
    return [
        ("page", blocks.PageChooserBlock(required=required)),
        ("event_page", blocks.PageChooserBlock("testapp.EventPage", required=required)),
        (
            "some_page",
            blocks.PageChooserBlock(["testapp.EventPage", "testapp.PlainPage"], required=required),
        ),
        ("plain_topic", SnippetChooserBlock("testapp.PlainTopic", required=required)),
        ("full_topic", SnippetChooserBlock("testapp.FullTopic", required=required)),
        ("topic_chooser", TopicChooserBlock(required=required)),
        ("user_chooser", UserChooserBlock(required=required)),
        ("image", ImageChooserBlock(required=required)),
        ("image_block", ImageBlock(required=required)),
        ("document", DocumentChooserBlock(required=required)),
        ("embed", EmbedBlock(required=required)),
    ]


def shaped_blocks(*, required: bool) -> list[tuple[str, blocks.Block]]:
    """Blocks with child blocks, tables, and blocks with a custom API representation."""
    return [
        ("static", blocks.StaticBlock()),
        ("table", TableBlock(required=required)),
        (
            "typed_table",
            TypedTableBlock(
                [
                    ("text", blocks.CharBlock(required=required)),
                    ("number", blocks.IntegerBlock(required=required)),
                    ("rich", blocks.RichTextBlock(required=required)),
                    ("topic", SnippetChooserBlock("testapp.PlainTopic", required=required)),
                ]
            ),
        ),
        ("one_column_table", TypedTableBlock([("number", blocks.FloatBlock())])),
        ("counted", CountedBlock(required=required)),
        ("opaque", OpaqueBlock(required=required)),
        ("price", PriceBlock(required=required)),
        ("badly_named", BadlyNamedBlock()),
        ("speaker", SpeakerBlock()),
        ("numbers", blocks.ListBlock(blocks.IntegerBlock(required=required))),
        ("speakers", blocks.ListBlock(SpeakerBlock())),
        ("topics", blocks.ListBlock(SnippetChooserBlock("testapp.DraftTopic"))),
        ("one_kind", blocks.StreamBlock([("char", blocks.CharBlock())], required=False)),
        (
            # Four levels deep: struct, list, struct, stream, and a list in it.
            "programme",
            blocks.StructBlock(
                [
                    (
                        "days",
                        blocks.ListBlock(
                            blocks.StructBlock(
                                [
                                    ("date", blocks.DateBlock(required=required)),
                                    (
                                        "slots",
                                        blocks.StreamBlock(
                                            [
                                                ("talk", TalkBlock()),
                                                ("pause", blocks.StaticBlock()),
                                                ("notes", blocks.ListBlock(blocks.CharBlock())),
                                            ],
                                            required=False,
                                        ),
                                    ),
                                ]
                            )
                        ),
                    )
                ]
            ),
        ),
    ]


def every_block(*, required: bool) -> list[tuple[str, blocks.Block]]:
    return [
        *scalar_blocks(required=required),
        *relation_blocks(required=required),
        *shaped_blocks(required=required),
    ]


class OptionalBlock(blocks.StructBlock):
    """Every block, all of them optional."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(every_block(required=False), **kwargs)
