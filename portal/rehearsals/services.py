"""Acts on a rehearsal: start it, go in as someone, move its clock forward, erase it without trace."""

import logging
from datetime import datetime, timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction

from calls.definition.reading import canonical
from calls.models import Call
from calls.queries import staff_of
from calls.rules import can_rehearse
from calls.services.publication import document_now, import_call
from portal.accounts.models import InstitutionProfile, Organisation, User
from portal.core.clock import portal_now
from portal.core.models import Reminder, StoredFile
from portal.core.rules import Refused, require
from portal.core.spaces import inside
from portal.core.typography import format_instant
from portal.core.uploads import remove_bytes
from portal.home import reminders

from . import cast, player, tables
from .models import Entry, Rehearsal
from .rules import stages_of

KEPT = timedelta(days=30)
# The team is there before anything happens.
BEFORE_ALL = timedelta(days=30)
LONGEST_JUMP = timedelta(days=3 * 366)
VISITOR = "visiteur sans compte"
BUSY = "Une page ou un travail de la répétition est encore en cours. Réessayez dans une minute."
logger = logging.getLogger("portal.rehearsals")


# --- start ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def start(*, call: Call, stage: str, files: int, by: User, at: datetime) -> Rehearsal:
    """Copy the call in a space apart, its clock at the stage; the files come from a worker. Raises `Refused`."""
    Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    require(can_rehearse(by, call, at))
    if stage not in stages_of(call):
        raise Refused("Cet appel n’a pas de jury à faire siéger : commencez à une autre étape.")
    if Rehearsal.objects.filter(call=call).exists():
        raise Refused("Cet appel est déjà en répétition : effacez-la avant d’en commencer une autre.")
    available = len(player.chosen_communes(call, files))
    if files and not available:
        raise Refused("Aucune commune du périmètre ne remplit les conditions : corrigez le périmètre ou les règles.")
    rehearsal = Rehearsal.objects.create(
        call=call,
        stage=stage,
        files=available,
        structure=tables.structure(),
        started_by=by,
        started_at=at,
        expires_at=at + KEPT,
    )
    starts_at = player.calendar_for(call).start(stage)
    tables.create_schema(rehearsal.space.schema, starts_at - at)
    copy_call(rehearsal, by)
    return rehearsal


def copy_call(rehearsal: Rehearsal, by: User) -> None:
    """The call, its institution and those who manage it, read here and written there; then the first step is asked."""
    call = rehearsal.call
    owner = Organisation.objects.get(pk=call.owner_id)
    profile = InstitutionProfile.objects.select_related("logo").filter(organisation=owner).first()
    text = canonical(document_now(call).model_copy(update={"inherits": None}))  # its model stays outside
    managers = sorted(staff_of(call, rehearsal.started_at, "manager"), key=lambda user: user != by)
    downloads = list(call.downloads.select_related("file"))
    since = player.calendar_for(call).opens_at - BEFORE_ALL
    with inside(rehearsal.space):
        cast.copy_institution(owner, profile)
        cast.copy_managers(managers, owner, since)
        cast.hire(owner, since)
        copy = import_call(text, owner=owner, by=managers[0], at=since)
        cast.copy_downloads(downloads, copy)
        cast.give_roles(copy, managers, since)
        player.ask_step(player.Play(rehearsal.stage, rehearsal.files), 0, portal_now())


# --- go in ---------------------------------------------------------------------------------------------------------


def enter(*, rehearsal: Rehearsal, by: User, acting_id: int | None, at: datetime) -> Entry:
    """Take someone's place in the rehearsal, with a fresh session there. Raises `Refused`."""
    with inside(rehearsal.space):
        acting = User.objects.filter(pk=acting_id, is_active=True).first() if acting_id else None
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session.create()
    if acting_id and acting is None:
        raise Refused("Cette personne n’est pas de la répétition. Choisissez-la dans la liste.")
    name = str(acting) if acting else VISITOR
    logger.info("répétition %s : le compte %s entre comme %s", rehearsal.pk, by.pk, name)
    return Entry.objects.create(
        rehearsal=rehearsal,
        user=by,
        acting_id=acting.pk if acting else None,
        acting_name=name,
        session_key=session.session_key,
        entered_at=at,
    )


# --- the clock -----------------------------------------------------------------------------------------------------


def advance(*, rehearsal: Rehearsal, to: datetime) -> int:
    """Move the clock forward; the reminders due on the way are written. Returns how many. Raises `Refused`."""
    with inside(rehearsal.space), transaction.atomic():
        if player.is_playing():
            raise Refused("Les dossiers fictifs se préparent encore. Attendez la fin, puis avancez.")
        now = portal_now()
        if to <= now:
            raise Refused(f"La répétition en est au {format_instant(now)} : choisissez un instant plus tard.")
        if to - now > LONGEST_JUMP:
            raise Refused("Avancez de trois ans au plus à la fois.")
        written = reminders.tick(now)
        while due_at := next_reminder(to):
            set_clock(due_at)
            written += reminders.tick(portal_now())
        set_clock(to)
        return written + reminders.tick(portal_now())


def next_reminder(until: datetime) -> datetime | None:
    """When the next reminder planned falls due, if it is by then."""
    planned = Reminder.objects.filter(state=Reminder.State.PLANNED, due_at__lte=until)
    return planned.order_by("due_at").values_list("due_at", flat=True).first()


def set_clock(instant: datetime) -> None:
    """The clock of the present space stands at an instant, and runs."""
    tables.write_shift(tables.read_shift() + (instant - portal_now()))


# --- erase ---------------------------------------------------------------------------------------------------------


def erase(*, rehearsal: Rehearsal) -> None:
    """One act: rows, documents, files, mails, sessions, entries. Nothing stays, the sequence of nothing is moved.

    Waits for who is inside; raises `Refused` when they do not leave within ten seconds.
    """
    try:
        with transaction.atomic():
            locked = Rehearsal.objects.select_for_update().filter(pk=rehearsal.pk).first()
            if locked is None:
                raise Refused("Cette répétition est déjà effacée.")
            keys = empty(locked.space.schema)
            Entry.objects.filter(rehearsal=locked).delete()
            locked.delete()
    except OperationalError as error:
        raise Refused(BUSY) from error
    remove_files(keys)


def empty(schema: str) -> list[UUID]:
    """Drop the schema once nobody is inside; the files whose bytes must go when that is committed."""
    tables.lock_schema(schema)
    keys = own_files(schema)
    tables.drop_schema(schema)
    return keys


def own_files(schema: str) -> list[UUID]:
    """The files that only the rehearsal names: what it copied from the portal stays."""
    inside_keys = tables.file_keys(schema)
    shared = set(StoredFile.objects.filter(key__in=inside_keys).values_list("key", flat=True))
    return [key for key in inside_keys if key not in shared]


def remove_files(keys: list[UUID]) -> None:
    """The bytes go once the rows are gone."""
    for key in keys:
        remove_bytes(key)


def sweep(at: datetime) -> int:
    """Erase what is thirty days old, and any schema that no row names (a restored backup). Returns how many."""
    erased = 0
    for rehearsal in Rehearsal.objects.filter(expires_at__lte=at).select_related("call"):
        erase(rehearsal=rehearsal)
        erased += 1
    known = {rehearsal.space.schema for rehearsal in Rehearsal.objects.select_related("call")}
    for schema in set(tables.schemas()) - known:
        with transaction.atomic():
            keys = empty(schema)
        remove_files(keys)
        erased += 1
    return erased
