"""The publicity of a financing plan: panel of the site, then plate (contract: templates/pdf/support/panel.html)."""

from datetime import datetime
from typing import Any

from portal.accounts.letterhead import letterhead
from portal.core.documents import request_document
from portal.core.models import FrozenDocument
from portal.core.typography import format_amount, typeset

from .models import FinancePlan
from .queries_plans import costed_of

HEADINGS = {"panel": "Plan de financement du chantier", "plate": "Plaque de l’opération"}
CODES = {"panel": "PANNEAU", "plate": "PLAQUE"}
SOURCE = typeset(
    "Affichage du plan de financement : code général des collectivités territoriales, articles L. 1111-11 et D. 1111-8."
)


def request_paper(plan: FinancePlan, kind: str, at: datetime) -> FrozenDocument:
    """Order the panel or the plate of a closed version."""
    number = f"{CODES[kind]}-{plan.action.plan.application.number}-{plan.action.reference}-{plan.n}"
    return request_document(
        kind=f"support.{kind}", number=number, title=HEADINGS[kind], template="pdf/support/panel.html",
        snapshot=paper_snapshot(plan, kind), at=at,
    )  # fmt: skip


def paper_snapshot(plan: FinancePlan, kind: str) -> dict[str, Any]:
    """Each funder on a line of the same size, the largest first; what was refused is not there."""
    application = plan.action.plan.application
    found = costed_of(plan).plan
    lines = sorted(
        ((row.funder, row.amount) for row in plan.resources.all() if row.state != "refused"),
        key=lambda row: (-row[1], row[0]),
    )
    tax = "hors taxes" if plan.tax == "ht" else "toutes taxes comprises"
    return {
        "institution": letterhead(application.call.owner),
        "panel": {
            "heading": HEADINGS[kind],
            "owner": typeset(f"Maître d’ouvrage : {plan.action.project_owner or application.lead.name}"),
            "operation": typeset(plan.action.title),
            "cost": typeset(f"Coût total : {format_amount(found.cost)} {tax}"),
            "sentence": SOURCE,
            "lines": [{"name": typeset(name), "amount": format_amount(amount)} for name, amount in lines],
        },
    }


def web_block(plan: FinancePlan) -> str:
    """The same facts as a text for the web site of the commune, where they must stand within fifteen days."""
    panel = paper_snapshot(plan, "panel")["panel"]
    lines = [f"{line['name']} : {line['amount']}" for line in panel["lines"]]
    return "\n".join([panel["operation"], panel["owner"], panel["cost"], "Financé par :", *lines])
