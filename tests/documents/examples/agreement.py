"""Example of an agreement of four parties and a witness."""

from copy import deepcopy
from typing import Any

from .common import CALL, INSTITUTION, document


def agreement() -> dict[str, Any]:
    return {
        "document": document("CONV-TPS-2027-01", "Convention d’accompagnement", "2027-06-01T09:00:00+02:00"),
        "institution": deepcopy(INSTITUTION),
        "call": deepcopy(CALL),
        "agreement": {
            "heading": "Convention d’accompagnement",
            "noun": "Convention",
            "is_draft": False,
            "paper": True,
            "project_title": "Une allée ombragée de l’école au cimetière",
            "copies": "Établie en quatre exemplaires originaux, un pour chaque partie.",
            "entry_into_force": "La convention entre en vigueur à la date de la dernière signature.",
        },
        "parties": _parties(),
        "others_sentence": "d’autre part, les trois dernières étant ci-après désignées ensemble « les communes »,",
        "witnesses": [
            {
                "text": "de l’Agence régionale de santé de Normandie, représentée par son Directeur général, signataire du contrat local de santé",
                "sign_for": "En présence de l’Agence régionale de santé de Normandie",
                "quality": "Le Directeur général",
            }
        ],
        "grounds": [
            "le code général des collectivités territoriales",
            "le contrat local de santé 2025-2029 du territoire",
            "le règlement de l’appel à manifestation d’intérêt, version 1 du 15 janvier 2027",
            "la candidature TPS-2027-0012, déposée le 29 mars 2027",
            "l’avis du jury du 5 mai 2027 (procès-verbal n° PV-TPS-2027-1)",
            "les délibérations citées ci-dessus",
        ],
        "articles": _articles(),
        "annexes": "1. Périmètre du projet. 2. Indicateurs. 3. Contacts, tenus à jour hors avenant.",
    }


def _parties() -> list[dict[str, Any]]:
    owner = {
        "name": "La communauté urbaine Le Havre Seine Métropole",
        "called": "la communauté urbaine",
        "siren": "200084952",
        "seat": "1, place de l’Exemple, 76600 Le Havre",
        "representative": "représentée par son Président",
        "act": "délibération du bureau communautaire n° BU-2027-131 du 27 mai 2027",
        "side": "d’une part,",
        "sign_for": "Pour la communauté urbaine Le Havre Seine Métropole",
        "quality": "Le Président",
    }
    communes = [
        (
            "de Saint-Gilles-de-la-Neuville",
            "la commune chef de file",
            "217605864",
            "76430 Saint-Gilles-de-la-Neuville",
            "2027-11 du 18 mars 2027",
        ),
        ("des Trois-Pierres", "", "217607142", "76430 Les Trois-Pierres", "2027-06 du 9 avril 2027"),
        ("de Gommerville", "", "217603034", "76430 Gommerville", "2027-09 du 22 mars 2027"),
    ]
    return [owner] + [
        {
            "name": f"La commune {name}",
            "called": called,
            "siren": siren,
            "seat": f"mairie, {seat}",
            "representative": "représentée par son Maire",
            "act": f"délibération du conseil municipal n° {act}",
            "side": "",
            "sign_for": f"Pour la commune {name}",
            "quality": "Le Maire",
        }
        for name, called, siren, seat, act in communes
    ]


