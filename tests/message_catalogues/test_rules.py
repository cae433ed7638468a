"""Rules that a message and its translation must follow."""

from __future__ import annotations

import pytest

from devtools.catalogues.rules import plain, problems


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("Save", "Simpan"),
        ("Delete %(title)s?", "Padam %(title)s?"),
        ("%(n)s of %(m)s", "daripada %(m)s, %(n)s"),
        ("%s pages, %d images", "%s halaman, %d imej"),
        ("{count} of {total}", "{count} daripada {total}"),
        ("<b>Bold</b> &nbsp; text.", "Teks <b>tebal</b> &nbsp;."),
        (" with a blank ", " dengan jarak "),
        ("Loading…", "Memuatkan..."),
        ("%(percent)s%% done", "%(percent)s%% selesai"),
        ("%(n)s and %(n)s", "kedua-dua %(n)s"),
    ],
)
def test_valid_translations(message, translation):
    assert list(problems(message, translation)) == []


@pytest.mark.parametrize(
    ("message", "translation", "problem"),
    [
        ("Save", "", "the translation is missing"),
        ("Save", "  ", "the translation is missing"),
        ("Delete %(title)s", "Padam", "the placeholder %(title)s is missing"),
        ("Delete %(title)s", "Padam %(tajuk)s", "the placeholder %(tajuk)s is not in the English"),
        ("%s of %s", "%s", "the placeholder %s occurs 1 times, not 2"),
        ("%(n)d pages", "%(n)s halaman", "the placeholder %(n)d is missing"),
        ("Hello {name}", "Helo", "the placeholder {name} is missing"),
        ("<b>a</b>", "<b>a</i>", "the tag </i> is not in the English"),
        ('<a href="x">a</a>', '<a href="y">a</a>', 'the tag <a href="x"> is missing'),
        ("<b>a</b> c", "<b>a</b> <b>c</b>", "the tag <b> occurs 2 times, not 1"),
        ("a&nbsp;b", "a b", "the entity &nbsp; is missing"),
        ("Save ", "Simpan", "whitespace at the end differs"),
        ("Save", " Simpan", "whitespace at the start differs"),
        ("Saved.", "Disimpan", "the text must end as the English does (.)"),
        ("Save", "Simpan.", "the text must end as the English does (no full stop)"),
    ],
)
def test_problems_of_translations(message, translation, problem):
    assert problem in list(problems(message, translation))


def test_a_percent_sign_need_not_be_a_placeholder():
    assert list(problems("at 100% size", "pada saiz 100%", printf=False)) == []


def test_plain_text_has_no_placeholders_markup_or_urls():
    found = plain('<a href="/edit">Save</a> %(page)s {image} &amp; https://example.test/draft now')
    assert found.split() == ["Save", "now"]
