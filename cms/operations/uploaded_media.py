"""Uploads: whoever may see them, and headers that let them do no harm.

A file is public while a document of the delivery API shows it. Anything else, such as an image of a
draft or of a private collection, only editors see. Uploads share the admin's origin, where a script
in an SVG or HTML file would run with the rights of whoever opens it.
"""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django.views.static import serve

from cms.editors.private_collections import may_open_upload
from wagtail_delivery.extending import add_file_headers, is_published_file

#: Path of uploads, without the prefix that a proxy has removed.
MEDIA_PATH = "/media/"
#: Files of Wagtail's documents; its own view serves them, with the rules of their collection.
DOCUMENTS = "documents/"
#: Images and their renditions; no two uploads have the same name (see `media_storage`).
IMMUTABLE = ("original_images/", "images/")
DISPLAYED_TYPES = {"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}
# Inline styles are harmless, and SVG needs them.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
#: Errors of a file system that no file of this name can be in, such as one of 256 letters.
IMPOSSIBLE_NAME = (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ)
#: For files that not everybody may see: only the browser keeps them, and asks each time.
FOR_EDITORS = "private, no-cache"


class UploadedMediaMiddleware:
    """Serves public uploads before sessions and languages, so caches need not tell people apart.

    For all others it adds headers to the responses of the views.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(MEDIA_PATH):
            return self._finish_document(request, self.get_response(request))
        name = request.path_info[len(MEDIA_PATH) :]
        if request.method in {"GET", "HEAD"} and is_public(name):
            response = stored_file(request, name)
            add_file_headers(request, response, is_immutable=name.startswith(IMMUTABLE))
        else:
            response = self.get_response(request)
            response.headers["Cache-Control"] = FOR_EDITORS
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        is_file = response.status_code == HTTPStatus.OK
        if is_file and response.headers["Content-Type"] not in DISPLAYED_TYPES:
            response.headers["Content-Disposition"] = "attachment"
        return response

    def _finish_document(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Correct the headers of a file that Wagtail's view of documents has sent, or refused."""
        match = request.resolver_match
        if match is None or match.url_name != "wagtaildocs_serve":
            return response
        # As in the answer about a file that does not exist, which asks for no session.
        patch_vary_headers(response, ["Cookie"])
        if response.headers.get("Content-Encoding") == "None":
            # Wagtail's sendfile() sets it to None, which Django sends as a word.
            del response.headers["Content-Encoding"]
        if not getattr(request, "serves_public_document", False):
            response.headers["Cache-Control"] = FOR_EDITORS
            return response
        for header in ("Vary", "Content-Language"):
            response.headers.pop(header, None)
        add_file_headers(request, response)
        return response


def is_public(name: str) -> bool:
    """Whether everybody may see the upload `name`. One query."""
    return is_media_name(name) and is_published_file(name)


def is_media_name(name: str) -> bool:
    """Whether `name` is spelt as files are stored, and no document's; Wagtail's view has those."""
    # Neither the database nor the file system takes a NUL.
    is_stored_so = posixpath.normpath(name) == name and "\0" not in name
    return is_stored_so and not name.startswith(("/", DOCUMENTS))


def is_editor(request: HttpRequest) -> bool:
    """Whether the request comes from somebody who is logged in to the admin."""
    return bool(request.user.has_perm("wagtailadmin.access_admin"))


@require_safe
def media_of_editors(request: HttpRequest, name: str) -> HttpResponseBase:
    """An upload, for editors; that of a private collection, for those who work with it.

    Others get 404, whether the file exists or not.
    """
    if not is_media_name(name) or not is_editor(request):
        raise Http404
    if not may_open_upload(request.user, name):
        raise Http404
    return stored_file(request, name)


def stored_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """The upload `name`, or 304. Raises `Http404` if there is none."""
    try:
        response: HttpResponseBase = serve(request, name, document_root=str(settings.MEDIA_ROOT))
    except OSError as problem:
        if problem.errno not in IMPOSSIBLE_NAME:
            raise
        raise Http404 from problem
    return response
