"""The queries of the read side: one for each answer.

They are written out: for one row by its key, Django's ORM spends ten times as long on making the
query as the database on answering it, and reading is what this API is for.
"""
# Whatever a caller says is a parameter: only names of tables and columns are put into the text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connections, router
from django.utils import timezone

from cms.headless.models import Document, DocumentKey, Route
from cms.headless.sort_keys import sort_key

DOCUMENTS = Document._meta.db_table
KEYS = DocumentKey._meta.db_table
ROUTES = Route._meta.db_table
#: The key of what has no value; it comes last in every order.
NOTHING = sort_key(None)


class StoredDocument(NamedTuple):
    """What an answer needs of a document; see `models.Document`."""

    body: bytes
    etag: str
    surrogate_keys: str
    locale: str
    translation_at: int


_COLUMNS = "d.body, d.etag, d.surrogate_keys, d.locale, d.translation_at"


def document_by_id(
    collection: str, resource_id: str, locales: Sequence[str]
) -> StoredDocument | None:
    """The document of a thing in the first of `locales` that has one; None where none has."""
    return _first_document(collection, locales, "d.resource_id = %s", [resource_id], resource_id)


def document_by_id_or_slug(
    collection: str, name: str, locales: Sequence[str]
) -> StoredDocument | None:
    """As `document_by_id`, of the thing with the id `name` or else with that slug.

    Slugs may differ from locale to locale: one of any of `locales` tells which thing is meant.
    """
    if len(locales) == 1:
        return _first_document(
            collection, locales, "(d.resource_id = %s OR d.slug = %s)", [name, name], name
        )
    which = (
        f"(d.resource_id = %s OR d.resource_id IN (SELECT s.resource_id FROM {DOCUMENTS} s "
        f"WHERE s.collection = %s AND s.slug = %s AND s.locale IN ({_markers(locales)})))"
    )
    return _first_document(collection, locales, which, [name, collection, name, *locales], name)


def site_document(site: str, default: str, locales: Sequence[str]) -> StoredDocument | None:
    """The document of the site `site` (host:port), or of the one with the id `default`."""
    which = "d.site = %s" if site else "d.resource_id = %s"
    return _first_document("site", locales, which, [site or default], site or default)


def _first_document(
    collection: str, locales: Sequence[str], which: str, parameters: Sequence[str], first_id: str
) -> StoredDocument | None:
    """The best of the documents of which `which` is true: with `first_id`, in the first locale."""
    rows = _rows(
        f"SELECT {_COLUMNS} FROM {DOCUMENTS} d "
        f"WHERE d.collection = %s AND d.locale IN ({_markers(locales)}) AND {which} "
        f"AND {_unexpired('d')} "
        "ORDER BY (d.resource_id = %s) DESC, (d.locale = %s) DESC, d.resource_id LIMIT 1",
        [collection, *locales, *parameters, _now(), first_id, locales[0]],
    )
    return _document(*rows[0]) if rows else None


def _document(
    body: Any, etag: str, surrogate_keys: str, locale: str, translation_at: int
) -> StoredDocument:
    return StoredDocument(bytes(body), etag, surrogate_keys, locale, translation_at)


def home_cards(default_site: str) -> dict[str, bytes]:
    """The cards of the home pages of the default site, by locale."""
    rows = _rows(
        f"SELECT d.locale, d.card FROM {DOCUMENTS} d "
        f"WHERE d.collection = 'site' AND d.resource_id = %s AND {_unexpired('d')}",
        [default_site, _now()],
    )
    return {locale: bytes(card) for locale, card in rows}


# Addresses


class StoredRoute(NamedTuple):
    """What stands at an address; see `models.Route`."""

    digest: str
    path: str
    target: str
    permanent: bool
    #: Where its document stands now; empty where it has none.
    document_site: str
    document_path: str
    document: StoredDocument | None
    #: The default site as host:port, where that is known.
    default_site: str


def routes(digests: Sequence[str], default_site: str) -> list[StoredRoute]:
    """The routes with these digests. A document comes with its body only at its own address."""
    rows = _rows(
        "SELECT r.digest, r.path, r.target, r.permanent, d.site, d.path, "
        f"(SELECT MIN(s.site) FROM {DOCUMENTS} s "
        "WHERE s.collection = 'site' AND s.resource_id = %s), "
        "CASE WHEN d.path = r.path THEN d.body END, "
        "d.etag, d.surrogate_keys, d.locale, d.translation_at "
        f"FROM {ROUTES} r LEFT JOIN {DOCUMENTS} d ON d.id = r.document_id AND {_unexpired('d')} "
        f"WHERE r.digest IN ({_markers(digests)})",
        [default_site, _now(), *digests],
    )
    return [
        StoredRoute(
            digest,
            path,
            target,
            bool(permanent),
            site or "",
            document_path or "",
            _document(body or b"", *rest) if document_path is not None else None,
            host or "",
        )
        for digest, path, target, permanent, site, document_path, host, body, *rest in rows
    ]


