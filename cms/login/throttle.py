"""Failed attempts to log in, counted for each account and each address.

django-axes stores and counts them in the database, which all server processes share. It counts the
names of accounts that do not exist too, so a refusal does not tell whether there is such an
account.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Credentials = Mapping[str, Any]
#: The time of the last of some failures, and how many they are.
Failures = tuple[datetime, int]


class CountedRequest(HttpRequest):
    """A request with the attributes that Axes sets."""

    axes_attempt_time: datetime
    axes_ip_address: str | None
    axes_credentials: Credentials | None


class LoginThrottle(AxesDatabaseHandler):
    """Axes' handler, with a limit for accounts and a higher one for addresses.

    Many people can share an address, as in an office.
    """

    def get_failures(self, request: CountedRequest, credentials: Credentials | None = None) -> int:
        """The failures that count, on the scale of an account's limit.

        Axes refuses the attempt if they reach `AXES_FAILURE_LIMIT`.
        """
        return max(
            _failures(attempts) * settings.AXES_FAILURE_LIMIT // limit
            for attempts, limit in self._counted(request, credentials)
        )

    def reset_user_attempts(
        self, request: CountedRequest, credentials: Credentials | None = None
    ) -> int:
        """After a successful log-in, forget the failures with this account from this address.

        Axes would forget all failures from the address, so whoever has one account could go on
        guessing the passwords of others.
        """
        by_account, by_address = self.filter_user_attempts(request, credentials)
        count, _per_model = (by_account & by_address).delete()
        return count

    def seconds_left(self, request: CountedRequest, credentials: Credentials | None) -> int:
        """The seconds until the next attempt with `credentials` is allowed; at least 1."""
        ends = [
            end
            for attempts, limit in self._counted(request, credentials)
            if (end := end_of_lock(_in_order(attempts), limit))
        ]
        left = max(ends, default=request.axes_attempt_time) - request.axes_attempt_time
        return max(1, math.ceil(left.total_seconds()))

    def _counted(
        self, request: CountedRequest, credentials: Credentials | None
    ) -> Iterator[tuple[QuerySet[AccessAttempt], int]]:
        """The recent failures of the account and of the address, each with its limit."""
        by_account, by_address = self.get_user_attempts(request, credentials)
        yield by_account, settings.AXES_FAILURE_LIMIT
        # Behind a misconfigured proxy all clients could have no address.
        if request.axes_ip_address is not None:
            yield by_address, settings.LOGIN_FAILURES_PER_ADDRESS


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0


def _in_order(attempts: QuerySet[AccessAttempt]) -> list[Failures]:
    return list(
        attempts.order_by("attempt_time").values_list("attempt_time", "failures_since_start")
    )


def end_of_lock(failures: Sequence[Failures], limit: int) -> datetime | None:
    """When enough failures will have expired; None if those that count are below `limit`.

    `failures` are in the order of time.
    """
    remaining = sum(count for _time, count in failures)
    end: datetime | None = None
    for last_failure, count in failures:
        if remaining < limit:
            break
        remaining -= count
        end = last_failure + cool_off()
    return end


def cool_off() -> timedelta:
    """How long a failure counts."""
    duration: timedelta = settings.AXES_COOLOFF_TIME
    return duration


def is_locked_out(request: HttpRequest) -> bool:
    """Whether an attempt to log in with this request was refused or has used up the limit."""
    return bool(getattr(request, "axes_locked_out", False))


def seconds_left(request: CountedRequest) -> int:
    """The seconds until the person who is locked out may try again."""
    handler: Any = AxesProxyHandler.get_implementation()
    return int(handler.seconds_left(request, request.axes_credentials))


def locked_out_response(
    request: CountedRequest, response: HttpResponseBase, credentials: Credentials | None
) -> HttpResponseBase:
    """`response`, the log-in page with its message, with the status of a refused attempt."""
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    response.headers["Retry-After"] = str(seconds_left(request))
    return response


def describe_attempt(
    username: str, ip_address: str | None, user_agent: str, path_info: str, request: HttpRequest
) -> str:
    """An attempt for the log. Costs one query.

    Only the name of an account is logged: what is none may be a password in the wrong field. `repr`
    keeps line breaks in a name from forging a line.
    """
    is_account = get_user_model()._default_manager.filter(username=username).exists()
    name = repr(username) if is_account else "an unknown name"
    return f"{name} from {ip_address or 'an unknown address'}"
