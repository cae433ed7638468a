"""Every address of the admin, from Django's URL resolver, filled with the things of the world."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Page

from cms.snippets.models import Act
from tests.editors.admin_rights.world import World
from tests.factories import snippet_types

ADMIN = "admin/"
#: A key that nothing has.
NOTHING = 2_000_000_000
#: Replaced in the names of rows, so that all types of snippets share theirs.
SNIPPET = "<entry>"
#: Arguments that stand for a page.
PAGES = {"page_id", "parent_page_id", "page_to_move_id", "page_pk"}
#: Arguments that stand for the app of a type.
TYPES = {"app_label", "app_name", "content_type_app_name"}
#: Arguments that name one other thing in every address.
OTHERS = {
    "collection_id": "collection",
    "image_id": "image",
    "document_id": "document",
    "doc_id": "document",
    "uploaded_file_id": "uploaded file",
    "redirect_id": "redirect",
    "workflow_pk": "workflow",
    "task_id": "task",
    "session_id": "editing session",
    "translation_id": "translation",
    "upload_id": "uploaded translations",
    "user_id": "colleague",
}
#: Of these, those that are files.
FILES = {"image_id", "document_id", "doc_id"}
#: What `pk` is, by the namespace of the address.
KEYS = {
    "wagtailadmin_collections": "collection",
    "wagtailadmin_api:documents": "document",
    "wagtailadmin_api:images": "image",
    "wagtaildocs_chooser": "document",
    "wagtailimages_chooser": "image",
    "wagtaillocales": "locale",
    "wagtailsites": "site",
    "wagtailusers_users": "colleague",
    "wagtailusers_groups": "group",
}
FIXED = {
    "language": "en",
    "filter_spec": "original",
    "format_key": "po",
    "mode": "default",
    # A picture in each handbook.
    "name": "review",
    "uidb64": "MQ",
    "token": "none-none",
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
}


@dataclass(frozen=True)
class Address:
    """One pattern of the admin, or one value of an argument that decides what it does."""

    row: str
    #: The filled addresses.
    urls: tuple[str, ...] = field(compare=False, default=())
    #: What each of them names, if it names one thing, and the same address of nothing.
    named: dict[str, tuple[Any, str]] = field(compare=False, default_factory=dict)


def patterns() -> Iterator[tuple[str, str, URLPattern]]:
    """Each pattern below the admin: its route, its namespace and itself."""

    def walk(resolver: URLResolver, route: str, names: tuple[str, ...]) -> Iterator[Any]:
        for pattern in resolver.url_patterns:
            below = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = (*names, pattern.namespace) if pattern.namespace else names
                yield from walk(pattern, below, inner)
            elif below.startswith(ADMIN):
                yield below.removeprefix(ADMIN), ":".join(names), pattern

    yield from walk(get_resolver(), "", ())


def addresses(world: World) -> list[Address]:
    """All addresses of the walk; those with the same row in one."""
    urls: dict[str, list[str]] = {}
    named: dict[str, tuple[Any, str]] = {}
    for route, namespace, pattern in patterns():
        if pattern.name is None:
            urls.setdefault(_row(route, {}), []).append("/" + ADMIN + _without_arguments(route))
            continue
        name = f"{namespace}:{pattern.name}" if namespace else pattern.name
        for kwargs, shown, query, thing in _filled(world, route, namespace, pattern):
            found = urls.setdefault(_row(route, shown), [])
            found.append(_reversed(name, kwargs) + query)
            if thing is not None and kwargs:
                of_nothing = {
                    argument: NOTHING if value == thing.pk else value
                    for argument, value in kwargs.items()
                }
                named[found[-1]] = thing, _reversed(name, of_nothing) + query
    return [
        Address(
            row, tuple(dict.fromkeys(found)), {url: named[url] for url in found if url in named}
        )
        for row, found in sorted(urls.items())
    ]


def _reversed(name: str, kwargs: dict[str, Any]) -> str:
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return reverse(name, args=[*kwargs.values()])


def _row(route: str, shown: dict[str, str]) -> str:
    row = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
    row = re.sub(r"<\w+:(\w+)>", r"<\1>", row).replace("\\", "").replace("^", "").replace("$", "")
    for argument, value in shown.items():
        row = row.replace(f"<{argument}>", value)
    names = "|".join(model._meta.model_name for model in snippet_types())
    return re.sub(rf"(?<=snippets/)({names})(?=/)", SNIPPET, row) or "/"


def _without_arguments(route: str) -> str:
    return re.sub(r"[\^$]|\.\*", "", route)


Filled = tuple[dict[str, Any], dict[str, str], str, Any]


def _filled(world: World, route: str, namespace: str, pattern: URLPattern) -> Iterator[Filled]:
    """Keyword arguments, those that are part of the row, a query, and the thing they name."""
    arguments = re.findall(r"<(?:\w+:)?(\w+)>", route)
    if (pattern.name or "").endswith("chosen_multiple"):
        yield from _chosen(world, namespace)
    elif pattern.name == "wagtail_bulk_action":
        yield from _bulk_actions(world)
    elif namespace.startswith(("wagtailsnippets_", "wagtailsnippetchoosers_")):
        model = _snippet_of(namespace)
        for thing in _tried(world, model):
            yield from _one(world, arguments, namespace, {"pk": thing.pk}, thing)
    elif namespace == "wagtailadmin_workflows":
        task = {"app_label": "wagtailcore", "model_name": "groupapprovaltask"}
        for key in ("workflow", "task"):
            yield from _one(world, arguments, namespace, {**task, "pk": world.others[key].pk}, None)
    elif TYPES & {*arguments}:
        yield from _by_type(world, arguments, namespace)
    elif (
        PAGES & {*arguments}
        or namespace == "wagtailadmin_api:pages"
        or (namespace == "wagtailadmin_pages")
    ):
        for page in world.pages.values():
            yield from _one(world, arguments, namespace, {"pk": page.pk}, page)
    else:
        yield from _one(world, arguments, namespace, {}, None)


def _chosen(world: World, namespace: str) -> Iterator[Filled]:
    """A chooser's call for several things, with one at a time."""
    if namespace in KEYS:
        things = [world.others[KEYS[namespace]]]
    elif namespace:
        model = Act if namespace.startswith("act_") else _snippet_of(namespace)
        things = _tried(world, model)
    else:
        things = [*world.pages.values()]
    for thing in things:
        yield {}, {}, f"?id={thing.pk}", None


