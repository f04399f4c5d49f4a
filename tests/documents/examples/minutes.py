# ruff: noqa: ISC004  texts are kept whole
"""Example of minutes: a late arrival, a proxy, three recusals, a tie, a knock-out, a file set aside."""

from copy import deepcopy
from typing import Any

from .common import CALL, INSTITUTION, document

FILES = [
    (
        "0012",
        "Saint-Gilles-de-la-Neuville, Les Trois-Pierres, Gommerville",
        "Saint-Gilles-de-la-Neuville et al.",
        "selected",
    ),
    ("0003", "Cuverville", "Cuverville", "selected"),
    ("0009", "Manéglise", "Manéglise", "selected"),
    ("0001", "Oudalle", "Oudalle", "selected"),
    ("0005", "Épouville", "Épouville", "reserve"),
    ("0010", "Turretot", "Turretot", "reserve"),
    ("0004", "Beaurepaire", "Beaurepaire", "reserve"),
    ("0002", "Montivilliers", "Montivilliers", "not_selected"),
    ("0007", "Rogerville", "Rogerville", "not_selected"),
    ("0006", "Vergetot", "Vergetot", "not_selected"),
]
SCORES = {
    "0012": ("21.00", "11.50", "15.80", "12.20", "12.90", "7.90", "10", "91.30", ""),
    "0003": ("20.10", "10.40", "16.20", "11.00", "13.10", "7.00", "10", "87.80", ""),
    "0009": ("19.20", "12.00", "13.90", "11.60", "9.80", "8.10", "10", "84.60", ""),
    "0001": ("18.40", "9.90", "14.00", "10.80", "11.70", "6.50", "10", "81.30", ""),
    "0005": ("17.90", "10.90", "12.10", "10.20", "9.10", "7.70", "10", "77.90", ""),
    "0010": ("16.80", "9.70", "12.60", "9.90", "10.90", "6.20", "10", "76.10", ""),
    "0004": ("15.90", "8.80", "12.00", "9.40", "11.20", "6.00", "10", "73.30", ""),
    "0002": ("18.10", "11.30", "11.90", "10.00", "5.20", "8.50", None, "65.00", ""),
    "0007": ("7.20", "9.10", "11.00", "8.60", "11.40", "6.10", "10", "63.40", "†"),
    "0006": ("9.80", "5.20", "8.60", "5.90", "7.70", "2.90", "10", "50.10", ""),
}
REASONS = {
    "0012": "Trois communes voisines portent ensemble un parcours utile chaque jour ; bénéfices nets pour les aînés et les enfants.",
    "0003": "Diagnostic en marchant demandé par les habitants ; forte ambition de plantation ; besoin d’ingénierie manifeste.",
    "0009": "Bonne articulation entre l’école, l’arrêt d’autocar et le terrain de sport ; calendrier réaliste.",
    "0001": "Projet de placette sobre et lisible ; le calendrier communal reste à confirmer lors du cadrage.",
    "0005": "Qualité réelle du projet ; ingénierie déjà présente pour une part ; rang inférieur aux quatre places ouvertes.",
    "0010": "Projet pertinent ; la participation des habitants reste à construire et le foncier à préciser.",
    "0004": "Intention intéressante, programme encore peu défini ; voix prépondérante de la présidente.",
    "0002": "Besoin d’ingénierie moindre au regard des services de la commune ; total inférieur à celui des dossiers classés.",
    "0007": "Note de 7,20 au critère C1, inférieure au minimum de 8 points fixé par le règlement.",
    "0006": "Total à peine supérieur au seuil ; projet essentiellement routier, sans effet démontré sur la santé.",
}
PROPOSALS = {"selected": "Retenue", "reserve": "Liste complémentaire", "not_selected": "Non retenue"}
CRITERIA = [
    {"code": "C1", "label": "santé de tous les publics, vieillissement, accessibilité", "maximum": 25},
    {"code": "C2", "label": "activité physique et mobilités actives", "maximum": 15},
    {"code": "C3", "label": "nature, biodiversité, confort climatique", "maximum": 20},
    {"code": "C4", "label": "lien social, participation des habitants", "maximum": 15},
    {"code": "C5", "label": "besoin d’ingénierie", "maximum": 15},
    {"code": "C6", "label": "portage politique et faisabilité", "maximum": 10},
]


def _vote(
    number: str, applicant: str, at: str | None, counts: tuple[int, ...], opinion: str, mark: str
) -> dict[str, Any]:
    recused, present, proxies, voters, in_favour, against, abstentions = counts
    return {
        "number": number,
        "applicant": applicant,
        "voted_at": at,
        "recused": recused,
        "present": present,
        "quorum": 5,
        "proxies": proxies,
        "voters": voters,
        "in_favour": in_favour,
        "against": against,
        "abstentions": abstentions,
        "opinion": opinion,
        "mark": mark,
    }


