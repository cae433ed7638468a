"""What `manage.py check` tells a developer of a content model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import models
from django.test.utils import isolate_apps
from wagtail.api import APIField

from cms.headless import content_types as content_types_module
from cms.headless.checks import check_content_types
from cms.headless.content_types import content_types
from tests.headless.secondapp.models import Notice as SecondNotice
from tests.headless.testapp import models as app

#: Where something is only known to be JSON, and a word of the remedy.
UNTYPED = {
    "testapp.AllFields.json": "register_field",
    "testapp.AllFields.point": "PointField",
    "testapp.AllOptionalFields.json": "a return annotation",
    "testapp.AllOptionalFields.point": "PointField",
    "testapp.Computed.any_typed": "Annotate what testapp.Computed.any_typed returns.",
    "testapp.Computed.constant": "Annotate",
    "testapp.Computed.old_opening": "typing_extensions.TypedDict",
    "testapp.Computed.union_of_models": "PlainTopic",
    "testapp.Computed.untyped": "Annotate",
    "testapp.Computed.untyped_method": "Annotate",
    "testapp.Computed.wrongly_imported": "Annotate",
    "testapp.ConcertPage.full_url": "Annotate what testapp.ConcertPage.full_url returns.",
    "testapp.EventPage.full_url": "Annotate",
    "testapp.Serialized.as_json": "subclass of JSONField",
    "testapp.Serialized.mute": "MuteField",
    "testapp.Serialized.raw": "subclass of ReadOnlyField",
    "BlocksPageBodyOpaque": "OpaqueBlock.get_api_representation",
    "BlocksPageOptionalNothingOpaque": "OpaqueBlock.get_api_representation",
}


@contextmanager
def model_says(model: type[models.Model], **attributes: Any) -> Iterator[None]:
    """While this lasts, `model` has other attributes and the content types are made anew."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in attributes.items():
            patch.setattr(model, name, value, raising=False)
        content_types.cache_clear()
        try:
            yield
        finally:
            patch.undo()
            content_types.cache_clear()


def found() -> list[CheckMessage]:
    return list(check_content_types())


def test_what_is_untyped_and_nothing_else() -> None:
    messages = found()
    assert {message.id for message in messages} == {"headless.W001"}
    told = {
        message.msg.removeprefix("The API can only say that ").removesuffix(" is JSON."): message
        for message in messages
    }
    assert sorted(told) == sorted(UNTYPED)
    for where, word in UNTYPED.items():
        assert word in str(told[where].hint)


def test_the_command_tells_it() -> None:
    output = StringIO()
    call_command("check", stderr=output, stdout=output)
    assert "headless.W001" in output.getvalue()
    assert "testapp.Computed.untyped" in output.getvalue()


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (app.PlainTopic, ["title", "no_such_thing"]),
        (app.PlainTopic, [APIField("no_such_thing")]),
        (app.EventPage, [APIField("no_such_thing")]),
        (app.Footnote, ["no_such_thing"]),
        (app.Place, ["no_such_thing"]),
    ],
)
def test_a_field_that_does_not_exist(model: type[models.Model], fields: list[Any]) -> None:
    """Of a snippet, a page, a child of children, and of what is only shown in others."""
    with model_says(model, api_fields=fields):
        [message] = found()
        assert message.id == "headless.E001"
        assert model._meta.label in message.msg
        assert "no_such_thing" in message.msg
        assert model.__name__ in str(message.hint)
        with pytest.raises(SystemCheckError, match="no_such_thing"):
            call_command("check", stderr=StringIO(), stdout=StringIO())


def test_a_member_that_only_an_instance_has() -> None:
    """What `__init__` sets cannot be seen on the class: it does not exist, and the hint helps."""
    with model_says(app.PlainTopic, api_fields=["title", "_state"]):
        assert "_state" in found()[0].msg


def test_a_serializer_may_have_any_name() -> None:
    from rest_framework import serializers

    field = APIField("any_name", serializer=serializers.CharField(source="title"))
    with model_says(app.PlainTopic, api_fields=[field], card_fields=[]):
        assert {message.id for message in found()} == {"headless.W001"}


