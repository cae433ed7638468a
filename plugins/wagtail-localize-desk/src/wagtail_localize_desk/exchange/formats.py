"""The formats of translation files, and which of them a file has."""

from __future__ import annotations

import codecs
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from wagtail_localize.models import Translation

from wagtail_localize_desk.exchange.entries import Entry, FileError, FileFormat
from wagtail_localize_desk.exchange.po import PoFormat
from wagtail_localize_desk.exchange.xliff import not_xliff
from wagtail_localize_desk.exchange.xliff_1 import Xliff1
from wagtail_localize_desk.exchange.xliff_2 import Xliff2
from wagtail_localize_desk.exchange.xml_reading import parse_xml

#: A page's texts have some hundred kilobytes; reading takes a second for each megabyte.
LARGEST_FILE = 5 * 1024 * 1024

PO = PoFormat()
XLIFF = (Xliff1(), Xliff2())
FORMATS: dict[str, FileFormat] = {each.key: each for each in (PO, *XLIFF)}
#: The first characters of XML, in the encodings that a parser tells by them.
XML = tuple(
    mark + "<".encode(encoding)
    for mark, encoding in (
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    )
)


def uploaded_content(file: Any) -> bytes:
    """The content of a form's file; raises FileError without one, and for an empty or large one."""
    if not isinstance(file, UploadedFile):
        raise FileError(_("Choose a file with translations."))
    content: bytes = file.read(LARGEST_FILE + 1)
    if not content.strip():
        raise FileError(_("The file is empty."))
    if len(content) > LARGEST_FILE:
        size = LARGEST_FILE // (1024 * 1024)
        raise FileError(_("The file is larger than %(size)d MB.") % {"size": size})
    return content


def read_file(content: bytes, translation: Translation) -> tuple[FileFormat, list[Entry]]:
    """The format of a file and its entries; raises FileError.

    The content tells the format, because files are renamed often.
    """
    if not content.lstrip().startswith(XML):
        return PO, PO.read(content, translation)
    root = parse_xml(content)
    for version in XLIFF:
        if version.reads(root):
            return version, version.entries(root, translation)
    raise not_xliff(root)
