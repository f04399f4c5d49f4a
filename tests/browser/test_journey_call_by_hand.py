"""A project officer opens a call by hand, from nothing, and writes it until nothing is left to complete."""

import re

import pytest
from playwright.sync_api import Page, expect

from calls.definition.dump import dump
from calls.definition.lint import lint
from calls.definition.reading import canonical, read
from calls.models import Call
from tests.factories import make_institution, make_member
from tests.journeys.look import enter, look

pytestmark = pytest.mark.django_db(transaction=True)


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text(re.compile("c’est enregistré|C’est enregistré"))).to_be_visible()


def add(page: Page, verb: str) -> None:
    page.get_by_role("button", name=verb, exact=True).click()
    expect(page.get_by_text(re.compile("^C’est ajouté"))).to_be_visible()


def test_a_call_is_opened_by_hand_from_nothing(any_size_page: Page, live_server) -> None:
    page, owner = any_size_page, make_institution()
    enter(page, live_server.url, make_member(owner, "manager", role_title="Chargée de mission habitat"))
    page.goto(f"{live_server.url}/gestion/")
    page.get_by_role("link", name="Ouvrir un appel").click()
    look(page)
    page.get_by_role("link", name="Écrire un nouvel appel").click()
    look(page)
    page.get_by_label("Titre de l’appel").fill("Des places à vivre")
    page.get_by_label("Édition").fill("2027")
    opening, closing = page.get_by_role("group", name="Ouverture"), page.get_by_role("group", name="Clôture")
    opening.get_by_label("Jour").fill("2027-01-15")
    closing.get_by_label("Jour").fill("2027-06-30")
    page.get_by_role("button", name="Ouvrir l’appel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Écrire l’appel")
    look(page, picture="service-ecrire", width=1280)
    call = Call.objects.get()
    base = f"{live_server.url}/gestion/appels/{call.slug}"
    write_the_rooms(page, base)
    write_the_form(page, base)
    write_the_grid(page, base)
    page.goto(f"{base}/")
    look(page)
    for path in ("/apercu/", "/apercu/jury/", "/ecrire/"):
        page.goto(f"{base}{path}")
        look(page)
    document = dump(Call.objects.get())
    assert lint(document) == []
    assert read(canonical(document)) == document


def write_the_rooms(page: Page, base: str) -> None:
    """The texts that wait, each reached by its link."""
    page.goto(f"{base}/ecrire/rubriques/identite/")
    page.get_by_label("Résumé").fill("Des places publiques où l’on se retrouve.")
    save(page)
    look(page)
    page.goto(f"{base}/ecrire/rubriques/presentation/")
    page.get_by_label("Objectif de l’appel").fill("")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Remplissez cette case.")).to_be_visible()
    look(page)
    page.get_by_label("Objectif de l’appel").fill("Faire vivre les places.\n\nAvec les habitants.")
    page.get_by_label("Intitulé, ligne 1").fill("Pour qui")
    page.get_by_label("En une ou deux phrases, ligne 1").fill("Les communes de la communauté urbaine.")
    save(page)
    look(page)
    page.goto(f"{base}/ecrire/rubriques/offre/")
    page.get_by_label("L’offre, en clair").fill("Un an d’accompagnement par une équipe.")
    page.get_by_label("Durée en mois").fill("12")
    save(page)
    page.goto(f"{base}/ecrire/rubriques/decision/")
    page.get_by_label("Qui décide").fill("Bureau communautaire")
    page.get_by_label("Adresse du tribunal").fill("53, avenue Gustave-Flaubert, 76000 Rouen")
    save(page)
    look(page)
    page.goto(f"{base}/ecrire/rubriques/donnees/")
    page.get_by_label("Information sur les données").fill("Les données servent à instruire la candidature.")
    save(page)


def write_the_form(page: Page, base: str) -> None:
    """A usual section in one click, a question with its condition, a piece of the library."""
    page.goto(f"{base}/ecrire/rubriques/formulaire/")
    look(page)
    page.get_by_role("link", name="Choisir dans la bibliothèque").first.click()
    page.get_by_role("button", name="Ajouter « Le contexte et le besoin »").click()
    look(page)
    page.goto(f"{base}/ecrire/fiches/sections/projet/")
    look(page)
    page.get_by_role("link", name="Ajouter une question").click()
    look(page)
    page.get_by_role("link", name="Un choix", exact=True).click()
    page.get_by_label("Question", exact=True).fill("Où en est le projet ?")
    page.get_by_label("Réponse, ligne 1").fill("Une idée")
    page.get_by_label("Réponse, ligne 2").fill("Des études")
    look(page)
    add(page, "Ajouter une question")
    page.get_by_role("link", name="Ajouter une question").click()
    page.get_by_role("link", name="Texte long").click()
    page.get_by_label("Question", exact=True).fill("Lesquelles ?")
    page.get_by_text("Poser une condition").click()
    first = page.get_by_role("group", name="Condition 1")
    first.get_by_label("Ce qui est comparé").select_option(label="Où en est le projet ?")
    first.get_by_label("Valeur").fill("Des études")
    look(page)
    add(page, "Ajouter une question")
    expect(page.get_by_text(re.compile("si la réponse à «.Où en est le projet"))).to_be_visible()
    page.get_by_role("button", name="Monter « Où en est le projet").click()
    look(page)
    page.goto(f"{base}/ecrire/bibliotheque/pieces/")
    page.get_by_role("button", name="Ajouter « Note explicative »").click()


def write_the_grid(page: Page, base: str) -> None:
    """The grid is opened, its first criterion written."""
    page.goto(f"{base}/ecrire/")
    page.get_by_role("button", name="Les candidatures sont notées").click()
    look(page)
    page.get_by_role("link", name="À compléter : premier critère").first.click()
    page.get_by_label("Critère", exact=True).fill("Ce que le projet change")
    page.get_by_label("Le projet", exact=True).check()
    look(page)
    save(page)
    page.goto(f"{base}/ecrire/")
    page.get_by_role("button", name="Un jury se réunit").click()
    page.get_by_role("group", name="Sièges", exact=True).get_by_label("Collège, ligne 1").fill("Élus")
    look(page)
    save(page)
