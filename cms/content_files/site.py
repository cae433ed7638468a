"""The Wagtail site of the home page."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site


def ensure_site(home: Page) -> bool:
    """Create the default site if there is none; returns whether it was created.

    Its host and port are those of WAGTAILADMIN_BASE_URL. An existing site is left alone.
    """
    if Site.objects.filter(is_default_site=True).exists():
        return False
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    Site.objects.create(
        hostname=address.hostname or "localhost",
        port=address.port or (443 if address.scheme == "https" else 80),
        site_name=settings.WAGTAIL_SITE_NAME,
        root_page=home,
        is_default_site=True,
    )
    return True
