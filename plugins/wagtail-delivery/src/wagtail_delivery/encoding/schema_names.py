"""Names of the types in the OpenAPI document: each once, and the same at every start."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

from django.db import models
from django.utils.encoding import force_str
from pydantic import Field, create_model

from wagtail_delivery.encoding.base import Encoder, Schema

#: Types that are the same in every project.
FIXED_NAMES = frozenset(
    {
        *("Alternate", "Breadcrumb", "CollectionLink", "ContentLocale", "ContentLocaleList"),
        *("DocumentFile", "EmailAddress", "Embed", "File", "FocalPoint", "HealthStatus", "Image"),
        *("ImageCandidate", "ImageFile", "ImageSource", "JsonValue", "Meta", "PageAlternate"),
        *("PageCard", "PageDocument", "PageMeta", "ParameterProblem", "Problem", "Redirect"),
        *("Reference", "Resolution", "RichText", "Seo", "ServiceDocument", "ServiceDocumentLinks"),
        *("SiteMeta", "SnippetMeta", "Translation"),
    }
)


def pascal_case(name: str) -> str:
    """`sections_text` as `SectionsText`; other characters than letters and digits part words."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^0-9A-Za-z]+", name) if part)


def snake_case(name: str) -> str:
    """`ProfilePage` as `profile_page`; runs of capitals are one word (`FAQPage`: `faq_page`)."""
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words).lower()


def in_words(name: str) -> str:
    """`brand_since` and `BrandSince` as `Brand since`, as Django labels fields."""
    words = " ".join(re.split(r"[^0-9A-Za-z]+", snake_case(name))).strip()
    return words[:1].upper() + words[1:] or name


class SchemaNames:
    """Makes the generated types, giving each a name of its own.

    The same name is asked for twice only by different things: the second gets its whole path as its
    name. Since types are made in a fixed order, names do not change from one start to the next.
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
        """A Pydantic model called `name`, or `path` where that name is taken.

        `members` maps a member's name to (annotation, description). Members are always present.
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
                Field(alias=member, description=text or None),
            )
            for position, (member, (annotation, text)) in enumerate(members.items())
        }
        made = create_model(chosen, __base__=base, __doc__=description or None, **definitions)
        self._made[shape] = made
        return made


def _attribute(member: str, position: int) -> str:
    """What a Pydantic model calls `member`: Pydantic has names of its own (`json`, `model_config`).

    In JSON it has its own name, as alias.
    """
    taken = member.startswith(("_", "model_")) or hasattr(Schema, member)
    return f"member{position}" if taken else member


def described(encoder: Encoder, *texts: object) -> tuple[Any, str]:
    """A member's annotation with its description.

    That is the first of `texts` that says anything, and what the values mean.
    """
    said = next((stripped for text in texts if text and (stripped := force_str(text).strip())), "")
    parts = [part for part in (said, encoder.explanation) if part]
    return encoder.annotation, "\n\n".join(parts)


def label_of(field: Any) -> str:
    """The verbose name of a model field or relation."""
    if isinstance(field, models.ForeignObjectRel):
        return force_str(field.related_model._meta.verbose_name_plural)
    return force_str(getattr(field, "verbose_name", ""))
