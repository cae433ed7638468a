"""The settings as a whole: what production demands, and one sentence where something is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.operations.programs import ROOT, environment, manage

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEF",
    "ALLOWED_HOSTS": "cms.example.org,.example.net",
}


def settings(names: str, data_folder: Path, **variables: str) -> dict[str, object]:
    """The named settings as a program with these variables sees them."""
    module = variables["DJANGO_SETTINGS_MODULE"]
    script = (
        f"import json, {module} as s;"
        f"print(json.dumps({{n: str(getattr(s, n, None)) for n in {names.split()!r}}}))"
    )
    return told_by(script, data_folder, **variables)


def told_by(script: str, data_folder: Path, **variables: str) -> Any:
    """What a program with these variables prints as JSON in its last line."""
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment(data_folder, **variables),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout.splitlines()[-1])


def test_production_passes_the_deployment_check_without_a_warning(tmp_path):
    answer = manage(
        "check", "--deploy", "--fail-level", "WARNING", data_folder=tmp_path, **PRODUCTION
    )
    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("module", "value", "required"),
    [
        ("production", "", "administrators"),
        ("production", "all", "all"),
        ("production", "none", "none"),
        ("development", "", "none"),
    ],
)
def test_the_second_factor_is_required_of_administrators_in_production(
    tmp_path, module, value, required
):
    variables = PRODUCTION | {"DJANGO_SETTINGS_MODULE": f"cms.settings.{module}"}
    found = settings("REQUIRE_SECOND_FACTOR", tmp_path, **variables, REQUIRE_SECOND_FACTOR=value)
    assert found == {"REQUIRE_SECOND_FACTOR": required}


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_demands_what_has_no_safe_default(tmp_path, missing):
    answer = manage("check", data_folder=tmp_path, **(PRODUCTION | {missing: ""}))
    assert answer.returncode != 0
    assert answer.stderr.startswith(f"{missing} must be set: ")
    assert len(answer.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_production_refuses_a_wildcard_host(tmp_path):
    answer = manage("check", data_folder=tmp_path, **(PRODUCTION | {"ALLOWED_HOSTS": "a.b,*"}))
    assert answer.returncode != 0
    assert answer.stderr == "ALLOWED_HOSTS must name the hosts in production, not *.\n"


def test_production_is_secure_by_default(tmp_path):
    seen = settings(
        "DEBUG SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_HSTS_SECONDS "
        "SECURE_PROXY_SSL_HEADER DEMO_ACCOUNTS CONTENT_AT_SET_UP SCHEDULER EMAIL_BACKEND "
        "WAGTAIL_PASSWORD_RESET_ENABLED WAGTAILADMIN_BASE_URL SECURE_HSTS_PRELOAD",
        tmp_path,
        **PRODUCTION,
    )
    assert seen == {
        "DEBUG": "False",
        "SECURE_SSL_REDIRECT": "True",
        "SESSION_COOKIE_SECURE": "True",
        "CSRF_COOKIE_SECURE": "True",
        "SECURE_HSTS_SECONDS": "31536000",
        "SECURE_HSTS_PRELOAD": "False",
        "SECURE_PROXY_SSL_HEADER": "None",
        "DEMO_ACCOUNTS": "False",
        "CONTENT_AT_SET_UP": "False",
        "SCHEDULER": "False",
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "WAGTAIL_PASSWORD_RESET_ENABLED": "False",
        "WAGTAILADMIN_BASE_URL": "https://cms.example.org",
    }


def test_production_insists_on_https_for_the_api_too(tmp_path):
    script = """
import django, json
django.setup()
from django.test import Client
client = Client(headers={"Host": "cms.example.org"})
def ask(path, secure):
    answer = client.get(path, secure=secure)
    shown = ("Location", "Strict-Transport-Security")
    return [answer.status_code, *(answer.headers.get(name) for name in shown)]
print(json.dumps([
    ask("/api/v1/", False), ask("/api/v1/openapi.json", True), ask("/api/v1/health/live", False)
]))
"""
    plain, secure, health = told_by(script, tmp_path, **PRODUCTION)
    assert plain == [301, "https://cms.example.org/api/v1/", None]
    assert secure == [200, None, "max-age=31536000; includeSubDomains"]
    # Who asks for that asks this server itself.
    assert health == [200, None, None]


def test_production_ignores_the_debug_switch(tmp_path):
    assert settings("DEBUG", tmp_path, **PRODUCTION, DEBUG="yes") == {"DEBUG": "False"}


def test_production_behind_a_proxy_with_a_mail_server(tmp_path):
    seen = settings(
        "SECURE_PROXY_SSL_HEADER EMAIL_HOST WAGTAIL_PASSWORD_RESET_ENABLED DEFAULT_FROM_EMAIL "
        "CSRF_TRUSTED_ORIGINS",
        tmp_path,
        **PRODUCTION,
        BEHIND_TLS_PROXY="yes",
        EMAIL_URL="smtp://mail.example.org",
        BASE_URL="https://urus.example.org",
    )
    assert seen == {
        "SECURE_PROXY_SSL_HEADER": "('HTTP_X_FORWARDED_PROTO', 'https')",
        "EMAIL_HOST": "mail.example.org",
        "WAGTAIL_PASSWORD_RESET_ENABLED": "True",
        "DEFAULT_FROM_EMAIL": "cms@urus.example.org",
        "CSRF_TRUSTED_ORIGINS": "['https://urus.example.org']",
    }


def test_development_needs_nothing_and_follows_host_and_port(tmp_path):
    module = {"DJANGO_SETTINGS_MODULE": "cms.settings.development"}
    names = "DEBUG WAGTAILADMIN_BASE_URL DEMO_ACCOUNTS SCHEDULER ALLOWED_HOSTS"
    seen = settings(names, tmp_path, **module, HOST="::1", PORT="8123")
    assert seen == {
        "DEBUG": "False",
        "WAGTAILADMIN_BASE_URL": "http://[::1]:8123",
        "DEMO_ACCOUNTS": "True",
        "SCHEDULER": "True",
        "ALLOWED_HOSTS": "['127.0.0.1', 'localhost', '[::1]', '[::1]']",
    }


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DATABASE_URL": "mysql://u:p@h/x"}, "DATABASE_URL must begin with postgres://"),
        ({"PORT": "eighty"}, "PORT must be a whole number"),
        ({"CONTENT_LANGUAGES": "ms,fr"}, "CONTENT_LANGUAGES must hold only"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of"),
        (
            {"DJANGO_SETTINGS_MODULE": "cms.settings.nope"},
            "DJANGO_SETTINGS_MODULE names a module that does not exist",
        ),
    ],
)
def test_a_malformed_setting_is_one_sentence(tmp_path, variables, sentence):
    answer = manage("check", data_folder=tmp_path, **variables)
    assert answer.returncode == 1
    assert answer.stderr.startswith(sentence)
    assert len(answer.stderr.splitlines()) == 1


def test_a_database_that_does_not_answer_is_one_sentence_without_the_password(tmp_path):
    answer = manage(
        "set_up", data_folder=tmp_path, DATABASE_URL="postgres://u:hunter2@127.0.0.1:1/cms"
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("CommandError: Cannot use the database 127.0.0.1/cms: ")
    assert len(answer.stderr.splitlines()) == 1
    assert "hunter2" not in answer.stdout + answer.stderr
