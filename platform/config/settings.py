"""One settings file. Without any environment variable it is the embedded pair (SQLite, a broker in
files), which `make run` starts; DATABASE_URL and REDIS_URL make it production."""

import importlib.util
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import mail
from config.environment import flag, number, text, words
from config.log import logging_in_lines
from config.sign_in import providers

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(text("PODIUM_VAR") or ROOT / "var").resolve()
EMBEDDED = not text("DATABASE_URL")
DEBUG = flag("PODIUM_DEBUG", default=False)
HASHED_STATIC = flag("PODIUM_HASHED_STATIC", default=not EMBEDDED)  # needs `collectstatic`
HTTPS = flag("PODIUM_HTTPS", default=not EMBEDDED)


def secret_key() -> str:
    """From the environment in production; embedded, made once and kept under var/."""
    if key := text("PODIUM_SECRET_KEY"):
        return key
    if not EMBEDDED:
        raise ImproperlyConfigured("Set PODIUM_SECRET_KEY to a long random text.")
    kept = VAR / "secret_key"
    if not kept.exists() or not kept.stat().st_size:  # empty: the disk was full, or a start cut off
        VAR.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64))
    return kept.read_text()


SECRET_KEY = secret_key()
ALLOWED_HOSTS = words("PODIUM_HOSTS", "localhost,127.0.0.1,[::1]" if EMBEDDED else "")
CSRF_TRUSTED_ORIGINS = words("PODIUM_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "theme",
    "accounts",
    "notices",
    "events",
    "submissions.entries",
    "submissions.ideas",
    "submissions.programme",
    "anomaly.datasets",
    "anomaly.jobs",
    "anomaly.reports",
    "judging.panel",
    "judging.ballots",
    "judging.awards",
    "config",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "django_htmx",
    "heroicons",
    "csp",
]

MIDDLEWARE = [
    "config.middleware.no_nul",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.large_bodies.LargeBodies",  # before whatever reads a body or asks the database
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.signed_out",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.tokens.middleware",
    "accounts.middleware.privacy",
    "accounts.middleware.zone",
    "notices.middleware.origins",
    "events.middleware.SecondFactor",
    "theme.refusal.middleware",
    "config.middleware.TriedAgain",  # innermost: it runs the view
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]
FORM_RENDERER = "theme.forms.FormRenderer"


def database_limits() -> dict[str, object]:
    """No page hangs on a lock or a query, no transaction is left open, and a database that does not
    answer is given up. Only web servers limit statements: a migration may take its time."""
    seconds = {
        "statement_timeout": number("PODIUM_STATEMENT_SECONDS", 0),  # 15 in wsgi.py and asgi.py
        "lock_timeout": number("PODIUM_LOCK_SECONDS", 3),
        "idle_in_transaction_session_timeout": number("PODIUM_IDLE_SECONDS", 30),
    }
    limits = " ".join(f"-c {name}={int(1000 * value)}" for name, value in seconds.items())
    return {"options": limits, "connect_timeout": 5}


# --- the truth ---------------------------------------------------------------------------------
DATABASES: dict[str, Any]
if EMBEDDED:
    DATABASES = {
        "default": {
            "ENGINE": "config.sqlite",
            "NAME": VAR / "podium.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    }
else:
    DATABASES = {
        "default": dj_database_url.parse(
            text("DATABASE_URL"), conn_max_age=60, conn_health_checks=True
        )
    }
    DATABASES["default"].setdefault("OPTIONS", {}).update(database_limits())
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the bell (reliability: early acknowledgement, no results, no retries, never wait long) ----
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_POOL = "solo"
CELERY_WORKER_CONCURRENCY = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "cpu"
CELERY_TASK_QUEUES = {q: {"exchange": q, "binding_key": q} for q in ("cpu", "gpu")}  # or `-Q`
if REDIS_URL := text("REDIS_URL"):
    CELERY_BROKER_URL = REDIS_URL
    CELERY_WORKER_DISABLE_PREFETCH = True  # this setting exists for Redis only
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "socket_timeout": 0.5,
        "socket_connect_timeout": 0.5,
        "socket_keepalive": True,
        "visibility_timeout": 3600,
        "health_check_interval": 25,
    }
else:
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR / "broker" / "queue"),
        "data_folder_out": str(VAR / "broker" / "queue"),
        "control_folder": str(VAR / "broker" / "control"),
    }
    for folder in ("queue", "control"):
        (VAR / "broker" / folder).mkdir(parents=True, exist_ok=True)

# --- deadlines: what comes this late still counts, and is not announced ------------------------
PODIUM_GRACE = timedelta(seconds=number("PODIUM_GRACE", 120))

