"""Telling the publication what changed, from the signals of Django and Wagtail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from modelcluster.fields import ParentalKey
from wagtail.images.models import AbstractRendition
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Site,
    TranslatableMixin,
)
from wagtail.signals import post_page_move

from cms.headless.compiler.sites import site_sources, site_sources_of
from cms.headless.content.aliases import with_aliases
from cms.headless.content.dependency_keys import (
    key_of,
    membership_key,
    place_key,
    table_keys,
)
from cms.headless.content.snapshot import Address, Surroundings
from cms.headless.publishing.alias_patches import keep_as_private
from cms.headless.publishing.tracked_models import is_private_save, is_watched
from cms.headless.publishing.transaction import Publication, current_publication, publishing
from cms.headless.schema.registry import content_types
from cms.headless.store.redirects import addresses_of, addresses_of_redirects
from cms.headless.store.sources import all_sources, stored_sources

#: What decides where editors' redirects stand.
REDIRECTING = frozenset({"wagtailcore.Site", "wagtailcore.Locale", "wagtailredirects.Redirect"})


def tell_changed(instance: models.Model, publication: Publication) -> None:
    """Tell that a row was written or removed: its own document, and whatever was made of it."""
    model = type(instance)
    publication.keys.add(key_of(instance))
    publication.keys.update(table_keys(model))
    specific = instance.specific_class if isinstance(instance, Page) else model
    for content_type in content_types().of_ancestors(specific or model):
        publication.sources.add(f"{content_type.model._meta.label_lower}:{instance.pk}")
    for field in model._meta.concrete_fields:
        if isinstance(field, ParentalKey):
            parent = _related(instance, field)
            if parent is not None:
                # Not as its own model: in a deletion that model's row may be gone already.
                tell_changed(parent, publication)
        elif isinstance(field, models.ForeignKey):
            owner_model, name = field.model._meta.label_lower, field.name
            if (owner_model, name) in content_types().reverse_keys:
                owner = _related(instance, field)
                if owner is not None:
                    publication.keys.add(membership_key(field.model, name, key_of(owner)))


def _related(instance: models.Model, field: Any) -> models.Model | None:
    """What a foreign key points at; None where that is gone already."""
    value = getattr(instance, field.attname)
    if value is None:
        return None
    if field.is_cached(instance):
        found: models.Model | None = getattr(instance, field.name)
        return found
    related: Any = field.related_model
    row: models.Model | None = related._base_manager.filter(
        **{field.target_field.attname: value}
    ).first()
    return row


def on_pre_save(
    sender: type[models.Model],
    instance: Any,
    raw: bool = False,
    update_fields: Any = None,
    **_: Any,
) -> None:
    """What is about to be another address or identity than before: what shows the old one is told.

    The pages below a page show its title, slug and publicity.
    """
    if raw or instance.pk is None or not is_watched(sender):
        return
    if is_private_save(sender, update_fields):
        return
    if isinstance(instance, TranslatableMixin):
        _tell_old_identity(instance)
    if instance._meta.label in REDIRECTING:
        with publishing() as publication:
            publication.redirected |= _redirected_by(instance)
    if not isinstance(instance, Page):
        return
    shown = ("title", "slug", "live", "locale_id", "alias_of_id", "path")
    before = Page.objects.filter(pk=instance.pk).values(*shown).first()
    makes_addresses = type(instance).get_url_parts is not Page.get_url_parts
    if before and (
        makes_addresses or any(before[name] != getattr(instance, name) for name in shown)
    ):
        with publishing() as publication:
            publication.keys.add(place_key(key_of(instance)))
            if (before["slug"], before["alias_of_id"]) != (instance.slug, instance.alias_of_id):
                publication.subtrees.add(before["path"])
            if before["alias_of_id"] is not None and instance.alias_of_id is None:
                keep_as_private(instance, before["alias_of_id"])


def _tell_old_identity(instance: Any) -> None:
    """What was translated together with `instance` until now is without it from here on."""
    rows = type(instance)._base_manager.filter(pk=instance.pk)
    before = rows.only("pk", "translation_key", "locale_id").first()
    if before is None or (before.translation_key, before.locale_id) == (
        instance.translation_key,
        instance.locale_id,
    ):
        return
    with publishing() as publication:
        tell_changed(before, publication)
        publication.keys |= {place_key(key_of(before)), place_key(key_of(instance))}
        if isinstance(instance, Page):
            publication.redirected |= addresses_of_redirects(redirect_page=instance.pk)


def _redirected_by(instance: Any) -> set[Address]:
    """Where editors' redirects stand that a row of REDIRECTING decides on: saved, and as it is."""
    if isinstance(instance, Site | Locale):
        return addresses_of_redirects()
    return addresses_of_redirects(pk=instance.pk).union(addresses_of(instance, Surroundings()))


