"""The system checks that `manage.py check` reports to the developer of a content model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import models
from django.test.utils import isolate_apps
from pydantic import ValidationError
from rest_framework import serializers
from wagtail import blocks
from wagtail.api import APIField
from wagtail.models import Page

from tests import samples
from tests.secondapp.models import Notice as SecondNotice
from tests.stored import body_of
from tests.testapp import models as app
from tests.testapp.models.computed import MuteField
from wagtail_delivery.checks import (
    check_content_types,
    check_page_types,
    check_serializers,
    check_settings,
)
from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.encoding.computed import return_annotation
from wagtail_delivery.encoding.third_party_types import TYPES, annotation_remedy
from wagtail_delivery.schema import registry as content_types_module
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.schema.type_names import NameClashError

#: Untyped members, each with a word of its remedy.
UNTYPED = {
    "testapp.AllFields.json": "register_field",
    "testapp.AllFields.point": "PointField",
    "testapp.AllOptionalFields.json": "a return annotation",
    "testapp.AllOptionalFields.point": "PointField",
    "testapp.Computed.any_typed": "Add a return annotation to testapp.Computed.any_typed.",
    "testapp.Computed.constant": "Add a return annotation",
    "testapp.Computed.old_opening": "typing_extensions.TypedDict",
    "testapp.Computed.union_of_models": "PlainTopic",
    "testapp.Computed.untyped": "Add a return annotation",
    "testapp.Computed.untyped_method": "Add a return annotation",
    "testapp.Computed.wrongly_imported": "Add a return annotation",
    "testapp.Serialized.as_json": "subclass of JSONField",
    "testapp.Serialized.mute": "MuteField",
    "testapp.Serialized.raw": "subclass of ReadOnlyField",
    "tests.testapp.blocks.OpaqueBlock.get_api_representation": "annotation",
}


class MisspeltTopicSerializer(serializers.Serializer):
    title = serializers.CharField()
    heading = serializers.CharField(source="headign")


@contextmanager
def changed_model(model: type[models.Model], **attributes: Any) -> Iterator[None]:
    """Set attributes of `model` and rebuild the content types within this block."""
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


def test_exactly_the_untyped_members_give_a_warning() -> None:
    messages = found()
    assert {message.id for message in messages} == {"wagtail_delivery.W001"}
    messages_by_name = {
        message.msg.removesuffix(" has no type, so the API describes it as any JSON."): message
        for message in messages
    }
    assert sorted(messages_by_name) == sorted(UNTYPED)
    for where, word in UNTYPED.items():
        assert word in str(messages_by_name[where].hint)


@isolate_apps("tests.testapp")
def test_an_inherited_untyped_member_is_reported_once(settings: Any) -> None:
    """Even if several models inherit it, and their cards show it too."""

    class Mixin:
        def of_a_mixin(self):
            return 1

    class Base(Mixin, models.Model):
        data = models.JSONField()
        api_fields = [
            "data",
            "of_a_mixin",
            "method",
            APIField("mute", serializer=MuteField(source="data")),
            "get_deferred_fields",
        ]
        card_fields = ["data", "of_a_mixin", "method", "mute"]

        class Meta:
            app_label = "testapp"
            abstract = True

        def method(self):
            return 1

    class First(Base):  # noqa: DJ008
        class Meta:
            app_label = "testapp"

    class Second(Base):  # noqa: DJ008
        api_fields = [*Base.api_fields, "own"]

        class Meta:
            app_label = "testapp"

        def method(self) -> int:
            return 1

        def own(self):
            return 1

    settings.WAGTAIL_DELIVERY = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content_types_module, "get_page_models", list)
        patch.setattr(content_types_module, "get_snippet_models", lambda: [First, Second])
        content_types.cache_clear()
        try:
            messages = found()
        finally:
            content_types.cache_clear()
    hints = {message.msg.partition(" has no type")[0]: message.hint for message in messages}
    assert len(hints) == len(messages)
    assert set(hints) == {
        f"{__name__}.{Mixin.__qualname__}.of_a_mixin",
        "testapp.Base.data",
        "testapp.Base.get_deferred_fields",
        "testapp.Base.method",
        "testapp.Base.mute",
        "testapp.Second.own",
    }
    assert hints["testapp.Base.method"] == "Add a return annotation to testapp.Base.method."


def test_the_check_command_reports_untyped_members() -> None:
    output = StringIO()
    call_command("check", stderr=output, stdout=output)
    assert "wagtail_delivery.W001" in output.getvalue()
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
def test_an_unknown_api_field_is_an_error(model: type[models.Model], fields: list[Any]) -> None:
    """On a snippet, a page, a nested child, and a model that only other documents show."""
    with changed_model(model, api_fields=fields):
        [message] = found()
        assert message.id == "wagtail_delivery.E001"
        assert model._meta.label in message.msg
        assert "no_such_thing" in message.msg
        assert model.__name__ in str(message.hint)
        with pytest.raises(SystemCheckError, match="no_such_thing"):
            call_command("check", stderr=StringIO(), stdout=StringIO())


def test_all_unknown_api_fields_are_errors_at_once() -> None:
    with (
        changed_model(app.PlainTopic, api_fields=["no_such_title", "title", "no_weight"]),
        changed_model(app.EventPage, api_fields=[APIField("no_start")]),
    ):
        assert sorted(message.msg for message in found()) == [
            "testapp.EventPage.api_fields names 'no_start', which does not exist.",
            "testapp.PlainTopic.api_fields names 'no_such_title', which does not exist.",
            "testapp.PlainTopic.api_fields names 'no_weight', which does not exist.",
        ]


def test_an_unknown_api_field_is_an_error_of_the_class_that_lists_it() -> None:
    """A doctor is a person."""
    with changed_model(app.Person, api_fields=["name", "no_name"]):
        [message] = found()
    assert message.obj is app.Person


def test_an_instance_attribute_is_an_unknown_api_field() -> None:
    """The class lacks attributes that `__init__` sets, so the check reports them with a hint."""
    with changed_model(app.PlainTopic, api_fields=["title", "_state"]):
        assert "_state" in found()[0].msg


def test_an_api_field_with_a_serializer_can_have_any_name() -> None:
    field = APIField("any_name", serializer=serializers.CharField(source="title"))
    with changed_model(app.PlainTopic, api_fields=[field], card_fields=[]):
        assert {message.id for message in found()} == {"wagtail_delivery.W001"}


@isolate_apps("tests.testapp")
def test_an_unknown_api_field_of_a_temporary_model() -> None:
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
    assert (message.id, message.obj) == ("wagtail_delivery.E001", Throwaway)
    assert "testapp.Throwaway.api_fields names 'titel'" in message.msg


def test_models_with_the_same_name_clash(settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"TYPE_NAMES": {}}
    with changed_model(SecondNotice):
        [message] = found()
    assert message.id == "wagtail_delivery.E002"
    assert message.msg == (
        "secondapp.Notice and testapp.Notice have the same name in the API, 'notice'."
    )
    assert message.hint == (
        "Give all but one of them another name, such as "
        "WAGTAIL_DELIVERY['TYPE_NAMES'] = {'testapp.Notice': 'testapp_notice'}."
    )


@pytest.mark.parametrize("name", ["pages", "resolve", "site", "plain_topics"])
def test_a_reserved_list_name_is_an_error(settings: Any, name: str) -> None:
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {
        "PLURAL_NAMES": {"secondapp.Notice": name}
    }
    with changed_model(SecondNotice):
        [message] = found()
    assert message.id == "wagtail_delivery.E002"
    assert repr(name) in message.msg
    assert "WAGTAIL_DELIVERY['PLURAL_NAMES'] = {" in str(message.hint)


def test_a_page_type_cannot_be_called_redirect(settings: Any) -> None:
    names = {**settings.WAGTAIL_DELIVERY["TYPE_NAMES"], "testapp.PlainPage": "redirect"}
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"TYPE_NAMES": names}
    with changed_model(SecondNotice):
        [message] = found()
    assert message.id == "wagtail_delivery.E002"
    assert "testapp.PlainPage" in message.msg
    assert "{'testapp.PlainPage': 'testapp_redirect'}" in str(message.hint)


def test_all_name_clashes_are_reported_at_once(settings: Any) -> None:
    """Types and lists with the same name, and a page type and two lists with reserved names."""
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {
        "TYPE_NAMES": {"testapp.PlainPage": "redirect"},
        "PLURAL_NAMES": {
            **settings.WAGTAIL_DELIVERY["PLURAL_NAMES"],
            "testapp.Car": "search",
            "testapp.Clinic": "pages",
            "testapp.Doctor": "people",
            "testapp.Person": "people",
        },
    }
    with changed_model(SecondNotice):
        messages = found()
        with pytest.raises(NameClashError) as caught:
            content_types()
    assert {message.id for message in messages} == {"wagtail_delivery.E002"}
    assert sorted((message.obj._meta.label, message.msg.split("'")[1]) for message in messages) == [
        ("secondapp.Notice", "notice"),
        ("testapp.Car", "search"),
        ("testapp.Clinic", "pages"),
        ("testapp.Doctor", "people"),
        ("testapp.PlainPage", "redirect"),
    ]
    assert all(message.hint for message in messages)
    for message in messages:
        assert message.msg in str(caught.value)


#: Both apps have a model called Notice.
OTHER_NAMES = {"secondapp.Notice": "second_notice", "testapp.Nothing": "car"}


def faults_of(settings: Any, **changed: Any) -> list[CheckMessage]:
    """The errors of `WAGTAIL_DELIVERY` with some of its keys changed."""
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | changed
    content_types.cache_clear()
    try:
        # No other check repeats the errors.
        assert {message.id for message in check_content_types()} <= {"wagtail_delivery.W001"}
        return list(check_settings())
    finally:
        content_types.cache_clear()


def test_valid_settings_have_no_faults(settings: Any) -> None:
    assert faults_of(settings) == []


@pytest.mark.parametrize(
    ("name", "value", "problem", "remedy"),
    [
        ("TITLE", "", "is ''", "not empty"),
        ("TITLE", None, "is None", "a text"),
        ("IMAGE_FORMATS", ["avif", "jpg"], "has 'jpg'", "jpeg"),
        ("IMAGE_FORMATS", [], "is []", "at least one"),
        ("IMAGE_FORMATS", [["avif"]], "has ['avif']", "at least one"),
        ("IMAGE_WIDTHS", [320, 0], "has 0", "from 1"),
        ("IMAGE_WIDTHS", [-1, 320, "640"], "has -1, '640'", "from 1"),
        ("IMAGE_WIDTHS", ["320"], "has '320'", "whole number"),
        ("IMAGE_WIDTHS", [True], "has True", "whole number"),
        ("IMAGE_WIDTHS", [], "is []", "at least one"),
        ("IMAGE_WIDTHS", 320, "is 320", "a list"),
        ("CACHE_MAX_AGE", -1, "is -1", "from 0"),
        ("CACHE_STALE_WHILE_REVALIDATE", "600", "is '600'", "whole number"),
        ("CACHE_STALE_IF_ERROR", True, "is True", "whole number"),
        ("CORS_ORIGINS", ["https://www.a.org/"], "has 'https://www.a.org/'", "https://www"),
        ("CORS_ORIGINS", "https://www.example.org", "is 'https://www.example.org'", "a list"),
        ("TYPE_NAMES", ["testapp.Notice"], "is ['testapp.Notice']", "dictionary"),
        ("TYPE_NAMES", {7: "car"}, "7: 'car'", "snake_case"),
        ("TYPE_NAMES", {"testapp.Car": "Car"}, "'testapp.Car': 'Car'", "snake_case"),
        ("TYPE_NAMES", OTHER_NAMES, "'testapp.Nothing': 'car'", "testapp.Car"),
        ("PLURAL_NAMES", {"Car": "cars"}, "'Car': 'cars'", "app.Model"),
        ("PLURAL_NAMES", {"testapp.Car": "a/b"}, "'testapp.Car': 'a/b'", "lower case"),
        # All pages share one list.
        ("PLURAL_NAMES", {"testapp.EventPage": "fairs"}, "no snippet", "testapp.Car"),
        ("SITE_SNIPPET", ["testapp.Notice"], "is ['testapp.Notice']", "app.Model"),
        ("SITE_SNIPPET", "testapp.Nothing", "is 'testapp.Nothing'", "app.Model"),
        ("SITE_SNIPPET", "Notice", "is 'Notice'", "app.Model"),
        # It has no api_fields.
        ("SITE_SNIPPET", "testapp.Label", "is 'testapp.Label'", "api_fields"),
        ("TRANSLATION_STATUSES", 7, "is 7", "dotted path"),
        ("TRANSLATION_STATUSES", "nowhere", "is 'nowhere'", "dotted path"),
        ("TRANSLATION_STATUSES", "nowhere.at.all", "No module named", "dotted path"),
        ("TRANSLATION_STATUSES", f"{__name__}.UNTYPED", "it cannot be called", "dotted path"),
        ("TITEL", "Typing error", "is 'Typing error'", "Did you mean TITLE?"),
        ("cors_origins", [], "is []", "Did you mean CORS_ORIGINS?"),
        ("COLOUR", "blue", "is 'blue'", "The settings are: TITLE, "),
    ],
)
def test_an_invalid_setting_is_an_error(
    settings: Any, name: str, value: Any, problem: str, remedy: str
) -> None:
    (message,) = faults_of(settings, **{name: value})
    assert message.id == "wagtail_delivery.E004"
    assert f"WAGTAIL_DELIVERY[{name!r}] " in message.msg
    assert problem in message.msg
    assert remedy in str(message.hint)


def test_all_faults_are_reported_at_once(settings: Any) -> None:
    messages = faults_of(settings, TITLE="", TITEL="x", CACHE_MAX_AGE=-1)
    assert len(messages) == 3
    with pytest.raises(ImproperlyConfigured) as caught:
        delivery_settings()
    for name in ("TITLE", "TITEL", "CACHE_MAX_AGE"):
        assert repr(name) in str(caught.value)


def test_settings_are_read_once(settings: Any) -> None:
    first = delivery_settings()
    assert delivery_settings() is first
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"TITLE": "Another"}
    assert delivery_settings().TITLE == "Another"


def test_settings_are_immutable() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        delivery_settings().TITLE = "Another"  # type: ignore[misc]


def test_settings_must_be_a_dictionary(settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = ["TITLE"]
    (message,) = check_settings()
    assert message.msg == "WAGTAIL_DELIVERY is ['TITLE']."


@pytest.mark.parametrize(
    "wrong",
    [{"SITE_SNIPPET": "testapp.Nothing"}, {"TITEL": "x"}, {"TRANSLATION_STATUSES": "no.no"}],
)
def test_the_check_command_reports_settings_without_a_traceback(
    settings: Any, wrong: dict[str, str]
) -> None:
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | wrong
    content_types.cache_clear()
    try:
        with pytest.raises(SystemCheckError, match="E004") as caught:
            call_command("check", stderr=StringIO(), stdout=StringIO())
    finally:
        content_types.cache_clear()
    for name, value in wrong.items():
        assert f"WAGTAIL_DELIVERY[{name!r}] is {value!r}" in str(caught.value)


SERIALIZERS: list[tuple[Any, str, str, str]] = [
    # serializer, its path, its source, the model and its missing attribute
    (serializers.CharField(), "", "any", "testapp.Serialized has no 'any'"),
    (serializers.CharField(source="nmae"), "", "nmae", "testapp.Serialized has no 'nmae'"),
    (
        serializers.CharField(source="topic.titel", read_only=True),
        "",
        "topic.titel",
        "testapp.PlainTopic has no 'titel'",
    ),
    (
        serializers.SlugRelatedField(source="topics", slug_field="slgu", many=True, read_only=True),
        "",
        "slgu",
        "testapp.PlainTopic has no 'slgu'",
    ),
    (
        MisspeltTopicSerializer(source="topics", many=True),
        ".heading",
        "headign",
        "testapp.PlainTopic has no 'headign'",
    ),
    (MisspeltTopicSerializer(source="topic"), ".heading", "headign", "testapp.PlainTopic"),
]


@pytest.mark.parametrize(("serializer", "where", "source", "missing"), SERIALIZERS)
def test_a_missing_serializer_source_is_an_error(
    serializer: Any, where: str, source: str, missing: str
) -> None:
    with changed_model(app.Serialized, api_fields=[APIField("any", serializer=serializer)]):
        (message,) = check_serializers()
        with pytest.raises(SystemCheckError, match="E005"):
            call_command("check", stderr=StringIO(), stdout=StringIO())
    assert message.id == "wagtail_delivery.E005"
    assert message.msg.startswith(f"testapp.Serialized.any{where} reads {source!r}, but ")
    assert missing in message.msg


@pytest.mark.parametrize(
    "serializer",
    [
        serializers.CharField(source="nmae", default="nothing"),
        serializers.CharField(source="topic.get_absolute"),
        serializers.CharField(source="topic.pk"),
        serializers.IntegerField(source="topic_id"),
        serializers.IntegerField(source="topics.count"),
        serializers.CharField(source="get_counts.whatever"),
    ],
    ids=lambda serializer: serializer.source,
)
def test_a_source_that_could_exist_is_no_error(
    serializer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.PlainTopic, "get_absolute", lambda topic: "", raising=False)
    with changed_model(app.Serialized, api_fields=[APIField("any", serializer=serializer)]):
        assert list(check_serializers()) == []


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        (["no_such_thing"], "no_such_thing"),
        # It exists, but the API does not expose it.
        (["id_of_mine"], "id_of_mine"),
        # Cards are one level deep.
        (["slug", "relations"], "relations"),
    ],
)
def test_an_invalid_card_field_is_an_error(fields: list[str], named: str) -> None:
    with changed_model(app.PlainTopic, card_fields=fields):
        [message] = [message for message in found() if message.id != "wagtail_delivery.W001"]
    assert message.id == "wagtail_delivery.E003"
    assert "testapp.PlainTopic" in message.msg
    assert named in message.msg


def test_a_card_field_renamed_by_the_envelope_is_no_error() -> None:
    """Every card has a `type` of its own."""
    with changed_model(app.FullTopic, card_fields=["type", "title", "slug"]):
        assert {message.id for message in found()} == {"wagtail_delivery.W001"}


def test_card_fields_of_a_page_model() -> None:
    with changed_model(app.EventPage, card_fields=["image_that_is_not"]):
        messages = [message for message in found() if message.id == "wagtail_delivery.E003"]
    # The concert inherits it.
    assert [message.obj for message in messages] == [app.ConcertPage, app.EventPage]


def test_page_types_with_api_fields_or_an_empty_list_pass() -> None:
    assert check_page_types() == []


def test_a_page_type_without_api_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(app.EventPage, "api_fields")
    # It inherits the event's fields and declares `api_fields` of its own.
    assert "api_fields" in vars(app.ConcertPage)
    (message,) = check_page_types()
    assert (message.id, message.obj) == ("wagtail_delivery.W002", app.EventPage)
    assert message.msg.startswith("testapp.EventPage has no api_fields")
    assert 'api_fields = [APIField("' in str(message.hint)
    assert "from wagtail.api import APIField" in str(message.hint)
    assert "Write api_fields = [] in EventPage if that is intended." in str(message.hint)


@pytest.mark.parametrize(
    ("model", "entries"),
    [
        (app.SilentFormPage, 'APIField("form_fields")'),
        (app.GridPage, 'APIField("rows")'),
        (
            app.BlocksPage,
            'APIField("body"), APIField("optional"), APIField("one_kind"), APIField("no_kind")',
        ),
    ],
)
def test_the_hint_names_content_fields(
    monkeypatch: pytest.MonkeyPatch, model: type[Page], entries: str
) -> None:
    """Fields and inline children of the type, without those that every page has."""
    monkeypatch.delattr(model, "api_fields")
    (message,) = check_page_types()
    assert f"api_fields = [{entries}] (from" in str(message.hint)


def test_the_hint_for_a_page_type_without_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(app.FolderPage, "api_fields")
    (message,) = check_page_types()
    assert message.hint == "Write api_fields = [] in FolderPage if that is intended."


def test_an_inherited_empty_list_gives_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.EventPage, "api_fields", [])
    monkeypatch.delattr(app.ConcertPage, "api_fields")
    (message,) = check_page_types()
    assert message.obj is app.ConcertPage


def test_inherited_api_fields_give_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(app.ConcertPage, "api_fields")
    assert check_page_types() == []


def test_an_unknown_name_in_untracked_is_an_error(settings: Any) -> None:
    names = ["testapp", "testapp.PlainTopic", "nowhere", "testapp.Nothing"]
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "UNTRACKED": names}
    first, second = check_settings()
    assert first.id == second.id == "wagtail_delivery.E004"
    assert "'nowhere'" in first.msg
    assert "'testapp.Nothing'" in second.msg
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "UNTRACKED": names[:2]}
    assert check_settings() == []


def test_the_remedy_for_third_party_code_is_a_property_or_serializer() -> None:
    with changed_model(app.PlainTopic, api_fields=["title", "get_deferred_fields"], card_fields=[]):
        [message] = [message for message in found() if "PlainTopic" in message.msg]
    assert message.id == "wagtail_delivery.W001"
    assert "django.db.models.base.Model.get_deferred_fields" in str(message.hint)
    assert "a property of your own" in str(message.hint)
    assert "APIField('get_deferred_fields', serializer=" in str(message.hint)


def test_the_remedy_for_a_third_party_block() -> None:
    assert "register_block" in annotation_remedy(
        blocks.StructBlock, "get_api_representation", "use register_block."
    )


@pytest.mark.parametrize(("owner", "name"), TYPES)
def test_declared_third_party_annotations_match_wagtail(owner: type[Any], name: str) -> None:
    assert name in vars(owner)
    assert return_annotation(getattr(owner, name)) is None


def test_wagtails_own_properties_have_a_type(home: Page) -> None:
    """Even on the project's subclasses, whatever their names."""
    ours = [name for owner, name in TYPES if issubclass(app.EventPage, owner)]
    with changed_model(app.EventPage, api_fields=ours):
        [event] = [one for one in content_types() if one.model is app.EventPage]
        assert [member.name for member in event.members if member.encoder.untyped] == []
        body = body_of(samples.event_page(home))
    assert (body["full_url"], body["get_url"]) == ("http://localhost/fair/", "/fair/")
    assert (body["approved_schedule"], body["status_string"]) == (False, "live")
