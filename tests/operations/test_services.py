"""Database, cache and mail by one URL each, and machine translation."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.module_loading import import_string
from wagtail.models import Locale
from wagtail_localize.machine_translators.base import BaseMachineTranslator

from cms.settings import services
from cms.settings.environment import EnvironmentSettingError, Variable

URL = Variable("URL", "", "")
DEFAULT = Path("/data with a #/cms 100%.sqlite3")


def test_no_database_is_sqlite_in_a_folder_of_any_name(monkeypatch):
    monkeypatch.delenv("URL", raising=False)
    settings = services.database(URL, DEFAULT)
    assert settings["ENGINE"] == "django.db.backends.sqlite3"
    assert settings["NAME"] == "/data with a #/cms 100%.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_with_everything(monkeypatch):
    monkeypatch.setenv("URL", "postgres://us%40er:pass%2Fword@db.example:6432/cms?sslmode=require")
    settings = services.database(URL, DEFAULT)
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["USER"], settings["PASSWORD"]) == ("us@er", "pass/word")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", 6432, "cms")
    assert settings["OPTIONS"] == {"sslmode": "require", "connect_timeout": 10}
    assert settings["CONN_HEALTH_CHECKS"] is True


def test_postgresql_over_its_socket(monkeypatch):
    monkeypatch.setenv("URL", "postgres:///test")
    settings = services.database(URL, DEFAULT)
    assert (settings["HOST"], settings["NAME"]) == ("", "test")


def test_an_option_in_the_url_of_sqlite_wins_and_the_others_stay(monkeypatch):
    monkeypatch.setenv("URL", "sqlite:////tmp/x.sqlite3?timeout=5")
    settings = services.database(URL, DEFAULT)
    assert settings["NAME"] == "/tmp/x.sqlite3"
    assert settings["OPTIONS"]["timeout"] == 5
    assert "journal_mode=WAL" in settings["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    "url",
    [
        "hello",
        "mysql://u:hunter2@h/x",
        "postgres://u:hunter2@h:port/x",
        "postgres://u:hunter2@h/",
        "postgres://u:hunter2@[::1/x",
        "://hunter2",
    ],
)
def test_a_bad_database_is_refused_without_repeating_the_password(monkeypatch, url):
    monkeypatch.setenv("URL", url)
    with pytest.raises(EnvironmentSettingError, match=r"^URL ") as refusal:
        services.database(URL, DEFAULT)
    assert "hunter2" not in str(refusal.value)


def test_caches(monkeypatch):
    monkeypatch.delenv("URL", raising=False)
    assert services.cache(URL)["BACKEND"].endswith("LocMemCache")
    monkeypatch.setenv("URL", "rediss://:secret@cache.example:6380/1")
    settings = services.cache(URL)
    assert settings["BACKEND"].endswith("RedisCache")
    assert settings["LOCATION"] == "rediss://:secret@cache.example:6380/1"


@pytest.mark.parametrize("url", ["redis", "memcached://h", "redis://", "redis://h:x"])
def test_a_bad_cache_is_refused(monkeypatch, url):
    monkeypatch.setenv("URL", url)
    with pytest.raises(EnvironmentSettingError, match=r"^URL must be an address such as redis://"):
        services.cache(URL)


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://u%40x:p%3A@mail.example", 25, False, False),
        ("smtp+tls://u%40x:p%3A@mail.example", 587, True, False),
        ("smtps://u%40x:p%3A@mail.example", 465, False, True),
        ("smtps://u%40x:p%3A@mail.example:2465", 2465, False, True),
    ],
)
def test_mail_servers(monkeypatch, url, port, tls, ssl):
    monkeypatch.setenv("URL", url)
    settings = services.mail(URL, otherwise="dummy")
    assert settings["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert settings["EMAIL_HOST"] == "mail.example"
    assert settings["EMAIL_PORT"] == port
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("u@x", "p:")
    assert (settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (tls, ssl)


def test_mail_without_a_server(monkeypatch):
    monkeypatch.delenv("URL", raising=False)
    assert services.mail(URL, otherwise="dummy")["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    monkeypatch.setenv("URL", "console:")
    assert services.mail(URL, otherwise="dummy")["EMAIL_BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize("url", ["mail.example:25", "smtp://", "imap://h", "smtp://h:x"])
def test_a_bad_mail_server_is_refused(monkeypatch, url):
    monkeypatch.setenv("URL", url)
    with pytest.raises(EnvironmentSettingError, match=r"^URL must be"):
        services.mail(URL, otherwise="dummy")


NAME, KEY = Variable("NAME", "", "which service"), Variable("KEY", "", "its key")
PROJECT = Variable("PROJECT", "", "the project")


def test_caches_to_purge(monkeypatch):
    names = ("PURGE_VARNISH", "PURGE_URLS", "PURGE_API_ADDRESSES")
    variables = [Variable(name, "", "") for name in names]
    assert services.purge_targets(*variables) == {}
    assert services.frontend_cache(variables[1]) == {}
    monkeypatch.setenv("PURGE_VARNISH", "http://127.0.0.1:6081/, http://10.0.0.2:6081")
    monkeypatch.setenv("PURGE_URLS", "http://127.0.0.1:8080")
    monkeypatch.setenv("PURGE_API_ADDRESSES", "https://api.example.org/api/v1/")
    targets = services.purge_targets(*variables)
    assert targets == {
        "varnish http://127.0.0.1:6081": {"ADDRESS": "http://127.0.0.1:6081"},
        "varnish http://10.0.0.2:6081": {"ADDRESS": "http://10.0.0.2:6081"},
        "urls": {
            "FRONTEND_CACHE": ["default"],
            "API_ADDRESSES": ["https://api.example.org/api/v1"],
        },
    }
    assert services.frontend_cache(variables[1])["default"]["LOCATION"] == "http://127.0.0.1:8080"
    monkeypatch.setenv("PURGE_VARNISH", "127.0.0.1:6081")
    with pytest.raises(EnvironmentSettingError, match="PURGE_VARNISH"):
        services.purge_targets(*variables)


def test_metrics(monkeypatch):
    path, token = Variable("METRICS_PATH", "", ""), Variable("METRICS_TOKEN", "", "")
    assert services.metrics(path, token, DEFAULT) is None
    monkeypatch.setenv("METRICS_PATH", "/internal/metrics")
    found = {"PATH": "/internal/metrics", "TOKEN": "", "FOLDER": str(DEFAULT)}
    assert services.metrics(path, token, DEFAULT) == found
    monkeypatch.setenv("METRICS_TOKEN", "geheim")
    assert services.metrics(path, token, DEFAULT) == found | {"TOKEN": "geheim"}
    monkeypatch.setenv("METRICS_PATH", "metrics")
    with pytest.raises(EnvironmentSettingError, match="METRICS_PATH"):
        services.metrics(path, token, DEFAULT)


def machine_translation(monkeypatch, **values: str):
    for name in ("NAME", "KEY", "URL", "PROJECT"):
        monkeypatch.setenv(name, values.get(name, ""))
    return services.machine_translation(NAME, KEY, URL, PROJECT)


def test_machine_translation_is_off_by_itself(monkeypatch):
    assert machine_translation(monkeypatch, KEY="secret", URL="http://host") is None


@pytest.mark.parametrize(
    ("values", "options"),
    [
        ({"NAME": "DeepL", "KEY": "secret:fx"}, {"AUTH_KEY": "secret:fx"}),
        (
            {"NAME": "libretranslate", "URL": "http://127.0.0.1:5000/"},
            {"LIBRETRANSLATE_URL": "http://127.0.0.1:5000", "API_KEY": ""},
        ),
        ({"NAME": "dummy"}, {}),
    ],
)
def test_a_service_for_machine_translation_is_one_of_wagtail_localizes(
    monkeypatch, values, options
):
    setting = machine_translation(monkeypatch, **values)
    translator = import_string(setting["CLASS"])(setting.get("OPTIONS", {}))
    assert isinstance(translator, BaseMachineTranslator)
    assert translator.options == options
    assert translator.can_translate(Locale(language_code="ms"), Locale(language_code="en"))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"NAME": "bing", "KEY": "hunter2"}, "NAME must be one of deepl, google"),
        ({"NAME": "deepl"}, "KEY must be set: its key"),
        ({"NAME": "libretranslate", "KEY": "hunter2"}, "URL must be set"),
        ({"NAME": "libretranslate", "URL": "host:5000", "KEY": "hunter2"}, "URL must hold"),
        ({"NAME": "google", "KEY": "hunter2"}, "PROJECT must be set"),
        ({"NAME": "google", "PROJECT": "cms"}, "KEY must be set"),
        ({"NAME": "google", "PROJECT": "cms", "KEY": "hunter2"}, "google-cloud-translate"),
    ],
)
def test_machine_translation_without_what_it_needs_is_refused_without_its_key(
    monkeypatch, values, message
):
    monkeypatch.setattr(services, "find_spec", lambda name: None)
    with pytest.raises(EnvironmentSettingError, match=message) as error:
        machine_translation(monkeypatch, **values)
    assert "hunter2" not in str(error.value)
