"""The public Python interface of this plugin: projects import from here and nowhere else.

Every other module may change without notice. `docs/extending.md` describes each name with an
example. Import this module once models are loaded: from an app's `ready()`, or from a module that
`ready()` imports.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from pydantic import BaseModel

from wagtail_delivery.api.cors import Cors
from wagtail_delivery.api.dispatch import api_prefix, dispatcher
from wagtail_delivery.api.problems import ProblemError
from wagtail_delivery.api.responses import cache_control
from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.content.dependency_keys import address_key, key_of
from wagtail_delivery.content.translation_status import (
    Status,
    TranslationStatus,
    UntranslatedParts,
)
from wagtail_delivery.encoding.base import (
    Compilation,
    Encoder,
    EncodingError,
    Json,
    Location,
    Schema,
)
from wagtail_delivery.encoding.blocks import register_block
from wagtail_delivery.encoding.fields import Factory, register_field
from wagtail_delivery.encoding.registry import TypeRegistry
from wagtail_delivery.encoding.scalars import (
    ChoiceEncoder,
    DecimalString,
    Html,
    JsonValue,
    ListEncoder,
    ScalarEncoder,
    TextEncoder,
    Uri,
)
from wagtail_delivery.models import PublishedFile
from wagtail_delivery.publishing import signal_handlers, transaction, wagtail_patches
from wagtail_delivery.publishing.dependents import compile_next_pending
from wagtail_delivery.publishing.front_end import check_next_front_end
from wagtail_delivery.publishing.image_queue import prepare_next_image
from wagtail_delivery.publishing.rebuild import Difference, Progress, rebuild, verify
from wagtail_delivery.publishing.scheduled import publish_due
from wagtail_delivery.purging.targets import purge_target_names
from wagtail_delivery.purging.worker import purge_next
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.serving.application import with_memory
from wagtail_delivery.store.stored_keys import stored_key
from wagtail_delivery.store.texts import DocumentText, documents_changed, published_texts

__all__ = [
    "ChoiceEncoder",
    "Compilation",
    "DecimalString",
    "Difference",
    "DocumentText",
    "DocumentType",
    "Encoder",
    "EncodingError",
    "Factory",
    "Html",
    "Json",
    "JsonValue",
    "ListEncoder",
    "Location",
    "Progress",
    "ScalarEncoder",
    "Schema",
    "Status",
    "TextEncoder",
    "TranslationStatus",
    "TypeRegistry",
    "UntranslatedParts",
    "Uri",
    "add_file_headers",
    "check_next_front_end",
    "compile_next_pending",
    "document_types",
    "documents_changed",
    "is_published_file",
    "prepare_next_image",
    "publish_atomically",
    "publish_due",
    "published_texts",
    "publishing",
    "purge_next",
    "purge_target_names",
    "rebuild",
    "record_change",
    "refusal_response",
    "register_block",
    "register_field",
    "verify",
    "with_memory",
]


@contextmanager
def publishing() -> Iterator[None]:
    """Open a transaction that commits only together with the documents that follow from it.

    Blocks nest; the outermost one takes the publishing lock first and compiles the documents last.
    Open it before the first write, so a waiting transaction never holds rows that the publishing
    one needs. If a document cannot be compiled, the block raises EncodingError; this and any other
    exception rolls everything back.
    """
    with transaction.publishing():
        yield


def record_change(instance: models.Model) -> None:
    """Record that `instance` changed in a way that its own row does not show.

    Its documents, and all documents that show it or only its title or path, are compiled when the
    outermost `publishing()` block ends; without an open block, before this function returns.
    Saving or deleting a tracked model needs no call. Raises EncodingError if a document cannot be
    compiled.
    """
    with transaction.publishing() as changes:
        signal_handlers.record_change(instance, changes)
        changes.keys.add(address_key(key_of(instance)))


def publish_atomically(owner: type[Any], method: str) -> None:
    """Make the method named `method` of the class `owner` run in a `publishing()` block.

    This is for code of other packages that writes rows first and publishes later in the same
    transaction. Call it from an app's `ready()`; a second call changes nothing. Raises
    AttributeError if `owner` has no such method.
    """
    wagtail_patches.make_atomic(owner, method)


def is_published_file(name: str) -> bool:
    """Whether a public document shows the address of the stored file `name`.

    One query by an index. A project that asks this before it sends a file keeps the files of drafts
    and of private collections secret.
    """
    documents = Q(document__expires_at=None) | Q(document__expires_at__gt=timezone.now())
    return PublishedFile.objects.filter(documents, name=stored_key(name)).exists()


#: Browsers keep a file whose name changes with its content for a year.
_KEPT_BY_BROWSERS = "max-age=31536000, immutable"


def add_file_headers(
    request: HttpRequest, response: HttpResponseBase, *, is_immutable: bool = False
) -> None:
    """Add the API's CORS and cache headers to a response with a file that `is_published_file`.

    Browsers may keep a file that `is_immutable`. Shared caches ask again as often as for documents,
    because a file can be withdrawn.
    """
    options = delivery_settings()
    Cors(options.CORS_ORIGINS).add_headers(request, response)
    directives = cache_control(options)
    if is_immutable:
        directives = directives.replace("max-age", f"{_KEPT_BY_BROWSERS}, s-maxage", 1)
    response.headers["Cache-Control"] = directives


def refusal_response(request: HttpRequest, status: HTTPStatus, detail: str) -> HttpResponse | None:
    """The API's response to a request that the server refused before the project saw it.

    A problem document, with the headers that a browser needs to read it; None if the path of
    `request` is not the API's.
    """
    prefix = api_prefix()
    if not prefix or not request.path_info.startswith(prefix):
        return None
    return dispatcher().refuse(request, ProblemError(status, detail))


@dataclass(frozen=True)
class DocumentType:
    """A model whose published instances have documents."""

    model: type[models.Model]
    #: The `type` of its documents, such as "profile_page".
    name: str
    #: The list that has its documents, which is also the first segment of its path in the API.
    collection: str
    #: The type of its documents, which OpenAPI describes under the name of this class.
    schema: type[BaseModel]


def document_types() -> list[DocumentType]:
    """All models that have documents: page types first, then snippets, each sorted by label.

    Raises ImproperlyConfigured for names that clash, and UnknownApiFieldsError (a LookupError) for
    entries of `api_fields` that do not exist.
    """
    return [
        DocumentType(found.model, found.name, found.collection, found.document_schema)
        for found in content_types()
    ]
