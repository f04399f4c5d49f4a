"""Settings common to all environments. Environment variables are read in this file and in `production.py` only."""

from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env

env = Env()

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env.str("PORTAL_VAR", str(ROOT / "var")))
NODE_MODULES = ROOT / "node_modules"

# The one address used in mails and documents: never taken from a request (poisoned Host header).
PORTAL_URL = env.str("PORTAL_URL", f"http://127.0.0.1:{env.str('PORT', '8000')}")
PORTAL_NAME = "Portail des appels à manifestation d’intérêt"
SECRET_KEY = env.str("SECRET_KEY", "")

INSTALLED_APPS = [
    "portal.core",
    "portal.territories",
    "portal.territories.maps",
    "portal.accounts",
    "calls",
    "applications",
    "juries",
    "support.agreements",
    "support.plan",
    "support.money",
    "support.impact",
    "support.network",
    "portal.home",
    "portal.rehearsals",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # its widget templates, for FORM_RENDERER
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.core.middleware.IdleSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.rehearsals.middleware.RehearsalSpaces",
    "portal.core.middleware.LoginRequiredByDefault",
    "portal.accounts.middleware.StaffSecondFactor",
    "portal.core.middleware.RefusalPages",
    "portal.core.middleware.NoStore",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.home.context.portal",
                "portal.rehearsals.context.rehearsal",
            ],
            "builtins": ["portal.core.templatetags.portal", "calls.templatetags.call_notice"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL", "postgresql://portal@/portal", conn_max_age=60),
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")

# Shared: what the rate limits count. Kept by each process: maps and texts drawn once, which cost more to send.
LOCAL_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {
    "default": {
        "BACKEND": "portal.core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portail",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    },
    "drawn": {**LOCAL_CACHE, "LOCATION": "drawn"},
    "template_fragments": {**LOCAL_CACHE, "LOCATION": "template_fragments"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/compte/login/"
LOGIN_REDIRECT_URL = "/mes-actions/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
# Added to allauth's own limits: questions about a call, by machine and by address.
# Codes for one address: three a minute from one network, ten an hour from those that it never came in from.
CODES_FROM_ELSEWHERE = {"request_login_code_elsewhere": "10/h/key"}
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"ask_question": "20/h/ip,5/h/key", **CODES_FROM_ELSEWHERE}
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.account.LoginForm",
    "request_login_code": "portal.accounts.forms.account.AskCodeForm",
}
# The owner of an account is told when its second factor comes or goes.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_ADAPTER = "portal.accounts.adapter.PortalAccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
PASSWORD_RESET_TIMEOUT = 60 * 60
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Portail AMI"
# When true, staff of a call (CallRole) must hold a second factor before any page of their space.
STAFF_TOTP_REQUIRED = env.bool("STAFF_TOTP_REQUIRED", False)
SESSION_ENGINE = "portal.core.sessions"
SESSION_COOKIE_AGE = 60 * 60  # without a click; see portal.core.sessions
SESSION_COOKIE_HTTPONLY = True

LANGUAGE_CODE = "fr"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [
    ROOT / "static",
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("vendor/figtree", NODE_MODULES / "@fontsource-variable" / "figtree"),
    ("vendor/accessible-autocomplete", NODE_MODULES / "accessible-autocomplete" / "dist"),
]
# Where the bytes of the files are: a folder of this machine or, when a bucket is named, an S3-compatible storage.
S3_BUCKET = env.str("S3_BUCKET", "")
S3_FILES = {
    "BACKEND": "portal.core.bucket.Bucket",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
        "region_name": env.str("S3_REGION", "") or None,
        "access_key": env.str("S3_ACCESS_KEY", "") or None,
        "secret_key": env.str("S3_SECRET_KEY", "") or None,
        "addressing_style": env.str("S3_ADDRESSING_STYLE", "path"),
    },
}
STORAGES = {
    "default": S3_FILES if S3_BUCKET else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# host:port of clamd; empty: files are not analysed, and never said to be.
CLAMD = env.str("CLAMD", "")
MEDIA_ROOT = Path(env.str("FILES_ROOT", str(VAR / "files")))
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "ne-pas-repondre@portail.exemple.fr")

CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 5,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "deliver": {"task": "portal.core.tasks.deliver", "schedule": 5.0, "options": {"expires": 30}},
    "plan-reminders": {"task": "portal.home.tasks.plan_reminders", "schedule": 300.0, "options": {"expires": 240}},
    "play-rehearsals": {"task": "portal.rehearsals.tasks.play", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-rehearsals": {"task": "portal.rehearsals.tasks.sweep", "schedule": 3600.0, "options": {"expires": 3000}},
    "purge-staged": {"task": "calls.tasks.purge_staged", "schedule": 86400.0, "options": {"expires": 80000}},
    "erase-drafts": {"task": "applications.tasks.erase_drafts", "schedule": 86400.0, "options": {"expires": 80000}},
    "purge-journal": {"task": "portal.core.tasks.purge_journal", "schedule": 86400.0, "options": {"expires": 80000}},
    "close-idle-accounts": {
        "task": "portal.accounts.tasks.close_idle",
        "schedule": 86400.0,
        "options": {"expires": 80000},
    },
    "probe": {"task": "portal.core.tasks.probe", "schedule": 30.0, "options": {"expires": 25}},
    "purge-probes": {"task": "portal.home.tasks.purge_probes", "schedule": 86400.0, "options": {"expires": 80000}},
    "heartbeat": {"task": "portal.core.tasks.beat_heartbeat", "schedule": 60.0, "options": {"expires": 50}},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"pikepdf": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}, "weasyprint": {"level": "ERROR"}},
}

# True only where a person may enter as a demo role, read the mails sent and open /composants/.
DEVELOPMENT_PAGES = False
# True only where the clock may be shifted (tests, demo); a system check refuses it in production.
CLOCK_MAY_SHIFT = False
