"""The plugin's settings: one dictionary, `WAGTAIL_DELIVERY`, read into one model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, Any, Literal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    ValidationError,
)

#: Supported formats of image sources: Wagtail's name and Pillow's.
PILLOW_NAMES = {"avif": "AVIF", "webp": "WEBP", "jpeg": "JPEG", "png": "PNG", "gif": "GIF"}

ImageFormat = Literal["avif", "webp", "jpeg", "png", "gif"]
_ModelLabel = Annotated[str, StringConstraints(pattern=r"^\w+\.\w+$")]
_TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
_PluralName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
#: As browsers send it: without path, query or trailing slash.
_Origin = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z][a-z0-9+.-]*://[^/?#\s@]+)$")]
_Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
_SiteName = Annotated[str, StringConstraints(pattern=r"^(default|[^/\s:]+:\d+)$")]
_BaseAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#\s@]+(/[^/?#\s]+)*$")]
#: The path of an invalid item within a setting.
_ItemPath = list[str]
#: Makes a list immutable.
_AsTuple = AfterValidator(tuple)


@dataclass(frozen=True)
class Fault:
    """One invalid setting, and how to correct it."""

    #: The key; empty where `WAGTAIL_DELIVERY` itself is invalid.
    setting: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        name = f"WAGTAIL_DELIVERY[{self.setting!r}]" if self.setting else "WAGTAIL_DELIVERY"
        return f"{name} {self.problem}."


class SettingError(ImproperlyConfigured):
    """`WAGTAIL_DELIVERY` is invalid; `faults` lists every mistake."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(f"{fault} {fault.remedy}" for fault in faults))
        self.faults = faults


def _setting(default: Any, description: str, *, remedy: str, **constraints: Any) -> Any:
    return Field(
        default, description=description, json_schema_extra={"remedy": remedy}, **constraints
    )


_SECONDS = "Give a whole number of seconds, from 0."


class PurgeByKey(BaseModel):
    """A cache that forgets responses by their surrogate keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    #: Where it takes the requests.
    ADDRESS: Annotated[str, StringConstraints(pattern=r"^https?://[^/?#\s@]+(/\S*)?$")]
    METHOD: Annotated[str, StringConstraints(pattern=r"^[A-Z]+$")] = "PURGE"
    #: The header that has the keys, separated by spaces.
    KEYS_HEADER: _Token = "Surrogate-Key"
    #: Further headers, such as one with a secret.
    HEADERS: Mapping[_Token, str] = {}


class PurgeByAddress(BaseModel):
    """Caches of `WAGTAILFRONTENDCACHE`, which forget responses by their addresses."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    #: Names in `WAGTAILFRONTENDCACHE`.
    FRONTEND_CACHE: Annotated[Sequence[str], _AsTuple, Field(min_length=1)]
    #: Addresses under which the API is cached, such as "https://www.example.org/api/v1".
    API_ADDRESSES: Annotated[
        Sequence[Annotated[str, StringConstraints(pattern=r"^https?://[^?#\s@]+[^?#\s@/]$")]],
        _AsTuple,
    ] = ()
    #: Whether to purge the addresses of pages on their sites.
    PAGES: bool = True


