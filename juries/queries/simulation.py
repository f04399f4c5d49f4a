"""The files of a jury as a simulation takes them: scores, amounts asked, territories; a constant number of queries."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from applications.models import AnswerFact, Application, Deposit
from calls.models import Call, Question
from portal.core.calendar import day_of

from .. import states
from ..models import FileScore, JurySession, SimulationVariant
from ..phases import notes_are_closed
from ..ranking import Entry
from ..simulation import Candidate, Outcome, Setting, simulate
from .members import files_of, phases_of
from .sessions import next_session

TERRITORIES = {"intercommunality": "Intercommunalité", "department": "Département"}


def preparing(call: Call, at: datetime) -> JurySession | None:
    """The session that a simulation may prepare now: open, or planned with its notes closed by their phase."""
    session = next_session(call)
    if session is None or session.state == states.OPEN:
        return session
    return session if notes_are_closed(phases_of(call), session.held_on, day_of(at)) else None


def money_questions(call: Call) -> list[tuple[str, str]]:
    """(code, label) of the amounts that the call keeps as typed facts."""
    rows = Question.objects.filter(section__call=call, kind="money", is_fact=True)
    return list(rows.values_list("code", "label").order_by("section__position", "position"))


def candidates_of(call: Call, variant: SimulationVariant) -> list[tuple[Application, Candidate]]:
    """The files of one ranking, with what a setting weighs."""
    scores = {row.application_id: row for row in FileScore.objects.filter(application__call=call)}
    files = files_of(call).select_related("lead__commune__intercommunality", "lead__commune__department")
    amounts = asked_amounts(call, variant.amount_question) if variant.amount_question else {}
    found = []
    for file in files:
        score = scores.get(file.pk)
        if (score.ranking if score else "") != variant.ranking:
            continue
        entry = Entry(
            key=str(file.uuid),
            score=score.total if score else None,
            tie_break=tuple(score.tie_break) if score else (),
            knocked_out=bool(score and score.knocked_out),
            ranking=variant.ranking,
        )
        found.append((file, Candidate(entry, amounts.get(file.pk), territory_of(file, variant.territory))))
    return found


def territory_of(file: Application, kind: str) -> str:
    place = getattr(file.lead.commune, kind, None) if file.lead.commune else None
    return place.name if place else ""


def asked_amounts(call: Call, question: str) -> dict[int, Decimal]:
    """{file: amount of a question in the version that counts}."""
    latest = Deposit.objects.filter(application=OuterRef("deposit__application")).order_by("-n").values("pk")[:1]
    facts = AnswerFact.objects.filter(deposit__application__call=call, question_code=question, number__isnull=False)
    rows = facts.filter(deposit=Subquery(latest)).values_list("deposit__application_id", "number")
    return dict(rows)


def setting_of(variant: SimulationVariant) -> Setting:
    return Setting(
        threshold=variant.threshold,
        places=variant.places,
        reserve=variant.reserve,
        envelope=variant.envelope if variant.amount_question else None,
        per_territory=variant.per_territory,
        skip=variant.skip,
    )


def outcomes_of(variant: SimulationVariant, found: Iterable[tuple[Application, Candidate]]) -> list[Outcome]:
    return simulate([candidate for _, candidate in found], setting_of(variant))
