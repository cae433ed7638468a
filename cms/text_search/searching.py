"""Which texts of pages and entries have a phrase, of those that a user may see.

Everybody in the admin sees what is public. What editors work on is for those with a right on the
thing itself (record 31).

The database reads every text, so the time grows with the amount of text, also where nothing is
found; `make bench ARGS=texts` measures it. The number of queries does not grow.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.editors import sight
from cms.snippets.permissions import WORKING
from cms.text_search.indexing import searched_models
from cms.text_search.models import IndexedText


def texts_with(phrase: str, user: Any) -> QuerySet[IndexedText]:
    """One row for each page or entry with `phrase`, which is folded.

    The editors' version if it has the phrase and the user works on it, otherwise the public one.
    Each row has `works_on`, `in_public` and `in_draft`.
    """
    same = {"content_type": OuterRef("content_type"), "object_id": OuterRef("object_id")}
    types = ContentType.objects.get_for_models(*searched_models()).values()
    # The type of rows may be gone from the code.
    texts = IndexedText.objects.filter(folded__contains=phrase, content_type__in=types)
    drafts = IndexedText.objects.filter(worked_on_by(user), is_public=False)
    return (
        texts.annotate(
            works_on=Exists(drafts.filter(**same)),
            in_draft=Exists(drafts.filter(folded__contains=phrase, **same)),
            in_public=Exists(texts.filter(is_public=True, **same)),
        )
        .filter(Q(is_public=False, in_draft=True) | Q(is_public=True, in_draft=False))
        .select_related("locale")
        .order_by("content_type", "title", "pk")
    )


def worked_on_by(user: Any) -> Q:
    """Texts of the pages and entries on which the user has a right to work."""
    pages = [model for model in searched_models() if issubclass(model, Page)]
    found = _within(pages, Page, user, sight.EXPLORING)
    for model in searched_models():
        if model not in pages:
            found |= _within([model], model, user, WORKING)
    return found


def _within(models: list[type[Model]], base: type[Model], user: Any, actions: tuple[str, ...]) -> Q:
    policy = policy_registry.get_by_type(base)
    if not policy.user_has_any_permission(user, actions):
        return Q(pk__in=())
    own = policy.instances_user_has_any_permission_for(user, actions).order_by()
    types = ContentType.objects.get_for_models(*models).values()
    return Q(content_type__in=types, object_id__in=own.values_list(Cast("pk", CharField())))
