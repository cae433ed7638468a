"""The page that shows how far the submission of many pages is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.paginator import WagtailPaginator
from wagtail.models import Locale, Page

from wagtail_localize_desk.access import is_from_script
from wagtail_localize_desk.models import Submission, SubmittedPage
from wagtail_localize_desk.rights import changeable

#: The most lines about what was not submitted.
MOST_PROBLEMS = 100
#: The lines about what was submitted, on one page.
PER_PAGE = 50
#: When a submission that nobody works on is said to stand still.
PATIENCE = timedelta(minutes=5)

State = SubmittedPage.State


#: How long a finished submission stays on the dashboard of its user.
RECENT = timedelta(days=1)


@dataclass(frozen=True)
class Recent:
    """A submission of the user's, for their dashboard."""

    title: str
    url: str
    languages: str
    is_finished: bool


@dataclass(frozen=True)
class Line:
    """One page of a submission, as the user may see it."""

    title: str
    edit_url: str
    reason: str
    #: Name of the language and address of the editor of each translation.
    translations: list[tuple[str, str]]


def progress_url(submission: Submission) -> str:
    """The address of the page about `submission`."""
    return reverse("wagtail_localize_desk:submission", args=[submission.pk])


def recent_submissions(user: Any) -> list[Recent]:
    """The submissions of `user` that are not finished, or were a short time ago; newest first."""
    since = timezone.now() - RECENT
    of_user = Submission.objects.filter(user_id=user.pk)
    found = list(
        of_user.filter(Q(finished_at=None) | Q(finished_at__gt=since)).order_by("-created_at")
    )
    if not found:
        return []
    pages, _editable = _visible(user, [each.page_pk for each in found])
    return [
        Recent(
            str(pages.get(each.page_pk) or _("A page that you may not see")),
            progress_url(each),
            ", ".join(each.languages),
            each.finished_at is not None,
        )
        for each in found
    ]


def show(request: HttpRequest, submission_id: int) -> HttpResponseBase:
    """The progress of a submission, for its user and superusers; 404 for all others.

    A script gets the part of the page that changes.
    """
    submission = Submission.objects.filter(pk=submission_id).first()
    if submission is None or not _is_for(request.user, submission):
        raise Http404
    template = "submission_progress" if is_from_script(request) else "submission"
    context = _context(request, submission)
    return render(request, f"wagtail_localize_desk/{template}.html", context)


def _is_for(user: Any, submission: Submission) -> bool:
    return bool(user.is_superuser or submission.user_id == user.pk)


def _context(request: HttpRequest, submission: Submission) -> dict[str, Any]:
    counted = submission.pages.values_list("state").annotate(Count("pk"))
    counts: dict[str, int] = dict(counted.values_list("state", "pk__count"))
    worked_off = sum(counts.values()) - counts.get(State.WAITING, 0)
    submitted = counts.get(State.DONE, 0)
    problems = submission.pages.exclude(state__in=[State.WAITING, State.DONE]).order_by("pk")
    lines = _lines(request.user, submission, problems[:MOST_PROBLEMS])
    context = {
        "submission": submission,
        "top": _visible(request.user, [submission.page_pk])[0].get(submission.page_pk),
        "languages": _languages(submission),
        "worked_off": worked_off,
        "submitted": submitted,
        "status": _status(submission, worked_off),
        "stands_still": _stands_still(submission),
        "problem_count": worked_off - submitted,
        "problems": [line for line in lines if line.title],
        "unnamed": [line for line in lines if not line.title],
        "more_problems": max(worked_off - submitted - MOST_PROBLEMS, 0),
    }
    if submission.finished_at is not None:
        done = submission.pages.filter(state=State.DONE).order_by("pk")
        paginator = WagtailPaginator(done, PER_PAGE)
        page = paginator.get_page(request.GET.get("p"))
        context |= {
            "page": page,
            "elided_page_range": paginator.get_elided_page_range(page.number),
            "lines": _lines(request.user, submission, page.object_list),
        }
    return context


def _status(submission: Submission, worked_off: int) -> str:
    """What is read out when it changes: not each page, but each tenth of them."""
    if submission.finished_at is not None:
        return _("All pages are worked off.")
    if submission.listed_at is None:
        return _("The submission waits to begin.")
    tenths = worked_off * 10 // max(submission.total, 1)
    if not tenths:
        return _("The submission has begun.")
    return _("%(percent)s%% of the pages are worked off.") % {"percent": tenths * 10}


def _stands_still(submission: Submission) -> bool:
    last = submission.worked_at or submission.created_at
    return submission.finished_at is None and last < timezone.now() - PATIENCE


def _languages(submission: Submission) -> list[str]:
    """The names of the languages; of one that was deleted, its code."""
    names = {
        locale.language_code: str(locale.get_display_name())
        for locale in Locale.objects.filter(language_code__in=submission.languages)
    }
    return [names.get(code, code) for code in submission.languages]


def _lines(user: Any, submission: Submission, items: QuerySet[SubmittedPage]) -> list[Line]:
    found = list(items)
    pages, editable = _visible(user, [item.page_pk for item in found])
    translations = _translations(user, submission, list(pages.values()))
    lines = []
    for item in found:
        page = pages.get(item.page_pk)
        title = page.get_admin_display_title() if page and page.pk in editable else ""
        edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page and title else ""
        lines.append(
            Line(
                title=title or (page.title if page else ""),
                edit_url=edit_url,
                reason=item.problem or str(State(item.state).label),
                translations=translations.get(page.translation_key, []) if page else [],
            )
        )
    return lines


def _visible(user: Any, pks: list[int]) -> tuple[dict[int, Page], set[int]]:
    """Those pages that `user` may see, and the primary keys of those that they may change."""
    named = Page.objects.filter(pk__in=pks)
    editable = {page.pk: page for page in changeable(user, Page).filter(pk__in=pks)}
    public = {page.pk: page for page in named.live().public()}
    return public | editable, {*editable}


def _translations(
    user: Any, submission: Submission, sources: list[Page]
) -> dict[Any, list[tuple[str, str]]]:
    """The translations that `user` may open, by the translation key of their source."""
    targets = changeable(user, Page).filter(
        translation_key__in=[page.translation_key for page in sources],
        locale__language_code__in=submission.languages,
    )
    found: dict[Any, list[tuple[str, str]]] = {}
    for target in targets.select_related("locale").order_by("locale__language_code"):
        address = reverse("wagtailadmin_pages:edit", args=[target.pk])
        names = found.setdefault(target.translation_key, [])
        names.append((str(target.locale.get_display_name()), address))
    return found


urlpatterns = [path("submissions/<int:submission_id>/", show, name="submission")]
