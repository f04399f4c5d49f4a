"""How an applicant is called in a sentence: a commune, or another organisation."""

from typing import Any

from portal.accounts.models import Organisation


def this(organisation: Organisation) -> str:
    return "cette commune" if organisation.commune_id else "cet organisme"


def yours(organisation: Organisation) -> str:
    return "Votre commune" if organisation.commune_id else "Votre organisme"


def object_key(application: Any) -> str:
    """How mails, jobs and reminders name a file."""
    return f"application:{application.uuid}"
