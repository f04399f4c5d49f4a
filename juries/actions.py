"""What is awaited from a member of a jury, from its president and from its manager, by date."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse

from applications.rankings import has_grid
from calls.models import Call
from portal.accounts.models import User
from portal.core import ui
from portal.core.calendar import day_of
from portal.core.typography import format_date, format_quantity, format_time, typeset

from . import states
from .models import Assessment, Hearing, JurySession, SeatHolder, Vote
from .queries import (
    files_for,
    files_of_seat,
    has_sat,
    hearings_to_confirm,
    holders_of,
    juries_to_settle,
    minutes_document,
    next_session,
    noting_now,
    president_of,
    to_note,
    undeclared,
)

LIMIT = 20


def actions_for(user: User, at: datetime) -> list[ui.Action]:
    """Declare, note, sit, vote, sign; compose, invite, convene."""
    if not user.is_authenticated:
        return []
    rows = [action for holder in holders_of(user, at) for action in member_actions(holder, at)]
    rows += [hearing_action(hearing) for hearing in hearings_to_confirm(user)[:LIMIT]]
    return rows + [action for call in juries_to_settle(user, at)[:LIMIT] for action in manager_actions(call)]


def hearing_action(hearing: Hearing) -> ui.Action:
    """The commune confirms its slot."""
    when = f"{format_date(hearing.starts_at, weekday=True)} à {format_time(hearing.starts_at)}"
    return ui.Action(
        title=typeset(f"Confirmer votre audition, appel « {hearing.item.application.call.title} »"),
        url=reverse("jury_hearing_reply", args=[hearing.item.application.uuid]),
        verb="Répondre",
        due=day_of(hearing.starts_at),
        consequence=typeset(f"{when}, {hearing.item.session.place}."),
    )


def member_actions(holder: SeatHolder, at: datetime) -> Iterator[ui.Action]:
    call, session = holder.seat.call, next_session(holder.seat.call)
    due = session.held_on if session else None
    if has_sat(call):
        yield from signing_actions(holder, at)
        return
    if waiting := undeclared(holder).count():
        count = format_quantity(waiting, "candidature")
        yield ui.Action(
            title=typeset(f"Déclarer vos liens avec les communes candidates, jury « {call.title} »"),
            url=reverse("jury_declare", args=[call.slug]),
            verb="Déclarer mes liens",
            due=due,
            consequence=typeset(f"{count} ; les dossiers s’ouvrent ensuite."),
        )
    elif holder.seat.voting and noting_is_open(call, session):
        yield from note_action(holder, session)
    if session:
        yield session_action(holder, session)
    yield from signing_actions(holder, at)


def noting_is_open(call: Call, session: JurySession | None) -> bool:
    """Before the session, while the phase of today lets members note."""
    return has_grid(call) and (session is None or session.state == states.PLANNED) and noting_now(call)


def note_action(holder: SeatHolder, session: JurySession | None) -> Iterator[ui.Action]:
    """One row for all the files to note, leading to the first."""
    left = to_note(files_for(holder))
    if first := left.first():
        yield ui.Action(
            title=typeset(f"Noter {format_quantity(left.count(), 'dossier')}, jury « {holder.seat.call.title} »"),
            url=reverse("jury_file", args=[first.uuid]),
            verb="Noter",
            due=session.held_on if session else None,
            consequence="Les notes se ferment à l’ouverture de la séance.",
            holds_up="sans vos notes, la moyenne se fait sans vous",
        )


def session_action(holder: SeatHolder, session: JurySession) -> ui.Action:
    """The meeting to come, the meeting being held, the ballot that waits for one's vote."""
    mine = files_of_seat(holder.seat).order_by().values("pk")
    items = session.items.filter(state=states.VOTING, application__in=mine)
    item = items.exclude(application__recusals__seat=holder.seat_id).first()
    if item and holder.seat.voting and not Vote.objects.filter(item=item, seat=holder.seat_id).exists():
        return ui.Action(
            title="Voter : le scrutin est ouvert".replace(" :", "\u00a0:"),
            url=reverse("jury_vote", args=[session.uuid]),
            verb="Voter",
            due=session.held_on,
            consequence=f"Candidature {item.application.number}.",
        )
    opened = session.state in states.MEETING
    return ui.Action(
        title="La séance du jury est ouverte" if opened else "Siéger au jury",
        url=reverse("jury_session", args=[session.uuid]),
        verb="Rejoindre la séance" if opened else "Voir la séance",
        due=session.held_on,
        consequence=f"{format_date(session.held_on, weekday=True).capitalize()}, {session.place}.",
    )


def signing_actions(holder: SeatHolder, at: datetime) -> Iterator[ui.Action]:
    """The minutes that the president has not signed yet."""
    for session in holder.seat.call.jury_sessions.filter(state=states.DELIBERATED).select_related("call"):
        president, document = president_of(session, at), minutes_document(session)
        if president == holder and document and document.state == document.State.READY:
            yield ui.Action(
                title=f"Signer le procès-verbal du {format_date(session.held_on)}",
                url=reverse("minutes", args=[session.uuid]),
                verb="Relire et signer",
                due=session.held_on,
                consequence="Signé, il ne change plus ; la décision peut suivre.".replace(" ;", "\u202f;"),
                holds_up="la décision attend le procès-verbal",
            )


def manager_actions(call: Any) -> Iterator[ui.Action]:
    """Compose the jury, fill its seats, convene its session; a call of `juries_to_settle`."""
    url = reverse("jury_staff", args=[call.slug])
    session = next(iter(call.coming), None)
    due = session.held_on if session else None
    if not call.seated:
        yield ui.Action(
            title=typeset(f"Composer le jury de « {call.title} »"),
            url=url,
            verb="Créer les sièges",
            consequence="Le règlement de l’appel décrit chaque siège.",
        )
    elif call.vacant:
        count = format_quantity(call.vacant, "siège")
        yield ui.Action(
            title=typeset(f"Inviter les membres du jury de « {call.title} »"),
            url=url,
            verb="Inviter",
            due=due,
            consequence=f"{count} à pourvoir.",
        )
    if session and session.state == states.PLANNED and session.convened_at is None:
        yield ui.Action(
            title=f"Convoquer la séance du jury du {format_date(session.held_on)}",
            url=url,
            verb="Convoquer",
            due=due,
            consequence="Chaque membre reçoit la date, le lieu et l’ordre du jour.",
        )


def first_steps_for(user: User, at: datetime) -> list[ui.Step]:
    """The three first steps of a member."""
    holder = holders_of(user, at).first() if user.is_authenticated else None
    if holder is None:
        return []
    graded = has_grid(holder.seat.call)
    noted = Assessment.objects.filter(seat=holder.seat, author=user).exists()
    voted = Vote.objects.filter(voter=user).exists()
    return [
        ui.Step(
            title="Déclarer vos liens",
            done=holder.declared_at is not None,
            line="Deux minutes, avant d’ouvrir un dossier.",
            url=reverse("jury_declare", args=[holder.seat.call.slug]),
            verb="Déclarer",
        ),
        ui.Step(
            title="Noter un premier dossier" if graded else "Lire un premier dossier",
            done=noted if graded else holder.declared_at is not None,
            line="Le dossier à gauche, la grille à droite." if graded else "Cet appel n’a pas de grille.",
            url=reverse("jury_home"),
            verb="Ouvrir mes dossiers",
        ),
        ui.Step(
            title="Voter en séance",
            done=voted,
            line="Depuis votre appareil, dossier par dossier.",
            url=reverse("jury_home"),
            verb="Voir la séance",
        ),
    ]
