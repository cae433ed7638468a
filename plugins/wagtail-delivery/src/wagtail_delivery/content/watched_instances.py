"""Watch which translatable instances code loads, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.signals import post_init
from wagtail.models import TranslatableMixin

Watch = Callable[[models.Model], None]

_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


def register_watch() -> None:
    """Connect the signal of every translatable model; doing so twice is once."""
    for model in apps.get_models():
        if issubclass(model, TranslatableMixin):
            post_init.connect(_handle_post_init, sender=model, dispatch_uid="wagtail_delivery")


@contextmanager
def watching_instances(watch: Watch) -> Iterator[None]:
    """Call `watch` with each translatable instance that is made or loaded in this block."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def are_watched() -> bool:
    """Whether somebody is told of the instances that are loaded now."""
    return _watch.get() is not None


def _handle_post_init(instance: models.Model, **_: Any) -> None:
    watch = _watch.get()
    if watch is not None:
        watch(instance)
