"""wagtail-localize's views and operations, for users with the rights that they need.

Text crosses into another locale by a submission, by a sync, or by an alias: the user must be
allowed to see the source. From then on it is the translation's, and the user must be allowed to
change the translation itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from wagtail.models import Page, PreviewableMixin
from wagtail.utils.decorators import xframe_options_sameorigin_override
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.views import edit_translation as editor
from wagtail_localize.views.snippets_api import SnippetViewSet
from wagtail_localize.views.submit_translations import (
    SubmitPageTranslationView,
    SubmitTranslationForm,
    SubmitTranslationView,
)
from wagtail_localize.views.update_translations import UpdateTranslationsView

from wagtail_localize_desk import conf
from wagtail_localize_desk.access import (
    CONFLICT,
    Refusal,
    change_refusal,
    guarded,
    lock_refusal,
    refused,
    target_of,
)
from wagtail_localize_desk.held_publication import held_source
from wagtail_localize_desk.rights import (
    listed,
    may_change,
    may_change_or_publish,
    may_see,
)
from wagtail_localize_desk.screen import translation_view
from wagtail_localize_desk.screen.publishing import publish
from wagtail_localize_desk.submission_queue import enqueue
from wagtail_localize_desk.submission_views import progress_url
from wagtail_localize_desk.submitting import may_submit

_submit = SubmitTranslationView.dispatch
_page_object = SubmitPageTranslationView.get_object
_submit_form = SubmitTranslationView.form_valid
_update = UpdateTranslationsView.dispatch
_update_context = UpdateTranslationsView.get_context_data
_edit = editor.edit_translation
_restart = editor.restart_translation

edit_string_translation = guarded(editor.edit_string_translation)
edit_override = guarded(editor.edit_override)
stop_translation = guarded(editor.stop_translation, needs_enabled=False)


# Text crosses into another locale


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
    """Submit to the form's locales; raises PermissionDenied if parents would be copied unseen.

    A large tree is left to a worker, and the answer is the page that shows its progress.
    """
    user, page, locales = view.request.user, view.object, form.cleaned_data["locales"]
    _require(may_submit(user, page, locales))
    if form.cleaned_data["include_subtree"] and _is_left_to_a_worker(view):
        return redirect(progress_url(enqueue(user, page, locales)))
    return _submit_form(view, form)  # type: ignore[no-any-return]


def _is_left_to_a_worker(view: SubmitTranslationView) -> bool:
    if not isinstance(view.object, Page) or any(True for _component in view.components):
        # The forms of a project's components belong to the request.
        return False
    below: int = view.object.get_descendant_count()
    return 0 < conf.pages_at_once() <= below


@functools.wraps(_update)
def update(
    view: UpdateTranslationsView, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The form that syncs translations with their source, for those who may change one of them."""
    source = view.get_object()
    _require(may_see(request.user, _source_instance(source)))
    _require(any(_changeable_targets(request.user, source)))
    if request.method == "POST" and held_source(_source_instance(source)) is not None:
        # Its translators have a text that is newer than the public one, which a sync would take.
        reason = _(
            "This text waits for its translations, which have its new version. Publish or withdraw "
            "it before a sync."
        )
        return refused(request, Refusal(CONFLICT, reason))
    if request.method == "POST" and {"publish_translations", "use_machine_translation"} & {
        *request.POST
    }:
        # A sync alone changes what the publication of the source changes as well.
        for translation in source.translations.filter(enabled=True):
            refusal = lock_refusal(request.user, target_of(translation))
            if refusal is not None:
                return refused(request, refusal)
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


@functools.wraps(_restart)
def restart_translation(
    request: HttpRequest, translation: Translation, instance: Any
) -> HttpResponseBase:
    """Restart a translation that Wagtail's edit view has opened.

    For snippets, that view asks only whether the user may change some of the same type.
    """
    refusal = change_refusal(request.user, translation, instance, needs_enabled=False)
    if refusal is not None:
        return refused(request, refusal)
    return _restart(request, translation, instance)  # type: ignore[no-any-return]


@functools.wraps(_edit)
def edit_translation(
    request: HttpRequest, translation: Translation, instance: Any
) -> HttpResponseBase:
    """The editor of a translation, for those who may change it; it opens if it is locked.

    A publish may be sent here as well, as wagtail-localize's editor does.
    """
    _require(may_change(request.user, instance))
    if request.method != "POST":
        return translation_view.show(request, translation, instance)
    if request.POST.get("action") == "publish":
        return publish(request, translation.pk)
    refusal = change_refusal(request.user, translation, instance)
    if refusal is not None:
        return refused(request, refusal)
    return _edit(request, translation, instance)  # type: ignore[no-any-return]


@xframe_options_sameorigin_override  # type: ignore[untyped-decorator]
@functools.wraps(editor.preview_translation)
def preview_translation(
    request: HttpRequest, translation_id: int, mode: str | None = None
) -> HttpResponseBase:
    """What readers will see of a page or snippet, with what is translated so far.

    Raises Http404 for what has no preview; wagtail-localize previews pages only.
    """
    translation = get_object_or_404(Translation, pk=translation_id)
    instance = target_of(translation)
    if not isinstance(instance, PreviewableMixin):
        raise Http404
    _require(may_change(request.user, instance))
    mode = instance.default_preview_mode if mode is None else mode
    if mode not in dict(instance.preview_modes):
        raise Http404
    shown = translation.source.get_ephemeral_translated_instance(
        translation.target_locale, fallback=True
    )
    response: HttpResponseBase = shown.make_preview_request(request, mode)
    return response


# Lists


def named_snippets(view: SnippetViewSet) -> QuerySet[Any]:
    """The snippets that wagtail-localize's API names: those in the user's own lists."""
    return listed(view.request.user, view.get_model())


def _require(permitted: bool) -> None:
    if not permitted:
        raise PermissionDenied
