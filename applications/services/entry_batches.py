"""A table of files received elsewhere: a dry run, a report line by line, then the entry in the background."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from django.db import transaction

from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.accounts.queries import organisation_of
from portal.core.clock import portal_now
from portal.core.models import Job, StoredFile
from portal.core.outbox import enqueue_job, job_handler
from portal.core.rules import Refused
from portal.core.typography import format_date
from portal.territories.models import Commune
from portal.territories.spelling import plain

from ..content.answers import AnswerFault, read
from ..models import Channel, EntryBatch, EntryFile, EntryLine
from .elsewhere import Told, copied_questions, doubts, may_enter, record_outside

ENTRY_JOB = "applications.entry"
MAX_LINES = 300
HEAD = ("insee ou siren", "voie", "reçue le", "heure", "référence", "preuve", "volet")
CHANNELS = {
    "papier": Channel.PAPER,
    "sur papier": Channel.PAPER,
    "courriel": Channel.MAIL,
    "par courriel": Channel.MAIL,
    "plateforme": Channel.PLATFORM,
    "autre plateforme": Channel.PLATFORM,
    "sur une autre plateforme": Channel.PLATFORM,
    "edition passee": Channel.PAST,
    "dans une edition passee": Channel.PAST,
}


class Undone(Exception):
    """Undoes the transaction of a dry run."""


def plain_column(text: str) -> str:
    """« Reçue le » → « recue le »."""
    return plain(text)


@transaction.atomic
def stage_batch(
    *,
    call: Call,
    name: str,
    lines: Iterable[tuple[int, Mapping[str, str]]],
    files: Mapping[str, StoredFile],
    by: User,
    at: datetime,
) -> EntryBatch:
    """Keep the table with what would become of each line; nothing is entered."""
    batch = EntryBatch.objects.create(call=call, name=name[:150], made_at=at, made_by=by)
    EntryFile.objects.bulk_create(EntryFile(batch=batch, name=name, file=file) for name, file in files.items())
    seen: dict[str, int] = {}
    EntryLine.objects.bulk_create(
        EntryLine(batch=batch, number=number, cells=dict(cells), refusal=refusal, warning=warning)
        for number, cells in lines
        for refusal, warning in [rehearse(call, number, cells, files, seen, at)]
    )
    return batch


def rehearse(
    call: Call,
    number: int,
    cells: Mapping[str, str],
    files: Mapping[str, StoredFile],
    seen: dict[str, int],
    at: datetime,
) -> tuple[str, str]:
    """(why the line is refused, what is to be examined); whatever it needs to know is written, then undone."""
    said: list[str] = []
    try:
        with transaction.atomic():
            said += judged(call, number, cells, files, seen, at)
            raise Undone
    except Refused as refusal:
        return str(refusal), ""
    except Undone:
        return "", said[0]


def judged(
    call: Call,
    number: int,
    cells: Mapping[str, str],
    files: Mapping[str, StoredFile],
    seen: dict[str, int],
    at: datetime,
) -> list[str]:
    """What is to be examined of a line that may be entered. Raises `Refused`."""
    told = told_of(call, cells, files)
    first = seen.setdefault(told.organisation.siren or told.organisation.name, number)
    if first != number:
        raise Refused(f"Ce candidat est déjà à la ligne {first}.")
    answer = may_enter(call, told, at)
    if not answer:
        raise Refused(answer.reason)
    return [doubts(call, told)]


# --- a line, read ------------------------------------------------------------------------------------------------


def told_of(call: Call, cells: Mapping[str, str], files: Mapping[str, StoredFile]) -> Told:
    """What a line tells. Raises `Refused` with the cell that is wrong."""
    channel = CHANNELS.get(plain(cells.get("voie", "")))
    if channel is None:
        raise Refused("Voie inconnue : écrivez papier, courriel, autre plateforme ou édition passée.")
    track = call.tracks.filter(code__iexact=cells.get("volet", "")).first()
    if cells.get("volet") and track is None:
        raise Refused(f"Cet appel n’a pas de volet « {cells['volet']} ».")
    return Told(
        organisation=applicant_of(cells),
        channel=channel,
        received_on=day_read(cells.get("recue le", "")),
        received_time=hour_read(cells.get("heure", "")),
        reference=cells.get("reference", "")[:100],
        proof=file_named(cells.get("preuve", ""), files, "preuve"),
        track=track,
        answers={q.code: cells.get(plain(q.code), "") for q in copied_questions(call, channel)},
        pieces={
            piece.code: [file_named(cells[plain(piece.code)], files, piece.label)]
            for piece in call.piece_types.all()
            if cells.get(plain(piece.code))
        },
    )


def applicant_of(cells: Mapping[str, str]) -> Organisation:
    """By INSEE code, or by SIREN: names are no keys."""
    insee, siren = cells.get("insee", ""), "".join(cells.get("siren", "").split())
    commune = Commune.objects.filter(insee=insee).first() if insee else None
    found = organisation_of(commune) if commune else None
    if siren and found is None and not insee:
        found = Organisation.objects.filter(siren=siren, merged_into=None).first()
        commune = Commune.objects.filter(siren=siren, inhabited=True).first()
        found = found or (organisation_of(commune) if commune else None)
    if found is None:
        raise Refused(f"Aucun candidat connu sous « {insee or siren or '(vide)'} ».")
    return found


class _Day:
    kind = "date"
    label = "Reçue le"


def day_read(text: str) -> date:
    """« 31/03/2027 » or « 2027-03-31 »."""
    try:
        value = read(_Day(), text)
    except AnswerFault as fault:
        raise Refused(f"Reçue le : {fault}") from fault
    if value is None:
        raise Refused("La date de réception manque.")
    return date.fromisoformat(value)


def hour_read(text: str) -> time | None:
    """« 16:30 », « 16h30 », « 16 h 30 »; empty when the proof bears a day only."""
    bare = "".join(text.split()).lower().replace("h", ":").rstrip(":")
    if not bare:
        return None
    parts = [*bare.split(":"), "0"][:2] if ":" in bare else [bare, "0"]
    if not all(part.isdigit() for part in parts) or int(parts[0]) > 23 or int(parts[1]) > 59:
        raise Refused(f"« {text} » n’est pas une heure : écrivez par exemple 16:30.")
    return time(int(parts[0]), int(parts[1]))


def file_named(name: str, files: Mapping[str, StoredFile], what: str) -> StoredFile:
    if not name:
        raise Refused("La preuve de la date de réception manque : nommez son fichier.")
    if name not in files:
        raise Refused(f"Le fichier « {name} » ({what}) n’a pas été joint avec le tableau.")
    return files[name]


# --- entered -----------------------------------------------------------------------------------------------------


@transaction.atomic
def apply_batch(*, batch: EntryBatch, by: User, at: datetime) -> int:
    """Have every right line entered by the workers, one job each; returns how many. Raises `Refused` if done before."""
    locked = EntryBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.applied_at:
        raise Refused(f"Ce tableau est déjà enregistré, depuis le {format_date(locked.applied_at)}.")
    lines = list(locked.lines.filter(refusal=""))
    if not lines:
        raise Refused("Aucune ligne de ce tableau ne peut être enregistrée.")
    EntryBatch.objects.filter(pk=locked.pk).update(applied_at=at, applied_by=by)
    for line in lines:
        enqueue_job(ENTRY_JOB, f"entry:{line.pk}", at=at, payload={"line": line.pk})
    return len(lines)


@job_handler(ENTRY_JOB)
def enter_line(job: Job) -> None:
    """One line, once; what refuses it now is kept beside it."""
    rows = EntryLine.objects.select_for_update(of=("self",)).select_related("batch__call", "batch__applied_by")
    line = rows.get(pk=job.payload["line"])
    if line.application_id or line.failure:
        return
    batch = line.batch
    assert batch.applied_by is not None, "jobs are written when the table is applied"
    files = {row.name: row.file for row in batch.files.select_related("file")}
    try:
        with transaction.atomic():
            told = told_of(batch.call, line.cells, files)
            deposit = record_outside(call=batch.call, told=told, by=batch.applied_by, at=portal_now())
    except Refused as refusal:
        EntryLine.objects.filter(pk=line.pk).update(failure=str(refusal))
    else:
        EntryLine.objects.filter(pk=line.pk).update(application=deposit.application)
