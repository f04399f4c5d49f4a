"""What a question expects: its bounds, and the sentence that says what to write. Pure."""

from decimal import Decimal
from typing import Any

from portal.core.typography import format_number, typeset

NUMBER_KINDS = frozenset({"number", "percent", "money"})


def missing_sentence(question: Any) -> str:
    """What to do when a required answer is not there."""
    if question.kind == "multiple":
        exclusive = next((o["label"] for o in question.options if o.get("exclusive")), "")
        return typeset(
            f"Cochez au moins une réponse, ou « {exclusive} »." if exclusive else "Cochez au moins une réponse."
        )
    return {
        "single": "Choisissez une réponse.",
        "yes_no": "Répondez par oui ou par non.",
        "text": "Écrivez votre réponse.",
        "long_text": "Écrivez votre réponse.",
        "file": "Joignez le fichier demandé.",
        "undertaking": "Cochez cet engagement pour pouvoir déposer.",
        "table": "Remplissez au moins une ligne.",
        "operations": "Décrivez au moins une opération.",
        "site": "Situez le projet : une commune, une adresse, des parcelles ou un contour.",
    }.get(question.kind) or what_to_write(question)


def what_to_write(question: Any) -> str:
    """The expected shape, with an example."""
    if question.kind in NUMBER_KINDS:
        return _number_sentence(question)
    return typeset(
        {
            "date": "Écrivez une date, par exemple 31/03/2027.",
            "email": "Écrivez une adresse électronique, par exemple mairie@exemple.fr.",
            "phone": "Écrivez un numéro de téléphone, par exemple 02 35 00 00 00.",
            "single": "Choisissez une réponse de la liste.",
            "multiple": "Cochez des réponses de la liste.",
            "yes_no": "Répondez par oui ou par non.",
            "commune": "Choisissez une commune de la liste, ou écrivez son nom et son département, "
            "par exemple Étretat (76).",
            "intercommunality": "Choisissez une intercommunalité de la liste, ou écrivez son SIREN.",
            "organisation": "Écrivez un SIRET de 14 chiffres ou un SIREN de 9 chiffres : l’un manque ou est faux.",
        }[question.kind]
    )


def _number_sentence(question: Any) -> str:
    noun = {
        "number": "une année" if is_year(question) else "un nombre",
        "percent": "un pourcentage",
        "money": "un montant en euros",
    }[question.kind]
    low, high = bounds(question)
    if low is not None and high is not None:
        span = f" entre {said(question, low)} et {said(question, high)}"
    elif low is not None:
        span = f" d’au moins {said(question, low)}" if low else " positif ou nul"
    else:
        span = f" d’au plus {said(question, high)}" if high is not None else ""
    example = {"number": "", "percent": ", par exemple 31,4", "money": ", par exemple 1 250,50"}[question.kind]
    return typeset(f"Écrivez {noun}{span}{example}.")


def bounds(question: Any) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest value; a percentage lies between 0 and 100 unless the call says otherwise."""
    low, high = (_plain(bound) for bound in (question.minimum, question.maximum))
    if question.kind == "percent":
        return (Decimal(0) if low is None else low, Decimal(100) if high is None else high)
    if question.kind == "money" and low is None:
        return Decimal(0), high
    return low, high


def is_year(question: Any) -> bool:
    """A number without unit that lies between 1900 and 2200: a year, whose digits are never grouped."""
    low, high = question.minimum, question.maximum
    return (
        question.kind == "number"
        and not question.unit
        and low is not None
        and high is not None
        and 1900 <= low <= high <= 2200
    )


def said(question: Any, number: Decimal) -> str:
    """« 1 200 », but « 2027 »."""
    return f"{number:f}" if is_year(question) else format_number(number)


def _plain(number: Decimal | None) -> Decimal | None:
    """A bound as it is said: « 100 » rather than « 100.00 »."""
    if number is None:
        return None
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()
