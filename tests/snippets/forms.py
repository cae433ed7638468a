"""Filling in the admin's forms as a browser does."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from wagtail.test.utils.form_data import querydict_from_html


def submit(client: Client, address: str, values: dict[str, Any], action: str = "") -> Any:
    """Fetch the form at `address`, change `values` in it and send it to where it says.

    `action` is the button that is pressed, such as "action-publish"; none saves a draft.
    """
    page = client.get(address)
    assert page.status_code == 200, address
    html = page.content.decode()
    form = BeautifulSoup(html, "html.parser").find(id=["w-editor-form", "page-edit-form"])
    assert form is not None, f"{address} shows no form"
    data = querydict_from_html(html, form_id=form["id"])
    for name, value in values.items():
        data[name] = value
    if action:
        data[action] = action
    return client.post(form["action"], data)
