"""What reviewers and translators say about strings, as the screen shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from wagtail.models import WorkflowMixin
from wagtail_localize.models import Translation

from wagtail_localize_desk.findings import blocking_of
from wagtail_localize_desk.models import StringComment
from wagtail_localize_desk.review import approval_obstacles, comments_on
from wagtail_localize_desk.screen.rows import StringRow


def add_comments(rows: Iterable[StringRow], translation: Translation) -> None:
    """Give the rows of a translation their comments, in one query."""
    found: dict[int, list[StringComment]] = defaultdict(list)
    language = translation.target_locale.language_code
    for comment in comments_on(translation.source.object_id, language):
        found[comment.string_id].append(comment)
    for row in rows:
        row.comments = found[row.string.pk]


def add_obstacles(rows: Iterable[StringRow], user: Any) -> None:
    """Tell for each row, whose findings are known, why a reviewer cannot approve it; one query."""
    rows = list(rows)
    faults = blocking_of({row.string.pk: row.findings for row in rows})
    obstacles = approval_obstacles([row.string for row in rows], user, faults)
    for row in rows:
        row.obstacle = obstacles.get(row.string.pk, "")


def has_workflow(instance: Any) -> bool:
    """Whether a text can go to review, if it is not in review already."""
    return isinstance(instance, WorkflowMixin)
