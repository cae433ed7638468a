"""What is scheduled meets the product's rules, and its owner reads their words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision

from cms.editors.groups import ensure_groups
from cms.pages.models import ProfilePage
from tests.members import PUBLISHER, browser_of
from tests.pages.test_published_together import hold_a_heading
from tests.publishing.schedules import let_time_pass, let_wait_pass, schedule
from wagtail_delivery.extending import publish_due, verify
from wagtail_delivery.models import OverdueSchedule
from wagtail_localize_desk.extending import withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_content")]


@pytest.fixture
def publisher() -> Any:
    ensure_groups()
    return browser_of(PUBLISHER, "penerbit").user


def test_a_translation_whose_source_waits_is_told_to_its_owner_and_follows(publisher: Any) -> None:
    english = ProfilePage.objects.get(locale__language_code="en")
    schedule(english, publisher, seo_title="Later")
    held = hold_a_heading()
    publish_due()
    [message] = mail.outbox
    assert message.to == ["penerbit@example.test"]
    assert "diterbitkan bersama-sama" in message.body
    assert Revision.objects.filter(approved_go_live_at__isnull=False).count() == 1
    withdraw(held, None)
    let_wait_pass()
    publish_due()
    assert ProfilePage.objects.get(pk=english.pk).seo_title == "Later"
    assert not OverdueSchedule.objects.exists()
    assert not list(verify())


def test_untranslated_text_that_nobody_chose_is_told_to_its_owner(publisher: Any) -> None:
    english = ProfilePage.objects.get(locale__language_code="en")
    malay = ProfilePage.objects.get(locale__language_code="ms")
    document = Client().get(f"/api/v1/pages/{english.translation_key}?locale=en").content
    # As it would be after an import: text of the source, and a schedule that no rule has seen.
    english.sections = malay.sections
    english.go_live_at = timezone.now() + timedelta(hours=1)
    revision = english.save_revision(user=publisher, approved_go_live_at=english.go_live_at)
    let_time_pass(revision)
    publish_due()
    row = OverdueSchedule.objects.get()
    assert "belum diterjemahkan" in row.failure
    assert row.failure in mail.outbox[0].body
    assert Client().get(f"/api/v1/pages/{english.translation_key}?locale=en").content == document
