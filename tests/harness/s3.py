"""A real S3-compatible server on a free port, in a process of its own."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import boto3

from tests.harness.server import free_port

START = 30.0  # seconds
BUCKET = "pieces"


def options(port: int) -> dict[str, Any]:
    """What the environment says of such a storage, as settings."""
    return {
        "bucket_name": BUCKET,
        "endpoint_url": f"http://127.0.0.1:{port}",
        "region_name": "eu-west-3",
        "access_key": "essai",
        "secret_key": "essai-secret",
        "addressing_style": "path",
    }


def client(port: int) -> Any:
    told = options(port)
    return boto3.client(
        "s3", endpoint_url=told["endpoint_url"], region_name=told["region_name"],
        aws_access_key_id=told["access_key"], aws_secret_access_key=told["secret_key"],
    )  # fmt: skip


@contextlib.contextmanager
def running() -> Iterator[int]:
    """The port of a server that answers and holds an empty bucket."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        end = time.monotonic() + START
        while True:
            try:
                client(port).create_bucket(
                    Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": options(port)["region_name"]}
                )
                break
            except Exception:
                if process.poll() is not None or time.monotonic() > end:
                    raise
        yield port
    finally:
        process.terminate()
        process.wait()
