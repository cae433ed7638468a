from __future__ import annotations

import re
import time
from html import escape, unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.email_addresses import (
    EmailAddressEncoder,
    hide_in_html,
    hide_in_text,
    split_address,
)
from wagtail_delivery.encoding.html.text import html_to_text

#: The pattern that a harvester searches for, around the `@`.
HARVESTER = re.compile(r"(?<=[A-Za-z0-9._%+-])@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")

LINK = '<a data-email-user="info" data-email-domain="perkeso.gov.my">'
HIDDEN = "info (at) perkeso.gov.my"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("info@perkeso.gov.my", "info (at) perkeso.gov.my"),
        ("E-mel: info@perkeso.gov.my.", "E-mel: info (at) perkeso.gov.my."),
        ("<info@perkeso.gov.my>,aduan@perkeso.gov.my", None),
        ("(info@perkeso.gov.my)", "(info (at) perkeso.gov.my)"),
        ("'o'brien@perkeso.gov.my'", "'o'brien (at) perkeso.gov.my'"),
        ("ñandú@españa.es", "ñandú (at) españa.es"),
        ("தமிழ்@எடுத்துக்காட்டு.இந்தியா", "தமிழ் (at) எடுத்துக்காட்டு.இந்தியா"),
        (
            "info@perkeso.gov.my\u00a0atau\u00a0x@y.my",
            "info (at) perkeso.gov.my\u00a0atau\u00a0x (at) y.my",
        ),
        ("a@b.my@c.my", "a (at) b.my (at) c.my"),
        ("INFO@PERKESO.GOV.MY", "INFO (at) PERKESO.GOV.MY"),
        ("first.last+tag@sub.perkeso.gov.my", "first.last+tag (at) sub.perkeso.gov.my"),
        ("mailto:info@perkeso.gov.my", "mailto:info (at) perkeso.gov.my"),
        (
            "https://perkeso.gov.my/?emel=info@perkeso.gov.my",
            "https://perkeso.gov.my/?emel=info%40perkeso.gov.my",
        ),
        ("/carian?emel=info@perkeso.gov.my", "/carian?emel=info%40perkeso.gov.my"),
        (
            "info@perkeso.gov.my https://perkeso.gov.my",
            "info (at) perkeso.gov.my https://perkeso.gov.my",
        ),
        (
            "info@perkeso.gov.my(https://perkeso.gov.my)",
            "info (at) perkeso.gov.my(https://perkeso.gov.my)",
        ),
        ("x" * 200 + "@perkeso.gov.my", "x" * 200 + " (at) perkeso.gov.my"),
    ],
)
def test_an_address_in_text_loses_its_at(text: str, hidden: str | None) -> None:
    expected = text.replace("@", " (at) ") if hidden is None else hidden
    assert hide_in_text(text) == expected
    assert hide_in_text(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "@@@",
        "Ikuti kami di @perkeso atau @perkeso.my",
        "(@perkeso.my)",
        "https://medium.com/@perkeso.my/tajuk",
        "https://www.google.com/maps/@3.1390,101.6869,17z",
        "https://unpkg.com/vue@3.4.21/dist/vue.js",
        "12 biji @ RM2.50 sebiji",
        "root@localhost",
        "3@4",
        "a@b",
        "a@b.c",
        "a @b.my",
        "a@ b.my",
        "＠perkeso.my",
        "Akta 4 – Keselamatan Sosial; tiada emel.",
    ],
)
def test_other_text_is_untouched(text: str) -> None:
    assert hide_in_text(text) == text
    assert hide_in_html(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "a@" * 500_000,
        "@" * 1_000_000,
        "a" * 1_000_000,
        "a" * 999_999 + "@",
        "@" + "a." * 500_000,
        "a@b.my" * 170_000,
        "x://" + "a@b.my" * 170_000,
        "a@b.my " * 150_000,
        "a@" + "b." * 500_000 + "my",
        "." * 500_000 + "@" + "." * 500_000,
        "a@b" * 300_000,
        "\u0bcd@" * 300_000,
    ],
    ids=lambda text: text[:8],
)
def test_a_megabyte_of_text_takes_seconds(text: str) -> None:
    started = time.process_time()
    hidden = hide_in_text(text)
    # Quadratic behaviour would take minutes.
    assert time.process_time() - started < 20
    assert not HARVESTER.search(hidden)


@pytest.mark.parametrize(
    "html", ["<b>a@" * 30_000, "a@b.my<br>" * 15_000, "&#64;" * 30_000, "a&#64;b.my " * 10_000]
)
def test_html_with_thousands_of_addresses_takes_seconds(html: str) -> None:
    started = time.process_time()
    assert not HARVESTER.search(html_to_text(hide_in_html(html)))
    assert time.process_time() - started < 30


