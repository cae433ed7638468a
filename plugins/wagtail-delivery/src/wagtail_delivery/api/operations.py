"""The operations of the delivery API, generated from the project's content types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.utils import translation
from wagtail.models import Page

from wagtail_delivery.api.change_cursors import Position
from wagtail_delivery.api.collections import Collection, api_collections
from wagtail_delivery.api.description import DESCRIPTION, VERSION, tag_descriptions
from wagtail_delivery.api.examples import changes_example, list_example, site_example
from wagtail_delivery.api.openapi import DEFAULT, Info
from wagtail_delivery.api.operation import Description, Operation, PathParameter, View
from wagtail_delivery.api.parameters import (
    ChangesParameters,
    ContentParameters,
    Parameters,
    document_parameters,
    list_parameters,
    no_locale,
    resolve_parameters,
    site_parameters,
)
from wagtail_delivery.api.problems import ProblemError, bad_parameters, unavailable
from wagtail_delivery.api.query_strings import UNKNOWN
from wagtail_delivery.api.redirects import Redirect
from wagtail_delivery.api.sites import unknown_site
from wagtail_delivery.api.views.changes import (
    ContentChangeList,
    is_too_old,
    list_changes,
)
from wagtail_delivery.api.views.docs import (
    SWAGGER_FILES,
    docs_view,
    openapi_view,
    swagger_file_view,
)
from wagtail_delivery.api.views.documents import document_view, get_site, no_document
from wagtail_delivery.api.views.health import (
    HealthStatus,
    MemoryHealth,
    QueueHealth,
    check_live,
    check_memory,
    check_queue,
    check_ready,
)
from wagtail_delivery.api.views.lists import list_view
from wagtail_delivery.api.views.resolve import path_is_empty, path_is_gone, resolve_path
from wagtail_delivery.api.views.service import (
    ContentLocaleList,
    ServiceDocument,
    locales_view,
    service_view,
)
from wagtail_delivery.api.waiting import is_behind
from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.encoding.base import Schema
from wagtail_delivery.encoding.schema_names import pascal_case
from wagtail_delivery.identifiers import PAGES
from wagtail_delivery.locales import ContentLocales, content_locales
from wagtail_delivery.schema.registry import ContentTypes, content_types
from wagtail_delivery.schema.unions import union_by_type

#: Headers of responses that can be cached, that contain content, that have a language.
KEPT = ("ETag", "Cache-Control")
OF_CONTENT = (*KEPT, "Surrogate-Key", "X-Content-Sequence")
IN_A_LANGUAGE = (*OF_CONTENT, "Content-Language")


def api_operations() -> list[Operation]:
    """The operations of this project's API: the fixed ones, and two for each collection."""
    # Descriptions are for developers, so they are English whatever language is active.
    with translation.override("en"):
        types = content_types()
        collections = api_collections(types)
        locales = content_locales()
        info = Info(delivery_settings().TITLE, VERSION, DESCRIPTION)
        described = [
            *_service_operations(info, locales, collections),
            *_address_operations(types, locales),
            *(
                operation
                for collection in collections
                for operation in _collection_operations(types, collection, locales)
            ),
            *_change_operations(),
            *_health_operations(),
        ]
        tags = tag_descriptions(collections)
        return [*described, *_documentation_operations(info, tags, described, types)]


def _operation(
    path: str,
    operation_id: str,
    view: View,
    response_type: Any,
    *,
    tag: str,
    summary: str,
    text: str,
    headers: Sequence[str],
    some_headers: Sequence[str] = (),
    example: Any = None,
    problems: Sequence[ProblemError] = (),
    query: type[Parameters] | None = None,
    path_parameter: PathParameter | None = None,
) -> Operation:
    """An operation; `problems` are those that not every operation responds with."""
    if query is not None and issubclass(query, ContentParameters):
        problems = [*problems, is_behind()]
    by_status = {
        HTTPStatus.BAD_REQUEST.value: bad_parameters(("colour", UNKNOWN)),
        **{problem.status.value: problem for problem in problems},
        DEFAULT: unavailable("The content is temporarily unavailable."),
    }
    description = Description(
        operation_id, response_type, tag, summary, text, headers, some_headers, example, by_status
    )
    return Operation(path, view, query, path_parameter, description)


