"""What the serializer of a clinic's `staff` shows of its doctor, at every source that it has."""

from __future__ import annotations

from typing import Any


def staff_with(name: str, key: Any, title: str) -> dict[str, Any]:
    """With a doctor of this name and primary key, in the clinic `title`."""
    return {
        "doctor": {"name": name},
        "doctor_name": name,
        "doctor_or_nobody": name,
        "doctor_text": name,
        "doctor_key": key,
        "doctors": [{"name": name}],
        "doctor_keys": [key],
        "doctor_names": [name],
        "label_author": name,
        "label_authors": [name],
        "first_doctors": [{"name": name}],
        "by_ward": {"A": {"name": name}},
        "listed": [{"name": name}],
        "title": title,
    }


def staff_without(title: str) -> dict[str, Any]:
    """With no doctor, in the clinic `title`."""
    return {
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
        "title": title,
    }
