"""What the files of a call take of its envelope, computed from decisions, agreements and deposits; never typed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db.models import Prefetch, QuerySet, Sum

from applications import states
from applications.funding.plans import ZERO
from applications.funding.spreading import spread
from applications.models import AnswerFact, Application, DecisionLine, Operation
from applications.queries.funding import asks_operations, latest_deposits
from applications.queries.laureates import selected_lines
from applications.services.decision import proposal_for
from calls.definition.money import Money
from calls.grants import CENT
from calls.models import Call, Question
from support.agreements.models import Agreement
from support.agreements.queries_chain import terms_of
from support.agreements.states import IN_FORCE, TERMINATED
from support.plan.models import SupportPlan

from .envelopes import Draw, Stage
from .models import Award
from .queries_awards import call_awards, net_paid

UNDER_EXAMINATION = (states.SUBMITTED, states.ADMISSIBLE)


def money_of(call: Call) -> Money:
    return Money.model_validate(call.extras.get("money") or {})


def draws_of(call: Call) -> list[Draw]:
    """What each file takes, one draw a file; a constant number of queries."""
    told = {line.application_id: line for line in _selected(call, notified=True)}
    decided = {line.application_id: line for line in _selected(call, notified=False)}
    proposed = [row for row in proposal_for(call).values() if row.outcome == DecisionLine.Outcome.SELECTED]
    asked, agreed, awards = asked_in(call), agreed_in(call, told), call_awards(call)
    draws = [
        followed(_draw(line.application, "committed", agreed.get(file, line.amount)), awards.get(file, []))
        for file, line in told.items()
    ]
    for file, line in decided.items():
        if file not in told:
            draws.append(
                _draw(line.application, "reserved", line.amount if line.amount is not None else asked.get(file))
            )
    counted = {draw.file for draw in draws}
    waiting = {file.pk: file for file in _waiting(call)}
    for row in proposed:
        file = waiting.pop(row.application.pk, None)
        if file is not None and file.pk not in counted:
            draws.append(_draw(file, "reserved", asked.get(file.pk)))
    return draws + [_draw(file, "asked", asked.get(pk)) for pk, file in waiting.items() if pk not in counted]


def followed(draw: Draw, awards: Sequence[Award]) -> Draw:
    """A committed file with the aids that are followed for it: one that has ended holds its final amount only, and what
    the decision gives beyond the aids followed is still held."""
    if not awards:
        return draw
    beyond = max(ZERO, draw.amount - sum((award.amount for award in awards), ZERO))
    parts = {award.code: (award.amount if award.final is None else award.final, net_paid(award)) for award in awards}
    held = sum((one for one, _ in parts.values()), ZERO) + beyond
    paid = sum((one for _, one in parts.values()), ZERO)
    funders = {code: part for code, part in parts.items() if code}
    return replace(draw, amount=held, known=True, paid=paid, funders=funders)


def sources_of(call: Call) -> list[tuple[str, str]]:
    """(code, name) of who pays the aids of the call: its funders when its total is cut between them, else its owner."""
    cut = next((cut for cut in money_of(call).cuts if cut.axis == "funder"), None)
    if cut is None:
        return [("call", call.owner.name)]
    return [(share.code, share.label) for share in cut.shares]


def left_to_award(plan: SupportPlan, *, but: Award | None = None) -> Decimal | None:
    """What the decision or the agreement gives to a file and no aid follows yet; None when neither says an amount."""
    file = plan.application
    told = {line.application_id: line for line in _selected(file.call, notified=True).filter(application=file)}
    line = told.get(file.pk)
    amount = agreed_in(file.call, told).get(file.pk, line.amount if line else None)
    if amount is None:
        return None
    rows = plan.awards.filter(of_call=True).exclude(pk=but.pk if but else None)
    return amount - (rows.aggregate(sum=Sum("amount"))["sum"] or ZERO)


def _draw(file: Application, stage: Stage, amount: Decimal | None) -> Draw:
    codes = {"stratum": file.stratum}
    codes["track"] = file.track.code if file.track else ""
    codes["department"] = department_of(file)
    return Draw(file.pk, stage, amount or ZERO, known=amount is not None, codes=codes)


def department_of(file: Application) -> str:
    """The département of who bears the file: nothing for an organisation that is no commune."""
    commune = file.lead.commune
    return commune.department_id if commune else ""


def _selected(call: Call, *, notified: bool) -> QuerySet[DecisionLine]:
    lines = selected_lines([call.pk], notified=notified)
    return lines.select_related("application__lead__commune", "application__track").order_by("pk")


def _waiting(call: Call) -> QuerySet[Application]:
    """The whole files deposited and not decided."""
    files = call.applications.filter(stage=states.FILE, state__in=UNDER_EXAMINATION)
    return files.select_related("lead__commune", "track").order_by("pk")


def asked_in(call: Call) -> dict[int, Decimal]:
    """{file: the aid asked in the version that counts}: by its operations, else by the only amount that the call keeps
    as a typed fact. Nothing when the form asks no amount, or several."""
    latest = latest_deposits()
    if asks_operations(call):
        rows = Operation.objects.filter(deposit__application__call=call, deposit=latest)
        return dict(rows.order_by().values_list("deposit__application").annotate(Sum("asked")))
    codes = list(Question.objects.filter(call=call, kind="money", is_fact=True).values_list("code", flat=True))
    if len(codes) != 1:
        return {}
    facts = AnswerFact.objects.filter(deposit__application__call=call, deposit=latest, question_code=codes[0])
    rows = facts.filter(number__isnull=False).values_list("deposit__application_id", "number")
    return {file: amount.quantize(CENT) for file, amount in rows}


def agreed_in(call: Call, lines: Mapping[int, DecisionLine]) -> dict[int, Decimal]:
    """{file: what the agreement that binds it gives}, amendments counted; one for several files is spread between them
    in proportion of what was decided. Nothing more is committed of an agreement terminated."""
    in_force = Agreement.objects.filter(kind=Agreement.Kind.AMENDMENT, state=IN_FORCE).order_by("effective_on", "pk")
    rows = call.agreements.filter(kind=Agreement.Kind.SUPPORT, state__in=[IN_FORCE, TERMINATED])
    rows = rows.prefetch_related("beneficiaries", Prefetch("sequels", in_force, to_attr="amendments"))
    found: dict[int, Decimal] = {}
    for agreement in rows.order_by("pk"):
        files = [line.application_id for line in agreement.beneficiaries.all() if line.application_id in lines]
        amount = ZERO if agreement.state == TERMINATED else terms_of(agreement, agreement.amendments).amount
        if amount is None:
            continue
        decided = {str(file): lines[file].amount or ZERO for file in files}
        weights = decided if all(decided.values()) else dict.fromkeys(decided, Decimal(1))
        found |= {int(file): part for file, part in spread(amount, weights).items()}
    return found


def files_by_key(keys: Collection[int]) -> dict[int, Application]:
    """The files of one page of a list."""
    return Application.objects.select_related("lead__commune").in_bulk(keys)
