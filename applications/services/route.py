"""The way of a draft through the call: its track, its wave, and the second stage that a letter of intent opens."""

from datetime import datetime

from django.db import transaction

from calls.models import Track
from calls.queries_applicants import window_for
from portal.accounts.models import User
from portal.accounts.queries import WRITING_RIGHTS, people_with
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..emails.files import intent_dismissed_mail, intent_kept_mail
from ..models import Application, ApplicationTransition, Attachment
from ..queries.conditions import ruled, verdicts_of
from ..queries.files import facts_about, facts_of_file, progress_of
from ..rules.eligibility import eligible_by
from ..rules.files import can_change_track, can_join_next_wave, next_wave, track_chosen, track_opens
from ..words import yours
from .drafting import create_application, recount


@transaction.atomic
def change_track(*, application: Application, track: Track, by: User, at: datetime) -> None:
    """Put a draft on another track: its answers stay, what is asked changes. Raises `Refused`."""
    current = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    require(can_change_track(by, current))
    require(track_chosen(current.call, track))
    facts = facts_about(current.lead, progress_of(current, at).values, call=current.call, track=track)
    window = window_for(current.call, at, facts, stage=current.stage, track=track)
    require(track_opens(window, at))
    require(eligible_by(ruled(current, verdicts_of(current, facts, at)), yours(current.lead)))
    Application.objects.filter(pk=current.pk).update(track=track, window=window, last_activity_at=at)
    application.refresh_from_db()
    recount(application, progress_of(application, at))


@transaction.atomic
def join_next_wave(*, application: Application, by: User, at: datetime) -> None:
    """Carry a draft that missed its wave over to the next one. Raises `Refused`."""
    current = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    require(can_join_next_wave(by, current, at))
    Application.objects.filter(pk=current.pk).update(window=next_wave(current, at), last_activity_at=at)
    application.refresh_from_db()


# --- two stages --------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_intent(*, application: Application, by: User, at: datetime, reason: str = "") -> Application:
    """Keep a letter of intent: the whole file opens to the applicant, with what both stages ask. Raises `Refused`."""
    fire(application, states.KEEP, by=by, at=at, reason=reason)
    facts = facts_of_file(application, progress_of(application, at).values)
    window = window_for(application.call, at, facts, stage=states.FILE, track=application.track)
    if window is None or window.closes_at < at:
        raise Refused("Aucune fenêtre de dépôt n’attend le dossier de ce candidat : ajoutez-la d’abord à l’appel.")
    application.members.update(current=False)
    following = create_application(
        call=application.call, organisation=application.lead, window=window, track=application.track,
        stage=states.FILE, by=application.created_by, at=at, previous=application,
    )  # fmt: skip
    copy_pieces(application, following)
    for person in people_with(application.lead, list(WRITING_RIGHTS)):
        enqueue_email(intent_kept_mail(application, following, person), at=at)
    return following


def copy_pieces(source: Application, target: Application) -> None:
    """The pieces asked at both stages: the same bytes, attached again."""
    codes = source.call.piece_types.filter(stage="both").values("code")
    Attachment.objects.bulk_create(
        Attachment(
            application=target, piece_code=row.piece_code, file=row.file, added_at=row.added_at, added_by=row.added_by
        )
        for row in source.attachments.filter(removed_at=None, piece_code__in=codes).order_by("pk")
    )


@transaction.atomic
def dismiss_intent(*, application: Application, reason: str, by: User, at: datetime) -> ApplicationTransition:
    """Do not keep a letter of intent; the applicant is told why, in the officer's words. Raises `Refused`."""
    line = fire(application, states.DISMISS, by=by, at=at, reason=reason)
    for person in people_with(application.lead, list(WRITING_RIGHTS)):
        enqueue_email(intent_dismissed_mail(application, line, person), at=at)
    return line
