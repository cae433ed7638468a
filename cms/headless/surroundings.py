"""What the publicity and the address of every document depend on, read once for many documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils import translation
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

from cms.headless.translation_status import TranslationStatus, translation_status

#: A public page's site (host:port) and front-end path.
Address = tuple[str, str]


@dataclass
class Surroundings:
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
        self._restricted_pages = tuple(
            PageViewRestriction.objects.exclude(
                restriction_type=PageViewRestriction.NONE
            ).values_list("page__path", flat=True)
        )
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

    def is_public(self, instance: models.Model) -> bool:
        """Whether anybody may read `instance` as it stands in the database.

        Pages: live, on a site, not private, and no alias that shows another locale's text. Things
        with drafts: live. Images and documents: not in a private collection.
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
        if isinstance(instance, CollectionMember):
            return instance.collection_id not in self._restricted_collections
        return True

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
        with translation.override(self.language_of(page) or settings.LANGUAGE_CODE):
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
            model = cast("Any", instance.get_translation_model())
            found = model._default_manager.filter(
                translation_key=instance.translation_key, locale__language_code=locale
            ).first()
        if isinstance(found, Page):
            found = cast("Page", found.specific)
        return found if found is not None and self.is_public(found) else None

    def translation_status(self, instance: models.Model) -> TranslationStatus:
        """How far `instance` is translated; asked once for each instance."""
        known = (type(instance), instance.pk)
        if known not in self._statuses:
            self._statuses[known] = translation_status(instance)
        return self._statuses[known]

    def counterparts(self, instance: models.Model) -> list[models.Model]:
        """All public instances with the identity of `instance`, itself included, by language."""
        if not isinstance(instance, TranslatableMixin):
            return [instance] if self.is_public(instance) else []
        model = cast("Any", instance.get_translation_model())
        group = model._default_manager.filter(translation_key=instance.translation_key)
        if issubclass(model, Page):
            # As their own models, which may have a way of their own to make addresses.
            group = group.specific(defer=True)
        return sorted(
            (other for other in group if self.is_public(other)),
            key=lambda other: self.language_of(other),
        )
