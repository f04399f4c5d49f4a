"""A financing plan as people read it: both sides, what they add up to, what the rules say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications.content.operations import ITEMS, KINDS, NATURES, STATES
from applications.funding.plans import Expense, FundingPlan, rate_of
from applications.funding.verdicts import PlanVerdict, rate_sentence, vat_sentence, verdicts_of_schemes
from calls.grants import TAXES
from portal.core.typography import format_amount, format_plain, typeset

from .models import FinanceExpense, FinancePlan, FinanceResource
from .queries_plans import costed_of, rules_used

STATE_OF: dict[bool | None, str] = {True: "ok", False: "no", None: "wait"}
HEAD = (
    "Côté",
    "Ligne",
    "Poste ou nature",
    "Section ou état",
    "Hors taxes",
    "TVA (%)",
    "TTC",
    "Compté dans le plan",
    "Éligible",
)


@dataclass(frozen=True)
class Note:
    """What a rule says: its state (ok, no, wait, info), sentence and source."""

    state: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class ExpenseRow:
    row: FinanceExpense
    item: str
    nature: str
    amount: str
    other: str
    eligible: str


@dataclass(frozen=True)
class ResourceRow:
    row: FinanceResource
    kind: str
    state: str
    amount: str
    refused: bool


def sides_of(plan: FinancePlan, at: datetime) -> dict[str, Any]:
    """Everything that the page of a version shows, for who writes it and for a funder."""
    costed = costed_of(plan)
    found = costed.plan
    return {
        "finance": plan,
        "tax": TAXES[plan.tax],
        "other_tax": TAXES["ttc" if plan.tax == "ht" else "ht"],
        "expenses": [expense_row(row, plan.tax) for row in plan.expenses.all()],
        "resources": [resource_row(row) for row in plan.resources.all()],
        "cost": found.cost,
        "total": found.total,
        "gap": found.gap,
        "totals": totals_of(found),
        "notes": notes_of(found, verdicts_of_schemes(costed, rules_used(plan, at))),
    }


def expense_row(row: FinanceExpense, tax: str) -> ExpenseRow:
    line = Expense(row.label, row.nature, row.excl_vat, row.vat_rate)  # type: ignore[arg-type]
    other = "ttc" if tax == "ht" else "ht"
    left_out = f"sauf {', '.join(row.excluded)}" if row.excluded else ""
    return ExpenseRow(
        row,
        ITEMS.get(row.item, ""),
        NATURES.get(row.nature, ""),
        format_amount(line.amount(tax)),  # type: ignore[arg-type]
        format_amount(line.amount(other)),  # type: ignore[arg-type]
        typeset(f"oui{f', {left_out}' if left_out else ''}") if row.eligible else "non",
    )


def resource_row(row: FinanceResource) -> ResourceRow:
    refused = row.state == "refused"
    return ResourceRow(row, KINDS.get(row.kind, ""), STATES.get(row.state, ""), format_amount(row.amount), refused)


def totals_of(plan: FundingPlan) -> list[tuple[str, str]]:
    """What the plan adds up to."""
    rows = [
        ("Coût hors taxes", format_amount(plan.excl_vat)),
        ("Coût toutes taxes comprises", format_amount(plan.incl_vat)),
        ("Dépense éligible", format_amount(plan.eligible(plan.tax))),
        ("Aides publiques cumulées", with_rate(plan.public_aid, plan.cost)),
        ("Financements privés", with_rate(plan.private, plan.cost)),
        ("Part du maître d’ouvrage", with_rate(plan.own, plan.cost)),
    ]
    return [(label, typeset(text)) for label, text in rows]


def with_rate(part: Decimal, whole: Decimal) -> str:
    """« 80 000,00 € (80 %) »."""
    return f"{format_amount(part)} ({format_plain(rate_of(part, whole))} %)" if whole else format_amount(part)


def notes_of(plan: FundingPlan, found: Iterable[PlanVerdict]) -> list[Note]:
    """What the rules say, then what is told for information; nothing of an empty plan."""
    if not plan.expenses and not plan.resources:
        return []
    told = [sentence for sentence in (rate_sentence(plan) if plan.cost else "", vat_sentence(plan)) if sentence]
    ruled = [Note(STATE_OF[verdict.met], verdict.sentence, verdict.source) for verdict in found]
    return [*ruled, *(Note("info", sentence) for sentence in told)]


def sheet_rows(plan: FinancePlan) -> list[list[Any]]:
    """The rows of the spreadsheet under `HEAD`: expenses, resources, then what they add up to."""
    found = costed_of(plan).plan
    rows: list[list[Any]] = []
    for line, row in zip(found.expenses, plan.expenses.all(), strict=True):
        eligible = "oui" if row.eligible else "non"
        rows.append(
            ["Dépense", row.label, ITEMS.get(row.item, ""), NATURES.get(row.nature, ""), line.excl_vat, row.vat_rate,
             line.incl_vat, line.amount(plan.tax), eligible]  # type: ignore[arg-type]
        )  # fmt: skip
    for money, one in zip(found.resources, plan.resources.all(), strict=True):
        said = [KINDS.get(one.kind, ""), STATES.get(one.state, "")]
        rows.append(["Ressource", one.funder, *said, "", "", "", money.counted, ""])
    rows.append(["Total des dépenses", "", "", "", found.excl_vat, "", found.incl_vat, found.cost, ""])
    rows.append(["Total des ressources", "", "", "", "", "", "", found.total, ""])
    rows.append(["Écart", "", "", "", "", "", "", found.gap, ""])
    return rows
