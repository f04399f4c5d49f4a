"""What a person has ruled on a rule of a file, told in its verdict: who, when, why. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from portal.core.typography import format_date, typeset

from .verdicts import Outcome, Verdict

State = Literal["asked", "granted", "refused", "met", "not_met"]


@dataclass(frozen=True)
class RulingFact:
    """One ruling: a derogation (`asked`, `granted`, `refused`) or the check of a fact (`met`, `not_met`).

    `by`: the name and quality of who ruled, or asked; `on`: that day, in Paris; `reason`: their own words.
    """

    rule: str
    state: State
    by: str
    on: date
    reason: str = ""

    @property
    def sentence(self) -> str:
        """« dérogation accordée le 3 mars 2027 par Anne Martin, instruction : accès unique au bourg »."""
        return typeset(f"{_WORDS[self.state]} le {format_date(self.on)} par {self.by} : {_one_line(self.reason)}")


_WORDS: dict[State, str] = {
    "asked": "dérogation demandée",
    "granted": "dérogation accordée",
    "refused": "dérogation refusée",
    "met": "vérifié",
    "not_met": "vérifié",
}


def with_rulings(verdicts: Iterable[Verdict], rulings: Iterable[RulingFact]) -> list[Verdict]:
    """The verdicts with what persons have ruled: checks first, since a derogation bears on a rule that is not kept."""
    ruled = list(rulings)
    checks = {ruling.rule: ruling for ruling in ruled if ruling.state in ("met", "not_met")}
    derogations = {ruling.rule: ruling for ruling in ruled if ruling.state in ("asked", "granted", "refused")}
    checked = [_checked(verdict, checks.get(verdict.code)) for verdict in verdicts]
    return [_derogated(verdict, derogations.get(verdict.code)) for verdict in checked]


def _checked(verdict: Verdict, ruling: RulingFact | None) -> Verdict:
    if ruling is None:
        return verdict
    met = ruling.state == "met"
    outcome: Outcome = "pass" if met else "fail" if verdict.effect == "blocking" else "warning"
    sentence = f"{verdict.label} : {'oui' if met else 'non'}, {ruling.sentence}"
    return verdict._replace(outcome=outcome, told=sentence)


def _derogated(verdict: Verdict, ruling: RulingFact | None) -> Verdict:
    if ruling is None or verdict.met is not False:
        return verdict
    told = ruling.sentence
    sentence = f"{verdict.sentence}. {told[:1].upper()}{told[1:]}"
    outcome: Outcome = "derogated" if ruling.state == "granted" else verdict.outcome
    return verdict._replace(outcome=outcome, told=sentence, asked=ruling.state == "asked")


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
