"""Submit the admin's forms as a browser does."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.test import Client

from tests.html_forms import forms_in


def filled(client: Client, address: str, values: dict[str, Any]) -> tuple[str, QueryDict]:
    """Fetch the form at `address` and change `values` in it; its action and what it sends."""
    page = client.get(address)
    assert page.status_code == 200, address
    forms = {form.id: form for form in forms_in(page.content.decode())}
    form = forms.get("w-editor-form") or forms.get("page-edit-form")
    assert form is not None, f"{address} has no form"
    for name, value in values.items():
        form.values[name] = value
    return form.action, form.values


def submit(client: Client, address: str, values: dict[str, Any], action: str = "") -> Any:
    """Fetch the form at `address`, change `values` in it and send it to its action.

    `action` is the pressed button, such as "action-publish"; without one a draft is saved.
    """
    url, data = filled(client, address, values)
    if action:
        data[action] = action
    return client.post(url, data)
