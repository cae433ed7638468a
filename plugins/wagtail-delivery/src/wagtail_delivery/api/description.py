"""Texts of the OpenAPI document about the API as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from wagtail_delivery.api.collections import Collection
from wagtail_delivery.identifiers import PAGES

#: Version of the API, not of the content.
VERSION = "1.0.0"
#: CommonMark. `docs/compatibility.md` has the policy in full.
DESCRIPTION = """\
Published content as JSON. Read-only: `GET`, `HEAD` and `OPTIONS`. Responses carry a strong \
`ETag`; errors are problem documents (RFC 9457). An `id` is the same in every locale.

**May be added without a new version:** operations, optional parameters, members of responses, \
types (a new `type` of page, block or resolution), values of enumerations, response headers.

**Will not change within a version:** the path of an operation, the name, type and meaning of a \
parameter or member, and whether a member is always present or may be null. A valid request stays \
valid.

**Clients must ignore** members and headers that they do not know, leave out items whose `type` \
they do not know, and expect unknown values of enumerations. Cursors, versions and ETags are \
opaque, the order of members means nothing, and the words of a problem are for people."""


def tag_descriptions(collections: Sequence[Collection]) -> dict[str, str]:
    """The description of each tag, in the order of the operations."""
    service = {"service": "The API itself: its lists, its locales and where everything is."}
    pages = {PAGES: "Pages of all types, by id or by front-end path, and the site around them."}
    lists = {
        collection.name: f"{collection.plural}, as lists of cards and as whole documents."
        for collection in collections
        if not collection.is_pages
    }
    changes = {"changes": "The change log, for mirrors and caches that follow the content."}
    return {
        **service,
        **pages,
        **lists,
        **changes,
        "health": "Checks for load balancers and monitoring.",
    }
