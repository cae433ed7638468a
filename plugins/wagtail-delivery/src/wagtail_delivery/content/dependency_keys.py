"""Keys that name the dependencies of a document.

- `app.model:id`: an instance in all its locales (id is the translation key, or the primary key);
- `app.model:id#place`: only its title, address and visibility;
- `app.model:id#children`: whether a page has children, which code can read from its row;
- `app.model.field:key`: the rows of a model that point at the instance with that key;
- `app.model:*`: any row of a model, where the compiler cannot see which;
- `wagtailcore.page#order`: the places of pages in their trees, which a list of pages follows.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from wagtail.models import Page

from wagtail_delivery.content.identity import identity_model, identity_of


def key_of(instance: models.Model) -> str:
    """The key of `instance`, the same in every locale."""
    return f"{identity_model(type(instance))._meta.label_lower}:{identity_of(instance)}"


def address_key(key: str) -> str:
    """The key of the title, address and visibility of the instance with `key`."""
    return f"{key}#place"


def children_key(key: str) -> str:
    """The key of the number of children of the page with `key`.

    Treebeard updates it without a signal, and asks for no children of a page that has none.
    """
    return f"{key}#children"


def membership_key(model: type[models.Model], field_name: str, owner_key: str) -> str:
    """The key of the rows of `model` whose `field_name` points at the instance with `owner_key`."""
    return f"{model._meta.label_lower}.{field_name}:{owner_key}"


def table_key(model: type[models.Model]) -> str:
    """The key of all rows of `model`."""
    return f"{model._meta.label_lower}:*"


def table_keys(model: type[models.Model]) -> Iterator[str]:
    """The keys of all tables that hold a part of a row of `model`: its own and its parents'."""
    for table in (model, *model._meta.get_parent_list()):
        yield table_key(table)


def order_key() -> str:
    """The key of the places of all pages. Pages get others without a change of their own."""
    return f"{Page._meta.label_lower}#order"
