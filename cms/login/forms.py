"""The form of the log-in page."""

from __future__ import annotations

import math

from django.forms import ValidationError
from django.utils.translation import ngettext
from wagtail.admin.forms.auth import LoginForm

from cms.login.throttle import is_locked_out, seconds_left


class ThrottledLoginForm(LoginForm):
    """Wagtail's form, which also says when too many attempts have failed, and how long to wait."""

    def get_invalid_login_error(self) -> ValidationError:
        """The reason why nobody was logged in."""
        if not is_locked_out(self.request):
            return super().get_invalid_login_error()
        minutes = math.ceil(seconds_left(self.request) / 60)
        return ValidationError(
            ngettext(
                "Too many failed attempts to log in. Try again in %(minutes)d minute.",
                "Too many failed attempts to log in. Try again in %(minutes)d minutes.",
                minutes,
            ),
            code="locked_out",
            params={"minutes": minutes},
        )
