"""The plugin's settings: one dictionary, `WAGTAIL_DELIVERY`, read in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: The formats that image sources can be made in, as Wagtail and as Pillow call them.
PILLOW_NAMES = {"avif": "AVIF", "webp": "WEBP", "jpeg": "JPEG", "png": "PNG", "gif": "GIF"}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one setting, and what would be right."""

    #: Its name; empty where it is `WAGTAIL_DELIVERY` itself.
    setting: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        name = f"WAGTAIL_DELIVERY[{self.setting!r}]" if self.setting else "WAGTAIL_DELIVERY"
        return f"{name} {self.problem}."


class SettingError(ImproperlyConfigured):
    """Settings that cannot be."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(f"{fault} {fault.remedy}" for fault in faults))
        self.faults = faults


#: Says what is wrong with a value; nothing where it can be.
Judge = Callable[[Any], str]


def _one(is_possible: Callable[[Any], bool]) -> Judge:
    return lambda value: "" if is_possible(value) else f"is {value!r}"


def _each(is_possible: Callable[[Any], bool], *, at_least: int = 0) -> Judge:
    def judge(values: Any) -> str:
        if isinstance(values, str) or not isinstance(values, Sequence) or len(values) < at_least:
            return f"is {values!r}"
        wrong = [repr(value) for value in values if not is_possible(value)]
        return f"has {', '.join(wrong)}" if wrong else ""

    return judge


def _named(pattern: str) -> Judge:
    """Of names by the labels of models."""

    def judge(names: Any) -> str:
        if not isinstance(names, Mapping):
            return f"is {names!r}"
        wrong = [
            f"{label!r}: {name!r}"
            for label, name in names.items()
            if not (_matches(_LABEL, label) and _matches(pattern, name))
        ]
        return f"has {', '.join(wrong)}" if wrong else ""

    return judge


def _matches(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(pattern, value))


def _is_number(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


_LABEL = r"\w+\.\w+"
#: As a browser says it: without path, query or last slash.
_ORIGIN = r"\*|[a-z][a-z0-9+.-]*://[^/?#\s@]+"
_ORIGINS = _each(lambda value: _matches(_ORIGIN, value))
_WIDTHS = _each(lambda value: _is_number(value, 1), at_least=1)
_FORMATS = _each(lambda value: isinstance(value, str) and value in PILLOW_NAMES, at_least=1)
_SECONDS = _one(lambda value: _is_number(value, 0))


def _setting(default: Any, meaning: str, judge: Judge, remedy: str) -> Any:
    about = {"meaning": meaning, "judge": judge, "remedy": remedy}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True)
class DeliverySettings:
    """What a project may say in `WAGTAIL_DELIVERY`; every part has a default."""

    TITLE: str = _setting(
        "Delivery API",
        "Name of the API in the OpenAPI document and the service document.",
        _one(lambda value: isinstance(value, str) and bool(value.strip())),
        "Give a text that is not empty.",
    )
    CORS_ORIGINS: Sequence[str] = _setting(
        (),
        'Origins that may call the API from a browser; `["*"]` for all.',
        _ORIGINS,
        'Give a list of origins such as "https://www.example.org", or of "*" alone.',
    )
    TYPE_NAMES: Mapping[str, str] = _setting(
        {},
        "API type names of models, where the snake_case model name is not wanted: "
        '`{"app.Model": "name"}`.',
        _named(r"[a-z][a-z0-9_]*"),
        'Give a dictionary of names in snake_case, such as {"app.Model": "name"}.',
    )
    PLURAL_NAMES: Mapping[str, str] = _setting(
        {},
        'Plural names of snippet models, which are in addresses: `{"app.Model": "names"}`.',
        _named(r"[a-z][a-z0-9_-]*"),
        'Give a dictionary of names in small letters, such as {"app.Model": "names"}.',
    )
    SITE_SNIPPET: str | None = _setting(
        None,
        "Snippet model, as `app.Model`, whose one instance in each locale describes the "
        "organisation in `/site`.",
        _one(lambda value: value is None or isinstance(value, str)),
        "Name a snippet that has api_fields as 'app.Model', or leave it out.",
    )
    TRANSLATION_STATUS: str | None = _setting(
        None,
        "Dotted path of a function from an instance to its `TranslationStatus`; without it every "
        "document is its own source.",
        _one(lambda value: value is None or isinstance(value, str)),
        "Give the dotted path of a function from an instance to its TranslationStatus, or leave "
        "it out.",
    )
    UNTRACKED: Sequence[str] = _setting(
        (),
        'Apps, and models as "app.Model", whose rows are part of no document, such as the working '
        "tables of a plugin: saving them waits for no publisher and compiles nothing.",
        _each(lambda value: isinstance(value, str)),
        'Give a list of apps by their label, and of models as "app.Model".',
    )
    IMAGE_WIDTHS: Sequence[int] = _setting(
        (320, 640, 1280, 1920),
        "Widths in pixels that image sources are made in.",
        _WIDTHS,
        "Give a list of at least one whole number of pixels, from 1.",
    )
    IMAGE_FORMATS: Sequence[str] = _setting(
        ("avif", "webp", "jpeg"),
        f"Formats of image sources, best first, out of {', '.join(PILLOW_NAMES)}; the last one is "
        "the fallback for every browser.",
        _FORMATS,
        f"Give a list of at least one of: {', '.join(PILLOW_NAMES)}.",
    )
    CACHE_MAX_AGE: int = _setting(
        60,
        "Seconds that a shared cache may keep an answer.",
        _SECONDS,
        "Give a whole number of seconds, from 0.",
    )
    CACHE_STALE_WHILE_REVALIDATE: int = _setting(
        600,
        "Seconds more that it may serve it while it asks again.",
        _SECONDS,
        "Give a whole number of seconds, from 0.",
    )
    CACHE_STALE_IF_ERROR: int = _setting(
        86400,
        "Seconds more that it may serve it while the origin is down.",
        _SECONDS,
        "Give a whole number of seconds, from 0.",
    )


def default_of(item: Field[Any]) -> Any:
    """What holds for a setting that is not given."""
    return {} if item.default is MISSING else item.default


def remedy_of(name: str) -> str:
    """What a setting may be."""
    remedies = {item.name: item.metadata["remedy"] for item in fields(DeliverySettings)}
    return str(remedies[name])


def faults_in(given: Any) -> Iterator[Fault]:
    """The faults of `WAGTAIL_DELIVERY` itself; what it names is not looked up."""
    if not isinstance(given, Mapping):
        yield Fault("", f"is {given!r}", "Give a dictionary.")
        return
    known = {item.name: item for item in fields(DeliverySettings)}
    for name, value in given.items():
        if name not in known:
            near = get_close_matches(str(name).upper(), known, 1)
            instead = f"Did you mean {near[0]}? " if near else ""
            remedy = f"{instead}The settings are: {', '.join(known)}."
            yield Fault(str(name), f"is {value!r}, and there is no such setting", remedy)
        elif problem := known[name].metadata["judge"](value):
            yield Fault(name, problem, remedy_of(name))


def delivery_settings() -> DeliverySettings:
    """The settings as they are now. Raises SettingError for what cannot be, naming all of it."""
    given = getattr(settings, "WAGTAIL_DELIVERY", {})
    if faults := tuple(faults_in(given)):
        raise SettingError(*faults)
    return DeliverySettings(**given)
