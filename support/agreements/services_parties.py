"""The parties, annexes and text of an agreement while it is drawn up, and what comes back signed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from portal.accounts.models import Organisation, User
from portal.core.rules import Refused, require
from portal.core.scanning import ask_scan
from portal.core.uploads import UploadRefused, store_upload

from . import states
from .models import Agreement, Annex, Party, SignedCopy
from .rules import can_change

ANNEX_FORMATS = ["pdf", "odt", "docx", "ods", "xlsx", "jpg", "jpeg", "png"]
MAX_BYTES = 20_000_000
MAX_ANNEXES = 20
MAX_PARTIES = 40
ACT_FIELDS = (
    "representative_title", "representative_name", "act_kind", "act_body", "act_number", "act_on", "delegation",
    "delegated_on",
)  # fmt: skip


def open_to_changes(agreement_id: int) -> Agreement:
    """The agreement, locked, while its text may still change. Raises `Refused`."""
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
    require(can_change(agreement))
    return agreement


@transaction.atomic
def add_party(*, agreement: Agreement, organisation: Organisation, side: str, by: User, **told: Any) -> Party:
    """One more party, last in the order. Raises `Refused` when it is one already."""
    locked = open_to_changes(agreement.pk)
    parties = list(locked.parties.values_list("organisation_id", "position"))
    if organisation.pk in {pk for pk, _ in parties}:
        raise Refused(f"{organisation} est déjà partie à cette convention.")
    if len(parties) >= MAX_PARTIES:
        raise Refused(f"Une convention compte {MAX_PARTIES} parties au plus.")
    position = max((position for _, position in parties), default=0) + 1
    return Party.objects.create(
        agreement=locked, organisation=organisation, side=side, position=position, recorded_by=by, **told
    )


@transaction.atomic
def record_act(*, party: Party, by: User, **told: Any) -> None:
    """Who represents a party and the act that authorises it, while the agreement is drawn up. Raises `Refused`."""
    open_to_changes(party.agreement_id)
    values = {name: told[name] for name in ACT_FIELDS if name in told}
    Party.objects.filter(pk=party.pk).update(**values, recorded_by=by)


@transaction.atomic
def move_party(*, party: Party, up: bool, by: User) -> None:
    """Change places with the party before, or after: the order of the text and of the signatures. Raises `Refused`."""
    agreement = open_to_changes(party.agreement_id)
    order = list(agreement.parties.order_by("position", "pk"))
    here = next(rank for rank, other in enumerate(order) if other.pk == party.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        raise Refused("Cette partie est déjà au bout de la liste.")
    order[here], order[there] = order[there], order[here]
    for position, other in enumerate(order, 1):
        Party.objects.filter(pk=other.pk).update(position=position)


@transaction.atomic
def remove_party(*, party: Party, by: User) -> None:
    """A partner or a witness leaves the draft; the organiser and the last beneficiary stay. Raises `Refused`."""
    agreement = open_to_changes(party.agreement_id)
    same = agreement.parties.filter(side=party.side).count()
    if party.side == Party.Side.OWNER or (party.side == Party.Side.BENEFICIARY and same == 1):
        raise Refused("Une convention garde l’organisateur et au moins un bénéficiaire.")
    party.delete()


@transaction.atomic
def set_text(*, agreement: Agreement, articles: Sequence[dict[str, Any]], by: User, **told: Any) -> None:
    """The articles of this very agreement (none: the outline of the call) and its settings. Raises `Refused`."""
    locked = open_to_changes(agreement.pk)
    Agreement.objects.filter(pk=locked.pk).update(articles=list(articles), **told)


@transaction.atomic
def add_annex(*, agreement: Agreement, title: str, upload: UploadedFile, by: User, at: datetime) -> Annex:
    """Join a file to the draft. Raises `Refused`, `UploadRefused`."""
    locked = open_to_changes(agreement.pk)
    if locked.annexes.count() >= MAX_ANNEXES:
        raise Refused(f"Une convention porte {MAX_ANNEXES} annexes au plus.")
    file = store_upload(upload, accepted=ANNEX_FORMATS, max_bytes=MAX_BYTES, by=by, at=at)
    ask_scan(file, at)
    return Annex.objects.create(agreement=locked, title=title, file=file, added_at=at, added_by=by)


@transaction.atomic
def remove_annex(*, annex: Annex, by: User) -> None:
    """Take an annex out of the draft. Raises `Refused`."""
    open_to_changes(annex.agreement_id)
    annex.delete()


@transaction.atomic
def keep_copy(*, agreement: Agreement, party: Party | None, upload: UploadedFile, by: User, at: datetime) -> SignedCopy:
    """What came back signed, of one party or whole: it stands beside the former ones. Raises `Refused`."""
    locked = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if locked.state in (states.DRAFTING, states.ABANDONED):
        raise Refused("Un exemplaire signé se joint à une convention envoyée à la signature.")
    file = store_upload(upload, accepted=["pdf"], max_bytes=MAX_BYTES, by=by, at=at)
    if locked.copies.filter(file__sha256=file.sha256).exists():
        raise UploadRefused("Cet exemplaire est déjà gardé.")
    ask_scan(file, at)
    return SignedCopy.objects.create(agreement=locked, party=party, file=file, added_at=at, added_by=by)