class MetricsSettings(BaseModel):
    """Where and to whom Prometheus is told what happens."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    PATH: Annotated[str, StringConstraints(pattern=r"^/[^\s?#]+$")]
    #: In which all processes of a machine count; nothing else is in it.
    FOLDER: Annotated[str, StringConstraints(min_length=1)]
    #: Must be sent as a bearer token; empty if anybody who reaches the server may ask.
    TOKEN: str = ""


class DeliverySettings(BaseModel):
    """The keys of `WAGTAIL_DELIVERY`; each has a default, a description and a remedy."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    TITLE: str = _setting(
        "Delivery API",
        "Name of the API in the OpenAPI document and the service document.",
        remedy="Give a text that is not empty.",
        pattern=r"\S",
    )
    CORS_ORIGINS: Annotated[Sequence[_Origin], _AsTuple] = _setting(
        (),
        'Origins whose pages may call the API from a browser; `["*"]` allows all.',
        remedy='Give a list of origins such as "https://www.example.org", or of "*" alone.',
    )
    TYPE_NAMES: Mapping[_ModelLabel, _TypeName] = _setting(
        {},
        "API type names of models, to replace the model's name in snake_case: "
        '`{"app.Model": "name"}`.',
        remedy='Give a dictionary of names in snake_case, such as {"app.Model": "name"}.',
    )
    PLURAL_NAMES: Mapping[_ModelLabel, _PluralName] = _setting(
        {},
        "Plural names of snippet models, which are part of the API's URLs: "
        '`{"app.Model": "names"}`.',
        remedy='Give a dictionary of names in lower case, such as {"app.Model": "names"}.',
    )
    SITE_SNIPPET: str | None = _setting(
        None,
        "Snippet model, as `app.Model`, whose one instance per locale describes the organisation "
        "in `/site`.",
        remedy="Name a snippet that has api_fields as 'app.Model', or leave it out.",
    )
    TRANSLATION_STATUSES: str | None = _setting(
        None,
        "Dotted path of a function that takes instances and returns a `TranslationStatus` for "
        "each; without it, every document counts as its own source.",
        remedy="Give the dotted path of a function that takes instances and returns a "
        "TranslationStatus for each, or leave it out.",
    )
    FILE_TEXTS: str | None = _setting(
        None,
        "Dotted path of a function that takes library files and a language, and returns their "
        "translated titles and descriptions; without it, documents show the library's own.",
        remedy="Give the dotted path of a function that takes files and a language and returns "
        "their texts, or leave it out.",
    )
    UNTRACKED: Annotated[Sequence[str], _AsTuple] = _setting(
        (),
        "Apps, and models as `app.Model`, whose rows no document shows, such as a plugin's working "
        "tables. Saving them takes no lock and compiles nothing.",
        remedy='Give a list of apps by their label, and of models as "app.Model".',
    )
    DEPENDENTS_AT_ONCE: NonNegativeInt = _setting(
        20,
        "Documents that show what was published and are compiled in the same transaction. More "
        "than that follow after it: by `manage.py delivery_worker` if one runs, or else by the "
        "process that published, before it goes on.",
        remedy="Give a whole number, from 0.",
    )
    IMAGE_WIDTHS: Annotated[Sequence[PositiveInt], _AsTuple] = _setting(
        (320, 640, 1280, 1920),
        "Widths, in pixels, of the image sources.",
        remedy="Give a list of at least one whole number of pixels, from 1.",
        min_length=1,
    )
    IMAGE_FORMATS: Annotated[Sequence[ImageFormat], _AsTuple] = _setting(
        ("avif", "webp", "jpeg"),
        f"Formats of the image sources, best first: {', '.join(PILLOW_NAMES)}. The last one is the "
        "fallback for every browser.",
        remedy=f"Give a list of at least one of: {', '.join(PILLOW_NAMES)}.",
        min_length=1,
    )
    PREPARE_IMAGES: bool = _setting(
        False,
        "Whether the files of an image are made after its upload, by `manage.py delivery_images`; "
        "otherwise at its first publish.",
        remedy="Give True or False.",
    )
    MEDIA_BASE_URL: str = _setting(
        "",
        "Address in front of the paths of images, files and documents, such as "
        "`https://media.example.org`. Without it they begin with `/`, after `FORCE_SCRIPT_NAME`.",
        remedy="Give an address with a scheme and without a slash at its end, or leave it out.",
        pattern=r"^(https?://[^/?#\s@]+(/[^/?#\s]+)*)?$",
    )
    CACHE_MAX_AGE: NonNegativeInt = _setting(
        60, "Seconds for which a shared cache may keep a response.", remedy=_SECONDS
    )
    CACHE_STALE_WHILE_REVALIDATE: NonNegativeInt = _setting(
        600,
        "Further seconds for which it may serve a stale response while it fetches a new one.",
        remedy=_SECONDS,
    )
    CACHE_STALE_IF_ERROR: NonNegativeInt = _setting(
        86400,
        "Further seconds for which it may serve a stale response while the origin is down.",
        remedy=_SECONDS,
    )
    KEPT_ANSWERS_MB: NonNegativeInt = _setting(
        48,
        "Megabytes of answers that each server process keeps in memory, where the project "
        "[uses the memory](serving.md#answers-in-memory); 0 switches it off.",
        remedy="Give a whole number of megabytes, from 0.",
    )
    CHANGES_KEPT_DAYS: PositiveInt | None = _setting(
        90,
        "Days for which the change log keeps its entries, after which `manage.py delivery_prune` "
        "removes them; `None` keeps all.",
        remedy="Give a whole number of days, from 1, or None.",
    )
    PURGE: Mapping[str, PurgeByKey | PurgeByAddress] = _setting(
        {},
        "Caches that `manage.py delivery_worker` purges of what has changed, by names of your own; "
        "see [Purging caches](following.md#purging-caches).",
        remedy='Give a dictionary such as {"varnish": {"ADDRESS": "http://127.0.0.1:6081"}} or '
        '{"cdn": {"FRONTEND_CACHE": ["default"], "API_ADDRESSES": ["https://example.org/api/v1"]}}.',
    )
    METRICS: MetricsSettings | None = _setting(
        None,
        'Metrics for Prometheus: `{"PATH": "/metrics", "FOLDER": "/var/lib/cms/metrics"}`, and '
        "optionally a `TOKEN`. See [Metrics](#metrics).",
        remedy='Give a dictionary such as {"PATH": "/metrics", "FOLDER": "/var/lib/cms/metrics", '
        '"TOKEN": "..."}, or None.',
    )
    FRONT_ENDS: Mapping[_SiteName, _BaseAddress] = _setting(
        {},
        "Addresses of front-ends, by site as host:port or `default`: "
        '`{"default": "https://www.example.org"}`. After a publish, '
        "`manage.py delivery_worker` asks there for the page until it names the new version.",
        remedy="Give a dictionary of addresses with a scheme and without a slash at their end, by "
        '"default" or host:port.',
    )
    WAITING_REQUESTS: NonNegativeInt = _setting(
        4,
        "Requests that may wait for content (`wait`, `at_least`) in one server process at the same "
        "time, each in a thread of its own; further ones are answered at once.",
        remedy="Give a whole number of requests, from 0.",
    )


