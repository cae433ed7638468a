"""The place of a page in the tree of the project's first language, for lists with a fallback.

The trees of two locales lie one behind the other. A list of pages in English where there are any,
and else in Malay, needs one order: that of the tree in which the editors arrange the pages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q
from wagtail.models import Page

from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.locales import first_language

#: The length of a step of a tree path.
STEP = Page.steplen


def source_position(page: Page, snapshot: SiteSnapshot) -> str:
    """The tree path of the counterpart of `page` in the first language.

    A page without one comes below the counterpart of its nearest ancestor that has one; its own
    path if none has.
    """
    if snapshot.language_of(page) == first_language():
        return str(page.path)
    if page.path not in snapshot.positions:
        load_positions([page], snapshot)
    return snapshot.positions[page.path]


def tree_key(path: str) -> bytes:
    """The key of a page's tree path: three bytes for each step, instead of four digits."""
    steps = range(0, len(path), STEP)
    return b"".join(
        int(path[step : step + STEP], len(Page.alphabet)).to_bytes(3, "big") for step in steps
    )


def load_positions(pages: Iterable[Page], snapshot: SiteSnapshot) -> None:
    """Look up the source positions of `pages` that are not in the first language, together."""
    paths = {page.path for page in pages if snapshot.language_of(page) != first_language()}
    if paths:
        lineages = {above for path in paths for above in _lineage(path)}
        keys, counterparts = _counterparts(Q(path__in=lineages))
        snapshot.positions |= {path: _position(path, keys, counterparts) for path in paths}


def positions_below(paths: Collection[str]) -> dict[str, str]:
    """The source positions of all pages below `paths`, themselves included, by their tree paths."""
    above = {above for path in paths for above in _lineage(path)}
    keys, counterparts = _counterparts(below(paths) | Q(path__in=above))
    roots = tuple(paths)
    return {path: _position(path, keys, counterparts) for path in keys if path.startswith(roots)}


def following(paths: Collection[str]) -> list[str]:
    """The highest of `paths` and of the pages whose source positions follow from those below them.

    These are the translations of the pages below `paths`, and what is below the translations.
    """
    here = Page.objects.filter(below(paths))
    translations = Page.objects.filter(translation_key__in=here.values("translation_key"))
    elsewhere = translations.exclude(below(paths)).values_list("path", flat=True)
    return list(_highest([*paths, *elsewhere]))


def below(paths: Iterable[str]) -> Q:
    """The pages below `paths`, themselves included."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(path__startswith=path)
    return found


def _lineage(path: str) -> Iterator[str]:
    """The tree paths of a page and its ancestors without the tree's root, the page's first."""
    return (path[:end] for end in range(len(path), STEP, -STEP))


def _highest(paths: Iterable[str]) -> Iterator[str]:
    """Those of `paths` that are below no other."""
    last = None
    for path in sorted(set(paths)):
        if last is None or not path.startswith(last):
            last = path
            yield path


def _counterparts(which: Q) -> tuple[dict[str, Any], dict[Any, str]]:
    """The translation keys of pages by path, and the paths in the first language by key."""
    pages = Page.objects.filter(which)
    first = Page.objects.filter(
        locale__language_code=first_language(),
        translation_key__in=pages.order_by().values("translation_key"),
    )
    return (
        dict(pages.values_list("path", "translation_key")),
        dict(first.values_list("translation_key", "path")),
    )


def _position(path: str, keys: Mapping[str, Any], counterparts: Mapping[Any, str]) -> str:
    for above in _lineage(path):
        if found := counterparts.get(keys.get(above)):
            return f"{found}{path[len(above) :]}"
    return path
