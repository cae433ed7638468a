"""The sources of serializers: none of them passes through a draft."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Collection, CollectionViewRestriction, Page

from tests import samples
from tests.clinic_staff import staff_with, staff_without
from tests.json_schemas import members, nullable_members, resolved
from tests.stored import differences, document_of, members_of
from tests.test_inheritance import published, unpublished_doctor
from tests.testapp import models as app

pytestmark = pytest.mark.django_db


NOTHING = staff_without("Clinic")


def staff_of(name: str) -> dict[str, Any]:
    """The serializer's data with a doctor of this name at every source."""
    return staff_with(name, app.Doctor.objects.get().pk, "Clinic")


def test_no_source_of_a_serializer_passes_through_a_draft() -> None:
    clinic = samples.clinic()
    assert members_of(clinic)["staff"] == staff_of("Aminah")
    assert members_of(clinic)["doctor_name"] == "Aminah"
    doctor = unpublished_doctor(clinic)
    clinic.save()
    assert members_of(clinic)["staff"] == NOTHING
    assert members_of(clinic)["doctor_name"] is None
    assert b"Never told" not in bytes(document_of(clinic).body)
    assert differences() == []

    # Publishing the unpublished_doctor draft recompiles the document.
    published(doctor, "Told")
    assert members_of(clinic)["staff"] == staff_of("Told")
    assert members_of(clinic)["doctor_name"] == "Told"
    assert differences() == []


def test_omitting_a_draft_keeps_the_other_rows() -> None:
    clinic = samples.clinic()
    other = samples.doctor("Bala", ward="B")
    clinic.doctors.add(other)
    unpublished_doctor(clinic)
    staff = members_of(clinic)["staff"]
    for name in ("doctors", "first_doctors", "listed"):
        assert staff[name] == [{"name": "Bala"}]
    assert (staff["doctor_keys"], staff["doctor_names"]) == ([other.pk], ["Bala"])
    assert staff["by_ward"] == {"A": None, "B": {"name": "Bala"}}


def test_rows_without_an_order_come_in_the_order_of_their_keys() -> None:
    clinic = samples.clinic()
    first, second = app.Doctor.objects.get(), samples.doctor("Bala", ward="B")
    clinic.doctors.set([])
    clinic.doctors.add(second)
    clinic.doctors.add(first)
    first.ward = "C"
    first.save()
    clinic.save()
    staff = members_of(clinic)["staff"]
    assert staff["doctors"] == [{"name": "Aminah"}, {"name": "Bala"}]
    assert staff["doctor_keys"] == [first.pk, second.pk]
    assert staff["doctor_names"] == ["Aminah", "Bala"]
    assert differences() == []


def test_a_source_without_a_value_is_null() -> None:
    clinic = app.Clinic.objects.create(title="Clinic")
    assert members_of(clinic)["doctor_name"] is None
    assert members_of(clinic)["staff"] == NOTHING | {"by_ward": {}}


def test_nullable_sources_are_declared_nullable() -> None:
    staff = resolved(members("Clinic")["staff"])
    nullable = {
        name
        for name, schema in staff["properties"].items()
        if {"type": "null"} in schema.get("anyOf", ())
    }
    assert nullable == {
        "doctor",
        "doctor_name",
        "doctor_or_nobody",
        "doctor_text",
        "doctor_key",
        "label_author",
    }
    assert {"doctor", "person", "label", "doctor_name"} <= nullable_members("Clinic")


def test_serializers_omit_private_images(home: Page) -> None:
    instance = samples.serialized(home)
    assert members_of(instance)["thumbnail"] is not None
    private = Collection.get_first_root_node().add_child(name="Private")
    instance.image.collection = private
    instance.image.save()
    restriction = CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert members_of(instance)["thumbnail"] is None
    restriction.delete()
    assert members_of(instance)["thumbnail"] is not None
    assert differences() == []
