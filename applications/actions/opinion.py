"""What is awaited from a person of another service: the opinions asked of them, by date."""

from datetime import datetime

from django.urls import reverse

from portal.accounts.models import User
from portal.core.typography import format_date
from portal.core.ui import Action

from .. import states
from ..emails.files import of_applicant
from ..queries.opinion import opinions_asked_of
from ..rules.opinion import ASKABLE

LIMIT = 20


def actions_for(user: User, at: datetime) -> list[Action]:
    """One row for each opinion to give; late ones stay."""
    waiting = opinions_asked_of(user).filter(state=states.OPINION_ASKED, application__state__in=ASKABLE)
    return [
        Action(
            title=f"Rendre un avis sur la candidature {of_applicant(opinion.application)}",
            url=reverse("opinion", args=[opinion.uuid]),
            verb="Lire et répondre",
            due=opinion.due_at,
            consequence=f"Demandé le {format_date(opinion.asked_at)} par {opinion.asked_by}.",
            holds_up="L’instruction attend votre avis.",
        )
        for opinion in waiting[:LIMIT]
    ]
