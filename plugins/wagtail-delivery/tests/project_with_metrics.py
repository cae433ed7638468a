"""The project with two locales, and with metrics in the folder METRICS_FOLDER."""

from __future__ import annotations

import os

from tests.settings_i18n import *  # noqa: F403
from tests.settings_i18n import WAGTAIL_DELIVERY

WAGTAIL_DELIVERY = {
    **WAGTAIL_DELIVERY,
    "METRICS": {"PATH": "/metrics", "FOLDER": os.environ["METRICS_FOLDER"]},
}
