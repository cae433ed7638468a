"""Documents do not depend on the publisher's language or time zone."""

from __future__ import annotations

import pytest
from django.utils import timezone
from wagtail.models import Page

from tests import samples
from tests.samples import MOMENT
from tests.stored import differences, last_sequence, members_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_documents_do_not_depend_on_the_publishers_time_zone(zone: str, home: Page) -> None:
    clinic = samples.clinic()
    before, sequence = members_of(clinic), last_sequence()
    assert before["opened"] == MOMENT.isoformat().replace("+00:00", "Z")
    # In the project's time zone, as if no other one were active.
    assert before["opened_there"] == before["opened_on"] == "2026-02-01T08:30:00+08:00"
    with timezone.override(zone):
        clinic.save()
        assert members_of(clinic) == before
        assert differences() == []
        assert last_sequence() == sequence
        made = samples.clinic(doctor=clinic.doctor)
    assert members_of(made)["opened_there"] == before["opened_there"]
    assert differences() == []