# --- scoring jobs: how long a silent worker keeps its job, in seconds --------------------------
PODIUM_LEASE = number("PODIUM_LEASE", 30)
PODIUM_HEARTBEAT = number("PODIUM_HEARTBEAT", 10)
PODIUM_SWEEP = number("PODIUM_SWEEP", 15)
PODIUM_LOOK = number("PODIUM_LOOK", 2)
PODIUM_JOB_SECONDS = number("PODIUM_JOB_SECONDS", 3600)
PODIUM_FONTS = words("PODIUM_FONTS")  # none named: the usual ones, see events.fonts
PODIUM_DEVICE = text("PODIUM_DEVICE", "auto")
PODIUM_PART_ROWS = int(number("PODIUM_PART_ROWS", 1_000_000))  # larger tables are scored in parts
PODIUM_FREE_BYTES = int(number("PODIUM_FREE_BYTES", 2**30))  # with less a worker takes no job
PODIUM_WAIT_ALARM = number("PODIUM_WAIT_ALARM", 600)  # seconds; who waits longer raises alarm
PODIUM_METRICS_TOKEN = text("PODIUM_METRICS_TOKEN")  # without: /metrics for this machine only
PODIUM_UPLOAD_BYTES = int(number("PODIUM_UPLOAD_BYTES", 2 * 2**30))
PODIUM_UPLOADS = int(number("PODIUM_UPLOADS", 2))  # taken in at a time by one web process
PODIUM_UPLOADS_WAITING = int(number("PODIUM_UPLOADS_WAITING", 10))  # beyond these: 503, come back
PODIUM_READERS = int(number("PODIUM_READERS", 2))  # tables that are read at a time, on one machine
PODIUM_READ_SECONDS = number("PODIUM_READ_SECONDS", 10)  # a page waits so long for a small table
PODIUM_READ_BYTES = int(number("PODIUM_READ_BYTES", 4 * 2**20))  # and for none that is larger
PODIUM_RESERVE_BYTES = int(number("PODIUM_RESERVE_BYTES", 256 * 2**20))

# --- what `manage.py sweep` does in each round: functions without arguments that may run twice ---
PODIUM_ROUNDS = [
    "anomaly.jobs.sweeping.sweep",
    "anomaly.datasets.sweeping.sweep",
    "notices.sending.mark_lost",
    "events.sweeping.pass_on_all",
    "submissions.entries.deadline.strike",
    "submissions.entries.storing.sweep",
    "submissions.programme.actions.recap.begin_for_ended_events",
    "submissions.programme.actions.feedback.ask_after_a_day",
    "judging.awards.confirming.release_due",
]

# --- pages that are the same for all who are not signed in: made once in so many seconds ----------
PODIUM_STRANGERS_SECONDS = number("PODIUM_STRANGERS_SECONDS", 2)

# --- files -------------------------------------------------------------------------------------
MEDIA_ROOT = VAR / "media"  # private: no MEDIA_URL, every file goes through a permission check
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
# Found without loading it: each process would spend a third of its start on that.
BOKEH = Path(str(getattr(importlib.util.find_spec("bokeh"), "origin", ""))).parent
STATICFILES_DIRS = [("bokeh/js", str(BOKEH / "server" / "static" / "js"))]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.storage.HashedStaticFiles"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = not HASHED_STATIC
WHITENOISE_MAX_AGE = 3600 if HASHED_STATIC else 0
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a data set's page has one field per column
FILE_UPLOAD_TEMP_DIR = text("PODIUM_UPLOAD_DIR") or None

# --- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.hashing.LimitedArgon2", "accounts.hashing.LimitedPBKDF2"]
PODIUM_HASHES = int(number("PODIUM_HASHES", max(2, os.cpu_count() or 2)))  # on one machine
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "events:list"
LOGIN_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "notices.adapter.AccountAdapter"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or address is told to its owner
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
SESSION_COOKIE_AGE = 14 * 24 * 3600
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow that on localhost only
MFA_TOTP_ISSUER = "Podium"
MFA_TOTP_TOLERANCE = 1  # half a minute: telephones' clocks
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = providers()  # who is not set up is not shown
INSTALLED_APPS += [f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS]

# --- what is counted for a while, so that nobody can guess passwords ---------------------------
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "config.cache.SharedCache", "LOCATION": REDIS_URL}}

# --- mail --------------------------------------------------------------------------------------
# Where links in mails lead to: no request is there to tell.
PODIUM_ADDRESS = text("PODIUM_ADDRESS") or (
    f"https://{ALLOWED_HOSTS[0]}" if HTTPS and ALLOWED_HOSTS else "http://localhost:8000"
)
PODIUM_ADDRESS = PODIUM_ADDRESS.rstrip("/")
DEFAULT_FROM_EMAIL = text("PODIUM_MAIL_FROM", "Podium <podium@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_BACKEND = "notices.backends.ConsoleAndFileBackend"
if EMAIL_HOST := text("PODIUM_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_PORT = int(number("PODIUM_SMTP_PORT", 587))
    EMAIL_HOST_USER = text("PODIUM_SMTP_USER")
    EMAIL_HOST_PASSWORD = text("PODIUM_SMTP_PASSWORD")
    EMAIL_USE_TLS = flag("PODIUM_SMTP_TLS", default=True)
    EMAIL_TIMEOUT = 10
if MAIL_PROVIDER := text("PODIUM_MAIL_PROVIDER"):
    EMAIL_BACKEND = mail.backend(MAIL_PROVIDER)
    ANYMAIL = mail.provider_settings()

PODIUM_WEBHOOKS_INSIDE = flag("PODIUM_WEBHOOKS_INSIDE", default=EMBEDDED)  # http://, own network

# --- languages and time ------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_I18N = len(LANGUAGES) > 1  # with one language a page's hundred texts need not be looked up
USE_TZ = True
TIME_ZONE = "UTC"

# --- for the site's own administrators ---------------------------------------------------------
PODIUM_ADMIN_PATH = text("PODIUM_ADMIN_PATH", "admin").strip("/") + "/"

# --- the browser -------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-podium" if HTTPS else "podium"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|metrics)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if flag("PODIUM_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Otherwise all visitors share the proxy's address, and one rate limit for signing in.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

LOGGING = logging_in_lines(level=text("PODIUM_LOG", "WARNING"), form=text("PODIUM_LOG_FORMAT"))
