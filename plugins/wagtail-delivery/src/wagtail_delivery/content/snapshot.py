"""The data behind every document's visibility and address, read once per batch of documents."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils import translation
from modelcluster.fields import ParentalKey
from wagtail.coreutils import get_content_languages, get_supported_content_language_variant
from wagtail.models import (
    BaseViewRestriction,
    Collection,
    CollectionMember,
    CollectionViewRestriction,
    DraftStateMixin,
    Locale,
    Page,
    PageViewRestriction,
    Site,
    TranslatableMixin,
)

from wagtail_delivery.addresses import canonical_path
from wagtail_delivery.content.aliases import chain_of, shows_another_locale, with_aliases
from wagtail_delivery.content.dependency_keys import children_key, key_of, order_key, table_key
from wagtail_delivery.content.file_texts import NO_TEXTS, File, FileTexts, file_texts, files_near
from wagtail_delivery.content.languages import override_language
from wagtail_delivery.content.loaded_instances import loaded_instances
from wagtail_delivery.content.observed_queries import (
    CACHED,
    is_derived,
    observing_queries,
    unobserved,
)
from wagtail_delivery.content.shared_instances import SharedInstances
from wagtail_delivery.content.translation_status import TranslationStatus, translation_statuses
from wagtail_delivery.content.visibility import restricting_submodels
from wagtail_delivery.identifiers import DEFAULT
from wagtail_delivery.locales import content_locales

#: A public page's site (host:port) and canonical front-end path.
Address = tuple[str, str]


def makes_address(model: type[Page]) -> bool:
    """Whether pages of `model` make their addresses by code of the project."""
    return model.get_url_parts is not Page.get_url_parts


@dataclass
class SiteSnapshot:
    """Sites, locales and view restrictions as the current transaction sees them.

    Each batch of documents gets a new one: Wagtail's own cache of site roots may be stale in
    another process.
    """

    _locales: dict[int, Locale] = field(init=False)
    #: Language codes of all locales, by primary key.
    languages: dict[int, str] = field(init=False)
    #: Those that the API serves; see `content.languages`.
    enabled_languages: frozenset[str] = field(init=False)
    #: Sites by primary key, as host:port in lower case.
    sites: dict[int, str] = field(init=False)
    default_site: str | None = field(init=False)
    #: The `url_path` of each site's home page and of its translations.
    home_paths: frozenset[str] = field(init=False)
    #: Tree paths of pages at and below which no page is public, because they are private.
    _private_pages: frozenset[str] = field(init=False)
    _restricted_collections: frozenset[int] = field(init=False)
    #: Whether pages are live, by tree path: those above the pages that were asked about.
    _is_live: dict[str, bool] = field(default_factory=dict)
    _statuses: dict[tuple[type[models.Model], Any], TranslationStatus] = field(default_factory=dict)
    #: The translated texts of files, by language.
    _file_texts: dict[str, dict[File, FileTexts]] = field(default_factory=dict)
    #: The pages above the pages with a tree path, from the home page on.
    _ancestors: dict[str, list[Page]] = field(default_factory=dict)
    #: What several documents show or refer to.
    shared: SharedInstances = field(default_factory=SharedInstances)
    #: What documents read alike, with its dependencies; see `encoding.base.Compilation.once`.
    results: dict[Any, tuple[Any, frozenset[str]]] = field(default_factory=dict)
    #: The source positions of pages by their tree paths; see `content.tree_positions`.
    positions: dict[str, str] = field(default_factory=dict)
    #: All rows with a translation key, by the model that was asked for and the key.
    _groups: dict[tuple[type[models.Model], Any], list[models.Model]] = field(default_factory=dict)
    #: Addresses of pages by language and `url_path`, without those that a project's code makes.
    _addresses: dict[tuple[str, str], Address | None] = field(default_factory=dict)
    #: Where Wagtail keeps the roots of the sites while pages are asked for their addresses.
    _roots: SimpleNamespace = field(init=False)
    #: Gets the dependency keys of what addresses are made of; see `recording_into`.
    _address_reads: set[str] | None = None

    def __post_init__(self) -> None:
        Site.clear_site_root_paths_cache()
        # Fills the cache now, so query tracking never sees a document read the rows behind it.
        roots = Site.get_site_root_paths()
        self._roots = SimpleNamespace(_wagtail_cached_site_root_paths=roots)
        self.home_paths = frozenset(root.root_path for root in roots)
        self._locales = {locale.pk: locale for locale in Locale.objects.all()}
        self.languages = {pk: locale.language_code for pk, locale in self._locales.items()}
        enabled = content_locales().codes
        self.enabled_languages = frozenset(self.languages.values()).intersection(enabled)
        rows = list(Site.objects.values_list("pk", "hostname", "port", "is_default_site"))
        self.sites = {pk: f"{host.lower()}:{port}" for pk, host, port, _ in rows}
        self.default_site = next((self.sites[pk] for pk, _, _, yes in rows if yes), None)
        restricted = _restricted()
        self._private_pages = _private_pages(restricted[Page])
        self._restricted_collections = _collections_below(restricted[Collection].values())

    def recording_into(self, dependencies: set[str]) -> SiteSnapshot:
        """This snapshot, which adds to `dependencies` what it reads for addresses.

        A page's own `get_url_parts` may read any row, and decides whether the page is public.
        """
        found = copy.copy(self)
        found._address_reads = dependencies
        return found

    def language_of(self, instance: models.Model) -> str:
        """The language code of `instance`; "" if it has no locale."""
        if isinstance(instance, TranslatableMixin):
            return self.languages.get(instance.locale_id, "")
        return ""

    def library_language(self, instance: models.Model) -> str:
        """The language of the texts of a library image or document.

        It is the project's language, unless the project's own image or document model is
        translatable.
        """
        return self.language_of(instance) or get_supported_content_language_variant(
            settings.LANGUAGE_CODE
        )

    def file_texts(self, file: models.Model, locale: str, near: Sequence[Any]) -> FileTexts:
        """The translated texts of a library file, looked up with those of all files in `near`."""
        known = self._file_texts.setdefault(locale, {})
        key = (type(file), file.pk)
        if key not in known:
            files = {key, *files_near(near)} - known.keys()
            known.update(dict.fromkeys(files, NO_TEXTS) | file_texts(files, locale))
        return known[key]

    def list_site(self, site: str) -> str:
        """The name of a site in the lists of its pages (`hashes.Scope`)."""
        return DEFAULT if site and site == self.default_site else site

    def is_public(self, instance: models.Model) -> bool:
        """Whether anonymous visitors may read `instance` as it is in the database.

        Its language must be enabled. A page must be live, on a site, not private, and no alias that
        shows another locale, and the pages above it must be live. An instance with drafts must be
        live. An image or document
        must not be in a private collection. With multi-table inheritance, the most specific model
        of the row decides.
        """
        if isinstance(instance, DraftStateMixin) and not instance.live:
            return False
        if (
            isinstance(instance, TranslatableMixin)
            and self.language_of(instance) not in self.enabled_languages
        ):
            return False
        if isinstance(instance, Page):
            return bool(
                not self._is_hidden(instance.path)
                and not shows_another_locale(instance)
                and self.address_of(instance) is not None
            )
        if (
            isinstance(instance, CollectionMember)
            and instance.collection_id in self._restricted_collections
        ):
            return False
        return all(self.is_public(row) for row in _submodel_rows(instance))

    def _is_hidden(self, path: str) -> bool:
        """Whether the page at this tree path is private, or a page above it hides it."""
        above = _paths_above(path)
        if not self._private_pages.isdisjoint((*above, path)):
            return True
        self._look_above([path])
        return not all(self._is_live[each] for each in above)

    def _look_above(self, paths: Iterable[str]) -> None:
        """Find out which pages above those at `paths` are live, in one query for all."""
        unknown = {each for path in paths for each in _paths_above(path)} - self._is_live.keys()
        if unknown:
            # A page without a row is in the way of nobody.
            self._is_live |= dict.fromkeys(unknown, True)
            with unobserved():
                rows = Page.objects.filter(path__in=unknown, live=False)
                self._is_live |= dict.fromkeys(rows.values_list("path", flat=True), False)

    def address_of(self, page: Page) -> Address | None:
        """The site and front-end path of `page`; None if it is on no site.

        The path comes from the page's own `get_url_parts`, which respects a project's own routing.
        Without Wagtail's serve view it is the path below the site's root. It is in its canonical
        form.
        """
        if makes_address(type(page)):
            return self._made_address(page)
        key = (self.language_of(page), page.url_path)
        if key not in self._addresses:
            self._addresses[key] = self._usual_address(page, key[0])
        return self._addresses[key]

    def _usual_address(self, page: Page, language: str) -> Address | None:
        """The address of a page as Wagtail makes it: of the site's roots, in their languages."""
        roots: Any = self._roots
        if _is_content_language(language) and _is_content_language(translation.get_language()):
            # Wagtail prefers the active language only if it is a variant of the root's.
            return self._as_address(page, page.get_url_parts(roots))
        with override_language(language):
            return self._as_address(page, page.get_url_parts(roots))

    def _made_address(self, page: Page) -> Address | None:
        with override_language(self.language_of(page)), self._recording_reads_of(page):
            return self._as_address(page, page.get_url_parts())

    def _as_address(self, page: Page, parts: Any) -> Address | None:
        if parts is None:
            return None
        site_id, _, path = parts
        site = self.sites.get(site_id)
        if site is None:
            return None
        if path is None:
            path = self._path_below_root(page, site_id)
        return site, canonical_path(urlsplit(path).path)

    @contextmanager
    def _recording_reads_of(self, page: Page) -> Iterator[None]:
        """Record what the page's own `get_url_parts` reads, except of the page itself."""
        reads = self._address_reads
        if reads is None:
            yield
            return
        if deferred := page.get_deferred_fields():
            page.refresh_from_db(fields=sorted(deferred))
        reads.update([*map(table_key, CACHED), order_key(), children_key(key_of(page))])
        for instance in loaded_instances(page):
            is_itself = isinstance(instance, Page) and instance.pk == page.pk
            is_known = is_itself or isinstance(instance, CACHED) or is_derived(type(instance))
            if not is_known:
                reads.add(key_of(instance))
        with observing_queries(lambda model: reads.add(table_key(model))):
            yield

    def _path_below_root(self, page: Page, site_id: int) -> str:
        every = self._roots._wagtail_cached_site_root_paths
        roots = [root for root in every if root.site_id == site_id]
        for root in roots:
            if page.url_path.startswith(root.root_path):
                below: str = page.url_path[len(root.root_path) :]
                prefix = f"{root.language_code}/" if len(roots) > 1 else ""
                return f"/{prefix}{below}"
        return str(page.url_path)

    def ancestors_of(self, page: Page) -> list[Page]:
        """The pages above `page`, each as its own model, from the home page on.

        Kept for its siblings, except where one makes its address itself: that may load more rows
        into it, and they are dependencies of the documents that are compiled then.
        """
        parent = _parent_path(page)
        if parent in self._ancestors:
            return self._ancestors[parent]
        return self._load_ancestors([parent])[parent]

    def _load_ancestors(self, parents: Iterable[str]) -> dict[str, list[Page]]:
        """The pages at tree paths and above them, kept as `ancestors_of` says; one query."""
        lineages = {parent: [*_paths_above(parent), parent] for parent in parents}
        wanted = {path for lineage in lineages.values() for path in lineage}
        rows = Page.objects.filter(path__in=wanted, depth__gt=1).specific(defer=True)
        by_path = {page.path: page for page in (rows if wanted else ())}
        self._is_live |= {path: page.live for path, page in by_path.items()}
        found = {
            parent: [by_path[path] for path in lineage if path in by_path]
            for parent, lineage in lineages.items()
        }
        self._ancestors |= {
            parent: above
            for parent, above in found.items()
            if not any(makes_address(type(ancestor)) for ancestor in above)
        }
        return found

    def public_counterpart(self, instance: models.Model, locale: str) -> models.Model | None:
        """The public counterpart of `instance` in `locale`, as its own (specific) model.

        An instance without a locale is its own counterpart, and so is any instance if `locale` is
        empty. None if there is no counterpart or it is not public.
        """
        found: models.Model | None = instance
        if (
            locale
            and isinstance(instance, TranslatableMixin)
            and self.language_of(instance) != locale
        ):
            found = self._translation(instance, locale)
        elif isinstance(found, Page):
            found = cast("Page", found.specific)
        return found if found is not None and self.is_public(found) else None

    def _translation(self, instance: TranslatableMixin, locale: str) -> models.Model | None:
        """The row with the identity of `instance` in `locale`, as its own model."""

        def load() -> models.Model | None:
            rows = _translations(instance).filter(locale__language_code=locale)
            found: models.Model | None = rows.first()
            return cast("Page", found.specific) if isinstance(found, Page) else found

        model = _translated_model(instance)
        return self.shared.get((model, instance.translation_key, locale), load)

    def prepare(self, instances: Sequence[models.Model]) -> None:
        """Look up together what the documents of each of `instances` ask for.

        They are the rows of their translations, the pages above, and the statuses of all these.
        """
        translatable = [each for each in instances if isinstance(each, TranslatableMixin)]
        self._load_groups(translatable)
        live = [each for each in instances if getattr(each, "live", True)]
        parents = {_parent_path(each) for each in live if isinstance(each, Page)}
        self._load_ancestors(parents - self._ancestors.keys())
        self._look_above(
            page.path
            for page in (*instances, *(row for rows in self._groups.values() for row in rows))
            if isinstance(page, Page)
        )
        above = {page.pk: page for parent in parents for page in self._ancestors.get(parent, ())}
        self._load_statuses([*live, *above.values()])

    def _load_statuses(self, instances: Iterable[models.Model]) -> None:
        """Look up the statuses of `instances` that are not known, together."""
        # The status of an alias is that of what it shows.
        unknown = {
            key: each
            for each in instances
            if getattr(each, "alias_of_id", None) is None
            and (key := _status_key(each)) not in self._statuses
        }
        for each in unknown.values():
            self._know_locale(each)
        found = translation_statuses(list(unknown.values()), self.languages)
        self._statuses |= dict(zip(unknown, found, strict=True))

    def _know_locale(self, instance: models.Model) -> None:
        """Let `instance` have its locale, so that nobody reads that again."""
        if isinstance(instance, TranslatableMixin):
            relation: Any = type(instance)._meta.get_field("locale")
            locale = self._locales.get(instance.locale_id)
            if locale is not None and not relation.is_cached(instance):
                relation.set_cached_value(instance, locale)

    def translation_status(
        self, instance: models.Model, near: Sequence[Any] = ()
    ) -> TranslationStatus:
        """The translation status of `instance`, looked up with those of all that is in `near`.

        An alias has the status of the page whose text it shows.
        """
        key = _status_key(instance)
        if key not in self._statuses:
            if isinstance(instance, Page) and (chain := chain_of(instance)):
                shown = cast("Page", chain[-1].specific)
                [self._statuses[key]] = translation_statuses([shown], self.languages)
            else:
                others = (each for each in loaded_instances(near) if _has_own_status(each))
                self._load_statuses([instance, *others])
        return self._statuses[key]

    def public_counterparts(self, instance: models.Model) -> list[models.Model]:
        """All public instances with the identity of `instance`, including itself, by language.

        Pages may be without the fields of their own models.
        """
        if not isinstance(instance, TranslatableMixin):
            return [instance] if self.is_public(instance) else []
        key = _translated_model(instance), instance.translation_key
        group = self._groups.get(key)
        if group is None:
            group = _with_addresses(_translations(instance))
            self._look_above(other.path for other in group if isinstance(other, Page))
        return sorted(
            (other for other in group if self.is_public(other)),
            key=lambda other: self.language_of(other),
        )

    def _load_groups(self, instances: Iterable[TranslatableMixin]) -> None:
        """Load all rows with the identities of `instances`, but for those that make addresses.

        Making its address may load more rows into a page, and they are dependencies of the document
        that asks for it.
        """
        known: dict[type[models.Model], dict[Any, list[models.Model]]] = {}
        for instance in instances:
            groups = known.setdefault(_translated_model(instance), {})
            groups.setdefault(instance.translation_key, []).append(instance)
        for model, groups in known.items():
            here = [each.pk for group in groups.values() for each in group]
            rows = model._default_manager.filter(translation_key__in=list(groups))
            for row in _with_addresses(rows.exclude(pk__in=here)):
                groups[row.translation_key].append(row)
            for key, group in groups.items():
                if not any(isinstance(row, Page) and makes_address(type(row)) for row in group):
                    self._groups[model, key] = group


