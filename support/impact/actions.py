"""What publications await: the agreement of the commune, then the publication."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from calls.queries import within_scope
from portal.accounts.models import User
from portal.core.ui import Action

from . import states
from .models import Publication
from .queries import CALL, COMMUNE, of_communes

LIMIT = 20


def actions_for(user: User, at: datetime) -> list[Action]:
    return [*to_agree(user), *to_publish(user, at)]


def to_agree(user: User) -> list[Action]:
    """Texts that the person's commune has to read again."""
    rows = of_communes(user).filter(state=states.COMMUNE).distinct().order_by("pk")[:LIMIT]
    return [
        Action(
            title=f"Relire « {row.title} »",
            url=reverse("publication_draft", args=[row.uuid]),
            verb="Relire",
            consequence="Le retour d’expérience de votre projet attend l’accord de la commune.",
            holds_up="Rien n’est public avant cet accord.",
        )
        for row in rows
    ]


def to_publish(user: User, at: datetime) -> list[Action]:
    """Texts that the commune has agreed to."""
    mine: Q = within_scope(user, at, "manager", call=CALL, commune=COMMUNE)
    rows = Publication.objects.filter(mine, state=states.OWNER).select_related("plan__application__lead")
    return [
        Action(
            title=f"Publier « {row.title} »",
            url=reverse("publication_draft", args=[row.uuid]),
            verb="Ouvrir",
            consequence=f"{row.plan.application.lead} a donné son accord." if row.plan else "",
        )
        for row in rows.order_by("pk")[:LIMIT]
    ]
