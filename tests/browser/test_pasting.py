"""What is pasted from Word and Excel: into the table block, and into rich text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains

from cms.pages.blocks.table import MAX_COLUMNS
from tests.browser.malay_desk import MalayDesk
from tests.factories import StandardPageFactory
from tests.pages.body_blocks import stream, table

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SCRIPTS = Path(__file__).parents[2] / "cms" / "pages" / "static" / "pages"
#: As Wagtail has them, as far as the functions under test use them.
SURROUNDINGS = "window.draftail = { registerPlugin() {} }; window.DraftJS = {};"
PASTE = """
const [target, html, text] = arguments;
const clipboardData = new DataTransfer();
if (html) clipboardData.setData("text/html", html);
clipboardData.setData("text/plain", text);
target.dispatchEvent(
  new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
);
"""
GRID = ".table-editor__grid"
STATUS = ".table-editor__status"
EDITOR = "[data-contentpath='body'] .public-DraftEditor-content"

#: A table as Word copies it.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><!--StartFragment-->
<table class=MsoTableGrid border=1>
 <tr><td rowspan=2><p class=MsoNormal><b>Gaji<o:p></o:p></b></p></td>
  <td colspan=2><p class=MsoNormal><b>Caruman</b></p></td></tr>
 <tr><td><p class=MsoNormal>Majikan</p></td><td><p class=MsoNormal>Pekerja</p></td></tr>
 <tr><td><p>RM30<sup>1</sup>&nbsp;</p><p>ke bawah</p></td><td>0.40</td><td>0.10</td></tr>
</table><!--EndFragment--></body></html>"""
SPLIT = [
    ["Gaji", "Caruman", "Caruman"],
    ["Gaji", "Majikan", "Pekerja"],
    ["RM30¹\nke bawah", "0.40", "0.10"],
]


@pytest.fixture
def functions(browser: Chrome) -> Chrome:
    """A browser with the functions that read the clipboard, and no server."""
    browser.get("about:blank")
    names = ("pasted-html", "pasted-table", "paste-from-word")
    scripts = [(SCRIPTS / f"{name}.js").read_text(encoding="utf-8") for name in names]
    browser.execute_script("\n".join([SURROUNDINGS, *scripts]))
    return browser


def lost_in(result: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in result["lost"].items() if count}


def test_the_clipboard_is_read(functions: Chrome) -> None:
    """All cases in one browser, as starting it takes longer than all of them."""

    def table_in(html: str) -> Any:
        return functions.execute_script("return pastedTable.fromHtml(arguments[0])", html)

    def table_in_text(text: str) -> Any:
        return functions.execute_script("return pastedTable.fromText(arguments[0])", text)

    def prepared(html: str) -> Any:
        return functions.execute_script("return pastedText.prepare(arguments[0])", html)

    # Tables.
    found = table_in(WORD)
    assert found["rows"] == SPLIT
    assert lost_in(found) == {"merged": 2}
    ragged = "<table><tr><td>a<td>b</tr><tr><td>c</tr><tr></tr></table>"
    assert table_in(ragged)["rows"] == [["a", "b"], ["c", ""], ["", ""]]
    hostile = (
        "<table><tr><td colspan=99999999 rowspan=99999999>a</td></tr>"
        "<tr><td colspan=-1>b</td><td rowspan=x><script>c</script>d</td></tr></table>"
    )
    rows = table_in(hostile)["rows"]
    assert (len(rows), len(rows[0])) == (2, 102)
    assert rows[1][100:] == ["b", "d"]
    formatted = (
        "<p>Sebelum</p><table><tr><td>H<sub>2</sub>O</td><td>x<sup>ab</sup></td></tr>"
        '<tr><td><a href="https://contoh.test">pautan</a></td><td>satu<br>dua</td></tr></table>'
        '<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table><img src="x">'
    )
    found = table_in(formatted)
    assert found["rows"] == [["H₂O", "xab"], ["pautan", "satu\ndua"]]
    assert lost_in(found) == {"formatting": 2, "otherTables": 1, "textOutside": 1, "images": 1}
    header = "<table><tr><td><b>Semua tebal</b></td></tr><tr><td>1</td></tr></table>"
    assert lost_in(table_in(header)) == {}
    assert table_in("<p>Tiada jadual</p>") is None

    # Text of spreadsheets.
    assert table_in_text("a\tb\r\nc\td\r\n")["rows"] == [["a", "b"], ["c", "d"]]
    quoted = 'a\t"b\n""c"" d"\n\te "f"\n"g\th'
    assert table_in_text(quoted)["rows"] == [["a", 'b\n"c" d'], ["", 'e "f"'], ['"g', "h"]]
    assert table_in_text("satu\ndua") is None

    # Rich text.
    assert prepared("<p>Biasa <b>sahaja</b></p>")["html"] is None
    levels = prepared("<h1>A</h1><h2><b>B</b></h2><h6>C</h6><p>d</p>")["html"]
    assert levels == "<h3>A</h3><h4>B</h4><h4>C</h4><p>d</p>"
    allowed = "<h3>A</h3><h4>B</h4>"
    assert prepared(allowed)["html"] == allowed
    outline = "<p class=MsoHeading2 style='mso-outline-level:2'>A</p><p class=MsoNormal>b</p>"
    assert prepared(outline)["html"] == '<h3>A</h3><p class="MsoNormal">b</p>'
    layout = prepared("<table><tr><td><p>Satu</p><h2>Dua</h2></td></tr></table>")
    assert lost_in(layout) == {}
    assert layout["html"] == "<div><p>Satu</p><h3>Dua</h3></div>"
    word = (
        "<p>Teks<a style='mso-footnote-id:ftn1' href='#_ftn1'><sup>[1]</sup></a> "
        "<ins cite='mailto:a' datetime='2026'>baharu</ins><del cite='mailto:a'>lama</del>"
        "<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[A1]</a></span>"
        "<s>batal</s><!--[if gte vml 1]><v:textbox><p>kotak</p></v:textbox><![endif]-->"
        "<img v:shapes='Text_x0020_Box_x0020_1' src='file:///a'><img src='file:///b'></p>"
        "<div style='mso-element:footnote-list'><div id=ftn1>nota</div></div>"
        "<div style='mso-element:comment-list'><div class=msocomtxt>komen</div></div>"
    )
    found = prepared(word)
    assert lost_in(found) == {
        "footnotes": 1,
        "changes": 2,
        "comments": 1,
        "images": 1,
        "textBoxes": 1,
    }
    for gone in ("[1]", "lama", "[A1]", "nota", "komen", "<img"):
        assert gone not in found["html"]
    for kept in ("Teks", "baharu", "<s>batal</s>"):
        assert kept in found["html"]
    marks = prepared("<p>\ue000H<sub>2</sub>\ue003O</p>")["html"]
    assert marks == "<p>H<sub>\ue0022\ue003</sub>O</p>"


