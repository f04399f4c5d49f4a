"""Who writes which publication; what the portal knows of a project; the texts that everyone reads."""

from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Func, Q, QuerySet

from applications.rules.files import confirmed_writer
from calls.queries import roles_held, within_scope
from portal.accounts.models import Organisation, User
from portal.core.calendar import day_of
from portal.core.typography import format_amount, format_date, format_quantity
from portal.territories.models import Commune
from portal.territories.queries import latest_population
from support.money.models import FundingRequest
from support.plan.models import LogEntry, SupportPlan

from .drafting import Known
from .models import Publication

# Lookups from a publication.
CALL, COMMUNE = "plan__application__call_id", "plan__application__lead__commune_id"
# French text search that forgives accents: made by the first migration of publications.
FRENCH = "public.portal_french"
OBTAINED = (FundingRequest.Status.GRANTED, FundingRequest.Status.PAID)


def publications_visible_to(user: User, at: datetime) -> QuerySet[Publication]:
    """Those that a person writes, reads again or publishes: the team of the call, the communes of the project."""
    staffed = within_scope(user, at, "manager", "adviser", call=CALL, commune=COMMUNE)
    own = Q(plan=None, owner__in=owners_for(user, at).values("pk"))
    rows = Publication.objects.filter(staffed | own | Q(pk__in=of_communes(user).values("pk")))
    return rows.select_related("owner__profile", "plan__application__lead", "plan__application__call")


def of_communes(user: User) -> QuerySet[Publication]:
    """Those of the projects for which the person writes: lead or confirmed co-applicant."""
    return Publication.objects.filter(
        plan__application__members__organisation__in=confirmed_writer(user).values("organisation"),
        plan__application__members__confirmed_at__isnull=False,
        plan__application__members__left_at=None,
    )


def owners_for(user: User, at: datetime) -> QuerySet[Organisation]:
    """The organisers in whose name a person publishes: those of the calls that they manage."""
    return Organisation.objects.filter(calls__in=roles_held(user, at, "manager").values("call_id")).distinct()


def texts_of(publication: Publication) -> dict[str, str]:
    """By code of section, what is written."""
    return dict(publication.sections.values_list("code", "text"))


# --- what is known of a project ----------------------------------------------------------------------------------


def known_of(plan: SupportPlan, at: datetime) -> Known:
    """What a first draft may say of the project: shared entries only, aids obtained only."""
    phases = list(plan.phases.all())
    shared = plan.log.filter(
        visibility=LogEntry.Visibility.SHARED, kind__in=[LogEntry.Kind.VISIT, LogEntry.Kind.MEETING]
    )
    fundings = plan.funding_requests.filter(status__in=OBTAINED).order_by("pk")
    measures = plan.measures.select_related("indicator").order_by("measured_on", "pk")
    parties = plan.agreement.parties.exclude(side="beneficiary").select_related("organisation")
    return Known(
        done=[(phase.deliverable or phase.title, phase.done_on) for phase in phases if phase.done_on],
        visits=list(shared.order_by("happened_on").values_list("title", "happened_on")),
        partners=[party.organisation.name for party in parties],
        days=sum(plan.log.values_list("days", flat=True)),
        fundings=[(named(row), row.amount, row.get_status_display()) for row in fundings],
        measures=[(m.indicator.label, m.value, m.indicator.unit, m.measured_on, m.source) for m in measures],
        next_steps=[(p.title, p.ends_on) for p in phases if not p.done_on and p.ends_on >= day_of(at)],
    )


def named(row: FundingRequest) -> str:
    return f"{row.funder}, {row.scheme}" if row.scheme else row.funder


def identity_of(publication: Publication) -> list[tuple[str, str]]:
    """The identity card: (label, value), from the programme's rows, never typed."""
    plan = publication.plan
    if plan is None:
        return []
    call, commune = plan.application.call, plan.application.lead.commune
    rows = place_rows(commune) if commune else [("Porteur", plan.application.lead.name)]
    rows.append(("Programme", f"{call.title} {call.edition}"))
    rows.append(("Accompagnement", f"depuis le {format_date(plan.starts_on)}"))
    if publication.cost is not None:
        rows.append(("Coût du projet, hors taxes", format_amount(publication.cost)))
    funders = plan.funding_requests.filter(status__in=OBTAINED).order_by("pk")
    if names := [f"{named(row)} : {format_amount(row.amount)}" for row in funders]:
        rows.append(("Aides obtenues", " ; ".join(names)))
    return rows


def place_rows(commune: Commune) -> list[tuple[str, str]]:
    rows = [("Commune", commune.name), ("Code Insee", commune.insee)]
    if population := latest_population(commune):
        inhabitants = format_quantity(population.value, "habitant", "habitants")
        rows.append(
            ("Population", f"{inhabitants} ({population.get_kind_display()} {population.year}, {population.source})")
        )
    if commune.intercommunality:
        rows.append(("Intercommunalité", commune.intercommunality.name))
    return rows


# --- what everyone reads -----------------------------------------------------------------------------------------


def public_library() -> QuerySet[Publication]:
    """The published texts, the last first."""
    rows = Publication.objects.filter(current__isnull=False)
    return rows.select_related("current", "commune", "owner").order_by("-published_at", "-pk")


def saying(rows: QuerySet[Publication], text: str) -> QuerySet[Publication]:
    """The texts that hold these words in French, whatever their accents and endings, the best first."""
    query = SearchQuery(text[:100], config=FRENCH, search_type="websearch")
    return (
        rows.filter(search=query)
        .annotate(rank=SearchRank(F("search"), query))
        .order_by("-rank", "-published_at", "-pk")
    )


def themes_met() -> list[str]:
    """The themes of the published texts."""
    each = Publication.objects.filter(current__isnull=False).order_by()
    return list(
        each.annotate(value=Func("public_themes", function="unnest")).values_list("value", flat=True).distinct()
    )


def between(rows: QuerySet[Publication], column: str, low: int, high: int | None) -> QuerySet[Publication]:
    """Those whose figure is known and within [low, high[."""
    rows = rows.filter(**{f"{column}__gte": low})
    return rows if high is None else rows.filter(**{f"{column}__lt": high})
