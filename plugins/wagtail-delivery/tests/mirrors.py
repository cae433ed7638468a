"""The mirror of docs/following.md, and all that the API gives, to compare it with."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from django.test import Client

from wagtail_delivery.models import PublishedDocument

FOLLOWING = Path(__file__).parents[1] / "docs" / "following.md"
PREFIX = "/api/v1"


def mirror_code() -> dict[str, Any]:
    """The names that the code of the mirror defines."""
    text = FOLLOWING.read_text(encoding="utf-8").partition("## A mirror")[2]
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0]
    assert len(code.strip().splitlines()) <= 40
    names: dict[str, Any] = {}
    exec(compile(code, FOLLOWING, "exec"), names)
    return names


def get(path: str, **query: Any) -> Any:
    """GET within this process, with the errors of `urllib`."""
    response = Client().get(f"{PREFIX}{path}", query)
    if response.status_code != 200:
        body = BytesIO(response.content)
        raise HTTPError(path, response.status_code, "", response.headers, body)
    return json.loads(response.content)


class Mirror:
    """Follows the API with the code of the documentation."""

    def __init__(self) -> None:
        self.documents: dict[tuple[str, str, str | None], Any] = {}
        self.cursor: str | None = None
        names = mirror_code()
        names["get"] = get
        self._follow = names["follow"]

    def follow(self) -> None:
        """Read everything that there is to read."""
        while True:
            cursor = self.cursor
            self.cursor = self._follow(self.documents, cursor, wait=0)
            if self.cursor == cursor:
                return


def crawled() -> dict[tuple[str, str, str | None], Any]:
    """Every document that the API gives."""
    found = {}
    for row in PublishedDocument.objects.values("collection", "resource_id", "locale"):
        collection, name, locale = row["collection"], row["resource_id"], row["locale"]
        query = {"locale": locale} if locale else {}
        try:
            if collection == "site":
                document = get("/site", site=name, **query)
            else:
                document = get(f"/{collection}/{name}", **query)
        except HTTPError as error:
            if error.code != 404:
                raise
            continue
        found[collection, name, locale or None] = document
    return found
