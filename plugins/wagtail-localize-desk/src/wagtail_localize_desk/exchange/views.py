"""Downloading the strings of a translation, and uploading them in two steps.

An upload is kept, and a page lists what it would change. Nothing is written before somebody has
confirmed that page, and nothing that has changed since it was shown.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail_localize.models import Translation, get_edit_url

from wagtail_localize_desk.access import CONFLICT, change_refusal, guarded, refused, target_of
from wagtail_localize_desk.exchange.comparison import Comparison, compare
from wagtail_localize_desk.exchange.entries import Entry, FileError, FileFormat
from wagtail_localize_desk.exchange.exporting import export
from wagtail_localize_desk.exchange.formats import FORMATS, PO, read_file, uploaded_content
from wagtail_localize_desk.exchange.importing import SeenOtherwiseError, import_entries
from wagtail_localize_desk.rights import may_change
from wagtail_localize_desk.screen.rows import language_of
from wagtail_localize_desk.upload_models import UploadedTranslations

PREVIEW = "wagtail_localize_desk/exchange/preview.html"


# Out


@require_GET
def download(request: HttpRequest, translation_id: int, format_key: str) -> HttpResponseBase:
    """The strings of a translation in a file, for those who may change it."""
    file_format = FORMATS.get(format_key)
    if file_format is None:
        raise Http404
    translation = _translation(pk=translation_id)
    target = target_of(translation)
    if target is None:
        raise Http404
    if not may_change(request.user, target):
        raise PermissionDenied
    response = HttpResponse(
        export(translation, file_format), content_type=f"{file_format.content_type}; charset=utf-8"
    )
    title = slugify(translation.source.object_repr, allow_unicode=True) or "translation"
    name = f"{title}-{translation.target_locale.language_code}.{file_format.extension}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


def download_pofile(request: HttpRequest, translation_id: int) -> HttpResponseBase:
    """The PO file, at wagtail-localize's address."""
    return download(request, translation_id, PO.key)


# In


@require_POST
@guarded
def upload(request: HttpRequest, translation_id: int) -> HttpResponseBase:
    """Keep a file, and show what it would change; one that cannot be read is refused whole."""
    translation = _translation(pk=translation_id)
    file = request.FILES.get("file")
    try:
        content = uploaded_content(file)
        read_file(content, translation)
    except FileError as fault:
        messages.error(request, f"{fault} " + _("Nothing was imported."))
        return redirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_home"))
    kept = UploadedTranslations.keep(request.user, translation, str(file), content)
    return redirect("wagtail_localize_desk:import", kept.pk)


@require_http_methods(["GET", "POST"])
def import_upload(request: HttpRequest, upload_id: Any) -> HttpResponseBase:
    """What an upload would change; its uploader confirms or cancels it."""
    kept = get_object_or_404(UploadedTranslations, pk=upload_id, user=request.user)
    translation = _translation(uuid=kept.translation)
    target = target_of(translation)
    if target is None:
        raise Http404
    address = get_edit_url(target) or reverse("wagtailadmin_home")
    action = request.POST.get("action") if request.method == "POST" else None
    if kept.is_expired or action == "cancel":
        kept.delete()
        text = _("Nothing was imported.")
        if action != "cancel":
            text = _("The upload was too long ago. Upload the file again.") + " " + text
        messages.warning(request, text)
        return redirect(address)
    refusal = change_refusal(request.user, translation, target)
    if refusal is not None:
        return refused(request, refusal)
    content = bytes(kept.content)
    try:
        file_format, entries = read_file(content, translation)
    except FileError as fault:
        raise Http404 from fault
    if action != "confirm":
        comparison = compare(file_format, entries, translation, type(target))
        return _page(request, kept, translation, target, comparison)
    return _confirmed(request, kept, file_format, entries, translation, target)


def _confirmed(
    request: HttpRequest,
    kept: UploadedTranslations,
    file_format: FileFormat,
    entries: list[Entry],
    translation: Translation,
    target: Any,
) -> HttpResponseBase:
    try:
        done = import_entries(
            file_format, entries, translation, type(target), request.user, _seen(request)
        )
    except SeenOtherwiseError as error:
        return _page(request, kept, translation, target, error.comparison, CONFLICT)
    kept.delete()
    count = len(done.changes)
    text = ngettext("%(count)d string was imported.", "%(count)d strings were imported.", count)
    messages.success(request, text % {"count": count})
    return redirect(get_edit_url(target) or reverse("wagtailadmin_home"))


def _seen(request: HttpRequest) -> dict[str, str]:
    """The versions of strings that the confirmed page has listed."""
    try:
        seen = json.loads(request.POST.get("seen", ""))
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


def _page(
    request: HttpRequest,
    kept: UploadedTranslations,
    translation: Translation,
    target: Any,
    comparison: Comparison,
    status: int = 200,
) -> HttpResponse:
    context = {
        "upload": kept,
        "comparison": comparison,
        "seen": json.dumps(comparison.versions),
        "has_moved_on": status == CONFLICT,
        "object_name": translation.source.object_repr,
        "target_name": translation.target_locale.get_display_name(),
        "source_language": language_of(translation.source.locale.language_code),
        "target_language": language_of(translation.target_locale.language_code),
        "address": get_edit_url(target),
    }
    return render(request, PREVIEW, context, status=status)


def _translation(**key: Any) -> Translation:
    found: Translation = get_object_or_404(
        Translation.objects.select_related(
            "source__locale", "source__specific_content_type", "target_locale"
        ),
        **key,
    )
    return found
