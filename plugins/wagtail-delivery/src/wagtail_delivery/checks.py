"""System checks: what a project says wrongly of itself is found before it is served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from wagtail_delivery.conf import Fault, SettingError, delivery_settings, remedy_of
from wagtail_delivery.encoding.drf.source_checks import wrong_sources
from wagtail_delivery.publishing import patches
from wagtail_delivery.publishing.tracked_models import unknown_untracked
from wagtail_delivery.schema.envelope import SAME_MEANING
from wagtail_delivery.schema.members import UnknownApiFieldError
from wagtail_delivery.schema.registry import ContentTypes, content_types


@checks.register("wagtail_delivery")
def check_settings(app_configs: Any = None, **_: Any) -> Sequence[checks.CheckMessage]:
    """Each key of `WAGTAIL_DELIVERY`: its name, its value, and that what it names is there."""
    return [
        checks.Error(str(fault), hint=fault.remedy, id="wagtail_delivery.E004")
        for fault in _faulty_settings()
    ]


def _faulty_settings() -> Sequence[Fault]:
    try:
        settings = delivery_settings()
        found = [*_faulty_path("TRANSLATION_STATUS", settings.TRANSLATION_STATUS)]
    except SettingError as error:
        return error.faults
    found += [
        Fault("UNTRACKED", f"names {name!r}, which is no app and no model", remedy_of("UNTRACKED"))
        for name in unknown_untracked()
    ]
    try:
        types = content_types()
    except SettingError as error:
        return [*found, *error.faults]
    except (ImproperlyConfigured, UnknownApiFieldError):
        return found  # The other check says it.
    found += _faulty_labels("TYPE_NAMES", settings.TYPE_NAMES, types, pages=True)
    found += _faulty_labels("PLURAL_NAMES", settings.PLURAL_NAMES, types, pages=False)
    return found


def _faulty_path(name: str, path: str | None) -> Iterator[Fault]:
    if path is None:
        return
    try:
        reason = "" if callable(import_string(path)) else "it cannot be called"
    except (ImportError, AttributeError, ValueError) as error:
        reason = str(error)
    if reason:
        yield Fault(name, f"is {path!r}: {reason}", remedy_of(name))


def _faulty_labels(name: str, labels: Any, types: ContentTypes, *, pages: bool) -> Iterator[Fault]:
    """The labels that change nothing: what they name has no documents, or no list of its own."""
    known = {one.model._meta.label for one in types if pages or not one.is_page}
    for label in sorted(set(labels) - known):
        what = "page type or snippet" if pages else "snippet"
        problem = f"has {label!r}: {labels[label]!r}, where {label!r} is no {what} with documents"
        yield Fault(name, problem, f"Known are: {', '.join(sorted(known))}.")


@checks.register("wagtail_delivery")
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
                id="wagtail_delivery.E001",
            )
        ]
    except SettingError:
        return []  # The other check says it.
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="wagtail_delivery.E002")]
    messages: list[checks.CheckMessage] = [
        checks.Warning(
            f"The API can only say that {where} is JSON.", hint=remedy, id="wagtail_delivery.W001"
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
                    id="wagtail_delivery.E003",
                )
            )
    return messages


@checks.register("wagtail_delivery")
def check_serializers(app_configs: Any = None, **_: Any) -> Sequence[checks.CheckMessage]:
    """Sources of serializers in `api_fields` that lead nowhere; DRF itself would show nothing."""
    return [
        checks.Error(
            f"{where} reads {source!r}, but {model._meta.label} has no {missing!r}.",
            hint=f"Give a source that {model.__name__} has, or remove the field.",
            obj=model,
            id="wagtail_delivery.E005",
        )
        for where, source, model, missing in wrong_sources()
    ]


@checks.register("wagtail_delivery")
def check_patches(app_configs: Any = None, **_: Any) -> Sequence[checks.CheckMessage]:
    """Another app can replace a method that this plugin has patched."""
    return [
        checks.Error(
            f"{patch.current_module()} has replaced {patch} of wagtail_delivery: {patch.reason}.",
            hint="Remove the app that replaces it, or list wagtail_delivery after that app.",
            obj=patch.owner,
            id="wagtail_delivery.E006",
        )
        for patch in patches.missing()
    ]
