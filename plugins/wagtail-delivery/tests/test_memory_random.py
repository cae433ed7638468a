"""After any edits and for any request, the memory answers as the API without it."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from wagtail.models import Page, Site

from tests.http_caches import all_addresses
from tests.memories import PREFIX, Asked, Memory
from tests.test_random_edits import EDITS, SEEDS, STEPS, editing

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover, pytest.mark.slow]

ORIGINS = ["https://a.example", "https://b.example", "https://other.example", "null", ""]


@pytest.fixture(autouse=True)
def origins(settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "CORS_ORIGINS": ORIGINS[:2]}


class Clients:
    """Sends requests in all sorts of spellings."""

    def __init__(self, chance: random.Random, memory: Memory) -> None:
        self.chance, self.memory = chance, memory

    def spelled(self, address: str) -> Asked:
        path, _, query = (PREFIX + address).partition("?")
        parts = query.split("&") if query else []
        self.chance.shuffle(parts)
        change = self.chance.randrange(16)
        if change == 0 and parts:
            parts.append(self.chance.choice(parts))
        elif change == 1:
            parts.append(
                self.chance.choice(["colour=red", "%FF=1", "locale=%zz", "=", "limit=\xe9"])
            )
        elif change == 2:
            parts.append(f"at_least={self.number()}")
        elif change == 3:
            parts = [part.replace("e", "%65", 1) for part in parts] + [""]
        elif change == 4:
            path += self.chance.choice(["/", "%00", "\xff", "\xc3\xa9"])
        elif change == 5:
            parts.append(self.chance.choice(["limit=2", "order=-title", "order=id&limit=1"]))
        asked = Asked(path, "&".join(parts), self.chance.choice(METHODS))
        return replace(asked, variables=tuple(self.variables(asked).items()))

    def number(self) -> int:
        return self.chance.choice([0, self.memory.kept.sequence, 7])

    def variables(self, asked: Asked) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.chance.random() < 0.3:
            found["HTTP_ORIGIN"] = self.chance.choice(ORIGINS)
        if self.chance.random() < 0.3:
            etag = self.memory.ask_plain(replace(asked, method="GET")).header("ETag")
            found["HTTP_IF_NONE_MATCH"] = self.chance.choice(
                [etag, f"W/{etag}", f'"x", {etag}', "*", '"x"', "\xff", "", f"{etag}\xe9"]
            )
        if self.chance.random() < 0.1:
            found["wsgi.url_scheme"] = "https"
        return found


METHODS = ["GET"] * 6 + ["HEAD"] * 2 + ["OPTIONS", "POST", "get", "\xff"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_memory_answers_as_the_api(seed: int, home: Page, second_site: Site) -> None:
    with editing(seed, home) as (editors, done):
        memory = Memory()
        clients = Clients(editors.random, memory)
        given = 0
        # Fewer than where nothing is asked in between, unless at night.
        for step in range(STEPS if STEPS > 100 else STEPS // 3):
            act = editors.random.choice(EDITS)
            done.append(act.__name__)
            act(editors)
            memory.follow()
            memory.assert_current()
            if step % 3 == 0:
                addresses = all_addresses()
                for address in editors.random.sample(addresses, min(len(addresses), 60)):
                    asked = clients.spelled(address)
                    plain = memory.ask_plain(asked)
                    assert memory.ask(asked) == plain, asked
                    given += memory.is_kept(asked)
                    assert memory.ask(asked) == plain, asked
        assert given > 60
