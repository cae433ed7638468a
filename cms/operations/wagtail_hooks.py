"""Documents of the library are public while a document of the delivery API shows them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks

from cms.operations.uploaded_media import is_editor
from wagtail_delivery.extending import is_published_file


@hooks.register("before_serve_document")
def hide_unpublished_document(document: Any, request: HttpRequest) -> None:
    """Answer 404 unless the document is public, for an editor, or of a private collection.

    Those are hidden by `cms.editors.private_collections`.

    Raises `Http404`.
    """
    if document.collection.get_view_restrictions():
        return
    if is_published_file(document.file.name):
        request.serves_public_document = True  # type: ignore[attr-defined]
    elif not is_editor(request):
        raise Http404
