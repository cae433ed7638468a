"""Settings that every way of running PERKESO CMS shares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.settings import environment, services

BASE_DIR = Path(__file__).resolve().parents[2]
# An absolute DATA_DIR stands for itself.
DATA_DIR = BASE_DIR / environment.DATA_DIR.text()

INSTALLED_APPS = [
    "cms.operations",
    # Before the apps that it patches: their ready() must find the patches in place.
    "cms.admin_language",
    "cms.pages",
    "cms.snippets",
    "cms.translation",
    "cms.headless",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "django_tasks",
    "taggit",
    "modelcluster",
    "rest_framework",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    # For its catalogue: Wagtail tells relative times with it.
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Before the API: HTTPS and its headers are for that too.
    "django.middleware.security.SecurityMiddleware",
    "cms.headless.middleware.HeadlessApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.operations.uploaded_media.UploadedMediaMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.admin_language.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cms.admin_language.middleware.AccountLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # No middleware for redirects: they are the front-ends' (/api/v1/resolve), and Wagtail's names
    # the addresses of drafts.
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        # Replaces "app_directories": makes hard-coded English translatable.
                        "cms.admin_language.template_loader.TranslatableTemplateLoader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": services.database(environment.DATABASE_URL, DATA_DIR / "cms.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": services.cache(environment.CACHE_URL)}

# Languages. Malay is the source; others are switched on by CONTENT_LANGUAGES alone.
KNOWN_LANGUAGES = {
    "ms": _("Malay"),
    "en": _("English"),
    "zh-hans": _("Simplified Chinese"),
    "ta": _("Tamil"),
}
_content_languages = environment.CONTENT_LANGUAGES.subset_of(*KNOWN_LANGUAGES)
LANGUAGE_CODE = _content_languages[0]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [
    (code, KNOWN_LANGUAGES[code]) for code in _content_languages
]
# The admin's languages; who has not chosen one gets the first.
WAGTAILADMIN_PERMITTED_LANGUAGES = [("ms", "Bahasa Melayu"), ("en", "English")]
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = (
    "cms.admin_language.password_reset.PasswordResetInOwnLanguageForm"  # noqa: S105
)
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
# Our own catalogues, and then what we have for other packages (docs/languages.md).
LOCALE_PATHS = [
    BASE_DIR / "locale",
    *sorted((BASE_DIR / "locale" / "packages").glob("*/**/locale")),
]
TIME_ZONE = "Asia/Kuala_Lumpur"
# What an account can choose from: the zones of Malaysia, instead of the world's 600.
WAGTAIL_USER_TIME_ZONES = ["Asia/Kuala_Lumpur", "Asia/Kuching"]
USE_TZ = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

WAGTAIL_SITE_NAME = "PERKESO"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp", "svg"]
# A page of many blocks is a form of many fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# The admin tells no third party who works in it: no avatars and no update check from elsewhere.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False

# Submitting for translation makes nothing public; what becomes public is published by a person.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

HEADLESS = {
    "TITLE": "PERKESO CMS",
    "SITE_SNIPPET": "snippets.Organisation",
    "TRANSLATION_STATUS": "cms.translation.status.translation_status",
    # What these say of a document changes when it or its source is published, or is told
    # (cms/pages/translation_changes.py).
    "UNWATCHED": ["wagtail_localize", "cms_translation"],
    "CORS_ORIGINS": environment.CORS_ORIGINS.origins(),
}

# Accounts with random passwords for trying the product out; development settings alone have them.
DEMO_ACCOUNTS = False
# Whether setting up also loads the text in content/; in production a person decides that.
CONTENT_AT_SET_UP = False
# Whether the server itself publishes what is due.
SCHEDULER = environment.SCHEDULER.flag()

LOG_LEVELS = ("debug", "info", "warning", "error")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
        },
    },
    "root": {
        "level": environment.LOG_LEVEL.one_of(*LOG_LEVELS, default="info").upper(),
        "handlers": ["stdout"],
    },
    "loggers": {
        # Without the handlers that Django would give it, everything is logged once.
        "django": {"handlers": [], "level": "NOTSET"},
        # Every query at level debug would bury all else.
        "django.db.backends": {"level": "INFO"},
        # It tells of each task that it begins and ends.
        "django_tasks": {"level": "WARNING"},
        # What the server does by itself is news only when something is wrong.
        "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
        # It warns of each HEAD request, for which Django makes the body that gunicorn leaves out.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
