"""The query for a site."""
# ruff: noqa: S608 - see `queries`

from __future__ import annotations

from collections.abc import Sequence

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import KEYS
from wagtail_delivery.api.queries.sql import markers
from wagtail_delivery.identifiers import PAGES, SITE
from wagtail_delivery.sort_keys import sort_key


def is_public_site(site: str, locales: Sequence[str]) -> bool:
    """Whether anything of a site (host:port) is public in any of `locales`."""
    # All columns of the index are given, so this is one look into it for each combination.
    found = queries.rows(
        f"SELECT 1 FROM {KEYS} k WHERE k.collection IN (%s, %s) "
        f"AND k.locale IN ({markers(locales)}) AND k.name = 'site' AND k.value = %s LIMIT 1",
        [PAGES, SITE, *locales, sort_key(site)],
    )
    return bool(found)
