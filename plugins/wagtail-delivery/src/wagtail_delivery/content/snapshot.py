"""What the publicity and the address of every document depend on, read once for many documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import (
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

from wagtail_delivery.content.aliases import with_aliases
from wagtail_delivery.content.languages import override_language
from wagtail_delivery.content.translation_status import TranslationStatus, translation_status
from wagtail_delivery.content.visibility import models_below

#: A public page's site (host:port) and front-end path.
Address = tuple[str, str]


@dataclass
class SiteSnapshot:
    """Sites, locales and view restrictions as they stand in the current transaction.

    Read anew for every batch of documents: Wagtail's own cache of site roots may be stale in
    another process.
    """

    languages: dict[int, str] = field(init=False)
    #: Sites by primary key, as host:port.
    sites: dict[int, str] = field(init=False)
    default_site: str | None = field(init=False)
    _restricted_pages: tuple[str, ...] = field(init=False)
    _restricted_collections: frozenset[int] = field(init=False)
    _statuses: dict[tuple[type[models.Model], Any], TranslationStatus] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Site.clear_site_root_paths_cache()
        # Filled at once, so that no document is seen to read what the cache is made of.
        Site.get_site_root_paths()
        self.languages = dict(Locale.objects.values_list("pk", "language_code"))
        rows = list(Site.objects.values_list("pk", "hostname", "port", "is_default_site"))
        self.sites = {pk: f"{host}:{port}" for pk, host, port, _ in rows}
        self.default_site = next((f"{host}:{port}" for _, host, port, yes in rows if yes), None)
        # An alias is as private as its page: a restriction of its own does not count.
        restricted = PageViewRestriction.objects.filter(page__alias_of=None).exclude(
            restriction_type=PageViewRestriction.NONE
        )
        paths = dict(restricted.values_list("page_id", "page__path"))
        self._restricted_pages = tuple(with_aliases(paths).values())
        self._restricted_collections = self._collections_under_restriction()

    def _collections_under_restriction(self) -> frozenset[int]:
        roots = CollectionViewRestriction.objects.exclude(
            restriction_type=CollectionViewRestriction.NONE
        ).values_list("collection__path", flat=True)
        below = models.Q(pk__in=[])
        for path in roots:
            below |= models.Q(path__startswith=path)
        return frozenset(Collection.objects.filter(below).values_list("pk", flat=True))

    def language_of(self, instance: models.Model) -> str:
        """The language code of `instance`; "" where it has no locale."""
        if isinstance(instance, TranslatableMixin):
            return self.languages.get(instance.locale_id, "")
        return ""

    def language_of_library(self, instance: models.Model) -> str:
        """The language of an image's or a document's own texts: the project's, as it is written.

        Unless a project has translatable ones of its own.
        """
        return self.language_of(instance) or get_supported_content_language_variant(
            settings.LANGUAGE_CODE
        )

    def is_public(self, instance: models.Model) -> bool:
        """Whether anybody may read `instance` as it stands in the database.

        Pages: live, on a site, not private, and no alias that shows another locale's text. Things
        with drafts: live. Images and documents: not in a private collection. Where models inherit
        each other's tables, as the most specific one that a row belongs to.
        """
        if isinstance(instance, DraftStateMixin) and not instance.live:
            return False
        if isinstance(instance, TranslatableMixin) and not self.language_of(instance):
            return False
        if isinstance(instance, Page):
            return bool(
                not instance.path.startswith(self._restricted_pages)
                and not self._shows_another_locale(instance)
                and self.address_of(instance) is not None
            )
        if (
            isinstance(instance, CollectionMember)
            and instance.collection_id in self._restricted_collections
        ):
            return False
        return all(self.is_public(row) for row in _rows_below(instance))

    def _shows_another_locale(self, page: Page) -> bool:
        if page.alias_of_id is None:
            return False
        source = (
            Page.objects.filter(pk=page.alias_of_id).values_list("locale_id", flat=True).first()
        )
        return bool(source != page.locale_id)

    def address_of(self, page: Page) -> Address | None:
        """The site and front-end path of `page`; None where no site has it.

        The path is what the page's own `get_url_parts` says, so that a project's own routing
        counts; where Wagtail's serve view is not installed, it is the path below the site's root.
        """
        with override_language(self.language_of(page)):
            parts = page.get_url_parts()
        if parts is None:
            return None
        site_id, _, path = parts
        site = self.sites.get(site_id)
        if site is None:
            return None
        if path is None:
            path = self._path_below_root(page, site_id)
        return site, urlsplit(path).path

    def _path_below_root(self, page: Page, site_id: int) -> str:
        roots = [root for root in Site.get_site_root_paths() if root.site_id == site_id]
        for root in roots:
            if page.url_path.startswith(root.root_path):
                below: str = page.url_path[len(root.root_path) :]
                prefix = f"{root.language_code}/" if len(roots) > 1 else ""
                return f"/{prefix}{below}"
        return str(page.url_path)

    def in_locale(self, instance: models.Model, locale: str) -> models.Model | None:
        """The public counterpart of `instance` in `locale`, as its own (specific) model.

        What has no locale stands for itself, and so does everything where `locale` is empty. None
        where there is no counterpart or it is not public.
        """
        found: models.Model | None = instance
        if (
            locale
            and isinstance(instance, TranslatableMixin)
            and self.language_of(instance) != locale
        ):
            found = _translations(instance).filter(locale__language_code=locale).first()
        if isinstance(found, Page):
            found = cast("Page", found.specific)
        return found if found is not None and self.is_public(found) else None

    def translation_status(self, instance: models.Model) -> TranslationStatus:
        """How far `instance` is translated; asked once for each instance.

        An alias as far as the page whose text it has.
        """
        known = (type(instance), instance.pk)
        if known not in self._statuses:
            shown = instance
            if isinstance(instance, Page) and instance.alias_of_id is not None:
                shown = cast("Page", instance.alias_of.specific)
            self._statuses[known] = translation_status(shown, self.languages)
        return self._statuses[known]

    def counterparts(self, instance: models.Model) -> list[models.Model]:
        """All public instances with the identity of `instance`, itself included, by language."""
        if not isinstance(instance, TranslatableMixin):
            return [instance] if self.is_public(instance) else []
        group = _translations(instance)
        if isinstance(instance, Page):
            # As their own models, which may have a way of their own to make addresses.
            group = group.specific(defer=True)
        return sorted(
            (other for other in group if self.is_public(other)),
            key=lambda other: self.language_of(other),
        )


def _translations(instance: TranslatableMixin) -> Any:
    """The rows with the identity of `instance`: as pages, or as of its own model.

    Not of the model that it has its locale from, whose table it may only inherit.
    """
    model: Any = Page if isinstance(instance, Page) else type(instance)
    return model._default_manager.filter(translation_key=instance.translation_key)


def _rows_below(instance: models.Model) -> Iterator[models.Model]:
    """The rows of `models_below` that are part of the same thing as `instance`."""
    # What inherits a table has its columns too, its primary key's among them.
    same = {type(instance)._meta.pk.name: instance.pk}
    for model in models_below(type(instance)):
        yield from model._base_manager.filter(**same)
