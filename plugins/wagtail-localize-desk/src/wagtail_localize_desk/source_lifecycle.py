"""What becomes of published translations when their source goes, moves or comes back.

Whoever unpublishes or deletes a source takes its translations off the public site in the same
transaction, and may keep those that they could publish. A moved source takes them along. A source
that is published again leaves them offline, and says which are waiting.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import pre_delete
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import DraftStateMixin, Page, TranslatableMixin
from wagtail_localize.models import Translation

from wagtail_localize_desk.rights import may_publish
from wagtail_localize_desk.string_rows import acting_user

#: The entry in Wagtail's log of a translation that went offline with its source.
LOG_ACTION = "wagtail_localize_desk.unpublish"

_unpublish_object = UnpublishAction._unpublish_object
_move_page = MovePageAction._move_page

#: Who keeps translations public; None if nobody does.
_keeper: ContextVar[Any] = ContextVar("keeper", default=None)
EVERYBODY = object()


@contextmanager
def keeping_translations(user: Any = None) -> Iterator[None]:
    """A block in which translations stay public although their source goes.

    With a user, those that the user may publish.
    """
    token = _keeper.set(EVERYBODY if user is None else user)
    try:
        yield
    finally:
        _keeper.reset(token)


def published_translations(sources: Iterable[Any]) -> list[Any]:
    """The public translations of these pages and snippets, and the translations of those.

    Those that were stopped stand on their own. The number of queries depends on the number of
    languages and types, not on that of the sources.
    """
    return [target for target in _translations(sources) if target.live]


def waiting_translations(source: Any) -> list[Any]:
    """Translations of a published source that were public, and are not."""
    return [each for each in _translations([source], depth=1) if was_unpublished(each)]


def was_unpublished(instance: DraftStateMixin) -> bool:
    """Whether a page or snippet was public, and somebody took it offline."""
    return not instance.live and instance.first_published_at is not None


def _translations(sources: Iterable[Any], depth: int = 0) -> list[Any]:
    """The followed translations of `sources`, and of those, `depth` times; 0 is all."""
    found: dict[tuple[Any, int], Any] = {}
    pending = [each for each in sources if _has_translations(type(each))]
    seen = {(each.translation_key, each.locale_id) for each in pending}
    level = 0
    while pending and level != (depth or -1):
        level += 1
        places: dict[type[models.Model], set[tuple[Any, int]]] = defaultdict(set)
        by_place = {(each.translation_key, each.locale_id): each for each in pending}
        rows = Translation.objects.filter(
            source__object_id__in={key for key, _locale in by_place}, enabled=True
        ).values_list("source__object_id", "source__locale_id", "target_locale_id")
        for key, source_locale, target_locale in rows:
            source = by_place.get((key, source_locale))
            if source is not None and (key, target_locale) not in seen:
                places[source.get_translation_model()].add((key, target_locale))
                seen.add((key, target_locale))
        pending = [each for model, wanted in places.items() for each in _at(model, wanted)]
        found |= {(each.translation_key, each.locale_id): each for each in pending}
    return list(found.values())


def _has_translations(model: type[models.Model]) -> bool:
    return issubclass(model, TranslatableMixin) and issubclass(model, DraftStateMixin)


def _at(model: Any, places: set[tuple[Any, int]]) -> list[Any]:
    by_locale: dict[int, set[Any]] = defaultdict(set)
    for key, locale in places:
        by_locale[locale].add(key)
    wanted = Q()
    for locale, keys in by_locale.items():
        wanted |= Q(locale_id=locale, translation_key__in=keys)
    found = model._default_manager.filter(wanted).select_related("locale")
    return list(found.filter(alias_of=None) if issubclass(model, Page) else found)


# Unpublishing and deleting


@functools.wraps(_unpublish_object)
def unpublish_object(
    action: UnpublishAction,
    object: Any,
    set_expired: bool,
    commit: bool,
    user: Any,
    log_action: Any,
) -> None:
    """Unpublish a page or snippet, and the translations that follow it."""
    was_public = object.live and commit
    with transaction.atomic():
        _unpublish_object(action, object, set_expired, commit, user, log_action)
        if was_public:
            withdraw_translations(object, user)


def withdraw_translations(source: Any, user: Any) -> None:
    """Unpublish the translations of `source`, but for those that somebody keeps."""
    if not _has_translations(type(source)):
        return
    for target in _translations([source], depth=1):
        if target.live and not _is_kept(target):
            # It follows, whatever the user's rights on it, and its own translations follow it.
            action = UnpublishPageAction if isinstance(target, Page) else UnpublishAction
            action(target, user=user, log_action=LOG_ACTION).execute(skip_permission_checks=True)


def _is_kept(target: Any) -> bool:
    keeper = _keeper.get()
    return keeper is not None and (keeper is EVERYBODY or may_publish(keeper, target))


def handle_deletion(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Before content is deleted, in the transaction that deletes it."""
    if (
        isinstance(instance, TranslatableMixin)
        and isinstance(instance, DraftStateMixin)
        and instance.get_translation_model() is sender
        and instance.live
    ):
        withdraw_translations(instance, acting_user())


# Publishing again


#: Translations to tell about after a request; None outside of one.
_waiting: ContextVar[list[Any] | None] = ContextVar("waiting", default=None)


@contextmanager
def noting_waiting_translations() -> Iterator[list[Any]]:
    """A block that collects the translations that wait although their source is public again."""
    found: list[Any] = []
    token = _waiting.set(found)
    try:
        yield found
    finally:
        _waiting.reset(token)


def note_publication(source: Any) -> None:
    """Note the translations that wait after `source` has become public."""
    found = _waiting.get()
    if found is not None:
        found += waiting_translations(source)


# Moving


@functools.wraps(_move_page)
def move_page(action: MovePageAction, page: Page, target: Page, parent_after: Page) -> None:
    """Move a page, and the translations that are below a translation of the same parent."""
    parent_before = page.get_parent()
    with transaction.atomic():
        _move_page(action, page, target, parent_after)
        if parent_before.pk == parent_after.pk:
            return
        for moved, parent in moved_translations(page, parent_before, parent_after):
            MovePageAction(moved, parent, pos="last-child", user=action.user).execute(
                skip_permission_checks=True
            )


def moved_translations(
    page: Page, parent_before: Page, parent_after: Page
) -> list[tuple[Page, Page]]:
    """The translations that move with a page, and their new parents.

    Others stay: those below another parent, or whose new parent is not in their language or has a
    page of the same slug.
    """
    targets = _translations([page], depth=1)
    if not targets:
        return []
    parents = Page.objects.filter(
        translation_key=parent_after.translation_key,
        locale_id__in={each.locale_id for each in targets},
    )
    by_locale = {parent.locale_id: parent for parent in parents}
    found = []
    for each in targets:
        before, after = each.get_parent(), by_locale.get(each.locale_id)
        if (
            after is not None
            and after.pk != before.pk
            and before.translation_key == parent_before.translation_key
            and Page._slug_is_available(each.slug, after, each)
        ):
            found.append((each, after))
    return found


def register_signal_handlers() -> None:
    """Connect the signal handler."""
    pre_delete.connect(handle_deletion, dispatch_uid="wagtail_localize_desk.source_lifecycle")
