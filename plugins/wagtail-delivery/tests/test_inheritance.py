"""Multi-table inheritance: a draft's row in the parent table is a draft too."""

from __future__ import annotations

from typing import Any

import pytest

from tests import samples
from tests.samples import reloaded
from tests.stored import body_of, differences, document_of, members_of
from tests.testapp import models as app
from wagtail_delivery.hashes import Scope, filter_hash
from wagtail_delivery.identifiers import DEFAULT
from wagtail_delivery.sort_keys import sort_key

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
    assert not is_filtered_by(clinic, "person", doctor.translation_key)
    published(doctor, "Told")
    assert members_of(clinic)["person"]["name"] == "Told"
    assert is_filtered_by(clinic, "person", doctor.translation_key)
    assert differences() == []


def is_filtered_by(instance: Any, name: str, value: Any) -> bool:
    document = document_of(instance)
    scope = Scope(document.collection, document.site and DEFAULT, document.locale)
    return document.filters.filter(filter=filter_hash(scope, name, sort_key(value))).exists()
