"""One example snapshot per template, as an app's builder would freeze it. Communes are real, everything else is invented."""

from copy import deepcopy
from typing import Any

from portal.core.documents.render import AttachedText, document_block

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 60"><rect width="60" height="60" fill="#14324a"/>'
    '<circle cx="30" cy="26" r="13" fill="none" stroke="#ffffff" stroke-width="4"/>'
    '<path d="M0 46Q15 38 30 46T60 46V60H0Z" fill="#1d7a74"/></svg>'
)
INSTITUTION = {
    "name": "Le Havre Seine Métropole",
    "short_name": "Le Havre Seine Métropole",
    "kind_label": "Communauté urbaine",
    "logo_svg": LOGO,
    "colour1": "#14324a",
    "colour2": "#1d7a74",
    "service_lines": [
        "Direction Résilience des territoires",
        "Service Santé",
        "02 35 00 00 00",
        "ami-sante@lehavre.exemple.fr",
    ],
    "address_line": "Hôtel de la communauté urbaine · 1, place de l’Exemple · 76600 Le Havre · 02 35 00 00 00",
    "city": "Le Havre",
}
CALL = {"title": "Territoire promoteur de santé", "edition": "2027"}
CONTACT = {
    "service": "Le Havre Seine Métropole, Service Santé",
    "address": "1, place de l’Exemple, 76600 Le Havre",
    "phone": "02 35 00 00 00",
    "hours": "du lundi au vendredi, de 9 h à 12 h et de 14 h à 17 h",
    "email": "ami-sante@lehavre.exemple.fr",
}
DATA_NOTICE = (
    "Les renseignements du dossier servent à instruire la candidature et à suivre l’accompagnement. Durées de "
    "conservation, destinataires et droits : page « Données personnelles » du portail. Délégué à la protection des "
    "données : dpo@lehavre.exemple.fr."
)
ANSWERS = AttachedText(
    name="reponses-TPS-2027-0012-1.json",
    description="Réponses au formulaire de candidature",
    content='{"projet": "Une allée ombragée de l’école au cimetière"}',
)


def document(number: str, title: str, at: str, *, version: int = 1, trial: bool = False) -> dict[str, Any]:
    """The block that `request_document` adds."""
    return document_block(number=number, version=version, title=title, issued_at=at, trial=trial)


def receipt() -> dict[str, Any]:
    labels = [
        ("Formulaire de candidature, 10 rubriques", "reponses-TPS-2027-0012-1.json", 61_240),
        ("Délibération du conseil municipal de Saint-Gilles-de-la-Neuville", "deliberation-2027-11.pdf", 402_113),
        ("Lettre d’engagement et désignation de l’élu référent", "lettre-engagement.pdf", 188_400),
        ("Plan de situation", "plan de situation (1).pdf", 1_912_000),
        ("Périmètre du projet", "perimetre.geojson", 12_800),
        ("Photographies du site (5 vues)", "photos-allee.pdf", 5_130_000),
    ]
    pieces = [
        {"label": label, "filename": name, "size": size, "sha256": f"{i + 1:x}a5f09c7" * 8, "attached": i == 0}
        for i, (label, name, size) in enumerate(labels)
    ]
    return {
        "document": document("AD-TPS-2027-0012-1", "Accusé de dépôt", "2027-03-29T18:07:31.250000+02:00"),
        "institution": deepcopy(INSTITUTION),
        "call": {**CALL, "closes_at": "2027-03-31T23:59:59+02:00"},
        "application": {
            "number": "TPS-2027-0012",
            "deposited_at": "2027-03-29T18:07:31.250000+02:00",
            "version": 1,
            "project_title": "Une allée ombragée de l’école au cimetière",
            "deposited_by": "Le Maire de Saint-Gilles-de-la-Neuville, représentant légal, après confirmation par lien personnel",
            "rules_version": "Version 1 du 15 janvier 2027",
            "lead": {"name": "Commune de Saint-Gilles-de-la-Neuville", "siren": "217605864"},
            "co_applicants": ["Commune des Trois-Pierres", "commune de Gommerville"],
            "co_applicants_label": "co-candidates",
        },
        "pieces": pieces,
        "promised": [
            {"label": "Délibération du conseil municipal des Trois-Pierres", "due_at": "2027-05-15T23:59:59+02:00"}
        ],
        "calendar": [
            {"label": "Examen de la recevabilité, demande éventuelle de compléments", "when": "au plus tard le 20 avril 2027"},
            {"label": "Séance du jury", "when": "mercredi 5 mai 2027"},
            {"label": "Décision du bureau communautaire", "when": "jeudi 27 mai 2027"},
            {"label": "Notification à toutes les communes candidates", "when": "à compter du 1er juin 2027"},
        ],
        "contact": CONTACT,
        "public_notice": "",
        "data_notice": DATA_NOTICE,
    }


