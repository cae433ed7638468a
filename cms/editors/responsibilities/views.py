"""The page of a task."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.editors.people import name_of
from cms.editors.responsibilities.publishing import PublishingTask
from cms.editors.responsibilities.redirects import RedirectsTask
from cms.editors.responsibilities.site_menu import SiteMenuTask
from cms.editors.responsibilities.task import Task

TASKS: tuple[Task, ...] = (SiteMenuTask(), RedirectsTask(), PublishingTask())


class TaskView(WagtailAdminTemplateMixin, TemplateView):
    """Leads to where the task is done, or says what it is and whom to ask."""

    task: Task = TASKS[0]
    template_name = "editors/admin/responsibilities/task.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or a redirect for those who have the right."""
        if address := self.task.address(request.user):
            return HttpResponseRedirect(address)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """What the menu calls it."""
        return str(self.task.label)

    def get_header_icon(self) -> str:
        """The icon that the menu has."""
        return self.task.icon_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Where the page is."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The parts of the task, with the people of each."""
        parts = [
            {
                "part": part,
                "people": [{"name": name_of(one), "email": one.email} for one in part.people],
            }
            for part in self.task.parts(self.request.user)
        ]
        return super().get_context_data(task=self.task, parts=parts, **kwargs)


def admin_urls() -> list[URLPattern]:
    """The address of each task."""
    return [
        path(f"tasks/{task.name}/", TaskView.as_view(task=task), name=task.url_name)
        for task in TASKS
    ]
