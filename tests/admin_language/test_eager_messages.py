"""No text stays in the language that was active when its class was imported."""

from __future__ import annotations

import ast
import pickle
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override
from wagtail import hooks
from wagtail.users.models import UserProfile

from cms.admin_language import patches
from cms.admin_language.eager_messages import eager_messages
from cms.operations.catalogues import ROOT, catalogues

PACKAGES = ("django_filters", "taggit", "wagtail", "wagtail_localize")
#: Packages whose source is scanned: all that can show text in the admin.
SCANNED = (
    *PACKAGES,
    "django",
    "django_tasks",
    "laces",
    "modelcluster",
    "modelsearch",
    "permissionedforms",
    "rest_framework",
    "treebeard",
)
EAGER = {"gettext", "ngettext", "pgettext", "npgettext"}
#: Eager calls that need no patch, by file and message.
HARMLESS = {
    "app that is not installed here": {("wagtail/contrib/styleguide/views.py", "Styleguide")},
}
#: Values that equal a Malay word by chance, or that no screen shows.
EXPLAINED = {
    "names in code": {
        "wagtail.admin.panels.field_panel.FieldPanel.BoundPanel.default_field_icons",
        "wagtail.coreutils.LANG_INFO",
    },
    "Wagtail's API v3, which has no URL here": {
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
    """The strings in a value, in nested collections and in attributes of packages' objects."""
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
    """Every attribute of the packages' modules and classes, with its dotted name."""
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
    """The tests import everything in Malay, as the server does."""
    malay = {
        text: entry.msgid
        for file in catalogues(ROOT)
        if "/ms/" in file.as_posix()
        for entry in polib.pofile(str(file))
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        # The code of a language is a message for templates, and a choice of a block.
        if text and text != entry.msgid and text not in dict(settings.LANGUAGES)
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


def eager_calls(path: Path) -> Iterator[str]:
    """The messages that a module translates while it, or a class body in it, is executed."""
    source = path.read_text(encoding="utf-8")
    if "gettext" not in source:
        return
    tree = ast.parse(source)
    names = {f"translation.{name}" for name in EAGER} | {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in EAGER
    }
    yield from calls_outside_functions(tree, names)


def calls_outside_functions(node: ast.AST, names: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for part in (*node.decorator_list, node.args):
            yield from calls_outside_functions(part, names)
        return
    if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
        yield ast.literal_eval(node.args[0])
    for child in ast.iter_child_nodes(node):
        yield from calls_outside_functions(child, names)


def sources(package: str) -> Iterator[tuple[str, Path]]:
    """The modules of an installed package but its tests, with their paths inside it."""
    folder = Path(find_spec(package).origin).parent
    for path in folder.rglob("*.py"):
        name = path.relative_to(folder.parent)
        if not {"tests", "test", "project_template"} & {*name.parts}:
            yield name.as_posix(), path


def test_every_message_that_a_package_translates_at_import_is_in_the_table():
    """A failure after an upgrade: add the attribute to `eager_messages`, or explain it here."""
    found = {
        (name, message)
        for package in SCANNED
        for name, path in sources(package)
        for message in eager_calls(path)
    }
    listed = {(row.source, message) for row in eager_messages() for message in row.messages}
    # A class body within a function, which is called at import: the scan leaves functions out.
    listed -= {("wagtail/admin/forms/collections.py", "Collection")}
    assert found == listed | set().union(*HARMLESS.values())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('label = _("Type")', ["Type"]),
        ('class A:\n    label = _("Type")', ["Type"]),
        ('class A:\n    class B:\n        pair = [f(_("Type"), 1)]', ["Type"]),
        ('def f(label=_("Type")): pass', ["Type"]),
        ('@decorate(_("Type"))\ndef f(): pass', ["Type"]),
        ('label = translation.gettext("Type")', ["Type"]),
        ('def f():\n    return _("Type")', []),
        ('label = lambda: _("Type")', []),
        ('label = lazy("Type")', []),
    ],
)
def test_the_scan_finds_calls_that_run_at_import(tmp_path, source, expected):
    imports = "from django.utils.translation import gettext as _, gettext_lazy as lazy\n"
    path = tmp_path / "module.py"
    path.write_text(imports + source)
    assert [*eager_calls(path)] == expected


def test_each_text_in_the_table_follows_the_active_language():
    with override("en"):
        english = [str(patch.replacement) for patch in patches.TEXTS]
    with override("ms"):
        malay = [str(patch.replacement) for patch in patches.TEXTS]
    assert len([pair for pair in zip(english, malay, strict=True) if pair[0] != pair[1]]) > 50


def test_a_lazy_text_can_be_pickled_into_a_cache():
    """Django pickles a lazy text together with the function that translates it."""
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
