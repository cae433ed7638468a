"""The handbooks and their pictures, for whoever may use the admin."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cms.handbook import reading


@require_safe
def handbook(request: HttpRequest, book: str) -> HttpResponse:
    """A handbook in the reader's language."""
    found = reading.handbook(book, get_language() or "")
    return render(request, "handbook/handbook.html", {"handbook": found})


@require_safe
def picture(request: HttpRequest, book: str, name: str) -> FileResponse:
    """A picture of a handbook. Raises `Http404` if there is none of this name."""
    file = reading.picture(book, name)
    if file is None:
        raise Http404
    return FileResponse(file.open("rb"), content_type="image/png")
