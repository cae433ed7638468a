"""A typed date means one thing, whichever language the admin is in: the day comes first."""

from __future__ import annotations

import datetime
import json

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.admin.telepath import registry
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput
from wagtail.blocks import DateTimeBlock
from wagtail.users.models import UserProfile

from cms.admin_language.date_entry import wanted_form
from cms.pages.blocks.timeline import TimelineEventBlock
from cms.snippets.models import Act
from tests.factories import ActFactory
from tests.snippets.conftest import admin
from tests.snippets.forms import submit

__all__ = ["admin"]


@pytest.fixture(params=["ms", "en"], autouse=True)
def language(request: pytest.FixtureRequest):
    with override(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("01/02/2024", (2024, 2, 1)),
        ("1/2/2024", (2024, 2, 1)),
        ("13/02/2024", (2024, 2, 13)),
        ("1 Februari 2024", (2024, 2, 1)),
        ("1 February 2024", (2024, 2, 1)),
        ("1 Feb 2024", (2024, 2, 1)),
        ("1 Feb. 2024", (2024, 2, 1)),
        ("01-Mac-2024", (2024, 3, 1)),
        ("  2   OGOS  2024 ", (2024, 8, 2)),
        ("31 Dis 2024", (2024, 12, 31)),
        ("9 mei, 2024", (2024, 5, 9)),
        ("1.2.2024", (2024, 2, 1)),
        ("1-2-2024", (2024, 2, 1)),
        ("2024-02-01", (2024, 2, 1)),
        ("29/02/2024", (2024, 2, 29)),
    ],
)
def test_dates(typed: str, date: tuple[int, int, int]) -> None:
    assert forms.DateField().clean(typed) == datetime.date(*date)


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("1.2.2024 14:30", (14, 30)),
        ("1/2/2024 2:30 ptg", (14, 30)),
        ("1/2/2024 2.30 petang", (14, 30)),
        ("1 Februari 2024, 2:30 pm", (14, 30)),
        ("1 Feb 2024 2:30 P.M.", (14, 30)),
        ("01-02-2024 12:05 pg.", (0, 5)),
        ("1/2/2024 12:05 ptg.", (12, 5)),
        ("1/2/2024 9 pagi", (9, 0)),
        ("2024-02-01 09:00", (9, 0)),
        ("2024-02-01T09:00", (9, 0)),
        ("1/2/2024", (0, 0)),
    ],
)
def test_moments(typed: str, time: tuple[int, int]) -> None:
    moment = forms.DateTimeField().clean(typed)
    assert timezone.localtime(moment).replace(tzinfo=None) == datetime.datetime(2024, 2, 1, *time)


@pytest.mark.parametrize(
    "typed",
    [
        "31/02/2024",
        "02/13/2024",
        "1 Foo 2024",
        "esok",
        "2024",
        "1/2/2024 13 ptg",
        "٣١/١٢",
        "\ud83d",
    ],
)
def test_what_is_no_date_is_refused_with_the_wanted_form(typed: str, language: str) -> None:
    for field in (forms.DateField(), forms.DateTimeField()):
        with pytest.raises(ValidationError) as refused:
            field.clean(typed)
        [message] = refused.value.messages
        assert "31/12/2024" in message
        assert message.startswith("Masukkan tarikh" if language == "ms" else "Enter a date")


def test_fields_show_the_wanted_form_and_moments_their_time_zone() -> None:
    date = AdminDateInput().render("d", datetime.date(2024, 2, 1), {"id": "d"})
    assert 'value="01/02/2024"' in date
    assert "31/12/2024" in BeautifulSoup(date, "html.parser").get_text()
    with timezone.override("Asia/Kuching"):
        moment = AdminDateTimeInput().render(
            "m", datetime.datetime(2024, 2, 1, 14, 30), {"id": "m"}
        )
    assert 'value="01/02/2024 14:30"' in moment
    shown = BeautifulSoup(moment, "html.parser").get_text()
    assert "Kuching" in shown
    assert "UTC+8)" in shown


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Kuala_Lumpur", "waktu Kuala Lumpur, UTC+8)"),
        ("Asia/Kolkata", "waktu Kolkata, UTC+5:30)"),
        ("Atlantic/Cape_Verde", "waktu Cape Verde, UTC-1)"),
        ("UTC", "waktu UTC, UTC+0)"),
    ],
)
def test_a_time_zone_is_shown_with_its_distance_from_utc(zone: str, shown: str) -> None:
    with timezone.override(zone), override("ms"):
        assert shown in wanted_form(with_time=True)


def test_blocks_show_the_wanted_form_too(language: str) -> None:
    block = TimelineEventBlock().child_blocks["date"]
    [_name, _widget, meta] = registry.find_adapter(type(block)).js_args(block)
    wanted = {"ms": "Hari/bulan/tahun, contohnya", "en": "Day/month/year, such as"}[language]
    assert meta["helpText"].startswith(str(block.field.help_text))
    assert meta["helpText"].endswith(f"{wanted} 31/12/2024.")
    with timezone.override("Asia/Kuching"):
        [_name, _widget, meta] = registry.find_adapter(DateTimeBlock).js_args(DateTimeBlock())
    assert "14:30" in meta["helpText"]
    assert "Kuching" in meta["helpText"]


def test_the_calendar_writes_the_same_form_and_leaves_what_is_typed() -> None:
    assert AdminDateInput().get_config()["format"] == "d/m/Y"
    config = AdminDateTimeInput().get_config()
    assert (config["format"], config["formatTime"]) == ("d/m/Y H:i", "H:i")
    assert config["validateOnBlur"] is False
    assert json.loads(AdminDateInput().get_context("d", None, {})["widget"]["config_json"])


def test_an_entry_stores_the_date_that_its_form_shows(admin: Client, language: str) -> None:
    act: Act = ActFactory()
    edit = reverse(act.snippet_viewset.get_url_name("edit"), args=[act.pk])
    UserProfile.objects.update(preferred_language=language)
    for typed in ("01/02/2024", "1 Februari 2024"):
        submit(admin, edit, {"assent_date": typed}, "action-publish")
        assert Act.objects.get(pk=act.pk).assent_date == datetime.date(2024, 2, 1)
        html = BeautifulSoup(admin.get(edit).content, "html.parser")
        assert html.find(attrs={"name": "assent_date"})["value"] == "01/02/2024"
    response = submit(admin, edit, {"assent_date": "31/02/2024"}, "action-publish")
    assert response.status_code == 200
    assert "31/12/2024." in response.content.decode()
