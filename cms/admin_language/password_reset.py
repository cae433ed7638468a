"""The e-mail with which a forgotten password is replaced, in the language of who gets it."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from wagtail.admin.forms.auth import PasswordResetForm
from wagtail.users.models import UserProfile


class PasswordResetInOwnLanguageForm(PasswordResetForm):
    """Wagtail's form; whoever asks is not logged in, so the form's language may be any."""

    def send_mail(self, subject: str, text: str, context: Any, *args: Any, **kwargs: Any) -> None:
        """Send the e-mail that the templates `subject` and `text` give."""
        profile = UserProfile.get_for_user(context["user"])
        with translation.override(profile.get_preferred_language()):
            super().send_mail(subject, text, context, *args, **kwargs)
