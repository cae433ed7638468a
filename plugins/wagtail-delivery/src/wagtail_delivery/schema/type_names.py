"""The API name of each content type, and clashes between names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from wagtail.models import Page

from wagtail_delivery.conf import DeliverySettings, delivery_settings
from wagtail_delivery.encoding.schema_names import snake_case
from wagtail_delivery.identifiers import PAGES, REDIRECT
from wagtail_delivery.schema.plurals import plural

#: First path segments reserved for the API itself.
RESERVED_COLLECTIONS = frozenset(
    {PAGES, "site", "sites", "locales", "resolve", "search", "changes", "preview", "docs", "health"}
)


@dataclass(frozen=True)
class TypeNames:
    """The names of one model in the API."""

    model: type[models.Model]
    name: str
    #: The path segment of its list; all page types share one.
    collection: str
    #: Whether `collection` was derived from `name`.
    is_derived: bool = False

    @property
    def label(self) -> str:
        return self.model._meta.label

    @property
    def is_page(self) -> bool:
        return issubclass(self.model, Page)


@dataclass(frozen=True)
class NameClash:
    """A name that clashes for some models, and how to correct it."""

    models: tuple[type[models.Model], ...]
    problem: str
    remedy: str


class NameClashError(ImproperlyConfigured):
    """Models share an API name, or have a reserved one; `clashes` lists every clash."""

    def __init__(self, clashes: Sequence[NameClash]) -> None:
        super().__init__(" ".join(f"{clash.problem} {clash.remedy}" for clash in clashes))
        self.clashes = clashes


def name_types(participating: Iterable[type[models.Model]]) -> list[TypeNames]:
    """The names of the `participating` models. Raises NameClashError with every clash."""
    settings = delivery_settings()
    named = [_names_of(model, settings) for model in participating]
    if clashes := [*_equal_names(named), *_reserved_names(named), *_equal_collections(named)]:
        raise NameClashError(clashes)
    return named


def _names_of(model: type[models.Model], settings: DeliverySettings) -> TypeNames:
    label = model._meta.label
    name = settings.TYPE_NAMES.get(label) or snake_case(model.__name__)
    if issubclass(model, Page):
        return TypeNames(model, name, PAGES)
    given = settings.PLURAL_NAMES.get(label)
    return TypeNames(model, name, given or plural(name), is_derived=given is None)


def _equal_names(named: Iterable[TypeNames]) -> Iterator[NameClash]:
    for name, group in _groups(named, lambda one: one.name):
        yield _clash(
            group,
            f"{_listed(group)} have the same name in the API, {name!r}.",
            "Give all but one of them another name",
            "TYPE_NAMES",
            group[1:],
        )


def _reserved_names(named: Iterable[TypeNames]) -> Iterator[NameClash]:
    for one in named:
        if one.is_page and one.name == REDIRECT:
            yield _clash(
                [one],
                f"{one.label} cannot be called {one.name!r} in the API: `/resolve` answers with "
                "that type where a page has moved.",
                "Give it another name",
                "TYPE_NAMES",
                [one],
            )
        elif not one.is_page and one.collection in RESERVED_COLLECTIONS:
            yield _clash(
                [one],
                f"The list of {one.label} cannot be called {one.collection!r}: the API has that "
                "path itself.",
                "Give the list another name",
                "PLURAL_NAMES",
                [one],
            )


def _equal_collections(named: Iterable[TypeNames]) -> Iterator[NameClash]:
    snippets = [one for one in named if not one.is_page]
    for collection, group in _groups(snippets, lambda one: one.collection):
        # Models with one name already clash; correcting that changes their plurals too.
        follows = all(one.is_derived for one in group) and len({one.name for one in group}) == 1
        if not follows and collection not in RESERVED_COLLECTIONS:
            yield _clash(
                group,
                f"The lists of {_listed(group)} have the same name in the API, {collection!r}.",
                "Give all but one of them another name",
                "PLURAL_NAMES",
                group[1:],
            )


def _groups(
    named: Iterable[TypeNames], key: Callable[[TypeNames], str]
) -> Iterator[tuple[str, list[TypeNames]]]:
    """Groups of two or more names with the same key."""
    found: dict[str, list[TypeNames]] = defaultdict(list)
    for one in named:
        found[key(one)].append(one)
    return ((shared, group) for shared, group in found.items() if len(group) > 1)


def _clash(
    group: Sequence[TypeNames],
    problem: str,
    remedy: str,
    setting: str,
    renamed: Sequence[TypeNames],
) -> NameClash:
    is_plural = setting == "PLURAL_NAMES"
    # The name prefixed with the app's label is most likely free.
    suggested = {
        one.label: f"{one.model._meta.app_label}_{one.collection if is_plural else one.name}"
        for one in renamed
    }
    return NameClash(
        tuple(one.model for one in group),
        problem,
        f"{remedy}, such as WAGTAIL_DELIVERY[{setting!r}] = {suggested!r}.",
    )


def _listed(group: Sequence[TypeNames]) -> str:
    labels = [one.label for one in group]
    return f"{', '.join(labels[:-1])} and {labels[-1]}"
