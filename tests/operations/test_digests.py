"""The server sends the daily e-mail about translations once a day, from an hour on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import override_settings

from cms.operations import digests

pytestmark = pytest.mark.any_database


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(digests, "call_command", found.append)
    monkeypatch.setattr(digests.connections, "close_all", lambda: None)
    return found


def at(monkeypatch: pytest.MonkeyPatch, day: int, hour: int) -> None:
    now = datetime(2026, 3, day, hour, 5, tzinfo=UTC)
    monkeypatch.setattr(digests.timezone, "now", lambda: now)


@override_settings(TIME_ZONE="UTC")
def test_it_is_sent_once_a_day_from_its_hour_on(
    monkeypatch: pytest.MonkeyPatch, calls: list[str]
) -> None:
    job = digests.DailyDigest(7)
    for day, hour, sent in ((1, 6, 0), (1, 7, 1), (1, 8, 1), (2, 0, 1), (2, 9, 2), (2, 23, 2)):
        at(monkeypatch, day, hour)
        assert job() is False
        assert calls == ["translation_digest"] * sent


@override_settings(TIME_ZONE="UTC")
def test_from_hour_24_on_is_never(monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> None:
    job = digests.DailyDigest(24)
    for hour in range(24):
        at(monkeypatch, 1, hour)
        job()
    assert not calls


@override_settings(TIME_ZONE="UTC")
def test_a_failure_is_logged_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    attempts = []

    def fail(command: str) -> None:
        attempts.append(command)
        raise ConnectionError

    monkeypatch.setattr(digests, "call_command", fail)
    monkeypatch.setattr(digests.connections, "close_all", lambda: None)
    at(monkeypatch, 1, 8)
    job = digests.DailyDigest(7)
    job()
    job()
    assert len(attempts) == 2
    assert "failed" in caplog.text
