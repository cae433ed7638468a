"""The admin asks before it publishes untranslated texts, and says who may.

Whatever view a publish was refused in, its form is shown again as a list of the strings concerned,
and confirming it sends the form once more with the choice.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import auth
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from wagtail_localize_desk.access import CONFLICT, Refusal, is_from_script, refused
from wagtail_localize_desk.affected_translations import KEEP, tell_waiting
from wagtail_localize_desk.held_publication import (
    HeldPublicationError,
    address_of,
    publishing_together,
)
from wagtail_localize_desk.held_views import TOGETHER, release_ready
from wagtail_localize_desk.rights import may_publish
from wagtail_localize_desk.source_lifecycle import LOG_ACTION as UNPUBLISHED
from wagtail_localize_desk.source_lifecycle import (
    keeping_translations,
    noting_waiting_translations,
)
from wagtail_localize_desk.untranslated_publication import (
    LOG_ACTION,
    PERMISSION,
    Choice,
    Text,
    Untranslated,
    UntranslatedTextError,
    choosing,
    untranslated_draft,
)

#: The field of a form with the digests of the strings that were chosen.
FIELD = "publish_untranslated"
#: Fields of Wagtail's forms that publish or approve; without them a draft is saved.
PUBLISHING = ("action-publish", "action-workflow-action", "workflow-action-name")

View = Callable[..., HttpResponseBase]

_require_admin_access = auth.require_admin_access


@functools.wraps(_require_admin_access)
def require_admin_access(view: View) -> View:
    """Wagtail's decorator of all views of the admin, for views that may ask for the choice."""
    return _require_admin_access(_asking(view))  # type: ignore[no-any-return]


def _asking(view: View) -> View:
    @functools.wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        choice = Choice(request.user, frozenset(request.POST.getlist(FIELD)))
        keeping = keeping_translations(request.user) if KEEP in request.POST else nullcontext()
        with (
            choosing(choice),
            keeping,
            publishing_together(_asks_for_together(request)) as asked,
            noting_waiting_translations() as waiting,
        ):
            try:
                response = view(request, *args, **kwargs)
            except UntranslatedTextError as error:
                if is_from_script(request):
                    return HttpResponse(str(error), status=403, content_type="text/plain")
                return confirmation(request, error.found)
            except HeldPublicationError as error:
                more_url = address_of(error.held) if error.held else ""
                return refused(request, Refusal(CONFLICT, str(error), more_url))
            if waiting:
                tell_waiting(request, waiting)
            release_ready(asked.held, request)
            return response

    return asking


def _asks_for_together(request: HttpRequest) -> bool | None:
    """The button that was pressed; None for forms without one, such as a workflow's."""
    pressed = request.POST.get("action-publish")
    return None if pressed is None else pressed == TOGETHER


def confirmation(request: HttpRequest, found: Sequence[Untranslated]) -> HttpResponseBase:
    """The page that lists the strings, and sends the form again with the choice or as a draft."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in (FIELD, "csrfmiddlewaretoken")
        for value in values
    ]
    draft = [(name, value) for name, value in fields if name not in PUBLISHING]
    context = {
        "found": [_shown(each) for each in found],
        "may_choose": request.user.has_perm(PERMISSION),
        "field": FIELD,
        "digests": [*request.POST.getlist(FIELD), *(each.digest for each in found)],
        "fields": fields,
        "draft": draft if len(draft) < len(fields) else None,
        # A browser does not send files again.
        "has_files": bool(request.FILES),
        "address": request.get_full_path(),
    }
    template = "wagtail_localize_desk/confirm_untranslated.html"
    return TemplateResponse(request, template, context)


def _shown(found: Untranslated) -> dict[str, Any]:
    instance: Any = found.instance
    title = instance.get_admin_display_title() if isinstance(instance, Page) else str(instance)
    return {
        "title": title,
        "locale": instance.locale,
        "language": found.source_language,
        "texts": [(_place(instance, text), text.words) for text in found.texts],
    }


def _place(instance: Model, text: Text) -> str:
    """The name of the field that a text is in."""
    name = text.path.partition(".")[0]
    try:
        field: Any = instance._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    if hasattr(field, "verbose_name"):
        return str(capfirst(field.verbose_name))
    return str(capfirst(field.related_model._meta.verbose_name_plural))


def ask_before_bulk_publish(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponseBase | None:
    """Ask once for everything that a bulk action would publish, if its user may choose."""
    if action_type != "publish" or not request.user.has_perm(PERMISSION):
        return None
    found = [
        missing
        for each in _published_by(objects, action)
        if may_publish(request.user, each)
        and (missing := untranslated_draft(each, request.user)) is not None
    ]
    return confirmation(request, found) if found else None


def _published_by(objects: Sequence[Any], action: Any) -> Iterator[Any]:
    with_descendants = action.cleaned_form.cleaned_data.get("include_descendants")
    for each in objects:
        yield each
        if with_descendants and isinstance(each, Page):
            yield from each.get_descendants().not_live()


def permissions() -> QuerySet[Permission]:
    """Offer the right in the form for groups."""
    app_label, codename = PERMISSION.split(".")
    return Permission.objects.filter(content_type__app_label=app_label, codename=codename)


def log_actions(actions: LogActionRegistry) -> None:
    """Name what the desk logs in histories."""
    actions.register_action(UNPUBLISHED, _("Unpublish"), _("Unpublished with its source"))
    actions.register_action(
        LOG_ACTION, _("Publish untranslated texts"), _("Published with untranslated texts")
    )


def register_hooks() -> None:
    """Register the hooks."""
    hooks.register("before_bulk_action", ask_before_bulk_publish)
    hooks.register("register_permissions", permissions)
    hooks.register("register_log_actions", log_actions)
