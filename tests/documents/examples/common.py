"""What all examples share: institution, call, contact."""

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
