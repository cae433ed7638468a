"""Addresses for people who are not, or not yet wholly, logged in; at the admin's prefix."""

from __future__ import annotations

from django.urls import path
from wagtail.admin.views.account import LogoutView

from cms.login.second_factor.views import CodeView, SetUpView
from cms.login.session import session_state

urlpatterns = [
    # Wagtail's own address for it is only for those who may use the admin.
    path("logout/", LogoutView.as_view()),
    path("second-factor/code/", CodeView.as_view(), name="second_factor_code"),
    path("second-factor/set-up/", SetUpView.as_view(), name="second_factor_set_up"),
    path("session/", session_state, name="session_state"),
]
