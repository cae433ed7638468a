"""An alias of a page in another locale is never public.

Wagtail and wagtail-localize create such aliases for the parents of a translated page or for a whole
tree (`LocaleSynchronization`), and publish them together with the original. Readers would then find
one language under the URLs of another. As drafts, aliases still serve the admin: they show which
pages are not translated, and offer to translate them.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import pre_save
from wagtail.models import Page
from wagtail.signals import page_unpublished, unpublished


def shows_another_locale(page: Page) -> bool:
    """Whether `page` is an alias, directly or through others, that shows another locale's page."""
    seen: set[int] = set()
    shown = page
    while shown.alias_of_id is not None and shown.alias_of_id not in seen:
        seen.add(shown.alias_of_id)
        source = Page.objects.filter(pk=shown.alias_of_id).first()
        if source is None:  # It is being deleted.
            break
        shown = source
    return bool(shown.locale_id != page.locale_id)


def public_aliases() -> QuerySet[Page]:
    """Live pages that show another locale; only ones from before this plugin can be."""
    found: QuerySet[Page] = Page.objects.filter(live=True, alias_of__isnull=False)
    return found.filter(pk__in=[page.pk for page in found if shows_another_locale(page)])


def keep_private(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """Before a page is saved: take it offline if it shows another locale."""
    if raw or not isinstance(instance, Page) or not shows_another_locale(instance):
        return
    instance.live = False
    if instance.pk and Page.objects.filter(pk=instance.pk, live=True).update(live=False):
        page_unpublished.send(sender=instance.specific_class, instance=instance)
        unpublished.send(sender=type(instance), instance=instance)


def register_signal_handlers() -> None:
    """Connect the signal handler."""
    pre_save.connect(keep_private, dispatch_uid="wagtail_localize_desk.aliases.keep_private")
