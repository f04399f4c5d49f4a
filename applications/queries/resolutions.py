"""The acts of councils that a file holds, by piece: who adopted them, when, under what number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from calls.models import PieceType
from portal.accounts.models import Organisation

from ..models import Application, ApplicationMember, CouncilResolution


def acts_of(application: Application, pieces: Iterable[PieceType]) -> Mapping[str, str]:
    """Piece code → what its acts say, one after another; asks nothing when no piece is a resolution."""
    if not any(piece.resolution for piece in pieces):
        return {}
    told: dict[str, list[CouncilResolution]] = defaultdict(list)
    for act in application.resolutions.exclude(piece_code="").select_related("organisation"):
        told[act.piece_code].append(act)
    return {code: in_words(acts) for code, acts in told.items()}


def in_words(acts: list[CouncilResolution]) -> str:
    """One act needs no name before it."""
    if len(acts) == 1:
        return acts[0].words
    return " ; ".join(act.words_of_body for act in acts)


def acts_told(application: Application, piece: PieceType) -> list[CouncilResolution]:
    """Those of one piece: one for each applicant at most, and one of another body."""
    return list(application.resolutions.filter(piece_code=piece.code).select_related("organisation"))


def bodies_of(application: Application) -> list[Organisation]:
    """Whose council may have adopted it: the applicants of the file, the lead first."""
    current = application.members.filter(confirmed_at__isnull=False, left_at=None)
    roles = (ApplicationMember.Role.LEAD, ApplicationMember.Role.MEMBER)
    members = current.filter(role__in=roles).select_related("organisation__commune").order_by("pk")
    found = [member.organisation for member in members if member.organisation_id != application.lead_id]
    return [application.lead, *found]
