"""Sources keep their references to content whose translation was deleted.

wagtail-localize deletes what it knows of a page or snippet with its last translation, also where
other sources show it. Their translations would never show it again, not even once it is translated
anew, until the sources themselves are published again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail_localize.models import RelatedObjectSegment, TranslatableObject


@contextmanager
def kept_references(instance: Any) -> Iterator[None]:
    """A block that deletes the data of `instance`, which was deleted; references to it are kept.

    Not if it was the last of its translations, as then there is nothing to show.
    """
    key = instance.translation_key
    references = list(
        RelatedObjectSegment.objects.filter(object=key).exclude(context__object_id=key)
    )
    yield
    # The manager of the concrete model, which finds what the type's own may hide.
    model = type(instance)._meta.concrete_model
    if not references or TranslatableObject.objects.filter(pk=key).exists():
        return
    if model._base_manager.filter(translation_key=key).exists():
        content_type = ContentType.objects.get_for_model(model)
        TranslatableObject.objects.create(translation_key=key, content_type=content_type)
        RelatedObjectSegment.objects.bulk_create(references)
