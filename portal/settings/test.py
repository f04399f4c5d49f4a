"""Tests: strict, fast password hashing, mails in memory, clock that may be shifted."""

from .base import *
from .base import DATABASES, LOCAL_CACHE, VAR, env

DEBUG = False
SECRET_KEY = "test-key-0123456789-0123456789-0123456789-0123456789"  # noqa: S105
ALLOWED_HOSTS = ["*"]
# A migrated database to copy, when the run has made one (`portal/embedded/migrated.py`).
DATABASES["default"]["TEST"] = {"TEMPLATE": env.str("TEST_DATABASE_TEMPLATE", None)}
PORTAL_URL = "https://ami.exemple.fr"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = VAR / "test-files"
DEVELOPMENT_PAGES = True
CLOCK_MAY_SHIFT = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Rate limits of the login pages are tested by name; elsewhere they would make tests depend on their order.
ACCOUNT_RATE_LIMITS = False
CACHES = {name: {**LOCAL_CACHE, "LOCATION": name} for name in ("default", "drawn", "template_fragments")}
