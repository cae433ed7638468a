"""Cursors: the texts that a list accepts, and the keys they are signed with."""

from __future__ import annotations

import base64
import string
from typing import Any

import pytest

from wagtail_delivery.api.cursors import BadCursorError, decode_cursor, encode_cursor

QUERY = ("authors", ["ms"], "rank", False, [("genre", ["poetry"])])
KEY = b"\x80\x00\x00\x07"
ID = 70_000
URL_SAFE = frozenset(string.ascii_letters + string.digits + "-_.")


@pytest.fixture
def cursor() -> str:
    return encode_cursor(QUERY, KEY, ID)


def is_rejected(cursor: str, query: Any = QUERY) -> bool:
    try:
        decode_cursor(query, cursor)
    except BadCursorError:
        return True
    return False


@pytest.mark.parametrize("key", [b"", b"\x00", b"\xff" * 8, b"." * 500])
@pytest.mark.parametrize("document", [1, ID, 2**63 - 1])
def test_a_cursor_contains_a_key_and_a_document(key: bytes, document: int) -> None:
    cursor = encode_cursor(QUERY, key, document)
    assert decode_cursor(QUERY, cursor) == (key, document)
    assert set(cursor) <= URL_SAFE


def test_a_cursor_is_short(cursor: str) -> None:
    assert len(cursor) < 65


@pytest.mark.parametrize("position", range(len(QUERY)))
def test_a_cursor_of_another_query_is_rejected(cursor: str, position: int) -> None:
    other: list[object] = list(QUERY)
    other[position] = "another"
    assert is_rejected(cursor, tuple(other))


def test_a_query_with_surrogates_has_a_cursor() -> None:
    query = ("authors", "\ud800")
    assert decode_cursor(query, encode_cursor(query, KEY, ID)) == (KEY, ID)
    assert is_rejected(encode_cursor(query, KEY, ID), ("authors", "\ud801"))


def test_a_cursor_with_any_changed_character_is_rejected(cursor: str) -> None:
    for index, letter in enumerate(cursor):
        for other in "AB-.é\ud800":
            if other != letter:
                assert is_rejected(cursor[:index] + other + cursor[index + 1 :])


@pytest.mark.parametrize("cut", [0, 1, 20, -44, -43, -1])
def test_a_truncated_cursor_is_rejected(cursor: str, cut: int) -> None:
    assert is_rejected(cursor[:cut])


def test_a_payload_without_its_signature_is_rejected(cursor: str) -> None:
    payload, signature = cursor.split(".")
    for text in (payload, f"{payload}.", f".{signature}", signature, f"{signature}.{payload}"):
        assert is_rejected(text)


def test_another_encoding_of_the_same_bytes_is_rejected() -> None:
    # Its length is not a multiple of three bytes.
    cursor = encode_cursor(QUERY, KEY + b"1", ID)
    payload, signature = cursor.split(".")
    padded = payload + "=" * (-len(payload) % 4)
    raw = base64.urlsafe_b64decode(padded)
    # The last character of the encoding has unused bits.
    loose = [
        payload[:-1] + letter
        for letter in string.ascii_letters
        if letter != payload[-1]
        and base64.urlsafe_b64decode(payload[:-1] + letter + padded[len(payload) :]) == raw
    ]
    assert loose
    for text in (*loose, f"{payload}=", padded + "====", f"{payload[:4]}\n{payload[4:]}"):
        assert is_rejected(f"{text}.{signature}")
    for text in (f"{cursor}=", f"{cursor}\n", f" {cursor}", cursor.replace(".", ":")):
        assert is_rejected(text)


def test_a_cursor_signed_with_another_key_is_rejected(cursor: str, settings: Any) -> None:
    settings.SECRET_KEY = "another"
    assert is_rejected(cursor)


def test_a_cursor_signed_with_a_fallback_key_is_accepted(cursor: str, settings: Any) -> None:
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "new"
    settings.SECRET_KEY_FALLBACKS = ["older", old]
    assert decode_cursor(QUERY, cursor) == (KEY, ID)
    renewed = encode_cursor(QUERY, KEY, ID)
    assert renewed != cursor
    settings.SECRET_KEY_FALLBACKS = []
    assert is_rejected(cursor)
    assert decode_cursor(QUERY, renewed) == (KEY, ID)
