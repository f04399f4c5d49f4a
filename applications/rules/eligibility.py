"""Whether the eligibility rules let an applicant begin, join or deposit; what holds it up, in its own words."""

from collections.abc import Iterable, Mapping

from calls.eligibility import Verdict
from portal.core.rules import YES, Answer, no
from portal.core.typography import typeset


def eligible_by(verdicts: Iterable[Verdict], whose: str = "Votre commune", *, deposit: bool = False) -> Answer:
    """Refused with the sentences of the blocking rules that fail; what is not known yet does not block.

    A rule from which one may derogate lets a draft begin, where the derogation is asked; at `deposit`, it has been.
    """
    failed = [verdict for verdict in verdicts if verdict.blocks and not (verdict.derogable and not deposit)]
    failed = [verdict for verdict in failed if not verdict.asked]
    if not failed:
        return YES
    said = f"{whose} ne peut pas candidater. {'. '.join(verdict.sentence for verdict in failed)}."
    if all(verdict.derogable for verdict in failed):
        said += " Une dérogation est possible : demandez-la à la page « Conditions »."
    return no(typeset(said))


def is_explained(verdicts: Iterable[Verdict], texts: Mapping[str, str]) -> Answer:
    """Every rule that asks for an explanation when it is not kept has one."""
    missing = [verdict for verdict in verdicts if verdict.needs_text and not texts.get(verdict.code, "").strip()]
    if not missing:
        return YES
    return no(typeset(f"{missing[0].sentence}. Expliquez-le à la page « Conditions » avant de déposer."))
