"""The editors' groups with their rights, and the workflow that approves their work.

Rights on pages are granted on the home page of each language. Through `cms.snippets.permissions`
they also decide in which languages snippets may be changed. Each right is granted once only, so an
administrator may revoke it or assign another workflow for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.signals import post_save
from wagtail import hooks
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    PAGE_PERMISSION_TYPES,
    Collection,
    DraftStateMixin,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    LockableMixin,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowMixin,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.snippets.models import get_snippet_models

from cms.pages.models import HomePage
from wagtail_localize_desk.extending import TranslationReviewTask


@dataclass(frozen=True)
class GroupRights:
    """A group and its members' rights, as actions of Wagtail's permissions."""

    name: str
    #: On pages in the source language, and on pages in other languages.
    source_pages: Sequence[str]
    translated_pages: Sequence[str]
    #: On snippets, in the languages in which the group has rights on pages.
    snippets: Sequence[str]
    #: On images and documents. Users may also change and delete what they added.
    files: Sequence[str]
    #: On redirects, which have no drafts: who may make them makes them public.
    redirects: Sequence[str] = ()


OFFICER = GroupRights(
    name="Pegawai Komunikasi",
    source_pages=("add", "change"),
    translated_pages=("add", "change"),
    snippets=("add", "change", "view"),
    files=("add", "choose"),
)
PUBLISHER = GroupRights(
    name="Penerbit",
    source_pages=("add", "change", "publish", "lock", "unlock"),
    translated_pages=("add", "change", "publish", "lock", "unlock"),
    snippets=("add", "change", "delete", "publish", "lock", "unlock", "view"),
    files=("add", "change", "choose"),
    redirects=("add", "change", "delete"),
)
TRANSLATOR = GroupRights(
    name="Penterjemah",
    source_pages=(),
    translated_pages=("change",),
    snippets=("change", "view"),
    files=("choose",),
)
EDITOR_GROUPS = (OFFICER, PUBLISHER, TRANSLATOR)
ADMINISTRATORS = "Pentadbir"
# Submitting a text for translation publishes nothing, and officers are the ones who finish texts.
COMMON_PERMISSIONS = (
    ("wagtailadmin", "access_admin"),
    ("wagtail_localize", "submit_translation"),
)

WORKFLOW = "Semakan dan penerbitan"
TASK = "Kelulusan Penerbit"


@transaction.atomic
def ensure_groups() -> None:
    """Create missing groups and the workflow, and grant their rights.

    Does nothing if everything exists. Groups get rights on pages only once there are home pages;
    each new home page brings its own.
    """
    kinds = {model: _is_new_kind(model) for model in get_snippet_models()}
    homes = {home: _is_new_home(home) for home in HomePage.objects.select_related("locale")}
    for rights in EDITOR_GROUPS:
        group, is_new = Group.objects.get_or_create(name=rights.name)
        if is_new:
            group.permissions.add(*_common_permissions())
            group.permissions.add(*_permissions(Redirect, rights.redirects))
            _give_files(group, rights.files)
        for model, is_new_kind in kinds.items():
            if is_new or is_new_kind:
                group.permissions.add(
                    *_permissions(model, _offered_actions(model, rights.snippets))
                )
        for home, is_new_home in homes.items():
            if is_new or is_new_home:
                _give_pages(group, home, _page_actions(rights, home))
    _ensure_administrators([model for model, is_new in kinds.items() if is_new])
    workflow, is_new = _ensure_workflow()
    for model, is_new_kind in kinds.items():
        if (is_new or is_new_kind) and issubclass(model, WorkflowMixin):
            _assign_to_kind(workflow, model)
    for home, is_new_home in homes.items():
        if is_new or is_new_home:
            WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})


def give_rights_on(home: HomePage) -> None:
    """Grant the existing groups their rights on a new home page, and assign its workflow."""
    groups = {group.name: group for group in _groups()}
    for rights in EDITOR_GROUPS:
        if rights.name in groups:
            _give_pages(groups[rights.name], home, _page_actions(rights, home))
    workflow = Workflow.objects.filter(name=WORKFLOW, active=True).first() if groups else None
    if workflow is not None:
        WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})


def register_signal_handlers() -> None:
    """Grant rights on each new home page."""
    post_save.connect(_on_home_page, sender=HomePage, dispatch_uid="cms.editors.groups")


def _on_home_page(instance: HomePage, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        give_rights_on(instance)


def _groups() -> models.QuerySet[Group]:
    return Group.objects.filter(name__in=[rights.name for rights in EDITOR_GROUPS])


def _is_new_kind(model: type[models.Model]) -> bool:
    """Whether none of the groups has a right on this snippet type."""
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    return not _groups().filter(permissions__content_type=content_type).exists()


def _is_new_home(home: HomePage) -> bool:
    """Whether none of the groups has a right on this home page."""
    return not GroupPagePermission.objects.filter(page=home, group__in=_groups()).exists()


def _page_actions(rights: GroupRights, home: HomePage) -> Sequence[str]:
    return rights.source_pages if home.locale.is_default else rights.translated_pages


def _offered_actions(model: type[models.Model], actions: Iterable[str]) -> list[str]:
    """Those of `actions` that exist for a snippet: only drafts are published, for example."""
    kinds = {"publish": DraftStateMixin, "lock": LockableMixin, "unlock": LockableMixin}
    return [action for action in actions if issubclass(model, kinds.get(action, models.Model))]


def _permissions(model: type[models.Model], actions: Iterable[str]) -> list[Permission]:
    """Django's permissions for these actions on a model. Raises `Permission.DoesNotExist`."""
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    return [
        Permission.objects.get(
            content_type=content_type, codename=f"{action}_{model._meta.model_name}"
        )
        for action in actions
    ]


