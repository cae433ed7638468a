from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_delivery.encoding.html.text import html_to_text
from wagtail_delivery.encoding.html.tokens import EndTag, OtherToken, StartTag, TextToken, tokens_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Teks sahaja", "Teks sahaja"),
        ("<p>Satu</p><p>Dua</p>", "Satu\nDua"),
        ("<p>Satu</p>\n\n   <p>Dua</p>", "Satu\nDua"),
        ("<h2>Tajuk</h2><p>Isi</p>", "Tajuk\nIsi"),
        (
            "<ul><li>Satu</li><li>Dua <ul><li>Tiga</li></ul></li></ul>Empat",
            "Satu\nDua\nTiga\nEmpat",
        ),
        ("<p>Satu<br/>Dua<br>Tiga</p>", "Satu\nDua\nTiga"),
        ("<p>Satu<br><br><br><br>Dua</p>", "Satu\n\nDua"),
        ("<p>Satu</p><p></p><p> </p><p>Dua</p>", "Satu\nDua"),
        ("<p>Satu</p><br><br><hr><p>Dua</p>", "Satu\n\nDua"),
        ("<p>  banyak \n\t ruang  </p>", "banyak ruang"),
        ("<p>Akta&nbsp;4&#160;1969</p>", "Akta\u00a04\u00a01969"),
        ("<p>A &amp; B &lt;C&gt; &quot;D&quot; &eacute; &copy;</p>", 'A & B <C> "D" é ©'),
        ("<p>&amp;nbsp; &amp;lt;b&amp;gt;</p>", "&nbsp; &lt;b&gt;"),
        ("<p><b>te</b>bal dan <i>con</i><u>dong</u></p>", "tebal dan condong"),
        ("<p>satu <b> dua</b> </p>", "satu dua"),
        ("<p>satu<b> </b>dua</p>", "satu dua"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><th>3</th><td>4</td></tr></table>", "1 2\n3 4"),
        ("<pre>  baris 1\n    baris 2</pre>", "baris 1\n    baris 2"),
        ("<script>alert('x')</script><style>p{}</style><!-- nota --><p>Isi</p>", "Isi"),
        ("<P>BESAR</P><Br/><LI>x</LI>", "BESAR\n\nx"),
        ("<p>tidak ditutup <b>tebal <p>lagi", "tidak ditutup tebal\nlagi"),
        ("1 < 2 &lt; 3 > 2", "1 < 2 < 3 > 2"),
        ("</p></li>yatim</div>", "yatim"),
        ("<p title='a > b \"<i>\"'>Isi</p>", "Isi"),
    ],
)
def test_html_becomes_plain_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


@given(st.text(st.sampled_from("<>/pbrli &;#\n\t\u00a0a"), max_size=80))
def test_the_text_of_any_input_is_tidy(html: str) -> None:
    text = html_to_text(html)
    assert text == text.strip()
    assert "<p>" not in html or "\n\n\n" not in text.replace("\u00a0", "")


def test_many_blank_lines_become_one() -> None:
    assert html_to_text("a" + "<br>" * 100_000 + "b") == "a\n\nb"


PARTS = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            '<a href="/x?a=1&amp;b=2" title=\'"&lt;>\'>',
            "</a>",
            "teks &amp; &nbsp; &#39;&#x27;",
            "<br/>",
            "<br />",
            "<BR>",
            "&",
            "& ",
            "&x",
            "&copy",
            "&#",
            "&#;",
            "<!-- & -->",
            "é&eacute;",
            "<!",
            "<?x",
            '<embed embedtype="image" alt=\'"\' id=1 />',
            "\r\n",
            "\u2028",
            "a<b",
            "1 < 2",
            "<!DOCTYPE html>",
            "<script>",
            "</script>",
            "</",
            "</>",
            "<a x='",
            '"',
            "<![CDATA[",
            "<!-->",
            "-->",
            "\0",
            "=",
            ">",
        ]
    )
).map("".join)


@given(PARTS)
@settings(max_examples=400)
def test_tokens_keep_every_byte(html: str) -> None:
    joined = "".join(token.source for token in tokens_of(html))
    assert html.startswith(joined)
    # Only an unfinished tag may be missing.
    assert re.match(r"</?[a-zA-Z]|\Z", html[len(joined) :])


@pytest.mark.parametrize(
    ("html", "kinds"),
    [
        ("a<b>c</b>d", [TextToken, StartTag, TextToken, EndTag, TextToken]),
        ("<a title='>'>", [StartTag]),
        ('<a title=">" href=x/>', [StartTag]),
        ("<!-- <a> --><p>", [OtherToken, StartTag]),
        ("<!--><p>-->", [OtherToken, StartTag, TextToken]),
        ("<script><a></script >x", [StartTag, OtherToken, EndTag, TextToken]),
        ("<script></script>", [StartTag, EndTag]),
        ("<textarea><a></textareas></textarea>", [StartTag, OtherToken, EndTag]),
        ("<![CDATA[<a>]]>", [OtherToken, TextToken]),
        ("<![", [OtherToken]),
        ("a < b <3 <é", [TextToken]),
        ("</ a><//><a", [OtherToken, OtherToken]),
        ("<a x='never finished>b</a>", []),
    ],
)
def test_tokens_follow_the_html_standard(html: str, kinds: list[type]) -> None:
    assert [type(token) for token in tokens_of(html)] == kinds


def test_attributes_are_decoded_once_and_the_first_wins() -> None:
    [tag] = tokens_of(
        "<A\tID='1' id=2 HREF = \"?a=1&amp;amp;b='2'&gt;&copy=3&lt\" hidden\n data-x=\"&quot;\"y/>"
    )
    assert isinstance(tag, StartTag)
    assert tag.name == "a"
    assert tag.is_closed
    assert tag.attributes == {
        "id": "1",
        "href": "?a=1&amp;b='2'>&copy=3<",
        "hidden": None,
        "data-x": '"',
        "y": None,
    }


@pytest.mark.parametrize(
    "unit",
    [
        "<a ",
        "<!--",
        "<a x='",
        '<a x="',
        "</",
        "</a ",
        "<?",
        "<![",
        "<![CDATA[",
        "&",
        "&#",
        "<p",
        "<script>",
        "< ",
        "<p>",
    ],
)
def test_a_megabyte_of_malformed_html_takes_seconds(unit: str) -> None:
    html = unit * (1_000_000 // len(unit))
    started = time.process_time()
    html_to_text(html)
    assert time.process_time() - started < 30


@pytest.mark.parametrize("unit", ["<p>teks &amp; lagi</p>\n", "<a href='x'>y</a> ", "&#;&", "< "])
def test_a_megabyte_of_html_takes_seconds(unit: str) -> None:
    html = unit * (1_000_000 // len(unit))
    started = time.process_time()
    html_to_text(html)
    # Quadratic behaviour would take hours.
    assert time.process_time() - started < 30
