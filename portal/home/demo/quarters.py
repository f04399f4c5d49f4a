"""« Quartiers durables », of a second institution: an open call whose files have a site and a financing plan.

Three small towns of the Alpes-de-Haute-Provence, each with an invented study: one keeps every rule, one asks more than
the ceiling, one is still being written.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from applications.models import Application
from applications.services.drafting import attach, promise, start_application
from calls.models import Call
from portal.accounts.models import InstitutionProfile, Membership, Organisation
from portal.core.clock import at_instant, portal_now
from portal.territories.models import Region

from ..playing.files import pdf
from ..playing.filing import deposit, fill
from .people import Team, TownHall, member, person, town_hall

SOURCE = settings.ROOT / "calls" / "catalogue" / "quartiers-durables.yaml"
PACA = "93"
Line = tuple[str, str, str]
NO_RESOLUTION = ("DELIB", "LETTRE_EPCI")


@dataclass(frozen=True)
class Study:
    """One file: expenses (label, item, euros without tax) and resources (funder, kind, euros)."""

    insee: str
    title: str
    address: str
    parcels: tuple[tuple[str, str], ...]
    intention: str
    expenses: tuple[Line, ...]
    resources: tuple[Line, ...]
    outline: str = ""


REILLANNE = Study(
    "04160",
    "L’ancienne cave coopérative, un nouveau cœur de village",
    "Ancienne cave coopérative, avenue de la Gare",
    (("C", "412"), ("C", "413")),
    "La cave est fermée depuis vingt ans. Le village s’étend, son centre se vide : logements, marché couvert et place "
    "peuvent s’y tenir sans bâtir un champ.",
    (
        ("Diagnostic du bâti et des sols", "studies", "38 000"),
        ("Programmation et concertation", "amo", "52 000"),
        ("Plan guide et bilan d’opération", "studies", "30 000"),
    ),
    (
        ("Région et État, appel Quartiers durables", "call", "72 000"),
        ("Communauté de communes Haute-Provence Pays de Banon", "concours", "15 000"),
        ("Commune de Reillanne", "own", "33 000"),
    ),
    '{"type": "Polygon", "coordinates": [[[5.6565, 43.8795], [5.6581, 43.8797], [5.6584, 43.8786], [5.6576, 43.8781],'
    " [5.6566, 43.8784], [5.6565, 43.8795]]]}",
)
SAINTE_TULLE = Study(
    "04197",
    "La cité de la centrale, habiter sans s’étendre",
    "Cité de la centrale thermique",
    (("AD", "27"),),
    "La cité ouvrière se vide maison par maison. Nous voulons la garder, l’isoler, y ajouter des logements d’aînés.",
    (
        ("Étude urbaine et paysagère", "studies", "120 000"),
        ("Études d’énergie et de structure", "studies", "80 000"),
    ),
    (
        ("Région et État, appel Quartiers durables", "call", "120 000"),
        ("Département des Alpes-de-Haute-Provence", "public", "20 000"),
        ("Commune de Sainte-Tulle", "own", "60 000"),
    ),
)
SAINT_MAIME = Study(
    "04182",
    "Le carreau de la mine, un hameau à reprendre",
    "Hameau des Mines",
    (),
    "Le hameau des mines a gardé ses maisons et perdu ses habitants.",
    (("Étude pré-opérationnelle", "studies", "45 000"),),
    (("Région et État, appel Quartiers durables", "call", "27 000"),),
)


def region(at: datetime) -> tuple[Organisation, Team]:
    """The Région and its people, beside the first institution of the demonstration."""
    territory = Region.objects.get(code=PACA)
    owner = Organisation.objects.create(
        kind=Organisation.Kind.REGION, name=territory.name, siren="231300021", region=territory
    )
    people = Team(
        manager=person("quartiers", "Chargée de mission aménagement"),
        director=person("direction-quartiers", "Directeur de l’aménagement", card=False),
        officer=person("instruction-quartiers", "Instructrice, DREAL", card=False),
        adviser=person("referent-quartiers", "Référent de l’appui technique", card=False),
        platform=person("plateforme", "Administration de la plateforme"),
    )
    InstitutionProfile.objects.create(
        organisation=owner,
        slug="region-provence-alpes-cote-d-azur",
        short_name="Région Sud",
        kind_label="Région",
        designation="la région",
        service_lines="Direction de l’aménagement\n04 91 00 00 00\nquartiers@exemple.fr",
        address_line="Hôtel de Région, 27, place Jules-Guesde, 13481 Marseille Cedex 20",
        city="Marseille",
        signatory_title="Le Président",
        signatory_block="Pour le Président et par délégation,\nla Vice-Présidente chargée de l’aménagement",
        contact_service="Direction de l’aménagement",
        contact_phone="04 91 00 00 00",
        contact_hours="du lundi au vendredi, 9 h à 17 h",
        contact_email="quartiers@exemple.fr",
        dpo_email="dpo@exemple.fr",
        court="tribunal administratif de Marseille",
        court_address="31, rue Jean-François-Leca, 13002 Marseille",
    )
    for user in (people.manager, people.director):
        member(user, owner, Membership.Right.MANAGER, at)
    return owner, people


def write(call: Call, study: Study, at: datetime, *, sections: int = 9) -> tuple[Application, TownHall]:
    """A draft begun at an instant, `sections` of it written; the resolution and the opinion are promised."""
    with at_instant(at):
        hall = town_hall(study.insee, at - timedelta(days=3))
        application = start_application(call=call, organisation=hall.organisation, by=hall.secretary, at=portal_now())
        name = str(hall.organisation.commune)
        fill(application, hall, answers(study, name, application.window.closes_at.date()), sections)
        if sections == 9:
            join_pieces(application, hall)
    return application, hall


def join_pieces(application: Application, hall: TownHall) -> None:
    for piece in application.call.piece_types.exclude(need="optional"):
        common: dict[str, Any] = {"application": application, "piece": piece, "by": hall.secretary, "at": portal_now()}
        if piece.code in NO_RESOLUTION:
            promise(due_on=piece.promised_until, **common)
        else:
            attach(upload=pdf(piece.code.lower().replace("_", "-")), **common)


def operation(study: Study, commune: str, closes_on: date) -> dict[str, Any]:
    """The study as an operation, in the cells that a town hall fills."""
    begins = closes_on + timedelta(days=200)
    return {
        "title": "Étude pré-opérationnelle",
        "owner": f"Commune de {commune}",
        "owner_kind": "local",
        "start": f"{begins:%d/%m/%Y}",
        "end": f"{begins + timedelta(days=450):%d/%m/%Y}",
        "waiver": "",
        "expenses": [
            {"label": label, "item": item, "nature": "investment", "amount": amount, "vat": "20", "eligible": "oui"}
            for label, item, amount in study.expenses
        ],
        "resources": [
            {"funder": funder, "kind": kind, "amount": amount, "state": "granted" if kind == "own" else "asked"}
            for funder, kind, amount in study.resources
        ],
    }


def site(study: Study, commune: str) -> dict[str, Any]:
    parcels = [{"section": section, "number": number, "prefix": "", "commune": ""} for section, number in study.parcels]
    return {
        "address": study.address,
        "communes": [{"commune": f"{commune} (04)"}],
        "parcels": parcels,
        "geojson": study.outline,
    }


def answers(study: Study, commune: str, closes_on: date) -> dict[str, dict[str, Any]]:
    """Every answer of the form, by section."""
    return {
        "identification": {
            "representant": f"Le maire de {commune}",
            "elu_referent": "L’adjointe à l’urbanisme",
            "contact_technique": "La secrétaire générale de la mairie",
            "contact_courriel": f"mairie-{study.insee}@mairies.exemple.fr",
            "contact_telephone": "04 92 00 00 00",
            "avis_epci": "demande",
        },
        "site": {
            "titre": study.title,
            "lieu": [site(study, commune)],
            "surface": "1,4",
            "operation": "reconversion",
            "friche": "oui",
            "proprietaires": [{"qui": "Commune", "surface": "1,4", "maitrise": "acquis"}],
            "contraintes": ["aucune"],
            "zone_plu": "UB ; une modification du plan sera nécessaire.",
        },
        "projet": {
            "intention": study.intention,
            "logements": "24",
            "programme": ["activites", "espace_public"],
            "programme_detail": "Deux rez-de-chaussée d’activité, une place plantée, un passage vers l’école.",
        },
        "dimensions": {
            "d1": "Un comité de suivi avec des habitants tirés au sort, un budget en coût global.",
            "d2": "Des logements traversants, des commerces à pied, une place sans voiture.",
            "d3": "Des métiers d’art et un marché de producteurs.",
            "d4": "Aucun sol agricole bâti, les eaux de pluie gardées sur place, de l’ombre.",
            "charte": "prevue",
        },
        "gouvernance": {
            "equipe": "Le maire, deux adjoints, la secrétaire générale une demi-journée par semaine.",
            "ingenierie": "aucune",
            "partenaires": "L’intercommunalité et l’établissement public foncier ont délibéré.",
            "habitants": "Deux réunions tenues ; une visite du lieu avec l’école au printemps.",
        },
        "etude": {
            "etude_objet": "Que garder, que démolir, pour combien de logements et à quel coût ?",
            "etude_commencee": "non",
        },
        "appui": {"themes": ["programmation", "energie"], "appui_detail": "Relire le cahier des charges."},
        "financement": {
            "plan": [operation(study, commune, closes_on)],
            "tva": "inconnu",
            "operation_faisabilite": "Un bailleur et la commune, chacun pour moitié.",
        },
        "engagements": {
            "portage": "Le conseil a débattu deux fois du projet et l’a inscrit dans son plan de mandat.",
            "conseil": f"{closes_on - timedelta(days=6):%d/%m/%Y}",
        },
    }


def play(call: Call, deposits: datetime) -> None:
    """Two files deposited a few days ago, one draft that lacks the share of the commune."""
    for n, study in enumerate((REILLANNE, SAINTE_TULLE)):
        application, hall = write(call, study, deposits - timedelta(days=12 - n))
        deposit(application, hall, deposits + timedelta(days=n))
    write(call, SAINT_MAIME, deposits, sections=8)
