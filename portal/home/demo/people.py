"""The people of the demonstration, named by their function only."""

from dataclasses import dataclass
from datetime import datetime

from portal.accounts.dev_login import DOMAIN
from portal.accounts.models import Organisation, User
from portal.territories.models import Commune

from ..playing.people import TownHall, make_member, make_person, make_town_hall

TOWN_HALLS = "@mairies.exemple.fr"


def person(key: str, title: str, *, card: bool = True) -> User:
    """Someone of the story, made once; `card`: one may enter as them from the development login page."""
    return make_person(f"{key}{DOMAIN if card else TOWN_HALLS}", title)


def member(user: User, organisation: Organisation, right: str, at: datetime) -> User:
    return make_member(user, organisation, right, at, how="jeu de démonstration")


# Communes whose people have a card on the development login page.
WITH_CARDS = {"76254", "76693", "76508", "76501", "04182"}


def town_hall(insee: str, at: datetime) -> TownHall:
    """The town hall of a commune, its people made once."""
    card = insee in WITH_CARDS
    secretary = person(f"mairie-{insee}", "Secrétaire de mairie", card=card)
    mayor = person(f"maire-{insee}", "Maire", card=card)
    return make_town_hall(Commune.objects.get(insee=insee), secretary, mayor, at, how="jeu de démonstration")


@dataclass(frozen=True)
class Team:
    """Who runs the calls."""

    manager: User
    director: User
    officer: User
    adviser: User
    platform: User


def team(at: datetime) -> Team:
    """The owner's people, before any organisation exists."""
    platform = person("plateforme", "Administration de la plateforme")
    User.objects.filter(pk=platform.pk).update(is_platform_admin=True)
    platform.refresh_from_db()
    return Team(
        manager=person("mission", "Chargée de mission santé"),
        director=person("direction", "Directrice Résilience des territoires"),
        officer=person("instruction", "Instructeur"),
        adviser=person("referente", "Référente, équipe « Urbanisme favorable à la santé »"),
        platform=platform,
    )


# Seat code → (key, function). The two mayors drawn by lot hold V4 and V5.
JURORS = {
    "V1": ("presidence", "Vice-présidente chargée de la santé, présidente du jury"),
    "V2": ("environnement", "Vice-président chargé de l’environnement"),
    "V3": ("amenagement", "Vice-présidente chargée de l’aménagement"),
    "V4": ("maire-criquetot", "Maire de Criquetot-l’Esneval"),
    "V5": ("maire-epretot", "Maire d’Épretot"),
    "V6": ("ars", "Représentante de l’Agence régionale de santé"),
    "V7": ("departement", "Représentant du Département"),
    "V8": ("biodiversite", "Représentante de l’agence de la biodiversité"),
    "V9": ("urbanisme", "Urbaniste, agence d’urbanisme"),
}
MAYORS = {"V4": "76196", "V5": "76239"}
JURORS_WITH_CARDS = {"V1", "V9"}