# Lists


class Order(NamedTuple):
    """What a list is ordered by; documents without the key come last, either way."""

    name: str
    descending: bool
    #: Whether every document of the list has a key of this name.
    everywhere: bool


class Entry(NamedTuple):
    """One item of a list."""

    card: bytes
    resource_id: str
    locale: str
    key: bytes


def entries(
    collection: str,
    locales: Sequence[str],
    order: Order,
    filters: Sequence[tuple[str, Sequence[bytes]]],
    after: tuple[bytes, str] | None,
    limit: int,
) -> list[Entry]:
    """The first `limit` items of a list, or of what follows the key and id `after`.

    A thing is shown in the first of `locales` that has it. `filters` are names of keys with the
    values of which a document must have one.
    """
    among = _markers(locales)
    value = "k.value" if order.everywhere else "COALESCE(k.value, %s)"
    value_parameters = [] if order.everywhere else [NOTHING]
    sql = [f"SELECT d.card, d.resource_id, d.locale, {value} FROM "]
    parameters: list[Any] = [*value_parameters]
    if order.everywhere:
        # From the keys, whose index has the order already.
        sql.append(
            f"{KEYS} k JOIN {DOCUMENTS} d ON d.id = k.document_id "
            f"WHERE k.collection = %s AND k.locale IN ({among}) AND k.name = %s"
        )
        parameters += [collection, *locales, order.name]
    else:
        sql.append(
            f"{DOCUMENTS} d LEFT JOIN {KEYS} k ON k.document_id = d.id AND k.name = %s "
            f"WHERE d.collection = %s AND d.locale IN ({among})"
        )
        parameters += [order.name, collection, *locales]
    sql.append(f" AND {_unexpired('d')}")
    parameters.append(_now())
    if len(locales) > 1:
        sql.append(
            f" AND (d.locale = %s OR NOT EXISTS (SELECT 1 FROM {DOCUMENTS} o WHERE "
            "o.collection = %s AND o.resource_id = d.resource_id AND o.locale = %s "
            f"AND {_unexpired('o')}))"
        )
        parameters += [locales[0], collection, locales[0], _now()]
    for name, values in filters:
        sql.append(
            f" AND d.id IN (SELECT f.document_id FROM {KEYS} f WHERE f.collection = %s "
            f"AND f.locale IN ({among}) AND f.name = %s AND f.value IN ({_markers(values)}))"
        )
        parameters += [collection, *locales, name, *values]
    if after is not None:
        condition, condition_parameters = _after(order, value, value_parameters, *after)
        sql.append(f" AND {condition}")
        parameters += condition_parameters
    if order.descending:
        sql.append(f" ORDER BY ({value} = %s), {value} DESC, d.resource_id DESC LIMIT %s")
        parameters += [*value_parameters, NOTHING, *value_parameters, limit]
    else:
        sql.append(f" ORDER BY {value}, d.resource_id LIMIT %s")
        parameters += [*value_parameters, limit]
    return [
        Entry(bytes(card), resource_id, locale, bytes(key))
        for card, resource_id, locale, key in _rows("".join(sql), parameters)
    ]


def _after(
    order: Order, value: str, value_parameters: Sequence[Any], key: bytes, resource_id: str
) -> tuple[str, list[Any]]:
    """The condition that an item comes after the one with `key` and `resource_id`."""
    behind = "<" if order.descending else ">"
    condition = f"({value}, d.resource_id) {behind} (%s, %s)"
    parameters = [*value_parameters, key, resource_id]
    if order.descending and key == NOTHING:
        return f"({value} = %s AND {condition})", [*value_parameters, NOTHING, *parameters]
    if order.descending:
        # What has no value is greater than all, and yet comes last.
        return f"({value} = %s OR {condition})", [*value_parameters, NOTHING, *parameters]
    # The first half is for the index: it knows the order of keys, not that of ids.
    return f"{value} >= %s AND {condition}", [*value_parameters, key, *parameters]


# Whether there is anything to read


def applied_migrations(app_label: str) -> set[str]:
    """The migrations of an app that the database has; fails where it cannot be read."""
    rows = _rows("SELECT name FROM django_migrations WHERE app = %s", [app_label])
    return {name for (name,) in rows}


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connections[router.db_for_read(Document)].cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _now() -> Any:
    operations = connections[router.db_for_read(Document)].ops
    return operations.adapt_datetimefield_value(timezone.now())


def _unexpired(table: str) -> str:
    return f"({table}.expires_at IS NULL OR {table}.expires_at > %s)"


def _markers(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
