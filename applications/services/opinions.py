"""Opinions: asked of people of other services, with a question and a day; given, put off, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from calls.models import Call
from calls.services.team import INCOMPATIBLE
from portal.accounts.models import Membership, User
from portal.accounts.services.links import personal_link
from portal.accounts.services.people import person_at
from portal.core.calendar import day_of, end_of_day
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused, require
from portal.core.scanning import ask_scan
from portal.core.uploads import store_upload
from portal.core.workflow import fire

from .. import states
from ..emails.opinion import opinion_given_mail, opinion_mail, opinion_path
from ..models import Application, Expert, OpinionFile, OpinionRequest
from ..queries.opinion import attached_to, experts_of
from ..rules.opinion import ASKABLE, can_give_opinion

LONGEST = 8000
MOST_FILES = 5
ACCEPTED = ["pdf", "docx", "odt", "xlsx", "ods", "jpg", "jpeg", "png"]
MAX_BYTES = 10_000_000
VERDICT = OpinionRequest.Verdict
NEED_WORDS = (VERDICT.RESERVES, VERDICT.UNFAVOURABLE)


@dataclass(frozen=True)
class Asked:
    """Whom to ask: an address, and the service for which the person answers."""

    email: str
    service: str
    full_name: str = ""


@transaction.atomic
def ask_opinions(
    *,
    application: Application,
    people: Sequence[Asked],
    question: str,
    due_on: date,
    personal: bool,
    by: User,
    at: datetime,
) -> list[OpinionRequest]:
    """Ask the same question to several people, each told by a personal link. Raises `Refused`."""
    current = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    if current.state not in ASKABLE:
        raise Refused("On ne demande plus d’avis : la candidature n’est plus à l’examen.")
    if not people:
        raise Refused("Choisissez au moins une personne à qui demander un avis.")
    due_at = later_day(due_on, at)
    return [ask_one(current, one, said(question), due_at, personal, by, at) for one in people]


def ask_one(
    application: Application, one: Asked, question: str, due_at: datetime, personal: bool, by: User, at: datetime
) -> OpinionRequest:
    giver = person_at(one.email, full_name=one.full_name)
    require_outsider(giver, application, at)
    if application.opinions.filter(giver=giver, state=states.OPINION_ASKED).exists():
        raise Refused(f"Un avis est déjà demandé à {giver.email} sur cette candidature.")
    opinion = OpinionRequest.objects.create(
        application=application,
        giver=giver,
        service=one.service.strip()[:150],
        question=question,
        personal=personal,
        due_at=due_at,
        asked_at=at,
        asked_by=by,
    )
    tell(opinion, "asked", at)
    return opinion


def require_outsider(person: User, application: Application, at: datetime) -> None:
    """Nobody of the applicants, nor of the jury, gives an opinion on a file. Raises `Refused`."""
    members = application.members.filter(left_at=None)
    inside = person.memberships.filter(organisation__in=members.values("organisation"))
    if inside.exclude(state=Membership.State.ENDED).exists():
        raise Refused(f"{person.email} appartient à un organisme candidat : demandez l’avis d’un autre service.")
    reasons = [reason for check in INCOMPATIBLE if (reason := check(person, application.call, at))]
    if reasons:
        raise Refused(f"{person.email} : {reasons[0]}")


def said(question: str) -> str:
    text = question.replace("\r\n", "\n").strip()[:LONGEST]
    if not text:
        raise Refused("Écrivez la question à laquelle le service répond.")
    return text


def later_day(due_on: date, at: datetime) -> datetime:
    if due_on <= day_of(at):
        raise Refused("Choisissez un jour à venir : le service doit avoir le temps de répondre.")
    return end_of_day(due_on)


def tell(opinion: OpinionRequest, what: str, at: datetime, reason: str = "") -> None:
    """One mail to the person asked, which opens the request as that person; nothing to open once taken back."""
    path = "" if what == "revoked" else personal_link(opinion.giver, opinion_path(opinion), at=at)
    enqueue_email(opinion_mail(opinion, what, path, at, reason), at=at)


@transaction.atomic
def remind_opinion(*, opinion: OpinionRequest, at: datetime) -> None:
    """Write again to the person asked, at most once a day. Raises `Refused`."""
    current = locked(opinion)
    if current.state != states.OPINION_ASKED:
        raise Refused("Cet avis n’est plus attendu.")
    tell(current, "reminded", at)


@transaction.atomic
def postpone_opinion(*, opinion: OpinionRequest, due_on: date, reason: str, by: User, at: datetime) -> None:
    """Another day, later. Raises `Refused`."""
    current = locked(opinion)
    due_at = later_day(due_on, at)
    if due_at <= current.due_at:
        raise Refused("L’échéance ne s’avance pas : choisissez un jour après celui qui est annoncé.")
    fire(current, states.POSTPONE, by=by, at=at, reason=reason, stamps={"due_at": due_at})
    tell(current, "postponed", at, reason)


@transaction.atomic
def revoke_opinion(*, opinion: OpinionRequest, reason: str, by: User, at: datetime) -> None:
    """Take the request back: the person no longer reads the file, from now on. Raises `Refused`."""
    current = locked(opinion)
    fire(current, states.REVOKE, by=by, at=at, reason=reason)
    tell(current, "revoked", at, reason)


def locked(opinion: OpinionRequest) -> OpinionRequest:
    rows = OpinionRequest.objects.select_for_update(of=("self",))
    return rows.select_related("application__call__owner", "application__lead__commune", "giver", "asked_by").get(
        pk=opinion.pk
    )


# --- the person asked --------------------------------------------------------------------------------------------


@transaction.atomic
def save_opinion(*, opinion: OpinionRequest, verdict: str, text: str, by: User, at: datetime) -> OpinionRequest:
    """Keep what is being written; nobody else sees it. Raises `Refused`."""
    current = locked(opinion)
    require(can_give_opinion(by, current))
    current.verdict = verdict if verdict in VERDICT.values else ""
    current.text, current.saved_at = text.replace("\r\n", "\n").strip()[:LONGEST], at
    current.save(update_fields=["verdict", "text", "saved_at"])
    return current


@transaction.atomic
def give_opinion(*, opinion: OpinionRequest, by: User, at: datetime) -> None:
    """Give it as it is saved; it no longer changes. Raises `Refused`."""
    current = locked(opinion)
    require(can_give_opinion(by, current))
    if not current.verdict:
        raise Refused("Choisissez un avis : favorable, favorable avec réserves, défavorable ou sans avis.")
    if current.verdict in NEED_WORDS and not current.text:
        raise Refused("Écrivez vos réserves, ou ce qui motive l’avis défavorable.")
    fire(current, states.GIVE, by=by, at=at, stamps={"given_at": at})
    enqueue_email(opinion_given_mail(current), at=at)


def attach_to_opinion(*, opinion: OpinionRequest, upload: UploadedFile, by: User, at: datetime) -> OpinionFile:
    """Keep one file with the opinion. Raises `Refused`, `UploadRefused`."""
    require(can_give_opinion(by, opinion))
    file = store_upload(upload, accepted=ACCEPTED, max_bytes=MAX_BYTES, by=by, at=at)
    with transaction.atomic():
        ask_scan(file, at)
        current = locked(opinion)
        require(can_give_opinion(by, current))
        if attached_to(current).count() >= MOST_FILES:
            raise Refused(f"{MOST_FILES} fichiers au plus. Retirez-en un avant d’en joindre un autre.")
        return OpinionFile.objects.create(opinion=current, file=file, added_at=at)


@transaction.atomic
def remove_from_opinion(*, row: OpinionFile, by: User, at: datetime) -> None:
    require(can_give_opinion(by, locked(row.opinion)))
    OpinionFile.objects.filter(pk=row.pk, removed_at=None).update(removed_at=at)


# --- the list of a call ------------------------------------------------------------------------------------------


@transaction.atomic
def add_expert(
    *, call: Call, person: Asked, themes: Sequence[str], territory: Sequence[str], by: User, at: datetime
) -> Expert:
    """Someone whom the examination may ask. Raises `Refused` when the person is already in the list."""
    user = person_at(person.email, full_name=person.full_name)
    if experts_of(call).filter(person=user).exists():
        raise Refused("Cette personne est déjà dans la liste.")
    return Expert.objects.create(
        call=call,
        person=user,
        service=person.service.strip()[:150],
        themes=list(themes),
        territory=list(territory),
        added_at=at,
        added_by=by,
    )


def remove_expert(*, expert: Expert, at: datetime) -> None:
    """Out of the list; what was asked of them stays."""
    Expert.objects.filter(pk=expert.pk, removed_at=None).update(removed_at=at)
