"""Addresses of files in what project code makes, such as `rendition.url` in a property.

A file is public while a document shows it (`Compilation.shows_file`), so each address that leaves
in a document has to be known. An address counts if it is that of a stored file whose owner the code
has read: what an editor types into a text opens no file. The files of private content stay secret,
and so do the originals of images, unless they are what documents show of an image.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.urls import NoReverseMatch, reverse
from modelcluster.fields import ParentalKey
from PIL import Image as Pillow
from wagtail.documents import get_document_model
from wagtail.images.models import AbstractImage, AbstractRendition

from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.content.loaded_instances import loaded_instances
from wagtail_delivery.encoding.base import Compilation, Json, Location
from wagtail_delivery.encoding.files import public_address
from wagtail_delivery.encoding.image_faults import record_still
from wagtail_delivery.encoding.images import is_animated
from wagtail_delivery.encoding.query_tracking import Reads, without_tracking

logger = logging.getLogger(__name__)

#: What a storage is asked for, to see how its addresses begin.
_PROBE = "wagtail-delivery/probe"
#: The rest of an address; names of stored files have no other characters.
_NAME = r"(?P<name>[\w.%/~-]+)"


@dataclass(frozen=True)
class _Owned:
    """A stored file and the instance that it belongs to."""

    name: str
    owner: models.Model
    #: The image of a rendition, or the owner itself.
    content: models.Model


def with_known_addresses(
    made: Json, location: Location, compilation: Compilation, value: Any, read: Reads
) -> Json:
    """`made`, whose addresses of files are recorded and come below `MEDIA_BASE_URL`.

    Code made it from `value`, and has read `read`.
    """
    pattern = _pattern(*_beginnings())
    found = list(dict.fromkeys(match[0] for match in _matches(made, pattern)))
    if not found:
        return made
    files = {address: _name(address, pattern) for address in found}
    with without_tracking(compilation):
        owned = _owned_files({name for name in files.values() if name}, value, read)
        shown = {
            address: _shown_address(address)
            for address, name in files.items()
            if name in owned and _is_shown(owned[name], location, compilation)
        }
    return _rewritten(made, lambda text: pattern.sub(lambda one: shown.get(one[0], one[0]), text))


def _beginnings() -> tuple[tuple[str, ...], str, str]:
    """How addresses of stored files begin, of library documents, and of this server's own."""
    storages = {id(default_storage): default_storage}
    storages |= {id(field.storage): field.storage for _, field in _file_fields()}
    begin = set()
    for storage in storages.values():
        with suppress(Exception):  # each storage raises errors of its own
            before, probe, _ = storage.url(_PROBE).partition(_PROBE)
            if probe and len(before) > 1:
                begin.add(before)
    try:
        documents = reverse("wagtaildocs_serve", args=(0, "-")).removesuffix("0/-")
    except NoReverseMatch:
        documents = ""
    return tuple(sorted(begin)), documents, _own_address()


def _own_address() -> str:
    return str(getattr(settings, "WAGTAILADMIN_BASE_URL", "") or "").rstrip("/")


@lru_cache(maxsize=8)
def _pattern(begin: tuple[str, ...], documents: str, own: str) -> re.Pattern[str]:
    kinds = [f"(?P<stored>{'|'.join(map(re.escape, begin)) or '(?!)'})"]
    if documents:
        kinds.insert(0, f"{re.escape(documents)}(?P<document>\\d+)/")
    # Not within the address of another server.
    return re.compile(
        rf"(?<![\w.:/-])(?P<own>{re.escape(own) or '(?!)'})?(?:{'|'.join(kinds)}){_NAME}"
    )


@lru_cache(maxsize=1)
def _file_fields() -> tuple[tuple[type[models.Model], models.FileField], ...]:
    return tuple(
        (model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FileField) and not model._meta.proxy
    )


