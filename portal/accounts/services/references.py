"""Organisations follow their commune when it only changes its code: same SIREN, same body."""

from dataclasses import dataclass

from django.db import transaction

from portal.territories.models import Commune
from portal.territories.queries_history import history

from ..models import Organisation
from ..queries_references import of_former_communes, same_body


@dataclass(frozen=True)
class Relink:
    """The organisation of a former code, and the commune of today that bears its SIREN."""

    organisation: Organisation
    commune: Commune

    @property
    def sentence(self) -> str:
        return f"{self.organisation}\u00a0: {self.organisation.commune_id} → {self.commune.insee} ({self.commune})"


def relinks() -> list[Relink]:
    """What may be followed without anyone's judgement; a merger is not: it is a takeover."""
    past, found = history(), []
    for row in of_former_communes():
        after = [code for code in past.successors(str(row.commune_id)) if code != row.commune_id]
        if same_body(row, after):
            found.append(Relink(row, Commune.objects.get(insee=after[0])))
    return found


@transaction.atomic
def follow_codes(changes: list[Relink]) -> None:
    for change in changes:
        Organisation.objects.filter(pk=change.organisation.pk).update(commune=change.commune)
