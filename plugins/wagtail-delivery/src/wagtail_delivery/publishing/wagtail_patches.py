"""Making Wagtail's actions and the saving of content atomic with their documents.

Wagtail's publish action writes the live row, the revision and the log entry in transactions of
their own (8.0: `wagtail.actions.publish_revision`). Here each action, and each `save()` and
`delete()` of what documents are made of, runs in one `publishing()` block; and so does whatever of
Wagtail and Treebeard writes rows first and publishes, or saves, in the same transaction.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from treebeard.mp_tree import MP_NodeQuerySet
from wagtail import actions
from wagtail.actions.base import BaseAction
from wagtail.actions.edit import EditAction
from wagtail.actions.revert_to_revision import RevertToRevisionAction
from wagtail.admin.views.bulk_action.base_bulk_action import BulkAction
from wagtail.admin.views.generic import ReorderView
from wagtail.admin.views.generic.mixins import CreateEditViewOptionalFeaturesMixin
from wagtail.admin.views.pages.edit import EditView
from wagtail.documents.forms import BaseDocumentForm
from wagtail.documents.views.bulk_actions import add_to_collection as document_collections
from wagtail.images.forms import BaseImageForm
from wagtail.images.views.bulk_actions import add_to_collection as image_collections
from wagtail.models import Collection, Page, RevisionMixin, TaskState, WorkflowState

from wagtail_delivery.publishing.signal_handlers import (
    record_collection_move,
    record_redirects_made,
    record_rows_updated,
    record_sibling_added,
)
from wagtail_delivery.publishing.tracked_models import is_private_save, is_tracked
from wagtail_delivery.publishing.transaction import drafting, publishing

MARK = "_wagtail_delivery_atomic"


def make_atomic(
    owner: type[Any],
    name: str,
    after: Callable[[Any], None] | None = None,
    unless: Callable[..., bool] | None = None,
    *,
    before: Callable[[Any], None] | None = None,
) -> None:
    """Let the method `name` of `owner` run in a `publishing()` block; doing so twice is once.

    `before` and `after` are called with the method's object, in the block. Where `unless`, which
    is called with what the method is, says so, the method runs as it is.
    """

    def in_block(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
        if unless is not None and unless(self, *args, **kwargs):
            return original(self, *args, **kwargs)
        with publishing():
            if before is not None:
                before(self)
            result = original(self, *args, **kwargs)
            if after is not None:
                after(self)
            return result

    _wrap(owner, name, in_block)


def make_drafting(owner: type[Any], name: str) -> None:
    """Let the method `name` of `owner` run in a `drafting()` block; doing so twice is once."""

    def in_block(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
        with drafting():
            return original(self, *args, **kwargs)

    _wrap(owner, name, in_block)


def _wrap(owner: type[Any], name: str, around: Callable[..., Any]) -> None:
    original = getattr(owner, name)
    if MARK in getattr(original, "__dict__", {}) and name in owner.__dict__:
        return

    @functools.wraps(original)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return around(original, self, *args, **kwargs)

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


def _saves_draft(action: Any, *_: Any, **__: Any) -> bool:
    """Whether an action saves a revision, and nothing that is public."""
    return isinstance(action, RevertToRevisionAction) or (
        isinstance(action, EditAction) and not action.publish
    )


def _saves_nothing_public(
    instance: models.Model, *_: Any, update_fields: Iterable[str] | None = None, **__: Any
) -> bool:
    return is_private_save(type(instance), update_fields)


def _deletes_nothing_tracked(rows: models.QuerySet[Any], *_: Any, **__: Any) -> bool:
    return not is_tracked(rows.model)


def _make_models_atomic() -> None:
    """Saving, deleting and moving what documents may be made of."""
    for model in filter(is_tracked, apps.get_models()):
        make_atomic(model, "save", unless=_saves_nothing_public)
        make_atomic(model, "delete")
        if issubclass(model, RevisionMixin):
            make_drafting(model, "save_revision")
    # Treebeard changes the parent's row before the child is saved or deleted.
    for tree, after in ((Page, record_sibling_added), (Collection, None)):
        make_atomic(tree, "add_child")
        make_atomic(tree, "add_sibling", after)
    for rows in (models.QuerySet, MP_NodeQuerySet):
        make_atomic(rows, "delete", unless=_deletes_nothing_tracked)
    make_atomic(Collection, "move", record_collection_move)
    # An approval that is the last one publishes.
    make_atomic(TaskState, "approve")
    make_atomic(WorkflowState, "finish")


class _OldFile:
    """A file that Wagtail's form removes: which it is only when the new one is committed."""

    def __init__(self, file: FieldFile) -> None:
        self.name = file.name
        self.storage = self
        self._storage = file.storage

    def delete(self, name: str) -> None:
        transaction.on_commit(lambda: self._storage.delete(name))


def _keep_old_file(form: Any) -> None:
    if form.original_file and not isinstance(form.original_file, _OldFile):
        form.original_file = _OldFile(form.original_file)


def _make_admin_atomic() -> None:
    """The forms and views of Wagtail's admin that do more than saves and deletions tell of."""
    # Saves a revision of what has none, and then publishes; one thing after the other.
    make_atomic(BulkAction, "form_valid")
    # Transactions that end with the draft: what these publish comes after them.
    make_drafting(EditView, "save_action")
    make_drafting(CreateEditViewOptionalFeaturesMixin, "form_valid")
    # The row is saved, and then the renditions of an image's old file are removed.
    for form in (BaseImageForm, BaseDocumentForm):
        make_atomic(form, "save", before=_keep_old_file)
    # These write rows with one statement, of which no signal tells.
    make_atomic(ReorderView, "post", lambda view: record_rows_updated(view.get_queryset()))
    for bulk_action in (image_collections, document_collections):
        make_atomic(
            bulk_action.AddToCollectionBulkAction,
            "form_valid",
            lambda view: record_rows_updated(view.actionable_objects),
        )
    if apps.is_installed("wagtail.contrib.redirects"):
        from wagtail.contrib.redirects.signal_handlers import BatchRedirectCreator

        make_atomic(BatchRedirectCreator, "process")
        make_atomic(
            BatchRedirectCreator,
            "post_process",
            lambda creator: record_redirects_made(creator.items),
        )


def make_all_atomic() -> None:
    """Wrap all of them; once, when the app is ready."""
    for action in _action_classes():
        make_atomic(action, "execute", unless=_saves_draft)
    _make_models_atomic()
    _make_admin_atomic()
