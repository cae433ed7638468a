"""How a request names a site: `host:port`, or `default`; without a name, the default site is meant.

The one rule of `/site`, `/resolve` and the list of pages. A site is known if it has anything that
is public, in any locale; the default site always is.
"""

from __future__ import annotations

import re

from wagtail_delivery.api.problems import ProblemError, not_found
from wagtail_delivery.api.queries.sites import is_public_site
from wagtail_delivery.api.query_strings import TEXT
from wagtail_delivery.identifiers import DEFAULT
from wagtail_delivery.locales import content_locales

#: No slash, which could pass for the start of a path in the digest of a route.
_PATTERN = r"^[^/\x00]+$"
SITE_SCHEMA = {**TEXT, "pattern": _PATTERN}


def parse_site(text: str) -> str:
    """The site that `text` names; host names have no case."""
    if not re.search(_PATTERN, text):
        raise ValueError("Must be `default`, or host:port of a site.")
    return text.lower()


def require_known(site: str) -> None:
    """Raise ProblemError (404) if `site`, of which nothing was found, is unknown."""
    if site != DEFAULT and not is_public_site(site, content_locales().codes):
        raise unknown_site()


def unknown_site() -> ProblemError:
    detail = "Must be `default`, or host:port of a site with public pages."
    return not_found("Unknown site.", ("site", detail))
