"""Questions about mandates: which are in force today, whose files they open, who wrote under them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import DateField, Exists, Func, OuterRef, Q, QuerySet

from calls.models import Call
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.queries import WRITING_RIGHTS

from .. import states, states_mandate
from ..models import Application, Mandate, MandateWriting

LOOK = ("principal__commune", "mandatary", "call", "given_by", "revoked_by")


class PortalToday(Func):
    """The day in Paris of the portal's clock, inside a query."""

    template = "(portal_now() AT TIME ZONE 'Europe/Paris')::date"
    output_field = DateField()


def in_force() -> Q:
    """Given, not revoked, its days not over."""
    return Q(state=states_mandate.GIVEN, from_on__lte=PortalToday(), until_on__gte=PortalToday())


def held_by(user: User, rights: Iterable[str] = Membership.Right.values) -> QuerySet[Mandate]:
    """The mandates in force of the organisations where a person is confirmed, with one of these rights."""
    mine = user.memberships.filter(state=Membership.State.CONFIRMED, right__in=rights)
    return Mandate.objects.filter(in_force(), mandatary__in=mine.values("organisation"))


def mandated_files(user: User, rights: Iterable[str] = Membership.Right.values) -> QuerySet[Application]:
    """The files that a mandate opens to a person: those that the principal leads, in the call of the mandate."""
    same_call = Q(call=None) | Q(call=OuterRef("call"))
    covering = held_by(user, rights).filter(same_call, principal=OuterRef("lead"))
    return Application.objects.exclude(state=states.ABANDONED).filter(Exists(covering), erasure=None)


def mandate_over(
    user: User, organisation: Organisation, call: Call, rights: Iterable[str] = WRITING_RIGHTS
) -> Mandate | None:
    """The mandate under which a person may write the files of an organisation in a call; the longest when several."""
    found = held_by(user, rights).filter(Q(call=None) | Q(call=call), principal=organisation)
    return found.select_related("mandatary").order_by("-until_on", "pk").first()


def principals_of(user: User, call: Call) -> QuerySet[Organisation]:
    """The organisations for which a person may begin a file of this call under a mandate."""
    covering = held_by(user, WRITING_RIGHTS).filter(Q(call=None) | Q(call=call))
    found = Organisation.objects.filter(pk__in=covering.values("principal"))
    return found.select_related("commune__department").order_by("name", "pk")


def mandates_of(user: User) -> QuerySet[Mandate]:
    """Those given by, and to, the organisations where a person is confirmed; the latest first."""
    if not user.is_authenticated:
        return Mandate.objects.none()
    mine = user.memberships.filter(state=Membership.State.CONFIRMED).values("organisation")
    either = Q(principal__in=mine) | Q(mandatary__in=mine)
    return Mandate.objects.exclude(state=states_mandate.PREPARED).filter(either).select_related(*LOOK)


def mandates_on(application: Application) -> QuerySet[Mandate]:
    """The mandates in force over a file."""
    found = Mandate.objects.filter(in_force(), Q(call=None) | Q(call=application.call_id))
    return found.filter(principal=application.lead_id).select_related("mandatary", "call").order_by("pk")


@dataclass(frozen=True)
class Help:
    """What one person wrote in a file for its organisation, under one mandate."""

    writing: MandateWriting
    what: str


def help_received(application: Application) -> list[Help]:
    """Everything written under a mandate, in order; labels are those of the call today."""
    rows = application.mandate_writings.select_related("by", "mandate__mandatary").order_by("first_at", "pk")
    found = list(rows)
    words = labels_of(application) if found else {}
    return [Help(row, words.get(row.what, row.what)) for row in found]


def labels_of(application: Application) -> Mapping[str, str]:
    call = application.call
    return {
        "begin": "brouillon commencé",
        **{f"section:{s.code}": f"section « {s.title} »" for s in call.sections.all()},
        **{f"piece:{p.code}": f"pièce « {p.label} »" for p in call.piece_types.all()},
        **{f"condition:{r.code}": f"condition « {r.label} »" for r in call.eligibility_rules.all()},
    }
