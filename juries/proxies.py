"""Proxies: who may bear one, and when one has effect. Pure; presence is the key of every right."""

from dataclasses import dataclass

from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import NBSP, format_quantity


@dataclass(frozen=True, kw_only=True)
class Given:
    """What counts when a proxy is recorded. `borne`: how many its bearer holds already; `ceiling`: of the call."""

    giver: str
    bearer: str
    ceiling: int
    borne: int = 0
    giver_votes: bool = True
    bearer_votes: bool = True
    giver_personal: bool = False
    giver_bears: bool = False
    bearer_gave: bool = False


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What counts for a proxy before one file (nobody recused before the whole meeting)."""

    giver: str
    bearer: str
    giver_here: bool = False
    bearer_here: bool = True
    giver_recused: bool = False
    bearer_recused: bool = False
    concerned: bool = True


def can_give(given: Given) -> Answer:
    """A voting seat to another one, within the ceiling of the call; a proxy is never passed on."""
    quoted_giver, quoted_bearer = quoted(given.giver), quoted(given.bearer)
    most = f"Le règlement admet {format_quantity(given.ceiling, 'pouvoir')} au plus par membre"
    return first_refusal(
        YES if given.ceiling else no("Le règlement de l’appel n’admet pas de pouvoir."),
        YES if given.giver_votes else no(f"{quoted_giver} n’a pas de voix à confier."),
        no(f"La voix de {quoted_giver} est attachée à sa personne.") if given.giver_personal else YES,
        YES if given.bearer_votes else no(f"{quoted_bearer} ne vote pas{NBSP}: il ne porte pas de pouvoir."),
        no(f"{quoted_giver} porte déjà un pouvoir{NBSP}: il ne se transmet pas.") if given.giver_bears else YES,
        no(f"{quoted_bearer} a lui-même donné pouvoir.") if given.bearer_gave else YES,
        YES if given.borne < given.ceiling else no(f"{most}{NBSP}: {quoted_bearer} les porte déjà."),
    )


def has_effect(facts: Effect) -> Answer:
    """Whether the bearer votes for the giver on this file, and why not."""
    head = f"Le pouvoir de {quoted(facts.giver)} est sans effet{NBSP}:"
    return first_refusal(
        no(f"{head} ce siège est présent.") if facts.giver_here else YES,
        YES if facts.concerned else no(f"{head} ce dossier ne le concerne pas."),
        no(f"{head} ce siège est déporté de ce dossier.") if facts.giver_recused else YES,
        YES if facts.bearer_here else no(f"{head} {quoted(facts.bearer)}, qui le porte, n’est pas présent."),
        no(f"{head} {quoted(facts.bearer)}, qui le porte, est déporté de ce dossier.") if facts.bearer_recused else YES,
    )


def quoted(label: str) -> str:
    return f"«\u202f{label}\u202f»"
