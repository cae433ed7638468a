"""How a translation is written to the page or snippet that shows it.

wagtail-localize writes a draft into the live row of a page, takes a live snippet offline when a
draft of it is saved, and publishes without a user and in a transaction of its own. Here a draft is
a revision and nothing else, and publishing is Wagtail's own, by the user who asked for it and in
the transaction that wrote the translation.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction
from django.utils.text import slugify
from wagtail.coreutils import find_available_slug
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Locale, Page, Revision, RevisionMixin
from wagtail_localize.fields import copy_synchronised_fields
from wagtail_localize.models import (
    CannotSaveDraftError,
    SegmentOverride,
    StringTranslation,
    TranslationLog,
    TranslationSource,
)
from wagtail_localize.segments.ingest import ingest_segments

from wagtail_localize_desk.models import TranslationOrigin
from wagtail_localize_desk.source_content import PUBLISHING_FIELDS


def create_or_update_translation(
    source: TranslationSource,
    locale: Locale,
    user: Any = None,
    publish: bool = True,
    copy_parent_pages: bool = False,
    fallback: bool = False,
) -> tuple[models.Model, bool]:
    """Write the translation of `source` into `locale`; the target and whether it is new.

    Takes the place of `TranslationSource.create_or_update_translation`, with its parameters and
    its errors. With `publish=False` nothing that is public changes: a new target is a draft, an
    existing one gets a draft revision. With `publish=True` the new revision is published at once;
    PermissionDenied where `user` may not publish the target.
    """
    original = source.as_instance()
    if not publish and not isinstance(original, DraftStateMixin):
        raise CannotSaveDraftError
    target, created = _existing_or_new(source, original, locale, copy_parent_pages)
    try:
        with transaction.atomic():
            _copy_synchronised(original, target)
            segments = source._get_segments_for_translation(locale, fallback=fallback)
            ingest_segments(original, target, source.locale, locale, segments)
            revision = _save(source, original, target, user)
            TranslationOrigin.record(
                TranslationLog.objects.create(source=source, locale=locale, revision=revision)
            )
            if publish and revision is not None and isinstance(target, DraftStateMixin):
                revision.publish(user=user)
                target.refresh_from_db()
    except ValidationError as error:
        _mark_errors(source, locale, error)
        raise
    return target, created


def _existing_or_new(
    source: TranslationSource, original: models.Model, locale: Locale, copy_parent_pages: bool
) -> tuple[Any, bool]:
    try:
        return source.get_translated_instance(locale), False
    except ObjectDoesNotExist:
        if isinstance(original, Page):
            return original.copy_for_translation(locale, copy_parents=copy_parent_pages), True
        return original.copy_for_translation(locale), True  # type: ignore[attr-defined]


def _copy_synchronised(original: models.Model, target: Any) -> None:
    """Copy what is the same in every locale, and not when and for how long the thing is public."""
    kept = {name: getattr(target, name) for name in PUBLISHING_FIELDS if hasattr(target, name)}
    copy_synchronised_fields(original, target)
    for name, value in kept.items():
        setattr(target, name, value)


def _save(
    source: TranslationSource, original: models.Model, target: Any, user: Any
) -> Revision | None:
    """Save `target` as far as nobody can read it yet; its new revision, if it has revisions."""
    if not isinstance(target, Page):  # Wagtail's pages do this themselves.
        target.full_clean()
    if not isinstance(target, RevisionMixin):
        target.save()
        return None
    was_alias = isinstance(target, Page) and target.alias_of_id is not None
    if isinstance(target, Page):
        target.alias_of = None
        target.slug = find_available_slug(
            target.get_parent(), slugify(target.slug), ignore_page_id=target.pk
        )
        _rename_unread(target)
    if not isinstance(target, DraftStateMixin) or not target.live:
        target.save()
    revision = target.save_revision(user=user)
    if isinstance(target, Page):
        source.sync_view_restrictions(original, target)
    if was_alias:
        log(
            instance=target,
            action="wagtail.convert_alias",
            user=user,
            revision=revision,
            data={"page": {"id": target.pk, "title": target.get_admin_display_title()}},
        )
    return revision


def _rename_unread(page: Page) -> None:
    """Set the slug of a page that was never public, so that no redirect from it is made."""
    if page.first_published_at is None and page.is_leaf():
        page.set_url_path(page.get_parent())
        Page.objects.filter(pk=page.pk).update(slug=page.slug, url_path=page.url_path)


def _mark_errors(source: TranslationSource, locale: Locale, error: ValidationError) -> None:
    """Note each field's error at its string or override, where the translation editor shows it."""
    for path, errors in getattr(error, "error_dict", {}).items():
        strings = StringTranslation.objects.filter(
            context__object=source.object_id,
            context__path=path,
            locale=locale,
            translation_of__segments__source=source,
        )
        overrides = SegmentOverride.objects.filter(
            context__object=source.object_id, context__path=path, locale=locale
        )
        for marked in (*strings.distinct(), *overrides):
            marked.set_field_error(errors)
