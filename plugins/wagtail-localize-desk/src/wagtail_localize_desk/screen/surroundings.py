"""What is around the strings: the header, the panels at the side, and all that may be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.side_panels import PageStatusSidePanel, StatusSidePanel
from wagtail.log_actions import registry as log_registry
from wagtail.models import (
    DraftStateMixin,
    Page,
    PreviewableMixin,
    WorkflowMixin,
    WorkflowState,
)
from wagtail.permissions import policy_registry
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import Translation, get_edit_url

from wagtail_localize_desk.rights import may_publish, may_see


@dataclass(frozen=True)
class Action:
    """Something that may be done with the whole translation."""

    label: str
    url: str
    icon: str
    #: Whether a form is sent there; otherwise it is a page that asks for confirmation.
    is_post: bool = False


@dataclass(frozen=True)
class OtherLocale:
    """The source or another translation: its language, not its title."""

    name: str
    url: str
    is_source: bool


class Others:
    """The source and the other translations of what is translated."""

    def __init__(self, translation: Translation, instance: Any, user: Any) -> None:
        self.source_locale = translation.source.locale_id
        self.all = list(instance.get_translations().select_related("locale"))
        self.seen = [other for other in self.all if may_see(user, other)]

    @property
    def source(self) -> Any:
        """The source as it is now; None if it was deleted."""
        return next((other for other in self.all if other.locale_id == self.source_locale), None)

    @property
    def locales(self) -> list[OtherLocale]:
        """The source, whatever it is now, and the translations that the user may see."""
        shown = [self.source] if self.source is not None else []
        shown += [other for other in self.seen if other.locale_id != self.source_locale]
        return [
            OtherLocale(
                other.locale.get_display_name(),
                get_edit_url(other) or "",
                other.locale_id == self.source_locale,
            )
            for other in shown
        ]


class SnippetStatusPanel(StatusSidePanel):  # type: ignore[misc]
    """Wagtail's panel, with the addresses that it needs for a snippet in a workflow."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        viewset = self.object.snippet_viewset
        if viewset.workflow_enabled:
            history = reverse(
                viewset.get_url_name("workflow_history"), args=[quote(self.object.pk)]
            )
            context["workflow_history_url"] = history
            context["revisions_compare_url_name"] = viewset.get_url_name("revisions_compare")
        return context


def side_panels(
    request: HttpRequest, translation: Translation, instance: Any, others: Others
) -> list[Any]:
    """Wagtail's panel with the status of the target."""
    translations = [{"locale": other.locale, "url": get_edit_url(other)} for other in others.seen]
    if isinstance(instance, Page):
        return [
            PageStatusSidePanel(
                instance,
                request,
                show_schedule_publishing_toggle=False,
                live_object=instance,
                scheduled_object=instance.get_scheduled_revision_as_object(),
                locale=translation.target_locale,
                translations=translations,
            )
        ]
    if not hasattr(instance, "snippet_viewset"):
        return []
    usage = instance.snippet_viewset.get_url_name("usage")
    return [
        SnippetStatusPanel(
            instance,
            request,
            locale=translation.target_locale,
            translations=translations,
            usage_url=reverse(usage, args=[quote(instance.pk)]) if usage else None,
            last_updated_info=log_registry.get_logs_for_instance(instance).first(),
        )
    ]


def with_workflows(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`rows` of a model with workflows, with whether each is in one, for `read_workflow_once`."""
    base: Any = Page if issubclass(rows.model, Page) else rows.model
    states = WorkflowState.objects.active().filter(
        base_content_type=ContentType.objects.get_for_model(base, for_concrete_model=False),
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    found: QuerySet[Any] = rows.annotate(is_in_workflow=Exists(states))
    return found


def read_workflow_once(instance: Any) -> None:
    """Keep the state of the workflow where Wagtail looks for it before it asks the database."""
    if isinstance(instance, WorkflowMixin) and not hasattr(instance, "_current_workflow_states"):
        is_in_workflow = getattr(instance, "is_in_workflow", True)
        state = instance.current_workflow_state if is_in_workflow else None
        instance._current_workflow_states = [state] if state is not None else []


def can_publish(instance: Any, user: Any) -> bool:
    """Whether the user may publish; what has no drafts is public once it is saved."""
    return not isinstance(instance, DraftStateMixin) or may_publish(user, instance)


def previews(translation: Translation, instance: Any) -> list[tuple[str, str]]:
    """The labels and addresses of the previews of a page or snippet, the default first."""
    if not isinstance(instance, PreviewableMixin):
        return []
    found = []
    for mode, label in instance.preview_modes:
        arguments = [] if mode == instance.default_preview_mode else [mode]
        url = reverse("wagtail_localize:preview_translation", args=[translation.pk, *arguments])
        found.append((str(label), url))
    return found


def machine(translation: Translation) -> dict[str, str] | None:
    """The machine translator, if there is one for these languages."""
    translator = get_machine_translator()
    if translator is None or not translator.can_translate(
        translation.source.locale, translation.target_locale
    ):
        return None
    url = reverse("wagtail_localize:machine_translate", args=[translation.pk])
    return {"name": translator.display_name, "url": url}


def further_actions(
    translation: Translation, instance: Any, others: Others, user: Any
) -> list[Action]:
    """What wagtail-localize's editor has in its menu; none of it is a main button."""
    return [
        Action(
            _("Stop the translation"),
            reverse("wagtail_localize:stop_translation", args=[translation.pk]),
            "cross",
            is_post=True,
        ),
        *(
            _of_page(instance, others, user)
            if isinstance(instance, Page)
            else _of_snippet(instance, user)
        ),
    ]


def _of_page(page: Page, others: Others, user: Any) -> Iterator[Action]:
    rights = page.permissions_for_user(user)
    if others.source is not None:
        yield Action(
            _("Convert to an alias"),
            reverse("wagtail_localize:convert_to_alias", args=[page.pk]),
            "wagtail-localize-convert",
        )
    if rights.can_lock() and not page.locked:
        url = reverse("wagtailadmin_pages:lock", args=[page.pk])
        yield Action(_("Lock"), url, "lock", is_post=True)
    if rights.can_unlock() and page.locked:
        url = reverse("wagtailadmin_pages:unlock", args=[page.pk])
        yield Action(_("Unlock"), url, "lock-open", is_post=True)
    if rights.can_unpublish():
        url = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
        yield Action(_("Unpublish"), url, "download")
    if rights.can_delete():
        yield Action(_("Delete"), reverse("wagtailadmin_pages:delete", args=[page.pk]), "bin")


def _of_snippet(instance: Any, user: Any) -> Iterator[Action]:
    policy = policy_registry.get_by_type(type(instance))
    if policy.user_has_permission_for_instance(user, "delete", instance):
        names = f"wagtailsnippets_{instance._meta.app_label}_{instance._meta.model_name}"
        try:
            url = reverse(f"{names}:delete", args=[quote(instance.pk)])
        except NoReverseMatch:  # Its views are not Wagtail's.
            return
        yield Action(_("Delete"), url, "bin")
