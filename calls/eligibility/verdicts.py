"""What one rule says of an applicant, and what all of them say together. Pure."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from calls.definition.eligibility import Effect
from portal.core.typography import typeset

Outcome = Literal["pass", "fail", "warning", "unknown", "derogated"]
Overall = Literal["eligible", "to_check", "ineligible"]

# Most sentences of a rule are the same for thousands of communes.
_set = lru_cache(maxsize=4096)(typeset)


class Verdict(NamedTuple):
    """What one rule says of an applicant. A rule that is not blocking never fails: it warns.

    `told`: the sentence, or what composes it: it is composed and typeset only when someone reads it, since most pages
    want the outcome of thousands of communes and the words of one (`docs/decisions/031-phrases-a-la-demande.md`).
    `derogable_by`: the role that may grant a derogation; `asked`: one was asked, and awaits its answer.
    """

    code: str
    outcome: Outcome
    told: str | Callable[[], str]
    effect: Effect = "blocking"
    derogable: bool = False
    derogable_by: str = ""
    label: str = ""
    asked: bool = False

    @property
    def sentence(self) -> str:
        """In French typography."""
        return _set(self.told if isinstance(self.told, str) else self.told())

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

    def __eq__(self, other: object) -> bool:
        """Two verdicts are the same when they say the same."""
        return isinstance(other, Verdict) and self._said() == other._said()

    __hash__ = None  # type: ignore[assignment]

    def _said(self) -> tuple[object, ...]:
        return (*self._replace(told=self.sentence),)


def overall(verdicts: Iterable[Verdict]) -> Overall:
    """`ineligible` as soon as a blocking rule fails, `to_check` while one is not known; warnings do not count."""
    outcomes = {verdict.outcome for verdict in verdicts if verdict.effect == "blocking"}
    if "fail" in outcomes:
        return "ineligible"
    return "to_check" if "unknown" in outcomes else "eligible"
