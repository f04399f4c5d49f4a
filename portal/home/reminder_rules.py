"""The catalogue of reminders: what each rule says, when it leaves, what stops it."""

from dataclasses import dataclass

from calls.models import Call
from calls.reminders import offset_words, offsets_of, own_offsets
from portal.core.typography import typeset


@dataclass(frozen=True)
class ReminderRule:
    """`code` is the rule of the facts; `term` is what it comes before or after; the sentences are shown on the page."""

    code: str
    label: str
    term: str
    stops: str

    def when(self, call: Call) -> str:
        """« 10 jours avant la clôture, à 8 h 30, heure de Paris, comme le veut cet appel »."""
        said = offset_words(offsets_of(call, self.code), self.term)
        whose = "comme le veut cet appel" if own_offsets(call, self.code) else "réglage du portail"
        return typeset(f"{said} ({whose})")


RULES = (
    ReminderRule("draft_not_deposited", "Brouillon non déposé", "la clôture", "la candidature est déposée"),
    ReminderRule("piece_promised", "Pièce promise au dépôt", "la date promise", "la pièce est transmise"),
    ReminderRule("opinion_due", "Avis demandé à un service", "l’échéance de l’avis", "il est rendu ou retiré"),
    ReminderRule("completion_due", "Compléments demandés", "leur limite", "ils sont transmis"),
    ReminderRule(
        "assessment_missing",
        "Dossiers que le membre du jury n’a pas notés",
        "la séance",
        "tous ses dossiers sont notés",
    ),
    ReminderRule(
        "retention_due",
        "Préavis avant l’effacement d’un brouillon ou d’un dossier",
        "l’effacement",
        "l’effacement est reporté, ou le brouillon repris",
    ),
    ReminderRule(
        "milestone_due", "Livrable ou jalon d’accompagnement", "la date du livrable", "il est remis, ou noté fait"
    ),
    ReminderRule("expertise_due", "Expertise que doit un organisme", "sa date", "elle est rendue"),
    ReminderRule("mandate_due", "Mandats des communes après une élection", "sa date", "la commune a répondu"),
    ReminderRule("support_end", "Fin d’un accompagnement", "sa fin", "il est clos ou prolongé"),
    ReminderRule("report_due", "Rapport que doit une commune accompagnée", "sa date", "il est remis"),
    ReminderRule(
        "framework_due", "Convention-cadre à signer", "la fin de son délai", "la convention-cadre est en vigueur"
    ),
    ReminderRule(
        "signature_due", "Convention à signer", "la date limite des signatures", "toutes les parties ont signé"
    ),
    ReminderRule("funding_due", "Aide à demander à un financeur", "son échéance", "elle est demandée"),
    ReminderRule(
        "award_lapse", "Aide qui peut devenir caduque", "sa date limite", "le début est déclaré ou le solde demandé"
    ),
)
