"""Give a mandate, revoke it, and keep who wrote under it."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.core.calendar import add_months, day_of
from portal.core.outbox import enqueue_emails
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states_mandate as states
from ..emails.mandates import mandate_given_mail, mandate_revoked_mail
from ..models import Application, Mandate, MandateWriting
from ..rules.files import Ground, ground_of
from ..rules.mandates import LONGEST_YEARS, can_give, can_revoke, may_hold
from .partners import addresses_of

TWICE = "Un mandat est déjà donné à cet organisme pour une partie de ces jours. Révoquez-le d’abord."


@transaction.atomic
def give_mandate(
    *,
    principal: Organisation,
    mandatary: Organisation,
    call: Call | None,
    from_on: date,
    until_on: date,
    by: User,
    at: datetime,
) -> Mandate:
    """Let an organisation write one's files from a day to another, in a call or in all. Raises `Refused`."""
    require(can_give(by, principal))
    require(may_hold(principal, mandatary))
    days_make_sense(from_on, until_on, day_of(at))
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                principal=principal, mandatary=mandatary, call=call, from_on=from_on, until_on=until_on
            )
            stamps = {"given_at": at, "given_by": by}
            fire(mandate, states.GIVE, by=by, at=at, on_behalf_of=principal, stamps=stamps)
    except IntegrityError as error:
        raise Refused(TWICE) from error
    told = addresses_to_tell(mandate)
    enqueue_emails([mandate_given_mail(mandate, address) for address in told], at=at)
    return mandate


def days_make_sense(from_on: date, until_on: date, today: date) -> None:
    """From today at the earliest; never for ever: a council lasts six years."""
    if until_on < from_on:
        raise Refused("Le dernier jour du mandat suit le premier.")
    if from_on < today:
        raise Refused("Un mandat commence aujourd’hui au plus tôt : il n’autorise rien de ce qui est déjà fait.")
    if until_on > add_months(from_on, 12 * LONGEST_YEARS):
        raise Refused("Un mandat dure six ans au plus.")


@transaction.atomic
def revoke_mandate(*, mandate: Mandate, reason: str, by: User, at: datetime) -> None:
    """End it at once; what was written stays in the file, under the name of who wrote it. Raises `Refused`."""
    current = Mandate.objects.select_for_update(of=("self",)).select_related("principal", "mandatary", "call")
    locked = current.get(pk=mandate.pk)
    require(can_revoke(by, locked, at))
    side = locked.principal if can_give(by, locked.principal) else locked.mandatary
    stamps = {"revoked_at": at, "revoked_by": by}
    fire(locked, states.REVOKE, by=by, at=at, reason=reason, on_behalf_of=side, stamps=stamps)
    enqueue_emails([mandate_revoked_mail(locked, reason, address) for address in addresses_to_tell(locked)], at=at)


def addresses_to_tell(mandate: Mandate) -> list[str]:
    """Both sides: who writes there, and the official addresses."""
    return list(dict.fromkeys([*addresses_of(mandate.mandatary), *addresses_of(mandate.principal)]))


def note_writing(application: Application, what: str, by: User, at: datetime, ground: Ground | None = None) -> None:
    """Keep that this was written under a mandate; of whoever writes for an organisation of the file, nothing more."""
    mandate = (ground or ground_of(by, application)).mandate
    if mandate is None:
        return
    row, created = MandateWriting.objects.get_or_create(
        mandate=mandate, application=application, what=what, by=by, defaults={"first_at": at, "last_at": at}
    )
    if not created:
        MandateWriting.objects.filter(pk=row.pk).update(last_at=at)
