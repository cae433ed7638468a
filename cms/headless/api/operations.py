"""The operations of the delivery API, out of the project's content types."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from django.utils import translation
from ninja import Query
from ninja.params.functions import Path as path_parameter  # noqa: N813
from wagtail.models import Page

from cms.headless.api.collections import Collection, api_collections
from cms.headless.api.examples import list_example, site_example
from cms.headless.api.locales import ContentLocales, content_locales
from cms.headless.api.openapi import DEFAULT, Answers, DescribedAPI
from cms.headless.api.parameters import (
    Parameters,
    document_parameters,
    list_parameters,
    no_locale,
    site_parameters,
)
from cms.headless.api.problems import Problem, ProblemError, bad_parameters, unavailable
from cms.headless.api.query_strings import LONGEST_NAME, UNKNOWN
from cms.headless.api.redirects import Redirect
from cms.headless.api.views.docs import (
    SWAGGER_FILES,
    docs_view,
    openapi_view,
    swagger_file_view,
)
from cms.headless.api.views.documents import View, document_view, no_document, no_site, site_view
from cms.headless.api.views.health import HealthStatus, check_live, check_ready
from cms.headless.api.views.lists import list_view
from cms.headless.api.views.resolve import path_is_empty, path_is_gone, resolve_path
from cms.headless.api.views.service import (
    ContentLocaleList,
    ServiceDocument,
    locales_view,
    service_view,
)
from cms.headless.conf import headless_settings
from cms.headless.encoding.schema_names import pascal_case
from cms.headless.identifiers import PAGES
from cms.headless.schema.registry import ContentTypes, content_types
from cms.headless.schema.unions import union_by_type

#: Version of the API, not of the content.
VERSION = "1.0.0"
DESCRIPTION = (
    "Published content as JSON. Read only: `GET`, `HEAD` and `OPTIONS`. Answers have a strong "
    "`ETag`; errors are problem documents (RFC 9457). `id` is the same in every locale."
)


#: Headers of answers that can be kept, and of those that are made of content.
KEPT = ("ETag", "Cache-Control")
OF_CONTENT = (*KEPT, "Surrogate-Key")
IN_A_LANGUAGE = (*OF_CONTENT, "Content-Language")


def delivery_api() -> DescribedAPI:
    """The API of this project: what is fixed, and two operations for each collection."""
    # Descriptions are for developers, and the same whatever the language of the moment is.
    with translation.override("en"):
        types = content_types()
        collections = api_collections(types)
        api = DescribedAPI(
            title=headless_settings().TITLE,
            version=VERSION,
            description=DESCRIPTION,
            openapi_url=None,
            docs_url=None,
        )
        locales = content_locales()
        _add_service(api, types, locales, collections)
        _add_addresses(api, types, locales)
        for collection in collections:
            _add_collection(api, types, collection, locales)
        _add_health(api)
        return api


def _add(
    api: DescribedAPI,
    path: str,
    operation_id: str,
    view: View,
    answer: Any,
    *,
    tag: str,
    summary: str,
    headers: Sequence[str],
    some_headers: Sequence[str] = (),
    description: str = "",
    example: Any = None,
    problems: Sequence[ProblemError] = (),
    query: type[Parameters] | None = None,
    name: Any = None,
) -> None:
    """Add an operation; `query` and `name` type the view's arguments of these names.

    `problems` are those that it can answer with beside what any operation can.
    """
    if query is not None:
        view.__annotations__["query"] = Query[query]  # type: ignore[misc, valid-type]
    if name is not None:
        view.__annotations__["name"] = name
    by_status = {
        HTTPStatus.BAD_REQUEST.value: bad_parameters(("colour", UNKNOWN)),
        **{problem.status.value: problem for problem in problems},
        DEFAULT: unavailable("The content cannot be read at the moment."),
    }
    api.responses[operation_id] = Answers(headers, some_headers, example, by_status)
    api.get(
        path,
        operation_id=operation_id,
        summary=summary,
        description=description,
        tags=[tag],
        response={HTTPStatus.OK.value: answer, **dict.fromkeys(by_status, Problem)},
    )(view)


def _add_service(
    api: DescribedAPI,
    types: ContentTypes,
    locales: ContentLocales,
    collections: Sequence[Collection],
) -> None:
    service = service_view(api.title, VERSION, locales, collections)
    _add(
        api,
        "/",
        "get_service_document",
        service,
        ServiceDocument,
        tag="service",
        summary="The API and its parts",
        headers=KEPT,
    )
    _add(
        api,
        "/locales",
        "list_locales",
        locales_view(locales),
        ContentLocaleList,
        tag="service",
        summary="The locales that content can be in",
        headers=OF_CONTENT,
    )
    api.get("/openapi.json", include_in_schema=False)(openapi_view(api, types))
    api.get("/docs", include_in_schema=False)(docs_view(api.title))
    for name in SWAGGER_FILES:
        api.get(f"/docs/{name}", include_in_schema=False)(swagger_file_view(name))


def _add_addresses(api: DescribedAPI, types: ContentTypes, locales: ContentLocales) -> None:
    pages = [content_type for content_type in types if content_type.is_page]
    _add(
        api,
        "/resolve",
        "resolve_path",
        resolve_path,
        union_by_type(
            "Resolution",
            [*(page.document_schema for page in pages), Redirect],
            "What stands at a path: a page, or a redirect to where it is now.",
        ),
        tag=PAGES,
        summary="What stands at a front-end path",
        description=(
            "The page, or a redirect that a front-end is to pass on. 404: nothing was ever there; "
            "410: what was there is gone."
        ),
        # A redirect is in no language, and one to another server is made of no content.
        headers=KEPT,
        some_headers=("Surrogate-Key", "Content-Language"),
        problems=[path_is_empty(), path_is_gone()],
    )
    _add(
        api,
        "/site",
        "get_site",
        site_view(),
        types.site_schema,
        tag=PAGES,
        summary="What a front-end shows on every page",
        headers=IN_A_LANGUAGE,
        example=site_example(),
        problems=[no_site([locales.default])],
        query=site_parameters(locales),
    )


def _add_collection(
    api: DescribedAPI, types: ContentTypes, collection: Collection, locales: ContentLocales
) -> None:
    used = locales if collection.is_translatable else None
    headers = IN_A_LANGUAGE if used else OF_CONTENT
    first = collection.types[0]
    if collection.is_pages:
        one, many = "page", "pages"
        document = union_by_type(
            "PageDocument",
            [item.document_schema for item in collection.types],
            "Any page: `type` tells which.",
        )
        # The very union that documents have where they show any page.
        card = types.card_annotation(Page)
    else:
        one, many = first.name, collection.name
        document, card = first.document_schema, first.card_schema
    title = f"{pascal_case(one)}List"
    card_list = types.names.make(
        title,
        title,
        {
            "items": (list[card], "The cards."),  # type: ignore[valid-type]
            "next": (str | None, "Cursor of what follows; null where nothing does."),
        },
        description="Cards, and where the list goes on.",
    )
    _add(
        api,
        f"/{many}",
        f"list_{many}",
        list_view(collection),
        card_list,
        tag=many,
        summary=f"List: {many}",
        headers=headers,
        example=list_example(collection),
        problems=[no_locale("locale", used)] if used else (),
        query=list_parameters(collection, used),
    )
    identifier = "id_or_slug" if collection.has_slug else "id"
    description = "Its `id` or its `slug`." if collection.has_slug else "Its `id`."
    _add(
        api,
        f"/{many}/{{{identifier}}}",
        _get_operation_id(collection),
        document_view(collection),
        document,
        tag=many,
        summary=f"One of: {many}",
        headers=headers,
        problems=[no_document(collection, [used.default] if used else [])],
        query=document_parameters(used),
        name=Annotated[
            str, path_parameter(alias=identifier, description=description, max_length=LONGEST_NAME)
        ],
    )


def _get_operation_id(collection: Collection) -> str:
    if collection.is_pages:
        return "get_page"
    name = collection.types[0].name
    # A snippet may be called so.
    return f"get_{name}_snippet" if name in ("page", "site") else f"get_{name}"


def _add_health(api: DescribedAPI) -> None:
    for path, operation_id, view, summary, problems in (
        ("/health/live", "check_live", check_live, "Whether the process answers", ()),
        (
            "/health/ready",
            "check_ready",
            check_ready,
            "Whether content can be served",
            (unavailable("The database does not answer."),),
        ),
    ):
        _add(
            api,
            path,
            operation_id,
            view,
            HealthStatus,
            tag="health",
            summary=summary,
            # Never kept, and so without a validator.
            headers=("Cache-Control",),
            problems=problems,
        )
