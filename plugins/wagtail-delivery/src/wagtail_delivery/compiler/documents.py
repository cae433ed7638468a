"""Compile documents: one published instance in, the bytes that the API sends out."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from taggit.models import TagBase
from wagtail.models import Page, TranslatableMixin

from wagtail_delivery.content.aliases import chain_of
from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.content.languages import override_language
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.content.text_provenance import without_results
from wagtail_delivery.content.translation_status import TranslationStatus
from wagtail_delivery.content.tree_positions import source_position, tree_key
from wagtail_delivery.encoding.base import Compilation, Json, Location, compiling_document_of
from wagtail_delivery.encoding.email_addresses import hide_in_text
from wagtail_delivery.encoding.image_faults import files_for
from wagtail_delivery.hashes import Scope, filter_hash, list_hash
from wagtail_delivery.json_bytes import to_json
from wagtail_delivery.locales import first_language
from wagtail_delivery.schema.content_type import ContentType
from wagtail_delivery.schema.envelope import page_meta, snippet_meta
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.sort_keys import NOTHING, sort_key
from wagtail_delivery.surrogate_keys import document_key, surrogate_key


@dataclass(frozen=True)
class CompiledFallback:
    """A document with content in a fallback locale in place of what it leaves out."""

    locale: str
    body: bytes
    translation_at: int
    etag: str


class CompiledOrder(NamedTuple):
    """The value by which a list orders a document; see `models.DocumentOrder`."""

    list: int
    typed: int | None
    value: bytes


@dataclass(frozen=True)
class CompiledDocument:
    """Everything that the store keeps for one document; see `models.PublishedDocument`."""

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
    orders: frozenset[CompiledOrder]
    #: See `hashes.filter_hash`.
    filters: frozenset[int]
    dependencies: frozenset[str]
    fallbacks: frozenset[CompiledFallback]
    files: frozenset[str]
    texts: list[list[str]]


def source_of(instance: models.Model) -> str:
    """The source of a document of `instance`, as "app.model:pk"."""
    return f"{type(instance)._meta.label_lower}:{instance.pk}"


def compile_instance(instance: models.Model, snapshot: SiteSnapshot) -> CompiledDocument | None:
    """The document of a (specific) `instance` as it is in the database.

    None if `instance` is not public or its model has no documents. Raises EncodingError if a value
    does not have the type that the content model declares, or if the project's code fails.
    """
    content_type = content_types().of_instance(instance)
    dependencies: set[str] = set()
    snapshot = snapshot.recording_into(dependencies)
    if content_type is None or not snapshot.is_public(instance):
        return None
    with compiling_document_of(instance), files_for(instance):
        return _compile(instance, content_type, snapshot, dependencies)


def _compile(
    instance: models.Model,
    content_type: ContentType,
    snapshot: SiteSnapshot,
    dependencies: set[str],
) -> CompiledDocument:
    locale = snapshot.language_of(instance)
    site, path = "", ""
    if isinstance(instance, Page):
        site, path = snapshot.address_of(instance) or ("", "")
    with override_language(locale):
        compilation = Compilation(snapshot, locale, dependencies, site=site)
        compilation.depends_on(instance)
        for page in chain_of(instance) if isinstance(instance, Page) else ():
            compilation.depends_on(page)
        status = snapshot.translation_status(instance)

        def make(each: Compilation) -> tuple[dict[str, Json], TranslationStatus]:
            # What was computed for another body is read again, so that its language is found.
            return _members(without_results(instance), content_type, each), status

        members, _ = make(compilation)
        card_compilation = Compilation(
            snapshot, locale, compilation.dependencies, compilation.files, site=site
        )
        card = content_type.encode_card(without_results(instance), Location(), card_compilation)
        fallbacks = compile_fallbacks(compilation, make)
    body, translation_at, etag = assemble(members, translation_members(status, compilation))
    scope = Scope(content_type.collection, snapshot.list_site(site), locale)
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
        card=json_without_addresses(card),
        etag=etag,
        surrogate_keys=surrogate_keys(
            content_type.collection, identity_of(instance), compilation.dependencies
        ),
        expires_at=getattr(instance, "expire_at", None),
        source=source_of(instance),
        orders=frozenset(_orders(content_type, instance, members, compilation, scope)),
        filters=frozenset(_filters(content_type, instance, members, compilation, scope)),
        dependencies=frozenset(compilation.dependencies),
        fallbacks=fallbacks,
        files=frozenset(compilation.files),
        texts=[[pointer, path] for pointer, path in compilation.texts.items()],
    )


def _members(instance: Any, content_type: ContentType, compilation: Compilation) -> dict[str, Json]:
    members: dict[str, Json] = content_type.encode_members(instance, Location(), compilation)
    with compilation.reading(instance):
        members["meta"] = (
            page_meta(instance, Location("/meta"), compilation)
            if content_type.is_page
            else snippet_meta(instance, compilation)
        )
    return members


def compile_fallbacks(
    compilation: Compilation,
    make: Callable[[Compilation], tuple[dict[str, Json], TranslationStatus]],
) -> frozenset[CompiledFallback]:
    """The document of `compilation` in each locale that has content which it leaves out.

    `make` returns its members and status; its dependencies are added to those of the document.
    """
    found = []
    for locale in compilation.left_out_in:
        other = Compilation(
            compilation.snapshot,
            compilation.locale,
            compilation.dependencies,
            compilation.files,
            site=compilation.site,
            fallback=locale,
        )
        members, status = make(other)
        found.append(
            CompiledFallback(locale, *assemble(members, translation_members(status, other)))
        )
    return frozenset(found)


def translation_members(
    status: TranslationStatus, compilation: Compilation
) -> dict[str, Json] | None:
    """`meta.translation` of the document that `compilation` describes; None without a locale."""
    if not compilation.locale:
        return None
    found = status.status
    is_foreign = compilation.languages or compilation.has_untranslated_text
    if found == "complete" and (is_foreign or compilation.left_out_in):
        # The instance itself is translated, but something that it shows or leaves out is not, such
        # as the title of a picture.
        found = "partial"
    if compilation.stale and found in ("complete", "partial"):
        # A document is at least as stale as what it shows.
        found = "stale"
    members: dict[str, Json] = {
        "source_locale": status.source_locale,
        "status": found,
        "untranslated": compilation.untranslated,
        "languages": compilation.languages,
        "stale": list(compilation.stale),
    }
    # Few documents have any, and all others keep their bytes.
    if compilation.lines:
        members["lines"] = compilation.lines
    if compilation.line_languages:
        members["line_languages"] = compilation.line_languages
    return members


def assemble(
    members: dict[str, Json], translated: dict[str, Json] | None
) -> tuple[bytes, int, str]:
    """The body, the offset of the value of `meta.translation` in it (0: none), and the ETag.

    `meta` comes last in the document, and `translation` last in `meta`.
    """
    meta = json_without_addresses(members["meta"])
    rest = {name: value for name, value in members.items() if name != "meta"}
    content = json_without_addresses(rest)
    translation = b"null" if translated is None else to_json(translated)
    etag = hashlib.blake2b(
        b"[%b,%b,%b]" % (content, meta, translation), digest_size=12, usedforsecurity=False
    ).hexdigest()
    # As JSON objects: `version` comes first in `meta`, and `meta` last in the document.
    opening = b'%b,"meta":{"version":"%b",%b' % (content[:-1], etag.encode("ascii"), meta[1:-1])
    if translated is None:
        return opening + b"}}", 0, etag
    opening += b',"translation":'
    return opening + translation + b"}}", len(opening), etag


def json_without_addresses(value: Any) -> bytes:
    """The JSON of `value` without any harvestable e-mail address in its texts."""
    made = to_json(value)
    return to_json(hide_addresses(value)) if b"@" in made else made


def hide_addresses(value: Any) -> Any:
    """`value` without any harvestable e-mail address in its texts."""
    if isinstance(value, str):
        return hide_in_text(value) if "@" in value else value
    if isinstance(value, dict):
        return {hide_addresses(name): hide_addresses(part) for name, part in value.items()}
    if isinstance(value, list):
        return [hide_addresses(part) for part in value]
    return value


def surrogate_keys(collection: str, resource_id: str, dependencies: set[str]) -> str:
    """The keys by which a cache forgets a document: its own, then one for each dependency."""
    own = document_key(collection, resource_id)
    return " ".join([own, *sorted(surrogate_key(dependency) for dependency in dependencies)])


def _orders(
    content_type: ContentType,
    instance: Any,
    members: dict[str, Json],
    compilation: Compilation,
    scope: Scope,
) -> Iterator[CompiledOrder]:
    values: dict[str, Any] = {
        "id": _identity(instance),
        "title": members["title"],
        "first_published_at": getattr(instance, "first_published_at", None),
        "last_published_at": getattr(instance, "last_published_at", None),
    }
    for name, member in content_type.orders.items():
        values[name] = next(iter(filter_values(member.read(instance), compilation)), None)
    keys = {name: sort_key(value) for name, value in values.items()}
    if content_type.is_page:
        keys["position"] = tree_key(instance.path)
        if compilation.locale != first_language():
            keys["source_position"] = tree_key(source_position(instance, compilation.snapshot))
    for name, key in keys.items():
        typed = list_hash(scope, name, content_type.name) if content_type.is_page else None
        yield CompiledOrder(list_hash(scope, name), typed, key)


def _filters(
    content_type: ContentType,
    instance: Any,
    members: dict[str, Json],
    compilation: Compilation,
    scope: Scope,
) -> Iterator[int]:
    values: list[tuple[str, Any]] = []
    if content_type.is_page and (parent := members["meta"]["parent"]):
        values.append(("parent", uuid.UUID(parent)))
    for name, member in content_type.filters.items():
        # What can be ordered by is found by its order.
        if name not in content_type.orders:
            values += [(name, value) for value in filter_values(member.read(instance), compilation)]
    for name, value in values:
        # No parameter of a request means a missing value.
        if (key := sort_key(value)) != NOTHING:
            yield filter_hash(scope, name, key)


def _identity(instance: models.Model) -> uuid.UUID | str:
    """The identity as the values of filters have it: of what is translatable, as a UUID."""
    return instance.translation_key if isinstance(instance, TranslatableMixin) else str(instance.pk)


def filter_values(value: Any, compilation: Compilation) -> list[Any]:
    """The values that lists filter by for the value of a model field; identities for a relation.

    As in the document, content that is not public is left out, and tags are their names.
    """
    if isinstance(value, TagBase):
        return [value.name]
    if isinstance(value, models.Model):
        public = compilation.snapshot.public_counterpart(value, compilation.locale)
        return [_identity(value)] if public is not None else []
    if isinstance(value, models.Manager) or hasattr(value, "all"):
        return [found for related in value.all() for found in filter_values(related, compilation)]
    return [value]
