"""Mails about a financing plan: a funder falls; a funder is given the plan to read."""

from datetime import datetime

from django.urls import reverse

from support.plan.emails import commune_people, team_people, write

from .models import FinancePlan, FinanceResource, FunderLink


def tell_fall(plan: FinancePlan, row: FinanceResource, sentence: str, at: datetime) -> None:
    """To the communes and the adviser, once for each line refused."""
    project = plan.action.plan
    write(
        project, "funder_fell", to=commune_people(project) | team_people(project), fact=f"funder-fell:{row.pk}", at=at,
        label="Ouvrir le plan de financement", path=reverse("finance_plan", args=[plan.uuid]), resource=row,
        plan_action=plan.action, sentence=sentence,
    )  # fmt: skip


def send_link(link: FunderLink, secret: str, at: datetime) -> None:
    """To the funder, with the link that is its proof."""
    write(
        link.action.plan, "funder_link", to=[link.email], fact=f"funder-link:{link.pk}", at=at,
        label="Lire le plan de financement", path=reverse("funder_page", args=[secret]), link=link,
    )  # fmt: skip
