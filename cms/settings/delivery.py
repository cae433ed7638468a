"""What a delivery process leaves out: whatever only editors, or a whole server, need.

It saves 30 MB for each process. `manage.py serve_delivery` leaves out the rest: middleware and
addresses.
"""

from __future__ import annotations

import sys

#: No document is made of anything in these.
FOR_EDITORS = frozenset(
    {
        "axes",
        "cms.admin_input",
        "cms.admin_language",
        "cms.content_files",
        "cms.content_policy",
        "cms.editors",
        "cms.handbook",
        "cms.login",
        "cms.login.users_app.UsersAppConfig",
        "cms.operations",
        "cms.text_search",
        "django.contrib.admin",
        "django.contrib.humanize",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "django_otp",
        "django_otp.plugins.otp_static",
        "django_otp.plugins.otp_totp",
        "rest_framework",
        "wagtail.contrib.settings",
        "wagtail_localize",
        "wagtail_localize.locales",
        "wagtail_localize_desk",
        "whitenoise.runserver_nostatic",
    }
)


def is_delivery_process() -> bool:
    """Whether this process serves the delivery API and nothing else."""
    return sys.argv[1:2] == ["serve_delivery"]


def without_editors(apps: list[str]) -> list[str]:
    """`apps` without those that documents and their API do not need."""
    return [app for app in apps if app not in FOR_EDITORS]
