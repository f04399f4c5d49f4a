"""What a verdict of admissibility needs, who lifts a reservation, who puts a notified decision back to examination."""

from collections.abc import Callable, Collection, Iterable
from datetime import date

from portal.core.calendar import add_months
from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import format_date, format_quantity

from .. import states
from ..models import Application, DecisionLine, Reservation
from ..queries.admissibility import Point
from .staff import can_decide, can_examine

BOUND: list[Callable[[Application], str]] = []
"""Upper apps say why the decision on a file can no longer be put back to examination: an agreement rests on it."""
WITHDRAWAL_MONTHS = 4


def can_check_points(roles: Collection[str], application: Application) -> Answer:
    """Verify the points of the call: by the examination, before its verdict."""
    return first_refusal(
        can_examine(roles),
        YES if application.state == states.SUBMITTED else no("La recevabilité est dite : les points ne changent plus."),
    )


def is_verified(points: Iterable[Point]) -> Answer:
    """Every point of the call is verified on the version that counts."""
    left = [point for point in points if not point.settled]
    if not left:
        return YES
    count = format_quantity(len(left), "point reste", "points restent")
    return no(f"{count} à vérifier avant de dire la candidature recevable, à commencer par « {left[0].label} ».")


def can_settle_reservation(roles: Collection[str], reservation: Reservation) -> Answer:
    """Lift it or give it up: by the examination, before the decision."""
    waiting = reservation.state == states.PENDING and reservation.application.state == states.ADMISSIBLE
    return first_refusal(can_examine(roles), YES if waiting else no("Cette réserve n’est plus à lever."))


def can_undecide(roles: Collection[str], application: Application, line: DecisionLine | None) -> Answer:
    """Put a notified decision back to examination: asked by the manager; nothing signed rests on it."""
    bound = [reason for why in BOUND if (reason := why(application))] if application.state == states.DECIDED else []
    return first_refusal(
        can_decide(roles),
        YES if application.state == states.DECIDED else no("Aucune décision n’est enregistrée sur cette candidature."),
        YES
        if line is not None and line.decision.notified_at is not None
        else no("La décision n’est pas notifiée : elle n’est pas encore à reprendre."),
        no(bound[0]) if bound else YES,
    )


def legal_warning(line: DecisionLine, today: date) -> list[str]:
    """What the law says of taking back a decision that was told; sentences shown to both persons."""
    limit = add_months(line.decision.act_on, WITHDRAWAL_MONTHS)
    told = [
        (
            "Une décision notifiée crée des droits. Elle ne se retire que si elle est illégale, et dans les quatre "
            f"mois de sa signature : jusqu’au {format_date(limit)} pour celle-ci (Conseil d’État, Ternon, 2001)."
        ),
        "La commune doit d’abord pouvoir présenter ses observations (procédure contradictoire).",
    ]
    if line.outcome != DecisionLine.Outcome.SELECTED:
        told[0] = (
            "Un refus notifié peut être repris si la commune le demande ou s’il est illégal ; un nouvel acte devra "
            "remplacer le précédent, et sera notifié à son tour."
        )
    elif today > limit:
        told.append(f"Ce délai est passé depuis le {format_date(limit)} : faites confirmer par le service juridique.")
    return told