def _service_operations(
    info: Info, locales: ContentLocales, collections: Sequence[Collection]
) -> list[Operation]:
    return [
        _operation(
            "/",
            "get_service_document",
            service_view(info.title, VERSION, locales, collections),
            ServiceDocument,
            tag="service",
            summary="Get the service document",
            text="Names the API and its version, and links to the lists and the other operations.",
            headers=KEPT,
        ),
        _operation(
            "/locales",
            "list_locales",
            locales_view(locales),
            ContentLocaleList,
            tag="service",
            summary="List the content locales",
            text="Returns all locales at once, with their home pages on the default site.",
            headers=OF_CONTENT,
            query=ContentParameters,
        ),
    ]


def _documentation_operations(
    info: Info, tags: Mapping[str, str], described: Sequence[Operation], types: ContentTypes
) -> list[Operation]:
    return [
        Operation("/openapi.json", openapi_view(info, tags, described, types)),
        Operation("/docs", docs_view(info.title)),
        *(Operation(f"/docs/{name}", swagger_file_view(name)) for name in SWAGGER_FILES),
    ]


def _address_operations(types: ContentTypes, locales: ContentLocales) -> list[Operation]:
    pages = [content_type for content_type in types if content_type.is_page]
    resolve = _operation(
        "/resolve",
        "resolve_path",
        resolve_path,
        union_by_type(
            "Resolution",
            [*(page.document_schema for page in pages), Redirect],
            "The page at a path, or a redirect to another address.",
        ),
        tag=PAGES,
        summary="Resolve a front-end path",
        text=(
            "Returns the page, or a redirect for the front-end to send. 404: nothing is known of "
            "this path. 410: something was public there once, and no longer is. All spellings of "
            "a path give the same response, whose `path` or `location` is the canonical one. With "
            "`fallback`, the response is that of `/pages/{id}` with the locale of the path and "
            "this fallback."
        ),
        headers=OF_CONTENT,
        # A redirect has no language.
        some_headers=("Content-Language",),
        problems=[path_is_empty(), path_is_gone()],
        query=resolve_parameters(locales),
    )
    site = _operation(
        "/site",
        "get_site",
        get_site,
        types.site_schema,
        tag=PAGES,
        summary="Get the site: home page, organisation and locales",
        text=(
            "Returns what all pages of a site show. 404: the site is unknown or has no public home "
            "page in `locale`."
        ),
        headers=IN_A_LANGUAGE,
        example=site_example(),
        problems=[unknown_site()],
        query=site_parameters(locales),
    )
    return [resolve, site]


def _collection_operations(
    types: ContentTypes, collection: Collection, locales: ContentLocales
) -> list[Operation]:
    used = locales if collection.is_translatable else None
    headers = IN_A_LANGUAGE if used else OF_CONTENT
    first = collection.types[0]
    if collection.is_pages:
        one, many = "page", "pages"
        document = union_by_type(
            "PageDocument",
            [item.document_schema for item in collection.types],
            "A page of any type; `type` says which one.",
        )
        # The same union as in documents that show a page of any type.
        card = types.card_annotation(Page)
    else:
        one, many = first.name, collection.name
        document, card = first.document_schema, first.card_schema
    list_operation = _operation(
        f"/{many}",
        f"list_{many}",
        list_view(collection),
        _card_list(types, one, card),
        tag=many,
        summary=f"List {collection.plural.lower()}",
        text=(
            "Returns cards, at most `limit` of them. For the next ones, repeat the request with "
            "`cursor` set to `next`, until that is null."
        ),
        headers=headers,
        example=list_example(collection),
        problems=[no_locale("locale", used)] if used else (),
        query=list_parameters(collection, used),
    )
    identifier = "id_or_slug" if collection.has_slug else "id"
    document_operation = _operation(
        f"/{many}/{{{identifier}}}",
        _get_operation_id(collection),
        document_view(collection),
        document,
        tag=many,
        summary=f"Get one {collection.singular}",
        text="Returns the whole document. 404: nothing public has this identifier.",
        headers=headers,
        problems=[no_document(collection, [used.default] if used else [])],
        query=document_parameters(used),
        path_parameter=PathParameter(
            identifier,
            "`id` or `slug` of the document." if collection.has_slug else "`id` of the document.",
        ),
    )
    return [list_operation, document_operation]


