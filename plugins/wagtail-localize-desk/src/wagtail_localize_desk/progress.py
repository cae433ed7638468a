"""Translations with the counts of their strings, how long they have waited, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.utils import quote
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from wagtail.models import DraftStateMixin, Page, get_page_models, get_translatable_models
from wagtail.permissions import policy_registry
from wagtail_localize.models import Translation

from wagtail_localize_desk.models import Assignment, State, StringChange, TranslatedString
from wagtail_localize_desk.open_strings import OPEN


def with_progress(translations: QuerySet[Translation]) -> QuerySet[Translation]:
    """Translations with the number of their strings in each state, their times and assignments.

    `waits_since` is when the first open string came to need somebody; for text that was never
    translated, when the translation was begun or its source last came to the translators.
    """
    rows = TranslatedString.objects.filter(
        object_key=OuterRef("source__object_id"),
        target_language=OuterRef("target_locale__language_code"),
        number__isnull=False,
    )
    changes = StringChange.objects.filter(
        string__object_key=OuterRef("source__object_id"),
        string__target_language=OuterRef("target_locale__language_code"),
        string__number__isnull=False,
    )
    reviews = changes.filter(string__state=State.NEEDS_REVIEW, state_after=State.NEEDS_REVIEW)
    assignments = Assignment.objects.filter(
        object_key=OuterRef("source__object_id"),
        target_language=OuterRef("target_locale__language_code"),
    )
    username = get_user_model().USERNAME_FIELD
    found: QuerySet[Translation] = translations.annotate(
        all_strings=_count(rows),
        open_count=_count(rows.filter(state__in=OPEN)),
        untranslated_count=_count(rows.filter(state=State.UNTRANSLATED)),
        review_count=_count(rows.filter(state=State.NEEDS_REVIEW)),
        translated_count=_count(rows.filter(state=State.TRANSLATED)),
        approved_count=_count(rows.filter(state=State.APPROVED)),
        last_change=Subquery(changes.order_by("-at").values("at")[:1]),
        assignee_id=Subquery(assignments.values("assignee")[:1]),
        assignee_name=Subquery(assignments.values(f"assignee__{username}")[:1]),
        due_on=Subquery(assignments.values("due_on")[:1]),
    ).annotate(
        waits_since=Case(
            When(all_strings=F("untranslated_count"), then=F("created_at")),
            When(untranslated_count__gt=0, then=F("source__last_updated_at")),
            default=Subquery(reviews.order_by("at").values("at")[:1]),
            output_field=DateTimeField(),
        )
    )
    return found


def _count(rows: QuerySet[TranslatedString]) -> Coalesce:
    grouped = rows.order_by().values("object_key").annotate(count=Count("pk"))
    return Coalesce(Subquery(grouped.values("count")), 0, output_field=IntegerField())


def of_targets(
    translations: QuerySet[Translation],
    user: Any = None,
    actions: Sequence[str] = (),
    where: Q | None = None,
) -> QuerySet[Translation]:
    """Those whose target exists, with its `target_pk` as a text.

    With `actions`, those on whose target `user` has one of the rights. `where` is a condition on
    the target, for models with drafts.
    """
    pks = []
    for model in get_translatable_models():
        if where is not None and not issubclass(model, DraftStateMixin):
            continue
        targets = model._default_manager.all()
        if actions:
            policy = policy_registry.get_by_type(model)
            targets = policy.instances_user_has_any_permission_for(user, actions)
        targets = targets.order_by().filter(
            where or Q(),
            translation_key=OuterRef("source__object_id"),
            locale_id=OuterRef("target_locale_id"),
        )
        pks.append(Cast(Subquery(targets.values("pk")[:1]), CharField()))
    nothing = Value(None, output_field=CharField())
    found: QuerySet[Translation] = translations.annotate(
        target_pk=Coalesce(*pks, nothing, nothing)
    ).filter(target_pk__isnull=False)
    return found


def of_workflows(translations: QuerySet[Translation]) -> QuerySet[Translation]:
    """Translations with the `base_type` by which workflows name their content."""
    pages = ContentType.objects.get_for_models(*get_page_models()).values()
    page_type = ContentType.objects.get_for_model(Page)
    found: QuerySet[Translation] = translations.annotate(
        base_type=Case(
            When(
                source__specific_content_type__in=[kind.pk for kind in pages],
                then=Value(page_type.pk),
            ),
            default=F("source__specific_content_type_id"),
            output_field=IntegerField(),
        )
    )
    return found


def edit_url(translation: Any) -> str:
    """The address of the translation's editor, without a query."""
    model = translation.source.specific_content_type.model_class()
    if model is None:
        return ""
    if issubclass(model, Page):
        return reverse("wagtailadmin_pages:edit", args=[translation.target_pk])
    viewset = getattr(model, "snippet_viewset", None)
    if viewset is None:
        return ""
    return reverse(viewset.get_url_name("edit"), args=[quote(translation.target_pk)])


def state_of(translation: Any) -> State:
    """The state of a whole translation, which follows from its strings: the least of them."""
    if translation.untranslated_count or not translation.all_strings:
        return State.UNTRANSLATED
    if translation.review_count:
        return State.NEEDS_REVIEW
    return State.TRANSLATED if translation.translated_count else State.APPROVED
