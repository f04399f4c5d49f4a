"""The portal and its floor behind one web server, for the rush of `manage.py bench`."""

from django.conf import settings

from portal.wsgi import application as application

settings.ROOT_URLCONF = "portal.home.bench.urls"
