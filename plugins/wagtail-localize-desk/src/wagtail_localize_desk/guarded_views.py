"""wagtail-localize's views and operations, for users with the rights that they need.

Text crosses into another locale by a submission, by a sync, or by an alias: the user must be
allowed to see the source. From then on it is the translation's, and the user must be allowed to
change the translation itself.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail.models import DraftStateMixin, Locale, Page, get_translatable_models
from wagtail_localize.models import RelatedObjectSegment, Translation, TranslationSource
from wagtail_localize.operations import TranslationCreator
from wagtail_localize.views import edit_translation as editor
from wagtail_localize.views.report import TranslationsReportView
from wagtail_localize.views.snippets_api import SnippetViewSet
from wagtail_localize.views.submit_translations import (
    SubmitPageTranslationView,
    SubmitTranslationForm,
    SubmitTranslationView,
)
from wagtail_localize.views.update_translations import UpdateTranslationsView

from wagtail_localize_desk.draft_copies import starts_as_draft
from wagtail_localize_desk.rights import (
    changeable,
    listed,
    may_change,
    may_change_or_publish,
    may_publish,
    may_see,
)

_create_translations = TranslationCreator.create_translations
_submit = SubmitTranslationView.dispatch
_page_object = SubmitPageTranslationView.get_object
_submit_form = SubmitTranslationView.form_valid
_update = UpdateTranslationsView.dispatch
_update_context = UpdateTranslationsView.get_context_data
_report = TranslationsReportView.get_queryset
_edit = editor.edit_translation
_render = editor.render
_restart = editor.restart_translation


# Text crosses into another locale


@functools.wraps(_create_translations)
def create_translations(
    creator: TranslationCreator, instance: Any, include_related_objects: bool = True
) -> None:
    """Submit `instance`; one that has no drafts, or that the user may not see, is left out.

    Those are snippets and pages that it refers to, and pages below it. Code without a user may see
    everything.
    """
    if not starts_as_draft(type(instance)):
        return
    if creator.user is None or _may_submit(creator.user, instance, creator.target_locales):
        _create_translations(creator, instance, include_related_objects)


def _may_submit(user: Any, instance: Any, locales: Iterable[Locale]) -> bool:
    shown = [instance, *_copied_parents(instance, locales)]
    return all(may_see(user, content) for content in shown)


def _copied_parents(instance: Any, locales: Iterable[Locale]) -> Iterator[Page]:
    """The parents of a page that are not in all of `locales` and would be copied there."""
    if isinstance(instance, Page):
        for parent in instance.get_ancestors().filter(depth__gt=1):
            if not all(parent.has_translation(locale) for locale in locales):
                yield parent


@functools.wraps(_submit)
def submit(
    view: SubmitTranslationView, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The form for submissions; raises PermissionDenied for a source that the user may not see."""
    _require(may_see(request.user, view.get_object()))
    return _submit(view, request, *args, **kwargs)  # type: ignore[no-any-return]


@functools.wraps(_page_object)
def submitted_page(view: SubmitPageTranslationView) -> Page:
    """The page of the form, without the title of a draft that the user may not see."""
    page = _page_object(view)
    if not may_change_or_publish(view.request.user, page):
        page.draft_title = page.title
    return page


@functools.wraps(_submit_form)
def submit_form(view: SubmitTranslationView, form: SubmitTranslationForm) -> HttpResponseBase:
    """Submit to the form's locales; raises PermissionDenied if parents would be copied unseen."""
    _require(_may_submit(view.request.user, view.object, form.cleaned_data["locales"]))
    return _submit_form(view, form)  # type: ignore[no-any-return]


