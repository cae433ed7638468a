"""Publishing: a second person does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.editors import people
from cms.editors.responsibilities.task import SHOWN, Part, Task
from cms.editors.second_person import rule
from cms.pages.models import HomePage


class PublishingTask(Task):
    """For all but those who may publish what they wrote."""

    name = "who-publishes"
    label = gettext_lazy("Who publishes")
    explanation = gettext_lazy(
        "What you write becomes public when somebody else publishes it. Submit it for review, and "
        "tell one of these people."
    )
    icon_name = "upload"
    order = 810

    def needs_entry(self, user: Any) -> bool:
        return rule.applies_to(user)

    def address(self, user: Any) -> str:
        return ""

    def parts(self, user: Any) -> Iterator[Part]:
        policy = policy_registry.get_by_type(Page)
        for home in HomePage.objects.select_related("locale").order_by("path"):
            publishers = policy.users_with_any_permission_for_instance(["publish"], home)
            yield Part(
                heading=home.locale.get_display_name(),
                people=list(people.active(publishers).exclude(pk=user.pk)[:SHOWN]),
                remark=_("These people publish in this language:"),
                has_lines=False,
            )
