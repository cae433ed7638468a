"""The addresses of the responses that an entry of the change log concerns.

Those that can be listed: a document by id and slug, what its paths resolve to, its site, and the
pages of the front-end. Lists cannot: their parameters have no end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from wagtail_delivery.identifiers import DEFAULT, SITE
from wagtail_delivery.locales import ContentLocales
from wagtail_delivery.models import Change

PORTS = {"80": "http", "443": "https"}


def front_end_addresses(entry: Change) -> Iterator[str]:
    """Where the front-end shows a page, and where it did before."""
    for site, path in _paths(entry):
        host, _colon, port = site.rpartition(":")
        yield f"{PORTS[port]}://{host}{path}" if port in PORTS else f"http://{site}{path}"


def api_addresses(entry: Change, base: str, locales: ContentLocales) -> Iterator[str]:
    """Addresses of the API, of which `base` is the first part, with the usual parameters."""
    queries = list(_in_locales(entry.locale, locales))
    if entry.collection == SITE:
        yield f"{base}/locales"
        for name in dict.fromkeys([DEFAULT, entry.resource_id, entry.site]):
            sites = ["", f"site={name}"] if name == DEFAULT else [f"site={name}"]
            yield from (
                _address(f"{base}/site", query, site) for query in queries for site in sites
            )
        return
    is_document = entry.action != Change.REARRANGED
    for name in dict.fromkeys([entry.resource_id, *entry.slugs] if is_document else []):
        path = f"{base}/{entry.collection}/{quote(name, safe='')}"
        yield from (_address(path, query) for query in queries)
    for site, path in _paths(entry):
        fallbacks = ["", *(f"fallback={code}" for code in locales.codes)]
        # Clients write a slash in a query in either way.
        for written in dict.fromkeys([quote(path, safe="/"), quote(path, safe="")]):
            for name in ("", f"site={site}"):
                yield from (
                    _address(f"{base}/resolve", f"path={written}", name, one) for one in fallbacks
                )


def _paths(entry: Change) -> Sequence[tuple[str, str]]:
    here = [(entry.site, entry.path)] if entry.path else []
    return [*here, *((site, path) for site, path in entry.paths_before)]


def _in_locales(locale: str, locales: ContentLocales) -> Iterator[str]:
    """The queries whose response can be in `locale`, also as a fallback."""
    if not locale:
        yield ""
        return
    if locale == locales.default:
        yield ""
    yield f"locale={locale}"
    for other in locales.codes:
        if other != locale:
            yield f"locale={locale}&fallback={other}"
            yield f"locale={other}&fallback={locale}"
            if other == locales.default:
                yield f"fallback={locale}"
    if locale == locales.default:
        yield from (f"fallback={other}" for other in locales.codes if other != locale)


def _address(path: str, *query: str) -> str:
    given = "&".join(filter(None, query))
    return f"{path}?{given}" if given else path