def _articles() -> list[dict[str, Any]]:
    days = {
        "caption": "Tableau 1. Jours d’expertise apportés",
        "columns": ["Domaine", "Intervenant", "Jours"],
        "rows": [
            ["Méthode, animation, suivi", "Service Santé", "12"],
            ["Espace public, accessibilité, mobilités actives", "Direction de l’aménagement", "9"],
            ["Biodiversité, ombre et fraîcheur", "Service Environnement", "6"],
            ["Recherche de subventions", "Direction des finances", "3"],
        ],
        "total": ["Total", "–", "30"],
    }
    phases = {
        "caption": "Tableau 2. Phases et livrables",
        "columns": ["Phase", "Contenu", "Période", "Livrable"],
        "rows": [
            ["1", "Cadrage et visite", "juillet 2027", "Note de cadrage"],
            ["2", "Diagnostic en marchant, données de santé et de biodiversité", "août à octobre 2027", "Synthèse"],
            ["3", "Atelier de co-construction, scénarios", "novembre 2027 à janvier 2028", "Plan d’intentions"],
            [
                "4",
                "Programme, chiffrage, cahier des charges",
                "février à avril 2028",
                "Cahier des charges de maîtrise d’œuvre",
            ],
            ["5", "Recherche de subventions", "mars à juin 2028", "Plan de financement, dossiers"],
            ["6", "Bilan et retour d’expérience", "juin 2028", "Bilan, retour d’expérience"],
        ],
        "total": None,
    }
    texts: list[tuple[str, list[str], list[str], dict[str, Any] | None]] = [
        ("Objet", ["La présente convention organise l’aide que la communauté urbaine apporte aux communes pour préparer le projet « Une allée ombragée de l’école au cimetière », retenu au titre de l’appel à manifestation d’intérêt « Territoire promoteur de santé » 2027."], [], None),
        ("Durée", ["Elle est conclue pour douze mois à compter du 1er juillet 2027 ou, si elle est postérieure, de la date de la dernière signature. Elle prend fin avec le bilan prévu à l’article 11."], [], None),
        ("Engagements de la communauté urbaine", ["La communauté urbaine :"], ["nomme un référent au sein du Service Santé", "consacre au projet 30 jours d’expertise, répartis comme au tableau 1", "organise un diagnostic en marchant et un atelier de co-construction", "aide à chercher des subventions et à monter les dossiers"], days),
        ("Engagements des communes", ["Chaque commune :"], ["nomme un élu référent et un agent, présents aux cinq réunions prévues", "transmet les données, plans et études dont elle dispose", "associe les habitants et met une salle à disposition", "rend compte de l’avancement à son conseil municipal au moins une fois"], None),
        ("Gouvernance", ["Un comité technique réunit tous les deux mois le référent, les agents et les élus référents. Un comité de pilotage, composé des Maires et de la Vice-Présidente chargée de la santé, valide chaque phase ; l’Agence régionale de santé y est invitée."], [], None),
        ("Calendrier et livrables", ["Les phases et leurs livrables figurent au tableau 2. Un retard de plus d’un mois est signalé au comité de pilotage, qui arrête un nouveau calendrier dans la limite de la durée de la convention."], [], phases),
        ("Absence de flux financier", ["L’accompagnement est apporté en nature. Aucune somme n’est versée entre les parties et la convention ne vaut pas promesse de subvention. La valeur des jours d’expertise n’est pas inscrite en recette au plan de financement des communes."], [], None),
        ("Données, droit à l’image", ["Chaque partie traite les seules données personnelles nécessaires à l’exécution de la convention. Aucune donnée de santé individuelle n’est recueillie. Publier une photographie où une personne est reconnaissable suppose son accord écrit."], [], None),
        ("Propriété des livrables", ["Les livrables appartiennent en commun aux parties, qui peuvent les utiliser, les adapter et les publier librement en citant leurs auteurs, dans le respect des droits des tiers."], [], None),
        ("Communication", ["Les documents publics du projet portent les logos de la communauté urbaine et de l’Agence régionale de santé et la mention « Territoire promoteur de santé ». Les parties s’informent avant toute publication."], [], None),
        ("Évaluation et retour d’expérience", ["Les indicateurs figurent en annexe 2. Les communes répondent à l’enquête finale, puis à deux questionnaires sur l’état des travaux, douze et vingt-quatre mois après la fin de l’accompagnement. Elles relisent le retour d’expérience avant sa publication."], [], None),
        ("Modification et résiliation", ["Toute modification fait l’objet d’un avenant signé par toutes les parties. Une partie peut résilier la convention par lettre recommandée, un mois après une mise en demeure restée sans effet. Le retrait d’une commune ne met pas fin à la convention pour les autres. En cas de création d’une commune nouvelle, celle-ci se substitue aux communes qu’elle regroupe."], [], None),
        ("Litiges", ["Les parties recherchent un règlement amiable. À défaut, le litige est porté devant le tribunal administratif de Rouen."], [], None),
    ]  # fmt: skip
    return [
        {"number": i, "title": title, "paragraphs": paragraphs, "points": points, "after": [], "table": table}
        for i, (title, paragraphs, points, table) in enumerate(texts, start=1)
    ]
