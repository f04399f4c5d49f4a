"""A real clamd on a free port, with one signature of ours: no antivirus base is downloaded."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

# What our only signature finds. Not the usual test string: it would alarm the machines that hold this project.
THREAT = b"AMI-PORTAIL-PROGRAMME-MALVEILLANT-POUR-ESSAI"
NAME = "Ami.Essai.UNOFFICIAL"
START = 30.0  # seconds
CONFIGURATION = """Foreground yes
DatabaseDirectory {folder}
TCPAddr 127.0.0.1
TCPSocket {port}
StreamMaxLength 1M
MaxFileSize 1M
"""


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """« 127.0.0.1:port » of a clamd that answers; stopped on leaving."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")  # Debian's place, not in every PATH
    if program is None:
        raise RuntimeError(
            "clamd est introuvable. Installez-le : apt-get install --no-install-recommends clamav-daemon"
        )
    folder.chmod(0o755)  # clamd drops the rights of root
    (folder / "essai.ndb").write_text(f"Ami.Essai:0:*:{THREAT.hex()}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    setting = folder / "clamd.conf"
    setting.write_text(CONFIGURATION.format(folder=folder, port=port))
    with (folder / "clamd.log").open("wb") as log:
        process = subprocess.Popen([program, "--config-file", setting], stdout=log, stderr=log)
    try:
        wait(port, process, folder / "clamd.log")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=START)


def wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until clamd listens."""
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    raise RuntimeError(f"clamd n’a pas démarré : {log.read_text()}")
