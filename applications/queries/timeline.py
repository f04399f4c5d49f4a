"""Everything that happened to a deposited file, in one list by date: who, what, why. Read from the logs themselves.

What it does not hold: who opened what (access journal), rows as they were (technical trail).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from calls.queries_rules import rules_of

from ..models import Application, RulingTransition

LONGEST = 400
TALK = "echanges"


@dataclass(frozen=True)
class Fact:
    """One line of the timeline. `kind` is one of `KINDS`; `url` leads to the thing."""

    at: datetime
    kind: str
    title: str
    who: str = ""
    detail: str = ""
    url: str = ""


KINDS = {
    "depot": "Dépôts",
    "recevabilite": "Recevabilité",
    "complements": "Compléments",
    "avis": "Avis",
    TALK: "Échanges",
    "decision": "Décision",
}
OWN = {
    "withdraw": ("depot", "Candidature retirée"),
    "admit": ("recevabilite", "Déclarée recevable"),
    "reject": ("recevabilite", "Déclarée non recevable"),
    "reverse": ("recevabilite", "Recevabilité remise à l’examen"),
    "decide": ("decision", "Décision enregistrée"),
    "undecide": ("decision", "Décision notifiée remise à l’examen"),
    "keep": ("decision", "Lettre d’intention retenue"),
    "dismiss": ("decision", "Lettre d’intention non retenue"),
}
RULINGS = {
    "ask": "Dérogation demandée",
    "grant": "Dérogation accordée",
    "refuse": "Dérogation refusée",
    "check": "Condition dite respectée",
    "contradict": "Condition dite non respectée",
}
COMPLETIONS = {
    "extend": "Délai des compléments prolongé",
    "answer": "Compléments transmis",
    "cancel": "Demande de compléments annulée",
    "lapse": "Demande de compléments close sans réponse",
}
OPINIONS = {"give": "Avis rendu", "revoke": "Demande d’avis retirée", "postpone": "Échéance de l’avis reportée"}
RESERVATIONS = {"lift": "Réserve levée", "drop": "Réserve abandonnée"}


def timeline_of(application: Application, *, private: bool, most: int) -> list[Fact]:
    """Facts, the latest first, in a constant number of queries; `private`: with the talk of the service.

    Of the talk, which alone grows without end, the `most` latest of each kind: enough for the `most` first facts.
    """
    sources: tuple[Callable[[Application], Iterator[Fact]], ...] = (
        deposits, acts, rulings, checks, reservations, completions, opinions, decisions,
    )  # fmt: skip
    facts = [fact for source in sources for fact in source(application)]
    if private:
        facts += [*talk(application, most), *notes(application, most)]
    return sorted(facts, key=lambda fact: fact.at, reverse=True)


def talked(application: Application) -> int:
    """How many messages and notes there are."""
    return application.messages.count() + application.notes.count()


def deposits(application: Application) -> Iterator[Fact]:
    for row in application.deposits.select_related("deposited_by"):
        title = "Candidature déposée" if row.n == 1 else f"Version {row.n} déposée"
        if row.completion_id:
            title = f"Version {row.n}, qui apporte les compléments"
        url = reverse("staff_receipt", args=[application.uuid, row.n])
        yield Fact(row.received_at, "depot", title, f"{row.deposited_by}, {row.quality}", url=url)


def acts(application: Application) -> Iterator[Fact]:
    """Its own transitions; deposits and completions are told by their rows."""
    for row in application.transitions.filter(transition__in=OWN).select_related("by"):
        kind, title = OWN[row.transition]
        yield Fact(row.happened_at, kind, title, named(row.by), row.reason)


def rulings(application: Application) -> Iterator[Fact]:
    labels = {rule.code: rule.label for rule in rules_of(application.call)}
    for row in RulingTransition.objects.filter(ruling__application=application).select_related("by", "ruling"):
        label = labels.get(row.ruling.rule_code, row.ruling.rule_code)
        yield Fact(row.happened_at, "recevabilite", f"{RULINGS[row.transition]} : {label}", named(row.by), row.reason)


def checks(application: Application) -> Iterator[Fact]:
    for row in application.checks.select_related("by"):
        title = f"Vérifié, {'oui' if row.ok else 'non'} : {row.label}"
        yield Fact(row.at, "recevabilite", title, named(row.by), row.note)


def reservations(application: Application) -> Iterator[Fact]:
    for row in application.reservations.select_related("opened_by").prefetch_related("transitions__by"):
        url = reverse("staff_reservation", args=[application.uuid, row.pk])
        yield Fact(row.opened_at, "recevabilite", "Réserve émise", named(row.opened_by), row.text, url)
        for line in row.transitions.all():
            title = RESERVATIONS[line.transition]
            yield Fact(line.happened_at, "recevabilite", title, named(line.by), f"{row.text}\n{line.reason}", url)


def completions(application: Application) -> Iterator[Fact]:
    for row in application.completions.select_related("asked_by").prefetch_related("transitions__by", "items"):
        url = reverse("staff_completion", args=[row.uuid])
        asked = ", ".join(item.label for item in row.items.all())
        yield Fact(row.asked_at, "complements", "Compléments demandés", named(row.asked_by), asked, url)
        for line in row.transitions.all():
            yield Fact(line.happened_at, "complements", COMPLETIONS[line.transition], named(line.by), line.reason, url)


def opinions(application: Application) -> Iterator[Fact]:
    for row in application.opinions.select_related("asked_by").prefetch_related("transitions__by"):
        url = reverse("staff_opinion", args=[row.uuid])
        yield Fact(row.asked_at, "avis", f"Avis demandé : {row.service}", named(row.asked_by), row.question, url)
        for line in row.transitions.all():
            verdict = f", {row.get_verdict_display()}" if line.transition == "give" else ""
            title = f"{OPINIONS[line.transition]} : {row.service}{verdict}"
            yield Fact(line.happened_at, "avis", title, named(line.by), line.reason, url)


def decisions(application: Application) -> Iterator[Fact]:
    """Letters sent; the act itself is a transition of the file."""
    lines = application.decision_lines.filter(decision__notified_at__isnull=False)
    for row in lines.select_related("decision__notified_by"):
        title = f"Décision notifiée : {row.get_outcome_display()}"
        yield Fact(row.decision.notified_at, "decision", title, named(row.decision.notified_by), row.reason)


def talk(application: Application, most: int) -> Iterator[Fact]:
    url = reverse("staff_messages", args=[application.uuid])
    for row in application.messages.select_related("author").order_by("-sent_at", "-pk")[:most]:
        title = "Message du service" if row.side == "service" else "Message de la commune"
        title = "Point d’étape écrit à toutes les communes" if row.update_of_id else title
        yield Fact(row.sent_at, TALK, title, named(row.author), row.text[:LONGEST], url)


def notes(application: Application, most: int) -> Iterator[Fact]:
    url = reverse("staff_notes", args=[application.uuid])
    for row in application.notes.select_related("author")[:most]:
        yield Fact(row.at, TALK, "Note interne", named(row.author), row.text[:LONGEST], url)


def named(user: Any) -> str:
    return str(user) if user else "le portail"
