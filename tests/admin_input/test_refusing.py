"""The crawler knows which fields were refused, so one of them does not hide the others."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError
from wagtail.blocks import CharBlock, DateBlock, RichTextBlock, StructBlock, URLBlock

from tests.admin_input.odd import contentstate
from tests.admin_input.refusing import noting_refusals

pytestmark = pytest.mark.any_database


class OddForm(forms.Form):
    name = forms.CharField()
    date = forms.DateField()
    number = forms.IntegerField()
    kind = forms.ChoiceField(choices=[("", "-"), ("group", [("a", "A"), ("b", "B")])])
    note = forms.CharField(required=False)


def test_refused_fields_are_noted_with_what_they_take() -> None:
    sent = {"x-name": "", "x-date": "31/02/2024", "x-number": "NaN", "x-kind": '"', "x-note": '"'}
    with noting_refusals() as refused:
        assert not OddForm(sent, prefix="x").is_valid()
    assert refused.keys() == sent.keys() - {"x-note"}
    assert OddForm(sent | refused, prefix="x").is_valid()


def test_refused_blocks_are_noted_with_what_they_take() -> None:
    block = StructBlock(
        [
            ("title", CharBlock()),
            ("day", DateBlock()),
            ("address", URLBlock()),
            ("text", RichTextBlock(required=False)),
        ]
    )
    sent = {"b-title": "x", "b-day": '"', "b-address": '"', "b-text": contentstate("x")}
    with noting_refusals() as refused, pytest.raises(ValidationError):
        block.clean(block.value_from_datadict(sent, {}, "b"))
    assert refused.keys() == {"b-day", "b-address"}
    assert block.clean(block.value_from_datadict(sent | refused, {}, "b"))["title"] == "x"
