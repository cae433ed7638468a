"""Signal handlers that record what changed in the transaction's PendingChanges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from modelcluster.fields import ParentalKey
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import (
    Collection,
    CollectionMember,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Site,
    TranslatableMixin,
)
from wagtail.signals import post_page_move

from wagtail_delivery.compiler.documents import source_of
from wagtail_delivery.compiler.sites import site_sources, site_sources_of
from wagtail_delivery.content.aliases import with_aliases
from wagtail_delivery.content.dependency_keys import (
    address_key,
    children_key,
    key_of,
    membership_key,
    table_keys,
)
from wagtail_delivery.content.snapshot import makes_address
from wagtail_delivery.content.watched_instances import register_watch
from wagtail_delivery.encoding.images import remove_placeholder
from wagtail_delivery.publishing.alias_patches import keep_as_private
from wagtail_delivery.publishing.image_queue import handle_image_saved
from wagtail_delivery.publishing.pending_changes import PendingChanges, pending_changes
from wagtail_delivery.publishing.tracked_models import is_private_save, is_tracked
from wagtail_delivery.publishing.transaction import publishing, recording, tables_are_there
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.store.fallback_rows import add_locale
from wagtail_delivery.store.redirects import keys_of_redirects
from wagtail_delivery.store.routes import keep_addresses
from wagtail_delivery.store.sources import all_sources, stored_sources

#: The model of editors' redirects, which a project need not have installed.
REDIRECT = "wagtailredirects.Redirect"


def record_change(instance: models.Model, changes: PendingChanges) -> None:
    """Record in `changes` that the row `instance` was written or removed.

    Its own documents are compiled, and those that depend on it.
    """
    model = type(instance)
    changes.keys.add(key_of(instance))
    changes.keys.update(table_keys(model))
    specific = instance.specific_class if isinstance(instance, Page) else model
    for content_type in content_types().of_ancestors(specific or model):
        changes.sources.add(f"{content_type.model._meta.label_lower}:{instance.pk}")
    for field in model._meta.concrete_fields:
        if isinstance(field, ParentalKey):
            parent = _related(instance, field)
            if parent is not None:
                # Not its specific instance, whose row may already be deleted.
                record_change(parent, changes)
        elif isinstance(field, models.ForeignKey):
            owner_model, name = field.model._meta.label_lower, field.name
            if (owner_model, name) in content_types().reverse_keys:
                owner = _related(instance, field)
                if owner is not None:
                    changes.keys.add(membership_key(field.model, name, key_of(owner)))


def _related(instance: models.Model, field: Any) -> models.Model | None:
    """The target of a foreign key; None if it is already deleted."""
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


def handle_pre_save(
    sender: type[models.Model],
    instance: Any,
    raw: bool = False,
    update_fields: Any = None,
    **_: Any,
) -> None:
    """Record the old path and identity of a row that is about to get new ones.

    Descendants of a page show its title and slug, and share its visibility.
    """
    if raw or instance.pk is None or not is_tracked(sender):
        return
    if is_private_save(sender, update_fields):
        return
    if isinstance(instance, TranslatableMixin):
        _record_old_identity(instance)
    if instance._meta.label == REDIRECT:
        _adopt_redirect(instance)
    if isinstance(instance, Site) and (site := Site.objects.filter(pk=instance.pk).first()):
        with publishing():
            keep_addresses(site, instance)
    if not isinstance(instance, Page):
        return
    shown = ("title", "slug", "live", "locale_id", "alias_of_id")
    before = Page.objects.filter(pk=instance.pk).values(*_read_before(instance, shown)).first()
    pending_changes().unchanged = instance if _is_unchanged(instance, before) else None
    if before and (
        makes_address(type(instance))
        or any(before[name] != getattr(instance, name) for name in shown)
    ):
        with publishing() as changes:
            changes.keys.add(address_key(key_of(instance)))
            is_other = (before["slug"], before["alias_of_id"]) != (
                instance.slug,
                instance.alias_of_id,
            )
            # What is below becomes or stops being public with it.
            hides_or_shows = before["live"] != instance.live and before["numchild"]
            if is_other or hides_or_shows:
                changes.subtrees.add(before["path"])
            if before["alias_of_id"] is not None and instance.alias_of_id is None:
                keep_as_private(instance, before["alias_of_id"])


def _read_before(page: Page, shown: Iterable[str]) -> Iterable[str]:
    """The columns of the stored row to compare with; of a page without its type, all of them."""
    if type(page) is Page:
        return [field.attname for field in Page._meta.concrete_fields]
    return (*shown, "path", "numchild")


def _is_unchanged(page: Page, before: Mapping[str, Any] | None) -> bool:
    """Whether saving `page` writes nothing new.

    So Wagtail saves a page that it moved among its siblings, when its place is already stored.
    """
    return (
        type(page) is Page
        and before is not None
        and all(before[name] == getattr(page, name) for name in before)
    )


def _adopt_redirect(redirect: Any) -> None:
    """Make an automatically created redirect the editor's own when the editor changes it."""
    if redirect.automatically_created:
        parts = [field.attname for field in redirect._meta.concrete_fields if field.editable]
        rows = type(redirect)._base_manager.filter(pk=redirect.pk)
        before = rows.values_list(*parts).first()
        if before and before != tuple(getattr(redirect, part) for part in parts):
            redirect.automatically_created = False


