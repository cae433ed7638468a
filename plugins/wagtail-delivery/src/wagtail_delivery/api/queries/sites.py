"""The query for a site."""
# ruff: noqa: S608 - see `queries`

from __future__ import annotations

from collections.abc import Sequence

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import DOCUMENTS, ORDERS
from wagtail_delivery.api.queries.sql import Sql, markers
from wagtail_delivery.hashes import Scope, list_hash
from wagtail_delivery.identifiers import DEFAULT, PAGES, SITE

#: Every document of a list has a row for it in this order.
OF_ALL = "id"


def is_public_site(site: str, locales: Sequence[str]) -> bool:
    """Whether anything of a site (host:port) is public in any of `locales`."""
    own = [list_hash(Scope(PAGES, site, locale), OF_ALL) for locale in locales]
    # Each part is one look into an index for each locale.
    sql = Sql(f"SELECT 1 FROM {ORDERS} k WHERE k.list IN ({markers(own)}) UNION ALL ", *own)
    sql.add(f"SELECT 1 FROM {DOCUMENTS} d WHERE d.collection = %s AND d.site = %s", SITE, site)
    for locale in locales:
        sql.add(" UNION ALL SELECT 1 WHERE ").append(is_default_site(site, PAGES, locale))
    return bool(queries.rows(f"{sql.text} LIMIT 1", sql.parameters))


def is_default_site(site: str, collection: str, locale: str) -> Sql:
    """The condition that a site (host:port) is the default one, if that has pages in `locale`."""
    return Sql(
        f"(SELECT d.site FROM {ORDERS} k JOIN {DOCUMENTS} d ON d.id = k.document_id "
        "WHERE k.list = %s ORDER BY k.value, k.document_id LIMIT 1) = %s",
        *(list_hash(Scope(collection, DEFAULT, locale), OF_ALL), site),
    )
