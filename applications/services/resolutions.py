"""Tell what the council decided: the act behind a piece, which letters and agreements quote."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from calls.models import PieceType
from portal.accounts.models import Organisation, User
from portal.core.calendar import day_of
from portal.core.rules import Refused, require

from ..models import Application, CouncilResolution
from ..rules.files import can_change_piece
from .mandates import note_writing


@dataclass(frozen=True)
class Act:
    """What the person copies from the paper. `organisation`: None when it is of no applicant of the file."""

    organisation: Organisation | None
    assembly: str
    number: str
    adopted_on: date
    transmitted_on: date | None = None


@transaction.atomic
def tell_resolution(
    *, application: Application, piece: PieceType, act: Act, by: User, at: datetime
) -> CouncilResolution:
    """Write that of one body, or correct it; a deposited version keeps what was told then. Raises `Refused`."""
    require(can_change_piece(by, application, piece, at))
    if not piece.resolution:
        raise Refused("Cette pièce n’est pas une délibération.")
    if act.adopted_on > day_of(at):
        raise Refused("Le conseil ne s’est pas encore réuni : promettez la pièce, vous la compléterez ensuite.")
    if act.transmitted_on and not act.adopted_on <= act.transmitted_on <= day_of(at):
        raise Refused("La transmission à la préfecture suit la séance, et n’est pas à venir.")
    told, _ = CouncilResolution.objects.update_or_create(
        application=application,
        piece_code=piece.code,
        organisation=act.organisation,
        defaults={
            "assembly": act.assembly.strip()[:150],
            "number": act.number.strip()[:40],
            "adopted_on": act.adopted_on,
            "transmitted_on": act.transmitted_on,
        },
    )
    note_writing(application, f"piece:{piece.code}", by, at)
    return told
