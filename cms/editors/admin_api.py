"""The API that the admin's own pages call, for users with the rights that they need."""

from __future__ import annotations

import functools
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.admin.api.actions.publish import PublishPageAPIAction
from wagtail.admin.api.serializers import PageTranslationsField
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import Page

from cms.editors import sight

_publish = PublishPageAPIAction._action_from_data
_translations = PageTranslationsField.to_representation
_images = ImagesAdminAPIViewSet.get_queryset
_documents = DocumentsAdminAPIViewSet.get_queryset


@functools.wraps(_publish)
def publish(action: PublishPageAPIAction, page: Page, data: Any) -> PublishPageRevisionAction:
    """The action; raises PermissionDenied before anything is written.

    Wagtail saves the revision that is to be published, and then asks for the right.
    """
    if not page.permissions_for_user(action.request.user).can_publish():
        raise PermissionDenied
    return _publish(action, page, data)


@functools.wraps(_translations)
def translations(field: PageTranslationsField, page: Page) -> list[Any]:
    """The translations of a page that are shown to the user."""
    user = field.context["request"].user
    shown = sight.shown_pages(user, page.get_translations()).values_list("pk", flat=True)
    return [item for item in _translations(field, page) if item["id"] in shown]


@functools.wraps(_images)
def images(view: ImagesAdminAPIViewSet) -> QuerySet[Any]:
    """The images that the user may choose or change."""
    return _shown(view)


@functools.wraps(_documents)
def documents(view: DocumentsAdminAPIViewSet) -> QuerySet[Any]:
    """The documents that the user may choose or change."""
    return _shown(view)


def _shown(view: Any) -> QuerySet[Any]:
    """By fields of the search index, so that what remains can be searched."""
    return sight.shown(view.request.user, view.model).order_by("id")
