"""Making documents: one published thing in, the bytes that the API sends out."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import models
from taggit.models import TagBase
from wagtail.models import Page

from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.content.languages import override_language
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.content.translation_status import TranslationStatus
from wagtail_delivery.encoding.base import Compilation, Json, Location, compiling_document_of
from wagtail_delivery.encoding.email_addresses import hide_in_text
from wagtail_delivery.schema.content_type import ContentType
from wagtail_delivery.schema.envelope import page_meta, snippet_meta
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.sort_keys import sort_key


@dataclass(frozen=True)
class CompiledDocument:
    """All that the store keeps of one document; see `models.Document` for the members."""

    collection: str
    resource_id: str
    locale: str
    type: str
    slug: str
    site: str
    path: str
    body: bytes
    translation_at: int
    card: bytes
    etag: str
    surrogate_keys: str
    expires_at: datetime.datetime | None
    source: str
    keys: frozenset[tuple[str, bytes]]
    dependencies: frozenset[str]


def source_of(instance: models.Model) -> str:
    """Where a document of `instance` comes from, as "app.model:pk"."""
    return f"{type(instance)._meta.label_lower}:{instance.pk}"


def compile_instance(instance: models.Model, snapshot: SiteSnapshot) -> CompiledDocument | None:
    """The document of a (specific) `instance` as it stands in the database.

    None where nobody may read it. Raises RepresentationError where a value is not of the type that
    the content model declares, or code of the project's fails.
    """
    content_type = content_types().of_instance(instance)
    if content_type is None or not snapshot.is_public(instance):
        return None
    with compiling_document_of(instance):
        return _compile(instance, content_type, snapshot)


def _compile(
    instance: models.Model, content_type: ContentType, snapshot: SiteSnapshot
) -> CompiledDocument:
    locale = snapshot.language_of(instance)
    site, path = "", ""
    if isinstance(instance, Page):
        site, path = snapshot.address_of(instance) or ("", "")
    with override_language(locale):
        compilation = Compilation(snapshot, locale, site=site)
        compilation.depends_on(instance)
        if isinstance(instance, Page) and instance.alias_of_id is not None:
            compilation.depends_on(instance.alias_of)
        status = snapshot.translation_status(instance)
        members = content_type.encode_members(instance, Location(), compilation)
        with compilation.reading(instance):
            members["meta"] = (
                page_meta(instance, Location("/meta"), compilation)
                if content_type.is_page
                else snippet_meta(instance, compilation)
            )
        card_compilation = Compilation(snapshot, locale, compilation.dependencies, site=site)
        card = content_type.encode_card(instance, Location(), card_compilation)
    body, translation_at, etag = assemble(members, translation_members(status, compilation))
    return CompiledDocument(
        collection=content_type.collection,
        resource_id=identity_of(instance),
        locale=locale,
        type=content_type.name,
        slug=str(getattr(instance, "slug", "") or ""),
        site=site,
        path=path,
        body=body,
        translation_at=translation_at,
        card=to_bytes(hide_addresses(card)),
        etag=etag,
        surrogate_keys=surrogate_keys(compilation.dependencies),
        expires_at=getattr(instance, "expire_at", None),
        source=source_of(instance),
        keys=frozenset(_keys(content_type, instance, members, compilation)),
        dependencies=frozenset(compilation.dependencies),
    )


def translation_members(
    status: TranslationStatus, compilation: Compilation
) -> dict[str, Json] | None:
    """`meta.translation` of a document of which `compilation` was made; None without a locale."""
    if not compilation.locale:
        return None
    found = status.status
    if found == "complete" and compilation.shows_untranslated:
        # The thing itself is translated, but something that it shows is not.
        found = "partial"
    return {
        "source_locale": status.source_locale,
        "status": found,
        "untranslated": compilation.untranslated,
        "languages": compilation.languages,
    }


def assemble(
    members: dict[str, Json], translated: dict[str, Json] | None
) -> tuple[bytes, int, str]:
    """The body, where the value of `meta.translation` begins in it (0: nowhere), and the ETag.

    `meta` comes last in the document, and `translation` last in `meta`.
    """
    clean = hide_addresses(members)
    meta = clean.pop("meta")
    etag = hashlib.blake2b(
        to_bytes([clean, meta, translated]), digest_size=12, usedforsecurity=False
    ).hexdigest()
    meta = {"version": etag, **meta}
    head = to_bytes({**clean, "meta": meta})
    if translated is None:
        return head, 0, etag
    opening = head[:-2] + b',"translation":'
    return opening + to_bytes(translated) + b"}}", len(opening), etag


def to_bytes(value: Json) -> bytes:
    """JSON in UTF-8, without insignificant space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def hide_addresses(value: Any) -> Any:
    """`value` with no e-mail address in one harvestable piece in any of its texts."""
    if isinstance(value, str):
        return hide_in_text(value) if "@" in value else value
    if isinstance(value, dict):
        return {hide_addresses(name): hide_addresses(part) for name, part in value.items()}
    if isinstance(value, list):
        return [hide_addresses(part) for part in value]
    return value


def surrogate_keys(dependencies: set[str]) -> str:
    """Short keys, one for each thing read, by which a cache drops what was made of it."""
    return " ".join(sorted(surrogate_key(depends_on) for depends_on in dependencies))


def surrogate_key(depends_on: str) -> str:
    """The cache key of a dependency key."""
    return hashlib.blake2b(depends_on.encode(), digest_size=6, usedforsecurity=False).hexdigest()


def _keys(
    content_type: ContentType, instance: Any, members: dict[str, Json], compilation: Compilation
) -> set[tuple[str, bytes]]:
    values: list[tuple[str, Any]] = [
        ("id", members["id"]),
        ("title", members["title"]),
        ("first_published_at", getattr(instance, "first_published_at", None)),
        ("last_published_at", getattr(instance, "last_published_at", None)),
    ]
    if content_type.is_page:
        values += [
            ("site", compilation.site),
            ("parent", members["meta"]["parent"]),
            ("position", instance.path),
        ]
    for name, member in {**content_type.filters, **content_type.orders}.items():
        values += [(name, value) for value in filter_values(member.read(instance), compilation)]
    return {(name, sort_key(value)) for name, value in values}


def filter_values(value: Any, compilation: Compilation) -> list[Any]:
    """What a list is filtered by for a model field's value: of a relation, the identities.

    As in the document, what is not public counts for nothing, and tags are their names.
    """
    if isinstance(value, TagBase):
        return [value.name]
    if isinstance(value, models.Model):
        public = compilation.snapshot.in_locale(value, compilation.locale)
        return [identity_of(value)] if public is not None else []
    if isinstance(value, models.Manager) or hasattr(value, "all"):
        return [found for related in value.all() for found in filter_values(related, compilation)]
    return [value]
