"""Who works with the files of private collections.

The editors' groups have their rights on files at the root of the collections. Wagtail lets these
reach into collections that an administrator has made private, which no page shows.
"""

from __future__ import annotations

import functools
from collections.abc import Collection as Several
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

_CACHE = "_closed_collections_cache"


class PrivateCollectionPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's policy, except that rights do not reach down into a private collection.

    Rights that were granted on the collection itself count there. So do all rights of the members
    of groups that its privacy names, and of those who may change the collection.
    """

    def _check_perm(
        self, user: Any, actions: Iterable[str], collection: Collection | None = None
    ) -> bool:
        if not super()._check_perm(user, actions, collection):
            return False
        if collection is None or user.is_superuser:
            return True
        closed = [path for path in closed_to(user) if collection.path.startswith(path)]
        return any(
            collection.path.startswith(grant.collection.path)
            and not any(_is_above(grant.collection.path, path) for path in closed)
            for grant in self._get_user_permission_objects_for_actions(user, actions)
        )

    def _collections_with_perm(self, user: Any, actions: Iterable[str]) -> QuerySet[Collection]:
        reached = Q(pk__in=())
        for grant in self._get_user_permission_objects_for_actions(user, actions):
            here = Q(path__startswith=grant.collection.path)
            for path in closed_to(user):
                if _is_above(grant.collection.path, path):
                    here &= ~Q(path__startswith=path)
            reached |= here
        found: QuerySet[Collection] = Collection.objects.filter(reached)
        return found

    def _users_with_perm_filter(
        self, actions: Several[str], collection: Collection | None = None
    ) -> Q:
        found: Q = super()._users_with_perm_filter(actions, collection)
        if collection is None:
            return found
        users = get_user_model()._default_manager.filter(found).distinct()
        return Q(pk__in=[user.pk for user in users if self._check_perm(user, actions, collection)])


def _is_above(path: str, other: str) -> bool:
    """Whether the collection at `path` is an ancestor of the one at `other`."""
    return other != path and other.startswith(path)


def closed_to(user: Any) -> list[str]:
    """The paths of the private collections that this user's rights above do not reach.

    Cached on the user, as Wagtail's policies do, so for one request.
    """
    if not hasattr(user, _CACHE):
        setattr(user, _CACHE, list(_closed_to(user)))
    found: list[str] = getattr(user, _CACHE)
    return found


def _closed_to(user: Any) -> Iterable[str]:
    groups = CollectionViewRestriction.GROUPS
    admitted = Q(restriction_type=groups, groups__in=user.groups.all())
    restrictions = CollectionViewRestriction.objects.select_related("collection")
    admitting = CollectionViewRestriction.objects.filter(admitted)
    policy = policy_registry.get_by_type(Collection)
    for restriction in restrictions.exclude(pk__in=admitting.values("pk")):
        if not policy.user_has_permission_for_instance(user, "change", restriction.collection):
            yield restriction.collection.path


_accept_request = CollectionViewRestriction.accept_request


@functools.wraps(_accept_request)
def accept_request(restriction: CollectionViewRestriction, request: HttpRequest) -> bool:
    """Whether the privacy lets this request pass; that of somebody who works with the file does."""
    works_with_it = getattr(request, "works_with_private_document", False)
    return works_with_it or bool(_accept_request(restriction, request))


def hide_private_document(document: Any, request: HttpRequest) -> None:
    """Answer 404 unless the user works with the document or its privacy lets them pass.

    Raises `Http404`. There is no log-in for readers, so asking for one would only say that the
    document exists. A shared password is for people without an account: Wagtail asks for it.
    """
    restrictions = document.collection.get_view_restrictions()
    if not restrictions:
        return
    if may_work_with(request.user, document):
        request.works_with_private_document = True  # type: ignore[attr-defined]
        return
    for restriction in restrictions:
        asks = restriction.restriction_type == CollectionViewRestriction.PASSWORD
        if not asks and not restriction.accept_request(request):
            raise Http404


def may_open_upload(user: Any, name: str) -> bool:
    """Whether this editor may open the file `name`: not that of a private image of others."""
    image = get_image_model().objects.filter(file=name).select_related("collection").first()
    if image is None:
        renditions = get_image_model().get_rendition_model().objects.filter(file=name)
        rendition = renditions.select_related("image__collection").first()
        image = rendition and rendition.image
    if image is None or not image.collection.get_view_restrictions():
        return True
    return may_work_with(user, image)


def may_work_with(user: Any, file: Any) -> bool:
    """Whether this user may choose or change an image or document of the library."""
    policy = policy_registry.get(file)
    actions = ("choose", "change", "delete")
    return bool(policy.user_has_any_permission_for_instance(user, actions, file))


def register_policies() -> None:
    """Register the policy of images and documents; called before Wagtail looks one up."""
    for model, auth_model in (
        (get_image_model(), "wagtailimages.Image"),
        (get_document_model(), "wagtaildocs.Document"),
    ):
        policy = PrivateCollectionPolicy(
            model, auth_model=auth_model, owner_field_name="uploaded_by_user"
        )
        register_permission_policy(model, policy, exact_class=True)
