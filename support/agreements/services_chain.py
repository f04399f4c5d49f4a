"""What follows an agreement: framework, amendments, linked agreements, end. Each has its own text and signatures."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from applications.models import DecisionLine
from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.core.calendar import day_of
from portal.core.rules import Refused, require
from portal.core.typography import choose, format_amount, format_date
from portal.core.words import number_in_words
from portal.core.workflow import fire

from . import states
from .documents import listed, name_of, party_name
from .models import Agreement, Party
from .parties import write_parties
from .queries import next_number
from .queries_chain import bearer, next_amendment, terms_of
from .rules import can_lapse
from .sequels import FRAMEWORK_HEADING, FRAMEWORK_MONTHS, amendment_text, framework_text, linked_text

Change, Kind = Agreement.Change, Agreement.Kind
KEPT = (
    "organisation", "side", "representative_title", "representative_name", "act_kind", "act_body", "delegation",
    "delegated_on",
)  # fmt: skip


def in_force(key: int) -> Agreement:
    """The agreement, locked, while it binds. Raises `Refused`."""
    agreement = Agreement.objects.select_for_update(of=("self",)).select_related("call").get(pk=key)
    if agreement.state != states.IN_FORCE:
        raise Refused("Cette convention n’est pas en vigueur.")
    return agreement


@transaction.atomic
def open_framework(*, agreement: Agreement, starts_on: date, by: User, at: datetime) -> Agreement:
    """The framework agreement that follows an accession, same parties, to be authorised anew. Raises `Refused`."""
    parent = in_force(agreement.pk)
    if parent.kind != Kind.SUPPORT or parent.follow_on_months is None:
        raise Refused("Aucune convention-cadre ne suit cette convention.")
    if parent.sequels.filter(kind=Kind.FRAMEWORK, state__in=states.LIVING).exists():
        raise Refused("La convention-cadre est déjà ouverte.")
    made = sequel(
        parent, Kind.FRAMEWORK, next_number(parent.call), FRAMEWORK_HEADING, by, at, starts_on=starts_on,
        months=FRAMEWORK_MONTHS, articles=framework_text(),
    )  # fmt: skip
    follow(made, bearer(parent, (Change.PERIMETER, Change.PARTIES, Change.MERGER)))
    return made


@transaction.atomic
def open_amendment(
    *,
    agreement: Agreement,
    change: str,
    by: User,
    at: datetime,
    months: int | None = None,
    amount: Decimal | None = None,
    lines: Sequence[DecisionLine] = (),
) -> Agreement:
    """An amendment of one kind, with its own circuit. Raises `Refused` when it would change nothing."""
    parent = in_force(agreement.pk)
    if parent.kind == Kind.AMENDMENT:
        raise Refused("Un avenant ne se modifie pas : modifiez la convention par un nouvel avenant.")
    if parent.sequels.filter(kind=Kind.AMENDMENT, state__in=[states.DRAFTING, states.SIGNING]).exists():
        raise Refused("Un avenant de cette convention est déjà en cours.")
    terms, n = terms_of(parent), next_amendment(parent)
    source = bearer(parent, (Change.PERIMETER, Change.PARTIES, Change.MERGER))
    before = told_before(parent, source, change, months, amount, lines)
    made = sequel(
        parent, Kind.AMENDMENT, f"{parent.number}-AV{n}", f"Avenant n° {n}", by, at, change=change,
        starts_on=terms.starts_on, months=months or terms.months,
        amount=terms.amount if amount is None else amount,
        articles=amendment_text(change, before, parent.number),
    )  # fmt: skip
    follow(made, source, lines)
    if change == Change.MERGER:
        substitute(made)
    return made


def told_before(
    parent: Agreement,
    source: Agreement,
    change: str,
    months: int | None,
    amount: Decimal | None,
    lines: Sequence[DecisionLine],
) -> str:
    """What the agreement says today of what changes. Raises `Refused` when nothing would change."""
    terms = terms_of(parent)
    if change == Change.DURATION:
        if months is None or months == terms.months:
            raise Refused("Indiquez une durée différente de la durée actuelle.")
        return f"{number_in_words(terms.months)} {choose(terms.months, 'mois', 'mois')}"
    if change == Change.AMOUNT:
        if amount is None or amount == terms.amount:
            raise Refused("Indiquez un montant différent du montant actuel.")
        return format_amount(terms.amount) if terms.amount is not None else "aucune aide en numéraire"
    if change == Change.PERIMETER:
        bound = set(source.beneficiaries.values_list("pk", flat=True))
        if not lines or {line.pk for line in lines} == bound:
            raise Refused("Choisissez un périmètre différent du périmètre actuel.")
        return listed(
            name_of(line.application.lead) for line in source.beneficiaries.select_related("application__lead")
        )
    if change == Change.MERGER:
        return mergers_told(source)
    return listed(party_name(party) for party in source.parties.exclude(side=Party.Side.WITNESS))


def merged_parties(source: Agreement) -> list[Party]:
    """The parties that another body has replaced since; a takeover may already have passed their place to the heir."""
    return [party for party in source.parties.select_related("organisation__merged_into") if heirs_of(party)]


def heirs_of(party: Party) -> Iterable[Organisation]:
    """The bodies of which the party stands for, or that stand for it."""
    heir = party.organisation.merged_into
    return [heir] if heir else list(party.organisation.predecessors.all())


def mergers_told(source: Agreement) -> str:
    """« La commune de X est remplacée par Y le 1er janvier 2018. » Raises `Refused` when no party has merged."""
    found = []
    for party in merged_parties(source):
        old = [party.organisation] if party.organisation.merged_into else list(party.organisation.predecessors.all())
        found += [
            f"{body.name} est remplacé par {body.merged_into.name} depuis le {format_date(body.merged_on)}."
            for body in old
        ]
    if not found:
        raise Refused("Aucune partie n’a été remplacée par un autre organisme.")
    return " ".join(found)


def substitute(made: Agreement) -> None:
    """The heir signs in the place of those that it replaces, once."""
    for party in made.parties.select_related("organisation__merged_into"):
        heir = party.organisation.merged_into
        if heir is None:
            continue
        if made.parties.filter(organisation=heir).exists():
            party.delete()
        else:
            Party.objects.filter(pk=party.pk).update(organisation=heir)


@transaction.atomic
def open_linked(
    *,
    call: Call,
    lines: Sequence[DecisionLine],
    title: str,
    starts_on: date,
    months: int,
    by: User,
    at: datetime,
) -> Agreement:
    """One agreement on one subject for some of the laureates already bound to the call. Raises `Refused`."""
    Call.objects.select_for_update().get(pk=call.pk)
    bound = Agreement.objects.filter(call=call, kind=Kind.SUPPORT, state=states.IN_FORCE)
    free = [str(line.application.lead) for line in lines if not bound.filter(beneficiaries=line).exists()]
    if not lines:
        raise Refused("Choisissez au moins une commune.")
    if free:
        raise Refused(f"Aucune convention en vigueur ne lie : {', '.join(free)}.")
    made = Agreement.objects.create(
        call=call, kind=Kind.LINKED, number=next_number(call), title=title[:200], heading="Convention liée",
        articles=linked_text(title.rstrip(".") + "."), starts_on=starts_on, months=months, created_at=at, created_by=by,
    )  # fmt: skip
    made.beneficiaries.set(lines)
    write_parties(made, call.owner, list(lines))
    unauthorised(made)
    return made


def sequel(
    parent: Agreement, kind: str, number: str, heading: str, by: User, at: datetime, **told: object
) -> Agreement:
    return Agreement.objects.create(
        call=parent.call, parent=parent, kind=kind, number=number, heading=heading, title=parent.title, created_at=at,
        created_by=by, **told,
    )  # fmt: skip


def follow(made: Agreement, source: Agreement, lines: Sequence[DecisionLine] = ()) -> None:
    """The same files (or those given) and the same parties, each to be authorised anew by its own act."""
    made.beneficiaries.set(lines or source.beneficiaries.all())
    leads = set(made.beneficiaries.values_list("application__lead", flat=True))
    gone = set(source.beneficiaries.values_list("application__lead", flat=True)) - leads
    for party in source.parties.exclude(organisation__in=gone):
        Party.objects.create(agreement=made, position=party.position, **{name: getattr(party, name) for name in KEPT})
    missing = leads - set(made.parties.values_list("organisation", flat=True))
    for position, organisation in enumerate(sorted(missing), made.parties.count() + 1):
        Party.objects.create(
            agreement=made, position=position, organisation_id=organisation, side=Party.Side.BENEFICIARY,
            representative_title="Le Maire", act_body="du conseil municipal",
        )  # fmt: skip


def unauthorised(made: Agreement) -> None:
    """A decision or a resolution that authorised another text does not authorise this one."""
    made.parties.update(act_number="", act_on=None)


@transaction.atomic
def terminate(*, agreement: Agreement, ended_on: date, reason: str, by: User, at: datetime) -> None:
    """The parties put an end to it. Raises `Refused`."""
    if agreement.effective_on and ended_on < agreement.effective_on:
        raise Refused("La résiliation ne peut pas précéder l’entrée en vigueur.")
    fire(agreement, states.TERMINATE, by=by, at=at, reason=reason, stamps={"ended_on": ended_on})


@transaction.atomic
def lapse(*, agreement: Agreement, reason: str, by: User, at: datetime) -> None:
    """Signatures are wanting past the date that the text sets: the place is free again. Raises `Refused`."""
    today = day_of(at)
    require(can_lapse(Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk), today))
    fire(agreement, states.LAPSE, by=by, at=at, reason=reason, stamps={"ended_on": today})


@transaction.atomic
def abandon(*, agreement: Agreement, reason: str, by: User, at: datetime) -> None:
    """A draft that will not be sent. Raises `Refused`."""
    fire(agreement, states.ABANDON, by=by, at=at, reason=reason)
