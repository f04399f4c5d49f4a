"""An S3-compatible storage that says quickly that it does not answer."""

from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

CONNECT, READ, ATTEMPTS = 5, 30, 2  # seconds, seconds, in all


class Bucket(S3Storage):
    """A private bucket: no file in it has a public address, the portal alone hands them."""

    def __init__(self, *, addressing_style: str, **settings: Any) -> None:
        config = Config(
            s3={"addressing_style": addressing_style},
            signature_version="s3v4",
            connect_timeout=CONNECT,
            read_timeout=READ,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        )
        super().__init__(**settings, client_config=config, default_acl=None, file_overwrite=True)
