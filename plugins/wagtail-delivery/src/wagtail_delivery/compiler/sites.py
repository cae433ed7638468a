"""Compile the documents behind `/site`: the parts of every page of a site in a locale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from django.apps import apps
from django.conf import settings
from django.db import models
from wagtail.models import Page, Site, TranslatableMixin

from wagtail_delivery.compiler.documents import (
    CompiledDocument,
    assemble,
    compile_fallbacks,
    json_without_addresses,
    surrogate_keys,
    translation_members,
)
from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.content.languages import enabled_languages, override_language
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.content.translation_status import Status, TranslationStatus
from wagtail_delivery.encoding.base import Compilation, Json, Location, compiling_document_of
from wagtail_delivery.encoding.image_faults import files_for
from wagtail_delivery.identifiers import DEFAULT, SITE
from wagtail_delivery.schema.content_type import ContentType
from wagtail_delivery.schema.registry import content_types

#: Prefix of the source of a site's document: "wagtail_delivery.site:<site pk>:<language code>".
SITE_SOURCE = "wagtail_delivery.site:"


def site_sources() -> Iterator[str]:
    """The sources of all possible site documents."""
    languages = enabled_languages()
    for pk in Site.objects.order_by("pk").values_list("pk", flat=True):
        for language in languages:
            yield f"{SITE_SOURCE}{pk}:{language}"


def site_sources_of(site_pk: int) -> Iterator[str]:
    """The sources of all possible documents of one site."""
    prefix = f"{SITE_SOURCE}{site_pk}:"
    return (source for source in site_sources() if source.startswith(prefix))


def compile_site(source: str, snapshot: SiteSnapshot) -> CompiledDocument | None:
    """The document of a site in a locale.

    None if the site is gone or has no public home page in that locale.
    """
    pk, _, locale = source.removeprefix(SITE_SOURCE).partition(":")
    site = Site.objects.filter(pk=pk).select_related("root_page").first()
    if site is None or locale not in snapshot.enabled_languages:
        return None
    with compiling_document_of(site), files_for(site):
        return _compile(site, locale, source, snapshot)


def _compile(
    site: Site, locale: str, source: str, snapshot: SiteSnapshot
) -> CompiledDocument | None:
    host = snapshot.sites[site.pk]
    with override_language(locale):
        dependencies: set[str] = set()
        snapshot = snapshot.recording_into(dependencies)
        compilation = Compilation(snapshot, locale, dependencies, site=host)
        compilation.depends_on(site)
        compilation.depends_on(site.root_page)
        root = snapshot.public_counterpart(site.root_page, locale)
        if not isinstance(root, Page):
            return None
        content_type = content_types().of_instance(root)
        if content_type is None:
            return None

        def make(each: Compilation) -> tuple[dict[str, Json], TranslationStatus]:
            return _members(site, root, content_type, each)

        members, status = make(compilation)
        fallbacks = compile_fallbacks(compilation, make)
    body, translation_at, etag = assemble(members, translation_members(status, compilation))
    return CompiledDocument(
        collection=SITE,
        resource_id=members["id"],
        locale=locale,
        type=SITE,
        slug="",
        site=host,
        path="",
        body=body,
        translation_at=translation_at,
        card=json_without_addresses(members["home"]),
        etag=etag,
        surrogate_keys=surrogate_keys(SITE, members["id"], compilation.dependencies),
        expires_at=None,
        source=source,
        # Sites are in no list.
        orders=frozenset(),
        filters=frozenset(),
        dependencies=frozenset(compilation.dependencies),
        fallbacks=fallbacks,
        files=frozenset(compilation.files),
        # Those of the home page and the organisation, which have documents of their own.
        texts=[],
    )


def _members(
    site: Site, root: Page, content_type: ContentType, compilation: Compilation
) -> tuple[dict[str, Json], TranslationStatus]:
    """The members of the document of `site`, and its status."""
    snapshot = compilation.snapshot
    host = snapshot.sites[site.pk]
    organisation = _organisation(compilation)
    status = _furthest_behind(
        [snapshot.translation_status(instance) for instance in (root, organisation) if instance]
    )
    members: dict[str, Json] = {
        "id": DEFAULT if site.is_default_site else host,
        "type": SITE,
        "locale": compilation.locale,
        "title": site.site_name or settings.WAGTAIL_SITE_NAME,
        "home": content_type.encode_card(root, Location("/home"), compilation),
    }
    if delivery_settings().SITE_SNIPPET:
        members["organisation"] = _organisation_members(organisation, compilation)
    members |= {"locales": _locales(site, snapshot), "meta": {"site": host}}
    return members, status


def _locales(site: Site, snapshot: SiteSnapshot) -> list[Json]:
    found = []
    for root in snapshot.public_counterparts(site.root_page):
        address = snapshot.address_of(root) if isinstance(root, Page) else None
        if address:
            found.append({"locale": snapshot.language_of(root), "path": address[1]})
    return found


def _furthest_behind(statuses: list[TranslationStatus]) -> TranslationStatus:
    """The status, of the home page's and the organisation's, with the most left to translate."""
    return max(statuses, key=lambda status: get_args(Status).index(status.status))


def _organisation(compilation: Compilation) -> models.Model | None:
    """The public snippet of the model in the setting SITE_SNIPPET; None without one."""
    label = delivery_settings().SITE_SNIPPET
    if not label:
        return None
    model: type[models.Model] = apps.get_model(label)
    compilation.depends_on_table(model)
    snapshot = compilation.snapshot
    public = list(filter(snapshot.is_public, model._default_manager.order_by("pk")))
    if not issubclass(model, TranslatableMixin):
        return next(iter(public), None)
    for locale in filter(None, (compilation.locale, compilation.fallback)):
        for row in public:
            if snapshot.language_of(row) == locale:
                return row
    compilation.leave_out(public)
    return None


def _organisation_members(instance: models.Model | None, compilation: Compilation) -> Json:
    """The members of the organisation's own document, without `meta`."""
    if instance is None:
        return None
    content_type = content_types().of_instance(instance)
    if content_type is None:
        return None
    compilation.depends_on(instance)
    return content_type.encode_members(instance, Location("/organisation"), compilation)