def _snippet_of(namespace: str) -> type[Any]:
    """The type of snippet in a namespace of Wagtail's."""
    model: type[Any] = apps.get_model(*namespace.split("_", 1)[1].rsplit("_", 1))
    return model


def _bulk_actions(world: World) -> Iterator[Filled]:
    bulk_action_registry._scan_for_bulk_actions()
    for app_label, models in bulk_action_registry.actions.items():
        for model_name, actions in models.items():
            model = apps.get_model(app_label, model_name)
            things = _things(world, model)
            query = "&".join(f"id={thing.pk}" for thing in things)
            for action in actions:
                kwargs = {"app_label": app_label, "model_name": model_name, "action": action}
                for found in (query, *(f"id={thing.pk}" for thing in things)):
                    yield kwargs, kwargs, f"?{found}", None


def _things(world: World, model: type[Any]) -> list[Any]:
    if model is Page:
        return [*world.pages.values()]
    return _tried(world, model)


def _tried(world: World, model: type[Any]) -> list[Any]:
    """All Acts, and one entry of each other type of snippet."""
    if model not in world.snippets:
        return [thing for thing in world.others.values() if isinstance(thing, model)]
    things = [*world.snippets[model].values()]
    return things if model is Act else things[-1:]


def _by_type(world: World, arguments: list[str], namespace: str) -> Iterator[Filled]:
    """Addresses that name a type: each type of snippet and page, and each of its things."""
    models = [*world.snippets, *dict.fromkeys(type(page) for page in world.pages.values())]
    for model in models:
        names = {
            "app_label": model._meta.app_label,
            "app_name": model._meta.app_label,
            "model_name": model._meta.model_name,
            "content_type_app_name": model._meta.app_label,
            "content_type_model_name": model._meta.model_name,
        }
        pages = [page for page in world.pages.values() if type(page) is model]
        for thing in pages or _tried(world, model):
            values = {**names, "pk": thing.pk, "object_id": thing.pk}
            if model in world.snippets:
                yield from _one(world, arguments, namespace, values, thing)
            else:
                for parent in ("Malay home", "English home"):
                    below = {"parent_page_id": world.pages[parent].pk}
                    yield from _one(world, arguments, namespace, values | below, thing)


def _one(
    world: World, arguments: list[str], namespace: str, values: dict[str, Any], thing: Any
) -> Iterator[Filled]:
    key = world.others[KEYS.get(namespace, "workflow")].pk
    page = thing if isinstance(thing, Page) else world.pages["live page"]
    known = {
        **FIXED,
        **{name: world.others[other].pk for name, other in OTHERS.items()},
        **dict.fromkeys(PAGES, page.pk),
        **_revisions(world, thing),
        **world.segments,
        "destination_id": world.pages["Malay home"].pk,
        "pk": key,
        **values,
    }
    for action in _actions(arguments, namespace):
        kwargs = {name: action if name == "action_name" else known[name] for name in arguments}
        shown = {"action_name": action} if action else {}
        file = next((world.others[OTHERS[key]] for key in arguments if key in FILES), None)
        yield kwargs, shown, "", thing or file


def _actions(arguments: list[str], namespace: str) -> list[str]:
    if "action_name" not in arguments:
        return [""]
    if namespace.startswith("wagtailadmin_api"):
        return [*PagesAdminAPIViewSet.actions]
    return ["approve", "reject"]


def _revisions(world: World, thing: Any) -> dict[str, Any]:
    """The latest revision and the review of a thing, or those of pages that have them."""
    key = (type(thing), getattr(thing, "pk", None))
    if key not in world.revisions:
        with_revisions = thing if getattr(thing, "latest_revision", None) else None
        revision = (with_revisions or world.pages["live page"]).latest_revision
        reviewed = with_revisions if with_revisions and thing.current_workflow_state else None
        state = (reviewed or world.pages["page in review"]).current_workflow_state
        world.revisions[key] = {
            "revision_id": revision.pk,
            "workflow_state_id": state.pk,
            "task_state_id": state.current_task_state.pk,
        }
    return world.revisions[key]
