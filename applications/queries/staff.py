"""Questions of the staff: the communes of a call, begun or not, the decision, its letters and its laureates.

Nothing here reads the content of a draft.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from calls.models import Call, CallRole, Stratum
from calls.queries import HeldRoles, active_roles, calls_staffed_by, communes_in, communes_of_perimeter
from calls.queries_perimeter import population_basis
from portal.accounts.models import Membership, User
from portal.core.models import AccessRecord, OutboundEmail
from portal.territories.models import Commune, PopulationFigure
from portal.territories.queries_facts import communes_with

from .. import states
from ..models import (
    Application,
    ApplicationMember,
    CompletionRequest,
    Decision,
    DecisionLine,
    DecisionNotice,
    OpinionRequest,
    SectionAnswers,
)
from ..rules import staff as rules_staff
from .completion import waiting_for_answer
from .files import LIVE_ROLES

NOT_BEGUN = "not_begun"
NOTICE_MAIL = "decision_notice"
OPENING_MAIL = "call.invitation"
MEMBERS = "organisation__application_members"


# --- the communes of a call ---------------------------------------------------------------------------------------


def communes_table(
    call: Call,
    *,
    scope: frozenset[str] | None = None,
    strata: Collection[Stratum] = (),
    notified: bool = False,
    stage: str = "",
) -> QuerySet[Commune]:
    """Every commune invited, with what has begun and never its content; `notified`: only outcomes already told.

    One file a commune: that of `stage`, or the latest of the two stages. Rows bear `situation` ("not_begun" or the
    state of the file), `file_uuid`, `file_number`, `file_track` and `file_window` (keys), `activity_at`,
    `begun_sections`, `outcome`, `opening_mail` (state of the mail of the opening), `population` (inhabitants, of the
    kind and year of the strata); `file_officer` (key) and its name, `opinions_asked`, `opinions_given`,
    `completion_due` (until when the commune completes its file).
    """
    live = Q(
        organisation__application_members__call=call,
        organisation__application_members__role__in=LIVE_ROLES,
        organisation__application_members__confirmed_at__isnull=False,
        organisation__application_members__left_at__isnull=True,
    )
    live &= Q(**{f"{MEMBERS}__stage": stage} if stage else {f"{MEMBERS}__current": True})
    return with_population(communes_of_perimeter(call, scope), strata).annotate(
        member=FilteredRelation(MEMBERS, condition=live),
        file=F("member__application_id"),
        file_uuid=F("member__application__uuid"),
        file_number=F("member__application__number"),
        file_track=F("member__application__track_id"),
        file_window=F("member__application__window_id"),
        file_officer=F("member__application__officer_id"),
        file_officer_name=F("member__application__officer__full_name"),
        opinions_asked=Coalesce(opinions_of(states.OPINION_ASKED, states.GIVEN), Value(0)),
        opinions_given=Coalesce(opinions_of(states.GIVEN), Value(0)),
        completion_due=Subquery(awaited_completions().values("due_at")[:1]),
        situation=Coalesce(F("member__application__state"), Value(NOT_BEGUN), output_field=CharField()),
        activity_at=F("member__application__last_activity_at"),
        begun_sections=Coalesce(begun_sections(), Value(0)),
        outcome=Coalesce(Subquery(latest_lines(notified).values("outcome")[:1]), Value("")),
        opening_mail=Coalesce(Subquery(opening_mails(call).values("state")[:1]), Value("")),
    )


def other_files(call: Call, scope: frozenset[str] | None) -> QuerySet[ApplicationMember]:
    """The leads that are no communes, with their files, which the table does not hold; none for a role of some."""
    leads = ApplicationMember.objects.filter(
        call=call, role=ApplicationMember.Role.LEAD, left_at=None, current=True, organisation__commune=None
    )
    leads = leads if scope is None else leads.none()
    return leads.select_related("application", "organisation").order_by("organisation__name", "pk")


def with_population(communes: QuerySet[Commune], strata: Collection[Stratum]) -> QuerySet[Commune]:
    """`population`: a join when the call says which year (one figure per commune), else the latest one, looked up.

    The look-up would be done again for each count by stratum: at ten thousand communes, most of the page's time.
    """
    kind, year = population_basis(strata)
    if year is None:
        return communes.annotate(population=Subquery(latest_figures(kind).values("value")[:1]))
    counted = Q(populations__kind=kind, populations__year=year)
    return communes.annotate(figure=FilteredRelation("populations", condition=counted), population=F("figure__value"))


def begun_sections() -> Subquery:
    """How many sections hold something: all that staff know of a draft."""
    counted = (
        SectionAnswers.objects.filter(application_id=OuterRef("member__application_id"), answered__gt=0)
        .order_by()
        .values("application_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Subquery(counted, output_field=IntegerField())


def opinions_of(*which: str) -> Subquery:
    """How many opinions of the file of a row are in these states."""
    counted = (
        OpinionRequest.objects.filter(application_id=OuterRef("member__application_id"), state__in=which)
        .order_by()
        .values("application_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Subquery(counted, output_field=IntegerField())


def awaited_completions() -> QuerySet[CompletionRequest]:
    """What the commune of a row is asked to complete."""
    return CompletionRequest.objects.filter(application_id=OuterRef("member__application_id"), state=states.AWAITED)


def opening_mails(call: Call) -> QuerySet[OutboundEmail]:
    """The mail that told the town hall of a row that the call was open."""
    address = OuterRef("organisation__official_email")
    return OutboundEmail.objects.filter(kind=OPENING_MAIL, object_key=f"call:{call.slug}", recipient=address)


def latest_lines(notified: bool) -> QuerySet[DecisionLine]:
    """The lines about the file of a row, the one in force first; with `notified`, those that the commune was told."""
    lines = DecisionLine.objects.filter(application_id=OuterRef("member__application_id"))
    if notified:
        lines = lines.filter(decision__notified_at__isnull=False)
    return lines.order_by("-decision__recorded_at", "-pk")


def latest_figures(kind: str) -> QuerySet[PopulationFigure]:
    return PopulationFigure.objects.filter(commune=OuterRef("insee"), kind=kind).order_by("-year")


GROUPS: dict[str, Q] = {
    "deposited": Q(situation__in=states.DEPOSITED | states.ANSWERED_INTENT),
    "draft": Q(situation=states.DRAFT),
    "none": Q(situation=NOT_BEGUN),
    "withdrawn": Q(situation=states.WITHDRAWN),
    "admissible": Q(situation=states.ADMISSIBLE),
    "to_examine": Q(situation=states.SUBMITTED),
    "passed": Q(situation=states.ADMISSIBLE)
    | Q(situation=states.DECIDED) & ~Q(outcome=DecisionLine.Outcome.INADMISSIBLE),
}


def counts_of(table: QuerySet[Commune]) -> dict[str, int]:
    """How many communes of the table are in each group, and `total`: one query."""
    return table.aggregate(total=Count("pk"), **{name: Count("pk", filter=where) for name, where in GROUPS.items()})


def in_stratum(stratum: Stratum) -> Q:
    """The communes of a stratum; by population, lower bound included, upper excluded."""
    if stratum.kind == Stratum.Kind.APPLICANT:  # of communes, all or none
        return Q(insee__gt="") if "commune" in stratum.codes else Q(pk__in=[])
    if stratum.kind == Stratum.Kind.ATTRIBUTE:
        return Q(insee__in=communes_with(stratum.attribute, stratum.codes).values("insee"))
    if stratum.kind != Stratum.Kind.POPULATION:
        return communes_in(stratum.perimeter_kind or Call.PerimeterKind.COMMUNES, stratum.codes)
    inside = Q(population__gte=stratum.lower)
    return inside if stratum.upper is None else inside & Q(population__lt=stratum.upper)


def commune_row(
    call: Call, insee: str, *, scope: frozenset[str] | None, strata: Collection[Stratum], notified: bool = False
) -> Commune | None:
    """One commune of the table, or None when it is not of the perimeter (or of the person's scope)."""
    table = communes_table(call, scope=scope, strata=strata, notified=notified)
    return table.select_related("organisation", "department", "intercommunality").filter(insee=insee).first()


def approvers_of(call: Call, asking: User, at: datetime) -> QuerySet[User]:
    """Who may confirm what `asking` writes out: managers and signatories of the owner, managers of the call."""
    rights = (Membership.Right.MANAGER, Membership.Right.SIGNATORY)
    confirmed = Membership.objects.filter(
        organisation=call.owner_id, right__in=rights, state=Membership.State.CONFIRMED
    )
    managers = CallRole.objects.filter(active_roles(at), call=call, role=CallRole.Role.MANAGER)
    either = Q(pk__in=confirmed.values("user_id")) | Q(pk__in=managers.values("user_id"))
    return User.objects.filter(either, is_active=True).exclude(pk=asking.pk).order_by("full_name", "email")


# --- the decision and its letters ---------------------------------------------------------------------------------


def files_to_decide(call: Call) -> QuerySet[Application]:
    """Files with a verdict of admissibility and no decision yet, by number."""
    files = call.applications.filter(state__in=states.DECIDE.sources)
    return files.select_related("lead__commune").order_by("number")


def files_unexamined(call: Call) -> QuerySet[Application]:
    """Files that await their verdict of admissibility, the oldest deposit first."""
    return call.applications.filter(state=states.SUBMITTED).select_related("lead").order_by("number")


def files_to_examine(held: HeldRoles, call: Call) -> QuerySet[Application]:
    """Those that await it from whoever holds these roles of the call, within the scope of each, and from no commune."""
    scope = held.scope(*rules_staff.EXAMINING)
    files = files_unexamined(call).exclude(pk__in=waiting_for_answer().values("application"))
    return files if scope is None else files.filter(lead__commune_id__in=scope)


def decisions_of(call: Call) -> QuerySet[Decision]:
    return call.decisions.select_related("recorded_by", "notified_by").order_by("-recorded_at", "-pk")


def lines_of(decision: Decision) -> QuerySet[DecisionLine]:
    """The lines as an act lists them: selected by rank, reserve by rank, not selected, inadmissible."""
    order = [When(outcome=code, then=n) for n, code in enumerate(DecisionLine.Outcome.values)]
    lines = decision.lines.select_related("decision__call", "application__lead__commune", "notice__document")
    return lines.annotate(place=Case(*order, output_field=IntegerField())).order_by(
        "place", "ranking", F("rank").asc(nulls_last=True), "application__number"
    )


def decisions_for_staff(user: User, at: datetime, roles: Collection[str] = rules_staff.READING) -> QuerySet[Decision]:
    """The decisions of the calls where a person holds one of these roles over the whole call."""
    calls = calls_staffed_by(user, at, *roles, whole=True).values("pk")
    return Decision.objects.filter(call__in=calls).select_related("call__owner__profile")


def notices_for_staff(user: User, at: datetime) -> QuerySet[DecisionNotice]:
    """The letters that a person may read by a role."""
    decisions = decisions_for_staff(user, at)
    return DecisionNotice.objects.filter(line__decision__in=decisions).select_related(
        "line__decision__call__owner__profile", "line__application__lead__commune", "document__file", "read_by"
    )


def was_opened(notice: DecisionNotice, user: User) -> bool:
    """Whether this person opened the present version of the letter."""
    return AccessRecord.objects.filter(user=user, what=OPENED, object_key=document_key(notice)).exists()


OPENED = "lettre ouverte"


def document_key(notice: DecisionNotice) -> str:
    return f"document:{notice.document_id}"


def line_in_force(application: Application, *, notified: bool = False) -> DecisionLine | None:
    """What the latest decision says of a file; with `notified`, the latest that the commune was told."""
    lines = application.decision_lines.select_related("decision", "notice__document__file")
    if notified:
        lines = lines.filter(decision__notified_at__isnull=False)
    return lines.order_by("-decision__recorded_at", "-pk").first()


def members_of(application: Application) -> QuerySet[ApplicationMember]:
    """The organisations of a file, the lead first."""
    members = application.members.filter(role__in=LIVE_ROLES, confirmed_at__isnull=False, left_at__isnull=True)
    lead_first = Case(When(role=ApplicationMember.Role.LEAD, then=0), default=1)
    return members.select_related("organisation__commune").order_by(lead_first, "pk")


def recipients_by_file(files: Iterable[int]) -> dict[int, list[str]]:
    """Who receives the letter of each file (by primary key): the confirmed people who sign, write or manage for its
    organisations, else the official address of an organisation that has nobody. Two queries."""
    members = ApplicationMember.objects.filter(
        application__in=files, role__in=LIVE_ROLES, confirmed_at__isnull=False, left_at__isnull=True
    )
    members = members.select_related("organisation").order_by("pk")
    people = receivers(organisation__in=[member.organisation_id for member in members])
    addresses: dict[int, list[str]] = defaultdict(list)
    for organisation, address in people.order_by("pk").values_list("organisation_id", "user__email"):
        addresses[organisation].append(address)
    found: dict[int, list[str]] = defaultdict(list)
    for member in members:
        official = [member.organisation.official_email] if member.organisation.official_email else []
        known = found[member.application_id]
        known += [a for a in addresses[member.organisation_id] or official if a not in known]
    return dict(found)


def notice_period(decision: Decision) -> str:
    """What tells the mails of one decision from those of another about the same file."""
    return str(decision.uuid)


def receivers(**organisations: Any) -> QuerySet[Membership]:
    """The confirmed people who sign, write or manage for the organisations of a look-up."""
    rights = (Membership.Right.SIGNATORY, Membership.Right.EDITOR, Membership.Right.MANAGER)
    return Membership.objects.filter(
        right__in=rights, state=Membership.State.CONFIRMED, user__is_active=True, **organisations
    )