def on_save(
    sender: type[models.Model],
    instance: models.Model,
    created: bool = False,
    raw: bool = False,
    update_fields: Any = None,
    **_: Any,
) -> None:
    """A row was written."""
    if raw or not is_watched(sender) or current_publication().flushing:
        return
    if is_private_save(sender, update_fields):
        return
    with publishing() as publication:
        tell_changed(instance, publication)
        if created and isinstance(instance, Page):
            publication.keys.add(place_key(key_of(instance)))
        _tell_special(instance, publication)
        if isinstance(instance, Locale) and not created:
            # What is in it is elsewhere now, and what is in other locales names it.
            publication.sources.update(all_sources(), stored_sources())


def on_pre_delete(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    """A row is about to go: its relations can still be read."""
    if is_watched(sender) and not current_publication().flushing:
        with publishing() as publication:
            tell_changed(instance, publication)
            if instance._meta.label in REDIRECTING:
                publication.redirected |= _redirected_by(instance)


def on_delete(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    """A row is gone."""
    if isinstance(instance, AbstractRendition):
        _tell_rendition_gone(instance)
    if is_watched(sender) and not current_publication().flushing:
        with publishing() as publication:
            tell_changed(instance, publication)
            if isinstance(instance, Page):
                publication.keys.add(place_key(key_of(instance)))
            _tell_special(instance, publication)


def _tell_rendition_gone(rendition: AbstractRendition) -> None:
    """What shows the image is to make its files anew: they may be of an image that was replaced."""
    image: Any = rendition._meta.get_field("image").related_model
    with publishing() as publication:
        publication.keys.add(key_of(image(pk=rendition.image_id)))


def on_many_to_many(
    sender: type[models.Model],
    instance: models.Model,
    action: str,
    model: type[models.Model],
    pk_set: set[Any] | None,
    **_: Any,
) -> None:
    """A many-to-many relation was written, from either side."""
    if not is_watched(type(instance)) or not is_watched(model):
        return
    with publishing() as publication:
        tell_changed(instance, publication)
        related: Any = model._base_manager.filter(pk__in=pk_set or ())
        for other in related:
            tell_changed(other, publication)
        _tell_restriction(instance, publication)


def on_page_move(
    sender: type[models.Model],
    instance: Page,
    parent_page_before: Page,
    parent_page_after: Page,
    **_: Any,
) -> None:
    """A page and all below it are elsewhere in the tree, and its new and old siblings too."""
    with publishing() as publication:
        publication.subtrees.add(instance.path)
        for parent in (parent_page_before, parent_page_after):
            publication.subtrees.add(Page.objects.get(pk=parent.pk).path)


def _tell_special(instance: Any, publication: Publication) -> None:
    """What changes the address or publicity of other things than itself."""
    if instance._meta.label in REDIRECTING:
        publication.redirected |= _redirected_by(instance)
    _tell_restriction(instance, publication)
    if isinstance(instance, Site):
        publication.sources.update(site_sources_of(instance.pk))
        publication.sources.update(site_sources())
        # Which site a page is on, and which is the default, may have changed for all of them.
        publication.subtrees.update(Page.objects.filter(depth=2).values_list("path", flat=True))
    elif isinstance(instance, Locale) or (isinstance(instance, Page) and instance.is_site_root()):
        publication.sources.update(site_sources())


def _tell_restriction(instance: models.Model, publication: Publication) -> None:
    """Who may read a page may read its aliases, and whatever is below any of them."""
    if isinstance(instance, PageViewRestriction):
        restricted = Page.objects.filter(pk=instance.page_id).values_list("pk", "path")
        publication.subtrees.update(with_aliases(dict(restricted)).values())


def on_collection_move(_: Collection) -> None:
    """A collection is elsewhere: what is private in it may have changed."""
    current_publication().keys.update(table_keys(CollectionViewRestriction))


def on_sibling_added(page: Page) -> None:
    """A page came beside `page`: those behind it are at other places in the tree."""
    current_publication().subtrees.add(page._get_basepath(page.path, page.depth - 1))


def on_rows_updated(rows: Iterable[models.Model]) -> None:
    """Rows were written of which no signal told."""
    for row in rows:
        tell_changed(row, current_publication())


def on_redirects_made(redirects: Iterable[Any]) -> None:
    """Wagtail made redirects, many at once, of which no signal told."""
    paths = [redirect.old_path for redirect in redirects]
    current_publication().redirected.update(addresses_of_redirects(old_path__in=paths))


def connect() -> None:
    """Connect the receivers; once, when the app is ready."""
    uid = "cms.headless"
    pre_save.connect(on_pre_save, dispatch_uid=uid)
    post_save.connect(on_save, dispatch_uid=uid)
    pre_delete.connect(on_pre_delete, dispatch_uid=uid)
    post_delete.connect(on_delete, dispatch_uid=uid)
    m2m_changed.connect(on_many_to_many, dispatch_uid=uid)
    post_page_move.connect(on_page_move, dispatch_uid=uid)
