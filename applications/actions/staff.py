"""What is awaited from the staff of a call: files to examine, decision to record, letters to prepare, read and send."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from calls import states as call_states
from calls.models import Call, CallRole
from calls.queries import calls_staffed_by, milestone_day, within_scope
from portal.accounts.models import User
from portal.core.calendar import day_of
from portal.core.typography import format_date, format_quantity
from portal.core.ui import Action, Step

from .. import states
from ..models import Application, ApplicationTransition, Decision, MemberDeparture
from ..queries.completion import waiting_for_answer
from ..rules.staff import DECIDING, EXAMINING

LIMIT = 20
VERDICTS = (states.ADMIT.name, states.REJECT.name)


def actions_for(user: User, at: datetime) -> list[Action]:
    """Files to examine for officers; decision and letters for managers."""
    examined = calls_staffed_by(user, at, *EXAMINING).filter(state=call_states.PUBLISHED)
    decided = calls_staffed_by(user, at, *DECIDING, whole=True).filter(state=call_states.PUBLISHED)
    covered = within_scope(user, at, *EXAMINING, call="call_id", commune="lead__commune_id")
    awaited = [*decision_actions(decided, at), *letter_actions(decided), *group_actions(decided)]
    return [*examination_actions(examined, covered), *awaited]


def examination_actions(calls: QuerySet[Call], covered: Q) -> list[Action]:
    """One row for each call where files await their verdict; `covered`: the files within the person's scope."""
    files = Application.objects.filter(covered, state=states.SUBMITTED)
    files = files.exclude(pk__in=waiting_for_answer().values("application")).values("pk")
    waiting = Count("applications", filter=Q(applications__in=files))
    rows = calls.annotate(waiting=waiting).filter(waiting__gt=0).select_related("jury_rules")
    rows = rows.prefetch_related("milestones").order_by("pk")[:LIMIT]
    return [
        Action(
            title=f"Examiner {format_quantity(call.waiting, 'candidature')}, {call}",
            url=f"{reverse('staff_communes', args=[call.slug])}?etat=a-examiner",
            verb="Instruire",
            due=milestone_day(call, "opinions"),
            consequence=before_jury(call),
            holds_up="Le jury attend les candidatures recevables."
            if hasattr(call, "jury_rules")
            else "La décision attend les avis de recevabilité.",
        )
        for call in rows
    ]


def before_jury(call: Call) -> str:
    """« Le jury se réunit le 5 mai 2027. »"""
    day = milestone_day(call, "jury") if hasattr(call, "jury_rules") else None
    return f"Le jury se réunit le {format_date(day)}." if day else "Chaque commune attend un avis sur sa recevabilité."


def decision_actions(calls: QuerySet[Call], at: datetime) -> list[Action]:
    """One row for each call whose files are all examined and whose limit is past, once the jury's day has come."""
    ready = Count("applications", filter=Q(applications__state__in=states.DECIDE.sources), distinct=True)
    waiting = Count("applications", filter=Q(applications__state=states.SUBMITTED), distinct=True)
    rows = calls.annotate(ready=ready, waiting=waiting).filter(ready__gt=0, waiting=0)
    rows = rows.exclude(windows__closes_at__gte=at).select_related("jury_rules")
    rows = rows.prefetch_related("milestones").order_by("pk")[:LIMIT]
    return [
        Action(
            title=f"Enregistrer la décision, {call}",
            url=reverse("decision", args=[call.slug]),
            verb="Enregistrer",
            due=milestone_day(call, "decision"),
            consequence="Les lettres partent ensuite, relues une à une.",
            holds_up="Les communes attendent leur lettre.",
        )
        for call in rows
        if after_jury(call, at)
    ]


def after_jury(call: Call, at: datetime) -> bool:
    day: date | None = milestone_day(call, "jury") if hasattr(call, "jury_rules") else None
    return day is None or day <= day_of(at)


def letter_actions(calls: QuerySet[Call]) -> list[Action]:
    """One row for each decision whose letters have not left: prepare them, read them, or send them."""
    decisions = Decision.objects.filter(call__in=calls, notified_at__isnull=True).select_related("call")
    rows = decisions.annotate(
        total=Count("lines"),
        prepared=Count("lines__notice"),
        read=Count("lines__notice", filter=Q(lines__notice__read_at__isnull=False)),
    ).order_by("pk")[:LIMIT]
    return [letter_action(decision) for decision in rows]


def group_actions(calls: QuerySet[Call]) -> list[Action]:
    """One row for each selected group that has lost a member, until somebody decides what becomes of it."""
    rows = MemberDeparture.objects.filter(application__call__in=calls, kept=None)
    rows = rows.select_related("organisation", "application__lead", "application__call").order_by("pk")[:LIMIT]
    return [
        Action(
            title=f"Décider de la suite pour le groupe de {row.application.lead}",
            url=reverse("group_settle", args=[row.application.call.slug, row.pk]),
            verb="Décider",
            consequence=f"{row.organisation} a quitté le groupe.",
            holds_up="Des règles ne sont plus respectées." if row.faults else "",
        )
        for row in rows
    ]


def letter_action(decision: Any) -> Action:
    """The next thing to do with the letters of a decision."""
    if decision.prepared < decision.total:
        verb, what = "Préparer", f"Préparer {format_quantity(decision.total, 'lettre')}"
    elif decision.read < decision.total:
        verb, what = "Lire", f"Relire {format_quantity(decision.total - decision.read, 'lettre')}"
    else:
        verb, what = "Envoyer", f"Envoyer {format_quantity(decision.total, 'lettre')}"
    return Action(
        title=f"{what}, {decision.call}",
        url=reverse("staff_letters", args=[decision.uuid]),
        verb=verb,
        due=milestone_day(decision.call, "notification"),
        consequence=f"Décision du {format_date(decision.act_on)} : les communes ne la connaissent pas encore.",
        holds_up="Le délai de recours ne court qu’à compter de la lettre.",
    )


def first_steps_for(user: User, at: datetime) -> list[Step]:
    """The three first steps of a manager: publish, share the work, give a first verdict."""
    calls = calls_staffed_by(user, at, CallRole.Role.MANAGER)
    latest = calls.order_by("-created_at").first()
    if latest is None:
        return []
    colleagues = CallRole.objects.filter(call__in=calls).exclude(user=user)
    published = calls.exclude(state__in=call_states.PREPARATION).exists()
    verdicts = ApplicationTransition.objects.filter(application__call__in=calls, transition__in=VERDICTS)
    return [
        Step(
            title="Publier un appel",
            done=published,
            line="Une seconde personne confirme, par un lien reçu par courriel.",
            url=reverse("staff_call", args=[latest.slug]),
            verb="Ouvrir l’appel",
        ),
        Step(
            title="Partager le travail",
            done=colleagues.exists(),
            line="L’instruction et le jury ont chacun leur rôle.",
            url=reverse("staff_call", args=[latest.slug]),
            verb="Voir l’équipe",
        ),
        Step(
            title="Examiner une candidature",
            done=verdicts.exists(),
            line="Dites si elle est recevable, et pourquoi.",
            url=reverse("staff_communes", args=[latest.slug]),
            verb="Voir les communes",
        ),
    ]
