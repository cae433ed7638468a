"""What forms send in fields that nobody sees: keys, addresses, text as JSON, files."""

from __future__ import annotations

import functools
import json
import struct
from typing import Any

from django.core.exceptions import BadRequest, ObjectDoesNotExist, ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.http import url_has_allowed_host_and_scheme
from modelcluster.forms import BaseTransientModelFormSet
from taggit.models import Tag
from taggit.utils import parse_tags
from wagtail.admin.forms.choosers import URLOrAbsolutePathField
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.views.account import LoginView
from wagtail.admin.views.generic.chooser import ChosenMultipleViewMixin
from wagtail.admin.views.generic.mixins import RevisionsRevertMixin
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.blocks.field_block import ChooserBlock
from wagtail.images.fields import WagtailImageField
from wagtail.models import Page
from willow.svg import WillowSvgException

from cms.admin_input.text import clean_json
from cms.core.keys import is_key

_construct_form = BaseTransientModelFormSet._construct_form
_get_instance = BaseChooser.get_instance
_value_from_form = ChooserBlock.value_from_form
_chosen_multiple = ChosenMultipleViewMixin.get
_get_redirect_url = LoginView.get_redirect_url
_copy_page = CopyView.post
_restore_version = RevisionsRevertMixin.save_instance
_address = URLOrAbsolutePathField.to_python
_check_pixel_size = WagtailImageField.check_image_pixel_size


@functools.wraps(_chosen_multiple)
def chosen_multiple(
    view: ChosenMultipleViewMixin, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """What was chosen; raises Http404 for a key that is none."""
    if not all(is_key(view.model_class, key) for key in request.GET.getlist("id")):
        raise Http404
    response: HttpResponseBase = _chosen_multiple(view, request, *args, **kwargs)
    return response


@functools.wraps(_get_instance)
def chosen_instance(widget: BaseChooser, value: Any) -> Model | None:
    """What a form has chosen; None for a key that is none, as for one that does not exist."""
    try:
        chosen: Model | None = _get_instance(widget, value)
    except (ValueError, TypeError, ValidationError, ObjectDoesNotExist):
        return None
    return chosen


@functools.wraps(_value_from_form)
def chosen_in_block(block: ChooserBlock, value: Any) -> Model | None:
    """What a block has chosen; None for a key that is none, as for one that does not exist."""
    try:
        chosen: Model | None = _value_from_form(block, value)
    except (ValueError, TypeError, ValidationError):
        return None
    return chosen


@functools.wraps(_construct_form)
def construct_form(formset: BaseTransientModelFormSet, i: int, **kwargs: Any) -> Any:
    """A form of a set; raises BadRequest if its hidden key is none or is missing."""
    try:
        return _construct_form(formset, i, **kwargs)
    except (ValidationError, MultiValueDictKeyError) as error:
        raise BadRequest("A form has no valid key.") from error


@functools.wraps(url_has_allowed_host_and_scheme)
def is_address(url: str | None, *args: Any, **kwargs: Any) -> bool:
    """Whether `url` leads within this server. Django takes a word for the name of an address."""
    return is_path(url) and url_has_allowed_host_and_scheme(url, *args, **kwargs)


@functools.wraps(_get_redirect_url)
def redirect_url(view: LoginView, request: Any = None) -> str:
    """Where a person goes after the log-in; empty if the query says no address."""
    url: str = _get_redirect_url(view)
    return url if is_path(url) else ""


def is_path(url: str | None) -> bool:
    """Whether `redirect()` takes `url` for an address and not for a name."""
    return url is not None and ("/" in url or "." in url)


def to_database_format(converter: ContentstateConverter, contentstate_json: str) -> str:
    """HTML of what the rich text editor sent; raises BadRequest if it is not from an editor."""
    try:
        contentstate = clean_json(json.loads(contentstate_json))
        html: str = converter.exporter.render(contentstate)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise BadRequest("Rich text is not in the editor's format.") from error
    return html


@functools.wraps(_check_pixel_size)
def check_pixel_size(field: WagtailImageField, file: Any) -> None:
    """Check the number of pixels; raises ValidationError if the picture cannot be read."""
    try:
        _check_pixel_size(field, file)
    except (EOFError, OSError, SyntaxError, ValueError, WillowSvgException, struct.error) as error:
        raise ValidationError(
            field.error_messages["invalid_image"], code="invalid_image"
        ) from error


@functools.wraps(_copy_page)
def copy_page(
    view: CopyView, request: HttpRequest, page_id: Any, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """Copy a page; raises Http404 for a parent that is none."""
    try:
        Page.objects.get(pk=request.POST["new_parent_page"])
    except (ValueError, ObjectDoesNotExist) as error:
        raise Http404 from error
    response: HttpResponseBase = _copy_page(view, request, page_id, *args, **kwargs)
    return response


@functools.wraps(_restore_version)
def restore_version(view: RevisionsRevertMixin) -> Model:
    """Save an old version as a new draft, which may be as unfinished as any other draft."""
    if view.saving_as_draft:
        instance = view.form.instance
        instance.save_revision = functools.partial(instance.save_revision, clean=False)
    restored: Model = _restore_version(view)
    return restored


def clean_tags(form: Form) -> str:
    """Tags for many files; raises ValidationError if one is longer than the database keeps."""
    tags: str = form.cleaned_data["tags"]
    fits = MaxLengthValidator(Tag._meta.get_field("name").max_length)
    for tag in parse_tags(tags):
        fits(tag)
    return tags


@functools.wraps(_address)
def address(field: URLOrAbsolutePathField, value: str | None) -> str:
    """What was written in a field for an address; empty if the form was sent without the field."""
    found: str = _address(field, value or "")
    return found
