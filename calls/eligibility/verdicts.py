"""What one rule says of an applicant, and what all of them say together. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from calls.definition.eligibility import Effect

Outcome = Literal["pass", "fail", "warning", "unknown", "derogated"]
Overall = Literal["eligible", "to_check", "ineligible"]


@dataclass(frozen=True)
class Verdict:
    """What one rule says of an applicant. A rule that is not blocking never fails: it warns.

    `derogable_by`: the role that may grant a derogation; `asked`: one was asked, and awaits its answer.
    """

    code: str
    outcome: Outcome
    sentence: str
    effect: Effect = "blocking"
    derogable: bool = False
    derogable_by: str = ""
    label: str = ""
    asked: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the rule is kept; None while a fact is missing. A derogation keeps it."""
        return {"pass": True, "derogated": True, "unknown": None}.get(self.outcome, False)

    @property
    def needs_text(self) -> bool:
        """Whether the applicant must write why the rule is not kept."""
        return self.effect == "justify" and self.outcome == "warning"

    @property
    def blocks(self) -> bool:
        return self.effect == "blocking" and self.outcome == "fail"


def overall(verdicts: Iterable[Verdict]) -> Overall:
    """`ineligible` as soon as a blocking rule fails, `to_check` while one is not known; warnings do not count."""
    outcomes = {verdict.outcome for verdict in verdicts if verdict.effect == "blocking"}
    if "fail" in outcomes:
        return "ineligible"
    return "to_check" if "unknown" in outcomes else "eligible"
