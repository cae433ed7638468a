from __future__ import annotations

from django.apps import AppConfig


class EditorsConfig(AppConfig):
    name = "cms.editors"
    label = "editors"

    def ready(self) -> None:
        from django.db.models.signals import pre_save
        from wagtail_localize.models import SegmentOverride

        from cms.core import patching
        from cms.editors import (
            file_texts,
            groups,
            override_references,
            patches,
            private_collections,
            translation_changes,
        )

        groups.register_signal_handlers()
        private_collections.register_policies()
        file_texts.register_policy()
        translation_changes.register_signal_handlers()
        pre_save.connect(override_references.refuse_unseen, sender=SegmentOverride)
        patching.apply(patches.PATCHES)
        patching.register_check(self.name, patches.PATCHES, "editors.E001")
