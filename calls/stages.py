"""Where a call stands on the chain, computed from its dates: never stored."""

from datetime import date, datetime

from portal.core.calendar import PARIS

STAGES = ("call", "application", "examination", "jury", "agreement", "support", "impact")


def stage(
    *,
    opens_at: datetime,
    closes_at: datetime,
    jury_on: date | None,
    decision_on: date | None,
    kickoff_on: date | None,
    end_on: date | None,
    at: datetime,
) -> str:
    """The current link of the chain. A call without jury goes from examination to agreement at its decision."""
    today = at.astimezone(PARIS).date()
    if at < opens_at:
        return "call"
    if at <= closes_at:
        return "application"
    if jury_on and today < jury_on:
        return "examination"
    if decision_on and today <= decision_on:
        return "jury" if jury_on else "examination"
    if kickoff_on and today < kickoff_on:
        return "agreement"
    if end_on and today <= end_on:
        return "support"
    return "impact" if end_on else ("support" if kickoff_on else ("agreement" if decision_on else "examination"))


def status(phase: str) -> tuple[str, str]:
    """The badge of a public list: code of the component, words. `phase` is that of `queries_public.phase_of`."""
    return {
        "suspended": ("suspended", "Suspendu"),
        "cancelled": ("dropped", "Classé sans suite"),
        "archived": ("finished", "Archivé"),
        "call": ("to_come", "À venir"),
        "application": ("open", "Ouvert aux candidatures"),
        "examination": ("examination", "En instruction"),
        "jury": ("jury", "Jury en cours"),
        "agreement": ("to_sign", "Conventions en signature"),
        "support": ("support", "En accompagnement"),
        "impact": ("finished", "Terminé"),
    }[phase]
