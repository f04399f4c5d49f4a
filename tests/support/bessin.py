"""The two « Petites villes de demain » instances, their communes read in the official files."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from applications.models import CouncilResolution, Decision, DecisionLine
from calls.definition.load import load
from calls.definition.reading import read
from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.core.clock import portal_now
from portal.territories.models import Commune, Intercommunality
from support.agreements.models import Agreement
from support.agreements.services import draw_up
from support.agreements.services_parties import add_party, record_act
from tests.calls.territory import know
from tests.factories import make_application, make_institution, make_user

CATALOGUE = Path(__file__).parents[2] / "calls/catalogue"
BAYEUX, PORT = "14047", "14515"
# The twelve communes by intercommunality (domain.md §7.5).
CALVADOS = {
    "241400555": (BAYEUX, PORT),
    "241400860": ("14191", "14228", "14384"),
    "200066801": ("14342", "14035", "14370", "14312", "14711"),
    "200069524": ("14143",),
    "200069516": ("14200",),
}
HAUTES_ALPES = ("05070", "05179", "05132")
COUNCIL_ON = date(2021, 3, 15)


def make_pvd(name: str = "petites-villes-de-demain-calvados") -> Call:
    """The real programme, published, borne by the State of the département."""
    know(*HAUTES_ALPES, *(insee for communes in CALVADOS.values() for insee in communes))
    owner = make_institution(
        "171400014", "Préfecture du Calvados", "prefecture-du-calvados", kind_label="Préfecture",
        designation="l’État,", short_name="préfecture du Calvados", signatory_title="Le Préfet",
    )  # fmt: skip
    call = load(read((CATALOGUE / f"{name}.yaml").read_text()), owner=owner, at=portal_now())
    Call.objects.filter(pk=call.pk).update(state="published", published_at=portal_now())
    call.refresh_from_db()
    return call


def make_body(siren: str) -> Organisation:
    """An intercommunality that signs beside its communes."""
    group = Intercommunality.objects.get(siren=siren)
    known = {"kind": "intercommunality", "name": f"Communauté de communes {group.name}", "intercommunality": group}
    return Organisation.objects.get_or_create(siren=siren, defaults=known)[0]


def make_town(insee: str) -> Organisation:
    """The organisation of a commune, as the official files know it."""
    commune = Commune.objects.get(insee=insee)
    known = {"kind": "commune", "name": f"Commune de {commune.name}", "siren": commune.siren}
    return Organisation.objects.get_or_create(commune=commune, defaults=known)[0]


def make_lines(call: Call, communes: Iterable[str], first: int = 1) -> list[DecisionLine]:
    """Selected files, one for each commune, whose councils have authorised their mayors."""
    decision, _ = Decision.objects.get_or_create(
        call=call, act_number="14-2020-12-01",
        defaults={
            "body": "le préfet du Calvados", "act_kind": "décision", "act_on": date(2020, 12, 1),
            "recorded_at": portal_now(), "recorded_by": make_user(), "notified_at": portal_now(),
        },
    )  # fmt: skip
    lines = []
    for n, insee in enumerate(communes, first):
        hall = make_town(insee)
        file = make_application(
            call, hall, title=f"Revitaliser {hall.commune.name}", number=f"{call.code_prefix}-{n:04d}", state="decided"
        )
        CouncilResolution.objects.create(
            application=file, organisation=hall, number=f"2021-{n:02d}", adopted_on=COUNCIL_ON
        )
        lines.append(
            DecisionLine.objects.create(
                decision=decision, application=file, outcome="selected", reason="Fonction de centralité."
            )
        )
    return lines


def accession(call: Call, siren: str, communes: Iterable[str], by: User, first: int = 1) -> Agreement:
    """One accession agreement: the State, the communes, their intercommunality."""
    lines = make_lines(call, communes, first)
    agreement = draw_up(call=call, lines=lines, starts_on=date(2021, 4, 6), by=by, at=portal_now())
    party = add_party(
        agreement=agreement, organisation=make_body(siren), side="beneficiary",
        representative_title="Le Président", by=by,
    )  # fmt: skip
    act = {"act_kind": "délibération", "act_body": "du conseil communautaire", "act_number": f"CC-{siren[-2:]}"}
    record_act(party=party, by=by, act_on=COUNCIL_ON, **act)
    return agreement