def stored_rows(desk: MalayDesk) -> list[list[dict[str, str]]]:
    rows: list[list[dict[str, str]]] = json.loads(
        desk.find("[name=body-0-value-rows]").get_attribute("value") or ""
    )
    return rows


def cells(desk: MalayDesk) -> list[list[str]]:
    return [[cell["text"] for cell in row] for row in stored_rows(desk)]


def focus(desk: MalayDesk) -> str:
    return desk.browser.switch_to.active_element.get_attribute("aria-label") or ""


def shift_tab(desk: MalayDesk) -> None:
    chain = ActionChains(desk.browser)
    chain.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()


def test_a_table_is_written_by_keyboard_alone_and_pasted_from_word(malay_desk: MalayDesk) -> None:
    desk = malay_desk
    text = {"heading": "Teks", "anchor": "teks", "body": "<p></p>"}
    page = StandardPageFactory(
        slug="kadar", body=json.dumps(stream(table=table([["Gaji", "Majikan"]]), text=text))
    )
    desk.enter("penerbit")
    desk.open("wagtailadmin_pages:edit", page.pk)
    first = desk.find(f"{GRID} textarea")
    desk.browser.execute_script("arguments[0].focus()", first)
    desk.press(Keys.TAB, " (RM)", Keys.ENTER)
    assert focus(desk) == "Baris 2, lajur 2"
    desk.press("0.40", Keys.ARROW_UP)
    assert focus(desk) == "Baris 1, lajur 2"
    desk.press(Keys.ESCAPE)
    assert focus(desk) == "Sisipkan baris di bawah"
    desk.press(Keys.TAB, Keys.TAB, Keys.ENTER)
    assert cells(desk) == [["", "0.40"], ["Gaji", "Majikan (RM)"]]
    desk.reads(STATUS, "Baris ini kini baris 2.")
    assert focus(desk) == "Pindahkan baris ke bawah"
    # One step back from the first tool is the current cell, one more from the first cell is out.
    for _ in range(3):
        shift_tab(desk)
    assert focus(desk) == "Baris 2, lajur 2"
    for _ in range(4):
        shift_tab(desk)
    assert not focus(desk).startswith("Baris")
    desk.click("[data-tool=undo]")
    assert cells(desk) == [["Gaji", "Majikan (RM)"], ["", "0.40"]]
    desk.click("[data-tool=undo]")
    assert cells(desk) == [["Gaji", "Majikan (RM)"], ["", ""]], "what is typed is a step"

    before = stored_rows(desk)
    first = desk.find(f"{GRID} textarea")
    desk.browser.execute_script("arguments[0].focus()", first)
    desk.browser.execute_script(PASTE, first, "", "\t".join("x" * (MAX_COLUMNS + 1)))
    assert "Tiada apa-apa ditampal" in desk.find(STATUS).text
    desk.browser.execute_script(PASTE, first, WORD, "")
    assert cells(desk) == SPLIT
    assert "Sel bercantum telah dipisahkan" in desk.find(STATUS).text
    after = stored_rows(desk)
    assert after[0][0]["id"] == before[0][0]["id"], "the text, and so its translation, is kept"
    assert len({cell["id"] for row in after for cell in row}) == 9

    editor = desk.find(EDITOR)
    desk.browser.execute_script("arguments[0].focus()", editor)
    prose = "<h1>Tajuk</h1><p>H<sub>2</sub>O dan x<sup>2</sup></p>"
    desk.browser.execute_script(PASTE, editor, prose + WORD, "")
    desk.reads(EDITOR, "Tajuk\nH2O dan x2")
    notice = desk.find(".paste-notice").text
    assert "Jadual yang ditinggalkan: 1." in notice
    desk.wait(lambda _: "Tajuk" in desk.find("[name=body-1-value-body]").get_attribute("value"))
    desk.browser.execute_script("arguments[0].click()", desk.find("button.action-save"))
    desk.find(".messages .success")
    page.refresh_from_db()
    body = page.get_latest_revision_as_object().body
    assert [[cell.text for cell in row] for row in body[0].value["rows"]] == SPLIT
    html = str(body[1].value["body"].source)
    assert "<h3" in html
    assert "H<sub>2</sub>O dan x<sup>2</sup>" in html
