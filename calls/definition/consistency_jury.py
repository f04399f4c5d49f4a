"""Rules of a jury that contradict each other, or name no seat nor college of it."""

from typing import Any

from calls.definition.consistency_form import Findings, unknown
from calls.definition.schema import CallDocument
from calls.definition.selection import Jury
from calls.definition.tree import Path, Problem


def jury_findings(document: CallDocument) -> Findings:
    """What the rules of the jury cannot be at once."""
    jury = document.jury
    if jury is None:
        return
    presidents = [rank for rank, seat in enumerate(jury.seats) if seat.president]
    if jury.casting_vote and len(presidents) != 1:
        yield Problem(
            "la voix prépondérante demande une présidence et une seule : écrivez « president: true » sur un siège.",
            ("jury",),
        )
    for rank in presidents:
        if not jury.seats[rank].voting:
            yield Problem("la présidence a voix délibérative.", ("jury", "seats", rank, "voting"))
    for rank, seat in enumerate(jury.seats):
        yield from _seat(seat, ("jury", "seats", rank))
    if jury.readers and jury.readers > len(jury.voting):
        told = f"plus de membres par dossier que de voix délibératives ({len(jury.voting)})."
        yield Problem(told, ("jury", "readers"))
    for rank, (phase, before) in enumerate(zip(jury.phases[1:], jury.phases, strict=False), start=1):
        if phase.days >= before.days:
            yield Problem(
                "une phase commence après la précédente : moins de jours avant la séance.",
                ("jury", "phases", rank, "days"),
            )
    seats = {seat.code for seat in jury.seats}
    for rank, code in enumerate(jury.required_seats):
        if code not in seats:
            yield unknown("aucun siège", code, seats, ("jury", "required_seats", rank))
    yield from _college_quorums(jury)
    if jury.proxies_in_quorum and not jury.proxies:
        yield Problem("aucun pouvoir n’est admis : écrivez « proxies ».", ("jury", "proxies_in_quorum"))
    if jury.ballot == "none" and jury.tie:
        yield Problem("un comité qui ne vote pas n’a pas de partage égal : retirez « tie ».", ("jury", "tie"))
    if "casting_vote" in jury.tie and not jury.casting_vote:
        yield Problem("« casting_vote » est une étape du partage : écrivez « casting_vote: true ».", ("jury", "tie"))
    if jury.quorum > len(jury.voting):
        yield Problem(f"le quorum dépasse le nombre de voix délibératives ({len(jury.voting)}).", ("jury", "quorum"))


def _college_quorums(jury: Jury) -> Findings:
    """Each names a college that votes, and asks something of it."""
    for rank, rule in enumerate(jury.quorum_colleges):
        path = ("jury", "quorum_colleges", rank)
        if rule.college not in jury.colleges:
            yield unknown("aucun collège à voix délibérative", rule.college, jury.colleges, (*path, "college"))
        if (rule.members is None) == (rule.share is None):
            yield Problem("demandez un nombre de membres ou une part des présents, l’un des deux.", path)


def _seat(seat: Any, path: Path) -> Findings:
    """What a seat cannot be at once."""
    if seat.observer and (seat.voting or seat.president or seat.co_chair):
        yield Problem("un siège qui observe ne vote ni ne préside : écrivez « voting: false ».", (*path, "observer"))
    if seat.co_chair and seat.president:
        yield Problem("ce siège préside déjà : retirez « co_chair ».", (*path, "co_chair"))
    if seat.co_chair and not seat.voting:
        yield Problem("une coprésidence a voix délibérative.", (*path, "voting"))
    if seat.by_department and (seat.president or seat.co_chair):
        told = "la présidence ne change pas avec le dossier : retirez « by_department »."
        yield Problem(told, (*path, "by_department"))
