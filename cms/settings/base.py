"""Settings shared by development, production and tests."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.settings import environment, services
from cms.settings.delivery import is_delivery_process, without_editors

BASE_DIR = Path(__file__).resolve().parents[2]
# An absolute DATA_DIR is used as it is.
DATA_DIR = BASE_DIR / environment.DATA_DIR.text()

INSTALLED_APPS = [
    "cms.operations",
    # Before the apps that it patches: their ready() must find the patches in place.
    "cms.admin_language",
    "cms.admin_input",
    "cms.content_files",
    "cms.content_policy",
    "cms.editors",
    "cms.handbook",
    "cms.text_search",
    "cms.login",
    "cms.pages",
    "cms.snippets",
    "cms.core",
    "wagtail_localize_desk",
    "wagtail_delivery",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    # `wagtail.users` with our list of users.
    "cms.login.users_app.UsersAppConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_tasks",
    "taggit",
    "modelcluster",
    "rest_framework",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    # For its catalogue: Wagtail formats relative times with it.
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

if is_delivery_process():
    INSTALLED_APPS = without_editors(INSTALLED_APPS)

MIDDLEWARE = [
    # Before the API, which needs HTTPS and its headers too.
    "django.middleware.security.SecurityMiddleware",
    "wagtail_delivery.middleware.DeliveryMiddleware",
    "cms.login.gate.LoginGateMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.operations.uploaded_media.UploadedMediaMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.admin_language.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Directly after it: nothing may see who has given only the password as logged in.
    "cms.login.second_factor.middleware.SecondFactorMiddleware",
    "cms.admin_language.middleware.AccountLanguageMiddleware",
    "cms.admin_input.text.CleanTextMiddleware",
    "cms.login.session.SessionStateMiddleware",
    "cms.editors.middleware.SightMiddleware",
    "cms.content_policy.middleware.ContentPolicyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    # No middleware for redirects: front-ends resolve them (/api/v1/resolve), and Wagtail's would
    # reveal the URLs of drafts.
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

# Languages. Malay is the source; CONTENT_LANGUAGES alone enables others.
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
# The admin's languages; the first is the default.
WAGTAILADMIN_PERMITTED_LANGUAGES = [("ms", "Bahasa Melayu"), ("en", "English")]
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = (
    "cms.admin_language.password_reset.PasswordResetInOwnLanguageForm"  # noqa: S105
)
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
# Our own catalogues, then ours for other packages (docs/languages.md).
LOCALE_PATHS = [
    BASE_DIR / "locale",
    *sorted((BASE_DIR / "locale" / "packages").glob("*/**/locale")),
]
# Dates have one form in all languages of the admin; its calendars write it.
FORMAT_MODULE_PATH = "cms.admin_language.formats"
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
TIME_ZONE = "Asia/Kuala_Lumpur"
# The choices of an account: the time zones of Malaysia instead of all 600.
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

# Log-in. The first backend refuses whoever has failed too often, before a password is checked.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
WAGTAILADMIN_USER_LOGIN_FORM = "cms.login.forms.ThrottledLoginForm"
LOGIN_FAILURES_PER_ADDRESS = environment.LOGIN_FAILURES_PER_ADDRESS.number(least=1, most=1_000_000)
# Proxies in front whose X-Forwarded-For is believed; cms/settings/production.py sets it.
TRUSTED_PROXIES = 0
# Threads of one server process that log-ins may hold at a time.
LOGIN_THREADS = max(1, environment.THREADS.number(least=1, most=256) // 4)
AXES_HANDLER = "cms.login.throttle.LoginThrottle"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_FAILURE_LIMIT = environment.LOGIN_FAILURES.number(least=1, most=1_000_000)
AXES_COOLOFF_TIME = timedelta(minutes=environment.LOGIN_WAIT_MINUTES.number(least=1, most=10_000))
# Attempts during a lock are not counted, so it ends when it was said to.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "cms.login.throttle.locked_out_response"
AXES_CLIENT_IP_CALLABLE = "cms.login.client_address.client_address"
AXES_CLIENT_STR_CALLABLE = "cms.login.throttle.describe_attempt"
# Successful log-ins are not recorded, nor what else a failed one sent.
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["csrfmiddlewaretoken", "next"]
AXES_VERBOSE = False

# The second factor. Empty in the environment: for administrators in production.
REQUIRE_SECOND_FACTOR = environment.REQUIRE_SECOND_FACTOR.one_of(
    *environment.SECOND_FACTOR_CHOICES, default="none"
)
# What authenticator apps call this server.
OTP_TOTP_ISSUER = "PERKESO CMS"

# Relative: Django puts FORCE_SCRIPT_NAME in front.
FORCE_SCRIPT_NAME = environment.PATH_PREFIX.path_prefix() or None

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "cms.operations.media_storage.MediaStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

WAGTAIL_SITE_NAME = "PERKESO"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.pages.image_form.DescribedImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp", "svg"]
# A page with many blocks is a form with many fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# The admin contacts no third party: no avatars and no update check.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False

# Submitting for translation publishes nothing; only a person publishes.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILLOCALIZE_MACHINE_TRANSLATOR = services.machine_translation(
    environment.MACHINE_TRANSLATION,
    environment.MACHINE_TRANSLATION_KEY,
    environment.MACHINE_TRANSLATION_URL,
    environment.MACHINE_TRANSLATION_PROJECT,
)

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

WAGTAIL_DELIVERY = {
    "TITLE": "PERKESO CMS",
    "SITE_SNIPPET": "snippets.Organisation",
    "TRANSLATION_STATUSES": "wagtail_localize_desk.extending.translation_statuses",
    "FILE_TEXTS": "wagtail_localize_desk.extending.file_texts",
    # Their effect on a document changes when it or its source is published; other changes are
    # passed on by cms/editors/translation_changes.py.
    "UNTRACKED": [
        "axes",
        "cms_login",
        "otp_static",
        "otp_totp",
        "text_search",
        "wagtail_localize",
        "wagtail_localize_desk",
    ],
    # A thread of the server or cron makes them (docs/running.md).
    "PREPARE_IMAGES": True,
    "KEPT_ANSWERS_MB": environment.KEPT_ANSWERS_MB.number(least=0, most=65_536),
    "MEDIA_BASE_URL": environment.MEDIA_BASE_URL.address(),
    "CORS_ORIGINS": environment.CORS_ORIGINS.origins(),
    # Of this machine's processes; each has files of its own there.
    "METRICS": services.metrics(
        environment.METRICS_PATH, environment.METRICS_TOKEN, DATA_DIR / "metrics"
    ),
    "PURGE": services.purge_targets(
        environment.PURGE_VARNISH, environment.PURGE_URLS, environment.PURGE_API_ADDRESSES
    ),
    # Of the default site, which is the only one.
    "FRONT_ENDS": (
        {"default": environment.FRONT_END.address()} if environment.FRONT_END.address() else {}
    ),
}
# The plugin purges it; the app wagtail.contrib.frontend_cache is not installed.
WAGTAILFRONTENDCACHE = services.frontend_cache(environment.PURGE_URLS)

# Accounts with random passwords for trying the product; in development only.
DEMO_ACCOUNTS = False
# Whether set-up also loads content/; in production a person decides.
CONTENT_AT_SET_UP = False
# Who wrote a change cannot publish it alone (cms/editors/second_person).
REVIEW_BY_SECOND_PERSON = environment.REVIEW_BY_SECOND_PERSON.flag(default=True)
# Nobody approves their own words in a translation (wagtail_localize_desk).
WAGTAIL_LOCALIZE_DESK_REVIEW_BY_SECOND_PERSON = REVIEW_BY_SECOND_PERSON
WAGTAIL_LOCALIZE_DESK_PUBLISH_TOGETHER = environment.PUBLISH_TOGETHER.items()
TRANSLATION_DIGEST_HOUR = environment.TRANSLATION_DIGEST_HOUR.number(least=0, most=24)
# Whether the server itself publishes scheduled content.
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
        # Without Django's default handlers, so nothing is logged twice.
        "django": {"handlers": [], "level": "NOTSET"},
        # At level debug it would log every query.
        "django.db.backends": {"level": "INFO"},
        # At level info it logs each of its queries.
        "axes": {"level": "WARNING"},
        # It logs the start and end of each task.
        "django_tasks": {"level": "WARNING"},
        # Routine messages of the server are noise.
        "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
        # It warns about each HEAD request, because Django creates a body that gunicorn drops.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
