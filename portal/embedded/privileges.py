"""PostgreSQL refuses to run as root: here is how root starts it without creating a user nor opening any folder."""

import os
import pwd
import shutil
import subprocess
from functools import cache
from pathlib import Path

NOBODY = 65534


class NoUnprivilegedStart(RuntimeError):
    """PostgreSQL cannot be started by this account on this machine."""


@cache
def unprivileged_prefix() -> tuple[str, ...]:
    """Words to put before a command so that it sees itself as an ordinary, known account. Often empty.

    In a user namespace the files stay root's. Where namespaces are closed, the process becomes `nobody` and keeps only
    the right to cross folders, so that a 0700 folder of root above the data does not stop it. An account without name
    (containers started under a free number) needs the namespace as well: `initdb` asks for the name.
    """
    if os.geteuid() != 0 and _is_known(os.geteuid()):
        return ()
    user, group = _ordinary_account()
    for prefix in (
        ("unshare", "--user", f"--map-user={user}", f"--map-group={group}", "--"),
        (
            "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
            "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--",
        ),
    ):  # fmt: skip
        if shutil.which(prefix[0]) and _works(prefix):
            return prefix
    raise NoUnprivilegedStart(
        "PostgreSQL ne démarre pas sous le compte root et cette machine n’offre ni « unshare » ni « setpriv ». "
        "Lancez la commande sous un autre compte, ou indiquez une base par DATABASE_URL."
    )


def give_to_server(folder: Path) -> None:
    """Make `folder` belong to whom the prefixed command runs as."""
    if unprivileged_prefix()[:1] == ("setpriv",):
        os.chown(folder, NOBODY, NOBODY)


def _is_known(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def _ordinary_account() -> tuple[int, int]:
    """User and group numbers of an account of this machine that is not root's; only its name serves."""
    entries = [entry for entry in pwd.getpwall() if entry.pw_uid not in (0, NOBODY)]
    return (entries[0].pw_uid, entries[0].pw_gid) if entries else (NOBODY, NOBODY)


def _works(prefix: tuple[str, ...]) -> bool:
    trial = subprocess.run([*prefix, "id", "-u"], capture_output=True, text=True, check=False)
    return trial.returncode == 0 and trial.stdout.strip() != "0"