VOTES = [
    _vote("0001", "Oudalle", "09:34", (0, 7, 1, 8, 7, 0, 1), "Favorable", ""),
    _vote("0002", "Montivilliers", "09:58", (0, 8, 1, 9, 3, 5, 1), "Défavorable", ""),
    _vote("0003", "Cuverville", "10:21", (0, 8, 1, 9, 9, 0, 0), "Favorable", ""),
    _vote("0004", "Beaurepaire", "10:46", (0, 8, 1, 9, 4, 4, 1), "Favorable", "*"),
    _vote("0005", "Épouville", "11:10", (1, 7, 1, 8, 7, 0, 1), "Favorable", ""),
    _vote("0006", "Vergetot", "11:32", (0, 8, 1, 9, 1, 7, 1), "Défavorable", ""),
    _vote("0007", "Rogerville", None, (0, 8, 1, 0, 0, 0, 0), "Sans vote", "†"),
    _vote("0009", "Manéglise", "14:20", (1, 7, 0, 7, 6, 1, 0), "Favorable", ""),
    _vote("0010", "Turretot", "14:44", (1, 7, 1, 8, 6, 1, 1), "Favorable", ""),
    _vote("0012", "Saint-Gilles-de-la-Neuville et al.", "15:09", (0, 8, 1, 9, 9, 0, 0), "Favorable", ""),
]


def _score_row(number: str, short_name: str, group: str) -> dict[str, Any]:
    *scores, bonus, final, mark = SCORES[number]
    total = sum(float(score) for score in scores)
    return {
        "number": number,
        "short_name": short_name,
        "applicant": short_name,
        "scores": scores,
        "total": f"{total:.2f}",
        "bonus": bonus,
        "final": final,
        "mark": mark,
        "group": group,
    }


