"""Wagtail's app for users, with our pages."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class UsersAppConfig(WagtailUsersAppConfig):
    """Shows in the list of users who has a second factor."""

    user_viewset = "cms.login.second_factor.users.UsersWithSecondFactor"
