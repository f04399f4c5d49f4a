"""Antivirus: each file received goes to clamd when one is configured, and is called sound only by it.

A file is kept at once, so that nobody waits; others than its owner open it once it is known to be sound. When clamd
does not answer, the job is tried again and the file stays « non analysé ».
"""

import socket
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from .calendar import day_of
from .models import Job, StoredFile
from .outbox import JobFailed, enqueue_job, job_handler
from .rules import YES, Answer, no
from .uploads import read_bytes

SCAN_JOB = "core.scan"
PATIENCE = 60.0  # seconds
CHUNK = 1 << 16  # octets

# Upper apps say here what to do of an infected file: tell whoever attached it.
FOUND: list[Callable[[StoredFile, datetime], None]] = []


class ScannerSilent(OSError):
    """clamd does not answer, or gives no verdict."""


def configured() -> bool:
    return bool(settings.CLAMD)


def ask_scan(file: StoredFile, at: datetime, *, again: bool = False) -> None:
    """Have a file analysed by a worker; `again` for a file that was already once."""
    if configured():
        turn = f":{day_of(at)}" if again else ""
        enqueue_job(SCAN_JOB, f"file:{file.key}{turn}", at=at, payload={"file": str(file.key)})


@job_handler(SCAN_JOB)
def scan_file(job: Job) -> None:
    """The verdict of clamd, written on the file. Raises `JobFailed` while there is none."""
    file = StoredFile.objects.get(key=UUID(job.payload["file"]))
    try:
        threat = verdict(read_bytes(file))
    except ScannerSilent as silence:
        raise JobFailed(str(silence)) from silence
    file.scan = StoredFile.Scan.INFECTED if threat else StoredFile.Scan.CLEAN
    file.save(update_fields=["scan"])
    if threat:
        for tell in FOUND:
            tell(file, job.created_at)


def verdict(content: bytes) -> str:
    """The name of the threat that clamd finds, or nothing. Raises `ScannerSilent`."""
    answer = ask(b"zINSTREAM\0", content)
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    if answer == "stream: OK":
        return ""
    raise ScannerSilent(f"clamd : {answer or 'aucune réponse'}")


def answers() -> bool:
    """Whether clamd is there."""
    try:
        return ask(b"zPING\0") == "PONG"
    except ScannerSilent:
        return False


def ask(command: bytes, content: bytes | None = None) -> str:
    """One command to clamd, its content cut into chunks preceded by their length; the answer without its final NUL."""
    host, _, port = settings.CLAMD.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as line:
            line.sendall(command)
            if content is not None:
                for start in range(0, len(content), CHUNK):
                    part = content[start : start + CHUNK]
                    line.sendall(len(part).to_bytes(4, "big") + part)
                line.sendall(bytes(4))
            return b"".join(iter(lambda: line.recv(4096), b"")).rstrip(b"\0").decode(errors="replace")
    except (OSError, ValueError) as error:
        raise ScannerSilent(f"clamd ne répond pas : {error}") from error


def may_open(file: StoredFile, *, own: bool) -> Answer:
    """Whether a received file may be handed to someone; `own`: to those who attached it."""
    if file.scan == StoredFile.Scan.INFECTED:
        return no("Ce fichier contient un programme malveillant : il est isolé, personne ne peut l’ouvrir.")
    if configured() and not own and file.scan == StoredFile.Scan.UNSCANNED:
        return no("L’antivirus n’a pas encore analysé ce fichier. Réessayez dans quelques minutes.")
    return YES


WORDS = {"unscanned": "analyse en cours", "clean": "analysé, sain", "infected": "isolé par l’antivirus"}


def scan_words(file: StoredFile) -> str:
    """What is said of a file beside its size; nothing where no antivirus is configured."""
    return WORDS[file.scan] if configured() or file.scan == StoredFile.Scan.INFECTED else ""