FILES = [
    ("0012", "Saint-Gilles-de-la-Neuville, Les Trois-Pierres, Gommerville", "Saint-Gilles-de-la-Neuville et al.", "selected"),
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


def _vote(number: str, applicant: str, at: str | None, counts: tuple[int, ...], opinion: str, mark: str) -> dict[str, Any]:
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
            {"file": "0005, Épouville", "member": "Le Maire d’Épouville", "reason": "Représentant légal de la commune candidate", "left_at": "10:47", "back_at": "11:11"},
            {"file": "0009, Manéglise", "member": "Le Vice-Président chargé de l’aménagement", "reason": "Membre du conseil municipal de la commune candidate ; le pouvoir qu’il porte est sans effet", "left_at": "14:00", "back_at": "14:21"},
            {"file": "0010, Turretot", "member": "Le représentant de l’agence d’urbanisme", "reason": "Étude en cours de l’agence pour la commune", "left_at": "14:22", "back_at": "14:45"},
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
        "scores": [_score_row(number, short, group) for number, _, short, group in FILES],
        "scores_note": "Bonus : 10 points aux communes de moins de 5 000 habitants (population municipale 2023, Insee). "
        "† Note éliminatoire : moins de 8 points au critère C1.",
        "threshold": "50",
        "scale": "100",
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


def _letter(number: str, commune_lines: list[str], salutation: str, enclosures: list[str]) -> dict[str, Any]:
    institution = {**deepcopy(INSTITUTION), "service_lines": ["Le Président", "Direction Résilience des territoires", "Service Santé"]}
    return {
        "document": document(f"NOT-{number}", "Lettre de notification", "2027-06-01T10:00:00+02:00"),
        "institution": institution,
        "call": deepcopy(CALL),
        "letter": {
            "handled_by": "Service Santé",
            "phone": "02 35 00 00 00",
            "email": "ami-sante@lehavre.exemple.fr",
            "application_number": number,
            "enclosures": enclosures,
            "address_lines": [salutation, *commune_lines],
            "place_and_date": "Le Havre, le 1er juin 2027",
            "salutation": salutation,
            "signature_lines": ["Pour le Président et par délégation,", "la Vice-Présidente chargée de la santé"],
            "signatory_name": "",
            "copies": ["Monsieur le Sous-Préfet du Havre"],
        },
        "decision": {
            "act": "délibération n° BU-2027-131 du 27 mai 2027",
            "body": "le bureau communautaire",
            "jury_on": "2027-05-05",
        },
        "recourse": {
            "authority_address": "Monsieur le Président de la communauté urbaine, 1, place de l’Exemple, 76600 Le Havre",
            "court": "tribunal administratif de Rouen",
            "court_address": "53, avenue Gustave-Flaubert, 76000 Rouen",
            "inhabitants_word": "moins de",
            "electronic": False,
            "overseas": False,
            "counsel_version": "2027-01",
        },
    }


def notice_selected() -> dict[str, Any]:
    snapshot = _letter(
        "TPS-2027-0012",
        ["MAIRIE DE SAINT-GILLES-DE-LA-NEUVILLE", "76430 SAINT-GILLES-DE-LA-NEUVILLE"],
        "Monsieur le Maire",
        ["projet de convention", "délibération"],
    )
    return {
        **snapshot,
        "project_title": "Une allée ombragée de l’école au cimetière",
        "co_applicants_text": " avec les communes des Trois-Pierres et de Gommerville",
        "rank_sentence": "Elle est classée première sur dix, avec 91,30 points sur 100.",
        "reason": REASONS["0012"],
        "support": [
            "La communauté urbaine vous apportera pendant douze mois, à compter du 1er juillet 2027, une méthode, un "
            "référent, 30 jours d’expertise et une aide à la recherche de subventions. Cet accompagnement en nature ne "
            "comporte aucun versement."
        ],
        "conditions": [
            {"text": "la délibération du conseil municipal des Trois-Pierres, annoncée lors du dépôt, est transmise", "due": "2027-06-15", "otherwise": ""},
            {
                "text": "la convention jointe est signée par les quatre parties, chaque conseil municipal l’ayant autorisée",
                "due": "2027-06-30",
                "otherwise": "Passé ce délai, la place peut être proposée à la première commune de la liste complémentaire.",
            },
        ],
        "kickoff": "La réunion de lancement vous est proposée le jeudi 8 juillet 2027 à 14 h 30, en mairie de Saint-Gilles-de-la-Neuville.",
        "embargo_on": "2027-06-03",
    }


def notice_reserve() -> dict[str, Any]:
    snapshot = _letter("TPS-2027-0005", ["MAIRIE D’ÉPOUVILLE", "76133 ÉPOUVILLE"], "Madame le Maire", ["délibération"])
    return {
        **snapshot,
        "rank": 1,
        "reserve_size": 3,
        "reason": REASONS["0005"],
        "score": "77.90",
        "threshold": "50",
        "last_selected_score": "81.30",
        "scale": "100",
        "answer_days": 15,
        "valid_until": "2027-12-31",
        "confirm_by": "2027-06-15",
        "sign_by": "2027-06-30",
        "offers": ["Le Service Santé vous présentera volontiers l’analyse de votre dossier et les aides ouvertes aux projets d’espace public."],
    }


def notice_not_selected() -> dict[str, Any]:
    snapshot = _letter("TPS-2027-0002", ["MAIRIE DE MONTIVILLIERS", "76290 MONTIVILLIERS"], "Monsieur le Maire", ["délibération"])
    snapshot["recourse"] |= {"inhabitants_word": "au moins", "electronic": True}
    *scores, _, total, _ = SCORES["0002"]
    rows = [
        {"label": criterion["label"].capitalize(), "score": score, "maximum": criterion["maximum"]}
        for criterion, score in zip(CRITERIA, scores, strict=True)
    ]
    return {
        **snapshot,
        "reasons": ["Le besoin d’ingénierie est moindre au regard des services dont dispose la commune (5,20 sur 15)."],
        "standing": "Avec 65,00 points, votre dossier vient après les sept dossiers classés : le quatrième et dernier retenu "
        "a obtenu 81,30, le dernier de la liste complémentaire 73,30.",
        "offers": [
            "Le jury a souligné la qualité du volet consacré à la santé et à l’accessibilité (18,10 sur 25). Le Service "
            "Santé vous propose un entretien d’une heure avant le 15 juillet 2027 pour étudier d’autres soutiens. Votre "
            "dossier reste disponible et pourra servir à une prochaine édition."
        ],
        "scores": [*rows, {"label": "Bonus (communes de moins de 5 000 habitants)", "score": None, "maximum": 10}],
        "total": total,
        "scale": "100",
    }


def notice_inadmissible() -> dict[str, Any]:
    snapshot = _letter("TPS-2027-0008", ["MAIRIE DE FONGUEUSEMARE", "76280 FONGUEUSEMARE"], "Madame le Maire", [])
    snapshot["decision"] |= {"act": "décision n° DEC-2027-44 du 22 avril 2027", "body": "la communauté urbaine"}
    return {
        **snapshot,
        "reasons": ["Les travaux ont commencé avant le dépôt (article 4.5 du règlement)."],
        "offers": ["Le Service Santé reste à votre disposition pour préparer un autre projet avec vous."],
    }


def agreement() -> dict[str, Any]:
    return {
        "document": document("CONV-TPS-2027-01", "Convention d’accompagnement", "2027-06-01T09:00:00+02:00"),
        "institution": deepcopy(INSTITUTION),
        "call": deepcopy(CALL),
        "agreement": {
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
                "text": "l’Agence régionale de santé de Normandie, représentée par son Directeur général, signataire du contrat local de santé",
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
        ("de Saint-Gilles-de-la-Neuville", "la commune chef de file", "217605864", "76430 Saint-Gilles-de-la-Neuville", "2027-11 du 18 mars 2027"),
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
            ["4", "Programme, chiffrage, cahier des charges", "février à avril 2028", "Cahier des charges de maîtrise d’œuvre"],
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
        {"number": i, "title": title, "paragraphs": paragraphs, "points": points, "table": table}
        for i, (title, paragraphs, points, table) in enumerate(texts, start=1)
    ]


def rules() -> dict[str, Any]:
    return {
        "document": document("REG-TPS-2027", "Règlement de l’appel", "2027-01-15T09:00:00+01:00"),
        "institution": deepcopy(INSTITUTION),
        "call": {
            **CALL,
            "code_prefix": "TPS-2027",
            "summary": "La communauté urbaine accompagne pendant un an des communes qui veulent aménager un espace public favorable à la santé, à la nature et à la rencontre.",
            "version": "Version 1 du 15 janvier 2027",
            "approved_by": "approuvée par la délibération du bureau communautaire n° BU-2026-240 du 10 décembre 2026",
            "closes_at": "2027-03-31T23:59:59+02:00",
        },
        "texts": [
            {"title": "Contexte", "paragraphs": ["L’appel met en œuvre le contrat local de santé 2025-2029, signé avec l’Agence régionale de santé et ses partenaires."]},
            {"title": "Objectifs", "paragraphs": ["Faire émerger des projets d’espace public qui donnent à chacun, quel que soit son âge, l’envie et la possibilité de bouger, de se rencontrer et de profiter de la nature."]},
            {"title": "Accompagnement proposé", "paragraphs": ["Une méthode, un référent, des jours d’expertise et une aide à la recherche de subventions, pendant douze mois. L’appel ne verse aucune somme."]},
        ],
        "calendar": [
            {"label": "Publication", "when": "vendredi 15 janvier 2027"},
            {"label": "Questions", "when": "jusqu’au lundi 1er mars 2027 à 23 h 59"},
            {"label": "Clôture des dépôts", "when": "mercredi 31 mars 2027 à 23 h 59 min 59 s"},
            {"label": "Séance du jury", "when": "mercredi 5 mai 2027"},
        ],
        "eligibility_intro": "Chaque règle est vérifiée à partir des données officielles ou des réponses du dossier ; le résultat est motivé.",
        "eligibility": [
            {"code": "R1", "label": "Commune membre", "sentence": "La commune appartient à la communauté urbaine Le Havre Seine Métropole.", "effect": "Bloquante"},
            {"code": "R2", "label": "Commune de moins de 5 000 habitants", "sentence": "Population municipale 2023, Insee ; 10 points de bonus.", "effect": "Priorité"},
            {"code": "R3", "label": "Espace public communal", "sentence": "Le projet porte sur un espace dont la commune est propriétaire.", "effect": "Bloquante"},
        ],
        "pieces": [
            {"label": "Délibération du conseil municipal", "status": "Oui, ou annoncée pour le 15 mai 2027", "formats": "PDF", "hint": "Ou décision du maire, s’il a délégation."},
            {"label": "Plan de situation", "status": "Oui", "formats": "PDF, JPEG, PNG", "hint": ""},
            {"label": "Photographies", "status": "Oui, de 3 à 10", "formats": "PDF, JPEG, PNG", "hint": ""},
            {"label": "Études existantes", "status": "Facultatif", "formats": "PDF", "hint": ""},
        ],
        "undertakings": ["Participer à cinq réunions.", "Répondre à l’évaluation.", "Contribuer au retour d’expérience."],
        "criteria": [
            {"code": row["code"], "label": row["label"].capitalize(), "description": "", "points": row["maximum"], "knockout": 8 if row["code"] == "C1" else None}
            for row in CRITERIA
        ],
        "grid_notes": ["Les communes de moins de 5 000 habitants reçoivent 10 points de bonus, dans la limite de 100. Seuil : 50 points. Quatre candidatures au plus sont retenues ; trois forment la liste complémentaire."],
        "scale": 100,
        "jury": {
            "paragraphs": ["Le jury délibère si cinq membres à voix délibérative sont présents. En cas de partage, la voix de la présidence est prépondérante. Un membre lié à une candidature se déporte."],
            "seats": [
                {"label": "Vice-présidence chargée de la santé", "college": "Élus communautaires", "voice": "Délibérative, présidence"},
                {"label": "Agence régionale de santé", "college": "Partenaires", "voice": "Délibérative"},
                {"label": "CAUE de la Seine-Maritime", "college": "Experts", "voice": "Consultative"},
            ],
        },
        "contact": CONTACT,
        "data_notice": DATA_NOTICE,
    }  # fmt: skip


def questions() -> dict[str, Any]:
    def question(label: str, kind: str, **more: Any) -> dict[str, Any]:
        return {"label": label, "kind": kind, "required": True, "hint": "", "limit": "", "options": [], "condition": "", **more}

    return {
        "document": document("QUE-TPS-2027", "Questions de l’appel", "2027-01-15T09:00:00+01:00"),
        "institution": deepcopy(INSTITUTION),
        "call": {**CALL, "closes_at": "2027-03-31T23:59:59+02:00"},
        "intro": "Vous pouvez préparer vos réponses à plusieurs, puis les recopier en ligne. Ce qui est déjà connu de votre commune (population, intercommunalité) sera rempli pour vous.",
        "sections": [
            {
                "number": 1,
                "title": "Le site",
                "intro": "Décrivez le lieu tel qu’il est aujourd’hui.",
                "questions": [
                    question("Où se trouve le site ?", "Texte court", limit="200 caractères", hint="Adresse ou lieu-dit, tel que les habitants le nomment."),
                    question("Quelle est sa surface ?", "Nombre, en m²", hint="Une estimation suffit."),
                    question("Qui le fréquente ?", "Plusieurs choix", options=["Enfants", "Familles", "Personnes âgées", "Sportifs"]),
                ],
            },
            {
                "number": 2,
                "title": "Pourquoi ce projet",
                "intro": "",
                "questions": [
                    question("Quels besoins avez-vous observés ?", "Texte long", limit="3 000 caractères"),
                    question("Des accidents ont-ils eu lieu ?", "Texte long", required=False, condition="si le site borde une route"),
                ],
            },
        ],
        "pieces": [{"label": "Délibération du conseil municipal", "status": "Oui, ou annoncée"}, {"label": "Plan de situation", "status": "Oui"}],
    }  # fmt: skip


EXAMPLES = {
    "pdf/applications/receipt.html": receipt,
    "pdf/juries/minutes.html": minutes,
    "pdf/applications/notice_selected.html": notice_selected,
    "pdf/applications/notice_reserve.html": notice_reserve,
    "pdf/applications/notice_not_selected.html": notice_not_selected,
    "pdf/applications/notice_inadmissible.html": notice_inadmissible,
    "pdf/support/agreement.html": agreement,
    "pdf/calls/rules.html": rules,
    "pdf/calls/questions.html": questions,
}
