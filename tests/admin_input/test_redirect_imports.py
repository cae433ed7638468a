"""A file of redirects that cannot be imported is refused in the form, and nothing is written."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from wagtail.contrib.redirects.models import Redirect

from cms.admin_input import redirect_imports

pytestmark = pytest.mark.django_db

START, PROCESS = "wagtailredirects:start_import", "wagtailredirects:process_import"
NEW, TWO = "https://www.perkeso.gov.my/baharu", "https://www.perkeso.gov.my/dua"
ROWS = [("dari", "ke"), ("/lama", NEW), ("/satu", TWO)]
CSV = "\n".join(",".join(row) for row in ROWS)


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def workbook(rows: list[tuple[object, ...]]) -> bytes:
    book, buffer = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def choose(client: Client, name: str, content: bytes) -> HttpResponse:
    return client.post(reverse(START), {"import_file": SimpleUploadedFile(name, content)})


def confirmation(response: HttpResponse) -> dict[str, str]:
    """The hidden fields of the second step, and the columns."""
    fields = BeautifulSoup(response.content, "html.parser").find_all("input", type="hidden")
    values = {field["name"]: field["value"] for field in fields if field.get("name")}
    return {**values, "from_index": "0", "to_index": "1", "site": ""}


def redirects() -> set[tuple[str, str]]:
    return {*Redirect.objects.values_list("old_path", "redirect_link")}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ubah.csv", CSV.encode()),
        ("UBAH.CSV", CSV.encode()),
        ("ubah.tsv", CSV.replace(",", "\t").encode()),
        ("ubah.xlsx", workbook(ROWS)),
    ],
)
def test_a_table_is_imported(admin_client: Client, name: str, content: bytes) -> None:
    values = confirmation(choose(admin_client, name, content))
    response = admin_client.post(reverse(PROCESS), values)
    assert response.url == reverse("wagtailredirects:index")
    assert redirects() == {*ROWS[1:]}


FAULTS = {
    "another format": ("ubah.pdf", b"%PDF-1.4", "Format fail jenis &quot;pdf&quot; tidak disokong"),
    "no extension": ("ubah", CSV.encode(), "tidak disokong"),
    "UTF-16": ("ubah.csv", CSV.encode("utf-16"), "Baris 1 bukan dalam UTF-8."),
    "Latin 1": ("ubah.csv", (CSV + "\n/caf\xe9,/").encode("latin-1"), "Baris 4 bukan dalam UTF-8."),
    "NUL": ("ubah.csv", (CSV + "\n/a\x00,/").encode(), "Baris 4 mempunyai aksara"),
    "an overlong cell": ("ubah.csv", b"dari,ke\n" + b"x" * 200_000, "bukan jadual"),
    "no first row": ("ubah.csv", b"\n" + CSV.encode(), "Baris pertama kosong."),
    "too many rows": ("ubah.csv", b"dari,ke\n" + b"/a,/b\n" * 5_001, "lebih daripada 5000 baris"),
    "too many columns": ("ubah.csv", b"a," * 101 + b"a\n", "100 lajur"),
    "text named .xlsx": ("ubah.xlsx", CSV.encode(), "bukan buku kerja XLSX."),
    "another archive": ("ubah.xlsx", zipped("a.txt", b"x"), "Buku kerja itu rosak."),
    "a cut workbook": ("ubah.xlsx", workbook(ROWS)[:-40], "bukan buku kerja XLSX."),
    "a bomb": ("ubah.xlsx", zipped("xl/workbook.xml", b" " * 21_000_000), "terlalu besar"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_read_is_refused_in_the_form(
    admin_client: Client, own_temporary_folder: Path, fault: str
) -> None:
    name, content, reason = FAULTS[fault]
    response = choose(admin_client, name, content)
    assert response.status_code == 200
    assert reason in response.content.decode()
    assert "import_file_name" not in response.content.decode()
    assert not [*own_temporary_folder.iterdir()]


def test_a_refusal_is_in_the_editors_language(admin_client: Client, admin_user: object) -> None:
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user=admin_user, defaults={"preferred_language": "en"})
    response = choose(admin_client, "ubah.csv", FAULTS["Latin 1"][1])
    assert "Line 4 is not in UTF-8. Save the file" in response.content.decode()


def test_a_workbook_with_a_cell_far_below_is_refused_at_once(admin_client: Client) -> None:
    book, buffer = Workbook(), BytesIO()
    book.active["A1"] = "dari"
    book.active["XFD1048576"] = "x"
    book.save(buffer)
    response = choose(admin_client, "ubah.xlsx", buffer.getvalue())
    assert "lebih daripada 5000 baris atau 100 lajur" in response.content.decode()


def test_a_file_that_is_too_large_is_refused(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redirect_imports, "LARGEST_FILE", 10)
    assert "terlalu besar" in choose(admin_client, "ubah.csv", CSV.encode()).content.decode()


def test_rows_that_are_too_short_are_reported_and_the_others_imported(
    admin_client: Client,
) -> None:
    content = (CSV + f"\n/pendek\n\n,{NEW}\n/tiga,{NEW},/lima").encode()
    response = admin_client.post(
        reverse(PROCESS), confirmation(choose(admin_client, "ubah.csv", content))
    )
    assert response.status_code == 200
    assert response.content.decode().count("Baris itu mesti mempunyai kedua-dua alamat.") == 2
    assert redirects() == {*ROWS[1:], ("/tiga", NEW)}


def test_an_import_that_is_sent_twice_asks_for_the_file_again(admin_client: Client) -> None:
    values = confirmation(choose(admin_client, "ubah.csv", CSV.encode()))
    admin_client.post(reverse(PROCESS), values)
    response = admin_client.post(reverse(PROCESS), values, follow=True)
    assert response.redirect_chain[-1][0] == reverse(START)
    assert "Fail itu tiada lagi pada pelayan." in response.content.decode()


@pytest.mark.parametrize("values", [{}, {"import_file_name": "/etc/passwd", "input_format": "0"}])
def test_an_import_without_the_servers_own_file_name_is_refused(
    admin_client: Client, values: dict[str, str]
) -> None:
    response = admin_client.post(reverse(PROCESS), values, follow=True)
    assert response.redirect_chain[-1][0] == reverse(START)
    assert "Fail itu tiada lagi pada pelayan." in response.content.decode()


def test_an_import_that_fails_in_between_leaves_nothing(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = confirmation(choose(admin_client, "ubah.csv", CSV.encode()))
    save = Redirect.save

    def failing(self: Redirect, *args: object, **kwargs: object) -> None:
        if self.old_path == "/satu":
            raise RuntimeError("in between")
        save(self, *args, **kwargs)

    monkeypatch.setattr(Redirect, "save", failing)
    with pytest.raises(RuntimeError):
        admin_client.post(reverse(PROCESS), values)
    assert not redirects()


@pytest.mark.parametrize("path", ["//[", "http://[::1/x", "x" * 255])
def test_a_path_that_is_no_address_is_refused_in_the_form(admin_client: Client, path: str) -> None:
    response = admin_client.post(
        reverse("wagtailredirects:add"), {"old_path": path, "redirect_link": "/"}
    )
    assert response.status_code == 200
    assert "old_path" in str(response.context["form"].errors) or (
        response.context["form"].non_field_errors()
    )
    assert not redirects()