def _common_permissions() -> list[Permission]:
    return [
        Permission.objects.get(content_type__app_label=app_label, codename=codename)
        for app_label, codename in COMMON_PERMISSIONS
    ]


def _give_pages(group: Group, page: Page, actions: Iterable[str]) -> None:
    for permission in _permissions(Page, actions):
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def _give_files(group: Group, actions: Iterable[str]) -> None:
    root = Collection.get_first_root_node()
    for model in (get_image_model(), get_document_model()):
        for permission in _permissions(model, actions):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )


def _ensure_administrators(new_kinds: Iterable[type[models.Model]]) -> None:
    """Grant administrators every permission that Wagtail's form for groups offers."""
    group, is_new = Group.objects.get_or_create(name=ADMINISTRATORS)
    if not is_new:
        for model in new_kinds:
            group.permissions.add(*_offered(model))
        return
    group.permissions.add(*_offered())
    _give_pages(group, Page.get_first_root_node(), [name for name, *_ in PAGE_PERMISSION_TYPES])
    _give_files(group, ("add", "change", "choose"))
    root = Collection.get_first_root_node()
    for permission in _permissions(Collection, ("add", "change", "delete")):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=permission
        )


def _offered(model: type[models.Model] | None = None) -> set[Permission]:
    """The permissions that the form for groups offers, all or those on `model`."""
    # Wagtail's viewsets register their permissions when the admin's URLs load.
    import_module("wagtail.admin.urls")
    offered = {
        permission for offer in hooks.get_hooks("register_permissions") for permission in offer()
    }
    if model is None:
        return offered
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    return {permission for permission in offered if permission.content_type_id == content_type.pk}


def _ensure_workflow() -> tuple[Workflow, bool]:
    """The workflow with its one task, and whether this call created it."""
    workflow = Workflow.objects.filter(name=WORKFLOW).first()
    if workflow is not None:
        _take_review_task(workflow)
        return workflow, False
    workflow = Workflow.objects.create(name=WORKFLOW)
    task = TranslationReviewTask.objects.create(name=TASK)
    # Administrators too: content in review is locked for everybody else.
    task.groups.set(Group.objects.filter(name__in=[PUBLISHER.name, ADMINISTRATORS]))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow, True


def _take_review_task(workflow: Workflow) -> None:
    """Once: give a workflow of an earlier version the task that also reviews translations.

    What is in review then needs one more approval.
    """
    if TranslationReviewTask.objects.exists():
        return
    for step in WorkflowTask.objects.filter(workflow=workflow, task__name=TASK):
        old = GroupApprovalTask.objects.filter(pk=step.task_id).first()
        if old is not None:
            task = TranslationReviewTask.objects.create(name=TASK)
            task.groups.set(old.groups.all())
            WorkflowTask.objects.filter(pk=step.pk).update(task=task)


def _assign_to_kind(workflow: Workflow, model: type[models.Model]) -> None:
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    WorkflowContentType.objects.get_or_create(
        content_type=content_type, defaults={"workflow": workflow}
    )
