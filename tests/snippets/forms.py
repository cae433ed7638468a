"""Submit the admin's forms as a browser does."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from wagtail.test.utils.form_data import querydict_from_html


def submit(client: Client, address: str, values: dict[str, Any], action: str = "") -> Any:
    """Fetch the form at `address`, change `values` in it and send it to its action.

    `action` is the pressed button, such as "action-publish"; without one a draft is saved.
    """
    page = client.get(address)
    assert page.status_code == 200, address
    html = page.content.decode()
    form = BeautifulSoup(html, "html.parser").find(id=["w-editor-form", "page-edit-form"])
    assert form is not None, f"{address} has no form"
    data = querydict_from_html(html, form_id=form["id"])
    for name, value in values.items():
        data[name] = value
    if action:
        data[action] = action
    return client.post(form["action"], data)
