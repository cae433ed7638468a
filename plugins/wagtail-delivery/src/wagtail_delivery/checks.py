"""System checks: a project's mistakes, each with a remedy, before the API serves anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string
from modelcluster.models import get_all_child_relations
from wagtail.api import APIField
from wagtail.models import Page, get_page_models

from wagtail_delivery.conf import (
    DeliverySettings,
    Fault,
    PurgeByAddress,
    SettingError,
    delivery_settings,
    remedy_of,
)
from wagtail_delivery.encoding.drf.source_checks import wrong_sources
from wagtail_delivery.publishing import patches
from wagtail_delivery.publishing.tracked_models import unknown_untracked
from wagtail_delivery.schema.envelope import SAME_MEANING
from wagtail_delivery.schema.members import UnknownApiFieldsError
from wagtail_delivery.schema.registry import ContentTypes, content_types
from wagtail_delivery.schema.type_names import NameClashError


@checks.register("wagtail_delivery")
def check_settings(app_configs: Any = None, **_: Any) -> Sequence[checks.CheckMessage]:
    """E004: keys of `WAGTAIL_DELIVERY` that are misspelt, invalid or name something missing."""
    return [
        checks.Error(str(fault), hint=fault.remedy, id="wagtail_delivery.E004")
        for fault in _faulty_settings()
    ]


def _faulty_settings() -> Sequence[Fault]:
    try:
        given = delivery_settings()
        found = [
            *_faulty_path("TRANSLATION_STATUSES", given.TRANSLATION_STATUSES),
            *_faulty_path("FILE_TEXTS", given.FILE_TEXTS),
            *_unknown_caches(given),
            *_unanswered_metrics(given),
        ]
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
    except (NameClashError, UnknownApiFieldsError):
        return found  # check_content_types reports these.
    found += _faulty_labels("TYPE_NAMES", given.TYPE_NAMES, types, pages=True)
    found += _faulty_labels("PLURAL_NAMES", given.PLURAL_NAMES, types, pages=False)
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


def _unknown_caches(given: DeliverySettings) -> Iterator[Fault]:
    known = getattr(settings, "WAGTAILFRONTENDCACHE", {})
    for target, cache in given.PURGE.items():
        for name in cache.FRONTEND_CACHE if isinstance(cache, PurgeByAddress) else ():
            if name not in known:
                problem = f"has {target!r}, which names {name!r}"
                yield Fault("PURGE", problem, "Name caches of the setting WAGTAILFRONTENDCACHE.")


def _unanswered_metrics(given: DeliverySettings) -> Iterator[Fault]:
    if given.METRICS is None:
        return
    if find_spec("prometheus_client") is None:
        problem = "needs the package prometheus-client, which is not installed"
        yield Fault("METRICS", problem, "Install wagtail-delivery[metrics].")
    if "wagtail_delivery.middleware.DeliveryMiddleware" not in settings.MIDDLEWARE:
        problem = "needs the plugin's middleware, which is not in MIDDLEWARE"
        yield Fault("METRICS", problem, "Add wagtail_delivery.middleware.DeliveryMiddleware.")


def _faulty_labels(name: str, labels: Any, types: ContentTypes, *, pages: bool) -> Iterator[Fault]:
    """Labels without effect: the model has no documents, or no list of its own."""
    known = {one.model._meta.label for one in types if pages or not one.is_page}
    for label in sorted(set(labels) - known):
        kind = "page type or snippet" if pages else "snippet"
        problem = f"has {label!r}: {labels[label]!r}, where {label!r} is no {kind} with documents"
        yield Fault(name, problem, f"Known are: {', '.join(sorted(known))}.")


@checks.register("wagtail_delivery")
def check_content_types(app_configs: Any = None, **_: Any) -> Sequence[checks.CheckMessage]:
    """E001 and E003: unknown names; E002: duplicate or reserved names; W001: untyped values."""
    try:
        found = content_types()
    except UnknownApiFieldsError as error:
        return [
            checks.Error(
                f"{label}.api_fields names {name!r}, which does not exist.",
                hint=f"Name something that {model.__name__} has, or remove the name.",
                obj=model,
                id="wagtail_delivery.E001",
            )
            for label, name, model in error.unknown
        ]
    except NameClashError as error:
        return [
            checks.Error(
                clash.problem, hint=clash.remedy, obj=clash.models[0], id="wagtail_delivery.E002"
            )
            for clash in error.clashes
        ]
    except SettingError:
        return []  # check_settings reports these.
    messages: list[checks.CheckMessage] = [
        checks.Warning(
            f"{where} has no type, so the API describes it as any JSON.",
            hint=remedy,
            id="wagtail_delivery.W001",
        )
        for where, remedy in sorted(found.untyped.items())
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
                    hint="Name entries of api_fields that are not relations.",
                    obj=content_type.model,
                    id="wagtail_delivery.E003",
                )
            )
    return messages


@checks.register("wagtail_delivery")
def check_serializers(app_configs: Any = None, **_: Any) -> Sequence[checks.CheckMessage]:
    """E005: missing sources of serializers in `api_fields`, which DRF silently ignores."""
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
    """E006: patched methods that another app has replaced."""
    return [
        checks.Error(
            f"{patch.current_module()} has replaced {patch} of wagtail_delivery: {patch.reason}.",
            hint="Remove the app that replaces it, or list wagtail_delivery after that app.",
            obj=patch.owner,
            id="wagtail_delivery.E006",
        )
        for patch in patches.missing()
    ]


@checks.register("wagtail_delivery")
def check_page_types(app_configs: Any = None, **_: Any) -> Sequence[checks.CheckMessage]:
    """W002: page types without `api_fields`, whose documents have only the envelope."""
    return [
        checks.Warning(
            f"{model._meta.label} has no api_fields: its documents have a title, a path and "
            "metadata, but no content.",
            hint=_api_fields_hint(model),
            obj=model,
            id="wagtail_delivery.W002",
        )
        for model in get_page_models()
        if model is not Page and _lacks_api_fields(model)
    ]


def _lacks_api_fields(model: type[Page]) -> bool:
    """Whether a page type exposes nothing; an empty list on the class itself is intentional."""
    return "api_fields" not in vars(model) and not APIField.get_fields_for_model(model)


def _api_fields_hint(model: type[Page]) -> str:
    empty = f"Write api_fields = [] in {model.__name__} if that is intended."
    if not (names := _content_of(model)):
        return empty
    entries = ", ".join(f'APIField("{name}")' for name in names)
    return (
        f"Name the public content in {model.__name__}: api_fields = [{entries}] "
        f"(from wagtail.api import APIField). {empty}"
    )


def _content_of(model: type[Page]) -> list[str]:
    """Names of a page type's editable fields and inline children, except those of every page."""
    common = {field.name for field in Page._meta.get_fields()}
    lists = [field for field in model._meta.many_to_many if field.editable]
    fields = [
        field
        for field in model._meta.fields
        if field.editable and not getattr(field.remote_field, "parent_link", False)
    ]
    through = {getattr(field.remote_field, "through", None) for field in lists}
    children = [
        relation
        for relation in get_all_child_relations(model)
        if relation.related_model not in through
    ]
    names = [field.name for field in (*fields, *lists)]
    names += [relation.get_accessor_name() for relation in children if relation.name not in common]
    return [name for name in names if name not in common]
