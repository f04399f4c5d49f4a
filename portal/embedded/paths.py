"""Folders of the embedded services, private to the account that runs them."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# sockaddr_un holds 108 bytes with its final zero; PostgreSQL adds "/.s.PGSQL.5432" to the folder.
SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"


def var_folder() -> Path:
    """`PORTAL_VAR`, or `var/` beside manage.py."""
    return Path(os.environ.get("PORTAL_VAR") or ROOT / "var").resolve()


def private_folder(path: Path) -> Path:
    """Create `path` with mode 0700 if need be, and refuse one that somebody else owns or could enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.stat()
    if status.st_uid != os.geteuid():
        raise PermissionError(f"Le dossier {path} appartient à un autre compte.")
    path.chmod(0o700)
    return path


def socket_folder(data: Path) -> Path:
    """Folder of the sockets: inside `data`, or a short one of the temporary folder when the path would be too long."""
    wanted = data / "run"
    if len(os.fsencode(wanted / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return private_folder(wanted)
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return private_folder(Path(tempfile.gettempdir()) / f"portail-{os.geteuid()}-{digest}")
