"""Workflows with reviews of translations."""

from __future__ import annotations

from django.contrib.auth.models import User
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from wagtail_localize_desk.review_task import TranslationReviewTask


def workflow_on(page: Page, *steps: User) -> Workflow:
    """A workflow with one review for each of the users."""
    workflow = Workflow.objects.create(name="Review")
    for number, user in enumerate(steps):
        task = TranslationReviewTask.objects.create(name=f"Review {number}")
        task.groups.set(user.groups.all())
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=number)
    WorkflowPage.objects.update_or_create(page=page, defaults={"workflow": workflow})
    return workflow
