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

MakeCompilation = Callable[..., Compilation]

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
    def fail(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("The provider was requested.")

    monkeypatch.setattr("wagtail.embeds.embeds.get_finder_for_embed", fail)


def encode(value: Any, compilation: Compilation) -> Any:
    encoded = EmbedEncoder().encode(value, Location(), compilation)
    TypeAdapter(EmbedEncoder().annotation).validate_python(encoded, strict=True)
    return encoded


def store(**more: Any) -> Embed:
    return Embed.objects.create(**{"url": URL, "hash": get_embed_hash(URL), "type": "video"} | more)


@pytest.mark.parametrize("value", [None, "", EmbedValue("")])
def test_no_media_is_null(make_compilation: MakeCompilation, value: Any) -> None:
    assert encode(value, make_compilation()) is None


def test_media_without_a_stored_row_has_only_its_url(make_compilation: MakeCompilation) -> None:
    compilation = make_compilation()
    assert encode(EmbedValue(URL), compilation) == NOTHING_KNOWN
    assert compilation.dependencies == {table_key(Embed)}


def test_media_with_a_stored_row_has_its_details(make_compilation: MakeCompilation) -> None:
    known = {
        "title": "Majlis",
        "html": "<iframe></iframe>",
        "width": 640,
        "height": 360,
        "provider_name": "Video",
        "thumbnail_url": "https://video.my/1.jpg",
    }
    embed = store(**known)
    compilation = make_compilation()
    assert encode(EmbedBlock().to_python(URL), compilation) == {"url": URL} | known
    assert compilation.dependencies == {key_of(embed)}


def test_details_missing_from_the_provider_are_null(make_compilation: MakeCompilation) -> None:
    store()
    assert encode(EmbedValue(URL), make_compilation()) == NOTHING_KNOWN


def test_an_expired_row_is_still_used(make_compilation: MakeCompilation) -> None:
    store(title="Majlis", cache_until=now() - timedelta(days=1))
    assert encode(EmbedValue(URL), make_compilation())["title"] == "Majlis"


def test_the_stored_row_depends_on_the_requested_size(make_compilation: MakeCompilation) -> None:
    store(title="Besar")
    store(title="Kecil", hash=get_embed_hash(URL, 300, 200))
    assert encode(EmbedValue(URL, 300, 200), make_compilation())["title"] == "Kecil"
    assert encode(EmbedValue(URL, 301), make_compilation()) == NOTHING_KNOWN
