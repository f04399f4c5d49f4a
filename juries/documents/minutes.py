"""The minutes of a session: everything is counted from the rows, nothing is typed but the reasons.

Contract: `templates/pdf/juries/minutes.html`.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from applications.rankings import Place, has_grid, has_points, places_of
from applications.states import DEPOSITED
from calls.models import Call
from portal.accounts.letterhead import letterhead
from portal.core.documents import request_document
from portal.core.models import FrozenDocument
from portal.core.typography import choose, format_date, format_quantity, format_time, place_at

from .. import states
from ..models import (
    AgendaItem,
    Attendance,
    Hearing,
    InterestDeclaration,
    JurySession,
    ProposalLine,
    Recusal,
    Seat,
    Vote,
)
from ..queries import (
    attendance_of,
    chairing,
    items_of,
    minutes_number,
    proposal_of,
    proxies_count,
    proxies_of,
    quorum_rules,
    required_seats,
    stays_of,
)
from ..quorum import CollegeRule
from ..stays import sentence
from .rankings import by_ranking, rankings_block, reason_row
from .tables import (
    applicant,
    clock,
    set_aside,
    short_number,
    vote_row,
    vote_rule,
    votes_note,
)

TITLE = "Procès-verbal du jury"
ANNEXES = "1. Feuille d’émargement. 2. Votes nominaux.{sheets} Ces annexes ne sont pas publiées."


def request_minutes(session: JurySession, *, at: datetime) -> FrozenDocument:
    """Write the minutes of a closed session, to be rendered by a worker after commit."""
    return request_document(
        kind="minutes",
        number=minutes_number(session),
        title=TITLE,
        template="pdf/juries/minutes.html",
        snapshot=minutes_snapshot(session),
        at=at,
    )


def minutes_snapshot(session: JurySession) -> dict[str, Any]:
    """The whole content of the minutes, as JSON."""
    items = list(items_of(session))
    lines = list(proposal_of(session))
    call, by_hand, by_proxy = session.call, voted_by_hand(session), voted_by_proxy(session)
    return {
        "institution": letterhead(call.owner),
        "call": {"title": call.title, "edition": call.edition},
        "session": session_block(session, items, lines),
        "frame": frame(call),
        **members_block(session),
        **recusal_block(session, items),
        "set_aside": set_aside(call, items),
        "hearings": [*hearing_paragraphs(items), vote_rule(call)],
        "votes": [vote_row(item, hands=item.pk in by_hand, proxies=by_proxy[item.pk]) for item in items],
        "votes_note": votes_note(items, hands=bool(by_hand)),
        "seals": [seal_row(item) for item in items if item.seal],
        **rankings_block(session, lines),
        "deviations": [deviation_row(line) for line in lines if line.departure],
        "reasons": [reason_row(line, lines) for line in lines],
        "proposal": proposal_paragraphs(call, lines),
        "observations": observations(session),
        "made_at": made_at(session),
        "signatures": signatures(session),
        "annexes": ANNEXES.format(sheets=" 3. Fiches de notation." if has_grid(call) else ""),
    }


def minutes_draft(session: JurySession, *, hidden: frozenset[int] = frozenset()) -> dict[str, Any]:
    """What the minutes say so far, in the words of the document; without the files in `hidden`."""
    items = [item for item in items_of(session) if item.application_id not in hidden]
    done = [item for item in items if item.state == states.CLOSED]
    by_hand, by_proxy = voted_by_hand(session), voted_by_proxy(session)
    return {
        "opened": format_time(session.opened_at) if session.opened_at else "",
        "pauses": pauses(session),
        "chair": chair_label(session),
        **members_block(session),
        **recusal_block(session, items),
        "hearings": hearing_paragraphs(items),
        "votes": [vote_row(item, hands=item.pk in by_hand, proxies=by_proxy[item.pk]) for item in done],
        "votes_note": votes_note(done, hands=bool(by_hand & {item.pk for item in done})),
        "reasons": [
            {"name": applicant(item.application), "number": short_number(item.application), "reason": item.reason}
            for item in done
            if item.reason
        ],
        "waiting": len(items) - len(done),
    }


# --- the session in brief ----------------------------------------------------------------------------------------


def session_block(session: JurySession, items: list[AgendaItem], lines: list[ProposalLine]) -> dict[str, Any]:
    assert session.opened_at is not None
    assert session.closed_at is not None
    convened = (
        f"Adressée le {format_date(session.convened_at)} à tous les membres, avec l’ordre du jour"
        if session.convened_at
        else "Sans convocation par le portail"
    )
    return {
        "on": session.held_on.isoformat(),
        "place": session.place[:1].upper() + session.place[1:],
        "convened": convened,
        "hours": " ; ".join([format_time(session.opened_at), *pauses(session), format_time(session.closed_at)]),
        "chair": chair_label(session),
        "secretary": session.secretary_title or "Non désigné",
        "counts": counts(session.call, lines),
        "closed_at": clock(session.closed_at),
    }


def pauses(session: JurySession) -> list[str]:
    """« suspension de 12 h 30 à 14 h 00 », one text each time."""
    acts = [row for row in session.transitions.all() if row.transition in ("suspend", "resume")]
    pairs = zip(acts[::2], acts[1::2], strict=False)
    return [f"suspension de {format_time(a.happened_at)} à {format_time(b.happened_at)}" for a, b in pairs]


def voted_by_hand(session: JurySession) -> frozenset[int]:
    """The ballots in which votes were given by show of hands."""
    found = session.items.filter(votes__entered_by__isnull=False)
    return frozenset(found.values_list("pk", flat=True))


def voted_by_proxy(session: JurySession) -> Counter[int]:
    """{ballot: how many votes were given by virtue of a proxy}."""
    found = Vote.objects.filter(item__session=session, proxy__isnull=False)
    return Counter(found.values_list("item_id", flat=True))


def seal_row(item: AgendaItem) -> dict[str, Any]:
    """The fingerprint of one box, that a recount computes again."""
    second = ", second scrutin" if item.round > 1 else ""
    told = f"{applicant(item.application)}{second}"
    return {"key": str(item.uuid), "number": short_number(item.application), "applicant": told, "seal": item.seal}


def deviation_row(line: ProposalLine) -> dict[str, Any]:
    return {
        "number": short_number(line.application),
        "applicant": applicant(line.application),
        "computed_rank": line.computed_rank,
        "decided_rank": line.rank,
        "reason": line.departure,
    }


def counts(call: Call, lines: list[ProposalLine]) -> dict[str, int]:
    """Every deposited file is either examined or set aside."""
    deposited = call.applications.filter(state__in=DEPOSITED).count()
    outcomes = [line.outcome for line in lines]
    return {
        "deposited": deposited,
        "set_aside": deposited - len(lines),
        "examined": len(lines),
        "places": places_offered(call, lines),
        **{name: outcomes.count(name) for name in ("selected", "reserve", "not_selected")},
    }


def places_offered(call: Call, lines: Sequence[ProposalLine]) -> int:
    """All the places of the rankings that have files; as many as files when one of them has no limit."""
    kept = [place for place, _ in by_ranking(call, lines)] or list(places_of(call).values())
    offered = [place.max_selected for place in kept]
    return sum(n or 0 for n in offered) if None not in offered else len(lines)


def chair_label(session: JurySession) -> str:
    chair = chairing(session)
    return chair.seat.label if chair else "–"


def frame(call: Call) -> list[str]:
    revision = call.revisions.order_by("-n").first()
    version = f" (version {revision.n} du {format_date(revision.made_at)})" if revision else ""
    advice = f"Il rend un avis ; la décision appartient à l’autorité compétente : {authority(call)}."
    return [f"Le jury se réunit en application du règlement de l’appel{version}. {advice}"]


def authority(call: Call) -> str:
    decision = call.extras.get("decision") or {}
    return decision.get("authority") or call.owner.name


# --- members -----------------------------------------------------------------------------------------------------


def members_block(session: JurySession) -> dict[str, Any]:
    rows = list(attendance_of(session).prefetch_related("moves"))
    voting = [row for row in rows if row.seat.voting]
    if session.by_writing:
        return consulted_block(session, voting)
    here = sum(row.arrived_at is not None for row in voting)
    givers = frozenset(proxies_of(session).values_list("giver_id", flat=True))
    required = required_seats(session.call)
    wanted = ", ".join(row.seat.label for row in rows if row.seat.code in required)
    also = f", dont la présence requise de : {wanted}" if wanted else ""
    return {
        "voting": [voting_row(i, row, givers) for i, row in enumerate(voting, start=1)],
        "advisory": [
            {"quality": advisory_label(row.seat), "presence": presence(row, givers)}
            for row in rows
            if not row.seat.voting
        ],
        "proxies": proxies_paragraph(session),
        "quorum": (
            f"Le règlement demande la présence de {quorum_asked(session.call)}{also}. "
            "Le quorum a été vérifié à l’ouverture, puis pour chaque dossier (tableau 4). "
            f"{format_quantity(here, 'membre')} à voix délibérative {choose(here, 'a siégé', 'ont siégé')}."
        ),
    }


def consulted_block(session: JurySession, voting: Sequence[Attendance]) -> dict[str, Any]:
    """In a written consultation, whoever voted took part."""
    voters = set(Vote.objects.filter(item__session=session).values_list("seat_id", flat=True))
    part = {row.seat_id: "A pris part" if row.seat_id in voters else "N’a pas pris part" for row in voting}
    told = [voting_row(i, row, frozenset()) | {"arrival": None} for i, row in enumerate(voting, start=1)]
    count = sum(seat in voters for seat in part)
    return {
        "voting": [line | {"presence": part[row.seat_id]} for line, row in zip(told, voting, strict=True)],
        "advisory": [],
        "proxies": "",
        "quorum": (
            f"Consultation écrite, sans réunion. Le règlement demande le vote de {quorum_asked(session.call)}, "
            "vérifiée à la clôture de chaque scrutin (tableau 4) : elle est celle des membres qui ont voté. "
            f"{format_quantity(count, 'membre')} {choose(count, 'a pris part', 'ont pris part')} à la consultation."
        ),
    }


def proxies_paragraph(session: JurySession) -> str:
    """Who gave their vote to whom, by what writing; the rule of the call; "" without any."""
    rows = session.proxies.select_related("giver", "bearer")
    told = [
        f"« {row.giver.label} » à « {row.bearer.label} » ({row.reference}"
        f"{f', retiré à {format_time(row.withdrawn_at)}' if row.withdrawn_at else ''})"
        for row in rows
    ]
    if not told:
        return ""
    counted = "compte" if proxies_count(session.call) else "ne compte pas"
    return (
        f"{' ; '.join(told)}. Un pouvoir {counted} dans le quorum ; il est sans effet pour un dossier dont le porteur "
        "est absent ou déporté."
    )


def hearing_paragraphs(items: Sequence[AgendaItem]) -> list[str]:
    """What each hearing and each discussion left to be written."""
    hearings = {row.item_id: row for row in Hearing.objects.filter(item__in=[item.pk for item in items])}
    found = [hearing_paragraph(item, hearings.get(item.pk)) for item in items]
    return [paragraph for paragraph in found if paragraph]


def hearing_paragraph(item: AgendaItem, hearing: Hearing | None) -> str:
    heard = ""
    if hearing is not None and hearing.started_at is not None:
        until = f" à {format_time(hearing.ended_at)}" if hearing.ended_at else ""
        heard = f"entendue de {format_time(hearing.started_at)}{until}. "
    elif hearing is not None:
        heard = "audition prévue, non tenue. "
    if not (heard or item.discussion):
        return ""
    return f"Candidature {item.application.number}, {applicant(item.application)} : {heard}{item.discussion}".strip()


def quorum_asked(call: Call) -> str:
    """What the rules of the call ask, number first, then share and colleges."""
    rules = quorum_rules(call)
    parts = [f"{format_quantity(rules.least, 'membre')} à voix délibérative, déportés exclus"]
    parts += [f"{rules.share.words} des membres non déportés"] if rules.share else []
    parts += [college_asked(rule) for rule in rules.colleges]
    return listed(parts)


def college_asked(rule: CollegeRule) -> str:
    college = f"collège « {rule.college} »"
    if rule.share is not None:
        return f"{rule.share.words} des présents venant du {college}"
    return f"{format_quantity(rule.members or 0, 'membre')} du {college}"


def listed(parts: Sequence[str]) -> str:
    """« une part, une autre et la dernière »."""
    return f"{', '.join(parts[:-1])} et {parts[-1]}" if len(parts) > 1 else parts[0]


def voting_row(number: int, row: Attendance, givers: frozenset[int]) -> dict[str, Any]:
    return {
        "number": number,
        "quality": row.seat.label,
        "role": role_of(row.seat),
        "presence": presence(row, givers),
        "arrival": clock(row.arrived_at),
    }


def advisory_label(seat: Seat) -> str:
    return f"{seat.label} (observation)" if seat.observer else seat.label


def role_of(seat: Seat) -> str:
    """« Coprésidence du jury », « Membre (tirage au sort) »."""
    if seat.president or seat.co_chair:
        return "Présidence du jury" if seat.president else "Coprésidence du jury"
    return "Membre (tirage au sort)" if seat.drawn else "Membre"


def presence(row: Attendance, givers: frozenset[int] = frozenset()) -> str:
    """« Présent, parti à 10 h 58 », « Excusé, pouvoir donné »."""
    if row.state != Attendance.State.PRESENT:
        return row.get_state_display().capitalize() + (", pouvoir donné" if row.seat_id in givers else "")
    return sentence(stays_of(row), opened_at=row.session.opened_at)


def recusal_block(session: JurySession, items: list[AgendaItem]) -> dict[str, Any]:
    by_file = {item.application_id: item for item in items}
    rows = Recusal.objects.filter(application__in=list(by_file)).select_related("seat")
    kept = sorted(rows, key=lambda row: (by_file[row.application_id].position, row.seat.position))
    declared = InterestDeclaration.objects.filter(application__in=list(by_file))
    who = declared.values("holder").distinct().count()
    return {
        "recusals_intro": (
            f"Chaque membre déclare ses liens avec chacun des dossiers avant d’y avoir accès : "
            f"{format_quantity(who, 'déclaration')} {choose(who, 'enregistrée')}. Un membre déporté n’a accès ni au "
            "dossier ni aux notes, quitte la salle, ne prend part ni au débat ni au vote et n’entre pas dans le calcul "
            "du quorum."
        ),
        "recusals": [recusal_row(row, by_file[row.application_id]) for row in kept],
    }


def recusal_row(row: Recusal, item: AgendaItem) -> dict[str, Any]:
    return {
        "file": f"{short_number(item.application)}, {applicant(item.application)}",
        "member": row.seat.label,
        "reason": row.reason,
        "left_at": clock(item.opened_at),
        "back_at": clock(item.closed_at),
    }


# --- end ---------------------------------------------------------------------------------------------------------


def proposal_paragraphs(call: Call, lines: Sequence[ProposalLine]) -> list[str]:
    selected = sum(line.outcome == "selected" for line in lines)
    reserve = sum(line.outcome == "reserve" for line in lines)
    head = f"Le jury propose à l’autorité compétente ({authority(call)}) de retenir"
    places = format_quantity(selected, "candidature")
    tail = f" et d’établir une liste complémentaire de {format_quantity(reserve, 'candidature')}" if reserve else ""
    apart = [ranking_sentence(place, rows) for place, rows in by_ranking(call, lines) if place.label]
    return [
        *apart,
        f"{head} {places}{tail}. Les débats et les notes individuelles ne sont pas communiqués avant la décision.",
    ]


def ranking_sentence(place: Place, lines: Sequence[ProposalLine]) -> str:
    """« Volet études : 2 retenues, 1 en liste complémentaire, 3 non retenues. »"""
    count = Counter(line.outcome for line in lines)
    kept = format_quantity(count["selected"], "retenue")
    left = format_quantity(count["not_selected"], "non retenue", "non retenues")
    return f"{place.label} : {kept}, {count['reserve']} en liste complémentaire, {left}."


def observations(session: JurySession) -> list[str]:
    """What settled a tie, as written when the session was closed."""
    closing = session.transitions.filter(transition="close").order_by("-pk").first()
    if closing is None or not closing.reason:
        return []
    what = "Candidatures à égalité de note et de critère" if has_points(session.call) else "Ordre des candidatures"
    return [f"{what} : {closing.reason}"]


def made_at(session: JurySession) -> str:
    city = session.call.owner.profile.city
    link = 2 if city.startswith("Le ") else 4 if city.startswith("Les ") else 0
    return f"Fait {place_at(city, link)}, le {format_date(session.held_on)}, en un exemplaire original."


def signatures(session: JurySession) -> list[dict[str, str]]:
    rows = [{"title": "La présidence du jury", "quality": chair_label(session)}]
    if session.secretary_title:
        rows.append({"title": "Le secrétariat de séance", "quality": session.secretary_title})
    return rows
