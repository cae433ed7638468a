"""Dates, numbers, sizes and durations in Malay notation."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.template import Context, Template
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import override
from wagtail.admin.localization import get_js_translation_strings
from wagtail.admin.templatetags.wagtailadmin_tags import timesince_last_update, timesince_simple

MOMENT = datetime.datetime(2026, 8, 9, 14, 5, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _malay():
    with override("ms"), timezone.override("UTC"):
        yield


def ago(**since: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**since)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("DATE_FORMAT", "9 Ogo 2026"),
        ("DATETIME_FORMAT", "9 Ogo 2026, 14:05"),
        ("SHORT_DATE_FORMAT", "09/08/2026"),
        ("SHORT_DATETIME_FORMAT", "09/08/2026 14:05"),
        ("l, j F Y", "Ahad, 9 Ogos 2026"),
        ("D, N j", "Ahd, Ogo. 9"),
        ("P", "2:05 ptg."),
    ],
)
def test_dates(style, text):
    assert date_format(MOMENT, style) == text


@pytest.mark.parametrize(
    ("hour", "text"), [(0, "tengah malam"), (9, "9 pg."), (12, "tengah hari"), (23, "11 ptg.")]
)
def test_times_of_day(hour, text):
    assert date_format(MOMENT.replace(hour=hour, minute=0), "P") == text


def test_numbers():
    assert number_format(1234567.5, 1, use_l10n=True, force_grouping=True) == "1,234,567.5"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (1, "1\xa0bait"),
        (1023, "1023\xa0bait"),
        (10 * 1024, "10.0\xa0KB"),
        (1536 * 1024, "1.5\xa0MB"),
        (3 * 1024**3, "3.0\xa0GB"),
    ],
)
def test_file_sizes(size, text):
    assert filesizeformat(size) == text


@pytest.mark.parametrize(
    ("since", "text"),
    [
        ({"minutes": 1}, "1\xa0minit"),
        ({"hours": 3}, "3\xa0jam"),
        ({"days": 2, "hours": 1}, "2\xa0hari, 1\xa0jam"),
        ({"weeks": 3}, "3\xa0minggu"),
        ({"days": 800}, "2\xa0tahun, 2\xa0bulan"),
    ],
)
def test_durations(since, text):
    assert timesince(ago(**since)) == text
    assert timeuntil(timezone.now() + datetime.timedelta(**since, seconds=5)) == text


def test_wagtails_relative_times():
    assert timesince_simple(ago(hours=3)) == "3\xa0jam yang lalu"
    assert timesince_simple(ago(seconds=3)) == "baru sahaja"
    assert "yang lalu" in timesince_last_update(ago(days=2))
    template = Template("{% load wagtailadmin_tags %}{% human_readable_date when %}")
    html = template.render(Context({"when": ago(weeks=2)}))
    assert "2\xa0minggu yang lalu" in html


@pytest.mark.parametrize(
    ("since", "text"),
    [
        ({"seconds": 1.1}, "1\xa0saat yang lalu"),
        ({"minutes": 5}, "5\xa0minit yang lalu"),
        ({"hours": 1}, "1\xa0jam yang lalu"),
        ({"hours": 3}, "3\xa0jam yang lalu"),
        ({"days": 3}, "3\xa0hari yang lalu"),
    ],
)
def test_relative_times_of_humanize(since, text):
    assert naturaltime(ago(**since)) == text


def test_javascript_gets_months_and_days_in_malay():
    strings = get_js_translation_strings()
    assert strings["MONTHS"][2] == "Mac"
    assert strings["WEEKDAYS"][0] == "Ahad"
    assert strings["WEEKDAYS_SHORT"] == ["Ahd", "Isn", "Sel", "Rab", "Kha", "Jum", "Sab"]
