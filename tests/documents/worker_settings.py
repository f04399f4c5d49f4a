"""Settings of a worker process started by a test: its database, and the files of the test."""

import os

from portal.settings.test import *  # noqa: F403

MEDIA_ROOT = os.environ["TEST_MEDIA_ROOT"]
