"""Names of the types in the OpenAPI document: unique, and the same after every restart."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

from django.db import models
from django.utils.encoding import force_str
from pydantic import Field, create_model

from wagtail_delivery.encoding.base import Encoder, Schema

#: Names of types that are the same in every project.
FIXED_NAMES = frozenset(
    {
        *("Address", "Alternate", "Breadcrumb", "ChangesProblem", "CollectionLink"),
        *("ContentChange", "ContentChangeList", "ContentLocale", "ContentLocaleList"),
        *("DocumentFile", "EmailAddress", "Embed", "File", "FocalPoint", "HealthStatus", "Image"),
        *("ImageCandidate", "ImageFile", "ImageSource", "JsonValue", "MemoryHealth", "Meta"),
        *("PageAlternate", "PageCard", "PageDocument", "PageMeta", "ParameterProblem", "Problem"),
        *("QueueHealth", "Redirect", "Reference", "Resolution", "RichText", "Seo"),
        *("ServiceDocument", "ServiceDocumentLinks", "SiteMeta", "SnippetMeta", "Translation"),
    }
)


def pascal_case(name: str) -> str:
    """`sections_text` as `SectionsText`; anything but letters and digits separates words."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^0-9A-Za-z]+", name) if part)


def snake_case(name: str) -> str:
    """`ProfilePage` as `profile_page`; a run of capitals is one word (`FAQPage`: `faq_page`)."""
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words).lower()


def in_words(name: str) -> str:
    """`brand_since` and `BrandSince` as `Brand since`, as Django labels fields."""
    words = " ".join(re.split(r"[^0-9A-Za-z]+", snake_case(name))).strip()
    return words[:1].upper() + words[1:] or name


class SchemaNames:
    """Creates the generated types, each with a unique name.

    If a name is already taken by a different type, the new type gets its whole path as its name.
    Types are created in a fixed order, so names stay the same after a restart.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set(FIXED_NAMES)
        self._made: dict[Hashable, type[Schema]] = {}

    def make(
        self,
        name: str,
        path: str,
        members: dict[str, Any],
        *,
        description: str = "",
        base: type[Schema] = Schema,
        example: Any = None,
    ) -> type[Schema]:
        """A Pydantic model called `name`, or `path` if that name is taken.

        `members` maps a member's name to (annotation, description), or (annotation, description,
        default) for one that may be left out. All others are always present.
        """
        shape: Hashable = (name, base, description, repr(sorted(members.items(), key=str)))
        if shape in self._made:
            return self._made[shape]
        chosen = name if name not in self._taken else path
        number = 2
        while chosen in self._taken:
            chosen = f"{path}{number}"
            number += 1
        self._taken.add(chosen)
        definitions: dict[str, Any] = {
            _attribute(member, position): (
                annotation,
                Field(*default, alias=member, description=text or None),
            )
            for position, (member, (annotation, text, *default)) in enumerate(members.items())
        }
        made = create_model(chosen, __base__=base, __doc__=description or None, **definitions)
        self._made[shape] = made
        return made


def _attribute(member: str, position: int) -> str:
    """The attribute for `member`: Pydantic reserves some names (`json`, `model_config`).

    In JSON the member keeps its name, as an alias.
    """
    taken = member.startswith(("_", "model_")) or hasattr(Schema, member)
    return f"member{position}" if taken else member


def described(encoder: Encoder, *texts: object) -> tuple[Any, str]:
    """A member's annotation with its description.

    The description is the first of `texts` that is not blank, and the meaning of the values.
    """
    own = next((stripped for text in texts if text and (stripped := force_str(text).strip())), "")
    parts = [part for part in (own, encoder.explanation) if part]
    return encoder.annotation, "\n\n".join(parts)


def label_of(field: Any) -> str:
    """The verbose name of a model field or relation."""
    if isinstance(field, models.ForeignObjectRel):
        return force_str(field.related_model._meta.verbose_name_plural)
    return force_str(getattr(field, "verbose_name", ""))
