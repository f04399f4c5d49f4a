"""What becomes of a file beside a ballot: put off with requests, given an opinion, moved in the ranking."""

from datetime import datetime

from django.db import transaction

from applications.rankings import has_points
from calls.queries import roles_of
from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import states
from ..models import AgendaItem, JurySession, RankingDeparture
from ..queries import chairs, item_quorum, ranking_of, recused_by_person
from ..rules import can_chair, can_depart, can_settle_tie, session_is_open
from .ballots import quorum_stamps, require_votable

Result = AgendaItem.Result


@transaction.atomic
def defer_file(*, item: AgendaItem, by: User, reason: str, requests: str) -> None:
    """Put a file off to another session, with what the jury asks of the commune. Raises `Refused`."""
    session = JurySession.objects.select_for_update().get(pk=item.session_id)
    at = portal_now()
    require(can_chair(chairs=chairs(by, session, at, item.application)))
    require(session_is_open(session.state))
    if session.items.filter(application=item.application_id, round__lt=item.round).exists():
        raise Refused("Ce dossier a déjà été voté\u00a0: le règlement dit ce qui suit un partage égal.")
    quorum = item_quorum(item)
    if not quorum.reached:
        raise Refused(f"Le quorum n’est pas atteint pour ce dossier\u00a0: {quorum.sentence}")
    stamps = {"closed_at": at, "result": Result.DEFERRED, "reason": reason, "requests": requests}
    fire(item, states.DEFER, by=by, at=at, reason=reason, stamps={**stamps, **quorum_stamps(quorum)})


@transaction.atomic
def give_opinion(*, item: AgendaItem, by: User, favourable: bool, reason: str) -> None:
    """Write down the opinion of a committee that does not vote. Raises `Refused`."""
    session = JurySession.objects.select_for_update().get(pk=item.session_id)
    at = portal_now()
    require(can_settle_tie(roles_of(by, session.call, at), chairs=chairs(by, session, at, item.application)))
    require(session_is_open(session.state))
    if session.call.jury_rules.ballot != "none":
        raise Refused("Ce jury vote\u00a0: ouvrez le scrutin.")
    quorum = item_quorum(item)
    require_votable(item, quorum)
    result = Result.FAVOURABLE if favourable else Result.UNFAVOURABLE
    stamps = {"closed_at": at, "result": result, "reason": reason, **quorum_stamps(quorum)}
    fire(item, states.GIVE_OPINION, by=by, at=at, reason=reason, stamps=stamps)


@transaction.atomic
def depart(*, item: AgendaItem, by: User, place: int | None, reason: str, at: datetime) -> RankingDeparture:
    """Put a file at another place than its notes give (None: out of the ranking), with the reason. Raises `Refused`."""
    session = may_depart(item, by, at)
    if not reason.strip():
        raise Refused("S’écarter du classement demande un motif écrit.")
    same_ranking = {"application__jury_score__ranking": ranking_code(item)}
    ranked = [row for row in ranking_of(session) if row.line.ranking == ranking_code(item)]
    mine = next((row for row in ranked if row.item.application_id == item.application_id), None)
    departed = session.departures.filter(application=item.application_id).exists()
    if mine is None or (mine.line.rank is None and not departed):
        why = mine.line.why if mine else "il n’est pas encore examiné."
        raise Refused(f"Ce dossier est hors du classement\u00a0: {why[:1].lower()}{why[1:]}")
    others = session.departures.exclude(application=item.application_id)
    if place and others.filter(place=place, **same_ranking).exists():
        raise Refused("Le jury a déjà donné cette place à une autre candidature.")
    require_place(place, sum(row.line.rank is not None or row.line.computed is not None for row in ranked))
    row, _ = RankingDeparture.objects.update_or_create(
        session=session,
        application=item.application,
        defaults={"place": place, "reason": reason.strip(), "decided_at": at, "by": by},
    )
    return row


@transaction.atomic
def follow_the_notes(*, item: AgendaItem, by: User, at: datetime) -> None:
    """Come back to the place that the notes give."""
    session = may_depart(item, by, at)
    session.departures.filter(application=item.application_id).delete()


def may_depart(item: AgendaItem, by: User, at: datetime) -> JurySession:
    """The session, held until commit, when this person may write a departure in it."""
    session = JurySession.objects.select_for_update().get(pk=item.session_id)
    writes = bool(can_settle_tie(roles_of(by, session.call, at), chairs=chairs(by, session, at)))
    recused = recused_by_person(by, session, at)
    require(can_depart(writes=writes, recused=recused, computed=has_points(session.call)))
    require(session_is_open(session.state))
    return session


def ranking_code(item: AgendaItem) -> str:
    found = getattr(item.application, "jury_score", None)
    return found.ranking if found else ""


def require_place(place: int | None, most: int) -> None:
    if place is not None and not 1 <= place <= most:
        raise Refused(f"Donnez une place de 1 à {most}.")
