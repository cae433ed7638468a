"""Each text of each content type becomes a string for translators, unless it is no prose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import COMMENTS_RELATION_NAME, Page, TranslatableMixin
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from cms.pages.blocks.table import TableRowsBlock
from cms.pages.models import HomePage, ProfilePage, StandardPage
from tests.factories import factory_for, snippet_types

#: Texts that are the same in every language, by the name of their field or block, and why.
NO_PROSE = {
    "abbreviation": "a name, which a translator may override",
    "anchor": "a part of an address",
    "brand": "a name, which a translator may override",
    "editor_note": "for editors of this language, and never public",
    "form_number": "a number by which counters know a form",
    "gazette_number": "a number",
    "number": "a telephone number",
    "source": "a citation: a publication or an address, as it was found",
}


class Texts:
    """An instance with a word of its own in each place: `places` has them by word."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}
        self._image: Image | None = None

    def word(self, place: str, limit: int | None = None) -> str:
        word = f"Teks{len(self.places)}x"
        self.places[word] = place
        assert limit is None or len(word) <= limit, place
        return word

    @property
    def image(self) -> Image:
        if self._image is None:
            self._image = Image.objects.create(title="gambar", file=get_test_image_file())
        return self._image

    def fill(self, instance: Any, place: str) -> None:
        """Write a word into each text of an instance and of its children."""
        for field in type(instance)._meta.fields:
            name = f"{place}.{field.name}"
            if _is_missing(instance, field):
                factory = factory_for(field.related_model)
                assert factory is not None
                setattr(instance, field.name, factory(locale=instance.locale))
            is_of_tree = field.name in TREE and isinstance(instance, Page)
            if not field.editable or field.choices or isinstance(field, LEFT_OUT) or is_of_tree:
                continue
            if isinstance(field, StreamField):
                value = [
                    {"type": child, "id": child, "value": self.value(block, f"{name}.{child}")}
                    for child, block in field.stream_block.child_blocks.items()
                ]
                setattr(instance, field.name, field.to_python(value))
            elif isinstance(field, RichTextField):
                setattr(instance, field.name, f"<p>{self.word(name)}</p>")
            elif isinstance(field, models.CharField | models.TextField):
                setattr(instance, field.name, self.word(name, field.max_length))
        if isinstance(instance, ClusterableModel):
            for relation in get_all_child_relations(type(instance)):
                model = relation.related_model
                if relation.name == COMMENTS_RELATION_NAME:
                    continue
                child = model()
                if isinstance(child, TranslatableMixin):
                    child.locale = instance.locale
                self.fill(child, f"{place}.{relation.name}")
                setattr(instance, relation.name, [child])

    def value(self, block: Any, place: str) -> Any:
        """The JSON of a block with a word in each of its texts."""
        if isinstance(block, ImageBlock):
            return {"image": self.image.pk, "decorative": False, "alt_text": self.word(place)}
        if isinstance(block, blocks.StructBlock):
            return {
                name: self.value(child, f"{place}.{name}")
                for name, child in block.child_blocks.items()
            }
        if isinstance(block, blocks.ListBlock):
            return [{"type": "item", "id": "i", "value": self.value(block.child_block, place)}]
        if isinstance(block, blocks.RichTextBlock):
            return f"<p>{self.word(place)}</p>"
        if isinstance(block, TableRowsBlock):
            return [[{"id": "c", "text": self.word(place)}]]
        if isinstance(block, blocks.CharBlock | blocks.TextBlock):
            return self.word(place, block.field.max_length)
        assert isinstance(block, OTHERS), f"{place}: {type(block)}"
        return None


#: What places a page in its tree.
TREE = ("path", "url_path")
#: Fields and blocks without words.
LEFT_OUT = (models.EmailField, models.SlugField, models.URLField)
OTHERS = (
    blocks.BooleanBlock,
    blocks.ChoiceBlock,
    blocks.ChooserBlock,
    blocks.DateBlock,
    blocks.IntegerBlock,
    blocks.URLBlock,
)


def _is_missing(instance: Any, field: Any) -> bool:
    """Whether an instance lacks another one of ours that it cannot be without."""
    is_ours = isinstance(field, models.ForeignKey) and not isinstance(field, ParentalKey)
    return (
        is_ours
        and not field.null
        and field.related_model.__module__.startswith("cms.")
        and getattr(instance, field.attname) is None
    )


def content_types() -> list[type[Any]]:
    return [HomePage, ProfilePage, StandardPage, *snippet_types()]


def strings_in(instance: Any) -> Iterator[str]:
    for segment in extract_segments(instance):
        if isinstance(segment, StringSegmentValue):
            yield segment.string.data


@pytest.mark.parametrize("model", content_types(), ids=lambda model: model.__name__)
def test_every_text_becomes_a_string(model: type[Any], db: None) -> None:
    factory = factory_for(model)
    assert factory is not None
    instance = factory()
    texts = Texts()
    texts.fill(instance, model.__name__)
    found = " ".join(strings_in(instance))
    missing = {place for word, place in texts.places.items() if word not in found}
    assert {place for place in missing if place.rpartition(".")[2] not in NO_PROSE} == set()
    assert texts.places


def test_nothing_is_called_no_prose_in_vain(db: None) -> None:
    missing = set()
    for model in content_types():
        factory = factory_for(model)
        assert factory is not None
        instance = factory()
        texts = Texts()
        texts.fill(instance, model.__name__)
        found = " ".join(strings_in(instance))
        missing |= {
            place.rpartition(".")[2] for word, place in texts.places.items() if word not in found
        }
    assert missing == set(NO_PROSE)
