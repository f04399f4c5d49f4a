"""The letters of a decision and their mails: counts and lists, each bounded."""

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from calls.models import Call
from portal.core.models import FrozenDocument, OutboundEmail

from ..models import ApplicationMember, Decision, DecisionLine, DecisionNotice, NoticeReading
from .files import LIVE_ROLES
from .staff import NOTICE_MAIL, lines_of, notice_period, receivers

SHOWN = 50
TROUBLE = (OutboundEmail.State.FAILED, OutboundEmail.State.UNCERTAIN)


def sent_letters(decision: Decision) -> QuerySet[OutboundEmail]:
    """The mails that carry the letters of a decision: those in trouble first, then by recipient."""
    mails = OutboundEmail.objects.filter(kind=NOTICE_MAIL, period=notice_period(decision))
    return mails.annotate(in_trouble=Case(When(state__in=TROUBLE, then=0), default=1)).order_by(
        "in_trouble", "recipient"
    )


def mail_counts(decision: Decision) -> dict[str, int]:
    """How many mails of a decision have left, are on their way, failed: one query."""
    found = sent_letters(decision).aggregate(
        total=Count("pk"),
        sent=Count("pk", filter=Q(state=OutboundEmail.State.SENT)),
        failed=Count("pk", filter=Q(state__in=TROUBLE)),
    )
    return {**found, "waiting": found["total"] - found["sent"] - found["failed"]}


def letter_counts(decision: Decision) -> dict[str, int]:
    """The letters of a decision by where they stand, each in one of five: one query."""
    state, read = "notice__document__state", Q(notice__read_at__isnull=False)
    ready = Q(**{state: FrozenDocument.State.READY})
    return decision.lines.aggregate(
        missing=Count("pk", filter=Q(notice__isnull=True)),
        pending=Count("pk", filter=Q(**{state: FrozenDocument.State.PENDING})),
        failed=Count("pk", filter=Q(**{state: FrozenDocument.State.FAILED})),
        unread=Count("pk", filter=ready & ~read),
        read=Count("pk", filter=ready & read),
    )


def next_to_read(decision: Decision) -> str:
    """The number of the first letter that nobody has read; empty when there is none."""
    unread = lines_of(decision).filter(notice__read_at=None, notice__document__state=FrozenDocument.State.READY)
    return unread.values_list("notice__number", flat=True).first() or ""


def lines_without_address(decision: Decision) -> QuerySet[DecisionLine]:
    """The lines that nobody would receive: no confirmed person, no official address in any of its organisations."""
    reached = ApplicationMember.objects.filter(
        Q(organisation__official_email__gt="") | Exists(receivers(organisation=OuterRef("organisation_id"))),
        application=OuterRef("application_id"),
        role__in=LIVE_ROLES,
        left_at__isnull=True,
    )
    return decision.lines.filter(~Exists(reached)).select_related("application").order_by("application__number")


def lines_to_show(call: Call, outcome: str) -> QuerySet[DecisionLine]:
    """The lines of the last decisions with this outcome, on which a text is seen: fifty at most."""
    lines = DecisionLine.objects.filter(decision__call=call, outcome=outcome)
    lines = lines.select_related("decision__call__owner__profile", "application__lead__commune")
    return lines.order_by("-decision__recorded_at", "application__number")[:SHOWN]


def readings_of(notice: DecisionNotice) -> QuerySet[NoticeReading]:
    """Who of the commune declared the letter read, first ones first."""
    return notice.readings.select_related("user").order_by("at")[:SHOWN]
