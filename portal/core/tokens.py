"""Links sent by mail: single-use rows that keep only the hash of a 256-bit secret."""

import hashlib
import secrets


def new_secret() -> str:
    """A secret for a link, 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """SHA-256 in hexadecimal: what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
