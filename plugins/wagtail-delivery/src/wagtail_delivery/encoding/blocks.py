"""StreamField blocks: every class that Wagtail ships, and projects' subclasses of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal, Union

from pydantic import Field
from wagtail import blocks
from wagtail.blocks.field_block import BaseChoiceBlock
from wagtail.blocks.list_block import ListValue
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import Page

from wagtail_delivery.encoding import scalars
from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location
from wagtail_delivery.encoding.computed import ComputedEncoder, return_annotation, typed_value
from wagtail_delivery.encoding.email_addresses import EmailAddressEncoder
from wagtail_delivery.encoding.embeds import EmbedEncoder
from wagtail_delivery.encoding.files import DocumentFileEncoder
from wagtail_delivery.encoding.images import ImageEncoder
from wagtail_delivery.encoding.registry import TypeRegistry
from wagtail_delivery.encoding.rich_text import (
    RawHtmlEncoder,
    RichTextEncoder,
)
from wagtail_delivery.encoding.schema_names import described, pascal_case
from wagtail_delivery.encoding.third_party_types import (
    annotation_remedy,
    class_label,
    defining_class,
)

Factory = Callable[[Any, str, TypeRegistry], Encoder]


def _description(block: blocks.Block) -> str:
    help_text = getattr(block.meta, "help_text", "") or getattr(
        getattr(block, "field", None), "help_text", ""
    )
    return str(help_text or block.label or "")


def _type_description(block: blocks.Block) -> str:
    """The description of a block's own type: not its label, often only its name in a parent."""
    return str(getattr(block.meta, "help_text", "") or getattr(block.meta, "label", "") or "")


def _type_name(block: blocks.Block, path: str) -> str:
    """The name for a block's types: its class name for a project's own class, otherwise `path`."""
    own = type(block).__name__.removesuffix("Block")
    return path if type(block).__module__.startswith("wagtail.") else pascal_case(own)


class StructBlockEncoder(Encoder):
    """A StructBlock: its children by name."""

    def __init__(self, block: Any, path: str, registry: TypeRegistry) -> None:
        self.children = {
            name: block_encoder(child, path + pascal_case(name), registry)
            for name, child in block.child_blocks.items()
        }
        members = {
            name: described(encoder, _description(block.child_blocks[name]))
            for name, encoder in self.children.items()
        }
        made = registry.names.make(
            _type_name(block, path), path, members, description=_type_description(block)
        )
        super().__init__(made)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        return {
            name: child.encode(value.get(name), location.member(name, name), compilation)
            for name, child in self.children.items()
        }


class StreamBlockEncoder(Encoder):
    """A StreamBlock: a list of `{type, id, value}`, in which `type` determines `value`."""

    def __init__(self, block: Any, path: str, registry: TypeRegistry) -> None:
        self.children: dict[str, Encoder] = {}
        items: list[Any] = []
        for name, child in block.child_blocks.items():
            child_path = path + pascal_case(name)
            self.children[name] = block_encoder(child, child_path, registry)
            members = {
                "type": (Literal[name], "The type of the block."),
                "id": (str, "Identifier of the block, the same in every locale."),
                "value": described(
                    self.children[name], _description(child), "The content of the block."
                ),
            }
            items.append(
                registry.names.make(
                    child_path + "Block",
                    child_path + "Block",
                    members,
                    description=_description(child),
                )
            )
        if not items:
            item: Any = scalars.JsonValue
        elif len(items) == 1:
            item = items[0]
        else:
            item = Annotated[Union[tuple(items)], Field(discriminator="type")]  # noqa: UP007
        super().__init__(list[item])

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        encoded: list[Json] = []
        for child in value or ():
            item_location = location.member(len(encoded), str(child.id))
            encoded.append(
                {
                    "type": child.block_type,
                    "id": str(child.id),
                    "value": self.children[child.block_type].encode(
                        child.value, item_location.member("value"), compilation
                    ),
                }
            )
        return encoded


class ListBlockEncoder(Encoder):
    """A ListBlock: a list of its child's values."""

    def __init__(self, block: Any, path: str, registry: TypeRegistry) -> None:
        self.item = block_encoder(block.child_block, path + "Item", registry)
        super().__init__(list[self.item.annotation])  # type: ignore[name-defined]

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        if isinstance(value, ListValue):
            parts = [(str(child.id), child.value) for child in value.bound_blocks]
        else:
            parts = [("", part) for part in value or ()]
        return [
            self.item.encode(part, location.member(index, identity), compilation)
            for index, (identity, part) in enumerate(parts)
        ]


class TableBlockEncoder(Encoder):
    """A TableBlock: cells as text, and whether its first row or column is a header."""

    def __init__(self, block: Any, path: str, registry: TypeRegistry) -> None:
        members: dict[str, Any] = {
            "caption": (str | None, "Caption of the table."),
            "first_row_is_header": (bool, "Whether the first row names the columns."),
            "first_column_is_header": (bool, "Whether the first column names the rows."),
            "rows": (list[list[str | None]], "The cells, row by row; an empty cell is null."),
        }
        super().__init__(registry.names.make("Table", "Table", members, description="A table."))

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        value = value or {}
        return {
            "caption": value.get("table_caption") or None,
            "first_row_is_header": bool(value.get("first_row_is_table_header")),
            "first_column_is_header": bool(value.get("first_col_is_header")),
            "rows": [
                [None if cell in (None, "") else str(cell) for cell in row]
                for row in value.get("data") or []
            ],
        }