def minutes() -> dict[str, Any]:
    ranked = [row for row in FILES if row[3] != "not_selected"]
    return {
        "document": document("PV-TPS-2027-1", "Procès-verbal du jury", "2027-05-05T16:10:00+02:00"),
        "institution": deepcopy(INSTITUTION),
        "call": deepcopy(CALL),
        "session": {
            "on": "2027-05-05",
            "place": "Hôtel de la communauté urbaine, Le Havre, salle du conseil ; séance non publique, sur place",
            "convened": "Adressée le 20 avril 2027 à tous les membres, avec l’ordre du jour et les dossiers",
            "hours": "9 h 04 ; suspension de 12 h 05 à 14 h 00 ; clôture à 15 h 52",
            "chair": "La Vice-Présidente chargée de la santé",
            "secretary": "Le Chef du Service Santé, sans voix",
            "counts": {
                "deposited": 11,
                "set_aside": 1,
                "examined": 10,
                "places": 4,
                "selected": 4,
                "reserve": 3,
                "not_selected": 3,
            },
            "closed_at": "15:52",
        },
        "frame": [
            "Le jury se réunit en application de l’article 7 du règlement de l’appel (version 1 du 15 janvier 2027), "
            "approuvé par la délibération du bureau communautaire n° BU-2026-240 du 10 décembre 2026. Il rend un avis ; "
            "la décision appartient au bureau communautaire."
        ],
        "voting": _voting(),
        "advisory": [
            {"quality": "CPTS, représentante", "presence": "Présente"},
            {"quality": "CAUE de la Seine-Maritime, représentant", "presence": "Présent"},
            {"quality": "Cerema, représentante", "presence": "Excusée"},
        ],
        "proxies": "Le Vice-Président chargé de l’environnement a donné pouvoir au Vice-Président chargé de l’aménagement "
        "(pouvoir écrit du 4 mai 2027, un seul par membre). Ce pouvoir ne compte pas pour le quorum ; il est sans effet "
        "sur un dossier dont son porteur est déporté.",
        "quorum": "Le règlement demande la présence de cinq membres à voix délibérative, déportés exclus. Le quorum a été "
        "vérifié à l’ouverture (7 présents pour 5 requis), puis pour chaque dossier (tableau 4).",
        "recusals_intro": "Chaque membre a déclaré ses liens avec chacun des dossiers avant d’y avoir accès. Un membre "
        "déporté n’a accès ni au dossier ni aux notes, quitte la salle, ne prend part ni au débat ni au vote et n’entre "
        "pas dans le calcul du quorum.",
        "recusals": [
            {
                "file": "0005, Épouville",
                "member": "Le Maire d’Épouville",
                "reason": "Représentant légal de la commune candidate",
                "left_at": "10:47",
                "back_at": "11:11",
            },
            {
                "file": "0009, Manéglise",
                "member": "Le Vice-Président chargé de l’aménagement",
                "reason": "Membre du conseil municipal de la commune candidate ; le pouvoir qu’il porte est sans effet",
                "left_at": "14:00",
                "back_at": "14:21",
            },
            {
                "file": "0010, Turretot",
                "member": "Le représentant de l’agence d’urbanisme",
                "reason": "Étude en cours de l’agence pour la commune",
                "left_at": "14:22",
                "back_at": "14:45",
            },
        ],
        "set_aside": [
            "Candidature TPS-2027-0008, commune de Fongueusemare : irrecevable, travaux commencés avant le dépôt "
            "(article 4.5 du règlement). Le jury en prend acte sans débat."
        ],
        "hearings": [
            "Chaque commune dont la note provisoire atteignait 45 points a été entendue vingt minutes au plus. Le vote est "
            "nominal, à main levée, à la majorité des suffrages exprimés ; les abstentions n’en font pas partie. Le détail "
            "nominal figure en annexe 2."
        ],
        "votes": deepcopy(VOTES),
        "votes_note": "* Partage égal des voix : la voix de la présidente, favorable, est prépondérante (article 7.4 du "
        "règlement). † Note éliminatoire : aucun vote. À l’examen du dossier 0001, la représentante de l’ANBDD n’était "
        "pas encore arrivée.",
        "criteria": deepcopy(CRITERIA),
        "mode": "numeric",
        "results_title": "Notes et classement",
        "levels": [],
        "scores_note": "Bonus : 10 points aux communes de moins de 5 000 habitants (population municipale 2023, Insee). "
        "† Note éliminatoire : moins de 8 points au critère C1.",
        "scale": "100",
        "gathered": "moyenne",
        "formula": "Critère par critère, la note du jury est la moyenne des notes des membres non déportés.",
        "calculations": [
            {
                "number": "0007",
                "applicant": "Étretat",
                "steps": [
                    {"label": "Santé", "detail": "25 × (4 + 5) ÷ 2 ÷ 5", "value": "22,50"},
                    {"label": "Seuil", "detail": "82,00, au moins le seuil de 50", "value": ""},
                ],
            }
        ],
        "rankings": [
            {
                "label": "",
                "offer": "4 places, 3 en liste complémentaire, seuil de 50 points",
                "threshold": "50",
                "scores": [_score_row(number, short, group) for number, _, short, group in FILES],
                "ranking": [
                    {
                        "rank": i,
                        "number": number,
                        "applicant": applicant,
                        "final": SCORES[number][7],
                        "proposal": PROPOSALS[group] + (f", rang {i - 4}" if group == "reserve" else ""),
                    }
                    for i, (number, applicant, _, group) in enumerate(ranked, start=1)
                ],
            }
        ],
        "deviations": [],
        "reasons": [
            {"number": number, "applicant": applicant, "proposal": PROPOSALS[group], "reason": REASONS[number]}
            for number, applicant, _, group in FILES
        ],
        "proposal": [
            "Le jury propose au bureau communautaire de retenir les quatre candidatures classées de 1 à 4 et d’établir une "
            "liste complémentaire de trois candidatures, valable jusqu’au 31 décembre 2027. Les débats et les notes "
            "individuelles ne sont pas communiqués avant la décision."
        ],
        "observations": [],
        "made_at": "Fait au Havre, le 5 mai 2027, en un exemplaire original.",
        "signatures": [
            {"title": "La Présidente du jury", "quality": "Vice-Présidente chargée de la santé"},
            {"title": "Le Secrétaire de séance", "quality": "Chef du Service Santé"},
        ],
        "seals": [{"key": "a1", "number": "0012", "applicant": "Cuverville", "seal": "3f9a0c1e77b2d410" * 4}],
        "annexes": "1. Feuille d’émargement. 2. Votes nominaux. 3. Fiches de notation. 4. Projet de délibération. Les annexes 1 à 3 ne sont pas publiées.",
    }


def _voting() -> list[dict[str, Any]]:
    rows = [
        ("Vice-Présidente chargée de la santé", "Présidente du jury", "Présente", "09:00"),
        ("Vice-Président chargé de l’environnement", "Membre", "Excusé, pouvoir donné", None),
        ("Vice-Président chargé de l’aménagement", "Membre", "Présent", "09:00"),
        ("Le Maire d’Épouville", "Membre (tirage au sort)", "Présent", "09:00"),
        ("Le Maire de Saint-Jouin-Bruneval", "Membre (tirage au sort)", "Présent", "09:00"),
        ("Représentant de l’Agence régionale de santé", "Membre", "Présent", "09:00"),
        ("Suppléante du Département de la Seine-Maritime", "Membre", "Présente, titulaire excusé", "09:00"),
        ("Représentante de l’ANBDD", "Membre", "Présente", "09:46"),
        ("Représentant de l’agence d’urbanisme", "Membre", "Présent", "09:00"),
    ]
    return [
        {"number": i, "quality": quality, "role": role, "presence": presence, "arrival": arrival}
        for i, (quality, role, presence, arrival) in enumerate(rows, start=1)
    ]
