"""Everything that happened to a deposited file, in one list by date: who, what, why. Read from the logs themselves.

What it does not hold: who opened what (access journal), rows as they were (technical trail).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.urls import reverse

from calls.models import EligibilityRule

from ..models import (
    Application,
    CompletionTransition,
    OpinionTransition,
    ReservationTransition,
    RulingTransition,
)

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


@dataclass(frozen=True)
class Source:
    """One log of a file: the subject of its facts, its rows, the field of their instant, how one is told."""

    kind: str
    rows: Callable[[Application], QuerySet[Any]]
    instant: str
    tell: Callable[[Any], tuple[str, ...]]

    def fact(self, row: Any) -> Fact:
        """`tell` gives the title, then who, detail and address when there are some."""
        return Fact(row.moment, self.kind, *self.tell(row))


class Timeline:
    """What a paginator slices: a page reads its own rows only, however long the life of the file."""

    def __init__(self, application: Application, sources: Sequence[Source], kind: str) -> None:
        self.application, self.readable = application, sources
        self.sources = [source for source in sources if kind in ("", source.kind)]

    def count(self) -> int:
        return self._places().count()

    def kinds(self) -> set[str]:
        """The subjects on which something happened, whatever the subject asked."""
        found = [source.rows(self.application).order_by().values_list(Value(source.kind)) for source in self.readable]
        return {kind for (kind,) in found[0].union(*found[1:])}

    def __getitem__(self, part: slice) -> list[Fact]:
        places = list(self._places().order_by("-moment", "-source_n", "-row_pk")[part])
        told = {n: self._told(n, [key for _, source, key in places if source == n]) for n in range(len(self.sources))}
        return [told[source][key] for _, source, key in places]

    def _places(self) -> QuerySet[Any]:
        """Instant, source and key of every fact."""
        found = [
            source.rows(self.application)
            .order_by()
            .annotate(moment=F(source.instant), source_n=Value(n), row_pk=F("pk"))
            .values_list("moment", "source_n", "row_pk")
            for n, source in enumerate(self.sources)
        ]
        return found[0].union(*found[1:], all=True)

    def _told(self, n: int, keys: Sequence[int]) -> dict[int, Fact]:
        source = self.sources[n]
        rows = source.rows(self.application).filter(pk__in=keys).annotate(moment=F(source.instant))
        return {row.pk: source.fact(row) for row in rows}


def timeline_of(application: Application, *, private: bool, kind: str = "") -> Timeline:
    """Facts, the latest first, of one subject or of all; `private`: with the talk of the service."""
    return Timeline(application, [source for source in SOURCES if private or source.kind != TALK], kind)


def named(user: Any) -> str:
    return str(user) if user else "le portail"


def page(name: str, *keys: Any) -> str:
    return reverse(name, args=keys)


# --- how a row is told: title, who, detail, address ---------------------------------------------------------------


def deposit(row: Any) -> tuple[str, ...]:
    title = "Candidature déposée" if row.n == 1 else f"Version {row.n} déposée"
    if row.completion_id:
        title = f"Version {row.n}, qui apporte les compléments"
    return title, f"{row.deposited_by}, {row.quality}", "", page("staff_receipt", row.application.uuid, row.n)


def act(row: Any) -> tuple[str, ...]:
    """Its own transitions; deposits and completions are told by their rows."""
    return OWN[row.transition][1], named(row.by), row.reason


def ruling(row: Any) -> tuple[str, ...]:
    return f"{RULINGS[row.transition]} : {row.label or row.ruling.rule_code}", named(row.by), row.reason


def check(row: Any) -> tuple[str, ...]:
    return f"Vérifié, {'oui' if row.ok else 'non'} : {row.label}", named(row.by), row.note


def reservation(row: Any) -> tuple[str, ...]:
    url = page("staff_reservation", row.application.uuid, row.pk)
    return "Réserve émise", named(row.opened_by), row.text, url


def reservation_settled(row: Any) -> tuple[str, ...]:
    url = page("staff_reservation", row.reservation.application.uuid, row.reservation_id)
    return RESERVATIONS[row.transition], named(row.by), f"{row.reservation.text}\n{row.reason}", url


def completion(row: Any) -> tuple[str, ...]:
    asked = ", ".join(item.label for item in row.items.all())
    return "Compléments demandés", named(row.asked_by), asked, page("staff_completion", row.uuid)


def completion_moved(row: Any) -> tuple[str, ...]:
    url = page("staff_completion", row.completion.uuid)
    return COMPLETIONS[row.transition], named(row.by), row.reason, url


def opinion(row: Any) -> tuple[str, ...]:
    return f"Avis demandé : {row.service}", named(row.asked_by), row.question, page("staff_opinion", row.uuid)


def opinion_moved(row: Any) -> tuple[str, ...]:
    verdict = f", {row.opinion.get_verdict_display()}" if row.transition == "give" else ""
    title = f"{OPINIONS[row.transition]} : {row.opinion.service}{verdict}"
    return title, named(row.by), row.reason, page("staff_opinion", row.opinion.uuid)


def notified(row: Any) -> tuple[str, ...]:
    """Letters sent; the act itself is a transition of the file."""
    return f"Décision notifiée : {row.get_outcome_display()}", named(row.decision.notified_by), row.reason


def message(row: Any) -> tuple[str, ...]:
    title = "Message du service" if row.side == "service" else "Message de la commune"
    title = "Point d’étape écrit à toutes les communes" if row.update_of_id else title
    return title, named(row.author), row.text[:LONGEST], page("staff_messages", row.application.uuid)


def note(row: Any) -> tuple[str, ...]:
    return "Note interne", named(row.author), row.text[:LONGEST], page("staff_notes", row.application.uuid)


# --- the logs -----------------------------------------------------------------------------------------------------


def acts_of(kind: str) -> Callable[[Application], QuerySet[Any]]:
    names = [name for name, (subject, _) in OWN.items() if subject == kind]
    return lambda file: file.transitions.filter(transition__in=names).select_related("by")


def rulings_of(file: Application) -> QuerySet[Any]:
    rules = EligibilityRule.objects.filter(call=file.call_id, code=OuterRef("ruling__rule_code"))
    rows = RulingTransition.objects.filter(ruling__application=file).select_related("by", "ruling")
    return rows.annotate(label=Subquery(rules.values("label")[:1]))


def reservations_of(file: Application) -> QuerySet[Any]:
    return file.reservations.select_related("opened_by", "application")


def reservations_moved(file: Application) -> QuerySet[Any]:
    rows = ReservationTransition.objects.filter(reservation__application=file)
    return rows.select_related("by", "reservation__application")


def completions_moved(file: Application) -> QuerySet[Any]:
    return CompletionTransition.objects.filter(completion__application=file).select_related("by", "completion")


def opinions_moved(file: Application) -> QuerySet[Any]:
    return OpinionTransition.objects.filter(opinion__application=file).select_related("by", "opinion")


def notices_of(file: Application) -> QuerySet[Any]:
    rows = file.decision_lines.filter(decision__notified_at__isnull=False)
    return rows.select_related("decision__notified_by")


def completions_of(file: Application) -> QuerySet[Any]:
    return file.completions.select_related("asked_by").prefetch_related("items")


# Facts of one instant are told in this order, the last one first.
SOURCES = (
    Source("recevabilite", lambda file: file.checks.select_related("by"), "at", check),
    Source("recevabilite", rulings_of, "happened_at", ruling),
    Source(
        "recevabilite",
        lambda file: file.reservations.select_related("opened_by", "application"),
        "opened_at",
        reservation,
    ),
    *(Source(kind, acts_of(kind), "happened_at", act) for kind in ("depot", "recevabilite", "decision")),
    Source("recevabilite", reservations_moved, "happened_at", reservation_settled),
    Source("complements", completions_of, "asked_at", completion),
    Source("complements", completions_moved, "happened_at", completion_moved),
    Source("depot", lambda file: file.deposits.select_related("deposited_by", "application"), "received_at", deposit),
    Source("avis", lambda file: file.opinions.select_related("asked_by"), "asked_at", opinion),
    Source("avis", opinions_moved, "happened_at", opinion_moved),
    Source("decision", notices_of, "decision__notified_at", notified),
    Source(TALK, lambda file: file.messages.select_related("author", "application"), "sent_at", message),
    Source(TALK, lambda file: file.notes.select_related("author", "application"), "at", note),
)
