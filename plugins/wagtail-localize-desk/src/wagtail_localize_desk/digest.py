"""The daily e-mail that tells translators, reviewers and publishers what waits for them.

It is in the language of their profile, and there is none if nothing waits. Each can switch it off
in the settings of their account.
"""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin.mail import send_mail
from wagtail.admin.utils import get_admin_base_url
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab
from wagtail.users.models import UserProfile

from wagtail_localize_desk.review_models import DigestPreference
from wagtail_localize_desk.waiting import Tasks, tasks_of

logger = logging.getLogger(__name__)
ACCESS = "wagtailadmin.access_admin"


def send_digests(day: date | None = None) -> int:
    """Send the e-mails of a day, at most one to each user; returns how many were sent.

    A mail server that fails for one user does not keep the others from theirs; theirs is tried
    again at the next call.
    """
    day = day or timezone.localdate()
    told = DigestPreference.objects.filter(sent_on__gte=day).values("user")
    unwanted = DigestPreference.objects.filter(is_wanted=False).values("user")
    users = _recipients().exclude(pk__in=told).exclude(pk__in=unwanted)
    return sum(_send(user, day) for user in users)


def _recipients() -> QuerySet[Any]:
    model = get_user_model()
    email = model.get_email_field_name()
    found: QuerySet[Any] = (
        model._default_manager.filter(is_active=True)
        .exclude(**{email: ""})
        .exclude(**{f"{email}__isnull": True})
        .order_by("pk")
    )
    return found


def _send(user: Any, day: date) -> bool:
    if not user.has_perm(ACCESS):
        return False
    tasks = tasks_of(user)
    if not tasks:
        return False
    profile = UserProfile.objects.filter(user=user).first()
    language = profile.get_preferred_language() if profile else settings.LANGUAGE_CODE
    with translation.override(language):
        subject, text = digest_of(user, tasks)
    address = getattr(user, user.get_email_field_name())
    try:
        send_mail(subject, text, [address])
    except OSError:
        logger.exception("The digest of translations could not be sent to user %s.", user.pk)
        return False
    DigestPreference.objects.update_or_create(user=user, defaults={"sent_on": day})
    return True


def digest_of(user: Any, tasks: Tasks) -> tuple[str, str]:
    """The subject and the text of a digest, in the active language."""
    count = len(tasks.to_translate) + len(tasks.to_review) + len(tasks.to_publish)
    subject = ngettext(
        "%(count)d translation is waiting for you",
        "%(count)d translations are waiting for you",
        count,
    ) % {"count": count}
    context = {
        "user": user,
        "base_url": (get_admin_base_url() or "").rstrip("/"),
        "lists": [
            (str(heading), found, found is tasks.to_translate)
            for heading, found in (
                (_("To translate"), tasks.to_translate),
                (_("Translations to review"), tasks.to_review),
                (_("Translations to publish"), tasks.to_publish),
            )
            if found
        ],
    }
    text = render_to_string("wagtail_localize_desk/digest.txt", context)
    return subject, text.strip() + "\n"


# The settings of an account


class DigestForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whether the user wants the e-mail."""

    class Meta:
        model = DigestPreference
        fields = ("is_wanted",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The `instance` that Wagtail gives is the user."""
        user = kwargs.pop("instance")
        found = DigestPreference.objects.filter(user=user).first()
        kwargs["instance"] = found or DigestPreference(user=user)
        super().__init__(*args, **kwargs)


class DigestPanel(BaseSettingsPanel):  # type: ignore[misc]
    """The panel beside Wagtail's own notifications."""

    name = "translation_digest"
    title = gettext_lazy("Translations")
    tab = notifications_tab
    order = 200
    form_class = DigestForm


def panel(request: Any, user: Any, profile: Any) -> DigestPanel:
    """The hook that adds the panel."""
    return DigestPanel(request, user, profile)


def register_hooks() -> None:
    """Register the hook."""
    hooks.register("register_account_settings_panel", panel)
