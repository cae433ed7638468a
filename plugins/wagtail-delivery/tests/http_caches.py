"""A cache in front of the API that keeps what it may for ever, unless it is purged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, product
from urllib.parse import quote

from django.test import Client

from wagtail_delivery.api.collections import Collection, api_collections
from wagtail_delivery.locales import content_locales
from wagtail_delivery.models import PublishedDocument, Route
from wagtail_delivery.schema.registry import content_types

PREFIX = "/api/v1"


class HttpCache:
    """Answers by address, as a shared cache that knows surrogate keys has them."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[bytes, frozenset[str]]] = {}
        self._client = Client()

    def fetch(self, address: str) -> bytes | None:
        """What the API answers, without the cache; None if caches may not keep it."""
        response = self._client.get(PREFIX + address)
        assert response.status_code in (200, 404, 410), (address, response.content)
        if "no-store" in response["Cache-Control"]:
            return None
        self._keys = frozenset(response.headers.get("Surrogate-Key", "").split())
        return bytes(response.content)

    def fill(self, addresses: Iterable[str]) -> None:
        """Ask for `addresses`; what is there already is not fetched."""
        for address in addresses:
            if address not in self.answers and (body := self.fetch(address)) is not None:
                self.answers[address] = (body, self._keys)

    def purge(self, keys: set[str]) -> int:
        """Forget the answers with any of `keys`; returns how many there were."""
        found = [name for name, (_body, own) in self.answers.items() if own & keys]
        for name in found:
            del self.answers[name]
        return len(found)

    def stale(self) -> Iterator[tuple[str, bytes, bytes | None]]:
        """The addresses whose answer is another one now, with the old and the new one."""
        for address, (body, _keys) in self.answers.items():
            fresh = self.fetch(address)
            if fresh != body:
                yield address, body, fresh


def all_addresses() -> list[str]:
    """Addresses of all that the API can give, in every locale and with every fallback."""
    return list(dict.fromkeys(chain(*addresses_by_kind())))


def addresses_by_kind() -> list[list[str]]:
    """The same, those of one kind together."""
    kinds = (["/locales"], _of_documents(), _of_paths(), _of_lists(), _of_sites())
    return [list(dict.fromkeys(kind)) for kind in kinds]


def _in_locales() -> list[str]:
    codes = content_locales().codes
    pairs = product(codes, ["", *codes])
    return [
        "",
        *(f"?locale={one}" + (f"&fallback={other}" if other else "") for one, other in pairs),
    ]


def _collections() -> dict[str, Collection]:
    return {one.name: one for one in api_collections(content_types())}


def _of_documents() -> Iterator[str]:
    collections = _collections()
    rows = PublishedDocument.objects.values_list("collection", "resource_id", "slug")
    for name, resource_id, slug in rows:
        if name in collections:
            queries = _in_locales() if collections[name].is_translatable else [""]
            names = {resource_id, slug} if collections[name].has_slug else {resource_id}
            for one, query in product(sorted(names - {""}, key=len), queries):
                yield f"/{name}/{quote(one, safe='')}{query}"


def _of_paths() -> Iterator[str]:
    routes = set(Route.objects.values_list("site", "path"))
    fallbacks = ["", *(f"&fallback={code}" for code in content_locales().codes)]
    for (site, path), fallback in product(sorted(routes), fallbacks):
        bare = path.partition("?")[0].rstrip("/")
        where = f"&site={site}" if site else ""
        for written in {path, f"{bare}/", bare or "/"}:
            yield f"/resolve?path={quote(written, safe='/')}{where}{fallback}"
    # Below the pages of the other locales, where only a fallback finds something.
    paths = sorted({path.rstrip("/") for _site, path in routes})
    last = sorted({path.rpartition("/")[2] for path in paths})
    for above, name, fallback in product(paths[:12], last, fallbacks[1:]):
        yield f"/resolve?path={quote(f'{above}/{name}/')}{fallback}"


def _of_lists() -> Iterator[str]:
    for collection in _collections().values():
        queries = _in_locales() if collection.is_translatable else [""]
        yield from (f"/{collection.name}{query}" for query in queries)


def _of_sites() -> Iterator[str]:
    names = set(PublishedDocument.objects.filter(collection="site").values_list("site", flat=True))
    for name, query in product(["", "default", *sorted(names)], _in_locales()):
        given = "&".join(filter(None, [f"site={name}" if name else "", query[1:]]))
        yield f"/site?{given}" if given else "/site"
        yield f"/pages?{given}" if given else "/pages"
