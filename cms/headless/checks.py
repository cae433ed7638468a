"""System checks: what a content model says wrongly about itself is found before it is served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from cms.headless.content_types import content_types
from cms.headless.envelope import SAME_MEANING
from cms.headless.representation.members import UnknownApiFieldError


@checks.register("headless")
def check_content_types(app_configs: Any = None, **_: Any) -> Sequence[checks.CheckMessage]:
    """Names that do not exist, names that are taken, and values that are only known to be JSON."""
    try:
        found = content_types()
    except UnknownApiFieldError as error:
        return [
            checks.Error(
                str(error),
                hint=f"Name something that {error.model.__name__} has, or remove the name.",
                obj=error.model,
                id="headless.E001",
            )
        ]
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="headless.E002")]
    messages: list[checks.CheckMessage] = [
        checks.Warning(
            f"The API can only say that {where} is JSON.", hint=remedy, id="headless.W001"
        )
        for where, remedy in found.untyped
    ]
    for content_type in found:
        declared = {member.attribute or member.name for member in content_type.card_members}
        declared |= SAME_MEANING
        missing = [
            name for name in getattr(content_type.model, "card_fields", ()) if name not in declared
        ]
        if missing:
            messages.append(
                checks.Error(
                    f"{content_type.model._meta.label}.card_fields names {', '.join(missing)}.",
                    hint="Name entries of api_fields that are no relations.",
                    obj=content_type.model,
                    id="headless.E003",
                )
            )
    return messages
