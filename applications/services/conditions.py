"""Explain a rule that is not kept, ask for a derogation, grant or refuse it, check what was declared."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from calls.models import CallRole
from portal.accounts.models import User
from portal.core.rules import Refused, require
from portal.core.workflow import Transition, fire

from .. import states
from ..models import Application, Justification, Ruling
from ..queries.conditions import Condition, conditions_of, ruled, verdicts_of
from ..queries.files import facts_of_file, latest_deposit, progress_of
from ..rules.conditions import can_answer_derogation, can_ask_derogation, can_check
from ..rules.files import can_edit
from .mandates import note_writing

LONGEST = 4000


@transaction.atomic
def explain(*, application: Application, texts: Mapping[str, str], by: User, at: datetime) -> None:
    """Keep why each rule is not kept, with the draft. Raises `Refused`."""
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    require(can_edit(by, application, at))
    known = set(application.call.eligibility_rules.filter(effect="justify").values_list("code", flat=True))
    for code in known & texts.keys():
        stored = {"text": texts[code].replace("\r\n", "\n").strip()[:LONGEST], "updated_at": at, "updated_by": by}
        Justification.objects.update_or_create(application=application, rule_code=code, defaults=stored)
        note_writing(application, f"condition:{code}", by, at)
    Application.objects.filter(pk=application.pk).update(last_activity_at=at)


@transaction.atomic
def ask_derogation(*, application: Application, code: str, reason: str, by: User, at: datetime) -> Ruling:
    """Ask to derogate from a rule that is not kept; the file may then be deposited. Raises `Refused`."""
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    facts = facts_of_file(application, progress_of(application, at).values)
    verdicts = {verdict.code: verdict for verdict in ruled(application, verdicts_of(application, facts, at))}
    if code not in verdicts:
        raise Refused("Cette condition ne vaut pas pour votre candidature.")
    require(can_ask_derogation(by, application, verdicts[code], at))
    quality = by.role_title or application.lead.name
    note_writing(application, f"condition:{code}", by, at)
    return settle(application, code, Ruling.Subject.DEROGATION, states.ASK, reason, by, quality, at)


@transaction.atomic
def answer_derogation(
    *, application: Application, code: str, granted: bool, reason: str, by: User, roles: frozenset[str], at: datetime
) -> Ruling:
    """Grant the derogation or refuse it, by name and with a reason, asked or not. Raises `Refused`."""
    condition = condition_of(application, code)
    require(can_answer_derogation(roles, application, condition.verdict))
    act = states.GRANT if granted else states.REFUSE
    return settle(application, code, Ruling.Subject.DEROGATION, act, reason, by, quality_of(roles), at)


@transaction.atomic
def check(
    *, application: Application, code: str, met: bool, reason: str, by: User, roles: frozenset[str], at: datetime
) -> Ruling:
    """Say whether a rule that only a person can tell is kept, with a reason. Raises `Refused`."""
    condition = condition_of(application, code)
    require(can_check(roles, application, condition.rule))
    act = states.CHECK if met else states.CONTRADICT
    return settle(application, code, Ruling.Subject.CHECK, act, reason, by, quality_of(roles), at)


def condition_of(application: Application, code: str) -> Condition:
    """One rule of the latest deposit, read under the lock of the file. Raises `Refused`."""
    current = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    application.state = current.state
    deposit = latest_deposit(application)
    found = [one for one in conditions_of(deposit) if one.code == code] if deposit else []
    if not found:
        raise Refused("Cette condition ne vaut pas pour cette candidature.")
    return found[0]


def settle(
    application: Application,
    code: str,
    subject: str,
    act: Transition,
    reason: str,
    by: User,
    quality: str,
    at: datetime,
) -> Ruling:
    """The transition of the one ruling of a file on a rule and a subject; its row is made when it is the first."""
    ruling, _ = Ruling.objects.get_or_create(application=application, rule_code=code, subject=subject)
    stamps = {"by": by, "quality": quality, "at": at, "reason": reason.strip()}
    fire(ruling, act, by=by, at=at, reason=reason, stamps=stamps)
    return ruling


def quality_of(roles: frozenset[str]) -> str:
    """The words of the role under which one rules: the highest that one holds."""
    role = CallRole.Role.MANAGER if CallRole.Role.MANAGER in roles else CallRole.Role.OFFICER
    return str(role.label)
