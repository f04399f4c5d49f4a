"""The operations of a file as people read them: who, when, both sides of the plan, what the rules say of it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from calls.grants import TAXES
from portal.core.typography import format_amount, format_date, format_plain, typeset

from ..funding.plans import Expense, FundingPlan, together
from ..funding.verdicts import Frame, PlanVerdict, rate_sentence, vat_sentence, verdicts, verdicts_of_all
from .blocks import Block, GridBlock, Note, NoteState
from .operations import ITEMS, KINDS, NATURES, OWNERS, STATES, WAIVERS, Operation

STATE_OF: dict[bool | None, NoteState] = {True: "ok", False: "no", None: "wait"}
EXPENSE_HEAD = ("Dépense", "Poste", "Nature", "Hors taxes", "TVA", "TTC", "Éligible")
RESOURCE_HEAD = ("Financeur", "Nature", "État", "Montant")


def blocks_of(operations: Sequence[Operation], frame: Frame) -> tuple[Block, ...]:
    """One block per operation, then their total when there are several."""
    blocks = tuple(operation_block(n, operation, frame) for n, operation in enumerate(operations, 1))
    return (*blocks, total_block(operations, frame)) if len(operations) > 1 else blocks


def operation_block(number: int, operation: Operation, frame: Frame) -> Block:
    value, plan = operation.value, operation.costed.plan
    title = value["title"] or "sans intitulé"
    return Block(
        typeset(f"Opération {number} : {title}"),
        tuple(_facts(value, plan)),
        (_expenses(number, value, plan), _resources(number, value, plan)),
        notes_of(operation, frame),
    )


def result_block(operation: Operation, frame: Frame, *, faulty: bool) -> Block | None:
    """What an operation adds up to and what the rules say of it; None before any amount. `faulty`: some lines are."""
    plan = operation.costed.plan
    if not plan.expenses and not plan.resources:
        return None
    told = (Note("wait", "Les lignes à corriger ne sont pas comptées."),) if faulty else ()
    return Block("", tuple(_totals(plan)), (), (*told, *notes_of(operation, frame)))


def notes_of(operation: Operation, frame: Frame) -> tuple[Note, ...]:
    """What the rules say of one operation, and what is told for information."""
    plan = operation.costed.plan
    if not plan.expenses and not plan.resources:
        return ()
    return _notes(plan, verdicts(operation.costed, frame.scheme))


def total_block(operations: Sequence[Operation], frame: Frame) -> Block:
    plan = together(operation.costed.plan for operation in operations)
    found = verdicts_of_all([operation.costed for operation in operations], frame.scheme)
    return Block("Ensemble des opérations", tuple(_totals(plan)), (), _notes(plan, found))


def _notes(plan: FundingPlan, found: Sequence[PlanVerdict]) -> tuple[Note, ...]:
    told = [sentence for sentence in (rate_sentence(plan) if plan.cost else "", vat_sentence(plan)) if sentence]
    return (
        *(Note(STATE_OF[verdict.met], verdict.sentence, verdict.source) for verdict in found),
        *(Note("info", sentence) for sentence in told),
    )


def _facts(value: Mapping[str, Any], plan: FundingPlan) -> list[tuple[str, str]]:
    kind = OWNERS.get(value["owner_kind"], "")
    owner = f"{value['owner']} ({kind[:1].lower()}{kind[1:]})" if kind and value["owner"] else value["owner"]
    when = " au ".join(format_date(date.fromisoformat(day)) for day in (value["start"], value["end"]) if day)
    facts = [("Maître d’ouvrage", owner), ("Calendrier", f"Du {when}" if " au " in when else when)]
    if value["waiver"]:
        facts.append(("Exception à la part minimale", WAIVERS[value["waiver"]]))
    return [(label, typeset(text)) for label, text in [*facts, *_totals(plan)] if text]


def _totals(plan: FundingPlan) -> list[tuple[str, str]]:
    counted = f"Coût {TAXES[plan.tax]}"
    other = ("Coût toutes taxes comprises", plan.incl_vat) if plan.tax == "ht" else ("Coût hors taxes", plan.excl_vat)
    rows = [
        (counted, plan.cost),
        other,
        ("Dépense éligible", plan.eligible(plan.tax)),
        ("Aides publiques", plan.public_aid),
        ("Financements privés", plan.private),
        ("Part du maître d’ouvrage", plan.own),
    ]
    return [(label, format_amount(amount)) for label, amount in rows]


def _expenses(number: int, value: Mapping[str, Any], plan: FundingPlan) -> GridBlock:
    rows = tuple(_expense_row(row) for row in value["expenses"])
    foot = ("Total", "", "", format_amount(plan.excl_vat), "", format_amount(plan.incl_vat), "")
    return GridBlock(f"Dépenses de l’opération {number}", EXPENSE_HEAD, rows, foot if rows else (), (3, 4, 5))


def _expense_row(row: Mapping[str, str]) -> tuple[str, ...]:
    amount, vat = Decimal(row["amount"] or 0), Decimal(row["vat"] or 0)
    return (
        row["label"],
        ITEMS.get(row["item"], ""),
        NATURES.get(row["nature"], ""),
        format_amount(amount),
        typeset(f"{format_plain(vat)} %"),
        format_amount(Expense("", "investment", amount, vat).incl_vat),
        row["eligible"].capitalize(),
    )


def _resources(number: int, value: Mapping[str, Any], plan: FundingPlan) -> GridBlock:
    rows = tuple(
        (
            row["funder"],
            KINDS.get(row["kind"], ""),
            STATES.get(row["state"], ""),
            format_amount(Decimal(row["amount"] or 0)),
        )
        for row in value["resources"]
    )
    refused = any(row["state"] == "refused" for row in value["resources"])
    total = "Total, sans ce qui est refusé" if refused else "Total"
    return GridBlock(
        f"Ressources de l’opération {number}",
        RESOURCE_HEAD,
        rows,
        (total, "", "", format_amount(plan.total)) if rows else (),
        (3,),
    )


def in_words(blocks: Sequence[Block]) -> str:
    """Where one line must do: « Opération 1 : Halle ; coût hors taxes 120 000,00 € »."""
    return "\n".join(
        typeset(f"{block.title} ; {label[:1].lower()}{label[1:]} {amount}")
        for block in blocks
        for label, amount in block.facts
        if label.startswith("Coût hors")
    )
