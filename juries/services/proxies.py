"""Proxies between members: recorded and withdrawn while no ballot is open; used one file at a time."""

from datetime import datetime

from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.core.rules import Refused, require

from .. import states
from ..models import JurySession, Proxy, Seat
from ..proxies import Given, can_give
from ..queries import ceiling_of, proxies_of


@transaction.atomic
def give_proxy(*, session: JurySession, giver: Seat, bearer: Seat, reference: str, by: User, at: datetime) -> Proxy:
    """Record a proxy given in writing. Raises `Refused`."""
    held = hold(session)
    if giver.pk == bearer.pk:
        raise Refused("Un siège ne se donne pas pouvoir à lui-même.")
    live = list(proxies_of(held))
    if any(row.giver_id == giver.pk for row in live):
        raise Refused(f"«\u202f{giver.label}\u202f» a déjà donné pouvoir\u00a0: retirez d’abord ce pouvoir.")
    given = Given(
        giver=giver.label,
        bearer=bearer.label,
        ceiling=ceiling_of(session.call),
        borne=sum(row.bearer_id == bearer.pk for row in live),
        giver_votes=giver.voting,
        bearer_votes=bearer.voting,
        giver_personal=giver.personal,
        giver_bears=any(row.bearer_id == giver.pk for row in live),
        bearer_gave=any(row.giver_id == bearer.pk for row in live),
    )
    require(can_give(given))
    try:
        with transaction.atomic():
            return Proxy.objects.create(
                session=session, giver=giver, bearer=bearer, reference=reference, recorded_at=at, by=by
            )
    except IntegrityError as error:
        raise Refused("Ce siège a déjà donné pouvoir.") from error


@transaction.atomic
def withdraw_proxy(*, proxy: Proxy, by: User, at: datetime) -> None:
    """Take a proxy back; what was voted by virtue of it stays. Raises `Refused`."""
    hold(proxy.session)
    done = Proxy.objects.filter(pk=proxy.pk, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
    if not done:
        raise Refused("Ce pouvoir est déjà retiré.")


def hold(session: JurySession) -> JurySession:
    """The session until commit, when proxies may still change."""
    held = JurySession.objects.select_for_update().get(pk=session.pk)
    if held.state not in states.COMING:
        raise Refused("La séance est close\u00a0: plus rien n’y change.")
    if held.items.filter(state=states.VOTING).exists():
        raise Refused("Un scrutin est ouvert\u00a0: closez-le avant de modifier les pouvoirs.")
    return held
