"""Declarations of interests and recusals. A recused seat reads, scores and votes nothing, and counts for nothing."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from applications.models import Application
from calls.models import Call
from portal.accounts.models import User
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..links import NO_LINK, OTHER, Said, refusal
from ..models import AgendaItem, Assessment, Assignment, InterestDeclaration, Recusal, Seat, SeatHolder
from ..queries import concerns, files_for, files_of, found_links, in_office, tied_members, undeclared
from ..rules import of_the_seat
from .scores import refresh_score


@transaction.atomic
def declare_interests(*, holder: SeatHolder, links: Mapping[Application, Said], at: datetime) -> None:
    """Declare, for each file, no link or a link; a link recuses the seat, a link found is dismissed with a reason.

    The declaration is complete once every file has been said. Raises `Refused`.
    """
    files = files_for(holder).filter(pk__in=[file.pk for file in links]).annotate(found=found_links(holder))
    found = dict(files.values_list("pk", "found"))
    for application, said in links.items():
        if application.pk not in found:
            raise Refused("Cette candidature n’est pas présentée à ce jury.")
        declare_one(holder=holder, application=application, said=said, found=found[application.pk], at=at)
    record_ties(holder=holder, at=at)
    if holder.declared_at is None and not undeclared(holder).exists():
        holder.declared_at = at
        holder.save(update_fields=["declared_at"])


def declare_one(
    *, holder: SeatHolder, application: Application, said: Said, found: Collection[str], at: datetime
) -> None:
    """One line of the declaration. A link declared is not taken back here, nor a reason already kept."""
    if why := refusal(said, found):
        raise Refused(why)
    line, _ = InterestDeclaration.objects.get_or_create(
        holder=holder, application=application, defaults=columns_of(NO_LINK, (), at)
    )
    news = said.linked or not set(found) <= set(line.found) or (said.dismissal and not line.dismissal)
    if news and not line.linked:
        for name, value in columns_of(said, found, at).items():
            setattr(line, name, value)
        line.save()
    if said.linked:
        recuse(
            seat=holder.seat,
            application=application,
            origin=Recusal.Origin.DECLARED,
            reason=said.nature.strip(),
            by=holder.user,
            at=at,
        )


def columns_of(said: Said, found: Collection[str], at: datetime) -> dict[str, Any]:
    """What a line of the declaration keeps."""
    return {
        "linked": said.linked,
        "kind": said.kind,
        "nature": said.nature.strip() if said.linked else "",
        "found": sorted(found),
        "dismissal": "" if said.linked else said.dismissal.strip() if found else "",
        "declared_at": at,
    }


@transaction.atomic
def declare_link(*, holder: SeatHolder, application: Application, nature: str, at: datetime, kind: str = OTHER) -> None:
    """« Je suis lié à cette commune »: a link that one thinks of late."""
    said = Said(kind=kind, nature=nature)
    declare_one(holder=holder, application=application, said=said, found=(), at=at)


@transaction.atomic
def pronounce_recusal(*, seat: Seat, application: Application, reason: str, by: User, at: datetime) -> None:
    """The president or the manager of the call notes that a member must stand aside."""
    if not reason.strip():
        raise Refused("Un déport prononcé demande un motif, en termes généraux.")
    if application.call_id != seat.call_id:
        raise Refused("Cette candidature n’est pas présentée à ce jury.")
    require(of_the_seat(concerns(seat, application)))
    recuse(seat=seat, application=application, origin=Recusal.Origin.PRONOUNCED, reason=reason.strip(), by=by, at=at)


@transaction.atomic
def recuse(*, seat: Seat, application: Application, origin: str, reason: str, by: User | None, at: datetime) -> None:
    """Recuse a seat: its assessment is void, the score is computed again, its ballot will not be counted.

    Refused once the file's ballot is closed: nothing reopens it. Done twice, the first reason stays.
    """
    if ballot_is_closed(application):
        raise Refused("Le scrutin de ce dossier est clos\u00a0: faites porter ce lien au procès-verbal.")
    _, created = Recusal.objects.get_or_create(
        seat=seat,
        application=application,
        defaults={"origin": origin, "reason": reason[:200], "recused_at": at, "by": by},
    )
    if created:
        Assignment.objects.filter(seat=seat, application=application).delete()
        void_assessment(seat=seat, application=application, reason=reason, by=by, at=at)


def ballot_is_closed(application: Application) -> bool:
    """Whether the file has been examined: a second ballot, or another session after it was put off, opens it again."""
    items = AgendaItem.objects.select_for_update(of=("self",)).filter(application=application).order_by("pk")
    last = next(iter(items.reverse()), None)
    return last is not None and last.state == states.CLOSED


def void_assessment(*, seat: Seat, application: Application, reason: str, by: User | None, at: datetime) -> None:
    sheet = Assessment.objects.filter(application=application, seat=seat).exclude(state=states.RECUSED).first()
    if sheet is not None:
        fire(sheet, states.RECUSE_ASSESSMENT, by=by, at=at, reason=reason)
        refresh_score(application=application, at=at)


def record_ties(*, holder: SeatHolder, at: datetime) -> None:
    """Recuse of right the seat of whoever represents, or works for, an applicant.

    A substitute's own ties bear on the seat only when they sit (`record_attendance`): until then they close the
    file to that person alone (`queries.recusal_reason`).
    """
    if holder.substitute:
        return
    for application in ties_of(holder):
        recuse_of_right(holder=holder, application=application, at=at)


def ties_of(holder: SeatHolder) -> list[Application]:
    tied = tied_members(holder).values("application_id")
    return list(files_of(holder.seat.call).filter(pk__in=tied))


def recuse_of_right(*, holder: SeatHolder, application: Application, at: datetime) -> None:
    """Nothing once the ballot is closed: what was counted stays."""
    if not ballot_is_closed(application):
        reason = tie_reason(holder, application)
        recuse(
            seat=holder.seat, application=application, origin=Recusal.Origin.AUTOMATIC, reason=reason, by=None, at=at
        )


def tie_reason(holder: SeatHolder, application: Application) -> str:
    """The tie in general words, without a private fact."""
    member = tied_members(holder).filter(application=application).select_related("organisation")[0]
    verb = "Représente" if member.organisation_id == holder.organisation_id else "Exerce une fonction dans"
    mandatary = member.role == member.Role.MANDATARY
    body = "l’organisme qui agit pour la collectivité candidate" if mandatary else "la collectivité candidate"
    return f"{verb} {body} ({member.organisation.name})"


def record_all_ties(*, call: Call, at: datetime) -> None:
    """The recusals of right of a whole jury, before its files are sent or examined."""
    for holder in SeatHolder.objects.filter(in_office(at), seat__call=call).select_related("seat__call", "user"):
        record_ties(holder=holder, at=at)
