"""The list of terms, read from its document."""

from __future__ import annotations

import pytest

from devtools.catalogues.__main__ import ROOT
from devtools.catalogues.terminology import Terminology

DOCUMENT = """# Terms

| English | Malay | Stems | Note |
| --- | --- | --- | --- |
| home page | laman utama | laman utama | |
| page | halaman | halaman | |
| publish | terbitkan | terbit, nerbit | |
| type | jenis | | noun or verb |
| copy | salin | salin, nyalin | |
| move | pindah | pindah, mindah | |
| tag | tag | tag | |

| Message | Term | Why |
| --- | --- | --- |
| `Publish in the Gazette` | publish | the Gazette's word |
| `A long page…` | page | only its beginning is written |

| Not | But |
| --- | --- |
| emel, email | e-mel |
"""


@pytest.fixture
def terms(tmp_path):
    path = tmp_path / "terms.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    return Terminology(path)


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("Page", "Halaman"),
        ("Pages published", "Halaman diterbitkan"),
        ("Publishing", "Menerbitkan"),
        ("The home page", "Laman utama"),
        ("homepage, pagination, publisher", "apa-apa"),
        ("Type here", "Taip di sini"),
        ('<page class="publish">%(page)s</page>', '<page class="publish">%(page)s</page>'),
        ("Publish in the Gazette", "Siarkan dalam Warta"),
        ("A long page and so on", "Apa-apa"),
        ("E-mail", "E-mel"),
    ],
)
def test_translations_that_follow_the_list(terms, message, translation):
    assert list(terms.problems(message, translation)) == []


@pytest.mark.parametrize(
    ("message", "translation", "problem"),
    [
        ("Page", "Laman", "'page' is 'halaman' in Malay"),
        ("Home page", "Halaman utama", "'home page' is 'laman utama' in Malay"),
        ("PUBLISHED", "SIAR", "'publish' is 'terbit' or 'nerbit' in Malay"),
        ("Publish it in the Gazette", "Siarkan", "'publish' is 'terbit' or 'nerbit' in Malay"),
        ("E-mail", "Emel", "'emel' is not used"),
        ("Copies", "Pendua", "'copy' is 'salin' or 'nyalin' in Malay"),
        ("It was copied.", "Ia digandakan.", "'copy' is 'salin' or 'nyalin' in Malay"),
        ("Moving", "Sedang mengalihkan", "'move' is 'pindah' or 'mindah' in Malay"),
        ("Tagging", "Melabel", "'tag' is 'tag' in Malay"),
    ],
)
def test_translations_that_break_the_list(terms, message, translation, problem):
    assert list(terms.problems(message, translation)) == [problem]


def test_a_row_with_a_missing_cell_is_reported(tmp_path):
    path = tmp_path / "terms.md"
    path.write_text(DOCUMENT.replace("| type | jenis | |", "| type | jenis |"), encoding="utf-8")
    with pytest.raises(ValueError, match="type"):
        Terminology(path)


def test_our_list_has_no_contradictions():
    terms = Terminology(ROOT / "docs" / "terminology.md")
    names = [term.english for term in terms.terms]
    assert len(names) == len(set(names)) > 100
    assert not [stem for term in terms.terms for stem in term.stems if stem in terms.banned]
