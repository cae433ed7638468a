"""The place of a page in the tree of the project's first language, for lists with a fallback.

The trees of two locales lie one behind the other. A list of pages in English where there are any,
and else in Malay, needs one order: that of the tree in which the editors arrange the pages.
"""

from __future__ import annotations

from django.conf import settings
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Page

from wagtail_delivery.content.snapshot import SiteSnapshot

#: The length of a step of a tree path.
STEP = Page.steplen


def source_position(page: Page, snapshot: SiteSnapshot) -> str:
    """The tree path of the counterpart of `page` in the first language.

    A page without one comes below the counterpart of its nearest ancestor that has one; its own
    path if none has.
    """
    first = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    if snapshot.language_of(page) == first:
        return str(page.path)
    paths = [page.path[:end] for end in range(len(page.path), STEP, -STEP)]
    keys = dict(Page.objects.filter(path__in=paths).values_list("path", "translation_key"))
    counterparts = dict(
        Page.objects.filter(
            translation_key__in=keys.values(), locale__language_code=first
        ).values_list("translation_key", "path")
    )
    for path in paths:
        if found := counterparts.get(keys.get(path)):
            return f"{found}{page.path[len(path) :]}"
    return str(page.path)
