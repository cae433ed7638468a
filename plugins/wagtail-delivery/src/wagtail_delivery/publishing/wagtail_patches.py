"""The patches that make each publish one transaction with the documents that follow from it.

Wagtail's publish action writes the live row, the revision and the log entry in separate
transactions (8.0: `wagtail.actions.publish_revision`). With these patches, each action, and each
`save()` and `delete()` of a tracked model, runs in one `publishing()` block. So do the methods of
Wagtail and Treebeard that write rows before they publish or save in the same transaction.
"""

from __future__ import annotations

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

from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.publishing.patching import Patch, install, wrapper
from wagtail_delivery.publishing.signal_handlers import (
    record_collection_move,
    record_redirects_made,
    record_rows_updated,
    record_sibling_added,
)
from wagtail_delivery.publishing.tracked_models import is_private_save, is_tracked
from wagtail_delivery.publishing.transaction import drafting, publishing, tables_are_there
from wagtail_delivery.store.redirects import from_public_addresses

MARK = "_wagtail_delivery_atomic"
#: What happens without a patch, where nothing more specific can be said.
COMMITTED_APART = "a change can be committed without the documents that it changes"


def make_atomic(
    owner: type[Any],
    name: str,
    after: Callable[[Any], None] | None = None,
    unless: Callable[..., bool] | None = None,
    *,
    before: Callable[[Any], None] | None = None,
) -> None:
    """Run the method `name` of `owner` in a `publishing()` block; doing so twice is once.

    `before` and `after` are called with the method's object, within the block. If `unless`, which
    is called with the method's object and arguments, returns true, the method runs unchanged.
    """
    install(_atomic(owner, name, COMMITTED_APART, after, unless, before))


