"""The Malay profile in the API's JSON is PERKESO's own text word for word."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

SOURCE = Path(__file__).parents[2] / "content" / "sources" / "profil.ms.txt"
#: Parts of the file that are not content, with their replacements.
LEFT_OUT = {
    # The old site shows the page's title twice: as a breadcrumb and as a heading.
    "Profil\n\nProfil": "Profil",
    # The old site's script hides the address from robots and leaves this sentence; the address
    # itself is not known.
    "Alamat emel ini dilindungi dari Spambot. Anda perlu hidupkan JavaScript untuk melihatnya.": "",
    # Bullets in front of list items are presentation.
    "•": "",
}


def words(text: str) -> list[str]:
    return text.split()


def source_words() -> list[str]:
    text = SOURCE.read_text(encoding="utf-8")
    for unwanted, kept in LEFT_OUT.items():
        assert unwanted in text
        text = text.replace(unwanted, kept)
    return words(text)


def profile_words(document: dict[str, Any], site: dict[str, Any]) -> list[str]:
    """The words of the profile in the order that a front-end shows them."""
    found = words(document["title"])
    for section in document["sections"]:
        value = section["value"]
        if section["type"] in ("timeline", "acts", "schemes"):
            continue  # derived from the text and from separate facts
        if section["type"] != "contact":  # in the file the address has no heading
            found += words(value.get("heading") or "")
        if section["type"] == "text":
            found += words(value["body"]["text"])
        elif section["type"] == "statement":
            found += words(value["text"])
        elif section["type"] == "roles":
            for role in value["roles"]:
                found += words(role["text"])
        elif section["type"] == "contact":
            organisation = site["organisation"]
            found += words(organisation["address"])
            for phone in organisation["phones"]:
                found += words(phone["number"])
            found += words(organisation["copyright_line"])
    return found


def test_the_malay_profile_is_word_for_word(published_content: None, client: Client) -> None:
    document = json.loads(client.get("/api/v1/resolve", {"path": "/ms/profil/"}).content)
    site = json.loads(client.get("/api/v1/site", {"locale": "ms"}).content)
    assert profile_words(document, site) == source_words()


def test_the_known_defects_are_kept(published_content: None, client: Client) -> None:
    """The organisation must correct them itself; see content/ and the editor notes."""
    roles = json.loads(client.get("/api/v1/roles", {"locale": "ms"}).content)["items"]
    assert len(roles) == 6
    assert "ke empat-empat" in roles[1]["text"]
    assert re.search(r"konsep ‘ selaku pengamal", roles[5]["text"])
    details = json.loads(client.get(f"/api/v1/roles/{roles[0]['id']}").content)
    assert [item["act"]["number"] for item in details["acts"]] == [4, 789, 800, 838]