def _card_list(types: ContentTypes, one: str, card: Any) -> type[Schema]:
    title = f"{pascal_case(one)}List"
    members = {
        "items": (list[card], "The cards on this page of the list."),
        "next": (str | None, "Cursor for the next page of the list; null on the last one."),
    }
    return types.names.make(title, title, members, description="One page of a list.")


def _change_operations() -> list[Operation]:
    return [
        _operation(
            "/changes",
            "list_changes",
            list_changes,
            ContentChangeList,
            tag="changes",
            summary="Follow the changes",
            text=(
                "Returns what became public, changed or was withdrawn, in the order of the "
                "commits, none left out. Repeat the request with `after` set to `next`, at once "
                "if `has_more`. 410: the cursor is too old or of another store. Then take `next` "
                "of the problem, read all content again, and go on from there."
            ),
            # Never cached, hence without a validator.
            headers=("Cache-Control", "X-Content-Sequence"),
            example=changes_example(),
            problems=[is_too_old(Position(4711, 1_767_225_600_000_000))],
            query=ChangesParameters,
        )
    ]


def _get_operation_id(collection: Collection) -> str:
    if collection.is_pages:
        return "get_page"
    name = collection.types[0].name
    # A snippet type may have this name.
    return f"get_{name}_snippet" if name in ("page", "site") else f"get_{name}"


def _health_operations() -> list[Operation]:
    # Never cached, hence without a validator.
    headers = ("Cache-Control",)
    return [
        _operation(
            "/health/live",
            "check_live",
            check_live,
            HealthStatus,
            tag="health",
            summary="Check that the process responds",
            text=(
                "Does not query the database, whose failure a restart of this process would not "
                "cure."
            ),
            headers=headers,
        ),
        _operation(
            "/health/ready",
            "check_ready",
            check_ready,
            HealthStatus,
            tag="health",
            summary="Check that content can be served",
            text="Checks that the database responds and has this API's current tables.",
            headers=headers,
            problems=(unavailable("The database does not respond."),),
        ),
        _operation(
            "/health/queue",
            "check_queue",
            check_queue,
            QueueHealth,
            tag="health",
            summary="Check that documents follow what they show",
            text=(
                "Tells how many documents are still to be updated because something that they show "
                "has changed. For monitoring: the response is 200 whatever `status` says, because "
                "a server that is behind still serves what is public."
            ),
            headers=headers,
            example={
                "status": "ok",
                "waiting": 12,
                "oldest_seconds": 3,
                "failed": 0,
                "worker": True,
            },
            problems=(unavailable("The database does not respond."),),
        ),
        _operation(
            "/health/memory",
            "check_memory",
            check_memory,
            MemoryHealth,
            tag="health",
            summary="Check that answers in memory are current",
            text=(
                "Tells how far the answers that this process keeps in memory are behind the change "
                "log. Does not query the database. 200 whatever `status` says: without the memory "
                "the process answers as well, only slower."
            ),
            headers=headers,
            example={"status": "ok", "sequence": 4711, "seconds_behind": 0.062, "bytes": 1048576},
        ),
    ]
