"""The pages of the second factor."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.views import RedirectURLMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.auth import reject_request
from wagtail.users.models import UserProfile

from cms.login.second_factor import devices, notices, qr_code, sessions
from cms.login.second_factor.forms import CodeForm, SetUpForm
from cms.login.second_factor.middleware import PAGES, half_logged_in
from cms.login.second_factor.requirement import is_required
from cms.login.second_factor.sessions import Missing

#: The key, in sessions, of an app that is not confirmed yet.
NEW_KEY = "second_factor_new_key"
#: The query that asks for a field for recovery codes.
RECOVERY = "recovery"


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class SecondFactorView(RedirectURLMixin, FormView):
    """A page with a field for a code, for a person who has given at least the password."""

    person: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in whoever needs this page now, and send others where they belong."""
        person, step = half_logged_in(request)
        if person is None and request.user.is_authenticated:
            person = request.user
        if person is None or step is Missing.LOG_IN:
            refused: HttpResponseBase = reject_request(request)
            return refused
        # Not the request's lazy object, about which Wagtail would log nothing.
        self.person = get_user_model()._default_manager.get(pk=person.pk)
        if not self.is_next(step):
            return HttpResponseRedirect(reverse(PAGES[step]) if step else self.onward())
        # `AccountLanguageMiddleware` does so for those who are logged in.
        profile = UserProfile.get_for_user(self.person)
        translation.activate(profile.get_preferred_language())
        return super().dispatch(request, *args, **kwargs)

    def is_next(self, step: Missing | None) -> bool:
        """Whether a session that lacks `step` gets this page."""
        raise NotImplementedError

    def onward(self) -> str:
        """Where the person wanted to go."""
        return self.get_redirect_url() or reverse("wagtailadmin_home")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": self.person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """For the template: where to go next, and whether the person can go back."""
        context = {
            "next": self.get_redirect_url(),
            "is_logged_in": self.request.user.is_authenticated,
            "person": self.person,
        }
        return {**super().get_context_data(**kwargs), **context}

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page with the error, and 429 where codes are not looked at for a while."""
        response = super().form_invalid(form)
        if isinstance(form, CodeForm) and (seconds := form.seconds_left()):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response.headers["Retry-After"] = str(seconds)
        return response

    def show_recovery_codes(self) -> HttpResponse:
        """New recovery codes, which are not stored and so cannot be shown again."""
        context = self.get_context_data(
            form=None,
            codes=devices.renew_recovery_codes(self.person),
            onward=self.get_redirect_url() or reverse("wagtailadmin_account"),
        )
        return self.response_class(
            request=self.request,
            template="login/recovery_codes.html",
            context=context,
            using=self.template_engine,
        )


class CodeView(SecondFactorView):
    """Asks for a code after the password."""

    template_name = "login/code.html"
    form_class = CodeForm
    extra_context = {"heading": gettext_lazy("Enter your code"), "submit": gettext_lazy("Log in")}

    def is_next(self, step: Missing | None) -> bool:
        return step is Missing.CODE

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "with_recovery_code": RECOVERY in self.request.GET}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """For the template: which code is asked for, and the address of the other."""
        context = super().get_context_data(**kwargs)
        query = self.request.GET.copy()
        context["asks_for_recovery_code"] = query.pop(RECOVERY, None) is not None
        if not context["asks_for_recovery_code"]:
            query[RECOVERY] = "1"
        context["other_code_url"] = f"?{query.urlencode()}"
        return context

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Log in wholly."""
        sessions.complete(self.request, form.outcome.device)
        if form.outcome.is_recovery_code:
            notices.record(notices.RECOVERY_CODE_USED, self.person, by=self.person)
            messages.warning(
                self.request,
                _("You have used a recovery code. Unused ones left: %(count)d.")
                % {"count": devices.recovery_codes_left(self.person)},
            )
        return HttpResponseRedirect(self.onward())


class SetUpView(SecondFactorView):
    """Shows the key of a new app and asks for its first code."""

    template_name = "login/set_up.html"
    form_class = SetUpForm

    def is_next(self, step: Missing | None) -> bool:
        return step is Missing.SET_UP or (step is None and devices.device_of(self.person) is None)

    @cached_property
    def key(self) -> str:
        """The key that this session is offered until it is confirmed."""
        key: str = self.request.session.setdefault(NEW_KEY, devices.new_key())
        return key

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "key": self.key}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """For the template: the key as a QR code and as text."""
        context = {
            "qr_code": qr_code.svg(devices.app_url(self.person, self.key)),
            "typed_key": devices.typed_key(self.key),
            "is_required": is_required(self.person),
        }
        return {**super().get_context_data(**kwargs), **context}

    def form_valid(self, form: SetUpForm) -> HttpResponse:
        """Log in wholly and show the recovery codes."""
        del self.request.session[NEW_KEY]
        sessions.complete(self.request, form.device)
        notices.record(notices.SET_UP, self.person, by=self.person)
        return self.show_recovery_codes()


class OwnView(SecondFactorView):
    """A change that an account makes to its second factor, confirmed with a code."""

    template_name = "login/code.html"
    form_class = CodeForm

    def is_next(self, step: Missing | None) -> bool:
        return step is None and devices.device_of(self.person) is not None

    def onward(self) -> str:
        return reverse("wagtailadmin_account")


class RecoveryCodesView(OwnView):
    """Makes new recovery codes."""

    extra_context = {
        "heading": gettext_lazy("New recovery codes"),
        "introduction": gettext_lazy("All recovery codes that you have now become void."),
        "submit": gettext_lazy("Make new codes"),
    }

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Show the new codes."""
        notices.record(notices.RECOVERY_CODES, self.person, by=self.person)
        return self.show_recovery_codes()


class TurnOffView(OwnView):
    """Removes the second factor of one's own account where it is not required."""

    extra_context = {
        "heading": gettext_lazy("Turn off second factor"),
        "introduction": gettext_lazy(
            "After that, the password alone is enough to log in to your account."
        ),
        "submit": gettext_lazy("Turn off"),
    }

    def is_next(self, step: Missing | None) -> bool:
        """Raises `PermissionDenied` where the second factor is required."""
        if is_required(self.person):
            raise PermissionDenied
        return super().is_next(step)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Remove it; other sessions of the account end."""
        devices.remove(self.person)
        sessions.go_on_without(self.request)
        notices.record(notices.TURN_OFF, self.person, by=self.person)
        messages.success(self.request, _("The second factor was turned off."))
        return HttpResponseRedirect(self.onward())
