"""The aliases of pages: pages that show another page's content.

An alias of an alias shows the content of the page at the end of the chain. Its privacy, its
language and its translation status are those of that page.
"""

from __future__ import annotations

from collections.abc import Mapping

from wagtail.models import Page


def chain_of(page: Page) -> list[Page]:
    """The pages from the one that `page` is an alias of to the one whose content it shows.

    Empty if `page` is not an alias. Read from the database, because another process may have
    changed the chain.
    """
    chain: list[Page] = []
    while page.alias_of_id is not None and page.alias_of_id not in {one.pk for one in chain}:
        source = Page.objects.filter(pk=page.alias_of_id).first()
        if source is None:  # It is being deleted.
            break
        chain.append(source)
        page = source
    return chain


def shows_another_locale(page: Page) -> bool:
    """Whether `page` is an alias that shows the content of a page in another locale."""
    if page.alias_of_id is None:
        return False
    chain = chain_of(page)
    return not chain or chain[-1].locale_id != page.locale_id


def with_aliases(paths: Mapping[int, str]) -> dict[int, str]:
    """`paths` and the aliases of those pages, at any depth: tree paths by primary key."""
    found = dict(paths)
    new = found
    while new:
        aliases = Page.objects.filter(alias_of__in=list(new)).exclude(pk__in=list(found))
        new = dict(aliases.values_list("pk", "path"))
        found |= new
    return found
