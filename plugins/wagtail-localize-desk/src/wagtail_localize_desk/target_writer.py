"""Writing a translation to its target page or snippet.

wagtail-localize writes drafts into the live row of a page, takes a live snippet offline when a
draft is saved, and publishes without a user in a separate transaction. In this plugin a draft is
only a revision. Publishing goes through Wagtail, as the requesting user, in the transaction that
writes the translation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from wagtail.coreutils import find_available_slug
from wagtail.log_actions import log
from wagtail.models import (
    COMMENTS_RELATION_NAME,
    DraftStateMixin,
    Locale,
    Page,
    Revision,
    RevisionMixin,
)
from wagtail_localize.fields import copy_synchronised_fields
from wagtail_localize.models import (
    CannotSaveDraftError,
    SegmentOverride,
    StringTranslation,
    Translation,
    TranslationLog,
    TranslationSource,
)

from wagtail_localize_desk.block_texts import ingest_segments
from wagtail_localize_desk.hand_written import publishing_record
from wagtail_localize_desk.held_publication import held_now
from wagtail_localize_desk.models import RevisionTexts
from wagtail_localize_desk.revision_texts import record_translation, texts_in, untranslated_in
from wagtail_localize_desk.slugs import slug_of
from wagtail_localize_desk.source_changes import follow_source
from wagtail_localize_desk.source_content import (
    PUBLISHING_FIELDS,
    source_instance,
    submitted_content,
    submitted_instance,
)
from wagtail_localize_desk.translated_segments import segment_values
from wagtail_localize_desk.untranslated_publication import public_now, require_choice


def create_or_update_translation(
    source: TranslationSource,
    locale: Locale,
    user: Any = None,
    publish: bool = True,
    copy_parent_pages: bool = False,
    fallback: bool = False,
) -> tuple[models.Model, bool]:
    """Write the translation of `source` in `locale`; return the target and whether it is new.

    Replaces `TranslationSource.create_or_update_translation`, with the same parameters and errors.
    With `publish=False` no public content changes: a new target is a draft, and an existing target
    gets a draft revision. With `publish=True` the new revision is published at once, and
    PermissionDenied is raised if `user` has no right to publish the target, or
    UntranslatedTextError if texts are untranslated and nobody chose to publish them so.
    """
    instance = source_instance(source)
    original = submitted_content(source, instance)
    if not publish and not isinstance(original, DraftStateMixin):
        raise CannotSaveDraftError
    has_drafts = isinstance(original, DraftStateMixin)
    # The copy of a model without drafts is public at once, and must go if it is refused.
    with nullcontext() if has_drafts else transaction.atomic():
        target, created = _existing_or_new(source, instance, locale, copy_parent_pages)
        _write(source, original, target, user, publish=publish, fallback=fallback, is_new=created)
    if publish and has_drafts:
        target.refresh_from_db()
    return target, created


def publish_translation(translation: Translation, instance: Any, target: Any, user: Any) -> bool:
    """Write a translation into its `target` and publish it; whether no string is untranslated.

    The same as `Translation.save_target`, with the same errors, for a caller that has read the
    target and the `instance` that is translated.
    """
    source, target.locale = translation.source, translation.target_locale
    with nullcontext() if isinstance(target, DraftStateMixin) else transaction.atomic():
        original = submitted_content(source, instance)
        record = _write(source, original, target, user, publish=True, fallback=True, is_new=False)
    return not untranslated_in(texts_in(record)).paths


def _write(
    source: TranslationSource,
    original: Any,
    target: Any,
    user: Any,
    *,
    publish: bool,
    fallback: bool,
    is_new: bool,
) -> RevisionTexts:
    """Write the translation into `target`; an error is shown beside the string that it is in."""
    locale, slug = target.locale, getattr(target, "slug", "")
    try:
        with transaction.atomic():
            _copy_synchronised(original, target)
            # Strings that were written past the desk, and the translations that only it has.
            followed = follow_source(source, [locale.language_code])
            segments = segment_values(source, locale, followed, fallback=fallback)
            ingest_segments(original, target, source.locale, locale, segments)
            if isinstance(target, Page):
                _set_slug(original, target, publish=publish)
                _rename_unread(target, slug)
            revision = _save(source, original, target, user, publish=publish)
            TranslationLog.objects.create(source=source, locale=locale, revision=revision)
            public = _public_before(target, is_new=is_new)
            record = record_translation(source, locale, revision, followed)
            if public is not None:
                require_choice(target, record, public, user)
            elif publish and revision is not None:
                with publishing_record(record):
                    revision.publish(user=user)
                if any(held.revision_id == revision.pk for held in held_now()):
                    _name_revision(target)
    except ValidationError as error:
        _mark_errors(source, locale, error)
        raise
    return record


def _public_before(target: Any, *, is_new: bool) -> frozenset[tuple[str, str]] | None:
    """The untranslated strings that readers had; None if the target has drafts."""
    if isinstance(target, DraftStateMixin):
        return None
    return frozenset() if is_new else public_now(target)


def _existing_or_new(
    source: TranslationSource, instance: models.Model, locale: Locale, copy_parent_pages: bool
) -> tuple[Any, bool]:
    try:
        return source.get_translated_instance(locale), False
    except ObjectDoesNotExist:
        submitted = submitted_instance(source, instance)
        if isinstance(submitted, Page):
            return submitted.copy_for_translation(locale, copy_parents=copy_parent_pages), True
        return submitted.copy_for_translation(locale), True


def _copy_synchronised(original: models.Model, target: Any) -> None:
    """Copy the fields that all locales share, without the publishing dates and state."""
    kept = {name: getattr(target, name) for name in PUBLISHING_FIELDS if hasattr(target, name)}
    copy_synchronised_fields(original, target)
    for name, value in kept.items():
        setattr(target, name, value)


def _set_slug(original: Any, page: Page, *, publish: bool) -> None:
    """Keep a translated slug; raises ValidationError, when publishing, if it cannot be an address.

    The source's own slug may be in use in this language, and then gets a number.
    """
    translated = page.slug != original.slug
    page.slug = slug_of(page.slug)
    if not page.slug:
        raise ValidationError({"slug": _("Use letters or numbers in the slug.")})
    # The page itself refuses one that is in use.
    if not (translated and publish):
        page.slug = find_available_slug(page.get_parent(), page.slug, ignore_page_id=page.pk)


def _save(
    source: TranslationSource, original: models.Model, target: Any, user: Any, *, publish: bool
) -> Revision | None:
    """Save `target` without changing public content; return its new revision, if it has any.

    What is published next is left to that: Wagtail then saves the row, checks it and indexes it.
    """
    if not isinstance(target, Page):  # Page.save() does this itself.
        target.full_clean()
    if not isinstance(target, RevisionMixin):
        target.save()
        return None
    was_alias = isinstance(target, Page) and target.alias_of_id is not None
    if isinstance(target, Page):
        target.alias_of = None
    has_drafts = isinstance(target, DraftStateMixin)
    is_saved_now = not has_drafts or (not target.live and (was_alias or not publish))
    if is_saved_now:
        if isinstance(target, Page):
            target.draft_title = target.title
        target.save()
    # Wagtail checks less of what is only scheduled, and may not save its row.
    is_saved_later = publish and has_drafts and target.go_live_at is None
    is_checked_later = is_saved_later and isinstance(target, Page)
    if is_checked_later:
        # The revision writes the draft's title, and PostgreSQL takes none that is too long.
        others = {field.name for field in target._meta.fields} - {"title"}
        target.clean_fields(exclude=others)
    # Wagtail looks up whatever a revision refers to, and takes this from the row.
    target.latest_revision = None
    if isinstance(target, Page):
        # Loads them once; the revision reads them twice.
        getattr(target, COMMENTS_RELATION_NAME).get_object_list()
    with _without_row(target) if is_saved_now or is_saved_later else nullcontext():
        revision = target.save_revision(user=user, clean=not is_checked_later)
    if is_saved_now and not is_saved_later:
        _name_revision(target)
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


@contextmanager
def _without_row(target: Any) -> Iterator[None]:
    """A block in which `save_revision` saves no row, as another statement does that."""
    target.save = lambda **kwargs: None
    try:
        yield
    finally:
        del target.save


def _name_revision(target: Any) -> None:
    """Store what `save_revision` has changed in the row of `target`, and nothing else of it."""
    names = ["latest_revision"]
    if isinstance(target, DraftStateMixin):
        names.append("has_unpublished_changes")
    if isinstance(target, Page):
        names += ["latest_revision_created_at", "draft_title"]
    row = type(target)._base_manager.filter(pk=target.pk)
    row.update(**{name: getattr(target, name) for name in names})


def _rename_unread(page: Page, slug_before: str) -> None:
    """Set the slug of a page that was never public without a signal, so no redirect is created."""
    if page.slug != slug_before and page.first_published_at is None and page.is_leaf():
        # As `set_url_path`, without reading the page above.
        above = page.url_path.removesuffix("/").rpartition("/")[0]
        page.url_path = f"{above}/{page.slug}/"
        Page.objects.filter(pk=page.pk).update(slug=page.slug, url_path=page.url_path)


def _mark_errors(source: TranslationSource, locale: Locale, error: ValidationError) -> None:
    """Store each field's error with its string or override, for the translation editor to show."""
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
