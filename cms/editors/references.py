"""Forms take references to what their user sees, and to what was there before.

A form keeps any id that is sent to it. A preview, the public page or the form itself then shows the
title, the address or the file of what the id names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Field, Model, QuerySet
from django.forms.models import BaseModelForm
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.models import CollectionMember, Page, TranslatableMixin
from wagtail.snippets.models import get_snippet_models

from cms.core.keys import is_key
from cms.editors import sight
from cms.editors.asking import asking_user

_post_clean = WagtailAdminModelForm._post_clean


class Reference(NamedTuple):
    """What is referred to, and the place in the field: that of its block, if it has blocks."""

    model: type[Model]
    key: str
    place: str


#: By the name of the field that refers.
References = dict[str, set[Reference]]


def is_guarded(model: type[Model]) -> bool:
    """Whether it is content; other things, such as users, have no drafts and no privacy."""
    return issubclass(model, (Page, CollectionMember, *get_snippet_models()))


def is_seen(user: Any, model: type[Model], key: str) -> bool:
    """Whether `key` names something of `model` that is shown to `user`, or no content."""
    return not is_guarded(model) or bool(_seen(user, model, {key}))


def post_clean(form: BaseModelForm[Any]) -> None:
    """Validate the form's instance; its new references must be to what the form's user sees.

    What a form keeps though it does not exist gets the same error, so that the answer does not tell
    which of the two it is.
    """
    user = asking_user()
    before = _values(form)
    _post_clean(form)
    if user is None or user.is_superuser:
        return
    for name, models in _refused(user, form, before).items():
        form.add_error(name, _message(models))


def _message(models: Iterable[type[Model]]) -> str:
    types = ", ".join(sorted({str(model._meta.verbose_name) for model in models}))
    return _(
        "This refers to something that does not exist, or that you may not see: %(types)s. Remove"
        " it, or choose something else."
    ) % {"types": types}


def _values(form: BaseModelForm[Any]) -> dict[Field[Any, Any], Any]:
    """The values of the instance's fields that the form sets."""
    fields = (field for field in form.instance._meta.fields if field.name in form.cleaned_data)
    return {field: field.value_from_object(form.instance) for field in fields}


def _refused(
    user: Any, form: BaseModelForm[Any], before: dict[Field[Any, Any], Any]
) -> dict[str, list[type[Model]]]:
    """The types of the new references that are not shown to `user`, by field."""
    unseen = _unseen(user, _references(_values(form)))
    if not unseen:
        return {}
    # What was there before is read only now: most forms refer to nothing unseen.
    old = _references({field: value for field, value in before.items() if field.name in unseen})
    refused = {}
    for name, references in unseen.items():
        known = {(model, key) for model, key, _place in old.get(name, ())}
        models = [model for model, key, _place in references if (model, key) not in known]
        if models and name in form.fields:
            refused[name] = models
    return refused


def _references(values: dict[Field[Any, Any], Any]) -> References:
    found = {field.name: set(_of_value(field, value)) for field, value in values.items()}
    return {name: references for name, references in found.items() if references}


def _of_value(field: Any, value: Any) -> Iterator[Reference]:
    """The guarded references in a field's value, as Wagtail's index of references finds them."""
    if value is None:
        return
    found: Iterable[Any] = ()
    if field.many_to_one:
        found = [(field.related_model, value, "", "")]
    elif hasattr(field, "extract_references"):
        found = field.extract_references(value)
    for model, key, _model_path, place in found:
        if is_guarded(model):
            yield Reference(model, str(key), place)


def _unseen(user: Any, references: References) -> References:
    """Those of `references` that are not shown to `user`. A few queries for each type."""
    keys: dict[type[Model], set[str]] = defaultdict(set)
    for found in references.values():
        for model, key, _place in found:
            keys[model].add(key)
    seen = {(model, key) for model in keys for key in _seen(user, model, keys[model])}
    unseen = {}
    for name, found in references.items():
        hidden = {ref for ref in found if (ref.model, ref.key) not in seen}
        if hidden:
            unseen[name] = hidden - _with_seen_translation(hidden, found - hidden)
    return {name: found for name, found in unseen.items() if found}


def _seen(user: Any, model: type[Model], keys: set[str]) -> set[str]:
    # Rich text keeps whatever was sent.
    usable = {key for key in keys if is_key(model, key)}
    things: QuerySet[Any]
    if issubclass(model, Page):
        things = sight.shown_pages(user, Page.objects.filter(pk__in=usable))
    else:
        things = sight.shown(user, model).filter(pk__in=usable)
    return {str(key) for key in things.values_list("pk", flat=True)}


def _with_seen_translation(hidden: set[Reference], seen: set[Reference]) -> set[Reference]:
    """Those that stand for an entry in all languages, of which the user sees one.

    A reference in rich text is to a translation key. All translations have one place then, and
    readers are shown the public ones.
    """
    by_place: dict[tuple[type[Model], str], set[str]] = defaultdict(set)
    for model, key, place in seen:
        if issubclass(model, TranslatableMixin) and not issubclass(model, Page):
            by_place[model, place].add(key)
    found = set()
    for reference in hidden:
        siblings = by_place.get((reference.model, reference.place))
        if siblings and _are_translations(reference.model, reference.key, siblings):
            found.add(reference)
    return found


def _are_translations(model: type[Any], key: str, others: set[str]) -> bool:
    same = model.objects.filter(pk=key).values("translation_key")
    return bool(model.objects.filter(pk__in=others, translation_key__in=same).exists())
