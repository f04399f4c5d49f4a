"""Questions asked about a call: which are public, until when one may ask, which wait for their answer."""

from datetime import datetime

from django.db.models import Count, F, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from portal.accounts.models import User
from portal.core.calendar import end_of_day

from . import states, states_enquiry
from .models import Call, CallRole, Enquiry
from .queries import calls_staffed_by
from .queries_public import holding


def published_answers(call: Call) -> QuerySet[Enquiry]:
    """What everyone reads, the last answered first."""
    return call.enquiries.filter(state=states_enquiry.ANSWERED).order_by("-settled_at", "-pk")


def answers_saying(answers: QuerySet[Enquiry], text: str) -> QuerySet[Enquiry]:
    """Those that hold each word typed, in any spelling."""
    written = Concat(F("question"), Value(" "), F("answer"), output_field=TextField())
    return holding(answers, written, text)


def questions_end(call: Call) -> datetime:
    """The last instant at which one may ask: the milestone, last second of its day, else the last limit."""
    milestone = next((m for m in call.milestones.all() if m.code == "questions_until"), None)
    if milestone is None:
        return max(window.closes_at for window in call.windows.all())
    return milestone.at or end_of_day(milestone.on)


def calls_with_questions(user: User, at: datetime) -> QuerySet[Call]:
    """The calls that a person manages and where questions wait: how many, since when."""
    waiting = Q(enquiries__state=states_enquiry.ASKED)
    managed = calls_staffed_by(user, at, CallRole.Role.MANAGER).exclude(state=states.DRAFT)
    counted = managed.annotate(
        waiting=Count("enquiries", filter=waiting), oldest=Min("enquiries__asked_at", filter=waiting)
    )
    return counted.filter(waiting__gt=0).order_by("oldest", "pk")
