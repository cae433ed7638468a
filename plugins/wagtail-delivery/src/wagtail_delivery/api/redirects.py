"""Redirects as answers: the type, and how one is made."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wagtail_delivery.encoding.base import Schema
from wagtail_delivery.identifiers import REDIRECT


class Redirect(Schema):
    """What was asked for is at another address."""

    type: Literal["redirect"] = Field(description="Which kind of thing it is.")
    location: str = Field(
        description="Front-end path to go to, or a whole address elsewhere.",
        json_schema_extra={"format": "uri-reference"},
    )
    site: str | None = Field(
        description="Site of the path, as host:port, where it is another one; else null."
    )
    permanent: bool = Field(description="Whether the old address can be forgotten.")
    status: Literal[301, 302] = Field(description="HTTP status for a front-end to redirect with.")


def redirect_to(location: str, *, permanent: bool, site: str | None = None) -> Redirect:
    """The redirect to `location`, on another site where `site` is given."""
    return Redirect(
        type=REDIRECT,
        location=location,
        site=site,
        permanent=permanent,
        status=301 if permanent else 302,
    )
