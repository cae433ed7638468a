"""What Wagtail and its plugins say without offering it for translation, mended here.

What a thing in the code is called is in `names_in_code`, permissions are in `permission_names`,
words in templates in `template_loader`.
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
from wagtail.admin import mail, messages
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.pages import delete, utils
from wagtail.admin.views.pages.bulk_actions import delete as bulk_delete
from wagtail.contrib.redirects.tmp_storages import TempFolderStorage
from wagtail.models import Page
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.snippets.widgets import AdminSnippetChooser
from wagtail_localize import models as wagtail_localize_models
from wagtail_localize.models import StringTranslation

#: What the buttons of a chooser say; Wagtail's messages.
CHOOSER_TEXTS = {
    "choose_one_text": "Choose %(object)s",
    "choose_another_text": "Choose another %(object)s",
    "link_to_chosen_text": "Edit this %(object)s",
}


def mend() -> None:
    """Let all of it be translated."""
    AdminSnippetChooser.__init__ = _with_lazy_texts(AdminSnippetChooser.__init__)
    StringTranslation.get_comment = _with_written_date(StringTranslation.get_comment)
    PageTitleColumn.get_header_context_data = _with_name_of_pages(
        PageTitleColumn.get_header_context_data
    )
    SpreadsheetExportMixin.get_heading = _of_the_model(SpreadsheetExportMixin.get_heading)
    for module in (utils, delete, bulk_delete):
        module.type_to_delete_confirmation = confirmed_by_name_of_site
    TempFolderStorage.read = _telling_what_is_wrong(TempFolderStorage.read)
    SnippetViewSet.breadcrumbs_items = property(
        _with_lazy_labels(SnippetViewSet.breadcrumbs_items.fget)
    )
    mail.render_to_string = _in_language_of_reader(mail.render_to_string)


#: A message about a model, in the language of the moment in which it is shown.
_about = lazy(lambda message, model: gettext(message) % {"object": model._meta.verbose_name}, str)


def _with_lazy_texts(initialise: Any) -> Any:
    """The widget is made once for all users; Wagtail gives it the language of the first."""

    @wraps(initialise)
    def initialise_with_lazy_texts(widget: Any, *args: Any, **kwargs: Any) -> None:
        initialise(widget, *args, **kwargs)
        for name, message in CHOOSER_TEXTS.items():
            setattr(widget, name, _about(message, widget.model))

    return initialise_with_lazy_texts


def _with_lazy_labels(breadcrumbs: Any) -> Any:
    """Made once for all users, in the language of the first."""

    @wraps(breadcrumbs)
    def breadcrumbs_with_lazy_labels(viewset: Any) -> list[dict[str, Any]]:
        with translation.override(None):  # What it says is the message then.
            items = breadcrumbs(viewset)
        return [{**item, "label": gettext_lazy(item["label"])} for item in items]

    return breadcrumbs_with_lazy_labels


def _with_written_date(get_comment: Any) -> Any:
    """When a string was translated, with the month in the language of the moment."""

    @wraps(get_comment)
    def get_comment_with_written_date(translation: Any) -> Any:
        comment = get_comment(translation)
        written = date_format(localtime(translation.updated_at), "j F Y")
        return comment and comment.replace(
            translation.updated_at.strftime(wagtail_localize_models.DATE_FORMAT), written
        )

    return get_comment_with_written_date


def _with_name_of_pages(get_context: Any) -> Any:
    """How many there are, in the head of a list of pages: of what the list does not say itself."""

    @wraps(get_context)
    def get_context_with_name_of_pages(column: Any, parent_context: Any) -> Any:
        context = get_context(column, parent_context)
        if context["model_name"] is None:
            options = Page._meta
            one = context["items_count"] == 1
            context["model_name"] = options.verbose_name if one else options.verbose_name_plural
        return context

    return get_context_with_name_of_pages


def _of_the_model(get_heading: Any) -> Any:
    """The heading of a column to export; a report that checks each row gives a list of rows."""

    @wraps(get_heading)
    def get_heading_of_the_model(view: Any, queryset: Any, field: str) -> Any:
        if not hasattr(queryset, "model") and getattr(view, "filterset_class", None):
            queryset = view.filterset_class._meta.model.objects.none()
        return get_heading(view, queryset, field)

    return get_heading_of_the_model


def confirmed_by_name_of_site(request: HttpRequest, context: Any = None) -> bool:
    """Whether the name of the site was typed rightly, where it was asked for; as Wagtail does."""
    name = settings.WAGTAIL_SITE_NAME
    if request.POST.get("confirm_site_name") in (None, "", name):
        return True
    messages.error(request, gettext("Please type '%(site)s' to confirm.") % {"site": name})
    return False


class NotUTF8Error(UnicodeDecodeError):
    """Says in the language of the moment what is wrong."""

    def __str__(self) -> str:
        return gettext("byte %(number)d is not UTF-8") % {"number": self.start + 1}


def _telling_what_is_wrong(read: Any) -> Any:
    """Wagtail shows Python's own words about a file that it cannot read."""

    @wraps(read)
    def read_telling_what_is_wrong(storage: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return read(storage, *args, **kwargs)
        except UnicodeDecodeError as error:
            raise NotUTF8Error(*error.args) from error

    return read_telling_what_is_wrong


def _in_language_of_reader(render_to_string: Any) -> Any:
    """Also the HTML of an e-mail, which Wagtail makes in the language of who causes it."""

    @wraps(render_to_string)
    def render_in_language_of_reader(template: str, context: Any) -> Any:
        profile = context["user"].wagtail_userprofile
        with translation.override(profile.get_preferred_language()):
            return render_to_string(template, context)

    return render_in_language_of_reader
