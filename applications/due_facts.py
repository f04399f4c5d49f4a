"""Reminders of drafts until the deposit, of pieces promised, of what is to be completed; the call says when."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from django.urls import reverse

from calls.reminders import offsets_of
from portal.accounts.models import Membership
from portal.core.calendar import day_of, end_of_day, offset_from
from portal.core.due import DueFact
from portal.core.typography import format_date, format_instant, format_quantity, typeset

from . import states
from .emails.files import object_key, of_applicant
from .models import Application, CompletionRequest, OpinionRequest, PiecePromise
from .queries.retention import NOTICED_FROM, Due, dues_of, kept, nearly_due, notice_instants
from .queries.retention import RULE as RETENTION
from .rules.opinion import ASKABLE
from .services.partners import addresses_of

DRAFT, PROMISE, COMPLETION, OPINION = "draft_not_deposited", "piece_promised", "completion_due", "opinion_due"
RULES = (DRAFT, PROMISE, COMPLETION, OPINION, RETENTION)
WRITERS = (Membership.Right.EDITOR, Membership.Right.SIGNATORY)


def due_facts(at: datetime) -> Iterator[DueFact]:
    """One fact per thing awaited, per day and per person who writes or signs; a few queries, whatever their number."""
    return chain(draft_facts(at), promise_facts(), completion_facts(at), opinion_facts(), retention_facts(at))


def draft_facts(at: datetime) -> Iterator[DueFact]:
    """Drafts that may still be deposited; two queries."""
    drafts = Application.objects.filter(state=states.DRAFT, call__state="published", window__closes_at__gt=at)
    files = list(drafts.select_related("call", "window", "lead__commune").order_by("pk"))
    people = writers_of({application.lead_id for application in files})
    for application in files:
        closes_at = application.window.closes_at
        for offset in offsets_of(application.call, DRAFT):
            due_at = offset_from(closes_at, days=offset.days, at=offset.at)
            if application.created_at < due_at <= closes_at:
                yield from (draft_fact(application, due_at, address) for address in people[application.lead_id])


def promise_facts() -> Iterator[DueFact]:
    """Pieces of deposited files promised and not handed in; one query, three when there are some."""
    awaited = PiecePromise.objects.filter(kept_at=None, application__state__in=states.DEPOSITED)
    promises = list(
        awaited.select_related("application__call", "application__lead__commune")
        .prefetch_related("application__call__piece_types")
        .order_by("pk")
    )
    people = writers_of({promise.application.lead_id for promise in promises})
    for promise in promises:
        for offset in offsets_of(promise.application.call, PROMISE):
            due_at = offset_from(end_of_day(promise.due_on), days=offset.days, at=offset.at)
            if due_at > promise.promised_at:
                yield from (promise_fact(promise, due_at, a) for a in people[promise.application.lead_id])


def completion_facts(at: datetime) -> Iterator[DueFact]:
    """What is asked and not sent yet, before its limit; one query, two when there are some."""
    awaited = CompletionRequest.objects.filter(
        state=states.AWAITED, due_at__gt=at, application__state__in=[states.SUBMITTED, states.ADMISSIBLE]
    )
    requests = list(awaited.select_related("application__call", "application__lead__commune").order_by("pk"))
    people = writers_of({request.application.lead_id for request in requests})
    for request in requests:
        for offset in offsets_of(request.application.call, COMPLETION):
            due_at = offset_from(request.due_at, days=offset.days, at=offset.at)
            if request.asked_at < due_at <= request.due_at:
                yield from (completion_fact(request, due_at, a) for a in people[request.application.lead_id])


def opinion_facts() -> Iterator[DueFact]:
    """Opinions asked and not given, before their day and after it; one query."""
    awaited = OpinionRequest.objects.filter(state=states.OPINION_ASKED, application__state__in=ASKABLE)
    for opinion in awaited.select_related("application__call", "application__lead__commune", "giver").order_by("pk"):
        for offset in offsets_of(opinion.application.call, OPINION):
            due_at = offset_from(opinion.due_at, days=offset.days, at=offset.at)
            if due_at > opinion.asked_at:
                yield opinion_fact(opinion, due_at)


def retention_facts(at: datetime) -> Iterator[DueFact]:
    """Notices before the content of a file is erased: of drafts, and of files ended for years."""
    for due in dues_of(kept(nearly_due(at)), at):
        if day_of(at) >= due.due_on - NOTICED_FROM:
            people = addresses_of(due.application.lead)
            yield from (retention_fact(due, due_at, a) for due_at in notice_instants(due) for a in people)


def retention_fact(due: Due, due_at: datetime, address: str) -> DueFact:
    application, call = due.application, due.application.call
    what = f"Le dossier {application.number}" if due.deposited else "Le brouillon"
    return DueFact(
        rule=RETENTION,
        object_key=object_key(application),
        call_key=f"call:{call.slug}",
        recipient=address,
        due_at=due_at,
        subject=typeset(f"Candidature {of_applicant(application)} : effacement le {format_date(due.due_on)}"),
        body=typeset(
            f"{what} de la candidature {of_applicant(application)} à l’appel « {call.title} » {call.edition} sera "
            f"effacé le {format_date(due.due_on, weekday=True)}. {due.rule.words} Relisez-le et gardez-en une copie "
            "d’ici là ; pour le conserver plus longtemps, répondez à ce courriel."
        ),
        action_url=reverse("application", args=[application.uuid]),
    )


def writers_of(organisations: set[int]) -> dict[int, list[str]]:
    """Addresses of confirmed editors and signatories, by organisation; asks nothing of an empty set."""
    held = Membership.objects.filter(
        organisation_id__in=organisations, right__in=WRITERS, state=Membership.State.CONFIRMED, user__is_active=True
    )
    people: dict[int, list[str]] = defaultdict(list)
    for organisation, address in held.order_by("user__email").values_list("organisation_id", "user__email"):
        people[organisation].append(address)
    return people


def draft_fact(application: Application, due_at: datetime, address: str) -> DueFact:
    closes_at, call = application.window.closes_at, application.call
    return DueFact(
        rule=DRAFT,
        object_key=object_key(application),
        call_key=f"call:{call.slug}",
        recipient=address,
        due_at=due_at,
        subject=typeset(f"Candidature {of_applicant(application)} : {days_left(closes_at, due_at)} pour déposer"),
        body=typeset(
            f"La candidature {of_applicant(application)} à l’appel « {call.title} » {call.edition} est un brouillon : "
            f"rien n’est déposé. L’appel sera clos le {format_instant(closes_at, seconds=True)}, heure de Paris."
        ),
        action_url=reverse("application", args=[application.uuid]),
    )


def days_left(closes_at: datetime, at: datetime) -> str:
    """« encore 7 jours », « dernier jour »."""
    days = (day_of(closes_at) - day_of(at)).days
    return f"encore {format_quantity(days, 'jour')}" if days else "dernier jour"


def completion_fact(request: CompletionRequest, due_at: datetime, address: str) -> DueFact:
    application, call = request.application, request.application.call
    left = days_left(request.due_at, due_at)
    without = (
        "Sans réponse, le règlement de l’appel rend la candidature non recevable."
        if request.expiry == "inadmissible"
        else "Sans réponse, le dossier est examiné en l’état."
    )
    return DueFact(
        rule=COMPLETION,
        object_key=f"{object_key(application)}:{request.uuid.hex}",
        call_key=f"call:{call.slug}",
        recipient=address,
        due_at=due_at,
        subject=typeset(f"Candidature {of_applicant(application)} : {left} pour transmettre les compléments"),
        body=typeset(
            f"Le service attend des compléments à la candidature {application.number} à l’appel « {call.title} » "
            f"{call.edition}, jusqu’au {format_instant(request.due_at)}, heure de Paris. {without}"
        ),
        action_url=reverse("completion", args=[application.uuid, request.uuid]),
    )


def opinion_fact(opinion: OpinionRequest, due_at: datetime) -> DueFact:
    application, call = opinion.application, opinion.application.call
    return DueFact(
        rule=OPINION,
        object_key=f"{object_key(application)}:{opinion.uuid.hex}",
        call_key=f"call:{call.slug}",
        recipient=opinion.giver.email,
        due_at=due_at,
        subject=typeset(f"Avis attendu le {format_date(opinion.due_at)} : candidature {of_applicant(application)}"),
        body=typeset(
            f"L’avis de votre service ({opinion.service}) sur la candidature {application.number} à l’appel "
            f"« {call.title} » {call.edition} est attendu pour le {format_instant(opinion.due_at)}, heure de Paris. "
            "Ce rappel cesse dès qu’il est rendu."
        ),
        action_url=reverse("opinion", args=[opinion.uuid]),
    )


def promise_fact(promise: PiecePromise, due_at: datetime, address: str) -> DueFact:
    application, call = promise.application, promise.application.call
    piece = next((row.label for row in call.piece_types.all() if row.code == promise.piece_code), promise.piece_code)
    return DueFact(
        rule=PROMISE,
        object_key=f"{object_key(application)}:{promise.piece_code}",
        call_key=f"call:{call.slug}",
        recipient=address,
        due_at=due_at,
        subject=typeset(f"« {piece} » : pièce promise pour le {format_date(promise.due_on)}"),
        body=typeset(
            f"La candidature {of_applicant(application)} à l’appel « {call.title} » {call.edition} est déposée sous le "
            f"numéro {application.number}. La pièce « {piece} » a été promise pour le "
            f"{format_date(promise.due_on, weekday=True)} et n’est pas arrivée. "
            "Ce rappel cesse dès qu’elle est transmise."
        ),
        action_url=reverse("piece", args=[application.uuid, promise.piece_code]),
    )
