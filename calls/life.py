"""What the page of the life of a call shows: the acts possible now, and what has happened."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from portal.accounts.models import User
from portal.core.typography import format_date, typeset

from . import rules, rules_life, states
from .models import Call

HISTORY = 50


@dataclass(frozen=True)
class LifeAct:
    """One thing that may be done now. `post`: at once, from this page."""

    title: str
    line: str
    url: str
    icon: str
    post: bool = False


@dataclass(frozen=True)
class Fact:
    """One line of the history."""

    at: datetime
    title: str
    who: str
    reason: str


def acts_of(user: User, call: Call, at: datetime) -> list[LifeAct]:
    """What this person may do of the call now, the most usual first."""
    rows = (
        (rules_life.can_validate, "Enregistrer le visa", VISA, "call_validate", "file-earmark-check"),
        (rules.can_ask_publication, "Demander la publication", PUBLISH, "call_publish", "megaphone"),
        (rules_life.can_resume, "Reprendre l’appel", RESUME, "call_resume", "play-circle"),
        (rules_life.can_extend, "Prolonger", EXTEND, "call_extend", "calendar-plus"),
        (rules_life.can_correct, "Corriger", CORRECT, "call_correct", "pencil-square"),
        (rules_life.can_suspend, "Suspendre", SUSPEND, "call_suspend", "pause-circle"),
        (rules_life.can_cancel, "Classer sans suite", CANCEL, "call_cancel", "x-circle"),
    )
    acts = [
        LifeAct(title, line, reverse(name, args=[call.slug]), icon)
        for rule, title, line, name, icon in rows
        if rule(user, call, at)
    ]
    if rules_life.can_archive(user, call, at):
        acts.append(LifeAct("Archiver", ARCHIVE, reverse("call_archive", args=[call.slug]), "archive", post=True))
    return acts


VISA = "Le numéro et la date de l’acte qui approuve l’appel. Toute modification le retire ensuite."
PUBLISH = "À deux personnes."
RESUME = "À deux personnes ; la clôture peut être reportée en même temps."
EXTEND = "À deux personnes. Les candidatures déposées peuvent l’être de nouveau ; tout le monde est prévenu."
CORRECT = "Textes, contact, aide, documents, dates plus tardives. Ce qui change est affiché avant, puis publié."
SUSPEND = "Aucun dépôt n’est reçu jusqu’à la reprise. Un code vous est demandé."
CANCEL = "À deux personnes, avec un motif publié."
ARCHIVE = "L’appel est terminé ; sa page publique reste."
TITLES = {transition.name: transition.label for transition in states.TRANSITIONS.values()}


def history_of(call: Call) -> list[Fact]:
    """Transitions, limits put back and corrections, the latest first."""
    facts = [
        Fact(row.happened_at, TITLES.get(row.transition, row.transition), str(row.by or ""), typeset(row.reason))
        for row in call.transitions.select_related("by").order_by("-happened_at", "-pk")[:HISTORY]
    ]
    facts += [
        Fact(row.made_at, f"Version {row.n}", str(row.made_by), typeset(row.note))
        for row in call.revisions.select_related("made_by").defer("document").order_by("-n")[:HISTORY]
        if row.n > 1
    ]
    return sorted(facts, key=lambda fact: fact.at, reverse=True)[:HISTORY]


def visa_words(call: Call) -> str:
    """« acte 2027-12 du 4 janvier 2027 », or nothing."""
    return typeset(f"acte {call.visa_number} du {format_date(call.visa_on)}") if call.visa_on else ""
