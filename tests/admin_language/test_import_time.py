"""No word stays in the language in which the server happened to import a class."""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Iterator
from typing import Any

import polib
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, override
from wagtail import hooks
from wagtail.users.models import UserProfile

from cms.operations.catalogues import ROOT, catalogues

PACKAGES = ("django_filters", "taggit", "wagtail", "wagtail_localize")
#: What is a Malay word by chance, or on no screen.
EXPLAINED = {
    "names in code, which are no words": {
        "wagtail.admin.panels.field_panel.FieldPanel.BoundPanel.default_field_icons",
        "wagtail.coreutils.LANG_INFO",
    },
    "Wagtail's API v3, which has no address here": {
        "wagtail.documents.api.v3.router.registered_schemas",
        "wagtail.images.api.v3.router.registered_schemas",
    },
}


@pytest.fixture(scope="module", autouse=True)
def _all_is_imported() -> None:
    assert get_resolver().url_patterns
    hooks.search_for_hooks()


def of_a_package(thing: Any) -> bool:
    module = getattr(thing, "__module__", None)
    return isinstance(module, str) and module.partition(".")[0] in PACKAGES


def texts(value: Any, depth: int = 0) -> Iterator[str]:
    """The strings in a value, in the collections in it, and in what objects of packages hold."""
    if type(value) is str:
        yield value
    elif depth == 4 or isinstance(value, (type, Promise)):
        return
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner, depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            yield from texts(inner, depth + 1)
    elif of_a_package(type(value)) or type(value).__module__.startswith("django.forms"):
        yield from texts(getattr(value, "__dict__", {}), depth + 1)


def kept_by_modules_and_classes() -> Iterator[tuple[str, Any]]:
    """All that modules of packages, and the classes in them, have by a name."""
    classes, waiting = set(), [object]
    while waiting:
        for found in type.__subclasses__(waiting.pop()):
            if found not in classes:
                classes.add(found)
                waiting.append(found)
    holders = [
        *((name, module) for name, module in sys.modules.items() if name.split(".")[0] in PACKAGES),
        *((f"{c.__module__}.{c.__qualname__}", c) for c in classes if of_a_package(c)),
    ]
    for name, holder in holders:
        for attribute, value in list(vars(holder).items()):
            if not attribute.startswith("__"):
                yield f"{name}.{attribute}", value


def test_no_class_keeps_a_malay_text():
    """The tests import all in Malay, as the server does."""
    malay = {
        text: entry.msgid
        for file in catalogues(ROOT)
        if "/ms/" in file.as_posix()
        for entry in polib.pofile(str(file))
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if text and text != entry.msgid
    }
    explained = set().union(*EXPLAINED.values())
    found = {
        f"{name}: {text!r}, which is {malay[text]!r}"
        for name, value in kept_by_modules_and_classes()
        if name not in explained
        for text in texts(value)
        if text in malay
    }
    assert not found


def test_a_class_translates_later_and_a_function_at_once():
    class Said:
        word = gettext("Search")

    with override("ms"):
        assert (Said.word, gettext("Search")) == ("Cari", "Cari")
        assert type(gettext("Search")) is str
    with override("en"):
        assert (Said.word, gettext("Search")) == ("Search", "Search")


def test_what_is_translated_later_can_be_put_into_a_cache():
    """Django pickles such a text with the function that translates it."""
    text = pickle.loads(pickle.dumps(gettext_lazy("Search")))
    with override("ms"):
        assert str(text) == "Cari"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "malay", "english"),
    [
        ("/admin/redirects/", ["Jenis", "Kekal", "Sementara"], ["Type", "Permanent", "Temporary"]),
        (
            "/admin/groups/new/",
            ["Koleksi", "Pilih imej dalam pemilih"],
            ["Collection", "Select images in choosers"],
        ),
        ("/admin/documents/chooser/", ["Cari"], ["Search"]),
        ("/admin/snippets/choose/snippets/role/", ["Pilih"], ["Choose"]),
    ],
)
def test_a_screen_is_in_the_language_of_the_account(path, malay, english):
    for language, said, unsaid in (("en", english, malay), ("ms", malay, english)):
        words = shown(read_by_account(path, language))
        assert set(said) <= words
        assert not set(unsaid) & words


def shown(html: str) -> set[str]:
    """The texts between the tags of `html`."""
    return {" ".join(text.split()) for text in re.findall(r">([^<>]+)<", html)}


def read_by_account(path: str, language: str) -> str:
    user = User.objects.create_superuser(f"p-{language}", f"{language}@example.test", "rahsia")
    UserProfile.objects.create(user=user, preferred_language=language)
    client = Client()
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    is_json = response["Content-Type"] == "application/json"
    return response.json()["html"] if is_json else response.content.decode()
