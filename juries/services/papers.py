"""Papers of a session asked for, and the erratum of signed minutes."""

from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.core.models import FrozenDocument
from portal.core.rules import Refused, require

from .. import states
from ..documents.erratum import request_erratum
from ..documents.papers import Paper, is_public, request_paper
from ..models import Erratum, JurySession, Minutes
from ..queries import chairs, latest_document, paper_number
from ..rules import can_chair, can_produce
from .sessions import lock_session


@transaction.atomic
def produce_paper(*, session: JurySession, paper: Paper, at: datetime) -> FrozenDocument:
    """A new version of a paper, from the rows of this instant; never two at once. Raises `Refused`."""
    current = lock_session(session)
    require(can_produce(current.state, after=paper.closed))
    if paper.code == "RJ" and not is_public(session):
        raise Refused("Le rapport se publie une fois toutes les décisions notifiées\u00a0: il se produira alors.")
    last = latest_document(paper_number(session, paper.code))
    if last is not None and last.state == FrozenDocument.State.PENDING:
        raise Refused("Ce document est déjà en préparation.")
    return request_paper(session, paper, at=at)


@transaction.atomic
def issue_erratum(*, session: JurySession, by: User, text: str, at: datetime) -> Erratum:
    """Signed minutes never change: what is wrong in them is said by another document. Raises `Refused`."""
    current = lock_session(session)
    require(can_chair(chairs=chairs(by, session, at)))
    if current.state != states.SIGNED:
        raise Refused("Le procès-verbal n’est pas signé\u00a0: il se corrige encore par une nouvelle version.")
    if not text.strip():
        raise Refused("Écrivez ce que l’erratum corrige.")
    minutes = Minutes.objects.get(session=session)
    n = minutes.errata.count() + 1
    document = request_erratum(minutes, n, text.strip(), at=at)
    return Erratum.objects.create(minutes=minutes, n=n, text=text.strip(), document=document, issued_at=at, by=by)