class TypedTableBlockEncoder(Encoder):
    """A TypedTableBlock: columns with a heading and a type, and cells with their type."""

    def __init__(self, block: Any, path: str, registry: TypeRegistry) -> None:
        make = registry.names.make
        self.children = {
            name: block_encoder(child, path + pascal_case(name), registry)
            for name, child in block.child_blocks.items()
        }
        cells = [
            make(
                f"{path}{pascal_case(name)}Cell",
                f"{path}{pascal_case(name)}Cell",
                {
                    "type": (Literal[name], "The type of the cell's column."),
                    "value": (child.annotation, "The content of the cell."),
                },
                description="A cell of the table.",
            )
            for name, child in self.children.items()
        ]
        cell: Any = (
            Annotated[Union[tuple(cells)], Field(discriminator="type")]  # noqa: UP007
            if len(cells) > 1
            else cells[0]
        )
        column = make(
            f"{path}Column",
            f"{path}Column",
            {
                "type": (Literal[tuple(self.children)], "The type of the column's cells."),
                "heading": (str, "Heading of the column."),
            },
            description="A column of the table.",
        )
        members: dict[str, Any] = {
            "caption": (str, "Caption of the table."),
            "columns": (list[column], "The columns."),  # type: ignore[valid-type]
            "rows": (list[list[cell]], "The cells, row by row."),
        }
        super().__init__(
            make(f"{path}Table", f"{path}Table", members, description=_description(block))
        )

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        columns = list(value.columns) if value else []
        rows_location = location.member("rows")
        return {
            "caption": (value.caption or "") if value else "",
            "columns": [
                {"type": column["block"].name, "heading": column["heading"] or ""}
                for column in columns
            ],
            "rows": [
                [
                    {
                        "type": column["block"].name,
                        "value": self.children[column["block"].name].encode(
                            cell,
                            rows_location.member(row_index).member(index).member("value"),
                            compilation,
                        ),
                    }
                    for index, (column, cell) in enumerate(
                        zip(columns, row["values"], strict=False)
                    )
                ]
                for row_index, row in enumerate(value.row_data if value else [])
            ],
        }


class StaticBlockEncoder(Encoder):
    """A StaticBlock has no value: only its presence matters."""

    def __init__(self, block: Any, path: str, registry: TypeRegistry) -> None:
        super().__init__(None)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        return None


class BooleanBlockEncoder(Encoder):
    """A checkbox: no stored value means unticked."""

    def __init__(self) -> None:
        super().__init__(bool)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        return bool(value)


def _is_required(block: Any) -> bool:
    return bool(getattr(getattr(block, "field", None), "required", True))


def _default(block: Any) -> Any:
    """The value to use where a required block has none stored; None without such a value.

    A callable default is ignored: it may return another value each time.
    """
    default = getattr(block.meta, "default", None)
    if callable(default) or default in (None, "") or not _is_required(block):
        return None
    return block.get_default()


class DefaultEncoder(Encoder):
    """A value that is never null: the block's default replaces a missing one."""

    def __init__(self, inner: Encoder, default: Any) -> None:
        super().__init__(inner.annotation, untyped=inner.untyped)
        self.explanation = inner.explanation
        self.inner = inner
        self.default = default

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        found = self.default if value in (None, "") else value
        return self.inner.encode(found, location, compilation)


def _single(make: Callable[..., Encoder], block: Any) -> Encoder:
    """A single value, or null if none is stored and there is no default.

    Even a required block may have no value: content may be older than the block or than the
    requirement, and content stored by code was never validated by a form.
    """
    default = _default(block)
    return make(nullable=True) if default is None else DefaultEncoder(make(nullable=False), default)


def _scalar(make: Callable[..., Encoder]) -> Factory:
    return lambda block, path, registry: _single(make, block)


class EmptyAsNullEncoder(Encoder):
    """A value whose empty text means null."""

    def __init__(self, inner: Encoder) -> None:
        super().__init__(inner.annotation)
        self.inner = inner

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        return self.inner.encode(None if value == "" else value, location, compilation)


def _choice(block: Any, path: str, registry: TypeRegistry) -> Encoder:
    choices = scalars.flat_choices(block.field.choices)
    multiple = isinstance(block, blocks.MultipleChoiceBlock)
    if not scalars.is_enumerable(choices):
        return (
            scalars.ListEncoder(scalars.text())
            if multiple
            else scalars.TextEncoder(nullable=not _is_required(block))
        )
    if multiple:
        return scalars.ListEncoder(scalars.ChoiceEncoder(choices, nullable=False))
    return _single(partial(scalars.ChoiceEncoder, choices), block)


def _pages(block: Any, path: str, registry: TypeRegistry) -> Encoder:
    # Without a `page_type` any page may be chosen.
    targets = block.target_models or [Page]
    return registry.relation(*targets, nullable=True)