def _restricted() -> dict[type[models.Model], dict[int, str]]:
    """The tree paths of restricted pages and collections by primary key, in one query.

    An alias is as private as its source page: its own restriction is ignored.
    """
    pages = PageViewRestriction.objects.filter(page__alias_of=None).values_list(
        Value(True), "page_id", "page__path"
    )
    collections = CollectionViewRestriction.objects.values_list(
        Value(False), "collection_id", "collection__path"
    )
    found: dict[type[models.Model], dict[int, str]] = {Page: {}, Collection: {}}
    is_public = {"restriction_type": BaseViewRestriction.NONE}
    rows = pages.exclude(**is_public).union(collections.exclude(**is_public), all=True)
    for is_page, pk, path in rows:
        found[Page if is_page else Collection][pk] = path
    return found


def _private_pages(restricted: dict[int, str]) -> frozenset[str]:
    """The tree paths of restricted pages and of their aliases.

    An alias is where it is, whatever is above its source.
    """
    return frozenset(with_aliases(restricted).values())


def _collections_below(paths: Iterable[str]) -> frozenset[int]:
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(path__startswith=path)
    return frozenset(Collection.objects.filter(below).values_list("pk", flat=True))


def _paths_above(path: str) -> list[str]:
    """The tree paths above `path`, without the root of all pages."""
    step = Page.steplen
    return [path[:end] for end in range(2 * step, len(path), step)]


