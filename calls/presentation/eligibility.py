"""« Ma commune est-elle éligible ? »: one title that fits the moment of the call, each rule with its sentence."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.typography import format_instant, typeset
from portal.territories.models import Commune, Intercommunality
from portal.territories.queries import place_line
from portal.territories.words import intercommunality_name

from .. import states
from ..conditions import Facts
from ..eligibility import Verdict, overall
from ..models import Call
from ..queries import facts_of, verdicts_for
from ..queries_applicants import facts_of_group, placed
from .rows import CallRow

GROUP = "intercommunality"
SECTIONS = (
    ("fail", "Ce qui empêche de candidater"),
    ("unknown", "Ce qui reste à vérifier"),
    ("warning", "À savoir"),
    ("pass", "Ce qui est rempli"),
)
# By moment of the call, then by answer. `{opens}` and `{closed}` are instants.
TITLES = {
    "application": {
        "eligible": "Oui, {name} peut candidater.",
        "to_check": "Oui, {name} peut candidater, sous réserve de ce qui reste à vérifier.",
        "ineligible": "Non, {name} ne peut pas candidater à cet appel.",
    },
    "call": {
        "eligible": "Oui, {name} pourra candidater à partir du {opens}.",
        "to_check": "Oui, {name} pourra candidater à partir du {opens}, sous réserve de ce qui reste à vérifier.",
        "ineligible": "Non, {name} ne pourra pas candidater à cet appel.",
    },
    "closed": {
        "eligible": "Trop tard : {name} pouvait candidater, mais les candidatures sont closes depuis le {closed}.",
        "to_check": "Trop tard : {name} pouvait sans doute candidater, l’appel est clos depuis le {closed}.",
        "ineligible": "Non, {name} ne pouvait pas candidater à cet appel, clos depuis le {closed}.",
    },
    "suspended": {
        "eligible": "{name} remplit les conditions, mais l’appel est suspendu : aucune candidature n’est reçue.",
        "to_check": "{name} remplit peut-être les conditions ; l’appel est suspendu, aucune candidature n’est reçue.",
        "ineligible": "Non, {name} ne peut pas candidater à cet appel, par ailleurs suspendu.",
    },
    "stopped": {
        "eligible": "{name} remplissait les conditions, mais cet appel ne reçoit plus de candidature.",
        "to_check": "{name} remplissait peut-être les conditions, mais cet appel ne reçoit plus de candidature.",
        "ineligible": "Non, {name} ne pouvait pas candidater à cet appel, qui ne reçoit plus de candidature.",
    },
}


@dataclass(frozen=True)
class EligibilityAnswer:
    """What the public check says of a commune, or of an intercommunality when the call admits some."""

    code: str
    name: str
    place: str
    overall: str
    title: str
    verdicts: list[Verdict]
    formerly: str = ""

    @property
    def sections(self) -> list[tuple[str, str, list[Verdict]]]:
        """The verdicts by outcome, what stops first: outcome, title, sentences."""
        found = ((code, title, [v for v in self.verdicts if shown_as(v) == code]) for code, title in SECTIONS)
        return [section for section in found if section[2]]

    @property
    def derogable(self) -> bool:
        """Whether each rule that fails may be derogated."""
        failing = [verdict for verdict in self.verdicts if shown_as(verdict) == "fail"]
        return bool(failing) and all(verdict.derogable for verdict in failing)


def shown_as(verdict: Verdict) -> str:
    return "pass" if verdict.outcome == "derogated" else verdict.outcome


def moment_of(row: CallRow) -> str:
    """The words that fit the call now: a key of `TITLES`."""
    if row.phase in ("application", "call", states.SUSPENDED):
        return row.phase
    return "stopped" if row.phase in (states.CANCELLED, states.ARCHIVED) or row.window is None else "closed"


def eligibility_answer(call: Call, commune: Commune, row: CallRow | None = None) -> EligibilityAnswer:
    """Whether a commune may apply, in one title, with the sentence of each rule; `row`: when the call stands."""
    verdicts = verdicts_for(call, placed(facts_of(commune), call))
    name = commune.name.replace("'", "’")
    formerly = getattr(commune, "formerly", "")
    return answer(commune.insee, name, place_line(commune), verdicts, row, formerly=formerly)


def group_answer(call: Call, group: Intercommunality, row: CallRow | None = None) -> EligibilityAnswer:
    """The same for an intercommunality that would apply itself."""
    name = intercommunality_name(group.kind, group.name.replace("'", "’"))
    facts = Facts(name=name, applicant_kind=GROUP, **facts_of_group(group))
    return answer(group.siren, name, f"SIREN {group.siren}", verdicts_for(call, placed(facts, call)), row)


def answer(
    code: str, name: str, place: str, verdicts: Iterable[Verdict], row: CallRow | None, *, formerly: str = ""
) -> EligibilityAnswer:
    verdicts = list(verdicts)
    verdict = overall(verdicts)
    moment = moment_of(row) if row else "application"
    window = row.window if row else None
    title = TITLES[moment][verdict].format(
        name=name,
        opens=format_instant(window.opens_at) if window else "",
        closed=format_instant(window.closes_at) if window else "",
    )
    return EligibilityAnswer(code, name, place, verdict, typeset(title), verdicts, formerly)
