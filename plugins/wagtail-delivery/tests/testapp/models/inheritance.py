"""Multi-table inheritance with locales and drafts, and models that show the rows."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from rest_framework import serializers
from wagtail.api import APIField
from wagtail.models import DraftStateMixin, RevisionMixin, TranslatableMixin
from wagtail.search import index
from wagtail.snippets.models import register_snippet


@register_snippet
class Person(TranslatableMixin, models.Model):
    """Locales, no drafts."""

    name = models.CharField(max_length=100)

    api_fields = ["name"]
    card_fields = ["name"]

    class Meta(TranslatableMixin.Meta):
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name


@register_snippet
class Doctor(DraftStateMixin, RevisionMixin, Person):
    """A person with drafts."""

    ward = models.CharField(max_length=100)

    api_fields = ["name", "ward"]
    card_fields = ["name", "ward"]


class Label(TranslatableMixin, models.Model):
    """Not a snippet, but with `api_fields`."""

    text = models.CharField(max_length=100)
    author = models.ForeignKey(
        Doctor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    api_fields = ["text"]

    class Meta(TranslatableMixin.Meta):
        pass

    def __str__(self) -> str:
        return self.text


class DoctorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Doctor
        fields = ["name"]


class StaffSerializer(serializers.Serializer):
    """Reads doctors from a clinic through every kind of source."""

    doctor = DoctorSerializer()
    doctor_name = serializers.CharField(source="doctor.name")
    doctor_or_nobody = serializers.CharField(source="doctor.name", default="nobody")
    doctor_text = serializers.CharField(source="doctor")
    doctor_key = serializers.PrimaryKeyRelatedField(source="doctor", read_only=True)
    doctors = DoctorSerializer(many=True)
    doctor_keys = serializers.PrimaryKeyRelatedField(source="doctors", many=True, read_only=True)
    doctor_names = serializers.SlugRelatedField(
        source="doctors", many=True, read_only=True, slug_field="name"
    )
    label_author = serializers.SlugRelatedField(
        source="label", read_only=True, slug_field="author__name"
    )
    label_authors = serializers.SlugRelatedField(
        source="labels", many=True, read_only=True, slug_field="author__name"
    )
    first_doctors = DoctorSerializer(many=True)
    by_ward = serializers.DictField(child=DoctorSerializer(allow_null=True))
    listed = serializers.ListField(child=DoctorSerializer())
    title = serializers.CharField()


class ClinicSummary(serializers.Serializer):
    """Reads by code of its own."""

    def to_representation(self, clinic: Clinic) -> dict[str, str]:
        person = clinic.porter.name if clinic.porter else ""
        return {"title": clinic.title, "person": person, "count": str(clinic.doctors.count())}


@register_snippet
class Clinic(TranslatableMixin, models.Model):
    title = models.CharField(max_length=100)
    opened = models.DateTimeField(null=True, blank=True)
    doctor = models.ForeignKey(
        Doctor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    label = models.ForeignKey(
        Label, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    doctors = models.ManyToManyField(Doctor, blank=True, related_name="+")
    labels = models.ManyToManyField(Label, blank=True, related_name="+")

    api_fields = [
        APIField("title"),
        APIField("doctor"),
        APIField("person"),
        APIField("label"),
        APIField("doctors"),
        APIField("labels"),
        APIField("opened"),
        APIField("opened_there", serializer=serializers.DateTimeField(source="opened")),
        APIField("opened_on"),
        APIField("doctor_name", serializer=serializers.CharField(source="doctor.name")),
        APIField("staff", serializer=StaffSerializer(source="*")),
        APIField("welcome"),
        APIField("everybody"),
        APIField("summary", serializer=ClinicSummary(source="*")),
    ]
    search_fields = [index.FilterField("person")]

    class Meta(TranslatableMixin.Meta):
        pass

    def __str__(self) -> str:
        return self.title

    def opened_on(self) -> str:
        return timezone.localtime(self.opened).isoformat() if self.opened else ""

    @property
    def welcome(self) -> str:
        """Shows what a key points at, whatever its locale."""
        return f"{self.title}: {self.porter.name}" if self.porter else self.title

    @property
    def porter(self) -> Person | None:
        """The person, but no doctor: that may be a draft."""
        is_doctor = Doctor.objects.filter(pk=self.person_id).exists()
        return None if is_doctor else self.person

    @cached_property
    def everybody(self) -> list[str]:
        """Finds others by a query."""
        return [person.name for person in Person.objects.filter(doctor=None).order_by("name")]

    def first_doctors(self) -> models.QuerySet[Doctor]:
        return self.doctors.order_by("pk")[:5]

    def by_ward(self) -> dict[str, Doctor]:
        return {doctor.ward: doctor for doctor in self.doctors.order_by("pk")}

    def listed(self) -> list[Doctor]:
        return list(self.doctors.order_by("pk"))