def _atomic(
    owner: type[Any],
    name: str,
    reason: str,
    after: Callable[[Any], None] | None = None,
    unless: Callable[..., bool] | None = None,
    before: Callable[[Any], None] | None = None,
    *,
    savepoint: bool = True,
) -> Iterator[Patch]:
    def in_block(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
        if unless is not None and unless(self, *args, **kwargs):
            return original(self, *args, **kwargs)
        with publishing(savepoint=savepoint):
            if before is not None:
                before(self)
            result = original(self, *args, **kwargs)
            if after is not None:
                after(self)
            return result

    return wrapper(owner, name, in_block, reason=reason, mark=MARK)


def _draft(owner: type[Any], name: str) -> Iterator[Patch]:
    """Run the method `name` of `owner` in a `drafting()` block."""

    def in_block(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
        with drafting():
            return original(self, *args, **kwargs)

    reason = "a draft saved before a publish can deadlock with another publish"
    return wrapper(owner, name, in_block, reason=reason, mark=MARK)


def actions_that_publish() -> Iterator[Patch]:
    """`execute` of every action: publish, unpublish, delete, move, copy, translate and so on."""
    for action in _action_classes():
        yield from _atomic(
            action,
            "execute",
            "a crash can leave a page published without its document, or with its old one",
            unless=_saves_draft,
        )


def _action_classes() -> Iterator[type[Any]]:
    """Every action with an `execute` of its own, Wagtail's and the project's."""
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
    """Whether an action saves a revision and nothing public."""
    return isinstance(action, RevertToRevisionAction) or (
        isinstance(action, EditAction) and not action.publish
    )


def saving_and_deleting() -> Iterator[Patch]:
    """`save` and `delete` of every tracked model, and deletion by queries."""
    for model in filter(is_tracked, apps.get_models()):
        # Without savepoints: if Django's own fail, the transaction around them has to end too.
        yield from _atomic(
            model, "save", COMMITTED_APART, unless=_saves_nothing_public, savepoint=False
        )
        yield from _atomic(model, "delete", COMMITTED_APART, savepoint=False)
        if issubclass(model, RevisionMixin):
            yield from _draft(model, "save_revision")
    for rows in (models.QuerySet, MP_NodeQuerySet):
        yield from _atomic(
            rows, "delete", COMMITTED_APART, unless=_deletes_nothing_tracked, savepoint=False
        )


def _saves_nothing_public(
    instance: models.Model, *_: Any, update_fields: Iterable[str] | None = None, **__: Any
) -> bool:
    return is_private_save(type(instance), update_fields)


def _deletes_nothing_tracked(rows: models.QuerySet[Any], *_: Any, **__: Any) -> bool:
    return not is_tracked(rows.model)


def moving_in_trees() -> Iterator[Patch]:
    """Treebeard updates the parent's row before the child is saved or moved."""
    parent_first = "a new child can deadlock with another publish"
    for tree, after in ((Page, record_sibling_added), (Collection, None)):
        yield from _atomic(tree, "add_child", parent_first)
        yield from _atomic(tree, "add_sibling", parent_first, after)
    yield from _atomic(
        Collection,
        "move",
        "an image in a collection that has become private stays public",
        record_collection_move,
    )


def approving() -> Iterator[Patch]:
    """The last approval in a workflow publishes."""
    reason = "an approval can be committed without the publish that it causes"
    yield from _atomic(TaskState, "approve", reason)
    yield from _atomic(WorkflowState, "finish", reason)


def views_that_publish() -> Iterator[Patch]:
    """A bulk action saves a revision of a page without one, and then publishes it."""
    reason = "a failed bulk action can leave some of its pages published"
    yield from _atomic(BulkAction, "form_valid", reason)


def views_that_save_drafts() -> Iterator[Patch]:
    """Their transactions end with the draft; a publish comes after them."""
    yield from _draft(EditView, "save_action")
    yield from _draft(CreateEditViewOptionalFeaturesMixin, "form_valid")


def forms_of_files() -> Iterator[Patch]:
    """They save the row, and then remove the old file and its renditions."""
    for form in (BaseImageForm, BaseDocumentForm):
        yield from _atomic(
            form,
            "save",
            "a replaced file can be removed although its row was not saved",
            before=_keep_old_file,
        )


class _OldFile:
    """A replaced file; Wagtail's form removes it, which here waits for the commit."""

    def __init__(self, file: FieldFile) -> None:
        self.name = file.name
        self.storage = self
        self._storage = file.storage

    def delete(self, name: str) -> None:
        transaction.on_commit(lambda: self._storage.delete(name))


def _keep_old_file(form: Any) -> None:
    if form.original_file and not isinstance(form.original_file, _OldFile):
        form.original_file = _OldFile(form.original_file)


def views_without_signals() -> Iterator[Patch]:
    """They update many rows in one statement, for which Django sends no signal."""
    reason = "documents keep showing the old values of rows that the view updates"
    yield from _atomic(
        ReorderView, "post", reason, lambda view: record_rows_updated(view.get_queryset())
    )
    for bulk_action in (image_collections, document_collections):
        yield from _atomic(
            bulk_action.AddToCollectionBulkAction,
            "form_valid",
            reason,
            lambda view: record_rows_updated(view.actionable_objects),
        )


def automatic_redirects() -> Iterator[Patch]:
    """Wagtail creates the redirects of a moved page in one statement, without a signal.

    It does so from each address that the page had, also as a draft, and the redirect would reveal
    that address. If there is nothing to create, it deletes all redirects that it ever created (8.0:
    `wagtail.contrib.redirects.signal_handlers`).
    """
    if not apps.is_installed("wagtail.contrib.redirects"):
        return
    from wagtail.contrib.redirects.signal_handlers import BatchRedirectCreator

    yield from wrapper(
        BatchRedirectCreator,
        "process",
        _create_from_public_addresses,
        reason="addresses that never were public redirect",
        mark=MARK,
    )
    yield from _atomic(
        BatchRedirectCreator,
        "post_process",
        "the old address of a moved page does not redirect",
        lambda creator: record_redirects_made(creator.items),
    )


def _create_from_public_addresses(create: Callable[..., None], batch: Any) -> None:
    with publishing():
        if tables_are_there():
            batch.items[:] = from_public_addresses(batch.items, SiteSnapshot())
        if batch.items:
            create(batch)
