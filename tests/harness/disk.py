"""Where the bytes of a file are on the disk, for the tests that lose or alter them."""

from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage

from portal.core.uploads import place_of


def path_of(key: UUID) -> Path:
    return Path(default_storage.path(place_of(key)))