def _chooser(block: Any, path: str, registry: TypeRegistry) -> Encoder:
    # The chosen object may have been deleted, even if the block is required.
    return registry.relation(block.model_class, nullable=True)


def _text(block: Any, path: str, registry: TypeRegistry) -> Encoder:
    return scalars.text()


def _rich_text(block: Any, path: str, registry: TypeRegistry) -> Encoder:
    return RichTextEncoder(registry.name_of, block.features, block.editor)


#: Factories by block class; the nearest ancestor of a block's class applies.
FACTORIES: dict[type[Any], Factory] = {
    blocks.StreamBlock: StreamBlockEncoder,
    blocks.StructBlock: StructBlockEncoder,
    blocks.ListBlock: ListBlockEncoder,
    blocks.StaticBlock: StaticBlockEncoder,
    blocks.CharBlock: _text,
    blocks.TextBlock: _text,
    blocks.BlockQuoteBlock: _text,
    blocks.RegexBlock: _text,
    blocks.RichTextBlock: _rich_text,
    blocks.RawHTMLBlock: lambda block, path, registry: RawHtmlEncoder(),
    blocks.EmailBlock: lambda block, path, registry: EmailAddressEncoder(),
    blocks.URLBlock: lambda block, path, registry: EmptyAsNullEncoder(_single(scalars.uri, block)),
    blocks.BooleanBlock: lambda block, path, registry: BooleanBlockEncoder(),
    blocks.IntegerBlock: _scalar(scalars.integer),
    blocks.FloatBlock: _scalar(scalars.number),
    blocks.DecimalBlock: _scalar(scalars.decimal_number),
    blocks.DateBlock: _scalar(scalars.date),
    blocks.TimeBlock: _scalar(scalars.time),
    blocks.DateTimeBlock: _scalar(scalars.moment),
    BaseChoiceBlock: _choice,
    blocks.PageChooserBlock: _pages,
    blocks.ChooserBlock: _chooser,
    ImageChooserBlock: lambda block, path, registry: ImageEncoder(),
    ImageBlock: lambda block, path, registry: ImageBlockEncoder(),
    DocumentChooserBlock: lambda block, path, registry: DocumentFileEncoder(),
    EmbedBlock: lambda block, path, registry: EmbedEncoder(),
}


class ImageBlockEncoder(ImageEncoder):
    """An ImageBlock: the image with the alternative text written for this block."""

    def encode(
        self, value: Any, location: Location, compilation: Compilation, **options: Any
    ) -> Json:
        if value is None:
            return None
        return super().encode(
            value,
            location,
            compilation,
            alt=value.contextual_alt_text or "",
            decorative=bool(value.decorative),
        )


def register_block(block_class: type[Any], factory: Factory) -> None:
    """Register how the API encodes `block_class` and its subclasses.

    `factory` is called with the block, a name for the types that it generates and the
    TypeRegistry, and returns the block's Encoder. A subclass that overrides
    `get_api_representation` needs a registration of its own. Call this from an app's `ready()`;
    the last registration of a class wins.
    """
    FACTORIES[block_class] = factory


def _contrib_factories() -> dict[type[Any], Factory]:
    """Blocks of Wagtail's contrib apps, which can be imported without being installed."""
    from wagtail.contrib.table_block.blocks import TableBlock
    from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock

    return {TableBlock: TableBlockEncoder, BaseTypedTableBlock: TypedTableBlockEncoder}


FACTORIES |= _contrib_factories()


class ComputedBlockEncoder(Encoder):
    """A block with its own `get_api_representation`."""

    def __init__(self, block: blocks.Block, inner: Encoder) -> None:
        super().__init__(inner.annotation, untyped=inner.untyped)
        self.computed = ComputedEncoder(
            lambda value: block.get_api_representation(value, context={}), inner
        )

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        return self.computed.encode(value, location, compilation)


def _inherits_representation(block: Any, ancestor: Any) -> bool:
    """Whether a block uses its ancestor's `get_api_representation`."""
    own: Any = type(block)
    return bool(own.get_api_representation is ancestor.get_api_representation)


def block_encoder(block: Any, path: str, registry: TypeRegistry) -> Encoder:
    """The encoder of a block; `path` names the types generated for it.

    A block that overrides `get_api_representation` is encoded by that method and typed by its
    return annotation; any other block by the nearest class in FACTORIES.
    """
    for ancestor in type(block).__mro__:
        factory = FACTORIES.get(ancestor)
        if factory and _inherits_representation(block, ancestor):
            return factory(block, path, registry)
    method = block.get_api_representation
    remedy = annotation_remedy(
        type(block),
        "get_api_representation",
        "override it with a return annotation in a block of your own, or register an encoder for "
        "the class with wagtail_delivery.extending.register_block.",
    )
    inner = typed_value(return_annotation(method), remedy)
    if inner.untyped:
        defining = class_label(defining_class(type(block), "get_api_representation"))
        registry.untyped.setdefault(f"{defining}.get_api_representation", remedy)
    return ComputedBlockEncoder(block, inner)
