"""What serializers are given: on no way to what they show is a draft."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Collection, CollectionViewRestriction, Page

from tests import samples
from tests.json_schemas import members, nullable_members, resolved
from tests.stored import differences, document_of, members_of
from tests.test_inheritance import hidden, published
from tests.testapp import models as app

pytestmark = pytest.mark.django_db


def shown(name: str) -> dict[str, Any]:
    """What all of the serializer's ways to a doctor of this name show."""
    doctor = app.Doctor.objects.get()
    return {
        "doctor": {"name": name},
        "doctor_name": name,
        "doctor_or_nobody": name,
        "doctor_text": name,
        "doctor_key": doctor.pk,
        "doctors": [{"name": name}],
        "doctor_keys": [doctor.pk],
        "doctor_names": [name],
        "label_author": name,
        "label_authors": [name],
        "first_doctors": [{"name": name}],
        "by_ward": {"A": {"name": name}},
        "listed": [{"name": name}],
        "title": "Clinic",
    }


NOTHING = {
    "doctor": None,
    "doctor_name": None,
    "doctor_or_nobody": "nobody",
    "doctor_text": None,
    "doctor_key": None,
    "doctors": [],
    "doctor_keys": [],
    "doctor_names": [],
    "label_author": None,
    "label_authors": [],
    "first_doctors": [],
    "by_ward": {"A": None},
    "listed": [],
    "title": "Clinic",
}


def test_no_hop_of_a_serializer_passes_a_draft() -> None:
    clinic = samples.clinic()
    assert members_of(clinic)["staff"] == shown("Aminah")
    assert members_of(clinic)["doctor_name"] == "Aminah"
    doctor = hidden(clinic)
    clinic.save()
    assert members_of(clinic)["staff"] == NOTHING
    assert members_of(clinic)["doctor_name"] is None
    assert b"Never told" not in bytes(document_of(clinic).body)
    assert differences() == []

    # Publishing what was not shown makes the document anew.
    published(doctor, "Told")
    assert members_of(clinic)["staff"] == shown("Told")
    assert members_of(clinic)["doctor_name"] == "Told"
    assert differences() == []


def test_what_is_left_out_leaves_the_rest() -> None:
    clinic = samples.clinic()
    other = samples.doctor("Bala", ward="B")
    clinic.doctors.add(other)
    hidden(clinic)
    staff = members_of(clinic)["staff"]
    for name in ("doctors", "first_doctors", "listed"):
        assert staff[name] == [{"name": "Bala"}]
    assert (staff["doctor_keys"], staff["doctor_names"]) == ([other.pk], ["Bala"])
    assert staff["by_ward"] == {"A": None, "B": {"name": "Bala"}}


def test_a_way_that_leads_nowhere_is_null_too() -> None:
    clinic = app.Clinic.objects.create(title="Clinic")
    assert members_of(clinic)["doctor_name"] is None
    assert members_of(clinic)["staff"] == NOTHING | {"by_ward": {}}


def test_null_is_declared_where_a_way_can_lead_nowhere() -> None:
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


def test_a_private_image_is_in_no_serializer(home: Page) -> None:
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
