"""A rule answers with its reason: `Answer` is both the verdict and the French sentence that explains it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """Whether an act is allowed, and why not. Truthy when allowed."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Answer(True)


def no(reason: str) -> Answer:
    """A refusal with its French sentence: why, and what to do next."""
    return Answer(False, reason)


def first_refusal(*answers: Answer) -> Answer:
    """The first refusal, or YES."""
    return next((answer for answer in answers if not answer), YES)


class Refused(Exception):
    """An act of the procedure was refused; `str()` is the French sentence to show (page 403, message, field)."""


def require(answer: Answer) -> None:
    """Raise `Refused` unless allowed."""
    if not answer:
        raise Refused(answer.reason)