def _matches(made: Json, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    if isinstance(made, str):
        yield from pattern.finditer(made)
    elif isinstance(made, dict | list):
        for part in made.values() if isinstance(made, dict) else made:
            yield from _matches(part, pattern)


def _rewritten(made: Json, rewrite: Callable[[str], str]) -> Json:
    if isinstance(made, str):
        return rewrite(made)
    if isinstance(made, dict):
        return {name: _rewritten(part, rewrite) for name, part in made.items()}
    if isinstance(made, list):
        return [_rewritten(part, rewrite) for part in made]
    return made


def _name(address: str, pattern: re.Pattern[str]) -> str:
    """The name in its storage of the file at `address`; empty if there is none."""
    match = pattern.fullmatch(address)
    assert match is not None
    if document := match.groupdict().get("document"):
        found = get_document_model()._base_manager.filter(pk=document).first()
        return str(found.file.name) if found else ""
    return unquote(match["name"])


def _owned_files(names: Collection[str], value: Any, read: Reads) -> dict[str, _Owned]:
    """Those of the files `names` whose owner the code has read."""
    loaded = {(type(one), one.pk) for one in (*loaded_instances(value), *read.instances)}
    found: dict[str, _Owned] = {}
    for model, field in _file_fields():
        owners = _loaded_pks(model, loaded)
        by_owner, is_read = {"pk__in": owners}, _is_read(model, read.tables)
        if issubclass(model, AbstractRendition):
            image_model: Any = model._meta.get_field("image").related_model
            owners = _loaded_pks(image_model, loaded)
            by_owner, is_read = {"image__in": owners}, _is_read(image_model, read.tables)
        # Names have no index, so the loaded owners come first.
        for which in ([by_owner] if owners else []) + ([{}] if is_read else []):
            if left := sorted(set(names) - found.keys()):
                rows = model._base_manager.filter(**which, **{f"{field.name}__in": left})
                for row in rows:
                    name = str(getattr(row, field.attname))
                    content = row.image if isinstance(row, AbstractRendition) else row
                    found[name] = _Owned(name, row, content)
    return found


def _loaded_pks(
    model: type[models.Model], loaded: Iterable[tuple[type[models.Model], Any]]
) -> list[Any]:
    return sorted(pk for kind, pk in loaded if issubclass(kind, model) and pk is not None)


def _is_read(model: type[models.Model], tables: Iterable[type[models.Model]]) -> bool:
    return any(issubclass(model, table) or issubclass(table, model) for table in tables)


def _is_shown(file: _Owned, location: Location, compilation: Compilation) -> bool:
    """Whether the document makes `file` public; records that it does."""
    compilation.depends_on(file.content)
    if not _is_public(file.content, compilation):
        reason = "it belongs to something that is not public"
    elif isinstance(file.owner, AbstractImage) and not _is_shown_as_uploaded(file.owner):
        reason = "it is the original of an image; show the image itself, or a rendition"
    else:
        compilation.shows_file(file.name)
        if isinstance(file.owner, AbstractRendition):
            _report_still(file.owner)
        return True
    logger.warning(
        "The address of %s in a document, at %s, leads nowhere: %s.",
        file.name,
        location.pointer,
        reason,
    )
    return False


def _is_public(content: models.Model, compilation: Compilation) -> bool:
    """Whether `content` is public; an inline child with what it belongs to."""
    for field in content._meta.fields:
        if isinstance(field, ParentalKey):
            parent = getattr(content, field.name)
            compilation.depends_on(parent)
            return _is_public(getattr(parent, "specific", parent), compilation)
    return compilation.snapshot.is_public(content)


def _is_shown_as_uploaded(image: Any) -> bool:
    return bool(image.is_svg()) or is_animated(image)


def _report_still(rendition: Any) -> None:
    if rendition.image.is_svg() or not is_animated(rendition.image):
        return
    try:
        with rendition.file.storage.open(rendition.file.name) as opened:
            moves = getattr(Pillow.open(opened), "is_animated", False)
    except Exception:  # storages and image libraries raise errors of their own
        return
    if not moves:
        record_still(rendition.image)


def _shown_address(address: str) -> str:
    """The address of a file as documents show it; `address` may begin with this server's own."""
    own = _own_address()
    if own and address.startswith(f"{own}/"):
        if not delivery_settings().MEDIA_BASE_URL:
            return address
        address = address.removeprefix(own)
    return public_address(address)
