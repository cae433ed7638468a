"""A publisher's tasks in the admin, all in Malay."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from cms.pages.models import ProfilePage
from tests.browser.malay_desk import MalayDesk

# The server runs in another thread, so its data must be committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def submitted(malay_desk: MalayDesk, profile: ProfilePage) -> ProfilePage:
    """The profile with a change submitted for approval."""
    officer = User.objects.get(username="pegawai")
    profile.title = "Profil PERKESO"
    profile.save_revision(user=officer)
    malay_desk.screen.written.append("Profil PERKESO")
    profile.get_workflow().start(profile, officer)
    return profile


def open_editor(desk: MalayDesk, page: ProfilePage) -> None:
    desk.open("wagtailadmin_pages:edit", page.pk)
    desk.find("[data-contentpath=sections]")


def moderate(desk: MalayDesk, page: ProfilePage, action: str, comment: str) -> None:
    """Decide on a submission, with a comment."""
    open_editor(desk, page)
    # Approval is possible with and without a comment.
    desk.press_button(f"[data-workflow-action-name={action}][data-workflow-action-modal-url]")
    desk.look_at_dialog(f"{action}-dialog")
    desk.screen.written.append(comment)
    desk.type_over(".modal [name=comment]", comment)
    desk.press_button(".modal [type=submit]")
    desk.find(".messages .success")
    desk.look(f"after-{action}")


def test_moderating(malay_desk: MalayDesk, submitted: ProfilePage) -> None:
    desk = malay_desk
    desk.enter("penerbit")
    desk.look("dashboard")
    open_editor(desk, submitted)
    desk.look("moderating")
    moderate(desk, submitted, "reject", "Tajuk terlalu panjang")
    desk.enter("pegawai")
    desk.look("dashboard-after-rejection")
    open_editor(desk, submitted)
    desk.look("rejected")
    desk.press_button("[data-side-panel-toggle=status]")
    desk.look("rejected-status")
    desk.press_button("[name=action-submit]")
    desk.find(".messages .success")
    desk.enter("penerbit")
    moderate(desk, submitted, "approve", "Baik")
    states = submitted.workflow_states.order_by("created_at")
    desk.visit("workflow-history", "wagtailadmin_pages:workflow_history", submitted.pk)
    for state in states:
        desk.visit(
            f"workflow-{state.status}",
            "wagtailadmin_pages:workflow_history_detail",
            submitted.pk,
            state.pk,
        )
    desk.visit("history", "wagtailadmin_pages:history", submitted.pk)
    first, last = submitted.revisions.order_by("created_at").first(), submitted.latest_revision
    desk.visit("compare", "wagtailadmin_pages:revisions_compare", submitted.pk, first.pk, last.pk)
    desk.visit("revert", "wagtailadmin_pages:revisions_revert", submitted.pk, first.pk)


def test_scheduling(malay_desk: MalayDesk, profile: ProfilePage) -> None:
    desk = malay_desk
    desk.enter("penerbit")
    open_editor(desk, profile)
    _schedule(desk, "expire_at", "2001-01-31 09:00")
    desk.find("#panel-child-expire_at-errors, #id_expire_at-errors, .error-message:not(:empty)")
    desk.look("schedule-refused")
    open_editor(desk, profile)
    _schedule(desk, "go_live_at", "2044-01-31 09:00")
    desk.find(".messages .success")
    open_editor(desk, profile)
    desk.press_button("[data-side-panel-toggle=status]")
    desk.look("scheduled")
    revision = profile.revisions.filter(approved_go_live_at__isnull=False).first()
    desk.press_button("[name=action-publish]")
    desk.find(".messages .success")
    desk.look("published-with-a-schedule")
    if revision is not None:
        desk.visit(
            "unscheduling", "wagtailadmin_pages:revisions_unschedule", profile.pk, revision.pk
        )


def test_actions_on_a_page(malay_desk: MalayDesk, profile: ProfilePage) -> None:
    desk = malay_desk
    desk.enter("penerbit")
    for name in ("unpublish", "copy", "move", "delete"):
        desk.visit(name, f"wagtailadmin_pages:{name}", profile.pk)
    home = profile.get_parent()
    desk.visit("move-confirm", "wagtailadmin_pages:move_confirm", profile.pk, home.pk)
    for action in ("publish", "unpublish", "move", "delete"):
        desk.visit(
            f"many-{action}",
            "wagtail_bulk_action",
            *("wagtailcore", "page", action),
            query=f"?id={profile.pk}&next=/admin/",
        )
    desk.open("wagtailadmin_explore", home.pk)
    desk.press_button("[data-bulk-action-checkbox]")
    desk.look("many-chosen")


def _schedule(desk: MalayDesk, field: str, moment: str) -> None:
    """Open the schedule, read its calendar and enter a time."""
    desk.press_button("[data-side-panel-toggle=status]")
    desk.press_button("[data-a11y-dialog-show=schedule-publishing-dialog]")
    desk.click(f"#id_{field}")
    desk.look("schedule")
    desk.type_over(f"#id_{field}", moment)
    desk.press_button("#schedule-publishing-dialog [type=submit]")
    desk.look("schedule-entered")
