"""Malay words that readers of the screens had stumbled over, each with the right one."""

from __future__ import annotations

import polib
import pytest
from django.utils.translation import gettext, override

from cms.operations.catalogues import ROOT, catalogues

pytestmark = pytest.mark.any_database

RIGHT = {
    "No, don't delete": "Tidak, kekalkan",
    "Promote": "Carian dan perkongsian",
    "Tone": "Jenis makluman",
    "Anchor": "Alamat bahagian",
    "Aging pages": "Halaman yang lama tidak dikemas kini",
    "Your pages and snippets in a workflow": "Halaman dan entri anda dalam aliran kerja",
    "Toggle status": "Papar atau sembunyikan status",
    "Submit for review": "Hantar untuk semakan",
    "Rejected": "Perubahan diminta",
    "Your session has ended. Log in again.": "Sesi anda telah tamat. Log masuk semula.",
    "The title as the public sees it.": "Tajuk seperti yang dilihat oleh orang awam.",
    "Log in to PERKESO CMS": "Log masuk ke PERKESO CMS",
}


@pytest.mark.parametrize("message", RIGHT)
def test_the_malay_is_the_right_one(message: str) -> None:
    with override("ms"):
        assert gettext(message) == RIGHT[message]


def test_a_request_for_changes_has_one_name_everywhere() -> None:
    """A reviewer asks for changes; "ditolak", rejected, is a second word for the same act."""
    files = [file for file in catalogues(ROOT) if "/ms/" in file.as_posix()]
    entries = [entry for file in files for entry in polib.pofile(str(file))]
    about_reviews = [entry for entry in entries if "reject" in entry.msgid.lower()]
    assert len(about_reviews) > 10
    assert [entry.msgid for entry in about_reviews if "tolak" in entry.msgstr] == []


def test_english_messages_of_ours_have_no_malay() -> None:
    for entry in polib.pofile(str(ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po")):
        assert "kandungan" not in entry.msgstr, entry.msgid
