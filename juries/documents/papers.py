"""The papers of a session beside its minutes: sheet to sign, nominal votes, scoring sheets, draft act, public report.

Contract: `templates/pdf/juries/paper.html`. Everything is counted from the rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applications.models import DecisionLine
from applications.rankings import has_grid
from calls.models import Call
from portal.accounts.letterhead import letterhead
from portal.core.documents import request_document
from portal.core.models import FrozenDocument
from portal.core.typography import choose, format_date, format_number, format_quantity, format_time

from .. import states
from ..models import Assessment, Attendance, JurySession, ProposalLine, Recusal, Vote
from ..queries import attendance_of, items_of, minutes_number, paper_number, proposal_of, stays_of
from ..scoring import trimmed
from ..stays import sentence
from .minutes import authority, quorum_asked
from .rankings import by_ranking, proposal_label
from .tables import applicant, short_number, vote_rule

TEMPLATE = "pdf/juries/paper.html"
ACTS = {
    "council_resolution": ("Projet de délibération", "Le conseil, après en avoir délibéré,"),
    "board_resolution": ("Projet de délibération du bureau", "Le bureau, après en avoir délibéré,"),
    "president_decision": ("Projet de décision", "La présidence"),
    "order": ("Projet d’arrêté", "L’autorité compétente"),
}


@dataclass(frozen=True)
class Paper:
    """One kind of paper: the head of its number, its title, when it may be asked, what it says."""

    code: str
    title: str
    line: str
    closed: bool
    build: Callable[[JurySession], dict[str, Any]]


def request_paper(session: JurySession, paper: Paper, *, at: datetime) -> FrozenDocument:
    """Write the next version of a paper, rendered by a worker after commit."""
    return request_document(
        kind=f"paper_{paper.code.lower()}",
        number=paper_number(session, paper.code),
        title=title_of(session, paper),
        template=TEMPLATE,
        snapshot={"institution": letterhead(session.call.owner), **head(session), **paper.build(session)},
        at=at,
    )


def title_of(session: JurySession, paper: Paper) -> str:
    return act_of(session.call)[0] if paper.code == "PD" else paper.title


def head(session: JurySession) -> dict[str, Any]:
    call = session.call
    lead = [
        f"Appel à manifestation d’intérêt « {call.title} », édition {call.edition}",
        f"Jury du {format_date(session.held_on, weekday=True)}, {session.place}",
    ]
    return {"lead": lead, "facts": [], "sections": [], "signatures": [], "note": "", "annexes": ""}


def section(title: str, *paragraphs: str, table: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"title": title, "paragraphs": list(paragraphs), "table": table}


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, tall: bool = False) -> dict[str, Any]:
    """`tall`: rows high enough for a signature by hand."""
    return {"caption": caption, "columns": list(columns), "rows": [list(row) for row in rows], "tall": tall}


# --- the sheet to sign ---------------------------------------------------------------------------------------------


def attendance_sheet(session: JurySession) -> dict[str, Any]:
    """One line a seat, with room to sign; what was noted already is printed."""
    rows = list(attendance_of(session).prefetch_related("moves"))
    voting = [signing_row(row) for row in rows if row.seat.voting]
    advisory = [signing_row(row) for row in rows if not row.seat.voting]
    columns = ("Qualité", "Nom", "Présence", "Signature")
    sections = [section("Voix délibérative", table=table("Membres à voix délibérative", columns, voting, tall=True))]
    if advisory:
        told = table("Membres à voix consultative et observateurs", columns, advisory, tall=True)
        sections.append(section("Voix consultative", table=told))
    return {"sections": sections, "note": "Cette feuille est annexée au procès-verbal ; elle n’est pas publiée."}


def signing_row(row: Attendance) -> list[str]:
    """Blank where nothing is known yet: it is filled by hand."""
    opened = row.session.opened_at
    told = sentence(stays_of(row), opened_at=opened) if row.state == Attendance.State.PRESENT else ""
    unseen = row.get_state_display().capitalize() if opened else ""
    name = row.holder.user.full_name if row.holder else ""
    return [row.seat.label, name, told or unseen, ""]


# --- nominal votes and scoring sheets --------------------------------------------------------------------------------


def nominal_votes(session: JurySession) -> dict[str, Any]:
    """Who voted what, file by file; by hand or by proxy, it is said."""
    items = [item for item in items_of(session) if item.votes_for is not None]
    votes = Vote.objects.filter(item__in=items).select_related("seat", "proxy__bearer").order_by("seat__position")
    by_item: dict[int, list[Vote]] = {item.pk: [] for item in items}
    for vote in votes:
        by_item[vote.item_id].append(vote)
    sections = [
        section(
            f"N° {short_number(item.application)}, {applicant(item.application)}",
            f"Scrutin clos à {format_time(item.closed_at)}." if item.closed_at else "",
            table=table("Votes nominaux", ("Siège", "Vote", "Mode"), [vote_cells(vote) for vote in by_item[item.pk]]),
        )
        for item in items
    ]
    note = "Annexe du procès-verbal, non publiée. Un bulletin d’un siège déporté depuis ne compte pas."
    return {"sections": sections or [section("Aucun vote", "Aucun scrutin n’a eu lieu.")], "note": note}


def vote_cells(vote: Vote) -> list[str]:
    by_hand = "à main levée" if vote.entered_by_id else "depuis son appareil"
    mode = f"pouvoir porté par « {vote.proxy.bearer.label} »" if vote.proxy else by_hand
    return [vote.seat.label, vote.get_choice_display().capitalize(), mode]


def scoring_sheets(session: JurySession) -> dict[str, Any]:
    """Every validated sheet of the members, file by file, as each gave it."""
    files = [item.application for item in items_of(session).filter(round=1)]
    sheets = (
        Assessment.objects.filter(application__in=files, kind=Assessment.Kind.JURY, state=states.SUBMITTED)
        .select_related("seat")
        .prefetch_related("scores__criterion")
        .order_by("seat__position")
    )
    by_file: dict[int, list[Assessment]] = {file.pk: [] for file in files}
    for sheet in sheets:
        by_file[sheet.application_id].append(sheet)
    columns = ("Siège", "Critère", "Note", "Commentaire")
    sections = [
        section(
            f"N° {short_number(file)}, {applicant(file)}",
            table=table("Notes des membres", columns, note_rows(by_file[file.pk])),
        )
        for file in files
        if by_file[file.pk]
    ]
    note = "Annexe du procès-verbal, non publiée."
    return {"sections": sections or [section("Aucune fiche", "Aucune fiche n’a été validée.")], "note": note}


def note_rows(sheets: Sequence[Assessment]) -> list[list[str]]:
    rows = []
    for sheet in sheets:
        for score in sorted(sheet.scores.all(), key=lambda score: score.criterion.position):
            given = "sans avis" if score.abstained else score.level or (trimmed(score.note) if score.note else "0")
            rows.append([sheet.seat.label if sheet.seat else "", score.criterion.label, given, score.comment])
        total = "" if sheet.total is None else format_number(sheet.total, decimals=2)
        rows.append([sheet.seat.label if sheet.seat else "", "Total", total, sheet.comment])
    return rows


# --- for the body that decides, and for the public --------------------------------------------------------------------


def act_of(call: Call) -> tuple[str, str]:
    """The title of the act and the words before what it decides."""
    return ACTS.get((call.extras.get("decision") or {}).get("act", ""), ACTS["order"])


def draft_resolution(session: JurySession) -> dict[str, Any]:
    """What the competent body may adopt: the proposal of the jury, article by article."""
    lines, call = list(proposal_of(session)), session.call
    _, formula = act_of(call)
    visas = [
        f"Vu le règlement de l’appel « {call.title} », édition {call.edition} ;",
        f"Vu l’avis du jury réuni le {format_date(session.held_on)} et son procès-verbal ;",
        "Considérant les motifs retenus par le jury pour chaque candidature ;",
    ]
    articles = [
        outcome_section(1, "Candidatures retenues", "Sont retenues les candidatures suivantes :", lines, "selected"),
        outcome_section(2, "Liste complémentaire", "Sont inscrites, dans cet ordre :", lines, "reserve"),
        outcome_section(3, "Candidatures non retenues", "Ne sont pas retenues :", lines, "not_selected"),
    ]
    last = section(
        "Article 4. Exécution",
        "Les communes candidates sont informées de la présente décision, de son motif et des voies de recours.",
    )
    sections = [section("Visas", *visas), section("Décide", f"{formula} décide :"), *articles, last]
    signatures = [{"title": authority(call), "quality": ""}]
    note = "Projet préparé d’après la proposition du jury ; l’autorité compétente reste libre de sa décision."
    return {"sections": sections, "signatures": signatures, "note": note}


def outcome_section(number: int, title: str, told: str, lines: Sequence[ProposalLine], outcome: str) -> dict[str, Any]:
    kept = [line for line in lines if line.outcome == outcome]
    head = f"Article {number}. {title}"
    if not kept:
        return section(head, "Aucune.")
    rows = [[short_number(x.application), applicant(x.application), x.application.title, x.reason] for x in kept]
    return section(head, told, table=table(title, ("N°", "Candidature", "Projet", "Motif"), rows))


def public_report(session: JurySession) -> dict[str, Any]:
    """What anyone may read once the decisions are notified: no vote, no note, no name of a person, no reason of a
    refusal."""
    lines, call = list(proposal_of(session)), session.call
    recusals = Recusal.objects.filter(application__in=[line.application_id for line in lines]).count()
    seats = [[s.label, s.college or "–", "délibérative" if s.voting else "consultative"] for s in seats_of(call)]
    refused = sum(line.outcome == ProposalLine.Outcome.NOT_SELECTED for line in lines)
    some = f"{recusals} {choose(recusals, 'déport a été constaté', 'déports ont été constatés')}"
    words = some if recusals else "Aucun déport n’a été constaté"
    how = [
        f"Le règlement demande la présence de {quorum_asked(call)}. Le quorum a été vérifié pour chaque dossier.",
        f"{words} ; un membre déporté ne lit pas, ne note pas et ne vote pas.",
        vote_rule(call).replace(" Le détail nominal figure en annexe 2.", ""),
    ]
    results = [result_section(place.label, apart) for place, apart in by_ranking(call, lines)]
    verb = choose(refused, "n’a pas été retenue", "n’ont pas été retenues")
    end = section(
        "Suites",
        f"{format_quantity(refused, 'candidature')} {verb} ; chaque commune a reçu son motif.",
        f"La décision a été prise par : {authority(call)}.",
    )
    composition = section("Composition du jury", table=table("Sièges", ("Qualité", "Collège", "Voix"), seats))
    return {
        "sections": [composition, section("Déroulement", *how), *results, end],
        "note": "Rapport publiable : ni note, ni vote, ni motif de refus, ni nom de personne.",
    }


def result_section(label: str, lines: Sequence[ProposalLine]) -> dict[str, Any]:
    kept = [line for line in lines if line.outcome != ProposalLine.Outcome.NOT_SELECTED]
    rows = [[applicant(line.application), line.application.title, proposal_label(line, lines)] for line in kept]
    title = f"Résultats, {label}" if label else "Résultats"
    return section(title, table=table("Candidatures", ("Commune", "Projet", "Proposition du jury"), rows))


def seats_of(call: Call) -> Any:
    return call.seats.order_by("position")


def is_public(session: JurySession) -> bool:
    """Whether every file of the proposal has its decision notified: nothing is published before."""
    files = session.proposal.values("application")
    told = DecisionLine.objects.filter(decision__notified_at__isnull=False, application__in=files)
    untold = session.proposal.exclude(application__in=told.values("application"))
    return session.proposal.exists() and not untold.exists()


PAPERS: dict[str, Paper] = {
    paper.code: paper
    for paper in (
        Paper("FE", "Feuille d’émargement", "À imprimer avant la séance, ou à annexer après.", False, attendance_sheet),
        Paper("VN", "Votes nominaux", "Annexe du procès-verbal, non publiée.", True, nominal_votes),
        Paper("FN", "Fiches de notation", "Annexe du procès-verbal, non publiée.", True, scoring_sheets),
        Paper("PD", "Projet de décision", "Pour l’organe compétent.", True, draft_resolution),
        Paper("RJ", "Rapport du jury", "Publiable une fois les décisions notifiées.", True, public_report),
    )
}


def papers_for(call: Call) -> list[Paper]:
    """Those that make sense in a call: no scoring sheet without a grid."""
    return [paper for paper in PAPERS.values() if paper.code != "FN" or has_grid(call)]


def session_numbers(session: JurySession) -> list[str]:
    """The numbers of all that a session may issue, its minutes first."""
    return [minutes_number(session), *(paper_number(session, code) for code in PAPERS)]