def remedy_of(name: str) -> str:
    """How to correct the setting called `name`."""
    extra: Any = DeliverySettings.model_fields[name].json_schema_extra
    return str(extra["remedy"])


@lru_cache(maxsize=1)
def delivery_settings() -> DeliverySettings:
    """The project's settings, read once per process. Raises SettingError with every fault."""
    given = getattr(settings, "WAGTAIL_DELIVERY", {})
    if not isinstance(given, Mapping):
        raise SettingError(Fault("", f"is {given!r}", "Give a dictionary."))
    values = {str(name): value for name, value in given.items()}
    try:
        return DeliverySettings.model_validate(values)
    except ValidationError as error:
        raise SettingError(*_faults(error, values)) from None


@receiver(setting_changed)
def _forget(*, setting: str, **_: Any) -> None:
    """Discard the cached settings; they change only in tests."""
    if setting == "WAGTAIL_DELIVERY":
        delivery_settings.cache_clear()


def _faults(error: ValidationError, given: Mapping[str, Any]) -> Iterator[Fault]:
    """One fault per invalid key of `given`, in Python's terms rather than Pydantic's."""
    paths: dict[str, list[_ItemPath]] = defaultdict(list)
    for detail in error.errors(include_url=False):
        name, *within = map(str, detail["loc"])
        paths[name].append(within)
    for name, wrong in paths.items():
        if name in DeliverySettings.model_fields:
            yield Fault(name, _problem(given[name], wrong), remedy_of(name))
        else:
            problem = f"is {given[name]!r}, and there is no such setting"
            yield Fault(name, problem, _known_settings(name))


def _problem(value: Any, paths: Sequence[_ItemPath]) -> str:
    """Describe the invalid items of `value`, or all of it if a path is empty."""
    if not all(paths):
        return f"is {value!r}"
    wrong = {path[0] for path in paths}
    items = (
        # What is in a dictionary may be a secret.
        {
            str(key): f"{key!r}: {'{...}' if isinstance(item, Mapping) else repr(item)}"
            for key, item in value.items()
        }
        if isinstance(value, Mapping)
        else {str(index): repr(item) for index, item in enumerate(value)}
    )
    return f"has {', '.join(shown for key, shown in items.items() if key in wrong)}"


def _known_settings(misspelt: str) -> str:
    known = DeliverySettings.model_fields
    near = get_close_matches(misspelt.upper(), known, 1)
    suggestion = f"Did you mean {near[0]}? " if near else ""
    return f"{suggestion}The settings are: {', '.join(known)}."
