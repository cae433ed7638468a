"""Tables: what is stored, refused, compared, shown and translated, cell by cell."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import nested_form_data, streamfield
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from cms.pages.blocks.table import MAX_CELLS, MAX_COLUMNS, MAX_TEXT_LENGTH, TableRowsBlock
from cms.pages.blocks.table_rows import Cell, TableRows, parse_rows, read_rows
from cms.pages.models import StandardPage
from tests.factories import SiteFactory, StandardPageFactory
from tests.pages.body_blocks import RATES, stream, table
from tests.snippets.forms import submit
from tests.snippets.translating import publish, screen_rows, submit_for_translation
from wagtail_delivery.extending import verify
from wagtail_localize_desk.extending import publishing_untranslated


def rows_of(texts: list[list[str]]) -> TableRows:
    return read_rows(texts)


def texts_of(rows: TableRows) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


def code_of(block: TableRowsBlock, value: TableRows) -> str | None:
    """The code of the only error of `value`."""
    with pytest.raises(ValidationError) as caught:
        block.clean(value)
    [error] = caught.value.error_list
    code: str | None = error.code
    return code


def page_with(rows: list[list[str]] | None = None, **values: Any) -> StandardPage:
    return StandardPageFactory(slug="kadar", body=json.dumps(stream(table=table(rows, **values))))


def document(page: StandardPage, locale: str = "ms") -> dict[str, Any]:
    found = Client().get(f"/api/v1/pages/{page.translation_key}", {"locale": locale})
    assert found.status_code == 200, found.content
    content: dict[str, Any] = json.loads(found.content)
    return content


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("", False),
        ("1,234.50", False),
        ("RM 1,234.50", False),
        ("RM1,234.50 – RM1,300.00", False),
        ("1.75%", False),
        ("50 sen", False),
        ("—", False),
        ("Majikan", True),
        ("Melebihi RM30", True),
        ("H₂O", True),
        ("RMK", True),
        ("雇主", True),
        ("முதலாளி", True),
    ],
)
def test_numbers_and_amounts_need_no_translation(text: str, needed: bool) -> None:
    assert Cell("a", text).needs_translation is needed


def test_rows_of_unequal_length_are_filled_with_empty_cells() -> None:
    assert texts_of(rows_of([["a"], [], ["b", "c"]])) == [["a", ""], ["", ""], ["b", "c"]]


def test_every_cell_has_an_id_of_its_own() -> None:
    given = [[{"id": "a", "text": "1"}, {"id": "a", "text": "2"}], [{"id": "x.y"}, {"id": None}]]
    ids = [cell.id for cell in read_rows(given).cells()]
    assert ids[0] == "a"
    assert len(set(ids)) == 4
    assert not any("." in identity for identity in ids)
    assert read_rows(given) == read_rows(given)


def test_a_cell_without_an_id_does_not_take_that_of_another() -> None:
    given = [[{"text": "1"}, {"id": "0-0", "text": "2"}, {"id": "0-0-2", "text": "3"}]]
    assert len({cell.id for cell in read_rows(given).cells()}) == 3


@pytest.mark.parametrize(
    "sent",
    ['{"a": 1}', '"x"', "5", "[1]", "[[[]]]", '[[{"id": "a", "text": {}}]]', "[[", "[" * 100_000],
)
def test_what_is_no_table_is_an_error_of_the_field(sent: str) -> None:
    block = TableRowsBlock()
    assert code_of(block, block.value_from_form(sent)) == "not_a_table"


@pytest.mark.parametrize("sent", ["", "[]", "[[]]", "null", '[[{"id": "a", "text": " \\n "}]]'])
def test_an_empty_table_is_refused_only_when_it_is_published(sent: str) -> None:
    block = TableRowsBlock()
    assert code_of(block, block.value_from_form(sent)) == "required"
    block.defer_required_validation()
    assert not block.clean(block.value_from_form(sent))


def test_empty_rows_and_columns_at_the_end_are_left_out() -> None:
    rows = rows_of([["", " a ", ""], ["", "", ""], ["b", "", " "], ["", "\n", ""]])
    assert texts_of(TableRowsBlock().clean(rows)) == [["", "a"], ["", ""], ["b", ""]]


def test_characters_that_cannot_be_stored_are_removed() -> None:
    assert parse_rows('[["a\\u0000b\\ud83d", "\\ud83d\\ude00\\r\\nc"]]') == read_rows(
        [["ab", "😀\nc"]]
    )


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ([["1"] * (MAX_COLUMNS + 1)], "too_large"),
        ([["1"] * MAX_COLUMNS] * (MAX_CELLS // MAX_COLUMNS + 1), "too_large"),
        ([["1", "2"], ["3", "x" * (MAX_TEXT_LENGTH + 1)]], "too_long"),
    ],
)
def test_a_table_without_measure_is_refused(texts: list[list[str]], code: str) -> None:
    assert code_of(TableRowsBlock(), rows_of(texts)) == code


def test_the_largest_table_is_accepted() -> None:
    rows = rows_of([["x" * 10] * MAX_COLUMNS] * (MAX_CELLS // MAX_COLUMNS))
    assert TableRowsBlock().clean(rows) == rows


@pytest.fixture
def home(db: None) -> Page:
    return SiteFactory().root_page


def form(**changes: Any) -> dict[str, Any]:
    value = table() | {"first_row_is_header": "on", "first_column_is_header": ""} | changes
    value["rows"] = value["rows"] if isinstance(value["rows"], str) else json.dumps(value["rows"])
    body = {"body": streamfield([("table", value)])}
    return {"title": "Kadar", "slug": "kadar"} | nested_form_data(body)


def add(home: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=["pages", "standardpage", home.pk])


def test_a_table_is_typed_published_and_shown_whole(admin: Client, home: Page) -> None:
    response = submit(admin, add(home), form(), "action-publish")
    assert response.status_code == 302, unescape(response.content.decode())
    page = StandardPage.objects.get()
    assert texts_of(page.body[0].value["rows"]) == RATES
    html = unescape(admin.get("/ms/kadar/").content.decode())
    assert "<caption>Kadar caruman</caption>" in html
    for text in filter(None, (text for row in RATES for text in row)):
        assert f">{text}</t" in html
    assert html.count('<th scope="col"') == 3
    assert html.count("<tr>") == 3
    assert admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rows": "[[1"}, "Ini bukan jadual. Taip atau tampalkannya semula."),
        ({"rows": "[]"}, "Medan ini wajib diisi."),
        ({"caption": ""}, "Medan ini wajib diisi."),
        ({"rows": [["x"] * 21]}, "Jadual ini terlalu besar"),
    ],
)
def test_a_faulty_table_is_refused_in_malay_and_nothing_is_lost(
    admin: Client, home: Page, changes: dict[str, Any], message: str
) -> None:
    response = submit(admin, add(home), form(**changes), "action-publish")
    assert response.status_code == 200
    assert not StandardPage.objects.exists()
    html = unescape(unescape(response.content.decode())).encode().decode("unicode_escape")
    assert message in html
    bound = response.context["form"]["body"].value()[0].value
    if "caption" in changes:
        assert texts_of(bound["rows"]) == RATES
    else:
        assert bound["caption"] == "Kadar caruman"


def compared(before: TableRows | None, after: TableRows | None) -> str:
    block = TableRowsBlock()
    return str(block.get_comparison_class()(block, True, True, before, after).htmldiff())


def test_a_change_of_a_table_is_compared_row_by_row_and_cell_by_cell() -> None:
    before = rows_of(RATES)
    changed = compared(before, rows_of([RATES[0], [RATES[1][0], "RM 0.80", "RM 0.20"], RATES[2]]))
    assert changed.count("<div") == 3
    assert (
        f'{RATES[1][0]} | RM 0.<span class="deletion">70</span><span class="addition">80</span>'
        " | RM 0.20</div>"
    ) in changed
    shorter = compared(before, rows_of([RATES[0], RATES[2]]))
    assert shorter.count("object deletion") == 1
    assert "addition" not in shorter
    wider = compared(rows_of([["a"]]), rows_of([["a", "b"]]))
    assert "deletion" in wider
    assert "object addition" in wider
    assert compared(None, rows_of([])) == ""


def test_a_comparison_escapes_the_texts() -> None:
    hostile = rows_of([["<b>", "1"]])
    assert "<b>" not in compared(hostile, rows_of([["<b>&", "1"]]))
    assert "<b>" not in compared(hostile, rows_of([["<b>"]]))
    comparison = TableRowsBlock().get_comparison_class()
    assert "<b>" not in comparison(TableRowsBlock(), True, True, hostile, hostile).htmlvalue(
        hostile
    )


def test_versions_of_a_page_with_a_table_are_compared_in_malay(admin: Client, home: Page) -> None:
    page = page_with()
    first = page.save_revision()
    page.body = json.dumps(stream(table=table() | {"first_column_is_header": True}))
    second = page.save_revision()
    url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk])
    html = unescape(admin.get(url).content.decode())
    assert "RM 0.70" in html
    assert "False" not in html
    assert "Tidak" in html


def test_the_api_has_the_cells_row_by_row(home: Page) -> None:
    page = page_with(first_column_is_header=True)
    page.save_revision().publish()
    assert document(page)["body"] == [
        {
            "type": "table",
            "id": "table",
            "value": {
                "caption": "Kadar caruman",
                "first_row_is_header": True,
                "first_column_is_header": True,
                "rows": [RATES[0], RATES[1], [*RATES[2][:2], None]],
            },
        }
    ]


ENGLISH = {
    "Gaji bulanan": "Monthly wages",
    "Majikan": "Employer",
    "Pekerja": "Employee",
    RATES[1][0]: "Exceeding RM30 but not RM50",
    RATES[2][0]: "Exceeding RM50 but not RM70",
    "Jumlah": "Total",
}


def translate_words(translation: Translation, *without: str) -> None:
    """Translate the words of ENGLISH and all else that is not in `without` as it is."""
    for segment in StringSegment.objects.filter(source=translation.source):
        text = segment.string.data
        if text not in without:
            StringTranslation.objects.get_or_create(
                translation_of=segment.string,
                context=segment.context,
                locale=translation.target_locale,
                defaults={"data": ENGLISH.get(text, text)},
            )


def update(page: StandardPage, rows: list[list[dict[str, str]]]) -> Translation:
    """Publish `page` with these rows, and take them over into its translation, unchanged."""
    page.body = json.dumps(stream(table=table() | {"rows": rows}))
    page.save_revision().publish()
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation = Translation.objects.get(source=source)
    publish_target(translation)
    return translation


def publish_target(translation: Translation) -> StandardPage:
    with publishing_untranslated():
        translation.save_target()
    return publish(translation)


def english_rows(page: StandardPage) -> list[list[str]]:
    rows = document(page, "en")["body"][0]["value"]["rows"]
    return [[text or "" for text in row] for row in rows]


def in_english(rows: list[list[str]]) -> list[list[str]]:
    return [[ENGLISH.get(text, text) for text in row] for row in rows]


@pytest.fixture
def page(home: Page, english: Locale) -> StandardPage:
    """A page with a table whose English translation is complete and published."""
    page = page_with()
    page.save_revision().publish()
    translation = submit_for_translation(home, english)
    translate_words(translation)
    publish_target(translation)
    translation = submit_for_translation(page, english)
    translate_words(translation)
    publish_target(translation)
    return page


def test_each_cell_with_words_is_a_string_of_its_own(page: StandardPage) -> None:
    paths = StringSegment.objects.filter(context__path__startswith="body.").values_list(
        "context__path", "string__data"
    )
    assert sorted(paths) == [
        ("body.table.caption", "Kadar caruman"),
        ("body.table.rows.r0c0", "Gaji bulanan"),
        ("body.table.rows.r0c1", "Majikan"),
        ("body.table.rows.r0c2", "Pekerja"),
        ("body.table.rows.r1c0", RATES[1][0]),
        ("body.table.rows.r2c0", RATES[2][0]),
    ]


def test_a_table_is_complete_when_its_words_are_translated(page: StandardPage) -> None:
    assert english_rows(page) == in_english(RATES)
    assert document(page, "en")["meta"]["translation"]["status"] == "complete"


def test_moved_rows_and_columns_and_new_cells_keep_all_translations(page: StandardPage) -> None:
    rows = table()["rows"]
    moved = [rows[0], rows[2], rows[1]]
    update(page, moved)
    assert english_rows(page) == in_english([RATES[0], RATES[2], RATES[1]])
    new = [{"id": f"new{y}", "text": text} for y, text in enumerate(["Jumlah", "RM 1", "RM 2"])]
    wider = [[row[1], row[0], cell, row[2]] for row, cell in zip(moved, new, strict=True)]
    translation = update(page, wider)
    found = document(page, "en")
    assert english_rows(page)[0] == ["Employer", "Monthly wages", "Jumlah", "Employee"]
    assert found["meta"]["translation"]["languages"] == {"/body/0/value/rows/0/2": "ms"}
    assert found["meta"]["translation"]["status"] == "partial"
    translate_words(translation)
    publish_target(translation)
    assert english_rows(page)[0] == ["Employer", "Monthly wages", "Total", "Employee"]
    assert document(page, "en")["meta"]["translation"]["status"] == "complete"
    assert not list(verify())


def test_only_a_changed_cell_needs_a_new_translation(page: StandardPage) -> None:
    rows = table()["rows"]
    rows[0][1]["text"] = "Bahagian majikan"
    rows[1][1]["text"] = "RM 0.75"
    update(page, rows)
    assert english_rows(page)[:2] == [
        # The old translation, which is told to be stale.
        ["Monthly wages", "Employer", "Employee"],
        ["Exceeding RM30 but not RM50", "RM 0.75", "RM 0.20"],
    ]
    translation = document(page, "en")["meta"]["translation"]
    assert translation["stale"] == ["/body/0/value/rows/0/1"]
    assert translation["untranslated"] == []


def test_a_cell_of_several_lines_is_one_string() -> None:
    block, rows = TableRowsBlock(), rows_of([["Gaji\n(bulanan) <b> & lain", "1"]])
    [segment] = block.get_translatable_segments(rows)
    assert block.restore_translated_segments(rows_of([["", "1"]]), [segment]) == rows


def test_the_translators_screen_shows_the_cells(admin: Client, page: StandardPage) -> None:
    target = page.get_translation(Locale.objects.get(language_code="en"))
    response = admin.get(reverse("wagtailadmin_pages:edit", args=[target.pk]))
    paths = {row.string.path.partition(".rows.")[2] for row in screen_rows(response, "string")}
    assert "r1c0" in paths
    assert "r1c1" not in paths


@pytest.mark.parametrize("changes", [{"caption": ""}, {"rows": ""}, {"caption": "", "rows": "[]"}])
def test_a_draft_may_lack_the_caption_or_the_cells(
    admin: Client, home: Page, changes: dict[str, Any]
) -> None:
    response = submit(admin, add(home), form(**changes))
    assert response.status_code == 302, response.context["form"].errors
    assert not StandardPage.objects.get().live
