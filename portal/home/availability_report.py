"""The report on the service around a limit: a text for a file, a judge or a journalist; two tables beside it."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from portal.core.typography import (
    format_instant,
    format_instant_legal,
    format_number,
    format_quantity,
    typeset,
)

from .availability import Evidence


def report_lines(evidence: Evidence, at: datetime) -> Iterator[str]:
    """The report, line by line."""
    call = evidence.call
    yield typeset(f"Disponibilité du portail autour de la clôture : « {call.title} », édition {call.edition}")
    yield f"Établi le {format_instant_legal(at)}"
    yield ""
    yield typeset(f"Clôture : {format_instant_legal(evidence.limit)}")
    yield typeset(f"Période : du {format_instant(evidence.start)} au {format_instant(evidence.end)}")
    yield ""
    yield from service_lines(evidence)
    yield ""
    yield from attempt_lines(evidence)


def service_lines(evidence: Evidence) -> Iterator[str]:
    """Whether it answered, how fast, and each time for which nothing proves it."""
    answered = sum(probe.answered for probe in evidence.probes)
    failed = len(evidence.probes) - answered
    yield typeset(f"Sondes : {format_quantity(len(evidence.probes), 'visite')}, {format_quantity(failed, 'échec')}.")
    median, high = evidence.seconds(50), evidence.seconds(95)
    if median is not None and high is not None:
        times = f"{seconds_words(median)} pour la moitié des visites, {seconds_words(high)} pour 95 sur 100"
        yield typeset(f"Temps de réponse : moins de {times}.")
    if not evidence.silences:
        yield "Le portail a répondu pendant toute la période, sans interruption de plus de 90 secondes."
    for silence in evidence.silences:
        span = f"du {instant(silence.start)} au {instant(silence.end)}"
        why = f" Première erreur : {silence.reason}." if silence.reason else " Aucune sonde n’a été enregistrée."
        yield typeset(f"Rien ne prouve que le portail répondait {span}.{why}")


def attempt_lines(evidence: Evidence) -> Iterator[str]:
    """What was asked, taken and refused, reason by reason; the drafts that nobody deposited."""
    accepted, total = evidence.accepted, len(evidence.attempts)
    taken = format_quantity(accepted, "acceptée")
    yield typeset(f"Tentatives de dépôt : {format_number(total)}, dont {taken}.")
    last = max((attempt.at for attempt in evidence.attempts if attempt.accepted), default=None)
    if last:
        yield typeset(f"Dernier dépôt accepté : {instant(last)}.")
    for reason, n in evidence.refusals:
        yield typeset(f"  refusée {format_number(n)} fois : {reason}")
    yield typeset(f"Brouillons jamais déposés : {format_number(evidence.drafts)}, que leurs communes lisent toujours.")


def instant(at: datetime) -> str:
    """« 31 mars 2027 à 23 h 59 min 58 s »."""
    return format_instant(at, weekday=False, seconds=True)


def seconds_words(value: float) -> str:
    return f"{value:.2f} s".replace(".", ",")


# --- tables ------------------------------------------------------------------------------------------------------


def probes_csv(evidence: Evidence) -> str:
    rows = [(p.at.isoformat(), f"{p.seconds:.3f}", "oui" if p.answered else "non", p.detail) for p in evidence.probes]
    return table(("instant", "secondes", "réponse", "erreur"), rows)


def attempts_csv(evidence: Evidence) -> str:
    """Each attempt with its file, never the name of the person: the journal of the portal keeps it."""
    rows = [
        (a.at.isoformat(), a.application.number or str(a.application.uuid), "oui" if a.accepted else "non", a.reason)
        for a in evidence.attempts
    ]
    return table(("instant", "candidature", "acceptée", "motif du refus"), rows)


def table(head: tuple[str, ...], rows: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows([head, *rows])
    return text.getvalue()