@isolate_apps("tests.headless.testapp")
def test_a_throw_away_model() -> None:
    class Throwaway(models.Model):
        title = models.CharField(max_length=10)
        api_fields = ["title", "titel"]

        class Meta:
            app_label = "testapp"

        def __str__(self) -> str:
            return self.title

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content_types_module, "get_snippet_models", lambda: [Throwaway])
        content_types.cache_clear()
        try:
            [message] = found()
        finally:
            content_types.cache_clear()
    assert (message.id, message.obj) == ("headless.E001", Throwaway)
    assert "testapp.Throwaway.api_fields names 'titel'" in message.msg


def test_two_models_of_one_name(settings: Any) -> None:
    settings.HEADLESS = settings.HEADLESS | {"TYPE_NAMES": {}}
    with model_says(SecondNotice):
        [message] = found()
    assert message.id == "headless.E002"
    assert "testapp.Notice" in message.msg
    assert "secondapp.Notice" in message.msg
    assert "TYPE_NAMES" in message.msg


@pytest.mark.parametrize("name", ["pages", "resolve", "site", "plain_topics"])
def test_a_list_whose_name_is_taken(settings: Any, name: str) -> None:
    settings.HEADLESS = settings.HEADLESS | {"PLURAL_NAMES": {"secondapp.Notice": name}}
    with model_says(SecondNotice):
        [message] = found()
    assert message.id == "headless.E002"
    assert repr(name) in message.msg
    assert "PLURAL_NAMES" in message.msg


def test_a_page_type_that_resolve_could_not_tell_from_a_redirect(settings: Any) -> None:
    names = {**settings.HEADLESS["TYPE_NAMES"], "testapp.PlainPage": "redirect"}
    settings.HEADLESS = settings.HEADLESS | {"TYPE_NAMES": names}
    with model_says(SecondNotice):
        [message] = found()
    assert message.id == "headless.E002"
    assert "testapp.PlainPage" in message.msg
    assert "TYPE_NAMES" in message.msg


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("IMAGE_FORMATS", ["avif", "jpg"], "'jpg'"),
        ("IMAGE_FORMATS", [], "at least one"),
        ("IMAGE_WIDTHS", [320, 0], "0"),
        ("IMAGE_WIDTHS", ["320"], "'320'"),
        ("IMAGE_WIDTHS", [], "at least one"),
        ("CACHE_MAX_AGE", -1, "-1"),
        ("CORS_ORIGINS", ["https://www.example.org/"], "'https://www.example.org/'"),
        ("CORS_ORIGINS", "https://www.example.org", "a list"),
    ],
)
def test_a_setting_with_a_value_that_cannot_be(
    settings: Any, name: str, value: Any, word: str
) -> None:
    settings.HEADLESS = settings.HEADLESS | {name: value}
    with model_says(SecondNotice):
        [message] = found()
    assert message.id == "headless.E002"
    assert name in message.msg
    assert word in message.msg


def test_a_setting_that_does_not_exist(settings: Any) -> None:
    settings.HEADLESS = {"TITEL": "Typing error"}
    with model_says(SecondNotice):
        [message] = found()
    assert message.id == "headless.E002"
    assert "TITEL" in message.msg


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        (["no_such_thing"], "no_such_thing"),
        # It exists, and the API does not show it.
        (["id_of_mine"], "id_of_mine"),
        # A card is one level deep.
        (["slug", "relations"], "relations"),
    ],
)
def test_a_card_field_that_cannot_be(fields: list[str], named: str) -> None:
    with model_says(app.PlainTopic, card_fields=fields):
        [message] = [message for message in found() if message.id != "headless.W001"]
    assert message.id == "headless.E003"
    assert "testapp.PlainTopic" in message.msg
    assert named in message.msg


def test_a_card_field_that_the_envelope_renames() -> None:
    """`type` is a member of its own in every card."""
    with model_says(app.FullTopic, card_fields=["type", "title", "slug"]):
        assert {message.id for message in found()} == {"headless.W001"}


def test_card_fields_of_a_page_model() -> None:
    with model_says(app.EventPage, card_fields=["image_that_is_not"]):
        messages = [message for message in found() if message.id == "headless.E003"]
    # The concert inherits it.
    assert [message.obj for message in messages] == [app.ConcertPage, app.EventPage]