def _record_old_identity(instance: Any) -> None:
    """Record the old translation key or locale of `instance`, so its old translations update."""
    rows = type(instance)._base_manager.filter(pk=instance.pk)
    before = rows.only("pk", "translation_key", "locale_id").first()
    if before is None or (before.translation_key, before.locale_id) == (
        instance.translation_key,
        instance.locale_id,
    ):
        return
    with recording() as changes:
        record_change(before, changes)
        changes.keys |= {address_key(key_of(before)), address_key(key_of(instance))}
        if isinstance(instance, Page):
            changes.redirects |= keys_of_redirects(redirect_page=instance.pk)


def handle_post_save(
    sender: type[models.Model],
    instance: models.Model,
    created: bool = False,
    raw: bool = False,
    update_fields: Any = None,
    **_: Any,
) -> None:
    """Record that a row was written."""
    if raw or not is_tracked(sender) or pending_changes().flushing:
        return
    if is_private_save(sender, update_fields) or pending_changes().unchanged is instance:
        return
    with recording() as changes:
        record_change(instance, changes)
        if created:
            changes.created.add(source_of(instance))
        if isinstance(instance, Page):
            changes.url_paths.add(instance.url_path)
            if created:
                _record_came_or_went(instance, changes)
        _record_wider_change(instance, changes)
        # Its collection may have been changed to a private one.
        is_file = isinstance(instance, CollectionMember) and not created
        changes.withdraws |= is_file or isinstance(instance, CollectionViewRestriction)
        if isinstance(instance, Locale) and not created:
            # Its content has new paths, and content in other locales links to it.
            changes.followers.update(all_sources(), stored_sources())
    if isinstance(instance, Locale) and created and tables_are_there():
        with publishing():
            add_locale(instance.language_code)


