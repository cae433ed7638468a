"""The site's menu: the navigation of the organisation in each language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail_localize.models import Translation

from cms.core.form_links import fragment
from cms.editors import people, sight
from cms.editors.edit_addresses import edit_url
from cms.editors.responsibilities.task import SHOWN, Line, Part, Task
from cms.snippets.models import NavigationItem, Organisation


class SiteMenuTask(Task):
    """Who may publish the organisation is led to its navigation."""

    name = "site-menu"
    label = gettext_lazy("Site menu")
    explanation = gettext_lazy(
        "The links at the top of the public site, in each language. They belong to the entry of "
        "the organisation."
    )
    icon_name = "list-ul"
    order = 790

    def needs_entry(self, user: Any) -> bool:
        return True

    def address(self, user: Any) -> str:
        """The form in the language in which the user reads the admin, or the nearest to it.

        A translation takes its links from its source, so its form comes last.
        """
        policy = policy_registry.get_by_type(Organisation)
        for organisation in sorted(_organisations(), key=_is_translation):
            if policy.user_has_permission_for_instance(user, "publish", organisation):
                return _form(organisation)
        if not Organisation.objects.exists() and policy.user_has_permission(user, "publish"):
            return reverse(Organisation.snippet_viewset.get_url_name("add"))
        return ""

    def parts(self, user: Any) -> Iterator[Part]:
        policy = policy_registry.get_by_type(Organisation)
        for organisation in _organisations():
            may_draft = policy.user_has_permission_for_instance(user, "change", organisation)
            publishers = policy.users_with_any_permission_for_instance(["publish"], organisation)
            yield Part(
                heading=organisation.locale.get_display_name(),
                people=list(people.active(publishers)[:SHOWN]),
                remark=_(
                    "You can write a draft and submit it for review. One of these people publishes "
                    "it:"
                )
                if may_draft
                else _("These people can change it:"),
                edit_url=_form(organisation) if may_draft else "",
                lines=_lines(organisation, user),
            )


def _organisations() -> list[Organisation]:
    """That in the active language first, then that in the source language."""
    active = get_language()
    return sorted(
        Organisation.objects.select_related("locale"),
        key=lambda one: (one.locale.language_code != active, not one.locale.is_default, one.pk),
    )


def _is_translation(organisation: Organisation) -> bool:
    """Whether it is edited string by string, without the links themselves."""
    same = {"source__object_id": organisation.translation_key, "enabled": True}
    return bool(Translation.objects.filter(target_locale=organisation.locale, **same).exists())


def _form(organisation: Organisation) -> str:
    return edit_url(Organisation, organisation.pk) + fragment("navigation")


def _lines(organisation: Organisation, user: Any) -> list[Line]:
    """The links as the public has them; none of an organisation that is not public."""
    if not organisation.live:
        return []
    items = NavigationItem.objects.filter(organisation=organisation).select_related("page")
    titles = _titles(organisation, items, user)
    found = []
    for item in items.order_by("sort_order")[:SHOWN]:
        target = item.url or (titles.get(item.page.translation_key) if item.page else None)
        if target:
            found.append(Line(item.label or target, target))
    return found


def _titles(
    organisation: Organisation, items: QuerySet[NavigationItem], user: Any
) -> dict[Any, str]:
    """The titles of the linked pages in the menu's language, by translation key."""
    pages = Page.objects.filter(
        translation_key__in=items.exclude(page=None).values("page__translation_key"),
        locale_id=organisation.locale_id,
        live=True,
    )
    return dict(sight.shown_pages(user, pages).values_list("translation_key", "title"))
