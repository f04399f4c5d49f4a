"""Who asks a commune to complete its file, who answers, and what waits for the answer; each refusal says why."""

from collections.abc import Collection
from datetime import datetime

from calls.rules import suspended, suspension_sentence
from portal.accounts.models import User
from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import format_instant

from .. import states
from ..models import Application, CompletionRequest
from .files import confirmed_writer
from .staff import can_examine, is_whole_file, words

ASKABLE = {states.SUBMITTED: states.COMPLETE, states.ADMISSIBLE: states.COMPLETE_ADMITTED}
"""The states of a file in which it may be completed, and the transition of the version that answers."""


def can_ask_completion(
    roles: Collection[str], application: Application, awaited: CompletionRequest | None, at: datetime
) -> Answer:
    """By the examination, before the decision, one request at a time; an expired one gives way to the next."""
    free = awaited is None or is_late(awaited, at)
    return first_refusal(
        can_examine(roles),
        is_whole_file(application),
        YES
        if application.state in ASKABLE
        else no(f"On ne demande plus de compléments : la candidature est « {words(application)} »."),
        YES if free else no("Des compléments sont déjà demandés : prolongez ou annulez cette demande d’abord."),
    )


def can_change_request(roles: Collection[str], request: CompletionRequest) -> Answer:
    """Extend or cancel it: by the examination, while it awaits its answer."""
    open_now = request.state == states.AWAITED and request.application.state in ASKABLE
    return first_refusal(can_examine(roles), YES if open_now else no("Cette demande de compléments est close."))


def can_complete(user: User, request: CompletionRequest, at: datetime) -> Answer:
    """Write the answer and send it: a confirmed writer of an organisation of the file, until its limit."""
    application = request.application
    return first_refusal(
        YES if writes_for_file(user, application) else no("Votre droit dans la commune est de lire, pas d’écrire."),
        no("Cette demande de compléments est close.") if request.state != states.AWAITED else YES,
        no("La candidature ne peut plus être complétée.") if application.state not in ASKABLE else YES,
        no(suspension_sentence(application.call)) if suspended(application.call, at) else YES,
        no(f"La limite est passée depuis le {format_instant(request.due_at)}, heure de Paris. Appelez le service.")
        if is_late(request, at)
        else YES,
    )


def writes_for_file(user: User, application: Application) -> bool:
    """A confirmed editor, signatory or manager of the lead, or of a co-applicant that has confirmed the file."""
    members = application.members.filter(confirmed_at__isnull=False, left_at=None)
    return confirmed_writer(user).filter(organisation__in=members.values("organisation")).exists()


def is_late(request: CompletionRequest, at: datetime) -> bool:
    """Its limit has passed without an answer: computed, never stored."""
    return request.state == states.AWAITED and at > request.due_at


def verdict_waits(awaited: CompletionRequest | None, at: datetime) -> Answer:
    """A verdict waits for the answer, until the limit of the request."""
    if awaited is None or is_late(awaited, at):
        return YES
    limit = format_instant(awaited.due_at)
    return no(
        f"Des compléments sont attendus jusqu’au {limit}, heure de Paris : attendez-les, ou annulez la demande "
        "avant de vous prononcer."
    )


def admission_waits(awaited: CompletionRequest | None, at: datetime) -> Answer:
    """The same; and where the call says so, a file whose limit has passed is not admitted as it is."""
    if awaited is not None and is_late(awaited, at) and awaited.expiry == "inadmissible":
        return no(
            f"Les compléments demandés pour le {format_instant(awaited.due_at)} ne sont pas arrivés. "
            "D’après le règlement de l’appel, la candidature est alors non recevable : déclarez-la non recevable, "
            "ou prolongez le délai."
        )
    return verdict_waits(awaited, at)
