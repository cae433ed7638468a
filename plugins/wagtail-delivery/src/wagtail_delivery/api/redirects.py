"""The redirects that the API responds with."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wagtail_delivery.encoding.base import Schema
from wagtail_delivery.identifiers import REDIRECT


class Redirect(Schema):
    """The requested path leads to another address."""

    type: Literal["redirect"] = Field(description="Type of the response.")
    location: str = Field(
        description=(
            "Front-end path to go to, or an absolute URL. Percent-encoded as `path` of pages is. "
            "It has no part of the requested query."
        ),
        json_schema_extra={"format": "uri-reference"},
    )
    site: str | None = Field(
        description="Site of `location`, as `host:port`, if it is not the requested one; else null."
    )
    permanent: bool = Field(description="Whether the redirect is permanent.")
    status: Literal[301, 302] = Field(description="HTTP status for the front-end's redirect.")


def redirect_to(location: str, *, permanent: bool, site: str | None = None) -> Redirect:
    """The redirect to `location`, on another site if `site` is given."""
    return Redirect(
        type=REDIRECT,
        location=location,
        site=site,
        permanent=permanent,
        status=301 if permanent else 302,
    )
