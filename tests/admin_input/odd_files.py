"""Odd files, as people upload them and programs send them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from wagtail.images.tests.utils import get_test_image_file

from tests.admin_input.odd import raw

PNG = get_test_image_file().file.getvalue()
BOUNDARY = "odd-files"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def png_of(width: int, height: int) -> bytes:
    """A picture that says it has this size, and has no pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\x00" * 1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def zip_of(name: str, content: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
#: By what is odd: the name and the content.
FILES: dict[str, tuple[str, bytes]] = {
    "nothing": ("kosong.png", b""),
    "nothing, as a document": ("kosong.pdf", b""),
    "a cut picture": ("gambar.png", PNG[: len(PNG) // 2]),
    "a picture cut after its size": ("gambar.png", PNG[:33]),
    "text named .png": ("gambar.png", b"Senarai"),
    "text named .jpg": ("gambar.jpg", b"\xff\xd8\xff\xe0 Senarai"),
    "text named .avif": ("gambar.avif", b"\x00\x00\x00\x20ftypavif Senarai"),
    "text named .webp": ("gambar.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
    "text named .gif": ("gambar.gif", b"GIF89a\x01"),
    "a picture named .pdf": ("gambar.pdf", PNG),
    "a picture named .svg": ("gambar.svg", PNG),
    "a picture named .jpg": ("gambar.jpg", PNG),
    "a picture without extension": ("gambar", PNG),
    "an overlong name": ("x" * 300 + ".png", PNG),
    "NUL in the name": ("a\x00b.png", PNG),
    "half an emoji in the name": ("Tahniah \ud83d.png", PNG),
    "right to left in the name": ("\u202egnp.exe.png", PNG),
    "a path": ("../../../etc/passwd.png", PNG),
    "only a path": ("../", PNG),
    "no name": ("", PNG),
    "only an extension": (".png", PNG),
    "dots": ("...", PNG),
    "wider than any screen": ("lebar.png", png_of(65_000, 65_000)),
    "beyond any memory": ("lebar.png", png_of(2_000_000_000, 2_000_000_000)),
    "without pixels": ("kosong.png", png_of(0, 0)),
    "SVG with a script": ("a.svg", SVG.format("<script>alert(1)</script>").encode()),
    "SVG with entities": ("a.svg", (ENTITIES + SVG.format("&b;")).encode()),
    "SVG without size": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "SVG with sizes that are none": ("a.svg", SVG.replace("0 0 9 9", "0 0 x NaN").encode()),
    "SVG of size zero": ("a.svg", SVG.replace("0 0 9 9", "0 0 0 0").encode()),
    "SVG that is cut": ("a.svg", SVG[:40].encode()),
    "PO garbage": ("a.po", b'msgid "a\nmsgstr \x00\xff'),
    "a table in UTF-16": ("a.csv", "dari,ke\n/a,/b\n".encode("utf-16")),
    "a table with NUL": ("a.csv", b"dari,ke\n/a\x00,/b\n"),
    "a table with short rows": ("a.csv", b"dari,ke\n/a\n\n"),
    "text named .xlsx": ("a.xlsx", b"dari,ke\n"),
    "another archive named .xlsx": ("a.xlsx", zip_of("a.txt", b"x")),
    "a bomb named .xlsx": ("a.xlsx", zip_of("xl/workbook.xml", b" " * 30_000_000)),
}


def uploads(values: dict[str, Any], fields: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """The body of a form with each file in all its fields for files, and what is odd about it."""
    for oddity, (name, content) in FILES.items():
        yield oddity, body(values, fields, name, content)
    # Text where a file is expected.
    yield "no file", body({**values, **dict.fromkeys(fields, "x")}, (), "", b"")


def body(values: dict[str, Any], fields: tuple[str, ...], name: str, content: bytes) -> bytes:
    """A form with files, as browsers send it. Django's client cannot send such names."""
    parts = [
        (b"", field, value if isinstance(value, bytes) else raw(str(value)))
        for field, found in values.items()
        for value in (found if isinstance(found, list) else [found])
    ]
    escaped = raw(name).replace(b'"', b"%22")
    file_name = b'; filename="' + escaped + b'"\r\nContent-Type: application/octet-stream'
    parts += [(file_name, field, content) for field in fields]
    whole = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        % (BOUNDARY.encode(), raw(field), head, data)
        for head, field, data in parts
    )
    return whole + b"--%s--\r\n" % BOUNDARY.encode()
