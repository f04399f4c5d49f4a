"""What the session screen draws, for one viewer: nobody sees a figure of an open ballot, nor anything of a file
from which they are recused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from applications.rankings import QUALITATIVE, has_points, mode_of
from calls.queries import roles_over
from portal.accounts.models import User
from portal.core import ui
from portal.core.typography import NBSP, format_time

from .. import ballot, states
from ..box import short
from ..models import AgendaItem, Attendance, Hearing, JurySession, SeatHolder
from ..queries import (
    attendance_of,
    chairs,
    closes,
    counted_votes,
    hearings_of,
    holder_of,
    is_deferred,
    is_here,
    is_knocked_out,
    item_quorum,
    items_of,
    last_ballots,
    preparing,
    recused_files,
    recused_seats,
    represented,
    score_of,
    seats_apart,
    session_quorum,
    spread_of,
    steps_of,
    tied_files,
    untold_files,
    verdict_of,
)
from ..quorum import Quorum
from ..rules import can_help, can_manage_jury, can_settle_tie
from ..services.ties import offered_steps
from ..slots import left_line
from .common import format_total, names_of

Result = AgendaItem.Result
QUESTION = "Retenir cette candidature\u202f?"
RESULT_TITLES = {
    Result.FAVOURABLE: "Avis favorable",
    Result.UNFAVOURABLE: "Avis défavorable",
    Result.TIED: "Partage égal des voix",
    Result.DEFERRED: "Renvoyé à une prochaine séance",
}
RESULT_LOOKS = {Result.FAVOURABLE: "selected", Result.UNFAVOURABLE: "not_selected"}
ELSEWHERE = ui.Badge(label="Autre département", tone="quiet", icon="dash-circle")
CHOICE_ICONS = {"for": "hand-thumbs-up-fill", "against": "hand-thumbs-down-fill", "abstain": "dash-circle"}
CHOICE_WORDS = {"for": "Pour", "against": "Contre", "abstain": "Abstention"}


@dataclass(frozen=True)
class Viewer:
    """Who looks at the session, and what they may do in it.

    `veiled`: recused from a file whose result is not told yet, so that no rank nor count may let it be guessed.
    """

    user: User
    holder: SeatHolder | None
    recused: frozenset[int]
    veiled: bool
    presides: bool
    helps: bool
    manages: bool
    writes: bool

    def sees(self, item: AgendaItem) -> bool:
        """Scores, votes and reasons of a file."""
        return item.application_id not in self.recused


def viewer_of(user: User, session: JurySession, at: datetime) -> Viewer:
    holder = holder_of(user, session.call, at)
    roles = roles_over(user, session.call, at)
    presides = chairs(user, session, at)
    return Viewer(
        user=user,
        holder=holder,
        recused=recused_files(holder, session) if holder else frozenset(),
        veiled=bool(holder and untold_files(holder, session)),
        presides=presides,
        helps=bool(can_help(roles, chairs=presides)),
        manages=bool(can_manage_jury(roles)),
        writes=bool(can_settle_tie(roles, chairs=presides)),
    )


def current_item(items: Sequence[AgendaItem], wanted: str = "") -> AgendaItem | None:
    """The file of the address, else the open ballot, else the next to examine, else the last one."""
    for test in (
        lambda item: wanted and str(item.uuid) == wanted,
        lambda item: item.state == states.VOTING,
        lambda item: item.state == states.WAITING,
    ):
        found = next((item for item in items if test(item)), None)
        if found is not None:
            return found
    return items[-1] if items else None


def board(session: JurySession, viewer: Viewer, at: datetime, wanted: str = "") -> dict[str, Any]:
    """The whole context of the session screen."""
    ballots = list(items_of(session))
    for row in ballots:
        row.session = session
    items = last_ballots(ballots)
    names = names_of(row.application for row in items)
    item = current_item(items, wanted)
    hearings = hearings_of(session)
    all_closed = bool(items) and all(is_settled(row) for row in items)
    context: dict[str, Any] = {
        "session": session,
        "call": session.call,
        "viewer": viewer,
        "agenda": [agenda_row(row, item, viewer, names, hearings.get(row.pk)) for row in items],
        "item": item,
        "reason_form": None,
        "tie_form": None,
        "opinion_form": None,
        "all_closed": all_closed,
        "closes": all_closed and session.state == states.OPEN and may_close(session, viewer),
        "state_key": state_key(session, ballots, viewer, hearings),
        "simulates": (viewer.helps and not viewer.recused and has_points(session.call))
        and preparing(session.call, at) is not None,
    }
    if item is None:
        return context | empty_context(session)
    earlier = [row for row in ballots if row.application_id == item.application_id and row.round < item.round]
    context |= hearing_context(item, hearings.get(item.pk), viewer, at)
    return context | item_context(item, items, viewer, names, at) | earlier_context(earlier, viewer)


def is_settled(item: AgendaItem) -> bool:
    """Closed, and not on an even vote that a step of the rules must still settle."""
    return item.state == states.CLOSED and item.result != Result.TIED


def earlier_context(ballots: Sequence[AgendaItem], viewer: Viewer) -> dict[str, Any]:
    """The first ballot of a file voted twice, closed for ever; nothing of it for who is recused."""
    seen = [row for row in ballots if viewer.sees(row)]
    return {"earlier": [f"Premier scrutin{NBSP}: {verdict_of(row).sentence}" for row in seen]}


def may_close(session: JurySession, viewer: Viewer) -> bool:
    return bool(closes(viewer.user, session, tied_files(session), presides=viewer.presides))


def empty_context(session: JurySession) -> dict[str, Any]:
    rows = list(attendance_of(session))
    return {
        "quorum": session_quorum(session),
        "quorum_note": session_quorum(session).missing,
        "members": [member_row(row, None, {}, {}) for row in rows],
    }


def state_key(
    session: JurySession,
    items: Sequence[AgendaItem],
    viewer: Viewer,
    hearings: Mapping[int, Hearing] | None = None,
) -> str:
    """Changes when someone must look again: a hearing begins or ends, a ballot opens, closes, receives one more (not
    told to the recused)."""
    known = hearings_of(session) if hearings is None else hearings
    heard = next((row.pk for row in known.values() if is_running(row)), 0)
    return f"{session.state}-{heard}-{ballot_key(items, viewer)}"


def is_running(hearing: Hearing | None) -> bool:
    return hearing is not None and hearing.started_at is not None and hearing.ended_at is None


def ballot_key(items: Sequence[AgendaItem], viewer: Viewer) -> str:
    voting = next((item for item in items if item.state == states.VOTING), None)
    closed = len({item.application_id for item in items if item.state == states.CLOSED})
    if voting is None:
        return f"{closed}-0-0"
    return f"{closed}-{voting.pk}-{voting.votes.count() if viewer.sees(voting) else 0}"


# --- agenda ------------------------------------------------------------------------------------------------------


def agenda_row(
    row: AgendaItem, current: AgendaItem | None, viewer: Viewer, names: dict[int, str], hearing: Hearing | None
) -> dict[str, Any]:
    icon = {states.CLOSED: "check-circle-fill", states.VOTING: "play-circle-fill", states.WAITING: "circle"}[row.state]
    here = current is not None and row.pk == current.pk
    return {
        "item": row,
        "name": names[row.application_id],
        "line": agenda_line(row, viewer, here=here, hearing=hearing),
        "icon": "play-circle-fill" if here and row.state != states.CLOSED else icon,
        "current": here,
    }


def agenda_line(row: AgendaItem, viewer: Viewer, *, here: bool, hearing: Hearing | None = None) -> str:
    if not viewer.sees(row):
        return "Vous êtes déporté"
    if row.state == states.VOTING:
        return "Scrutin ouvert"
    if row.state == states.WAITING:
        slot = f"Audition à {format_time(hearing.starts_at)}" if hearing else "À examiner"
        return "En cours" if here else slot
    if row.result == Result.DEFERRED and row.votes_for is None:
        return "Ajourné"
    if row.result in (Result.TIED, Result.DEFERRED):
        return "Partage égal à régler" if row.result == Result.TIED else "Renvoyé, partage égal"
    if row.result == Result.NO_VOTE:
        return "Renvoyé, sans vote" if is_deferred(row) else "Note éliminatoire"
    word = "Favorable" if row.result == Result.FAVOURABLE else "Défavorable"
    return word if row.votes_for is None else f"{word}, {row.votes_for}{NBSP}voix"


def hearing_context(item: AgendaItem, hearing: Hearing | None, viewer: Viewer, at: datetime) -> dict[str, Any]:
    """The slot of the file, what its commune answered, and the time left while it is heard."""
    if hearing is None or not viewer.sees(item):
        return {"hearing": None, "timer": ""}
    return {"hearing": hearing, "timer": timer_line(hearing, at)}


def timer_line(hearing: Hearing | None, at: datetime) -> str:
    """« Il reste 12 min »; "" when nobody is being heard."""
    if hearing is None or hearing.started_at is None or not is_running(hearing):
        return ""
    return left_line(hearing.started_at, hearing.minutes, at)


# --- the file being examined -------------------------------------------------------------------------------------


def item_context(
    item: AgendaItem, items: Sequence[AgendaItem], viewer: Viewer, names: dict[int, str], at: datetime
) -> dict[str, Any]:
    sees = viewer.sees(item)
    recused = recused_seats([item.application])[item.application_id]
    rows, apart = list(attendance_of(item.session)), seats_apart(item.session.call, item.application)
    presiding = chairs(viewer.user, item.session, at, item.application)
    quorum = item_quorum(item)
    borne = {seat: proxy.bearer.label for seat, proxy in represented(item).items()}
    voted = votes_shown(item, viewer, presiding) if sees else {}
    found = score_of(item)
    following = next((row for row in items if row.state == states.WAITING and row.pk != item.pk), None)
    return {
        "name": names[item.application_id],
        "position": next(n for n, row in enumerate(items, 1) if row.application_id == item.application_id),
        "count": len(items),
        "sees": sees,
        "mean": format_total(found.total) if sees and found and found.total is not None else "",
        "scale": item.session.call.grid.total,
        "knocked_out": sees and is_knocked_out(item),
        "vote": vote_block(item, quorum.present) if sees else None,
        "presiding": presiding,
        "quorum": quorum,
        "quorum_note": quorum_note(quorum, recused),
        "spreads": spread_of(item.application) if sees and mode_of(item.session.call) == QUALITATIVE else [],
        "tie_steps": offered_steps(item) if sees else (),
        "members": [member_row(row, item, recused if sees else {}, voted, apart, borne) for row in rows],
        "without_vote": item.session.call.jury_rules.ballot == "none",
        "gives_opinion": sees and opinion_awaited(item, quorum),
        "closed_title": closed_title(item),
        "seal": short(item.seal) if sees and item.seal else "",
        "can_vote": can_vote_here(viewer, item, [row for row in rows if row.seat_id not in apart]),
        "next_item": following,
        "next_name": names[following.application_id] if following else "",
    }


def opinion_awaited(item: AgendaItem, quorum: Quorum) -> bool:
    """Whether a committee that does not vote may say its opinion of this file now."""
    unvoted = item.session.call.jury_rules.ballot == "none" and item.state == states.WAITING
    return unvoted and quorum.reached and not is_knocked_out(item)


def closed_title(item: AgendaItem) -> str:
    """What stands in the place of the figures of a vote that did not take place."""
    if item.state != states.CLOSED:
        return ""
    if item.result == Result.DEFERRED:
        return "Dossier ajourné"
    return RESULT_TITLES.get(item.result, "Sans vote")


def quorum_note(quorum: Quorum, recused: dict[int, str]) -> str:
    """« Un membre déporté n’est pas compté. Présence requise et manquante : DREAL. »"""
    counted = "Un membre déporté n’est pas compté." if recused else ""
    return " ".join(part for part in (counted, quorum.missing) if part)


def can_vote_here(viewer: Viewer, item: AgendaItem, rows: Sequence[Attendance]) -> bool:
    """Whether this viewer sits on a voting seat concerned by the open ballot."""
    if viewer.holder is None or item.state != states.VOTING or not viewer.sees(item):
        return False
    return any(row.holder_id == viewer.holder.pk and row.seat.voting and is_here(row) for row in rows)


def votes_shown(item: AgendaItem, viewer: Viewer, presiding: bool) -> dict[int, str]:
    """{seat: choice} once closed; while open, « voted » for who presides only, never a choice."""
    if item.state == states.CLOSED:
        return {vote.seat_id: vote.choice for vote in counted_votes(item)}
    if item.state == states.VOTING and presiding:
        return dict.fromkeys(item.votes.values_list("seat_id", flat=True), "voted")
    return {}


def vote_block(item: AgendaItem, voters: int) -> ui.Vote | None:
    """What `{% vote_block %}` draws; nothing before the ballot opens, no figure while it is open."""
    rules = item.session.call.jury_rules
    kind = "Second scrutin nominal" if item.round > 1 else "Scrutin nominal"
    rule = f"{kind}, {ballot.MAJORITY_LABELS[rules.majority]}"
    if item.state == states.VOTING:
        return ui.Vote(question=QUESTION, rule=rule, open=True, ballots=item.votes.count(), voters=voters)
    if item.state != states.CLOSED or item.votes_for is None:
        return None
    found = verdict_of(item)
    return ui.Vote(
        question=QUESTION,
        rule=rule,
        open=False,
        for_=item.votes_for,
        against=item.votes_against or 0,
        abstained=item.abstentions or 0,
        closed_line=f"Vote clos à {format_time(item.closed_at)}" if item.closed_at else "",
        outcome=RESULT_LOOKS.get(item.result, "reserve"),
        outcome_title=RESULT_TITLES[item.result],
        outcome_line=found.sentence,
    )


# --- members -----------------------------------------------------------------------------------------------------


def member_row(
    row: Attendance,
    item: AgendaItem | None,
    recused: dict[int, str],
    voted: dict[int, str],
    apart: frozenset[int] = frozenset(),
    borne: Mapping[int, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """A seat at the right of the screen: function, never a portrait; its vote once the ballot is closed."""
    choice = voted.get(row.seat_id, "")
    return {
        "label": row.seat.label,
        "detail": ", ".join(part for part in (seat_detail(row), proxy_words(borne.get(row.seat_id, ""))) if part),
        "badge": ELSEWHERE if row.seat_id in apart else member_badge(row, recused),
        "choice": choice if choice != "voted" else "",
        "choice_word": CHOICE_WORDS.get(choice, "A voté" if choice == "voted" else ""),
        "choice_icon": CHOICE_ICONS.get(choice, "check-lg"),
    }


def proxy_words(bearer: str) -> str:
    return f"pouvoir à «\u202f{bearer}\u202f»" if bearer else ""


def seat_detail(row: Attendance) -> str:
    casting = ", voix prépondérante" if "casting_vote" in steps_of(row.session.call) else ""
    voice = "" if row.seat.voting else "observation" if row.seat.observer else "voix consultative"
    chair = f"présidence{casting}" if row.seat.president else "coprésidence" if row.seat.co_chair else ""
    parts = [chair, voice]
    if row.holder and row.holder.substitute:
        parts.append("suppléance")
    if row.left_at:
        parts.append(f"parti à {format_time(row.left_at)}")
    return ", ".join(part for part in parts if part)


def member_badge(row: Attendance, recused: dict[int, str]) -> ui.Badge | None:
    if row.seat_id in recused:
        return ui.BADGES["recused"]
    if is_here(row):
        return None
    if row.state == Attendance.State.EXCUSED:
        return ui.Badge(label="Excusé", tone="quiet", icon="person-x")
    return ui.Badge(label="Parti", tone="quiet", icon="person-x") if row.left_at else ui.BADGES["absent"]
