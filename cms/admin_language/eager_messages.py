"""Texts that another package translates while it is imported, each with a lazy replacement.

A class body that calls `gettext` instead of `gettext_lazy` keeps the translation into the language
active at import, whatever the user's language is. A test scans the installed packages for such
calls and fails when one is not listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.contrib.auth.models import Permission
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.collections import GroupCollectionManagementPermissionFormSet
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.contrib.redirects.filters import RedirectsReportFilterSet
from wagtail.contrib.redirects.views import IndexView
from wagtail.documents.forms import GroupDocumentPermissionFormSet
from wagtail.forms import TaskStateCommentForm
from wagtail.images.forms import GroupImagePermissionFormSet, ImageInsertionForm, URLGeneratorForm

CHOOSERS = "wagtail/admin/viewsets/chooser.py"
COLLECTIONS = "wagtail/admin/forms/collections.py"
COMMENTS = "wagtail/forms.py"
IMAGES = "wagtail/images/forms.py"
REDIRECT_FILTERS = "wagtail/contrib/redirects/filters.py"
REDIRECT_VIEWS = "wagtail/contrib/redirects/views.py"


class EagerMessage(NamedTuple):
    """An attribute, its lazy replacement, and the messages that `source` translates too early."""

    owner: Any
    name: str
    replacement: Any
    source: str
    messages: tuple[str, ...]


def eager_messages() -> Iterator[EagerMessage]:
    """Every attribute of an installed package that holds text translated at import."""
    yield from _attributes(
        CHOOSERS,
        ChooserViewSet,
        choose_one_text="Choose",
        choose_another_text="Choose another",
        edit_item_text="Edit",
        search_tab_label="Search",
        create_action_label="Create",
    )
    yield from _labels(COMMENTS, TaskStateCommentForm, comment="Comment")
    yield from _images()
    yield from _collection_permissions()
    yield from _redirects()


def _attributes(source: str, owner: Any, **messages: str) -> Iterator[EagerMessage]:
    for name, message in messages.items():
        yield EagerMessage(owner, name, gettext_lazy(message), source, (message,))


def _labels(source: str, form: Any, **messages: str) -> Iterator[EagerMessage]:
    """The labels of a form's fields; subclasses and instances share or copy these fields."""
    for name, message in messages.items():
        yield from _attributes(source, form.base_fields[name], label=message)


def _images() -> Iterator[EagerMessage]:
    yield from _labels(
        IMAGES,
        ImageInsertionForm,
        format="Format",
        image_is_decorative="Image is decorative",
        alt_text="Alt text",
    )
    yield from _labels(
        IMAGES,
        URLGeneratorForm,
        filter_method="Filter",
        width="Width",
        height="Height",
        closeness="Closeness",
    )
    choices = URLGeneratorForm.FilterChoices
    for choice, message in (
        (choices.ORIGINAL, "Original size"),
        (choices.WIDTH, "Resize to width"),
        (choices.HEIGHT, "Resize to height"),
        (choices.MIN, "Resize to min"),
        (choices.MAX, "Resize to max"),
        (choices.FILL, "Resize to fill"),
    ):
        yield from _attributes(IMAGES, choice, _label_=message)
    # The field has copied the labels above, so it reads them again.
    current = CallableChoiceIterator(lambda: choices.choices)
    field = URLGeneratorForm.base_fields["filter_method"]
    yield EagerMessage(field, "choices", current, IMAGES, ())


def _collection_permissions() -> Iterator[EagerMessage]:
    yield from _permission_types(
        COLLECTIONS,
        GroupCollectionManagementPermissionFormSet,
        add_collection=("Add", "Add collections"),
        change_collection=("Edit", "Edit collections"),
        delete_collection=("Delete", "Delete collections"),
    )
    yield from _permission_types(
        IMAGES,
        GroupImagePermissionFormSet,
        add_image=("Add", "Add/edit images you own"),
        change_image=("Edit", "Edit any image"),
        choose_image=("Choose", "Select images in choosers"),
    )
    for formset in (
        GroupCollectionManagementPermissionFormSet,
        GroupDocumentPermissionFormSet,
        GroupImagePermissionFormSet,
    ):
        yield from _labels(COLLECTIONS, formset.form, collection="Collection")


def _permission_types(
    source: str, formset: Any, **messages: tuple[str, str]
) -> Iterator[EagerMessage]:
    """The short and long name of each permission, in a formset and in the field that it made."""
    types = [
        (codename, gettext_lazy(short), gettext_lazy(long))
        for codename, (short, long) in messages.items()
    ]
    names = tuple(name for pair in messages.values() for name in pair)
    # The formset inherits them.
    declaring = next(base for base in formset.__mro__ if "permission_types" in vars(base))
    yield EagerMessage(declaring, "permission_types", types, source, names)
    field = type(formset.form.base_fields["permissions"])
    yield EagerMessage(field, "label_from_instance", _long_name(types), source, ())


def _long_name(types: list[tuple[str, Any, Any]]) -> Callable[[Any, Permission], Any]:
    names = {codename: long for codename, _short, long in types}

    def label_from_instance(field: Any, permission: Permission) -> Any:
        return names.get(permission.codename) or str(permission)

    return label_from_instance


def _redirects() -> Iterator[EagerMessage]:
    kind = RedirectsReportFilterSet.base_filters["is_permanent"]
    yield from _attributes(REDIRECT_FILTERS, kind, label="Type")
    permanent, temporary, either = messages = ("Permanent", "Temporary", "All")
    extra = {
        **kind.extra,
        "choices": ((True, gettext_lazy(permanent)), (False, gettext_lazy(temporary))),
        "empty_label": gettext_lazy(either),
    }
    yield EagerMessage(kind, "extra", extra, REDIRECT_FILTERS, messages)
    headings = {"old_path": "From", "site": "Site", "link": "To"}
    headings["get_is_permanent_display"] = "Type"
    yield EagerMessage(
        IndexView,
        "export_headings",
        {name: gettext_lazy(message) for name, message in headings.items()},
        REDIRECT_VIEWS,
        tuple(headings.values()),
    )
