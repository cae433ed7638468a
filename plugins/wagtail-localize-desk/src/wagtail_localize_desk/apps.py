from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class LocalizeDeskConfig(AppConfig):
    name = "wagtail_localize_desk"
    label = "wagtail_localize_desk"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        super().import_models()
        # Its methods use what imports the models, so the models do not import it.
        import_module("wagtail_localize_desk.review_task")

    def ready(self) -> None:
        from wagtail_localize_desk import (
            access,
            alias_conversion,
            aliases,
            checks,
            confirmations,
            dashboard,
            digest,
            draft_copies,
            draft_titles,
            file_submission,
            file_texts,
            file_texts_admin,
            hand_written,
            held_publication,
            held_views,
            languages,
            patches,
            source_lifecycle,
            source_publication,
            term_models,
            terms_admin,
            written_strings,
        )

        patches.apply()
        aliases.register_signal_handlers()
        alias_conversion.register_hooks()
        access.register_hooks()
        confirmations.register_hooks()
        dashboard.register_hooks()
        digest.register_hooks()
        held_views.register_hooks()
        draft_copies.register_signal_handlers()
        draft_titles.register_signal_handlers()
        languages.register_signal_handlers()
        written_strings.register_signal_handlers()
        held_publication.register_signal_handlers()
        hand_written.register_signal_handlers()
        source_lifecycle.register_signal_handlers()
        source_publication.register_signal_handlers()
        file_texts.register_signal_handlers()
        file_submission.register_signal_handlers()
        checks.register()
        file_texts_admin.register()
        terms_admin.register()
        term_models.register_signal_handlers()
