"""Settings of `wagtail.contrib.settings`: one per site, one for all sites."""

from __future__ import annotations

from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting, register_setting


@register_setting
class ContactSettings(BaseSiteSetting):
    phone = models.CharField(max_length=100)


@register_setting
class GlobalSettings(BaseGenericSetting):
    motto = models.CharField(max_length=100)
