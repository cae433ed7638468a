"""Publishing together with the translations, in the admin: the button, and what one waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page, TranslatableMixin
from wagtail_localize.models import get_edit_url

from wagtail_localize_desk import conf
from wagtail_localize_desk.access import FORBIDDEN, Refusal, lock_refusal, refused
from wagtail_localize_desk.held_publication import (
    HELD,
    RELEASED,
    WITHDRAWN,
    address_of,
    has_translations,
    held_now,
    held_source,
    instance_of,
    withdraw,
)
from wagtail_localize_desk.models import HeldPublication
from wagtail_localize_desk.review_steps import review_url
from wagtail_localize_desk.rights import may_change_or_publish, may_publish
from wagtail_localize_desk.together import awaited, release, release_if_ready

#: The value of Wagtail's field `action-publish` for publishing together.
TOGETHER = "together"


class ReleaseForm(forms.Form):
    """Why a text goes public before its translations."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Stays in the history of the page or entry."),
    )


def show(request: HttpRequest, held_id: int) -> HttpResponseBase:
    """What a publication waits for, and its forms: publish now with a reason, or not at all."""
    held = get_object_or_404(HeldPublication.objects.select_related("revision"), pk=held_id)
    instance = instance_of(held)
    if instance is None:
        raise Http404
    if not may_change_or_publish(request.user, instance):
        return refused(
            request, Refusal(FORBIDDEN, _("You have no right to change this page or entry."))
        )
    form = ReleaseForm(request.POST if request.POST.get("action") == "release" else None)
    if request.method == "POST":
        refusal = _refusal(request.user, instance)
        if refusal is not None:
            return refused(request, refusal)
        if _act(request, held, form):
            return redirect(get_edit_url(instance) or "wagtailadmin_home")
    found = awaited(held)
    context = {
        "held": held,
        "instance": instance,
        "edit_url": get_edit_url(instance),
        "awaited": [
            (each, get_edit_url(each.target), review_url(each.translation)) for each in found
        ],
        "is_ready": all(each.is_ready for each in found),
        "may_publish": may_publish(request.user, instance),
        "form": form,
    }
    return render(request, "wagtail_localize_desk/held.html", context)


def release_ready(held: Iterable[HeldPublication], request: HttpRequest) -> None:
    """After a request: publish what it held and what waits for nothing."""
    for each in held:
        if release_if_ready(each, request.user):
            messages.info(
                request, _("All its translations are approved already, so all are published now.")
            )


def _refusal(user: Any, instance: Any) -> Refusal | None:
    if not may_publish(user, instance):
        return Refusal(FORBIDDEN, _("You have no right to publish this page or entry."))
    return lock_refusal(user, instance)


def _act(request: HttpRequest, held: HeldPublication, form: ReleaseForm) -> bool:
    """Carry out what the form asks for; returns whether it is done."""
    action = request.POST.get("action", "")
    if action == "withdraw":
        withdraw(held, request.user)
        messages.success(request, _("Nothing was published. The text is a draft again."))
        return True
    if action == "publish":
        if release_if_ready(held, request.user):
            messages.success(request, _("Published together with its translations."))
            return True
        held.refresh_from_db()
        messages.error(request, held.problem or _("It still waits for translations."))
        return False
    if action != "release":
        raise Http404
    if not form.is_valid():
        return False
    try:
        release(held, request.user, form.cleaned_data["reason"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    except PermissionDenied as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("Published. Translations that were not ready are outdated now."))
    return True


urlpatterns = [path("together/<int:held_id>/", show, name="held")]


# In the editors


class PublishTogether(Component):  # type: ignore[misc]
    """The button beside "Publish"."""

    name = "action-publish-together"
    template_name = "wagtail_localize_desk/publish_together.html"

    def __init__(self, order: int) -> None:
        self.order = order

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"value": TOGETHER}


def add_to_page_menu(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Offer the button in the editor of a page."""
    _add(items, context.get("page"))


def add_to_snippet_menu(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Offer the button in the editor of a snippet."""
    _add(items, context.get("instance"))


def _add(items: list[Any], instance: Any) -> None:
    publish = next((item for item in items if item.name == "action-publish"), None)
    if publish is None or not isinstance(instance, TranslatableMixin) or instance.pk is None:
        return
    if not has_translations(instance):
        return
    button = PublishTogether(publish.order)
    if conf.publishes_together(type(instance)):
        # The first button is the one that shows before the menu is opened.
        items.insert(0, button)
    else:
        items.insert(items.index(publish) + 1, button)


def tell_editor(request: HttpRequest, instance: Any) -> None:
    """Say above the editor that an earlier version waits, and link to what it waits for."""
    if request.method != "GET" or not isinstance(instance, TranslatableMixin):
        return
    held = held_source(instance)
    if held is None:
        return
    is_latest = held.revision_id == instance.latest_revision_id
    text = (
        _("This version is published once its translations are approved.")
        if is_latest
        else _("An earlier version is published once its translations are approved.")
    )
    button = messages.button(address_of(held), _("What it waits for"))
    messages.warning(request, text, buttons=[button])


def tell_held(request: HttpRequest, instance: Any) -> HttpResponseBase | None:
    """After a publish: the answer of the view if the publication waits."""
    held = held_now()
    if not held:
        return None
    # The editor says above the form what it waits for.
    messages.success(
        request,
        _("“%(title)s” waits for its translations, and is published together with them.")
        % {"title": instance.get_admin_display_title() if isinstance(instance, Page) else instance},
    )
    return redirect(get_edit_url(instance) or "wagtailadmin_home")


def log_actions(actions: LogActionRegistry) -> None:
    """Name what is logged in histories."""
    actions.register_action(
        HELD,
        gettext_lazy("Publish together"),
        gettext_lazy("Waits for its translations to be published together"),
    )
    actions.register_action(
        WITHDRAWN,
        gettext_lazy("Withdraw publication"),
        gettext_lazy("Waits for its translations no longer"),
    )

    @actions.register_action(RELEASED)
    class Release(LogFormatter):  # type: ignore[misc]
        label = gettext_lazy("Publish what waited")

        def format_message(self, entry: Any) -> str:
            reason = entry.data.get("reason")
            if reason:
                return _("Published before its translations: %(reason)s") % {"reason": reason}
            return _("Published together with its translations")


def register_hooks() -> None:
    """Register the hooks."""
    # After those of projects that take the button "Publish" away.
    hooks.register("construct_page_action_menu", add_to_page_menu, order=100)
    hooks.register("construct_snippet_action_menu", add_to_snippet_menu, order=100)
    # After wagtail-localize's, which answers with the translator's screen.
    hooks.register("before_edit_page", tell_editor, order=100)
    hooks.register("before_edit_snippet", tell_editor, order=100)
    hooks.register("after_publish_page", tell_held)
    hooks.register("after_publish", tell_held)
    hooks.register("register_log_actions", log_actions)
