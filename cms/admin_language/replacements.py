"""Functions of Wagtail and wagtail-localize that show text in the wrong language, replaced.

Each function here wraps an original or replaces it; `patches` installs them.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin import messages
from wagtail.models import Page
from wagtail_localize.models import DATE_FORMAT

#: A snippet chooser's attributes and Wagtail's messages for them.
CHOOSER_TEXTS = {
    "choose_one_text": "Choose %(object)s",
    "choose_another_text": "Choose another %(object)s",
    "link_to_chosen_text": "Edit this %(object)s",
}

#: A message about a model, translated when it is shown.
_about = lazy(lambda message, model: gettext(message) % {"object": model._meta.verbose_name}, str)


def with_lazy_texts(initialise: Any) -> Any:
    """Wrap `AdminSnippetChooser.__init__`: one widget serves users of all languages."""

    @wraps(initialise)
    def initialise_with_lazy_texts(widget: Any, *args: Any, **kwargs: Any) -> None:
        initialise(widget, *args, **kwargs)
        for name, message in CHOOSER_TEXTS.items():
            setattr(widget, name, _about(message, widget.model))

    return initialise_with_lazy_texts


def with_lazy_labels(breadcrumbs: property) -> property:
    """Wrap `SnippetViewSet.breadcrumbs_items`: views keep its value for all users."""
    original: Any = breadcrumbs.fget

    def breadcrumbs_with_lazy_labels(viewset: Any) -> list[dict[str, Any]]:
        # Without an active language each label is its own message.
        with translation.override(None):
            items = original(viewset)
        return [{**item, "label": gettext_lazy(item["label"])} for item in items]

    return property(breadcrumbs_with_lazy_labels)


def with_local_date(get_comment: Any) -> Any:
    """Wrap `StringTranslation.get_comment`: a local date, and the tool in the user's language."""

    @wraps(get_comment)
    def get_comment_with_local_date(translation: Any) -> Any:
        comment = get_comment(translation)
        local = date_format(localtime(translation.updated_at), "j F Y")
        comment = comment and comment.replace(translation.updated_at.strftime(DATE_FORMAT), local)
        tool = translation.tool_name
        return comment.replace(tool, gettext(tool)) if comment and tool else comment

    return get_comment_with_local_date


def with_page_model_name(get_context: Any) -> Any:
    """Wrap `PageTitleColumn.get_header_context_data`: count pages where the list names no model."""

    @wraps(get_context)
    def get_context_with_page_model_name(column: Any, parent_context: Any) -> Any:
        context = get_context(column, parent_context)
        if context["model_name"] is None:
            options = Page._meta
            is_one = context["items_count"] == 1
            context["model_name"] = options.verbose_name if is_one else options.verbose_name_plural
        return context

    return get_context_with_page_model_name


def with_model_of_filterset(get_heading: Any) -> Any:
    """Wrap `SpreadsheetExportMixin.get_heading`: some reports pass a list instead of a queryset."""

    @wraps(get_heading)
    def get_heading_with_model_of_filterset(view: Any, queryset: Any, field: str) -> Any:
        if not hasattr(queryset, "model") and getattr(view, "filterset_class", None):
            queryset = view.filterset_class._meta.model.objects.none()
        return get_heading(view, queryset, field)

    return get_heading_with_model_of_filterset


def confirm_site_name(request: HttpRequest, context: Any = None) -> bool:
    """Replaces `type_to_delete_confirmation`: whether the site name, if asked for, was typed."""
    name = settings.WAGTAIL_SITE_NAME
    if request.POST.get("confirm_site_name") in (None, "", name):
        return True
    messages.error(request, gettext("Please type '%(site)s' to confirm.") % {"site": name})
    return False


def in_language_of_recipient(render_to_string: Any) -> Any:
    """Wrap `wagtail.admin.mail.render_to_string`: render HTML in the recipient's language too."""

    @wraps(render_to_string)
    def render_in_language_of_recipient(template: str, context: Any) -> Any:
        profile = context["user"].wagtail_userprofile
        with translation.override(profile.get_preferred_language()):
            return render_to_string(template, context)

    return render_in_language_of_recipient
