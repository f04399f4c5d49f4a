"""The catalogue of reminders: what each rule says, when it leaves, what stops it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReminderRule:
    """`code` is the rule of the facts; the sentences are shown on the page of reminders."""

    code: str
    label: str
    when: str
    stops: str


RULES = (
    ReminderRule(
        "draft_not_deposited",
        "Brouillon non déposé",
        "7 jours et 2 jours avant la clôture, à 9 h 00, heure de Paris",
        "la candidature est déposée",
    ),
    ReminderRule(
        "assessment_missing",
        "Dossiers que le membre du jury n’a pas notés",
        "7 jours et 2 jours avant la séance, à 9 h 00, heure de Paris",
        "tous ses dossiers sont notés",
    ),
    ReminderRule(
        "milestone_due",
        "Livrable d’une phase d’accompagnement",
        "14 jours et 2 jours avant la date, à 9 h 00, heure de Paris",
        "le livrable est remis",
    ),
)