@given(st.text(st.sampled_from("ab1.@-_+% /:<>&'\"é\n\u00a0்"), max_size=40))
@settings(max_examples=300)
def test_no_text_keeps_an_address(text: str) -> None:
    hidden = hide_in_text(text)
    assert not HARVESTER.search(hidden)
    assert hide_in_text(hidden) == hidden
    # Only the `@` of addresses changes.
    assert hidden.replace(" (at) ", "@").replace("%40", "@") == text.replace(" (at) ", "@").replace(
        "%40", "@"
    )


FRAGMENTS = st.sampled_from(
    [
        "info@perkeso.gov.my",
        "@",
        "a",
        "b.my",
        ".",
        " ",
        "\n",
        "&#64;",
        "&commat;",
        "&amp;",
        "&#46;",
        "<b>",
        "</b>",
        "<p>",
        "</p>",
        "<br/>",
        "<!-- a@b.my -->",
        "<script>var a='a@b.my'</script>",
        '<a href="mailto:info@perkeso.gov.my">',
        "<a href='mailto:a%40b.my?cc=c@d.my'>",
        "</a>",
        '<a href="https://x.my/?a=a@b.my">',
        '<img alt="a@b.my" src="/a@b.my">',
        "<A HREF=mailto:a@b.my>",
        '<a href="mailto:a@b.my,c@d.my">',
        '<a href="mailto:?to=a@b.my&amp;cc=c@d.my">',
        '<a href="mailto:?subject=a@b.my">',
        "<a name=x>",
        "tel",
        "<li>",
        "<",
    ]
)


@given(st.lists(FRAGMENTS, max_size=12).map("".join))
@settings(max_examples=400)
def test_no_html_keeps_an_address(html: str) -> None:
    hidden = hide_in_html(html)
    assert not HARVESTER.search(hidden)
    assert not HARVESTER.search(html_to_text(hidden))
    assert hide_in_html(hidden) == hidden
    assert hide_in_text(hidden) == hidden


@pytest.mark.parametrize(
    ("html", "hidden"),
    [
        ("<p>Emel info@perkeso.gov.my.</p>", f"<p>Emel {LINK}{HIDDEN}</a>.</p>"),
        ("<p>info&#64;perkeso&#46;gov.my &amp; lagi</p>", f"<p>{LINK}{HIDDEN}</a> &amp; lagi</p>"),
        ('<a href="mailto:info@perkeso.gov.my">info@perkeso.gov.my</a>', f"{LINK}{HIDDEN}</a>"),
        (
            '<a class="x" href="MAILTO:info%40perkeso.gov.my">Hubungi <b>kami</b></a>',
            f"{LINK}Hubungi <b>kami</b></a>",
        ),
        ("<A HREF=mailto:info@perkeso.gov.my>Hubungi</A>", f"{LINK}Hubungi</a>"),
        (
            '<a href="mailto:info@perkeso.gov.my?subject=Aduan&amp;cc=a@b.my">x</a>',
            '<a data-email-user="info" data-email-domain="perkeso.gov.my" '
            'data-email-query="subject=Aduan&amp;cc=a%40b.my">x</a>',
        ),
        ('<a href="https://x.my/?m=a@b.my">x</a>', '<a href="https://x.my/?m=a%40b.my">x</a>'),
        ('<img alt="a@b.my">', '<img alt="a (at) b.my">'),
        ("<p>info@<b>perkeso</b>.gov.my</p>", "<p>info (at) <b>perkeso</b>.gov.my</p>"),
        ("<p>info@</p><p>perkeso.gov.my</p>", "<p>info@</p><p>perkeso.gov.my</p>"),
        ("info@<br>perkeso.gov.my", "info@<br>perkeso.gov.my"),
        ('<a href="/x">info@perkeso.gov.my</a>', f'<a href="/x">{HIDDEN}</a>'),
        (
            "o'brien@b.my",
            '<a data-email-user="o&#x27;brien" data-email-domain="b.my">o\'brien (at) b.my</a>',
        ),
        ("<!-- a@b.my -->", "<!-- a (at) b.my -->"),
        ("a@b.my,c@d.my", None),
    ],
)
def test_html_keeps_everything_except_the_address(html: str, hidden: str | None) -> None:
    if hidden is None:
        hidden = ",".join(
            f'<a data-email-user="{user}" data-email-domain="{domain}">{user} (at) {domain}</a>'
            for user, domain in (("a", "b.my"), ("c", "d.my"))
        )
    assert hide_in_html(html) == hidden


