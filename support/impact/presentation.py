"""What the page of a publication offers to the person who opens it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.accounts.models import User
from portal.core.workflow import possible

from . import rules, states
from .completeness import Missing
from .models import Publication, PublicationContact, PublicationTransition

HISTORY = 12
CONTACT_TITLES = [
    ("Qui porte le projet", PublicationContact.Side.PROJECT),
    ("Qui a publié cette fiche", PublicationContact.Side.PUBLISHER),
]
BLOCKED_BY_HOLES = {"publication_submit", "publication_publish"}


@dataclass(frozen=True)
class Act:
    """A button of the page. `asks`: it opens a page that asks why; `waits`: something is still to be written."""

    name: str
    label: str = ""
    asks: bool = False
    main: bool = False
    waits: bool = False


def acts_on(user: User, publication: Publication, missing: Sequence[Missing], at: datetime) -> list[Act]:
    """What is possible from the present state and allowed to this person, the main act first.

    An act that waits for what is missing is named without button; one that is not the person's is not shown.
    """
    publish = states.PUBLISH if publication.plan_id else states.PUBLISH_OWN
    offered = [
        (states.AGREE, rules.can_agree(user, publication), Act("publication_agree", main=True)),
        (states.SUBMIT, rules.can_submit(user, publication, (), at), Act("publication_submit", main=True)),
        (publish, rules.can_publish(user, publication, (), at), Act("publication_publish", main=True)),
        (states.RETURN, rules.can_return(user, publication, at), Act("publication_return", asks=True)),
        (states.REVISE, rules.can_revise(user, publication, at), Act("publication_revise")),
        (states.WITHDRAW, rules.can_withdraw(user, publication, at), Act("publication_withdraw", asks=True)),
    ]
    return [
        replace(act, label=transition.label, waits=act.name in BLOCKED_BY_HOLES and bool(missing))
        for transition, answer, act in offered
        if possible(transition, publication.state) and answer
    ]


def shown(content: Mapping[str, Any]) -> dict[str, Any]:
    """The words of a text, and which lists of contacts it holds: whom the project names, whom the publisher names."""
    return {**content, "sides": {contact["side"] for contact in content["contacts"]}}


def history_of(publication: Publication) -> list[tuple[PublicationTransition, str]]:
    """The last acts, the latest first, each with what was done, in French."""
    rows = publication.transitions.select_related("by").order_by("-happened_at", "-pk")[:HISTORY]
    return [(row, states.TRANSITIONS[row.transition].label) for row in rows]
