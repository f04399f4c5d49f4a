"""The eligibility rules of a file: what they say of it, what people wrote and ruled about them.

One source for the page of the applicant, the deposit, the staff, the jury and the letters.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from calls.conditions import Facts, Selection
from calls.definition.eligibility import BY_A_PERSON
from calls.eligibility import RulingFact, Verdict, with_rulings
from calls.models import Call
from calls.queries import verdicts_for
from calls.queries_applicants import facts_of_organisation
from calls.queries_rules import rules_of
from portal.accounts.models import Organisation, User
from portal.core.calendar import day_of
from portal.core.typography import format_date

from .. import states
from ..models import Application, ApplicationMember, Deposit, Ruling
from .files import LIVE_ROLES, applications_visible_to
from .laureates import selected_lines

DEAD = (states.WITHDRAWN, states.NOT_KEPT, states.ABANDONED)


@dataclass(frozen=True)
class Condition:
    """One rule of a file as people read it; `rule` is None when the call has it no more."""

    verdict: Verdict
    rule: Any = None
    justification: str = ""

    @property
    def code(self) -> str:
        return self.verdict.code

    @property
    def by_a_person(self) -> bool:
        """Whether a person alone tells it: a declaration, a judgement."""
        return self.rule is not None and self.rule.kind in BY_A_PERSON


# --- facts -------------------------------------------------------------------------------------------------------


def facts_of_candidates(
    application: Application,
    facts: Facts,
    at: datetime,
    user: User | None = None,
    others: Collection[ApplicationMember] | None = None,
) -> Facts:
    """The facts of a file with the others of the group, their other live files, and the day of the deposit.

    `others`: the co-applicants, when they were read already.
    """
    others = list(co_applicants_of(application)) if others is None else others
    organisations = [application.lead, *(member.organisation for member in others)]
    held = other_files(organisations, application.call, but=application, user=user)
    common = {"track": facts.track, "received_on": day_of(at), "in_file": True}
    partners = [
        facts_of_organisation(organisation, other_files=held[organisation.pk], **common)
        for organisation in organisations[1:]
    ]
    return replace(facts, partners=tuple(partners), other_files=held[application.lead_id], **common)


def co_applicants_of(application: Application) -> QuerySet[ApplicationMember]:
    """Who applies with the lead and has confirmed it, by name: whoever leaves and comes back changes nothing."""
    confirmed = application.members.filter(role=ApplicationMember.Role.MEMBER, confirmed_at__isnull=False, left_at=None)
    return confirmed.select_related("organisation").order_by("organisation__name", "organisation_id")


def other_files(
    organisations: Collection[Organisation],
    call: Call,
    *,
    but: Application | None = None,
    user: User | None = None,
) -> dict[int, tuple[str, ...]]:
    """The other live files of the call that each organisation, or another of its commune, takes part in.

    A file is named for whom may see it; for anyone else, and on paper, it is an empty text.
    """
    communes = {o.commune_id for o in organisations if o.commune_id}
    who = Q(organisation__in=[o.pk for o in organisations]) | Q(organisation__commune__in=communes)
    rows = ApplicationMember.objects.filter(
        who, call=call, role__in=LIVE_ROLES, confirmed_at__isnull=False, left_at=None, current=True
    ).exclude(application__state__in=DEAD)
    rows = rows.exclude(application=but) if but is not None else rows
    found = list(rows.select_related("application", "organisation").order_by("application_id"))
    names = names_of([row.application for row in found], user)
    return {
        o.pk: tuple(names[key] for key in dict.fromkeys(row.application_id for row in found if holds_of(o, row)))
        for o in organisations
    }


def holds_of(organisation: Organisation, row: ApplicationMember) -> bool:
    """Whether a member of a file is this organisation, or another one of its commune."""
    commune = organisation.commune_id
    return row.organisation_id == organisation.pk or (commune is not None and row.organisation.commune_id == commune)


def with_other_files(facts: Facts, organisation: Organisation, call: Call, user: User | None = None) -> Facts:
    """The facts of an applicant that has no file of its own yet, with those that it takes part in."""
    return replace(facts, other_files=other_files([organisation], call, user=user)[organisation.pk])


def names_of(files: Iterable[Application], user: User | None) -> dict[int, str]:
    """« TPS-2027-0007 », or « commencée le 3 mars 2027 », for whom may see the file; else nothing."""
    every = list(files)
    seen = applications_visible_to(user).filter(pk__in=[file.pk for file in every]) if user and every else []
    visible = {file.pk for file in seen}
    return {
        file.pk: (file.number or f"commencée le {format_date(file.created_at)}") if file.pk in visible else ""
        for file in every
    }


def selections(keys: Collection[str]) -> Mapping[str, tuple[Selection, ...]]:
    """The calls that selected these applicants (INSEE code or SIREN), of the decisions already told; two queries."""
    members = ApplicationMember.objects.filter(
        Q(organisation__commune__in=keys) | Q(organisation__siren__in=keys),
        role__in=LIVE_ROLES, confirmed_at__isnull=False, left_at=None, application__state=states.DECIDED,
    ).select_related("organisation")  # fmt: skip
    rows = list(members)
    lines = selected_lines({row.call_id for row in rows}, notified=True)
    chosen = {
        line.application_id: selection_of(line.application)
        for line in lines.filter(application__in={row.application_id for row in rows}).select_related(
            "application__call__programme", "application__track"
        )
    }
    found: dict[str, tuple[Selection, ...]] = {}
    for row in sorted(rows, key=lambda member: member.application_id):
        if row.application_id in chosen:
            for key in {row.organisation.commune_id, row.organisation.siren} & set(keys):
                found[key] = (*found.get(key, ()), chosen[row.application_id])
    return found


def selection_of(application: Application) -> Selection:
    call, track = application.call, application.track
    place = f", volet « {track.label} »" if track else ""
    return Selection(
        call=call.slug,
        programme=call.programme.code,
        edition=call.edition,
        track=track.code if track else "",
        label=f"{call.title}, édition {call.edition}{place}",
    )


# --- verdicts ----------------------------------------------------------------------------------------------------


def verdicts_of(application: Application, facts: Facts, at: datetime, user: User | None = None) -> list[Verdict]:
    """What each rule says of a file as it stands, before what persons rule."""
    return verdicts_for(application.call, facts_of_candidates(application, facts, at, user))


def ruled(application: Application, verdicts: Iterable[Verdict], deposit: Deposit | None = None) -> list[Verdict]:
    """The verdicts with what persons ruled. A check made on an earlier deposit says nothing of this one."""
    rows = application.rulings.exclude(state=states.OPEN).select_related("by")
    if deposit is not None:
        rows = rows.exclude(subject=Ruling.Subject.CHECK, at__lt=deposit.received_at)
    return with_rulings(verdicts, [ruling_fact(row) for row in rows])


def ruling_fact(row: Ruling) -> RulingFact:
    who = ", ".join(filter(None, (str(row.by), row.quality)))
    return RulingFact(row.rule_code, row.state, who, day_of(row.at), row.reason)  # type: ignore[arg-type]


def conditions_of(deposit: Deposit) -> list[Condition]:
    """The rules of a deposit: frozen verdicts and explanations, then what persons ruled since."""
    application = deposit.application
    rules = {rule.code: rule for rule in rules_of(application.call)}
    frozen = list(deposit.verdicts.all())
    texts = {row.rule_code: row.justification for row in frozen}
    verdicts = ruled(application, [frozen_verdict(row, rules.get(row.rule_code)) for row in frozen], deposit)
    return [Condition(verdict, rules.get(verdict.code), texts[verdict.code]) for verdict in verdicts]


def frozen_verdict(row: Any, rule: Any) -> Verdict:
    return Verdict(
        row.rule_code,
        row.outcome,
        row.sentence,
        row.effect,
        derogable=bool(rule and rule.derogable),
        derogable_by=rule.derogable_by if rule and rule.derogable else "",
        label=rule.label if rule else "",
    )


def texts_of(application: Application) -> dict[str, str]:
    """The explanations of a draft, by rule."""
    return dict(application.justifications.exclude(text="").values_list("rule_code", "text"))