def mail_link(user: str, domain: str, query: str = "") -> str:
    more = f' data-email-query="{query}"' if query else ""
    return f'<a data-email-user="{user}" data-email-domain="{domain}"{more}>Tulis</a>'


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("mailto:a@b.my,c@d.my", mail_link("a", "b.my", "to=c%40d.my")),
        ("mailto:a@b.my%2C%20c@d.my", mail_link("a", "b.my", "to=c%40d.my")),
        ("mailto:a@b.my;c@d.my,,", mail_link("a", "b.my", "to=c%40d.my")),
        ("mailto:?to=a@b.my", mail_link("a", "b.my")),
        ("mailto:?%54O=a%40b.my,c@d.my", mail_link("a", "b.my", "to=c%40d.my")),
        ("mailto:a@b.my?to=c@d.my", mail_link("a", "b.my", "to=c%40d.my")),
        (
            "mailto:?subject=Aduan%20baharu&amp;to=a@b.my&amp;body=Kepada%0D%0Ac@d.my&amp;cc=e@f.my",
            mail_link(
                "a",
                "b.my",
                "subject=Aduan%20baharu&amp;body=Kepada%0D%0Ac%40d.my&amp;cc=e%40f.my",
            ),
        ),
        ("mailto:gorby%25kremvax@b.my", mail_link("gorby%25kremvax", "b.my")),
        ("mailto:mungkin%3Falamat@b.my", mail_link("mungkin%3Falamat", "b.my")),
        ("mailto:%22bukan%40saya%22@b.my", mail_link("%22bukan%40saya%22", "b.my")),
        ("mailto:%22a,b%22@b.my", mail_link("%22a%2Cb%22", "b.my")),
        ("mailto:a@[192.0.2.1]", mail_link("a", "[192.0.2.1]")),
        ("mailto:a+b-c_d'e@b.my", mail_link("a+b-c_d&#x27;e", "b.my")),
        ("mailto:pengguna@%E7%B4%8D%E8%B1%86.example", mail_link("pengguna", "納豆.example")),
        ("mailto:a@b.my,tiada", mail_link("a", "b.my")),
        ("mai&#10;lto:&#9;a@b.my", mail_link("a", "b.my")),
        # Without a recipient there is nothing to hide, and the link works as it is.
        ("mailto:?subject=x", '<a href="mailto:?subject=x">Tulis</a>'),
        ("mailto:?cc=a@b.my", '<a href="mailto:?cc=a%40b.my">Tulis</a>'),
        ("mailto:", '<a href="mailto:">Tulis</a>'),
        # No legal recipient.
        ("mailto:tiada", "Tulis"),
        ("mailto:A%20%3Ca@b.my%3E", "Tulis"),
        ("mailto:?to=tiada&amp;subject=x", "Tulis"),
    ],
)
def test_every_legal_mailto_link_stays_a_link(href: str, link: str) -> None:
    html = f'<p><a class="x" href="{href}">Tulis</a> lagi</p>'
    hidden = hide_in_html(html)
    assert hidden == f"<p>{link} lagi</p>"
    assert not HARVESTER.search(hidden)
    assert hide_in_html(hidden) == hidden


def test_the_attributes_of_a_mail_link_make_a_legal_link_again() -> None:
    link = hide_in_html('<a href="mailto:a%25%3F@b.my,c@d.my?subject=x%26y">Tulis</a>')
    found = re.search(r'user="(.*?)" data-email-domain="(.*?)" data-email-query="(.*?)"', link)
    assert found
    user, domain, query = (unescape(part) for part in found.groups())
    again = hide_in_html(f'<a href="mailto:{user}@{domain}?{escape(query)}">Tulis</a>')
    assert again == link


@pytest.mark.parametrize(
    "href", ["a@b.my," * 100_000, "%22" * 200_000, "?to=" * 200_000, "%22%5C" * 100_000]
)
def test_a_very_long_mailto_link_takes_seconds(href: str) -> None:
    started = time.process_time()
    hide_in_html(f'<a href="mailto:{href}">x</a>')
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("info@perkeso.gov.my", ("info", "perkeso.gov.my")),
        ("  info@perkeso.gov.my\n", ("info", "perkeso.gov.my")),
        ("ñ@españa.es", ("ñ", "españa.es")),
        ("root@localhost", ("root", "localhost")),
        ("o'brien/x@b.my", ("o'brien/x", "b.my")),
        ("", None),
        ("@b.my", None),
        ("a@", None),
        ("perkeso.gov.my", None),
        ("A <a@b.my>", None),
        ("a@b.my,c@d.my", None),
        ("a b@c.my", None),
    ],
)
def test_an_address_is_split_into_its_parts(address: str, parts: tuple[str, str] | None) -> None:
    assert split_address(address) == parts


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("info@perkeso.gov.my", {"user": "info", "domain": "perkeso.gov.my"}),
        ("", None),
        (None, None),
        ("tiada", None),
    ],
)
def test_an_email_field_becomes_its_parts(
    value: str | None, encoded: dict[str, str] | None
) -> None:
    compilation = Compilation(snapshot=None, locale="ms")  # type: ignore[arg-type]
    assert EmailAddressEncoder().encode(value, Location(), compilation) == encoded
