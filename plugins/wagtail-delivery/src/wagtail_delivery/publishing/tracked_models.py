"""Which models are tracked: saving a row of any other model changes no document."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from wagtail.images.models import AbstractRendition
from wagtail.models import COMMENTS_RELATION_NAME

from wagtail_delivery.conf import delivery_settings

#: Apps and models whose rows are part of no document; WAGTAIL_DELIVERY["UNTRACKED"] adds more.
UNTRACKED = frozenset(
    {
        "wagtail_delivery",
        "sessions",
        "admin",
        "contenttypes",
        "migrations",
        "wagtailadmin",
        "wagtailsearch",
        "wagtailusers",
        "wagtailcore.referenceindex",
        "wagtailcore.revision",
        "wagtailcore.modellogentry",
        "wagtailcore.pagelogentry",
        "wagtailcore.workflow",
        "wagtailcore.workflowcontenttype",
        "wagtailcore.workflowpage",
        "wagtailcore.workflowstate",
        "wagtailcore.workflowtask",
        "wagtailcore.task",
        "wagtailcore.taskstate",
        "wagtailcore.groupapprovaltask",
        "wagtailcore.comment",
        "wagtailcore.commentreply",
        "wagtailcore.pagesubscription",
        "wagtailcore.uploadedfile",
        "wagtailcore.apitoken",
        "wagtailcore.groupcollectionpermission",
        "wagtailcore.grouppagepermission",
        "wagtailcore.groupsitepermission",
        "auth.permission",
    }
)
#: Saves of these fields alone change nothing public: a draft was saved, a lock was set.
DRAFT_FIELDS = frozenset(
    {
        "latest_revision",
        "latest_revision_created_at",
        "has_unpublished_changes",
        "draft_title",
        "locked",
        "locked_at",
        "locked_by",
        COMMENTS_RELATION_NAME,
    }
)
#: A login saves these fields of a user; the password if its hash is outdated.
LOGIN_FIELDS = frozenset({"last_login", "password"})


def is_tracked(model: type[models.Model]) -> bool:
    """Whether a change to a row of `model` can change a document.

    Historical models, which migrations use, are not tracked.
    """
    if model._meta.apps is not apps or issubclass(model, AbstractRendition):
        return False
    names = {model._meta.app_label, model._meta.label_lower}
    untracked = {name.lower() for name in delivery_settings().UNTRACKED} | UNTRACKED
    return names.isdisjoint(untracked)


def unknown_untracked() -> list[str]:
    """The entries of WAGTAIL_DELIVERY["UNTRACKED"] that name no installed app or model."""
    known = {config.label for config in apps.get_app_configs()}
    known |= {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    return [name for name in delivery_settings().UNTRACKED if name.lower() not in known]


def is_private_save(model: type[models.Model], update_fields: Iterable[str] | None) -> bool:
    """Whether saving only these fields of a row changes nothing public."""
    if update_fields is None:
        return False
    private = LOGIN_FIELDS if issubclass(model, AbstractBaseUser) else DRAFT_FIELDS
    return private.issuperset(update_fields)
