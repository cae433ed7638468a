"""Multi-table inheritance: a draft's row in the parent table is a draft too."""

from __future__ import annotations

from typing import Any

import pytest

from tests import samples
from tests.samples import reloaded
from tests.stored import body_of, differences, document_of, members_of
from tests.testapp import models as app

pytestmark = pytest.mark.django_db


def unpublished_doctor(clinic: app.Clinic) -> app.Doctor:
    """Turn the clinic's doctor into a draft; its row then holds private text."""
    clinic.doctor.unpublish()
    doctor = reloaded(clinic.doctor)
    doctor.name = "Never told"
    doctor.save()
    return doctor


def published(doctor: app.Doctor, name: str) -> None:
    doctor = reloaded(doctor)
    doctor.name = name
    doctor.save_revision().publish()


def test_a_draft_has_no_document_of_its_parent_model() -> None:
    doctor = samples.doctor("Never told", live=False)
    assert document_of(doctor) is document_of(doctor.person_ptr) is None
    assert differences() == []
    published(doctor, "Told")
    assert [body_of(one)["title"] for one in (doctor, doctor.person_ptr)] == ["Told", "Told"]
    assert differences() == []
    reloaded(doctor).unpublish()
    assert document_of(doctor) is document_of(doctor.person_ptr) is None
    assert differences() == []


def test_a_row_of_the_parent_model_alone_is_public() -> None:
    samples.doctor("Never told", live=False)
    assert body_of(app.Person.objects.create(name="Bala"))["title"] == "Bala"


def test_a_relation_to_a_drafts_parent_row_is_null() -> None:
    clinic = samples.clinic()
    assert members_of(clinic)["person"]["name"] == "Aminah"
    doctor = unpublished_doctor(clinic)
    assert members_of(clinic)["person"] is None
    assert filters_of(clinic, "person") == []
    published(doctor, "Told")
    assert members_of(clinic)["person"]["name"] == "Told"
    assert filters_of(clinic, "person") == [str(doctor.translation_key)]
    assert differences() == []


def filters_of(instance: Any, name: str) -> list[str]:
    keys = document_of(instance).keys.filter(name=name)
    return [bytes(value).decode() for value in keys.values_list("value", flat=True)]
