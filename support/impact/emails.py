"""Mails about a publication."""

from datetime import datetime

from django.urls import reverse

from applications.queries.staff import recipients_by_file
from calls.queries import sender_of, staff_of
from portal.core.mailing import Action, compose
from portal.core.outbox import Mail

from .models import Publication, PublicationTransition


def to_commune(publication: Publication, template: str, log: PublicationTransition) -> list[Mail]:
    """To the people of the project's communes."""
    application = publication.plan.application
    addresses = recipients_by_file([application.pk]).get(application.pk, ())
    if template == "publication_published":
        action = Action("Lire la publication", reverse("publication", args=[publication.slug]))
    else:
        action = Action("Lire et donner l’accord", reverse("publication_draft", args=[publication.uuid]))
    return [written(publication, template, log, address, action) for address in sorted(set(addresses))]


def to_team(publication: Publication, template: str, log: PublicationTransition, at: datetime) -> list[Mail]:
    """To the managers of the call and to the adviser of the project."""
    plan = publication.plan
    people = {user.email for user in staff_of(plan.application.call, at, "manager")}
    people |= {plan.adviser.email} if plan.adviser else set()
    action = Action("Ouvrir le texte", reverse("publication_draft", args=[publication.uuid]))
    return [written(publication, template, log, address, action) for address in sorted(people)]


def written(publication: Publication, template: str, log: PublicationTransition, address: str, action: Action) -> Mail:
    application = publication.plan.application
    return compose(
        f"support/{template}",
        kind=f"support.{template}",
        object_key=f"publication:{publication.uuid}",
        period=str(log.pk),
        recipient=address,
        sender=sender_of(application.call),
        context={"publication": publication, "application": application, "reason": log.reason},
        action=action,
    )
