"""Files of redirects to import, and addresses of redirects that are none.

A file that cannot be imported is refused in the form where it was chosen, with the line at fault.
"""

from __future__ import annotations

import csv
import functools
import os
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature
from django.core.validators import URLValidator
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from wagtail.admin import messages
from wagtail.contrib.redirects import views
from wagtail.contrib.redirects.base_formats import XLSX, Dataset
from wagtail.contrib.redirects.forms import ConfirmImportManagementForm, ImportForm
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.utils import get_format_cls_by_extension, get_supported_extensions

#: What one request can import. A small XLSX file can unpack to any size.
LARGEST_FILE = LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100

_process_import = views.process_import
_create_redirects = views.create_redirects_from_dataset
_normalise_path = Redirect.normalise_path
_clean_redirect = Redirect.clean


def clean_import_file(form: ImportForm) -> UploadedFile[Any]:
    """The chosen file; raises ValidationError if it cannot be imported."""
    file: UploadedFile[Any] = form.cleaned_data["import_file"]
    name, extension = os.path.splitext(file.name or "")
    extension = extension.lstrip(".").lower()
    if extension not in get_supported_extensions():
        raise ValidationError(
            _('File format of type "%(extension)s" is not supported.') % {"extension": extension}
        )
    file.name = f"{name}.{extension}"
    if (file.size or 0) > LARGEST_FILE:
        raise ValidationError(_("The file is too large. Divide it into several files."))
    _read(file, get_format_cls_by_extension(extension)())
    file.seek(0)
    return file


def _read(file: UploadedFile[Any], file_format: Any) -> None:
    content = file.read()
    data = content if file_format.is_binary() else _decoded(content)
    try:
        dataset = file_format.create_dataset(data)
    except csv.Error as error:
        raise ValidationError(_("The file is not a table in this format.")) from error
    if not dataset.headers:
        raise ValidationError(_("The first row is empty. It must name the columns."))
    if len(dataset) > MOST_ROWS or len(dataset.headers) > MOST_COLUMNS:
        raise ValidationError(
            _(
                "The table has over %(rows)d rows or %(columns)d columns. Divide it into several "
                "files."
            )
            % {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        )


def _decoded(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValidationError(
            _("Line %(line)d is not in UTF-8. Save the file in this encoding.") % {"line": line}
        ) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise ValidationError(
            _("Line %(line)d has a character that cannot be stored (NUL).") % {"line": line}
        )
    return text


def xlsx_dataset(file_format: XLSX, data: bytes) -> Dataset:
    """The first sheet of a workbook, with at most one row and column more than may be imported.

    Raises ValidationError if `data` is no workbook.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise ValidationError(_("The file is too large. Divide it into several files."))
        workbook = load_workbook(BytesIO(data), read_only=True, data_only=True)
        try:
            sheet = workbook.worksheets[0]
            columns = min(sheet.max_column or 0, MOST_COLUMNS + 1) or None
            rows = sheet.iter_rows(max_col=columns, values_only=True)
            return Dataset(islice(rows, MOST_ROWS + 2))
        finally:
            workbook.close()
    except (ValidationError, MemoryError):
        raise
    except Exception as error:  # openpyxl has no error of its own for a broken workbook
        is_archive = not isinstance(error, BadZipFile)
        raise ValidationError(
            _("The workbook is damaged.") if is_archive else _("The file is not an XLSX workbook.")
        ) from error


def clean_management_form(form: ConfirmImportManagementForm) -> dict[str, Any]:
    """The file's name and format; raises ValidationError if this server did not sign them."""
    cleaned: dict[str, Any] = super(ConfirmImportManagementForm, form).clean()
    for key in ("import_file_name", "input_format"):
        try:
            cleaned[key] = form.signer.unsign(cleaned.get(key, ""))
        except BadSignature as error:
            raise ValidationError(str(error)) from error
    return cleaned


@functools.wraps(_process_import)
def process_import(request: HttpRequest) -> HttpResponseBase:
    """Import all rows of the chosen file, or send the user back to choose one that is there."""
    try:
        with transaction.atomic():
            response: HttpResponseBase = _process_import(request)
    except (FileNotFoundError, SuspiciousOperation):
        messages.error(request, _("The file is no longer on the server. Choose it again."))
        return redirect("wagtailredirects:start_import")
    return response


@functools.wraps(_create_redirects)
def create_redirects(dataset: Dataset, config: dict[str, Any]) -> dict[str, Any]:
    """Import rows. One without both addresses is reported, and an empty one is left out."""
    columns = config["from_index"], config["to_index"]
    width = max(*columns, len(dataset.headers) - 1) + 1
    rows = [[*row, *[""] * (width - len(row))] for row in dataset if any(row)]
    whole, faults = [], []
    for row in rows:
        addresses = [row[column] for column in columns]
        if all(addresses):
            whole.append(row)
        else:
            faults.append([*addresses, _("The row must have both addresses.")])
    summary: dict[str, Any] = _create_redirects(Dataset(whole, headers=dataset.headers), config)
    summary["errors"] += faults
    summary["errors_count"] += len(faults)
    summary["total"] = len(rows)
    return summary


@functools.wraps(_normalise_path)
def normalise_path(url: str, decode_unicode: bool = True) -> str:
    """The path to redirect from; raises ValidationError if `url` is no address."""
    try:
        return str(_normalise_path(url, decode_unicode))
    except ValueError as error:
        raise ValidationError(URLValidator.message) from error


@functools.wraps(_clean_redirect)
def clean_redirect(instance: Redirect) -> None:
    """Normalise the path; raises ValidationError if it has become too long for its column."""
    _clean_redirect(instance)
    try:
        Redirect._meta.get_field("old_path").run_validators(instance.old_path)
    except ValidationError as error:
        raise ValidationError({"old_path": error.messages}) from error
