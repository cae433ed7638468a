"""Which fields of a form were refused, and what each of them would take instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from wagtail.blocks import FieldBlock, RichTextBlock

from tests.admin_input.odd import contentstate

#: What fields of a type take, the first that fits.
ANSWERS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.EmailField, "pegawai@example.test"),
    (forms.URLField, "https://example.test/"),
    (forms.SlugField, "x"),
    (forms.DateTimeField, "2100-02-01 10:00"),
    (forms.DateField, "2024-02-01"),
    (forms.TimeField, "10:00"),
    (forms.BooleanField, "on"),
    (forms.FloatField, "1"),
    (forms.DecimalField, "1"),
    (forms.IntegerField, "1"),
)


@contextmanager
def noting_refusals() -> Iterator[dict[str, Any]]:
    """Collect, while forms are validated, the names of refused fields with a better answer."""
    found: dict[str, Any] = {}
    # Blocks have no hash; each is one object for as long as its type exists.
    names: dict[int, str] = {}
    clean_form, clean_block = forms.BaseForm.full_clean, FieldBlock.clean
    read_block = FieldBlock.value_from_datadict

    def full_clean(form: forms.BaseForm) -> None:
        clean_form(form)
        for name in {*(form._errors or {})} - {NON_FIELD_ERRORS}:
            if field := form.fields.get(name):
                found[form.add_prefix(name)] = answer_to(field)

    def value_from_datadict(block: FieldBlock, data: Any, files: Any, prefix: str) -> Any:
        names[id(block)] = prefix
        return read_block(block, data, files, prefix)

    def clean(block: FieldBlock, value: Any) -> Any:
        try:
            return clean_block(block, value)
        except ValidationError:
            if id(block) in names:
                is_rich = isinstance(block, RichTextBlock)
                found[names[id(block)]] = contentstate("x") if is_rich else answer_to(block.field)
            raise

    with (
        mock.patch.object(forms.BaseForm, "full_clean", full_clean),
        mock.patch.object(FieldBlock, "value_from_datadict", value_from_datadict),
        mock.patch.object(FieldBlock, "clean", clean),
    ):
        yield found


def answer_to(field: forms.Field) -> Any:
    """What a field takes."""
    if isinstance(field, forms.ModelChoiceField):
        return getattr(field.queryset.first(), "pk", "")
    if isinstance(field, forms.ChoiceField):
        return next((str(value) for value in values_of(field) if value), "")
    return next((answer for kind, answer in ANSWERS if isinstance(field, kind)), "x")


def values_of(field: forms.ChoiceField) -> Iterator[Any]:
    """All values of a field with choices, also of those in groups."""
    for value, label in field.choices:
        if isinstance(label, list | tuple):
            yield from (inner for inner, _label in label)
        else:
            yield value
