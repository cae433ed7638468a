"""Publishing a text together with its translations: the rule for every address that publishes.

A revision published "together" waits. Meanwhile readers have the old text in all languages, and
translators the new one. Nobody publishes one of its translations alone: it would be ahead of its
source. Publishing the source itself ends the waiting.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.actions.publish_revision import PublishPermissionError, PublishRevisionAction
from wagtail.log_actions import log
from wagtail.models import Revision, TranslatableMixin
from wagtail.signals import unpublished
from wagtail_localize.models import Translation

from wagtail_localize_desk import conf
from wagtail_localize_desk.models import HeldPublication, TranslatedString
from wagtail_localize_desk.source_publication import follow_publication
from wagtail_localize_desk.untranslated_publication import publish_revision as publish_with_choice

#: The hook for a project's rules about who may publish what. Its functions get the page or
#: snippet, the revision and the user, and raise PermissionDenied for what may not be published.
HOOK = "before_hold_publication"
#: Entries in Wagtail's log.
HELD = "wagtail_localize_desk.hold"
RELEASED = "wagtail_localize_desk.release"
WITHDRAWN = "wagtail_localize_desk.withdraw"


class HeldPublicationError(PublishPermissionError):  # type: ignore[misc]
    """A translation cannot be published alone, or a text cannot wait for translations.

    `held` is the publication that the translation waits for, if any.
    """

    def __init__(self, reason: str, held: HeldPublication | None = None) -> None:
        super().__init__(reason)
        self.held = held


# What a request asks for


@dataclass
class Asked:
    """How a request publishes: together, at once, or as is usual for the type (None)."""

    together: bool | None = None
    #: What was held, for the messages after the request.
    held: list[HeldPublication] = field(default_factory=list)


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)
_is_releasing: ContextVar[bool] = ContextVar("is_releasing", default=False)


@contextmanager
def publishing_together(together: bool | None = True) -> Iterator[Asked]:
    """A block in which what is published waits for its translations.

    With None, only what belongs to a type in `WAGTAIL_LOCALIZE_DESK_PUBLISH_TOGETHER`. Outside of
    such a block code publishes at once.
    """
    asked = Asked(together)
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


@contextmanager
def releasing() -> Iterator[None]:
    """A block that publishes what was held."""
    token = _is_releasing.set(True)
    try:
        yield
    finally:
        _is_releasing.reset(token)


def held_now() -> list[HeldPublication]:
    """What the request that is being answered has held."""
    asked = _asked.get()
    return asked.held if asked else []


# The rule


def publish_revision(
    publish: Callable[..., Any],
    action: PublishRevisionAction,
    revision: Revision,
    object: Any,
    user: Any,
    *args: Any,
    **kwargs: Any,
) -> Any:
    """Publish, or hold; raises `HeldPublicationError` for a translation whose source waits.

    Untranslated texts need somebody's choice, which is asked for when they become public.
    """
    publish = functools.partial(publish_with_choice, publish)
    if _is_releasing.get() or not isinstance(object, TranslatableMixin):
        return publish(action, revision, object, user, *args, **kwargs)
    # The publish has a transaction already.
    with transaction.atomic(savepoint=False):
        own, of_source = _holds(object)
        if of_source is not None:
            raise HeldPublicationError(_refusal(object), of_source)
        if _waits(object):
            return _hold(object, revision, user, own)
        result = publish(action, revision, object, user, *args, **kwargs)
        if own is not None and object.live and revision.approved_go_live_at is None:
            # Readers have a version now that somebody chose later.
            _end(own, object, user, WITHDRAWN)
        return result


def _holds(instance: Any) -> tuple[HeldPublication | None, HeldPublication | None]:
    """The held publication of `instance` itself, and that of its source, if any."""
    own = of_source = None
    for held in HeldPublication.objects.filter(object_key=instance.translation_key):
        if held.source_language == instance.locale.language_code:
            own = held
        elif translations_of(held).filter(target_locale_id=instance.locale_id).exists():
            of_source = held
    return own, of_source


def translations_of(held: HeldPublication) -> models.QuerySet[Translation]:
    """The translations in use that a publication waits for, by language."""
    return _translations(held.object_key, held.source_language)


def _translations(object_key: Any, language: str) -> models.QuerySet[Translation]:
    found: models.QuerySet[Translation] = (
        Translation.objects.filter(
            source__object_id=object_key, source__locale__language_code=language, enabled=True
        )
        .select_related("source__locale", "target_locale")
        .order_by("target_locale__language_code")
    )
    return found


def has_translations(instance: Any) -> bool:
    """Whether `instance` is a source with translations in use."""
    found = _translations(instance.translation_key, instance.locale.language_code)
    return bool(found.exists())


def with_held_since(translations: models.QuerySet[Translation]) -> models.QuerySet[Translation]:
    """Translations with `held_since`: when their source began to wait for them; None if never."""
    held = HeldPublication.objects.filter(
        object_key=models.OuterRef("source__object_id"),
        source_language=models.OuterRef("source__locale__language_code"),
    )
    found: models.QuerySet[Translation] = translations.annotate(
        held_since=models.Subquery(held.values("at")[:1])
    )
    return found


def held_source(instance: Any) -> HeldPublication | None:
    """The held publication of `instance` itself, if any."""
    return HeldPublication.objects.filter(
        object_key=instance.translation_key, source_language=instance.locale.language_code
    ).first()


def held_for_translation(instance: Any) -> HeldPublication | None:
    """The held publication of the source of `instance`, if any."""
    return _holds(instance)[1]


def _refusal(instance: Any) -> str:
    return _(
        "“%(title)s” is published together with its source, once all translations are approved. To "
        "publish it earlier, publish its source first."
    ) % {"title": instance}


def address_of(held: HeldPublication) -> str:
    """The page that says what a publication waits for."""
    return reverse("wagtail_localize_desk:held", args=[held.pk])


def _waits(instance: Any) -> bool:
    """Whether a publish has to wait for translations."""
    asked = _asked.get()
    if asked is None or asked.together is False:
        return False
    if asked.together is None and not conf.publishes_together(type(instance)):
        return False
    if instance.go_live_at and instance.go_live_at > timezone.now():
        if asked.together is None:
            return False
        raise HeldPublicationError(
            _(
                "A text waits for its translations or for a date, not for both. Remove the date, "
                "or choose “Publish”."
            )
        )
    if has_translations(instance):
        return True
    if asked.together is None:
        return False
    raise HeldPublicationError(
        _("This text has no translations to wait for. Submit it for translation first.")
    )


def _hold(instance: Any, revision: Revision, user: Any, held: HeldPublication | None) -> None:
    for speak_against in hooks.get_hooks(HOOK):
        speak_against(instance, revision, user)
    language = instance.locale.language_code
    if held is None:
        held = HeldPublication(object_key=instance.translation_key, source_language=language)
        held.public_hashes = _hashes(held)
    held.revision, held.at, held.problem = revision, timezone.now(), ""
    held.user, held.user_name = user, str(user or "")[:255]
    held.save()
    # Translators get the new text now.
    follow_publication(revision.as_object())
    log(instance=instance, action=HELD, user=user, revision=revision)
    asked = _asked.get()
    if asked is not None:
        asked.held.append(held)


def _hashes(held: HeldPublication) -> dict[str, str]:
    rows = TranslatedString.objects.filter(
        object_key=held.object_key, source_language=held.source_language, number__isnull=False
    )
    return {str(pk): key.hex for pk, key in rows.values_list("pk", "source_hash") if key}


# The end of waiting


def withdraw(held: HeldPublication, user: Any) -> None:
    """Publish nothing: the text is a draft again, and translators have the public one."""
    with transaction.atomic():
        instance = instance_of(held)
        _end(held, instance, user, WITHDRAWN)
        if instance is not None and instance.live:
            follow_publication(instance)


def end(held: HeldPublication, user: Any, reason: str = "") -> None:
    """Take a publication out of the list, to be published by the caller."""
    data = {"reason": reason} if reason else None
    _end(held, instance_of(held), user, RELEASED, data)


def _end(held: HeldPublication, instance: Any, user: Any, action: str, data: Any = None) -> None:
    if instance is not None:
        log(instance=instance, action=action, user=user, revision=held.revision, data=data)
    HeldPublication.objects.filter(pk=held.pk).delete()


def instance_of(held: HeldPublication) -> Any:
    """The page or snippet of a held publication, as the database has it; None without one."""
    model = held.revision.content_type.model_class()
    return model._default_manager.filter(pk=held.revision.object_id).first() if model else None


def handle_unpublished(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """What is taken offline is not published again by an approval."""
    if isinstance(instance, TranslatableMixin):
        held = held_source(instance)
        if held is not None:
            _end(held, instance, None, WITHDRAWN)


def register_signal_handlers() -> None:
    """Connect the signal handler."""
    unpublished.connect(handle_unpublished, dispatch_uid="wagtail_localize_desk.held_publication")
