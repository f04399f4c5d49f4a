"""How an applicant is called in a sentence: a commune, or another organisation."""

from portal.accounts.models import Organisation


def this(organisation: Organisation) -> str:
    return "cette commune" if organisation.commune_id else "cet organisme"


def yours(organisation: Organisation) -> str:
    return "Votre commune" if organisation.commune_id else "Votre organisme"
