"""The password reset e-mail, in the language of its recipient."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from wagtail.admin.forms.auth import PasswordResetForm
from wagtail.users.models import UserProfile


class PasswordResetInOwnLanguageForm(PasswordResetForm):
    """Wagtail's form, whose user is anonymous: the form's language may not be the account's."""

    def send_mail(self, subject: str, text: str, context: Any, *args: Any, **kwargs: Any) -> None:
        """Render the templates `subject` and `text` in the account's language, and send them."""
        profile = UserProfile.get_for_user(context["user"])
        with translation.override(profile.get_preferred_language()):
            super().send_mail(subject, text, context, *args, **kwargs)
