from __future__ import annotations

from django.apps import AppConfig

from cms.admin_language import import_time

# Django imports the configurations of all apps before the models of the first. This app must be
# among INSTALLED_APPS before those whose words it mends.
import_time.translate_later()


class AdminLanguageConfig(AppConfig):
    """Which language the admin, its error pages and its e-mails are in. It has no models."""

    name = "cms.admin_language"
    label = "cms_admin_language"

    def ready(self) -> None:
        from cms.admin_language import names_in_code, permission_names, profiles, untranslated

        profiles.connect()
        names_in_code.mend()
        permission_names.mend()
        untranslated.mend()
