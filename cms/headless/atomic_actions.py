"""Making Wagtail's actions and the saving of content atomic with their documents.

Wagtail's publish action writes the live row, the revision and the log entry in transactions of
their own (8.0: `wagtail.actions.publish_revision`). Here each action, and each `save()` and
`delete()` of something that documents are made of, runs in one `publishing()` block.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from wagtail import actions
from wagtail.actions.base import BaseAction
from wagtail.admin.views.generic import ReorderView
from wagtail.documents import get_document_model
from wagtail.documents.views.bulk_actions import add_to_collection as document_collections
from wagtail.images import get_image_model
from wagtail.images.forms import BaseImageForm
from wagtail.images.views.bulk_actions import add_to_collection as image_collections
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    Site,
)

from cms.headless.publication import publishing
from cms.headless.receivers import on_collection_move, on_rows_updated

MARK = "_headless_atomic"


def make_atomic(owner: type[Any], name: str, after: Callable[[Any], None] | None = None) -> None:
    """Let the method `name` of `owner` run in a `publishing()` block; doing so twice is once.

    `after` is called with the method's object, in the block, when the method has returned.
    """
    original = getattr(owner, name)
    if MARK in getattr(original, "__dict__", {}) and name in owner.__dict__:
        return

    @functools.wraps(original)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        with publishing():
            result = original(self, *args, **kwargs)
            if after is not None:
                after(self)
            return result

    setattr(method, MARK, True)
    setattr(owner, name, method)


def _action_classes() -> Iterator[type[Any]]:
    """Every action, Wagtail's and the project's, that has an `execute` of its own."""
    pending: list[type[Any]] = [BaseAction]
    pending += [getattr(actions, name) for name in actions.__all__ if name.endswith("Action")]
    seen: set[type[Any]] = set()
    while pending:
        action = pending.pop()
        if action in seen:
            continue
        seen.add(action)
        pending += action.__subclasses__()
        if "execute" in action.__dict__ and action is not BaseAction:
            yield action


def _content_models() -> Iterator[type[models.Model]]:
    """What is saved on its own and has documents, or decides on the publicity of others."""
    # Not asked of content_types(): a mistake in a model is for `manage.py check` to tell.
    for model in apps.get_models():
        if issubclass(model, Page) or hasattr(model, "api_fields"):
            yield model
    yield from (
        get_image_model(),
        get_document_model(),
        Site,
        PageViewRestriction,
        CollectionViewRestriction,
    )
    if apps.is_installed("wagtail.contrib.redirects"):
        yield apps.get_model("wagtailredirects.Redirect")


def _make_admin_atomic() -> None:
    """The forms and views of Wagtail's admin that do more than saves and deletions tell of."""
    # A new file is saved before what was made of the old one is removed.
    make_atomic(BaseImageForm, "save")
    # These write rows with one UPDATE, of which no signal tells.
    make_atomic(ReorderView, "post", lambda view: on_rows_updated(view.get_queryset()))
    for bulk_action in (image_collections, document_collections):
        make_atomic(
            bulk_action.AddToCollectionBulkAction,
            "form_valid",
            lambda view: on_rows_updated(view.actionable_objects),
        )


def make_all_atomic() -> None:
    """Wrap all of them; once, when the app is ready."""
    for action in _action_classes():
        make_atomic(action, "execute")
    for model in _content_models():
        make_atomic(model, "save")
        make_atomic(model, "delete")
    make_atomic(Collection, "move", on_collection_move)
    _make_admin_atomic()
