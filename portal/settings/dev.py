"""Development and `make run`: mails are kept in the database only and read on /developpement/courriels/."""

from .base import *
from .base import SECRET_KEY as CONFIGURED_KEY

DEBUG = False
SECRET_KEY = CONFIGURED_KEY or "development-key-never-used-in-production-0123456789"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEVELOPMENT_PAGES = True
CLOCK_MAY_SHIFT = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