def _is_content_language(language: str | None) -> bool:
    is_wagtails = getattr(settings, "WAGTAIL_I18N_ENABLED", False)
    return is_wagtails and language in get_content_languages()


def _parent_path(page: Page) -> str:
    return str(page._get_basepath(page.path, page.depth - 1))


def _has_own_status(instance: models.Model) -> bool:
    """Whether `instance` is a published thing that is translated by itself, and no inline child."""
    return (
        isinstance(instance, TranslatableMixin)
        and instance.pk is not None
        and getattr(instance, "live", True)
        and not any(isinstance(each, ParentalKey) for each in instance._meta.fields)
    )


def _status_key(instance: models.Model) -> tuple[type[models.Model], Any]:
    return type(instance), instance.pk


def _translated_model(instance: TranslatableMixin) -> type[models.Model]:
    """The model whose rows are translations of `instance`: that of all pages, or its own.

    The model that defines the locale is not enough: `instance` may only inherit its table.
    """
    return Page if isinstance(instance, Page) else type(instance)


def _translations(instance: TranslatableMixin) -> Any:
    """The rows with the identity of `instance`."""
    model: Any = _translated_model(instance)
    return model._default_manager.filter(translation_key=instance.translation_key)


def _with_addresses(rows: Iterable[Any]) -> list[Any]:
    """`rows`, where pages that build their addresses their own way are as their own models."""
    return [
        row.specific_deferred
        if isinstance(row, Page) and row.specific_class and makes_address(row.specific_class)
        else row
        for row in rows
    ]


def _submodel_rows(instance: models.Model) -> Iterator[models.Model]:
    """The rows of `restricting_submodels` that extend the row of `instance`."""
    # A model that inherits a table has its columns too, including its primary key.
    same_row = {type(instance)._meta.pk.name: instance.pk}
    for model in restricting_submodels(type(instance)):
        yield from model._base_manager.filter(**same_row)
