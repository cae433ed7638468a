"""A publisher reads in the status panel what is public and what follows, without reloading."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cms.snippets.models import Act
from tests.browser.malay_desk import MalayDesk
from wagtail_delivery.models import Following, PendingDocument

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PANEL = "#publication-status"


def test_the_panel_counts_down_without_reloading(malay_desk: MalayDesk) -> None:
    desk = malay_desk
    act = Act.objects.filter(locale__language_code="ms").first()
    assert act is not None
    source = f"snippets.act:{act.pk}"
    Following.objects.update_or_create(source=source, defaults={"total": 3})
    for number in range(2):
        PendingDocument.objects.create(
            source=f"pages.standardpage:{10_000 + number}",
            is_withdrawal=False,
            causes=f"\n{source}\n",
            recorded_at=timezone.now(),
            attempts=1,
            not_before=timezone.now() + timedelta(hours=1),
        )
    desk.enter("penerbit")
    desk.open("wagtailsnippets_snippets_act:edit", act.pk, query=PANEL)
    desk.browser.execute_script("window.isTheSamePage = true")
    panel = desk.find(PANEL)
    desk.wait(lambda _browser: panel.is_displayed())
    assert "Bahasa Melayu: Terbuka kepada awam sejak " in panel.text
    assert "1 daripada 3 dokumen lain" in panel.text

    PendingDocument.objects.all().delete()
    desk.wait(lambda _browser: "daripada 3" not in panel.text)
    assert desk.browser.execute_script("return window.isTheSamePage")
    assert "3 dokumen lain yang memaparkan ini telah dikemas kini." in panel.text
    status = desk.find(f"{PANEL} [role=status]").get_attribute("textContent")
    assert status.startswith("3 dokumen lain")
