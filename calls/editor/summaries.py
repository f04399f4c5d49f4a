"""One line for each item of a list, and the words of the lists themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from calls.condition_words import say
from calls.definition import eligibility, follow_up, form, identity, money, selection, timetable
from calls.definition.choices import CHOICES, QUESTIONS, RULES, choices
from calls.definition.examination import InternalField
from calls.definition.schema import CallDocument
from calls.definition.values import Part
from portal.core.typography import (
    format_amount,
    format_date,
    format_instant,
    format_number,
    format_percent,
    format_quantity,
)

from .places import name_of, names_of

Line = Callable[[Any, CallDocument], str]


@dataclass(frozen=True)
class ListWords:
    """How a list is named, what its button adds, what it says when it is empty."""

    title: str
    add: str
    empty: str = "Rien pour le moment."


LISTS: dict[str, ListWords] = {
    "texts": ListWords("Textes de la page", "Ajouter un texte"),
    "partners": ListWords("Partenaires", "Ajouter un partenaire"),
    "frame": ListWords("Cadre juridique et politique", "Ajouter un texte du cadre"),
    "objectives": ListWords("Objectifs", "Ajouter un objectif"),
    "axes": ListWords("Axes du programme", "Ajouter un axe"),
    "support/themes": ListWords("Domaines d’expertise", "Ajouter un domaine"),
    "money/grants": ListWords("Aides", "Ajouter une aide"),
    "money/outside": ListWords("Hors enveloppe", "Ajouter une somme hors enveloppe"),
    "windows": ListWords("Périodes de dépôt", "Ajouter une période"),
    "calendar": ListWords("Étapes du calendrier", "Ajouter une étape", "Aucune date n’est annoncée."),
    "tracks": ListWords("Volets", "Ajouter un volet", "Un seul volet : tous candidatent de la même façon."),
    "strata": ListWords("Strates", "Ajouter une strate", "Aucune strate : tous les candidats sont ensemble."),
    "eligibility": ListWords("Règles", "Ajouter une règle"),
    "sections": ListWords("Sections", "Ajouter une section"),
    "sections/questions": ListWords("Questions", "Ajouter une question"),
    "examination/checklist": ListWords("Points à vérifier", "Ajouter un point", "Rien à vérifier hors des conditions."),
    "examination/fields": ListWords("Champs internes", "Ajouter un champ", "L’instruction ne note rien de plus."),
    "undertakings": ListWords("Engagements", "Ajouter un engagement", "La personne qui signe ne s’engage à rien."),
    "pieces": ListWords("Pièces demandées", "Ajouter une pièce", "Aucune pièce n’est demandée."),
    "documents": ListWords("Documents à télécharger", "Ajouter un document"),
    "grid/criteria": ListWords("Critères", "Ajouter un critère"),
    "grid/bonuses": ListWords("Bonus", "Ajouter un bonus"),
    "grid/rankings": ListWords("Classements à part", "Ajouter un classement", "Un seul classement pour tous."),
    "reasons": ListWords("Motifs", "Ajouter un motif", "Le procès-verbal et les lettres n’ont pas de motif à citer."),
    "phases": ListWords("Phases", "Ajouter une phase"),
    "agreement/articles": ListWords("Articles", "Ajouter un article"),
    "agreement/expertise": ListWords("Jours d’expertise", "Ajouter des jours d’expertise"),
    "indicators": ListWords("Indicateurs", "Ajouter un indicateur"),
    "reminders": ListWords(
        "Relances",
        "Ajouter une relance",
        "Les relances du portail partent : 7 jours et 2 jours avant la clôture, à 9 h 00.",
    ),
}


def list_words(address: str) -> ListWords:
    """The words of a list, by its address with or without codes."""
    return LISTS[names_of(address)]


def title_of(item: Part) -> str:
    """What people call an item."""
    if isinstance(item, timetable.Window) and not item.label:
        return f"Période {item.code}"
    if isinstance(item, timetable.Reminder):
        return choices(timetable.Reminder, "about")[item.about].capitalize()
    return item.title if isinstance(item, timetable.Milestone) else name_of(item)


def line_of(item: Part, document: CallDocument) -> str:
    """The line under the name of an item."""
    line = next((line for model, line in LINES.items() if isinstance(item, model)), None)
    parts = [line(item, document) if line else "", _when(item, document)]
    return " ; ".join(part for part in parts if part)


def _when(item: Any, document: CallDocument) -> str:
    said = say(getattr(item, "condition", None), document)
    return f"si {said}" if said else ""


def _question(item: form.Question, document: CallDocument) -> str:
    return f"{QUESTIONS[item.kind]}{'' if item.required else ', facultative'}"


def _criterion(item: selection.Criterion, document: CallDocument) -> str:
    points = format_quantity(item.points, "point") if item.points else ""
    least = f"note minimale {format_number(item.knockout)}" if item.knockout is not None else ""
    return ", ".join(part for part in (points, least, "pour information" if item.informational else "") if part)


def _grant(item: money.Grant, document: CallDocument) -> str:
    ceiling = f", au plus {format_amount(item.ceiling)}" if item.ceiling is not None else ""
    return f"{format_percent(item.rate)}{ceiling}"


def _window(item: timetable.Window, document: CallDocument) -> str:
    opens = format_instant(item.opens_at, weekday=False)
    return f"du {opens} au {format_instant(item.closes_at, weekday=False, seconds=True)}"


def _reminder(item: timetable.Reminder, document: CallDocument) -> str:
    side = "avant" if item.days < 0 else "après"
    day = f"{format_quantity(abs(item.days), 'jour')} {side} l’échéance" if item.days else "le jour même"
    return f"{day}, à {item.at:%H} h {item.at:%M}"


def _choice(name: str) -> Line:
    return lambda item, document: choices(type(item), name)[getattr(item, name)]


LINES: dict[type[Part], Line] = {
    identity.Partner: _choice("role"),
    identity.Frame: lambda item, document: f"signé le {format_date(item.signed_on)}" if item.signed_on else "",
    identity.Stratum: _choice("kind"),
    eligibility.RuleBase: lambda item, document: RULES[item.kind],
    form.Section: lambda item, document: format_quantity(len(item.questions), "question"),
    form.Question: _question,
    form.Piece: _choice("need"),
    form.Download: lambda item, document: f"{_choice('kind')(item, document)}{f', {item.file}' if item.file else ''}",
    selection.Criterion: _criterion,
    selection.Bonus: lambda item, document: format_quantity(item.points, "point"),
    selection.Reason: _choice("outcome"),
    money.Grant: _grant,
    money.Outside: lambda item, document: format_amount(item.amount),
    timetable.Window: _window,
    timetable.Milestone: lambda item, document: item.when.french,
    timetable.Reminder: _reminder,
    follow_up.Phase: lambda item, document: (
        f"mois {item.first_month} à {item.last_month}"
        if item.last_month > item.first_month
        else f"mois {item.first_month}"
    ),
    follow_up.Expertise: lambda item, document: format_quantity(item.days, "jour"),
    follow_up.Indicator: _choice("kind"),
    InternalField: _choice("kind"),
}


def read_value(value: Any, model: type[Part], name: str) -> str:
    """A value of the document as people read it, for the text that another person has written."""
    if value in (None, "", (), {}):
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return "\n".join(read_value(item, model, name) for item in value)
    if isinstance(value, dict):
        return "\n".join(f"{key} : {words}" for key, words in value.items())
    if isinstance(value, Part):
        return title_of(value) if any(hasattr(value, key) for key in ("label", "title", "name")) else str(value)
    named = choices(model, name) if any((base, name) in CHOICES for base in model.__mro__) else {}
    return named.get(str(value), str(value))
