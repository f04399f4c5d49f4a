"""The agreements of an organisation, when another takes its place: the substitution of right of a commune nouvelle."""

from collections.abc import Iterator

from portal.accounts.models import Organisation
from portal.accounts.services.takeover import Holding

from .models import Agreement, Party

ENDED = "terminated"


def holdings(old: Organisation, heir: Organisation) -> Iterator[Holding]:
    """Its places as a party of agreements that live; signed documents keep the name of their day."""
    parties = Party.objects.filter(organisation=old).exclude(agreement__state=ENDED).select_related("agreement")
    for party in parties.order_by("pk"):
        twice = Party.objects.filter(agreement=party.agreement_id, organisation=heir).exists()
        stays = "le nouvel organisme est déjà partie à cette convention" if twice else ""
        yield Holding(party, "organisation", agreement_words(party.agreement), stays)


def agreement_words(agreement: Agreement) -> str:
    return f"convention {agreement.number}, {agreement.title}"
