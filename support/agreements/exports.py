"""The essential data of the grants that agreements give: SCDL « subventions » 2.1.1, one line for each beneficiary."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from calls.models import Call
from portal.accounts.models import Organisation

from .models import Agreement, Party
from .queries import granting_agreements
from .queries_chain import terms_of

COLUMNS = (
    "nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire", "idBeneficiaire",
    "rnaBeneficiaire", "objet", "montant", "nature", "conditionsVersement", "datesPeriodeVersement", "idRAE",
    "notificationUE", "pourcentageSubvention", "dispositifAide",
)  # fmt: skip


def grants_csv(call: Call) -> str:
    """UTF-8, commas, decimal points, as the schema asks; agreements in force that give money, amendments counted."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for agreement in granting_agreements(call):
        writer.writerows(rows_of(agreement))
    return buffer.getvalue()


def rows_of(agreement: Agreement) -> Iterator[list[str]]:
    owner, terms = agreement.call.owner, terms_of(agreement)
    bodies = [party.organisation for party in agreement.parties.all() if party.side == Party.Side.BENEFICIARY]
    line = agreement.beneficiaries.all()[0]
    for body, share in zip(bodies, shares(len(bodies)), strict=True):
        yield [
            owner.name,
            identifier(owner),
            agreement.effective_on.isoformat() if agreement.effective_on else "",
            line.decision.act_number,
            body.name,
            identifier(body),
            body.rna or "",
            agreement.title,
            f"{terms.amount:.2f}",
            "aide en numéraire",
            "échelonné",
            f"{terms.starts_on.isoformat()}_{terms.last_day.isoformat()}",
            "",
            "non",
            str(share),
            f"{agreement.call.title} {agreement.call.edition}",
        ]


def shares(count: int) -> list[Decimal]:
    """Equal shares of one grant, to four decimals, whose sum is one."""
    each = (Decimal(1) / count).quantize(Decimal("0.0001"))
    return [*[each.normalize()] * (count - 1), (1 - each * (count - 1)).normalize()]


def identifier(body: Organisation) -> str:
    """The SIRET of the seat; the SIREN alone when it is not known."""
    return body.siret or body.siren or ""
