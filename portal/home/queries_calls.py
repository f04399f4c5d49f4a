"""What the upper apps count of a call: figures of the public list, menu of its staff. Registered by `apps.py`."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse

from applications.models import Application, Decision, Erasure
from applications.queries.laureates import selected_lines
from applications.queries.staff import communes_table, counts_of
from applications.rules import staff as rules_staff
from applications.states import DEPOSITED
from calls.models import Call
from calls.presentation import CallFigures, MenuEntry
from calls.presentation.questions import questions_menu
from calls.queries import milestone_day, roles_of, roles_over, scope_of
from calls.retention import retention_of
from juries.queries import next_session
from juries.rules import HELPING
from portal.accounts.models import Organisation, User
from portal.core.calendar import day_of
from portal.core.models import OutboundEmail, Reminder
from portal.core.typography import choose, format_date, format_quantity, typeset
from support.agreements import states as agreement_states
from support.agreements.queries import agreements_of
from support.plan.models import Phase, SupportPlan

from .queries_mails import STAFF_ROLES, reminders_seen

Scope = frozenset[str] | None


def call_figures(calls: Collection[Call]) -> Mapping[int, CallFigures]:
    """Deposited files and laureates made public, of all these calls: two queries."""
    pks = [call.pk for call in calls]
    files = Application.objects.filter(call__in=pks, state__in=DEPOSITED).order_by()
    deposited = dict(files.values_list("call").annotate(n=Count("pk")))
    selected = selected_lines(pks, public=True)
    laureates = dict(selected.values_list("decision__call").annotate(n=Count("pk")))
    return {pk: CallFigures(deposited.get(pk, 0), laureates.get(pk, 0)) for pk in pks}


def menu_of_call(user: User, call: Call, at: datetime) -> list[MenuEntry]:
    """What this person may open of a published call, with what waits there."""
    roles, scope = roles_of(user, call, at), scope_of(user, call, at)
    whole = roles_over(user, call, at)
    return [
        *commune_entries(call, roles, scope),
        *questions_menu(user, call, at),
        *later_entries(user, call, roles, whole, scope, at),
    ]


def commune_entries(call: Call, roles: Collection[str], scope: Scope) -> Iterator[MenuEntry]:
    counts = counts_of(communes_table(call, scope=scope))
    communes = reverse("staff_communes", args=[call.slug])
    if STAFF_ROLES & set(roles):
        yield MenuEntry(
            "call",
            "Courriels aux mairies",
            invitations_line(call, scope),
            reverse("invitation_report", args=[call.slug]),
            "envelope",
            str(counts["total"]),
            choose(counts["total"], "commune invitée", "communes invitées"),
        )
    deposited = format_quantity(counts["deposited"], "déposée")
    drafts = format_quantity(counts["draft"], "brouillon") if counts["draft"] else ""
    silent = format_quantity(counts["none"], "commune n’a pas commencé", "communes n’ont pas commencé")
    yield MenuEntry(
        "application",
        "Communes et candidatures",
        f"{', '.join(part for part in (deposited, drafts, silent) if part)}.",
        communes,
        "pencil-square",
        deposited,
        drafts,
    )
    left = counts["to_examine"]
    yield MenuEntry(
        "examination",
        "Instruction",
        f"{format_quantity(left, 'candidature')} à examiner." if left else "Rien à examiner aujourd’hui.",
        f"{communes}?etat=a-examiner",
        "search",
        str(left),
        "à examiner",
    )


def invitations_line(call: Call, scope: Scope = None) -> str:
    """« 54 invitations parties, 2 en échec. »"""
    mails = OutboundEmail.objects.filter(kind="call.invitation", object_key=f"call:{call.slug}")
    if scope is not None:
        halls = Organisation.objects.filter(commune__in=scope)
        mails = mails.filter(recipient__in=halls.values("official_email"))
    counts = mails.aggregate(
        sent=Count("pk", filter=Q(state="sent")),
        failed=Count("pk", filter=Q(state__in=["failed", "uncertain"])),
        total=Count("pk"),
    )
    if not counts["total"]:
        return "Aucune mairie n’est encore invitée."
    waiting = counts["total"] - counts["sent"] - counts["failed"]
    parts = [format_quantity(counts["sent"], "invitation partie", "invitations parties")]
    parts += [f"{waiting} en attente d’envoi"] if waiting else []
    parts += [f"{counts['failed']} en échec"] if counts["failed"] else []
    return f"{', '.join(parts)}."


def later_entries(
    user: User, call: Call, roles: Collection[str], whole: Collection[str], scope: Scope, at: datetime
) -> Iterator[MenuEntry]:
    """From the jury to the support, then the reminders; `whole`: the roles that cover the whole call."""
    held = set(roles)
    if HELPING & set(whole) and hasattr(call, "jury_rules"):
        yield jury_entry(call)
    if rules_staff.READING & set(whole):
        yield MenuEntry(
            "", "Décision et lettres", decision_line(call, at), reverse("decision", args=[call.slug]), "check2-square"
        )
    if rules_staff.READING & set(whole) and call.extras.get("money"):
        url = reverse("envelope", args=[call.slug])
        yield MenuEntry("", "Enveloppe", "Demandé, réservé, engagé, versé, et ce qui reste.", url, "piggy-bank")
    yield agreement_entry(call, scope)
    yield support_entry(call, scope, at)
    if rules_staff.READING & set(whole):
        url = reverse("document_register", args=[call.slug])
        yield MenuEntry("", "Documents émis", "Numéros, empreintes, vérification.", url, "file-earmark-check")
    if rules_staff.DECIDING & set(whole):
        yield MenuEntry("", "Conservation", retention_line(call), reverse("retention", args=[call.slug]), "archive")
    if held & STAFF_ROLES:
        seen = reminders_seen(user, at).filter(call_key=f"call:{call.slug}")
        planned = seen.filter(state=Reminder.State.PLANNED).count()
        line = f"{format_quantity(planned, 'message prévu', 'messages prévus')}." if planned else "Aucun message prévu."
        yield MenuEntry("", "Relances", line, reverse("reminders"), "bell")


def retention_line(call: Call) -> str:
    """« 3 dossiers effacés. », or how long they are kept."""
    gone = Erasure.objects.filter(application__call=call).count()
    if gone:
        return f"{format_quantity(gone, 'dossier effacé', 'dossiers effacés')}."
    return f"Brouillons gardés {retention_of(call.extras).draft_months} mois après la clôture."


def jury_entry(call: Call) -> MenuEntry:
    seats = call.seats.aggregate(
        total=Count("pk", distinct=True),
        filled=Count("pk", filter=Q(holders__ends_at=None, holders__substitute=False), distinct=True),
    )
    session = next_session(call)
    filled = f"{seats['filled']} sur {seats['total']}"
    parts = [f"{filled} sièges pourvus" if seats["total"] else "Le jury n’est pas composé"]
    parts += [f"séance le {format_date(session.held_on)}"] if session else []
    url = reverse("jury_staff", args=[call.slug])
    fact = (filled, "sièges pourvus") if seats["total"] else ("à composer", "")
    return MenuEntry("jury", "Jury", typeset(f"{' ; '.join(parts)}."), url, "people", *fact)


def told_words(decision: Decision) -> str:
    """« lettres envoyées le 3 juin 2027 », or told elsewhere, or still to be sent."""
    if decision.told_on:
        return f"notifiée hors du portail le {format_date(decision.told_on)}"
    return f"lettres envoyées le {format_date(decision.notified_at)}" if decision.notified_at else "lettres à envoyer"


def decision_line(call: Call, at: datetime) -> str:
    decision = Decision.objects.filter(call=call).order_by("-recorded_at").first()
    if decision is None:
        day = milestone_day(call, "decision")
        if day is None:
            return "Pas encore prise."
        return f"Attendue {'depuis' if day < day_of(at) else 'pour'} le {format_date(day)}."
    told = told_words(decision)
    return typeset(f"Prise le {format_date(decision.act_on)} ; {told}.")


def agreement_entry(call: Call, scope: Scope) -> MenuEntry:
    counts = agreements_of(call, scope).aggregate(
        total=Count("pk"), in_force=Count("pk", filter=Q(state=agreement_states.IN_FORCE))
    )
    total, in_force = counts["total"], counts["in_force"]
    line = f"{in_force} en vigueur sur {total}." if total else "Elles s’établissent après la décision."
    url = reverse("agreements", args=[call.slug])
    fact = (f"{in_force} sur {total}", "en vigueur") if total else ("", "")
    return MenuEntry("agreement", "Conventions", line, url, "file-earmark-text", *fact)


def support_entry(call: Call, scope: Scope, at: datetime) -> MenuEntry:
    followed = SupportPlan.objects.filter(application__call=call)
    if scope is not None:
        followed = followed.filter(application__lead__commune__in=scope)
    plans = followed.count()
    late = Phase.objects.filter(plan__in=followed.values("pk"), done_on=None, ends_on__lt=day_of(at)).count()
    projects = format_quantity(plans, "projet suivi", "projets suivis")
    overdue = format_quantity(late, "livrable en retard", "livrables en retard") if late else "aucun retard"
    line = f"{projects}, {overdue}." if plans else "Il s’ouvre à la signature des conventions."
    fact = (format_quantity(plans, "projet"), overdue) if plans else ("", "")
    return MenuEntry("support", "Accompagnement", line, reverse("support_home"), "signpost-split", *fact)
