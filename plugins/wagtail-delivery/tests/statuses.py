"""Statuses of translations, as a translation plugin would report them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from wagtail_delivery.extending import TranslationStatus


def of_each(
    status: Callable[[Any], TranslationStatus],
) -> Callable[[Sequence[Any]], list[TranslationStatus]]:
    """What `WAGTAIL_DELIVERY["TRANSLATION_STATUSES"]` may name, from the status of one instance."""

    @functools.wraps(status)
    def statuses(instances: Sequence[Any]) -> list[TranslationStatus]:
        return [status(instance) for instance in instances]

    return statuses
