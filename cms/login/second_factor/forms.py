"""The form that takes a code."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.login.second_factor.devices import DIGITS, Outcome, check_code, set_up

#: What a keyboard, a browser and an app need to know about the field.
ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "autocapitalize": "none",
    "spellcheck": "false",
    "autofocus": True,
}
#: Longer than every code with its hyphens.
LONGEST = 64


class CodeForm(forms.Form):
    """Takes a code of the person's app, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("The six digits that your authenticator app shows now."),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={**ATTRIBUTES, "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, person: Any, with_recovery_code: bool = False, **kw: Any):
        super().__init__(*args, **kw)
        self.person = person
        self.outcome = Outcome()
        if with_recovery_code:
            field = self.fields["code"]
            field.label = _("Recovery code")
            field.help_text = _("One of those that you kept. Each can be used once.")
            field.widget = forms.TextInput(attrs=ATTRIBUTES)

    def clean_code(self) -> str:
        """Use the code up; raises `ValidationError` with the reason if it is not accepted."""
        code: str = self.cleaned_data["code"]
        self.outcome = check_code(self.person, code)
        if self.outcome.device is not None:
            return code
        if self.outcome.locked_until is not None:
            raise forms.ValidationError(too_early(self.seconds_left()), code="locked_out")
        raise forms.ValidationError(
            _("This code is wrong, was used before or is no longer valid. Enter the next one."),
            code="wrong",
        )

    def seconds_left(self) -> int:
        """The seconds until a code is looked at again, or 0."""
        if self.outcome.locked_until is None:
            return 0
        left = self.outcome.locked_until - timezone.now()
        return max(1, math.ceil(left.total_seconds()))


class SetUpForm(forms.Form):
    """Takes the first code of a new app."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("The six digits that your authenticator app shows now."),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={**ATTRIBUTES, "autofocus": False, "inputmode": "numeric", "size": DIGITS}
        ),
    )

    def __init__(self, *args: Any, person: Any, key: str, **kw: Any):
        super().__init__(*args, **kw)
        self.person = person
        self.key = key

    def clean_code(self) -> str:
        """Give the person the app; raises `ValidationError` if the code is not from it."""
        code: str = self.cleaned_data["code"]
        self.device = set_up(self.person, self.key, code)
        if self.device is None:
            # The field is below the QR code, out of sight on a telephone.
            self.fields["code"].widget.attrs["autofocus"] = True
            raise forms.ValidationError(
                _(
                    "This code does not match. Check that the time of your telephone is right, "
                    "and enter the code that the app shows now."
                ),
                code="wrong",
            )
        return code


def too_early(seconds: int) -> str:
    """Says how long to wait after wrong codes."""
    if seconds < 60:
        return ngettext(
            "Too many wrong codes. Try again in %(seconds)d second.",
            "Too many wrong codes. Try again in %(seconds)d seconds.",
            seconds,
        ) % {"seconds": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "Too many wrong codes. Try again in %(minutes)d minute.",
        "Too many wrong codes. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
