"""The questions of a call on the screens of its staff: tabs by state, entry of the menu."""

from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from portal.accounts.models import User
from portal.core import ui
from portal.core.typography import format_quantity

from .. import states_enquiry
from ..models import Call
from ..rules import can_answer_questions
from .chain import MenuEntry

TABS = {
    "attente": (states_enquiry.ASKED, "En attente"),
    "publiees": (states_enquiry.ANSWERED, "Publiées"),
    "ecartees": (states_enquiry.DECLINED, "Écartées"),
}
QUESTION_ORDER = {
    states_enquiry.ASKED: ("asked_at", "pk"),
    states_enquiry.ANSWERED: ("-settled_at", "-pk"),
    states_enquiry.DECLINED: ("-settled_at", "-pk"),
}


def question_state(code: str) -> str:
    return TABS.get(code, TABS["attente"])[0]


def question_tabs(call: Call, current: str) -> list[ui.Link]:
    counts = dict(call.enquiries.order_by().values_list("state").annotate(n=Count("pk")))
    return [
        ui.Link(label=label, url=f"?etat={code}", current=state == current, count=counts.get(state, 0))
        for code, (state, label) in TABS.items()
    ]


def questions_menu(user: User, call: Call, at: datetime) -> list[MenuEntry]:
    """The row of the menu of a call, for those who answer."""
    if not can_answer_questions(user, call, at):
        return []
    waiting = call.enquiries.filter(state=states_enquiry.ASKED).count()
    line = f"{format_quantity(waiting, 'question')} en attente." if waiting else "Aucune question n’attend de réponse."
    return [MenuEntry("", "Questions et réponses", line, reverse("staff_questions", args=[call.slug]), "chat-dots")]
