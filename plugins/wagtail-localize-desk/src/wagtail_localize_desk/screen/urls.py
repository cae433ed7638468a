"""The addresses of the screen, below the admin's."""

from __future__ import annotations

from django.urls import path

from wagtail_localize_desk.screen import (
    batch_view,
    memory_views,
    publishing,
    string_views,
    whole_views,
)

urlpatterns = [
    path("strings/", batch_view.all_strings, name="strings"),
    path("strings/<int:string_id>/", string_views.save_string, name="save_string"),
    path("strings/<int:string_id>/approve/", string_views.approve_string, name="approve_string"),
    path("strings/<int:string_id>/accept/", string_views.accept_check, name="accept_check"),
    path("strings/<int:string_id>/comments/", string_views.comment_string, name="comment_string"),
    path(
        "strings/<int:string_id>/comments/<int:comment_id>/",
        string_views.resolve_comment,
        name="resolve_comment",
    ),
    path("strings/<int:string_id>/similar/", memory_views.similar_strings, name="similar_strings"),
    path("strings/<int:string_id>/spread/", string_views.spread_string, name="spread_string"),
    path("memory/", memory_views.search_memory, name="memory"),
    path("strings/<int:string_id>/history/", string_views.string_history, name="string_history"),
    path(
        "strings/<int:string_id>/history/<int:change_id>/",
        string_views.restore_string,
        name="restore_string",
    ),
    path(
        "translations/<int:translation_id>/review/",
        whole_views.send_to_review,
        name="send_to_review",
    ),
    path("translations/<int:translation_id>/publish/", publishing.publish, name="publish"),
    path("translations/<int:translation_id>/draft/", whole_views.save_draft, name="save_draft"),
]
