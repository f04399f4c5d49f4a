"""What the codes of a call are called on screen. Pure."""

from collections.abc import Mapping

APPLICANT_KINDS: Mapping[str, str] = {
    "commune": "Communes",
    "intercommunality": "Intercommunalités",
    "department": "Départements",
    "region": "Régions",
    "state": "Services de l’État",
    "operator": "Opérateurs et établissements publics",
    "other": "Autres candidats",
}
PARTNER_ROLES: Mapping[str, str] = {
    "co_pilot": "Copilote",
    "funder": "Financeur",
    "technical": "Partenaire technique",
    "local_lead": "Relais local",
    "opinion": "Donne un avis",
    "signatory": "Signataire",
}
SUPPORT_KINDS: Mapping[str, str] = {
    "method": "méthode",
    "engineering": "ingénierie",
    "funding_search": "recherche de financements",
    "project_manager": "poste de chef de projet",
    "team": "équipe dédiée",
    "study_grant": "aide aux études",
    "works_grant": "aide aux travaux",
    "label": "label",
    "network": "réseau de communes",
}
INDICATOR_KINDS: Mapping[str, str] = {
    "work": "Ce qui est fait",
    "result": "Ce qui en résulte",
    "impact": "Ce qui change",
}
# Where a call stands, as the address of the list says it: code of `queries_public.with_phase`, word of the filter.
PHASES: Mapping[str, tuple[str, str]] = {
    "ouvert": ("application", "Ouverts"),
    "a-venir": ("call", "À venir"),
    "instruction": ("examination", "En instruction"),
    "jury": ("jury", "Jury en cours"),
    "convention": ("agreement", "Conventions en signature"),
    "accompagnement": ("support", "En accompagnement"),
    "termine": ("impact", "Terminés"),
    "suspendu": ("suspended", "Suspendus"),
    "sans-suite": ("cancelled", "Classés sans suite"),
    "archive": ("archived", "Archivés"),
}
