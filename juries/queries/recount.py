"""Open the boxes of a session again: what they hold, what was sealed at the closing, what the minutes print."""

from collections.abc import Iterator

from ..ballot import count
from ..box import Ballot, seal
from ..models import AgendaItem, JurySession
from .proposal import minutes_document
from .sessions import counted_votes, items_of


def seal_of(item: AgendaItem) -> str:
    """The fingerprint of all the ballots of a file, as they are now."""
    votes = item.votes.select_related("seat")
    modes = {vote.pk: "proxy" if vote.proxy_id else "hand" if vote.entered_by_id else "device" for vote in votes}
    return seal(str(item.uuid), [Ballot(vote.seat.code, vote.choice, modes[vote.pk]) for vote in votes])


def recount(session: JurySession) -> Iterator[str]:
    """One French sentence for each difference; nothing when every box is the one that was closed."""
    document = minutes_document(session)
    printed = {row["key"]: row["seal"] for row in document.snapshot.get("seals", [])} if document else {}
    for item in items_of(session).exclude(seal=""):
        item.session = session
        yield from differences(item, printed.get(str(item.uuid), item.seal))


def differences(item: AgendaItem, printed: str) -> Iterator[str]:
    head = f"Candidature {item.application.number}, scrutin {item.round}"
    if seal_of(item) != item.seal:
        yield f"{head} : les bulletins ne sont plus ceux de la clôture."
    if item.seal != printed:
        yield f"{head} : l’empreinte gardée n’est pas celle que le procès-verbal imprime."
    box = count(vote.choice for vote in counted_votes(item))
    found = (box.in_favour, box.against, box.abstained)
    if (item.votes_for, item.votes_against, item.abstentions) != found:
        yield f"{head} : le décompte gardé n’est pas celui des bulletins."