def handle_pre_delete(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    """Record a deletion while the relations of the row can still be read."""
    if is_tracked(sender) and not pending_changes().flushing:
        with recording() as changes:
            record_change(instance, changes)


def handle_post_delete(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    """Record that a row was deleted."""
    if isinstance(instance, AbstractRendition):
        _record_rendition_deleted(instance)
    elif isinstance(instance, AbstractImage):
        remove_placeholder(type(instance), instance.pk)
    if is_tracked(sender) and not pending_changes().flushing:
        with recording() as changes:
            changes.withdraws = True
            record_change(instance, changes)
            if isinstance(instance, Page):
                _record_came_or_went(instance, changes)
                if instance.is_site_root():
                    changes.followers.update(site_sources())
            _record_wider_change(instance, changes)


def _record_came_or_went(page: Page, changes: PendingChanges) -> None:
    """Record that a page was created or deleted."""
    changes.keys.add(address_key(key_of(page)))
    # Treebeard keeps the parent of a page that it has just added.
    known = getattr(page, "_cached_parent_obj", None)
    path = page._get_basepath(page.path, page.depth - 1)
    _record_children([known] if known is not None else Page.objects.filter(path=path), changes)


def _record_children(parents: Iterable[Page], changes: PendingChanges) -> None:
    """Record that pages have more or fewer children."""
    changes.keys.update(children_key(key_of(parent)) for parent in parents)


def _record_rendition_deleted(rendition: AbstractRendition) -> None:
    """Compile what shows the image, because the rendition may be of a replaced file."""
    image: Any = rendition._meta.get_field("image").related_model
    with publishing() as changes:
        changes.keys.add(key_of(image(pk=rendition.image_id)))
        remove_placeholder(image, rendition.image_id)


def handle_m2m_changed(
    sender: type[models.Model],
    instance: models.Model,
    action: str,
    model: type[models.Model],
    pk_set: set[Any] | None,
    **_: Any,
) -> None:
    """Record a change to a many-to-many relation, from either side."""
    if not is_tracked(type(instance)) or not is_tracked(model):
        return
    with recording() as changes:
        record_change(instance, changes)
        related: Any = model._base_manager.filter(pk__in=pk_set or ())
        for other in related:
            record_change(other, changes)
        _record_restriction(instance, changes)


def handle_page_moved(
    sender: type[models.Model],
    instance: Page,
    parent_page_before: Page,
    parent_page_after: Page,
    **_: Any,
) -> None:
    """Record the new addresses of a page and its descendants, and the places of its siblings.

    Among its siblings, a page keeps its address.
    """
    with recording() as changes:
        # Their tree paths may have changed with the move.
        parents = list(Page.objects.filter(pk__in=[parent_page_before.pk, parent_page_after.pk]))
        changes.orders.update(parent.path for parent in parents)
        if parent_page_before.pk != parent_page_after.pk:
            changes.subtrees.add(instance.path)
            _record_children(parents, changes)


def _record_wider_change(instance: Any, changes: PendingChanges) -> None:
    """Record a change to the path or visibility of things other than `instance`."""
    if instance._meta.label == REDIRECT:
        changes.redirects.add(instance.pk)
    elif isinstance(instance, Site | Locale):
        changes.redirects |= keys_of_redirects()
    _record_restriction(instance, changes)
    if isinstance(instance, Site):
        changes.followers.update(site_sources_of(instance.pk), site_sources())
        # Any page may now be on another site, and another site may be the default.
        changes.subtrees.update(Page.objects.filter(depth=2).values_list("path", flat=True))
    elif isinstance(instance, Locale):
        changes.followers.update(site_sources())


def _record_restriction(instance: models.Model, changes: PendingChanges) -> None:
    """A page's view restriction covers its aliases and the descendants of all of them."""
    if isinstance(instance, PageViewRestriction):
        restricted = Page.objects.filter(pk=instance.page_id).values_list("pk", "path")
        changes.subtrees.update(with_aliases(dict(restricted)).values())


def record_collection_move(_: Collection) -> None:
    """Record that a collection moved, which may change the visibility of its contents."""
    changes = pending_changes()
    changes.withdraws = True
    changes.keys.update(table_keys(CollectionViewRestriction))


def record_sibling_added(page: Page) -> None:
    """Record that `page` got a sibling, which may change the places of the others."""
    pending_changes().orders.add(page._get_basepath(page.path, page.depth - 1))


def record_rows_updated(rows: Iterable[models.Model]) -> None:
    """Record rows that were written without signals."""
    for row in rows:
        record_change(row, pending_changes())


def record_redirects_made(redirects: Iterable[Any]) -> None:
    """Record redirects that Wagtail created in bulk, without signals."""
    paths = [redirect.old_path for redirect in redirects]
    pending_changes().redirects.update(keys_of_redirects(old_path__in=paths))


def register_signal_handlers() -> None:
    """Connect the signal handlers; called once from `ready()`."""
    uid = "wagtail_delivery"
    pre_save.connect(handle_pre_save, dispatch_uid=uid)
    post_save.connect(handle_post_save, dispatch_uid=uid)
    post_save.connect(handle_image_saved, dispatch_uid=f"{uid}_images")
    pre_delete.connect(handle_pre_delete, dispatch_uid=uid)
    post_delete.connect(handle_post_delete, dispatch_uid=uid)
    m2m_changed.connect(handle_m2m_changed, dispatch_uid=uid)
    register_watch()
    post_page_move.connect(handle_page_moved, dispatch_uid=uid)