@functools.wraps(_update)
def update(
    view: UpdateTranslationsView, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The form that syncs translations with their source, for those who may change one of them."""
    source = view.get_object()
    _require(may_see(request.user, _source_instance(source)))
    _require(any(_changeable_targets(request.user, source)))
    return _update(view, request, *args, **kwargs)  # type: ignore[no-any-return]


@functools.wraps(_update_context)
def update_context(view: UpdateTranslationsView, **kwargs: Any) -> dict[str, Any]:
    """The context of that form, with the titles of translations that the user may change."""
    context: dict[str, Any] = _update_context(view, **kwargs)
    shown = {target.locale_id for target in _changeable_targets(view.request.user, view.object)}
    context["translations"] = [
        translation for translation in context["translations"] if translation["locale"].pk in shown
    ]
    return context


def _source_instance(source: TranslationSource) -> Model:
    try:
        return source.get_source_instance()  # type: ignore[no-any-return]
    except ObjectDoesNotExist:
        raise Http404 from None


def _changeable_targets(user: Any, source: TranslationSource) -> Iterator[Any]:
    for translation in source.translations.filter(enabled=True):
        try:
            target = translation.get_target_instance()
        except ObjectDoesNotExist:
            continue
        if may_change(user, target):
            yield target


# The translation itself


def for_those_who_may_change(
    upstream: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Guard a view of a translation that Wagtail's edit view has opened.

    For snippets, that view asks only whether the user may change some of the same type.
    """

    @functools.wraps(upstream)
    def view(request: HttpRequest, translation: Translation, instance: Any) -> HttpResponseBase:
        _require(may_change(request.user, instance))
        return upstream(request, translation, instance)

    return view


restart_translation = for_those_who_may_change(_restart)


@functools.wraps(_edit)
def edit_translation(
    request: HttpRequest, translation: Translation, instance: Any
) -> HttpResponseBase:
    """The editor of a translation; raises PermissionDenied for those who may not change it.

    Nor may it be published by those who may publish other snippets of the type only.
    """
    _require(may_change(request.user, instance))
    if request.method == "POST" and request.POST.get("action") == "publish":
        _require(not isinstance(instance, DraftStateMixin) or may_publish(request.user, instance))
    return _edit(request, translation, instance)  # type: ignore[no-any-return]


@functools.wraps(_render)
def render_editor(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponseBase:
    """Render the editor without the titles of what its user may not see.

    The strings of the source were given to the translators by its submission. Its row may have
    changed since, and translations into other locales and related objects may be drafts.
    """
    if "props" not in context:
        return _render(request, template, context)  # type: ignore[no-any-return]
    translation = context["translation"]
    hidden = {
        other.locale.language_code
        for other in context["instance"].get_translations().select_related("locale")
        if not may_see(request.user, other)
    }
    source_code = context["source_locale"].language_code
    props = json.loads(context["props"])
    props["translations"] = [
        {**other, "title": translation.source.object_repr}
        if other["locale"]["code"] == source_code in hidden
        else other
        for other in props["translations"]
        if other["locale"]["code"] not in hidden - {source_code}
    ]
    shown_urls = {other["editUrl"] for other in props["translations"]}
    context["translations"] = [
        (name, url) for name, url in context["translations"] if url in shown_urls
    ]
    related = translation.source.relatedobjectsegment_set.select_related("object")
    for segment in related:
        _hide_titles(request.user, props["segments"], segment, translation.target_locale)
    return _render(  # type: ignore[no-any-return]
        request, template, {**context, "props": json.dumps(props, cls=DjangoJSONEncoder)}
    )


def _hide_titles(
    user: Any, shown: list[dict[str, Any]], segment: RelatedObjectSegment, locale: Locale
) -> None:
    """Put the type in the place of the titles of a related object that `user` may not see."""
    for entry in shown:
        if entry["type"] == "related_object" and entry["id"] == segment.pk:
            source = segment.get_source_instance()
            target = segment.object.get_instance_or_none(locale)
            for key, instance in (("source", source), ("dest", target)):
                if instance is not None and not may_see(user, instance):
                    entry[key]["title"] = str(instance._meta.verbose_name)


# Lists


@functools.wraps(_report)
def reported_translations(view: TranslationsReportView) -> QuerySet[Translation]:
    """The report's translations: those that the user may change or publish."""
    own = Q()
    for model in get_translatable_models():
        targets = changeable(view.request.user, model).order_by()
        target = targets.filter(
            translation_key=OuterRef("source__object_id"), locale_id=OuterRef("target_locale_id")
        )
        own |= Q(Exists(target))
    # Without an order, pages of the list could repeat an entry and omit another.
    found: QuerySet[Translation] = _report(view).filter(own).order_by("pk")
    return found


def named_snippets(view: SnippetViewSet) -> QuerySet[Any]:
    """The snippets that wagtail-localize's API names: those in the user's own lists."""
    return listed(view.request.user, view.get_model())


def _require(permitted: bool) -> None:
    if not permitted:
        raise PermissionDenied
