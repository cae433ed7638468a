"""Redirects: addresses that lead elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.editors import people, sight
from cms.editors.responsibilities.task import SHOWN, Line, Part, Task

RIGHTS = ("add", "change", "delete")


class RedirectsTask(Task):
    """Stands where Wagtail's entry is for those who may change redirects."""

    name = "redirects-of-others"
    label = gettext_lazy("Redirects")
    explanation = gettext_lazy(
        "Old or short addresses that lead to a page. A redirect has no draft: it is public at once."
    )
    icon_name = "redirect"
    order = 800

    def needs_entry(self, user: Any) -> bool:
        return not self._may(user)

    def address(self, user: Any) -> str:
        return reverse("wagtailredirects:index") if self._may(user) else ""

    def parts(self, user: Any) -> Iterator[Part]:
        """Without redirects to what the user may not see: to the public there are none."""
        policy = policy_registry.get_by_type(Redirect)
        seen = sight.shown_pages(user, Page.objects.all()).order_by().values("pk")
        shown = Redirect.objects.filter(Q(redirect_page=None) | Q(redirect_page__in=seen))
        lines = shown.select_related("redirect_page").order_by("old_path", "pk")[:SHOWN]
        yield Part(
            people=list(people.active(policy.users_with_any_permission(RIGHTS))[:SHOWN]),
            remark=_("These people can change them:"),
            lines=[Line(line.old_path, _target(line)) for line in lines],
        )

    def _may(self, user: Any) -> bool:
        policy = policy_registry.get_by_type(Redirect)
        return bool(policy.user_has_any_permission(user, RIGHTS))


def _target(redirect: Redirect) -> str:
    page = redirect.redirect_page
    return redirect.redirect_link if page is None else page.title
