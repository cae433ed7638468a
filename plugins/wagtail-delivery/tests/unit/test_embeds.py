from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from pydantic import TypeAdapter
from wagtail.embeds.blocks import EmbedBlock, EmbedValue
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed

from wagtail_delivery.content.dependency_keys import key_of, table_key
from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.embeds import EmbedEncoder

Compile = Callable[..., Compilation]

URL = "https://video.my/tonton?v=1"
NOTHING_KNOWN = {
    "url": URL,
    "title": None,
    "html": None,
    "width": None,
    "height": None,
    "provider_name": None,
    "thumbnail_url": None,
}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("The provider was asked.")

    monkeypatch.setattr("wagtail.embeds.embeds.get_finder_for_embed", asked)


def encode(value: Any, making: Compilation) -> Any:
    encoded = EmbedEncoder().encode(value, Location(), making)
    TypeAdapter(EmbedEncoder().annotation).validate_python(encoded, strict=True)
    return encoded


def store(**more: Any) -> Embed:
    return Embed.objects.create(**{"url": URL, "hash": get_embed_hash(URL), "type": "video"} | more)


@pytest.mark.parametrize("value", [None, "", EmbedValue("")])
def test_no_media_is_null(compilation: Compile, value: Any) -> None:
    assert encode(value, compilation()) is None


def test_media_that_nobody_has_looked_up(compilation: Compile) -> None:
    making = compilation()
    assert encode(EmbedValue(URL), making) == NOTHING_KNOWN
    assert making.dependencies == {table_key(Embed)}


def test_media_that_was_looked_up(compilation: Compile) -> None:
    known = {
        "title": "Majlis",
        "html": "<iframe></iframe>",
        "width": 640,
        "height": 360,
        "provider_name": "Video",
        "thumbnail_url": "https://video.my/1.jpg",
    }
    embed = store(**known)
    making = compilation()
    assert encode(EmbedBlock().to_python(URL), making) == {"url": URL} | known
    assert making.dependencies == {key_of(embed)}


def test_what_the_provider_did_not_tell_is_null(compilation: Compile) -> None:
    store()
    assert encode(EmbedValue(URL), compilation()) == NOTHING_KNOWN


def test_an_old_answer_is_better_than_none(compilation: Compile) -> None:
    store(title="Majlis", cache_until=now() - timedelta(days=1))
    assert encode(EmbedValue(URL), compilation())["title"] == "Majlis"


def test_the_size_that_was_asked_for_counts(compilation: Compile) -> None:
    store(title="Besar")
    store(title="Kecil", hash=get_embed_hash(URL, 300, 200))
    assert encode(EmbedValue(URL, 300, 200), compilation())["title"] == "Kecil"
    assert encode(EmbedValue(URL, 301), compilation()) == NOTHING_KNOWN
